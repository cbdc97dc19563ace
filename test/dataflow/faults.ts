// Seeds faults into the linter, one at a time, and looks whether generated scripts find each: node scripts/dataflow.mjs faults [--seed S] [--runs N] [--only N]
import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { rules } from '../../rules/index.ts'
import { faults, type Fault } from './faultlist.ts'
import { scriptOf, scripts } from './generate/generate.ts'
import { judgeAll, saidOf, type Said, type Script } from './prove.ts'
import { sandboxed } from './sandbox.ts'

type Say = (text: string, beside: Script['inputs']['beside']) => readonly Said[]

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '11' },
    runs: { type: 'string', default: '4000' },
    only: { type: 'string' },
  },
})
if (!sandboxed) {
  console.error('dataflow: bubblewrap (bwrap), bash and dash are needed; nothing was run')
  process.exit(2)
}

/** The linter with a fault in it; undefined: the text that the fault changes is not there. */
async function faulty(fault: Fault, number: number): Promise<Say | undefined> {
  const file = path.resolve(fault.file)
  const text = readFileSync(file, 'utf8')
  if (text.split(fault.from).length !== 2) return undefined
  const seeded: Plugin = {
    name: 'fault',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, (asked) =>
        asked.path === file ? { contents: text.replace(fault.from, () => fault.to), loader: 'ts' } : undefined,
      )
    },
  }
  const out = path.resolve('node_modules/.cache', `fault-${process.pid}-${number}.mjs`)
  await build({
    stdin: {
      contents: `import { saidOf } from './test/dataflow/prove.ts'
import { rules } from './rules/index.ts'
export const say = (text, beside) => saidOf(text, beside, rules)`,
      resolveDir: path.resolve('.'),
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: out,
    logLevel: 'error',
    plugins: [seeded],
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
  })
  const { say } = (await import(pathToFileURL(out).href)) as { say: Say }
  rmSync(out, { force: true })
  return say
}

const all = [...scripts(Number(values.runs), Number(values.seed))].map(scriptOf)
const flags = (script: Script, said: readonly Said[]): string =>
  script.sites
    .map((site) => (said.some((one) => site.lines.some((line) => one.from <= line && line <= one.to)) ? '1' : '0'))
    .join('')
const sound = all.map((script) => flags(script, saidOf(script.text, script.inputs.beside, rules)))

/** The first script on which the faulty linter is wrong and the sound one right, as the shells tell. */
async function found(say: Say): Promise<{ readonly at: number; readonly text: string } | undefined> {
  let changed: number[] = []
  for (let at = 0; at < all.length; at++) {
    const script = all[at]!
    let now: string
    try {
      now = flags(script, say(script.text, script.inputs.beside))
    } catch {
      return { at, text: 'it throws' }
    }
    if (now !== sound[at]) changed.push(at)
    if (changed.length === 6 || (at === all.length - 1 && changed.length > 0)) {
      const judged = await judgeAll(changed.map((one) => all[one]!))
      for (const [i, one] of changed.entries()) {
        const mine = flags(all[one]!, say(all[one]!.text, all[one]!.inputs.beside))
        const site = judged[i]!.findIndex(
          ({ verdict }, k) =>
            mine[k] !== sound[one]![k] &&
            ((verdict === 'hazard' && mine[k] === '0') || (verdict === 'safe' && mine[k] === '1')),
        )
        if (site !== -1) return { at: one, text: judged[i]![site]!.because }
      }
      changed = []
    }
  }
  return undefined
}

let missed = 0
const chosen = values.only === undefined ? faults : [faults[Number(values.only) - 1]!]
for (const [index, fault] of chosen.entries()) {
  const say = await faulty(fault, index)
  const shown = say && (await found(say))
  if (!shown) missed++
  const result = !say
    ? 'STALE: the text that it changes is not in the file once'
    : shown
      ? `found by script ${shown.at + 1}: ${shown.text}`
      : `NOT FOUND in ${all.length} scripts`
  console.log(`${String(index + 1).padStart(2)} ${fault.says} — ${result}`)
}
console.log(`${chosen.length - missed} of ${chosen.length} seeded faults found`)
process.exitCode = missed === 0 ? 0 : 1
