import { type Context, type Run } from './frame.ts'
import { distance, join, type Names, same } from './join.ts'
import { fork, type State, type Status } from './state.ts'
import { lookup, told } from './lookup.ts'

/** So many paths of one status are told apart; past that the nearest are joined. */
const mostPaths = 2

/** At most `mostPaths` states of each status: a path that is like another is joined with it, a doubtful one is not gone on with. */
export function settle(run: Run, states: readonly State[]): readonly State[] {
  if (states.length < 2) return states
  const sure = states.filter((state) => !state.doubtful)
  if (sure.length > 0 && sure.length < states.length) return settle(run, sure)
  const names = namesOf(run, states[0]!)
  const groups: Record<Status, State[]> = { ok: [], fail: [], any: [] }
  for (const state of states) {
    const group = groups[state.status]
    if (group.some((known) => same(known, state, names))) continue
    group.push(state)
    if (group.length > mostPaths) joinNearest(group, names)
  }
  return [...groups.ok, ...groups.fail, ...groups.any]
}

function joinNearest(group: State[], names: Names): void {
  let best: readonly [far: number, one: number, other: number] = [Infinity, 0, 1]
  for (let i = 0; i < group.length; i++) {
    for (let j = i + 1; j < group.length; j++) {
      const far = distance(group[i]!, group[j]!, best[0], names)
      if (far < best[0]) best = [far, i, j]
    }
  }
  const [, one, other] = best
  group[one] = join(group[one]!, group[other]!, names)
  group.splice(other, 1)
}

/** The names of a run, for paths that meet. */
export function namesOf(run: Run, state: State): Names {
  let unbound: State | undefined
  return {
    value: (name, binding) => {
      if (binding) return told(run, run.root, name, binding.value, undefined)
      unbound ??= { ...state, vars: state.vars.cleared(), args: { known: [], open: undefined } }
      return lookup(run, run.root, unbound, name, undefined, 'passes')
    },
    own: (name) => run.own.has(name),
  }
}

export function ended(state: State, status: Status): State {
  state.status = status
  return state
}

/** Each state as one that succeeded and one that failed. */
export function parted(states: readonly State[]): { readonly ok: readonly State[]; readonly fail: readonly State[] } {
  const ok: State[] = []
  const fail: State[] = []
  for (const state of states) {
    if (state.status === 'ok') ok.push(state)
    else if (state.status === 'fail') fail.push(state)
    else {
      ok.push(ended(fork(state), 'ok'))
      fail.push(ended(fork(state), 'fail'))
    }
  }
  return { ok, fail }
}

export const outcome = (told: {
  readonly holds: readonly State[]
  readonly fails: readonly State[]
}): readonly State[] => [
  ...told.holds.map((state) => ended(state, 'ok')),
  ...told.fails.map((state) => ended(state, 'fail')),
]

/** `set -e`: a failure that nothing asked about ends the script. */
export function exitOnError(context: Context, states: readonly State[]): readonly State[] {
  if (context.checked) return states
  const out: State[] = []
  for (const state of states) {
    if (!state.flags.errexit || state.status === 'ok') out.push(state)
    else {
      if (state.traps.size > 0 || context.apart) context.exits.push(ended(fork(state), 'fail'))
      if (state.status === 'any') out.push(ended(fork(state), 'ok'))
    }
  }
  return out
}
