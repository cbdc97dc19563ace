// Bundles a program of test/dataflow and runs it: Node 20 does not run TypeScript. `dataflow.mjs [faults] …options`
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'

const root = path.resolve(import.meta.dirname, '..')
const [first, ...rest] = process.argv.slice(2)
const program = first === 'faults' ? 'faults' : 'run'
const args = first === 'faults' ? rest : process.argv.slice(2)
const out = path.join(root, 'node_modules/.cache', `dataflow-${process.pid}.mjs`)
mkdirSync(path.dirname(out), { recursive: true })
await build({
  entryPoints: [path.join(root, 'test/dataflow', `${program}.ts`)],
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile: out,
  logLevel: 'error',
  external: ['esbuild'],
  // Packages written for CommonJS ask for `require`.
  banner: {
    js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
  },
})
const { status } = spawnSync(process.execPath, [out, ...args], { stdio: 'inherit', cwd: root })
rmSync(out, { force: true })
process.exitCode = status ?? 1
