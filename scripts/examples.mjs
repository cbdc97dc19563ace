// npm start: lints the example repositories under fixtures/, each as it was when it took its site down and as it was mended.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const bin = path.join(root, 'bin/shiplint.cjs')
const color = process.stdout.isTTY && !process.env.NO_COLOR
const bold = (text) => (color ? `\u001b[1m${text}\u001b[0m` : text)
const width = Math.min(process.stdout.columns ?? 100, 100)

function shiplint(cwd, ...args) {
  const env = { ...process.env, COLUMNS: String(width) }
  const done = spawnSync(process.execPath, [bin, ...args, '--color', color ? 'always' : 'never'], {
    cwd,
    encoding: 'utf8',
    env,
  })
  if (done.status !== 0 && done.status !== 1) {
    process.stderr.write(done.stderr)
    process.exit(1)
  }
  return done.stdout
}

function counted(cwd, release) {
  const { diagnostics } = JSON.parse(shiplint(cwd, '--fail-on', 'never', '--format', 'json', release))
  return diagnostics.filter((one) => !one.suppressed && one.severity !== 'info').length
}

console.log(`${bold('Shiplint reads a repository and says, before the release, what would take the site down.')}

It knows what shell commands do when a variable is empty, which files a server really sends to PHP, and in what order a
release happens. Below are five outages that were written about in public, each rebuilt as a small repository: first as it
was, then as it was mended. Nothing of them is run; they are only read.
`)

const summary = []
for (const name of readdirSync(path.join(root, 'fixtures')).sort()) {
  const folder = path.join('fixtures', name)
  const readme = path.join(root, folder, 'README.md')
  if (!existsSync(readme) || !/^f\d/.test(name)) continue
  const [title, ...story] = readFileSync(readme, 'utf8').trim().split('\n')
  console.log(`${'═'.repeat(width)}\n${bold(title.replace(/^# /, ''))}\n${story.join('\n')}\n`)
  const cwd = path.join(root, folder)
  console.log(`${bold(`${folder}$ shiplint broken`)}\n`)
  console.log(shiplint(cwd, '--fail-on', 'never', 'broken'))
  console.log(`${bold(`${folder}$ shiplint plan broken`)}    # the release as it was read\n`)
  console.log(shiplint(cwd, 'plan', 'broken'))
  console.log(`${bold(`${folder}$ shiplint mended`)}\n`)
  console.log(shiplint(cwd, '--fail-on', 'never', 'mended'))
  summary.push([name, counted(cwd, 'broken'), counted(cwd, 'mended')])
}

console.log('═'.repeat(width))
const longest = Math.max(...summary.map(([name]) => name.length))
for (const [name, broken, mended] of summary)
  console.log(`${name.padEnd(longest)}  broken: ${String(broken).padStart(2)} errors and warnings   mended: ${mended}`)
console.log(`
Lint your own repository:  npx shiplint            (from this checkout: node ${path.relative(process.cwd(), bin)} path/to/repository)
What a rule is about:      npx shiplint explain delete-of-empty-path`)
