// The long run: node scripts/dataflow.mjs --runs N [--seed S] [--jobs J] [--show N] [--json FILE]
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { rules } from '../../rules/index.ts'
import { censusOf } from './census.ts'
import { scriptOf, scripts, type Sketch } from './generate/generate.ts'
import { tagsOf } from './generate/node.ts'
import { minimise } from './minimise.ts'
import { proveAll, type Proof } from './prove.ts'
import { sandboxed } from './sandbox.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '1' },
    show: { type: 'string', default: '25' },
    /** Seconds that shrinking may take in all; what it leaves is shown as it was made. */
    shrink: { type: 'string', default: '300' },
    json: { type: 'string' },
    /** Leaves out scripts with a tag that matches. */
    without: { type: 'string' },
    census: { type: 'boolean', default: false },
    /** Stops at the first disagreement: what the seeded faults ask. */
    first: { type: 'boolean', default: false },
  },
})
const runs = Number(values.runs)
const seed = Number(values.seed)

if (!sandboxed) {
  console.error('dataflow: bubblewrap (bwrap), bash and dash are needed; nothing was run')
  process.exit(2)
}

const unwanted = values.without === undefined ? undefined : new RegExp(values.without)
const all: readonly Sketch[] = [...scripts(runs, seed)].filter(
  (sketch) => !unwanted || ![...tagsOf(sketch.nodes)].some((tag) => unwanted.test(tag)),
)
const begun = Date.now()
const count = {
  hazard: 0,
  safe: 0,
  open: 0,
  unreached: 0,
  caught: 0,
  clean: 0,
  miss: 0,
  'false alarm': 0,
  thrown: 0,
}
const wrong: { sketch: Sketch; proof: Proof; kind: 'miss' | 'false alarm' }[] = []
const strays: Proof[] = []
let next = 0
let ended = false

async function worker(): Promise<void> {
  while (next < all.length && !ended) {
    const mine = all.slice(next, (next += 150))
    const proofs = await proveAll(mine.map(scriptOf), rules)
    proofs.forEach((proof, at) => {
      for (const { verdict } of proof.judged) count[verdict]++
      proof.wrong.forEach((kind, site) => {
        const verdict = proof.judged[site]!.verdict
        if (kind) {
          count[kind]++
          wrong.push({ sketch: mine[at]!, proof, kind })
        } else if (verdict === 'hazard') count.caught++
        else if (verdict === 'safe') count.clean++
      })
      if (proof.stray.length > 0) strays.push(proof)
      if (proof.failed) count.thrown++
    })
    if (values.first && wrong.length + strays.length > 0) ended = true
    if (process.stderr.isTTY)
      process.stderr.write(`\r${next} of ${all.length}, ${count.miss} misses, ${count['false alarm']} false alarms`)
  }
}
await Promise.all(Array.from({ length: Number(values.jobs) }, worker))

console.log(`${all.length} scripts from seed ${seed} in ${Math.round((Date.now() - begun) / 1000)} s`)
console.log(
  `sites: ${count.hazard} hazards (${count.caught} caught, ${count.miss} missed), ${count.safe} safe (${count.clean} silent, ${count['false alarm']} false alarms), ${count.open} open, ${count.unreached} never reached`,
)
console.log(
  `false alarms: ${((100 * count['false alarm']) / Math.max(1, count.safe)).toFixed(2)} % of safe sites; findings on lines of no site: ${strays.length}; crashes: ${count.thrown}`,
)

const shown = new Map<string, { kind: string; text: string; because: string; said: string; times: number }>()
const few = wrong.slice(0, values.first ? 1 : Number(values.show))
const least: (Awaited<ReturnType<typeof minimise>> | undefined)[] = []
let at = 0
async function shrinker(): Promise<void> {
  const until = Date.now() + 1000 * Number(values.shrink)
  while (at < few.length && Date.now() < until) {
    const mine = at++
    least[mine] = await minimise(few[mine]!.sketch, few[mine]!.kind, rules)
  }
}
await Promise.all(Array.from({ length: Number(values.jobs) }, shrinker))
few.forEach(({ kind, proof: whole }, i) => {
  const proof = least[i]?.proof ?? whole
  const site = proof.wrong.indexOf(kind)
  const text = proof.script.text.trimEnd()
  const known = shown.get(`${kind}\n${text}`)
  const said = proof.said.map((one) => `${one.rule} line ${one.from}: ${one.says}`).join('\n')
  if (known) known.times++
  else shown.set(`${kind}\n${text}`, { kind, text, because: proof.judged[site]!.because, said, times: 1 })
})
for (const one of [...shown.values()].sort((a, b) =>
  a.kind < b.kind ? 1 : a.kind > b.kind ? -1 : b.times - a.times || a.text.length - b.text.length,
)) {
  console.log(
    `\n--- ${one.kind}${one.times > 1 ? ` (${one.times} times)` : ''}\n${one.text}\n# ${one.kind === 'miss' ? 'did' : 'the shells'}: ${one.because}${one.said ? `\n# said: ${one.said.replaceAll('\n', '\n# said: ')}` : ''}`,
  )
}
for (const proof of strays.slice(0, 5))
  console.log(
    `\n--- finding on no site\n${proof.script.text.trimEnd()}\n# said: ${proof.stray.map((one) => `${one.rule} line ${one.from}: ${one.says}`).join('; ')}`,
  )

const census = censusOf(
  all.map((sketch) => tagsOf(sketch.nodes)),
  100,
)
if (values.census || runs >= 20_000) {
  console.log('\ncensus, in how many scripts:')
  for (const line of census.lines) console.log(`  ${line}`)
  if (runs >= 20_000)
    console.log(
      census.few.length === 0
        ? '  everything named is in at least 100 scripts'
        : `  too few of: ${census.few.join(', ')}`,
    )
}
if (values.json) writeFileSync(values.json, JSON.stringify({ count, wrong: [...shown.values()] }, null, 1))
process.exitCode = count.miss > 0 || count.thrown > 0 || count['false alarm'] > 0.01 * count.safe ? 1 : 0
