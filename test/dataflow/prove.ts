import { lint } from '../../src/lint.ts'
import { atLeast } from '../../src/rule/rule.ts'
import type { Rules } from '../../src/rule/diagnostic.ts'
import { lineStarts, positionOf } from '../../src/source/source.ts'
import { judge, type Judgement } from './hazard.ts'
import { allOf, planOf, type Inputs } from './plan.ts'
import { runAll, type Job, type Ran, type Run } from './sandbox.ts'
import { workingDirectory } from './world.ts'

/** A destructive command of a script: how its calls are told, and the lines on which a finding speaks of it. */
export interface Site {
  readonly key: string | undefined
  readonly lines: readonly number[]
}

/** A script that can be run and linted. */
export interface Script {
  readonly text: string
  readonly shell: 'bash' | 'dash'
  readonly sites: readonly Site[]
  readonly inputs: Inputs
}

/** The rules whose findings speak of a target that is not what was meant. */
export const family: ReadonlySet<string> = new Set([
  'delete-of-empty-path',
  'sync-onto-empty-path',
  'sync-from-empty-source',
  'change-of-empty-path',
  'delete-after-failed-cd',
  'delete-of-system-path',
  'delete-through-link',
  'lost-variable',
])

/** A finding of the family, by its lines. */
export interface Said {
  readonly rule: string
  readonly from: number
  readonly to: number
  readonly says: string
}

/** What the linter says of a script: its findings of the family, above info. */
export function saidOf(text: string, beside: Inputs['beside'], rules: Rules): readonly Said[] {
  const near = Object.entries(beside).map(([file, content]) => ({
    file: file.replace(`${workingDirectory}/`, ''),
    text: content,
  }))
  const own = Object.fromEntries(Object.entries(rules).filter(([id]) => family.has(id)))
  const starts = lineStarts(text)
  return lint({ files: [{ file: 'deploy.sh', text }, ...near] }, own)
    .diagnostics.filter((one) => one.at.file === 'deploy.sh' && atLeast(one.severity, 'warning'))
    .map((one) => ({
      rule: one.rule,
      from: positionOf(starts, one.at.start).line,
      to: positionOf(starts, Math.max(one.at.start, one.at.end - 1)).line,
      says: one.says,
    }))
}

/** How real shells and the linter judge each site of a script. */
export interface Proof {
  readonly script: Script
  readonly judged: readonly Judgement[]
  readonly said: readonly Said[]
  /** Per site: what went wrong between the two. */
  readonly wrong: readonly ('miss' | 'false alarm' | undefined)[]
  /** Findings on lines of no site. */
  readonly stray: readonly Said[]
  /** The linter threw, which it never may. */
  readonly failed?: string
}

const job = (script: Script, id: number, runs: readonly Run[]): Job => ({
  id,
  shell: script.shell,
  text: script.text,
  files: { ...script.inputs.beside, ...script.inputs.files },
  runs,
})

/** Runs scripts and judges their sites. `look`: how many runs each may make; a whole look tries every combination. */
export async function judgeAll(
  scripts: readonly Script[],
  look: 'few' | 'pairs' | 'whole' = 'pairs',
): Promise<readonly (readonly Judgement[])[]> {
  const plans = scripts.map((script) =>
    look === 'whole' ? allOf(script.inputs, script.text) : planOf(script.inputs, script.text, look === 'few' ? 10 : 24),
  )
  const first = 8
  const ran = new Map<number, Ran[]>()
  const open = (id: number): boolean =>
    scripts[id]!.sites.some((site) => judged(scripts[id]!, site, plans[id]!, ran.get(id)!).verdict !== 'hazard')
  const head = await runAll(scripts.map((script, id) => job(script, id, plans[id]!.slice(0, first))))
  for (const [id, runs] of head) ran.set(id, [...runs])
  const rest = scripts.flatMap((script, id) =>
    plans[id]!.length > first && open(id) ? [job(script, id, plans[id]!.slice(first))] : [],
  )
  for (const [id, runs] of await runAll(rest)) ran.get(id)!.push(...runs)
  return scripts.map((script, id) => {
    const runs = ran.get(id)!
    return script.sites.map((site) => judged(script, site, plans[id]!.slice(0, runs.length), runs))
  })
}

/** Judges one site, by the calls that are its own and the words on its lines or in the target that was built for it. */
function judged(script: Script, site: Site, plan: readonly Run[], ran: readonly Ran[]): Judgement {
  const lines = script.text.split('\n').filter((line, at) => site.lines.includes(at + 1) || /^target\d*=/.test(line))
  return judge(script.sites.length === 1 ? undefined : site.key, plan, ran, lines.join('\n'))
}

/** Compares the linter with what the shells did. Disagreements are looked at again with every combination of inputs. */
export async function proveAll(
  scripts: readonly Script[],
  rules: Rules,
  look: 'few' | 'whole' = 'whole',
): Promise<readonly Proof[]> {
  const judged = await judgeAll(scripts, look === 'few' ? 'few' : 'pairs')
  const proofs = scripts.map((script, at) =>
    compare(script, judged[at]!, saidOf(script.text, script.inputs.beside, rules)),
  )
  if (look === 'few') return proofs
  const doubtful = proofs.flatMap((proof, at) => (proof.wrong.includes('false alarm') ? [at] : []))
  const again = await judgeAll(
    doubtful.map((at) => scripts[at]!),
    'whole',
  )
  const out = [...proofs]
  doubtful.forEach((at, i) => (out[at] = compare(scripts[at]!, again[i]!, proofs[at]!.said)))
  return out
}

function compare(script: Script, judged: readonly Judgement[], said: readonly Said[]): Proof {
  const on = (site: Site, one: Said): boolean => site.lines.some((line) => one.from <= line && line <= one.to)
  const wrong = script.sites.map((site, at) => {
    const mine = said.filter((one) => on(site, one))
    // A lost variable is worth a word even where what is left of the target harms nobody.
    const flagged = mine.length > 0
    const verdict = judged[at]!.verdict
    if (verdict === 'safe' && mine.every((one) => one.rule === 'lost-variable')) return undefined
    if (verdict === 'hazard') return flagged ? undefined : ('miss' as const)
    return verdict === 'safe' && flagged ? ('false alarm' as const) : undefined
  })
  return {
    script,
    judged,
    said,
    wrong,
    stray: said.filter((one) => one.rule !== 'lost-variable' && !script.sites.some((site) => on(site, one))),
  }
}
