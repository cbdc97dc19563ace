import type { Answer, Flow, Job, Lack, Step, StepKind } from './model.ts'

/** Steps in one order that the plan allows, and what is known of the order of any two. */
export interface Order {
  readonly steps: readonly Step[]
  before(a: Step, b: Step): Answer
}

// Where a step stands: from the outermost part of the plan inwards, which child it is in.
interface Place {
  readonly flow: Flow
  readonly child: number
}

/** Puts the steps of a plan in order. Every step comes out as an object of its own, though a plan may hold it twice. */
export function orderOf(flow: Flow): Order {
  const steps: Step[] = []
  const places = new Map<Step, readonly Place[]>()
  const walk = (part: Flow, path: readonly Place[]): void => {
    if ('step' in part) {
      const own = { ...part.step }
      steps.push(own)
      places.set(own, path)
    } else if ('jobs' in part) {
      for (const child of sorted(part.jobs)) walk(part.jobs[child]!.flow, [...path, { flow: part, child }])
    } else {
      const parts = 'inOrder' in part ? part.inOrder : part.apart
      parts.forEach((inner, child) => walk(inner, [...path, { flow: part, child }]))
    }
  }
  walk(flow, [])
  return { steps, before: (a, b) => compare(places.get(a) ?? [], places.get(b) ?? []) }
}

function compare(a: readonly Place[], b: readonly Place[]): Answer {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [first, second] = [a[i]!, b[i]!]
    if (first.flow !== second.flow) return 'unknown'
    if (first.child === second.child) continue
    if ('inOrder' in first.flow) return first.child < second.child ? 'yes' : 'no'
    if (!('jobs' in first.flow)) return 'unknown'
    const { jobs } = first.flow
    if (waitsFor(jobs, second.child).has(first.child)) return 'yes'
    return waitsFor(jobs, first.child).has(second.child) ? 'no' : 'unknown'
  }
  return 'no'
}

/** The jobs that are over before one begins, directly or through others. */
function waitsFor(jobs: readonly Job[], child: number): ReadonlySet<number> {
  const found = new Set<number>()
  const open = [child]
  for (let job = open.pop(); job !== undefined; job = open.pop()) {
    for (const name of jobs[job]!.after) {
      const at = jobs.findIndex((other) => other.name === name)
      if (at === -1 || found.has(at)) continue
      found.add(at)
      open.push(at)
    }
  }
  return found
}

// In the order of writing as far as the waiting allows; a circle is broken where it is met.
function sorted(jobs: readonly Job[]): readonly number[] {
  const out: number[] = []
  const seen = new Set<number>()
  const visit = (child: number): void => {
    if (seen.has(child)) return
    seen.add(child)
    for (const name of jobs[child]!.after) {
      const at = jobs.findIndex((job) => job.name === name)
      if (at !== -1) visit(at)
    }
    out.push(child)
  }
  jobs.forEach((_, child) => visit(child))
  return out
}

/** Whether two steps change the same host. A host named by a variable may be any. */
export function sameHost(first: string, second: string): Answer {
  const [a, b] = [first.replace(/^.*@/, ''), second.replace(/^.*@/, '')]
  if (a === b) return 'yes'
  if (a === 'unknown' || b === 'unknown') return 'unknown'
  const open = /[${]/
  return open.test(a) || open.test(b) ? 'unknown' : 'no'
}

/** Whether no step of a kind follows `from`; left out `from`: whether none runs at all. */
export function lack(
  order: Order,
  from: Step | undefined,
  kind: StepKind,
  like: (step: Step) => boolean = () => true,
): Lack {
  const could: Step[] = []
  for (const step of order.steps) {
    if (step === from || step.runs === 'after a failure') continue
    const fits = step.kind === kind && step.detail.vain === undefined && like(step)
    if (!fits && !couldBe(step, kind)) continue
    const follows = from ? order.before(from, step) : 'yes'
    const host = from ? sameHost(from.actsOn, step.actsOn) : 'yes'
    if (follows === 'no' || host === 'no') continue
    if (fits && follows === 'yes' && host === 'yes') return { answer: 'no', because: [step] }
    could.push(step)
  }
  return { answer: could.length > 0 ? 'unknown' : 'yes', because: could }
}

function couldBe(step: Step, kind: StepKind): boolean {
  return step.kind === 'opaque' && (step.detail.could === undefined || step.detail.could.includes(kind))
}
