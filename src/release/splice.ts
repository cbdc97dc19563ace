import { directoryOf, joinPath } from '../discover/files.ts'
import { matchesGlob } from '../discover/glob.ts'
import type { Label } from '../source/source.ts'
import type { Draft, Flow, Job, Step } from './model.ts'
import { joined } from './path.ts'
import { isManifest, manifestFor, triggersOf } from './triggers.ts'

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
  const byName: Names = namesOf(all)
  let steps = 0

  const enter = (flow: Flow, open: readonly Draft[], via: readonly Label[], host: string, cwd?: string): Flow => {
    if ('inOrder' in flow) return { inOrder: flow.inOrder.map((part) => enter(part, open, via, host, cwd)) }
    if ('apart' in flow) return { apart: flow.apart.map((part) => enter(part, open, via, host, cwd)) }
    if ('jobs' in flow)
      return { jobs: flow.jobs.map((job): Job => ({ ...job, flow: enter(job.flow, open, via, host, cwd) })) }
    steps++
    const step = standing(placed(flow.step, via, host), flow.step.actsOn === 'here' ? cwd : undefined)
    const isOver = steps > mostSteps || open.length > deepest
    const found = (names: readonly string[]): readonly Draft[] =>
      isOver ? [] : callees(names, step, byName, draft).filter((one) => !open.includes(one))
    const follow = (targets: readonly Draft[], as?: Step): readonly Flow[] => {
      const label = { at: step.at, says: `\`${step.text}\` runs ${targets.map((one) => one.name).join(' and ')}` }
      return targets.map((target) => {
        called.add(target)
        // A deploy tool has directories of its own; a script stands where it is called.
        const from = /^(shell|make|npm|composer)$/.test(target.tool)
          ? isManifest(target)
            ? (step.detail.path ?? step.detail.cwd)
            : step.detail.cwd
          : undefined
        const inner = enter(target.flow, [...open, target], [...step.via, label], step.actsOn, from)
        const kept = as && as.kind !== 'opaque' ? recast(inner, as) : inner
        // Where the caller goes on, a failing script of a manifest stops nothing but itself.
        const held = step.failing === 'goes on' && isManifest(target) ? goingOn(kept) : kept
        return step.runs === 'always' ? held : soften(held, step.runs)
      })
    }
    const targets = found(step.detail.calls ?? [])
    if (targets.length > 0) return { inOrder: follow(targets, step) }
    const triggers = triggersOf(step)
    const [first, then] = [found(triggers.first), found(triggers.then)]
    if (first.length === 0 && then.length === 0) return { step }
    return { inOrder: [...follow(first), { step }, ...follow(then)] }
  }
  return { flow: enter(draft.flow, [draft], [], 'here'), called }
}

type Names = ReadonlyMap<string, readonly Draft[]>

function namesOf(all: readonly Draft[]): Names {
  const made = new Map<string, Draft[]>()
  for (const one of all)
    for (const name of one.names) {
      const list = made.get(name)
      if (list) list.push(one)
      else made.set(name, [one])
    }
  return made
}

// What is called stands where its caller does, until it goes elsewhere.
function standing(step: Step, cwd: string | undefined): Step {
  if (cwd === undefined) return step
  const { detail } = step
  if (detail.cwd !== undefined) {
    // A script of a manifest is written as seen from the manifest's directory.
    if (!/(^|\/)(package|composer)\.json$/.test(step.at.file) || /^[/~$({]/.test(detail.cwd)) return step
    const path = detail.path === undefined ? {} : { path: joined(cwd, detail.path) }
    return { ...step, detail: { ...detail, cwd: joined(cwd, detail.cwd), ...path } }
  }
  const path = step.detail.path === undefined && /^(fetch|install|build)$/.test(step.kind) ? { path: cwd } : {}
  return { ...step, detail: { ...step.detail, cwd, ...path } }
}

function placed(step: Step, via: readonly Label[], host: string): Step {
  if (via.length === 0 && host === 'here') return step
  return { ...step, via: [...via, ...step.via], actsOn: step.actsOn === 'here' ? host : step.actsOn }
}

function callees(names: readonly string[], step: Step, byName: Names, draft: Draft): readonly Draft[] {
  const found: Draft[] = []
  for (const name of names.flatMap((one) => (one.includes('*') ? matching(one, byName) : [one]))) {
    const target = called(byName.get(name), step) ?? fileCalled(name, step, byName, draft)
    if (target && !found.includes(target)) found.push(target)
    // `dep deploy` and `dep -f deploy.php deploy` are two names of one thing; those of make and npm are several targets.
    if (target && !/^(make|npm run|composer) /.test(name)) break
  }
  return found
}

// `run-s build:*`
function matching(pattern: string, byName: Names): readonly string[] {
  if (!pattern.startsWith('npm run ')) return []
  return [...byName.keys()].filter((name) => name.startsWith('npm run ') && matchesGlob(pattern, name))
}

// Two manifests can have a script of one name: the directory tells.
const called = (named: readonly Draft[] | undefined, step: Step): Draft | undefined =>
  named?.[0] && isManifest(named[0]) ? manifestFor(named, step) : named?.[0]

/** What a script does whose name says it and nobody here knows how: `npm run build` that runs a program of the project builds. */
function recast(flow: Flow, caller: Step): Flow {
  if ('inOrder' in flow) return { inOrder: flow.inOrder.map((part) => recast(part, caller)) }
  if ('apart' in flow) return { apart: flow.apart.map((part) => recast(part, caller)) }
  if ('jobs' in flow) return { jobs: flow.jobs.map((job) => ({ ...job, flow: recast(job.flow, caller) })) }
  const { step } = flow
  if (step.kind !== 'opaque') return flow
  const { tool, what } = caller.detail
  return {
    step: {
      ...step,
      kind: caller.kind,
      detail: { ...step.detail, ...(tool ? { tool } : {}), ...(what ? { what } : {}) },
    },
  }
}

// A script's path is relative to where it runs, which is the project's root, or to the file that calls it.
function fileCalled(name: string, step: Step, byName: Names, draft: Draft): Draft | undefined {
  if (!/^(file|ansible) /.test(name)) return undefined
  const [tool, path = ''] = name.split(' ')
  // By its place on the server: `bash /srv/app/scripts/release.sh` after a pull into /srv/app.
  if (path.startsWith('/')) {
    const parts = path.split('/').slice(1)
    for (let i = 1; i < parts.length - 1; i++) {
      const target = byName.get(`${tool} ${parts.slice(i).join('/')}`)?.[0]
      if (target) return target
    }
  }
  for (const from of ['', directoryOf(step.at.file), directoryOf(draft.at.file)]) {
    const target = byName.get(`${tool} ${joinPath(from, path) ?? ''}`)?.[0]
    if (target) return target
  }
  return undefined
}

function goingOn(flow: Flow): Flow {
  if ('inOrder' in flow) return { inOrder: flow.inOrder.map(goingOn) }
  if ('apart' in flow) return { apart: flow.apart.map(goingOn) }
  if ('jobs' in flow) return { jobs: flow.jobs.map((job) => ({ ...job, flow: goingOn(job.flow) })) }
  return { step: { ...flow.step, failing: 'goes on' } }
}

function soften(flow: Flow, runs: Step['runs']): Flow {
  if ('inOrder' in flow) return { inOrder: flow.inOrder.map((part) => soften(part, runs)) }
  if ('apart' in flow) return { apart: flow.apart.map((part) => soften(part, runs)) }
  if ('jobs' in flow) return { jobs: flow.jobs.map((job) => ({ ...job, flow: soften(job.flow, runs) })) }
  return { step: { ...flow.step, runs: flow.step.runs === 'after a failure' ? flow.step.runs : runs } }
}
