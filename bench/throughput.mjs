// node bench/throughput.mjs [directory…]: the time and memory that all shell scripts of this machine take, here and in shellcheck, on the same files
// and on one core each (taskset, where there is one).
import { spawnSync } from 'node:child_process'
import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  readdirSync,
  realpathSync,
  rmSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const bin = path.resolve(import.meta.dirname, '../bin/shiplint.cjs')
const roots = process.argv.length > 2 ? process.argv.slice(2) : ['/usr', '/etc', '/var/lib/dpkg/info']
const project = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'shiplint-bench-')))
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
const pinned = spawnSync('taskset', ['--version']).status === 0 ? ['taskset', '-c', '0'] : []

function* scripts(directory) {
  let entries
  try {
    entries = readdirSync(directory, { withFileTypes: true })
  } catch {
    return
  }
  for (const entry of entries) {
    const file = path.join(directory, entry.name)
    if (entry.isDirectory() && entry.name !== 'node_modules') yield* scripts(file)
    else if (entry.isFile() && isShell(file)) yield file
  }
}

function isShell(file) {
  let descriptor
  try {
    descriptor = openSync(file, 'r')
    const bytes = Buffer.alloc(128)
    const head = bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, 128, 0))
    return /^#!\s*\S*\/(env\s+)?(ba|da)?sh\b/.test(head)
  } catch {
    return false
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

const files = roots.flatMap((root) => [...scripts(root)])
for (const file of files) {
  const to = path.join(project, file)
  mkdirSync(path.dirname(to), { recursive: true })
  cpSync(file, to)
}

// GNU time tells CPU seconds and the largest memory; without it only the clock is told.
const timed = spawnSync('/usr/bin/time', ['--version']).status === 0

function measure(name, command) {
  const started = process.hrtime.bigint()
  const all = [...(timed ? ['/usr/bin/time', '-f', '%U %S %M'] : []), ...pinned, ...command]
  const done = spawnSync(all[0], all.slice(1), {
    cwd: project,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const seconds = Number(process.hrtime.bigint() - started) / 1e9
  const [user, system, memory] = timed ? done.stderr.trim().split('\n').at(-1).split(' ').map(Number) : []
  console.log(
    `${name.padEnd(12)} ${seconds.toFixed(1)} s by the clock${timed ? `, ${(user + system).toFixed(1)} s of CPU, ${(memory / 1024).toFixed(0)} MB` : ''}`,
  )
  return timed ? user + system : seconds
}

console.log(`${files.length} shell scripts`)
const own = measure('shiplint', [process.execPath, bin, '--no-config', '--fail-on', 'never', '--format', 'json', '.'])
if (spawnSync('shellcheck', ['--version']).status === 0) {
  const theirs = measure('shellcheck', ['shellcheck', '--format', 'gcc', ...files.map((file) => `.${file}`)])
  console.log(`shiplint is ${(theirs / own).toFixed(1)} × faster`)
} else console.log('shellcheck is not installed: nothing to compare with')
rmSync(project, { recursive: true })
