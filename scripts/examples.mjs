// npm start: lints the example repositories under fixtures/, each as it was when it took its site down and as it was mended.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const bin = path.join(root, 'bin/shiplint.cjs')
const color = process.stdout.isTTY && !process.env.NO_COLOR
const bold = (text) => (color ? `\u001b[1m${text}\u001b[0m` : text)
const width = Math.min(process.stdout.columns ?? 100, 100)

function shiplint(...args) {
  const env = { ...process.env, COLUMNS: String(width) }
  const done = spawnSync(process.execPath, [bin, ...args, '--color', color ? 'always' : 'never'], {
    cwd: root,
    encoding: 'utf8',
    env,
  })
  if (done.status !== 0 && done.status !== 1) {
    process.stderr.write(done.stderr)
    process.exit(1)
  }
  return done.stdout
}

function counted(directory) {
  const { diagnostics } = JSON.parse(shiplint('--fail-on', 'never', '--format', 'json', directory))
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
  console.log(`${bold(`$ shiplint ${folder}/broken`)}\n`)
  console.log(shiplint('--fail-on', 'never', `${folder}/broken`))
  const plan = shiplint('plan', `${folder}/broken`)
  if (plan.trim() !== '')
    console.log(`${bold(`$ shiplint plan ${folder}/broken`)}    # the release as it was read\n\n${plan}`)
  console.log(`${bold(`$ shiplint ${folder}/mended`)}\n`)
  console.log(shiplint('--fail-on', 'never', `${folder}/mended`))
  summary.push([name, counted(`${folder}/broken`), counted(`${folder}/mended`)])
}

console.log('═'.repeat(width))
const longest = Math.max(...summary.map(([name]) => name.length))
for (const [name, broken, mended] of summary)
  console.log(`${name.padEnd(longest)}  broken: ${String(broken).padStart(2)} errors and warnings   mended: ${mended}`)
console.log(`
Lint your own repository:  npx shiplint            (from this checkout: node ${path.relative(process.cwd(), bin)} path/to/repository)
What a rule is about:      npx shiplint explain delete-of-empty-path`)
