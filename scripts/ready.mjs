// npm run ready: what CI runs. Every step is run, so that one look shows all that is left to do.
import { spawnSync } from 'node:child_process'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const tool = (name) => path.join(root, 'node_modules/.bin', name)
const node = process.execPath
const steps = [
  ['build', node, ['scripts/build.mjs']],
  ['generated files are current', node, ['scripts/generate.mjs', '--check']],
  ['format', tool('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['types', node, ['node_modules/@typescript/native/bin/tsc', '--noEmit']],
  ['lint', tool('eslint'), ['.']],
  ['unused code and packages', tool('knip'), []],
  // It may ignore exactly the examples of what is wrong: see shiplint.config.json.
  ['shiplint on itself', node, ['bin/shiplint.cjs', '--fail-on', 'info']],
  ['tests', tool('vitest'), ['run']],
]

const failed = []
for (const [name, command, args] of steps) {
  const started = Date.now()
  const done = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  console.log(`${done.status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
  if (done.status === 0) continue
  failed.push(name)
  console.log(
    (done.stdout + done.stderr)
      .trim()
      .split('\n')
      .slice(-60)
      .map((line) => `       ${line}`)
      .join('\n'),
  )
}
console.log(failed.length === 0 ? 'ready' : `not ready: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
