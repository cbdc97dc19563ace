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

function foundIn(cwd, release) {
  const { diagnostics } = JSON.parse(shiplint(cwd, '--fail-on', 'never', '--format', 'json', release))
  return diagnostics.filter((one) => !one.suppressed && one.severity !== 'info')
}

const folders = (pattern) =>
  readdirSync(path.join(root, 'fixtures'))
    .filter((name) => pattern.test(name) && existsSync(path.join(root, 'fixtures', name, 'README.md')))
    .sort()

function told(name) {
  const [title, ...story] = readFileSync(path.join(root, 'fixtures', name, 'README.md'), 'utf8')
    .trim()
    .split('\n')
  return { title: title.replace(/^# /, ''), story }
}

/** Words in lines of the terminal's width, each line with a margin. */
function wrapped(words, margin) {
  const lines = []
  for (const word of words) {
    if (lines.length > 0 && `${lines.at(-1)} ${word}`.length <= width - margin) lines.push(`${lines.pop()} ${word}`)
    else lines.push(word)
  }
  return lines.map((line) => ' '.repeat(margin) + line).join('\n')
}

console.log(`${bold('Shiplint reads a repository and says, before the release, what would take the site down.')}

It knows what shell commands do when a variable is empty, which files a server really sends to PHP, and in what order a
release happens. Below are five outages that were written about in public, each rebuilt as a small repository: first as it
was, then as it was mended. Nothing of them is run; they are only read.
`)

for (const name of folders(/^f\d/)) {
  const folder = path.join('fixtures', name)
  const { title, story } = told(name)
  console.log(`${'═'.repeat(width)}\n${bold(title)}\n${story.join('\n')}\n`)
  const cwd = path.join(root, folder)
  console.log(`${bold(`${folder}$ shiplint broken`)}\n`)
  console.log(shiplint(cwd, '--fail-on', 'never', 'broken'))
  console.log(`${bold(`${folder}$ shiplint plan broken`)}    # the release as it was read\n`)
  console.log(shiplint(cwd, 'plan', 'broken'))
  console.log(`${bold(`${folder}$ shiplint mended`)}\n`)
  console.log(shiplint(cwd, '--fail-on', 'never', 'mended'))
}

console.log(`${'═'.repeat(width)}
${bold('All examples, as they were and as they were mended')}

The five above, and seven repositories of one release tool each: errors and warnings, and the rules that speak.
`)
for (const name of [...folders(/^f\d/), ...folders(/^s\d/)]) {
  const cwd = path.join(root, 'fixtures', name)
  const [broken, mended] = [foundIn(cwd, 'broken'), foundIn(cwd, 'mended')]
  console.log(`${bold(`fixtures/${name}`)}  ${told(name).title}`)
  console.log(`  broken: ${broken.length}   mended: ${mended.length}`)
  console.log(`${wrapped([...new Set(broken.map((one) => one.rule))].sort(), 4)}\n`)
}
console.log(`Lint your own repository:  npx shiplint            (from this checkout: node ${path.relative(process.cwd(), bin)} path/to/repository)
What a rule is about:      npx shiplint explain delete-of-empty-path`)
