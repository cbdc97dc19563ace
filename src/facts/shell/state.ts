import { Layers } from './layers.ts'
import type { Label } from '../../source/source.ts'
import type { Shell } from '../../parse/shell.ts'
import type { Certainty, Origin, Part, Value } from './value.ts'
import { mostWays } from './value.ts'
import type { Frame } from './frame.ts'
import type { Directory } from './script.ts'

/** What a name is bound to. */
export interface Binding {
  /** undefined: it was unset. */
  readonly value: Value | undefined
  /** Elements of an array, in order, when they are known. */
  readonly elements?: readonly Value[]
  readonly exported: boolean
  /** `declare -n`: the name it stands for. */
  readonly refersTo?: string
  /** When it was bound: foreign code that ran later may have changed it. */
  readonly since: number
}

/** What is known of an origin on this path. */
export interface Fact {
  readonly empty?: 'never' | 'always'
  /** Guards that were met and that do not prove what they seem to. */
  readonly guards: readonly Label[]
}

/** Positional parameters: those known, then, when `open`, those that the caller gives from `open` on. */
export interface Arguments {
  readonly known: readonly Value[]
  readonly open: number | undefined
}

export type Status = 'ok' | 'fail' | 'any'

export interface Flags {
  readonly errexit: boolean
  readonly nounset: boolean
  readonly pipefail: boolean
  readonly lastpipe: boolean
  readonly nullglob: boolean
}

/** A function as defined, and the text that it stands in. */
export interface Definition {
  readonly node: Shell.Function
  readonly frame: Frame
}

/** Names that `local` hid, with what they were bound to outside. */
export interface Scope {
  readonly hidden: ReadonlyMap<string, Binding | undefined>
  readonly outer: Scope | undefined
  /** The caller's positional parameters. */
  readonly args: Arguments
}

export interface Trap {
  readonly text: string
  readonly at: Shell.Word
  readonly frame: Frame
  /** Double quotes expand when the trap is set: the state of then. */
  readonly setIn: State
}

/** All that is known at one point of one path. */
export interface State {
  readonly vars: Layers<string, Binding>
  facts: Layers<Origin, Fact>
  cwd: readonly Directory[]
  status: Status
  flags: Flags
  functions: ReadonlyMap<string, Definition>
  args: Arguments
  scope: Scope | undefined
  traps: ReadonlyMap<string, Trap>
  /** What this path has printed where it is captured. */
  out: Value
  /** When code ran that was not read: it may have set anything. */
  foreign: number
  /** Directories that were made or found to be there on this path, as `showWay` tells them. */
  made: ReadonlySet<string>
}

const nothing: Value = { ways: [[]], because: [] }

/** A state in which nothing is known. */
export function emptyState(cwd: readonly Directory[], flags: Flags, args: Arguments): State {
  return {
    vars: new Layers(),
    facts: new Layers(),
    cwd,
    status: 'ok',
    flags,
    functions: new Map(),
    args,
    scope: undefined,
    traps: new Map(),
    out: nothing,
    foreign: 0,
    made: new Set(),
  }
}

/** A second state that starts as this one. */
export function fork(state: State): State {
  return { ...state, vars: state.vars.fork(), facts: state.facts.fork() }
}

/** The same state with another status; the state given is changed. */
export function settleStatus(state: State, status: Status): State {
  state.status = status
  return state
}

/** The one state after a command that succeeds. */
export const ok = (state: State): readonly State[] => [settleStatus(state, 'ok')]

/** The one state after a command of which it is not known how it ends. */
export const any = (state: State): readonly State[] => [settleStatus(state, 'any')]

/** Binds a name. */
export function bind(state: State, name: string, binding: Binding): void {
  state.vars.set(name, binding)
}

/** Forgets a name as if it had never been bound. */
export function forget(state: State, name: string): void {
  if (state.vars.has(name)) state.vars.set(name, undefined)
}

const noGuards: readonly Label[] = []

function setFact(state: State, origin: Origin, empty: 'never' | 'always'): void {
  const before = state.facts.get(origin)
  if (before?.empty === empty) return
  state.facts.set(origin, { empty, guards: before?.guards ?? noGuards })
}

/** Notes a guard that speaks of an origin and does not prove it. The trail keeps its last three. */
export function noteGuard(state: State, origin: Origin, guard: Label): void {
  const before = state.facts.get(origin)
  if (before?.guards.some((known) => known.at.start === guard.at.start && known.at.file === guard.at.file)) return
  state.facts.set(origin, { ...before, guards: [...(before?.guards ?? []), guard].slice(-3) })
}

/** Forgets what is known of an origin: it is born anew. */
export function renew(state: State, origin: Origin): void {
  if (state.facts.has(origin)) state.facts.set(origin, undefined)
}

/** Whether what an origin gives can be empty on this path. */
export function emptiness(state: State, origin: Origin, depth = 0): Certainty {
  const fact = state.facts.get(origin)?.empty
  if (fact) return fact
  if (!origin.madeOf || depth > 12) return origin.empty
  switch (valueEmptiness(state, origin.madeOf, depth + 1)) {
    case 'always':
      return 'always'
    case 'never':
      return origin.empty
    case 'maybe':
      return 'maybe'
    case 'unknown':
      return origin.empty === 'maybe' ? 'maybe' : 'unknown'
  }
}

/** Whether one way of a value can be empty. One part that cannot be is enough. */
export function wayEmptiness(state: State, way: readonly Part[], depth = 0): Certainty {
  let out: Certainty = 'always'
  for (const part of way) {
    if (!('of' in part)) {
      if (part.text !== '') return 'never'
      continue
    }
    const one = emptiness(state, part.of, depth)
    if (one === 'never') return 'never'
    if (one === 'unknown') out = 'unknown'
    else if (one === 'maybe' && out === 'always') out = 'maybe'
  }
  return out
}

/** Whether a value can be empty on this path. */
export function valueEmptiness(state: State, value: Value, depth = 0): Certainty {
  const found = new Set(value.ways.map((way) => wayEmptiness(state, way, depth)))
  if (found.has('maybe')) return 'maybe'
  if (found.has('always')) return found.size === 1 ? 'always' : 'maybe'
  return found.has('unknown') ? 'unknown' : 'never'
}

/** Narrows a state to the paths on which a value is not empty; false: there are none. `name`: the variable that holds it. */
export function assumeFull(state: State, value: Value, name?: string, depth = 0): boolean {
  const ways = value.ways.filter((way) => wayEmptiness(state, way) !== 'always')
  if (ways.length === 0) return false
  if (ways.length === 1) fillWay(state, ways[0]!, depth)
  if (name !== undefined && value.ways.length > 1)
    rebind(
      state,
      name,
      ways.map((way) => filled(state, way)),
    )
  return true
}

/** Narrows a state to the paths on which a value is empty; false: there are none. */
export function assumeEmpty(state: State, value: Value, name?: string, depth = 0): boolean {
  const ways = value.ways.filter((way) => wayEmptiness(state, way) !== 'never')
  if (ways.length === 0) return false
  if (ways.length === 1) {
    for (const part of ways[0]!) {
      if (!('of' in part)) continue
      setFact(state, part.of, 'always')
      // Such an origin is empty only when what it is made of is.
      if (part.of.madeOf && part.of.empty === 'never' && depth < 8)
        assumeEmpty(state, part.of.madeOf, undefined, depth + 1)
    }
  }
  if (name !== undefined && value.ways.length > 1) rebind(state, name, ways.length === 1 ? ways : [[]])
  return true
}

function fillWay(state: State, way: readonly Part[], depth: number): void {
  if (wayEmptiness(state, way) === 'never') return
  const open = way.flatMap((part) => ('of' in part && emptiness(state, part.of) !== 'always' ? [part.of] : []))
  if (new Set(open).size !== 1) return
  setFact(state, open[0]!, 'never')
  if (open[0]!.madeOf && depth < 8) assumeFull(state, open[0]!.madeOf, undefined, depth + 1)
}

// One way among several: the origin itself stays as it is, since another way may not go through it.
function filled(state: State, way: readonly Part[]): readonly Part[] {
  if (wayEmptiness(state, way) === 'never') return way
  const open = way.filter((part) => 'of' in part && emptiness(state, part.of) !== 'always')
  if (open.length !== 1) return way
  return way.map((part) => (part === open[0] && 'of' in part ? { ...part, of: full(part.of) } : part))
}

function rebind(state: State, name: string, ways: readonly (readonly Part[])[]): void {
  const before = state.vars.get(name)
  if (!before?.value || before.refersTo !== undefined) return
  bind(state, name, { ...before, value: { ways, because: before.value.because } })
}

const fulls = new WeakMap<Origin, Origin>()

/** The same origin on a path where it is known not to be empty. */
export function full(origin: Origin): Origin {
  let found = fulls.get(origin)
  if (!found) {
    const { madeOf: _madeOf, ...rest } = origin
    fulls.set(origin, (found = { ...rest, empty: 'never', unset: 'never' }))
  }
  return found
}

const empties = new WeakMap<Origin, Origin>()

/** The same origin on a path where it is known to be empty. */
export function emptied(origin: Origin): Origin {
  let found = empties.get(origin)
  if (!found) {
    const { madeOf: _madeOf, ...rest } = origin
    empties.set(origin, (found = { ...rest, empty: 'always' }))
  }
  return found
}

/** Two paths as one: what holds on both. A value that only one path narrowed keeps what that path knew. */
export function join(a: State, b: State, implicit: (name: string) => Value): State {
  const out: State = fork(a)
  out.status = a.status === b.status ? a.status : 'any'
  out.cwd = joinDirectories(a.cwd, b.cwd)
  out.out = a.out === b.out ? a.out : { ways: uniqueWays([...a.out.ways, ...b.out.ways]), because: [] }
  out.foreign = Math.max(a.foreign, b.foreign)
  out.made = a.made === b.made ? a.made : new Set([...a.made].filter((path) => b.made.has(path)))
  out.functions = a.functions === b.functions ? a.functions : new Map([...a.functions, ...b.functions])
  out.traps = a.traps === b.traps ? a.traps : new Map([...a.traps, ...b.traps])
  out.args = sameArguments(a.args, b.args) ? a.args : joinArguments(a.args, b.args)
  out.flags = a.flags === b.flags ? a.flags : joinFlags(a.flags, b.flags)
  joinFacts(a, b, out)
  out.scope = joinScopes(a, a.scope, b, b.scope, out, implicit)
  for (const name of a.vars.differing(b.vars)) {
    out.vars.set(
      name,
      joinBindings(a, a.vars.get(name), b, b.vars.get(name), out, () => implicit(name)),
    )
  }
  return out
}

// What `local` hid on two paths that meet inside a function.
function joinScopes(
  a: State,
  one: Scope | undefined,
  b: State,
  two: Scope | undefined,
  joined: State,
  implicit: (name: string) => Value,
): Scope | undefined {
  if (one === two || !one || !two) return one
  const hidden = new Map<string, Binding | undefined>()
  for (const name of new Set([...one.hidden.keys(), ...two.hidden.keys()])) {
    const left = one.hidden.has(name) ? one.hidden.get(name) : a.vars.get(name)
    const right = two.hidden.has(name) ? two.hidden.get(name) : b.vars.get(name)
    hidden.set(name, left === right ? left : joinBindings(a, left, b, right, joined, () => implicit(name)))
  }
  const args = sameArguments(one.args, two.args) ? one.args : joinArguments(one.args, two.args)
  return { hidden, outer: joinScopes(a, one.outer, b, two.outer, joined, implicit), args }
}

function joinFacts(a: State, b: State, out: State): void {
  for (const origin of a.facts.differing(b.facts)) {
    const one = emptiness(a, origin)
    const two = emptiness(b, origin)
    const guards = [...new Set([...(a.facts.get(origin)?.guards ?? []), ...(b.facts.get(origin)?.guards ?? [])])].slice(
      -3,
    )
    const both = one === two && (one === 'never' || one === 'always') ? one : undefined
    out.facts.set(origin, both ? { empty: both, guards } : guards.length > 0 ? { guards } : undefined)
  }
}

function joinBindings(
  a: State,
  one: Binding | undefined,
  b: State,
  two: Binding | undefined,
  joined: State,
  implicit: () => Value,
): Binding {
  const left = one ? (one.value ?? nothing) : implicit()
  const right = two ? (two.value ?? nothing) : implicit()
  const ways = sameWays(left.ways, right.ways)
    ? left.ways
    : uniqueWays([...left.ways.map((way) => keep(way, a, joined)), ...right.ways.map((way) => keep(way, b, joined))])
  const because =
    left.because === right.because ? left.because : [...new Set([...left.because, ...right.because])].slice(-4)
  const elements =
    one?.elements && two?.elements && one.elements.length === two.elements.length ? one.elements : undefined
  const refersTo = one?.refersTo === two?.refersTo ? one?.refersTo : undefined
  return {
    value: { ways, because },
    exported: (one?.exported ?? false) || (two?.exported ?? false),
    since: Math.min(one?.since ?? 0, two?.since ?? 0),
    ...(elements ? { elements } : {}),
    ...(refersTo !== undefined ? { refersTo } : {}),
  }
}

function keep(way: readonly Part[], from: State, joined: State): readonly Part[] {
  if (!way.some((part) => 'of' in part)) return way
  return way.flatMap((part): readonly Part[] => {
    if (!('of' in part)) return [part]
    const own = emptiness(from, part.of)
    const later = emptiness(joined, part.of)
    if (own === later) return [part]
    if (own === 'always') return [{ ...part, of: emptied(part.of) }]
    return own === 'never' ? [{ ...part, of: full(part.of) }] : [part]
  })
}

/** Ways without repetition, at most `mostWays`; those that can be empty are kept first, since they are what a rule asks about. */
export function uniqueWays(ways: readonly (readonly Part[])[]): readonly (readonly Part[])[] {
  const out: (readonly Part[])[] = []
  for (const way of ways) if (!out.some((known) => sameWay(known, way))) out.push(way)
  if (out.length <= mostWays) return out
  const plain = (way: readonly Part[]): number => (way.length === 0 ? 0 : way.every((part) => 'of' in part) ? 1 : 2)
  return out.sort((a, b) => plain(a) - plain(b)).slice(0, mostWays)
}

function sameWay(a: readonly Part[], b: readonly Part[]): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  return a.every((part, i) => {
    const other = b[i]!
    return 'of' in part
      ? 'of' in other && other.of === part.of
      : !('of' in other) && other.text === part.text && other.glob === part.glob
  })
}

/** Whether two values are the same texts and origins. */
export function sameWays(a: readonly (readonly Part[])[], b: readonly (readonly Part[])[]): boolean {
  return a === b || (a.length === b.length && a.every((way, i) => sameWay(way, b[i]!)))
}

function joinDirectories(a: readonly Directory[], b: readonly Directory[]): readonly Directory[] {
  if (a === b) return a
  const out = [...a]
  for (const one of b) {
    if (!out.some((known) => sameWay(known.way, one.way) && known.lost?.at.start === one.lost?.at.start)) out.push(one)
  }
  return out.length > mostWays ? out.slice(0, mostWays) : out
}

function sameArguments(a: Arguments, b: Arguments): boolean {
  return (
    a === b ||
    (a.open === b.open &&
      a.known.length === b.known.length &&
      a.known.every((value, i) => sameWays(value.ways, b.known[i]!.ways)))
  )
}

function joinArguments(a: Arguments, b: Arguments): Arguments {
  if (a.open === b.open && a.known.length === b.known.length) {
    const known = a.known.map((value, i) => ({
      ways: uniqueWays([...value.ways, ...b.known[i]!.ways]),
      because: value.because,
    }))
    return { known, open: a.open }
  }
  // Shifted on one path only: which argument comes next is not told apart any more.
  return { known: [], open: Math.max(a.open ?? 1, b.open ?? 1) }
}

function joinFlags(a: Flags, b: Flags): Flags {
  return {
    errexit: a.errexit && b.errexit,
    nounset: a.nounset && b.nounset,
    pipefail: a.pipefail && b.pipefail,
    lastpipe: a.lastpipe && b.lastpipe,
    nullglob: a.nullglob || b.nullglob,
  }
}

/** Whether two paths know the same: one of them is enough. */
export function same(a: State, b: State): boolean {
  return a.out === b.out && distance(a, b, 0) === 0
}

// A variable that two paths bind otherwise (a flag, an option) tells them apart more than what is known of an input.
const binding = 3

/** In how many names and origins two states differ, counted up to a limit: the nearest are joined first. */
export function distance(a: State, b: State, most: number): number {
  let out = 0
  if (a.cwd !== b.cwd && !(a.cwd.length === b.cwd.length && a.cwd.every((one, i) => one === b.cwd[i]))) out++
  if (!sameArguments(a.args, b.args)) out++
  if (a.functions !== b.functions) out++
  if (out > most) return out
  if (!a.vars.is(b.vars)) out += binding * a.vars.differing(b.vars).length
  if (out > most || a.facts.is(b.facts)) return out
  for (const origin of a.facts.differing(b.facts)) if (a.facts.get(origin)?.empty !== b.facts.get(origin)?.empty) out++
  return out
}
