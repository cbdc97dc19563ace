import { Layers } from './layers.ts'
import type { Label } from '../../source/source.ts'
import type { Shell } from '../../parse/shell.ts'
import type { Certainty, Origin, Part, Value } from './value.ts'
import { mostWays, valueOf } from './value.ts'
import type { Frame } from './frame.ts'
import type { Directory } from './script.ts'

/** What a name is bound to. */
export interface Binding {
  /** undefined: it was unset. */
  readonly value: Value | undefined
  /** Elements of an array, in order, when they are known. */
  readonly elements?: readonly Value[]
  /** What the elements came from can give more of them, or none: a glob, a command. */
  readonly more?: true
  readonly exported: boolean
  /** What its ways hold where it was unset: what `set -u` and `${x?}` stop. */
  readonly gone?: readonly Origin[]
  /** `declare -n`: the name it stands for. */
  readonly refersTo?: string
  /** When it was bound: foreign code that ran later may have changed it. */
  readonly since: number
}

/** What is known of an origin on this path. */
export interface Fact {
  /** `unknown`: code that was not read may have ended the script where it is empty. */
  readonly empty?: 'never' | 'always' | 'unknown'
  /** The text that it was found to be, and those that it was found not to be. */
  readonly is?: string
  readonly isnt?: readonly string[]
  /** Guards that were met and that do not prove what they seem to. */
  readonly guards: readonly Label[]
}

/** Positional parameters: those known, then, when `open`, those that the caller gives from `open` on. */
export interface Arguments {
  readonly known: readonly Value[]
  readonly open: number | undefined
  /** So many are surely given; those past it are on some paths. Absent: all that are known. */
  readonly least?: number
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
  /** The shell has ended while it expanded a word: nothing comes after. */
  over: boolean
  flags: Flags
  functions: ReadonlyMap<string, Definition>
  args: Arguments
  scope: Scope | undefined
  traps: ReadonlyMap<string, Trap>
  /** What this path has printed where it is captured. */
  out: Value
  /** When code ran that was not read: it may have set anything. */
  foreign: number
  /** A function of a file that was not read was called whose name says that it ends the script: another path is believed first. */
  doubtful: boolean
  /** There are ways here on which that code did not run: its file is not there. */
  absent: boolean
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
    over: false,
    flags,
    functions: new Map(),
    args,
    scope: undefined,
    traps: new Map(),
    out: nothing,
    foreign: 0,
    doubtful: false,
    absent: false,
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

function setFact(state: State, origin: Origin, empty: 'never' | 'always' | 'unknown'): void {
  const before = state.facts.get(origin)
  if (before?.empty === empty) return
  state.facts.set(origin, { ...before, empty, guards: before?.guards ?? noGuards })
}

/** Notes that what an origin gives is this text. */
export function noteText(state: State, origin: Origin, text: string): void {
  const before = state.facts.get(origin)
  if (before?.is !== text) state.facts.set(origin, { ...before, is: text, guards: before?.guards ?? noGuards })
}

/** Notes that what an origin gives is not this text. */
export function noteOther(state: State, origin: Origin, text: string): void {
  const before = state.facts.get(origin)
  const isnt = before?.isnt ?? []
  if (isnt.length < 8 && !isnt.includes(text))
    state.facts.set(origin, { ...before, isnt: [...isnt, text], guards: before?.guards ?? noGuards })
}

function foundText(state: State, origin: Origin): string | undefined {
  return state.facts.get(origin)?.is ?? (origin.taken ? foundText(state, origin.taken) : undefined)
}

/** The text of a way on this path, where it is known. */
export function textHere(state: State, way: readonly Part[]): string | undefined {
  let out = ''
  for (const part of way) {
    const text = !('of' in part) ? part.text : part.of.empty === 'always' ? '' : foundText(state, part.of)
    if (text === undefined) return undefined
    out += text
  }
  return out
}

/** From here on it is not known whether an origin is empty: code that was not read may have asked. */
export const doubt = (state: State, origin: Origin): void => setFact(state, origin, 'unknown')

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

// What origins that are made of others come to, by all that is known on a path: asked again and again, and each time of all they are made of.
const told = new WeakMap<object, Map<Origin, Certainty>>()

/** Whether what an origin gives can be empty on this path. */
export function emptiness(state: State, origin: Origin, depth = 0): Certainty {
  const fact = state.facts.get(origin)?.empty
  if (fact) return fact
  if (!origin.madeOf && !origin.taken) return origin.empty
  const stamp = state.facts.stamp
  let known = told.get(stamp)
  if (!known) told.set(stamp, (known = new Map()))
  let found = known.get(origin)
  if (!found) {
    found = emptinessOfMade(state, origin, depth)
    // Cut off by depth it holds for this question only.
    if (depth === 0) known.set(origin, found)
  }
  return found
}

function emptinessOfMade(state: State, origin: Origin, depth: number): Certainty {
  if (origin.taken && depth <= 12) {
    // A way that is not taken is as good as full.
    const asked = origin.unless ? valueEmptiness(state, origin.unless, depth + 1) : 'always'
    if (asked === 'never') return 'never'
    const own = emptiness(state, origin.taken, depth + 1)
    return asked === 'unknown' && own !== 'never' ? 'unknown' : own
  }
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
  let always = 0
  let unknown = false
  for (const way of value.ways) {
    const one = wayEmptiness(state, way, depth)
    if (one === 'maybe') return 'maybe'
    if (one === 'always') always++
    else if (one === 'unknown') unknown = true
  }
  if (always > 0) return always === value.ways.length ? 'always' : 'maybe'
  return unknown ? 'unknown' : 'never'
}

/** Narrows a state to the paths on which a value is not empty; false: there are none. `name`: the variable that holds it. */
export function assumeFull(state: State, value: Value, name?: string, depth = 0): boolean {
  const ways = value.ways.filter((way) => wayEmptiness(state, way) !== 'always')
  if (ways.length === 0) return false
  if (ways.length === 1) fillWay(state, ways[0]!, depth)
  if (value.ways.length > 1) for (const way of value.ways) fillChosen(state, way)
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
      const inner = part.of.taken ? valueOf(part.of.taken) : part.of.empty === 'never' ? part.of.madeOf : undefined
      if (inner && depth < 8) assumeEmpty(state, inner, undefined, depth + 1)
    }
  }
  if (name !== undefined && value.ways.length > 1) rebind(state, name, ways.length === 1 ? ways : [[]])
  return true
}

function fillWay(state: State, way: readonly Part[], depth: number): void {
  if (wayEmptiness(state, way) === 'never') return
  const open = way.flatMap((part) => ('of' in part && emptiness(state, part.of) !== 'always' ? [part.of] : []))
  if (new Set(open).size !== 1) return
  const [only] = open
  setFact(state, only!, 'never')
  const inner = only!.taken ? valueOf(only!.taken) : only!.madeOf
  if (inner && depth < 8) assumeFull(state, inner, undefined, depth + 1)
}

// One way among several is full or not taken. Of the origin itself that says nothing: another way may not go through it.
function fillChosen(state: State, way: readonly Part[]): void {
  if (wayEmptiness(state, way) === 'never') return
  const open = new Set(way.flatMap((part) => ('of' in part && part.of.taken ? [part.of] : [])))
  if (open.size === 1 && way.every((part) => 'of' in part && (part.of.taken || emptiness(state, part.of) === 'always')))
    setFact(state, [...open][0]!, 'never')
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
    const { madeOf: _madeOf, taken: _taken, unless: _unless, ...rest } = origin
    fulls.set(origin, (found = { ...rest, empty: 'never', unset: 'never' }))
  }
  return found
}

const empties = new WeakMap<Origin, Origin>()

/** The same origin on a path where it is known to be empty. */
export function emptied(origin: Origin): Origin {
  let found = empties.get(origin)
  if (!found) {
    const { madeOf: _madeOf, taken: _taken, unless: _unless, ...rest } = origin
    empties.set(origin, (found = { ...rest, empty: 'always' }))
  }
  return found
}

/** Ways without repetition, at most `mostWays`; those that can be empty are kept first, since they are what a rule asks about. */
export function uniqueWays(ways: readonly (readonly Part[])[]): readonly (readonly Part[])[] {
  if (ways.length === 1) return ways
  const out: (readonly Part[])[] = []
  for (const way of ways) if (!out.some((known) => sameWay(known, way))) out.push(way)
  if (out.length <= mostWays) return out
  const plain = (way: readonly Part[]): number => (way.length === 0 ? 0 : way.every((part) => 'of' in part) ? 1 : 2)
  return out.sort((a, b) => plain(a) - plain(b)).slice(0, mostWays)
}

/** Whether two ways are the same texts and origins. */
export function sameWay(a: readonly Part[], b: readonly Part[]): boolean {
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
