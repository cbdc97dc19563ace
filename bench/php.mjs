// node bench/php.mjs directory…: the time and memory that the PHP files below take with the two rules about databases, on one core (taskset, where there is one).
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'

const bin = path.resolve(import.meta.dirname, '../bin/shiplint.cjs')
const roots = process.argv.length > 2 ? process.argv.slice(2) : ['/usr/share/php']
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
const pinned = spawnSync('taskset', ['--version']).status === 0 ? ['taskset', '-c', '0'] : []
const timed = spawnSync('/usr/bin/time', ['--version']).status === 0 ? ['/usr/bin/time', '-f', '%U %S %M'] : []

function* phpBelow(directory) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.name === '.git' || entry.name === 'node_modules' || entry.name === 'vendor') continue
    const file = path.join(directory, entry.name)
    if (entry.isDirectory()) yield* phpBelow(file)
    else if (entry.isFile() && entry.name.endsWith('.php')) yield file
  }
}

let [allFiles, allBytes, allSeconds, worst] = [0, 0, 0, 0]
for (const root of roots) {
  const files = [...phpBelow(root)]
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0)
  const args = [bin, '--format', 'json', '--no-config', '--fail-on', 'never']
  const rules = ['--only', 'boolean-bind-on-mysql', '--only', 'unchecked-statement', '.']
  const command = [...pinned, ...timed, process.execPath, ...args, ...rules]
  const began = performance.now()
  const ran = spawnSync(command[0], command.slice(1), { cwd: root, env, encoding: 'utf8', maxBuffer: 1 << 29 })
  const wall = (performance.now() - began) / 1000
  const [user, system, kilobytes] = (/([\d.]+) ([\d.]+) (\d+)\s*$/.exec(ran.stderr) ?? []).slice(1).map(Number)
  const seconds = user === undefined ? wall : user + system
  const found = JSON.parse(ran.stdout).diagnostics.length
  console.log(
    `${path.basename(root)}: ${files.length} files, ${(bytes / 1e6).toFixed(1)} MB, ${seconds.toFixed(2)} s of CPU (${wall.toFixed(2)} s by the clock), ${(bytes / 1e6 / seconds).toFixed(1)} MB/s, ${kilobytes ? Math.round(kilobytes / 1024) : '?'} MB of memory, ${found} findings`,
  )
  allFiles += files.length
  allBytes += bytes
  allSeconds += seconds
  worst = Math.max(worst, kilobytes ?? 0)
}
console.log(
  `in all ${allFiles} files, ${(allBytes / 1e6).toFixed(1)} MB, ${(allBytes / 1e6 / allSeconds).toFixed(1)} MB/s of CPU, at most ${Math.round(worst / 1024)} MB of memory`,
)
