import { directoryOf, joinPath } from '../discover/files.ts'
import type { Label } from '../source/source.ts'
import type { Draft, Flow, Job, Step } from './model.ts'

// Calls are followed this deep; past it the step stays as it is, opaque.
const deepest = 8
// A plan of more parts than this is cut: nobody reads it, and calls of calls multiply.
const mostSteps = 2000

/** A plan with the plans that it calls put in their places, and which those were. */
export interface Spliced {
  readonly flow: Flow
  readonly called: ReadonlySet<Draft>
}

/** Puts the plans that a plan calls where it calls them, with the call on the trail of their steps. */
export function splice(draft: Draft, all: readonly Draft[]): Spliced {
  const called = new Set<Draft>()
  const byName = new Map<string, Draft>()
  for (const one of all) for (const name of one.names) if (!byName.has(name)) byName.set(name, one)
  let steps = 0

  const enter = (flow: Flow, open: readonly Draft[], via: readonly Label[], host: string, cwd?: string): Flow => {
    if ('inOrder' in flow) return { inOrder: flow.inOrder.map((part) => enter(part, open, via, host, cwd)) }
    if ('apart' in flow) return { apart: flow.apart.map((part) => enter(part, open, via, host, cwd)) }
    if ('jobs' in flow)
      return { jobs: flow.jobs.map((job): Job => ({ ...job, flow: enter(job.flow, open, via, host, cwd) })) }
    steps++
    const step = standing(placed(flow.step, via, host), flow.step.actsOn === 'here' ? cwd : undefined)
    const targets =
      steps > mostSteps || open.length > deepest
        ? []
        : callees(step, byName, draft).filter((one) => !open.includes(one))
    if (targets.length === 0) return { step }
    const label = { at: step.at, says: `\`${step.text}\` runs ${targets.map((one) => one.name).join(' and ')}` }
    return {
      inOrder: targets.map((target) => {
        called.add(target)
        // A deploy tool has directories of its own; a script stands where it is called.
        const from = /^(shell|make|npm|composer)$/.test(target.tool) ? step.detail.cwd : undefined
        const inner = enter(target.flow, [...open, target], [...step.via, label], step.actsOn, from)
        return step.runs === 'always' ? inner : soften(inner, step.runs)
      }),
    }
  }
  return { flow: enter(draft.flow, [draft], [], 'here'), called }
}

// What is called stands where its caller does, until it goes elsewhere.
function standing(step: Step, cwd: string | undefined): Step {
  if (cwd === undefined || step.detail.cwd !== undefined) return step
  const path = step.detail.path === undefined && /^(fetch|install|build)$/.test(step.kind) ? { path: cwd } : {}
  return { ...step, detail: { ...step.detail, cwd, ...path } }
}

function placed(step: Step, via: readonly Label[], host: string): Step {
  if (via.length === 0 && host === 'here') return step
  return { ...step, via: [...via, ...step.via], actsOn: step.actsOn === 'here' ? host : step.actsOn }
}

function callees(step: Step, byName: ReadonlyMap<string, Draft>, draft: Draft): readonly Draft[] {
  const found: Draft[] = []
  for (const name of step.detail.calls ?? []) {
    const target = byName.get(name) ?? fileCalled(name, step, byName, draft)
    if (target && !found.includes(target)) found.push(target)
    // `dep deploy` and `dep -f deploy.php deploy` are two names of one thing; make's are several targets.
    if (target && !name.startsWith('make ')) break
  }
  return found
}

// A script's path is relative to where it runs, which is the project's root, or to the file that calls it.
function fileCalled(name: string, step: Step, byName: ReadonlyMap<string, Draft>, draft: Draft): Draft | undefined {
  if (!/^(file|ansible) /.test(name)) return undefined
  const [tool, path = ''] = name.split(' ')
  for (const from of ['', directoryOf(step.at.file), directoryOf(draft.at.file)]) {
    const target = byName.get(`${tool} ${joinPath(from, path) ?? ''}`)
    if (target) return target
  }
  return undefined
}

function soften(flow: Flow, runs: Step['runs']): Flow {
  if ('inOrder' in flow) return { inOrder: flow.inOrder.map((part) => soften(part, runs)) }
  if ('apart' in flow) return { apart: flow.apart.map((part) => soften(part, runs)) }
  if ('jobs' in flow) return { jobs: flow.jobs.map((job) => ({ ...job, flow: soften(job.flow, runs) })) }
  return { step: { ...flow.step, runs: flow.step.runs === 'after a failure' ? flow.step.runs : runs } }
}
