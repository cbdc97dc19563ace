import { chosen, taken } from './choice.ts'
import type { Directory } from './script.ts'
import {
  type Arguments,
  type Binding,
  emptied,
  emptiness,
  type Fact,
  type Flags,
  fork,
  full,
  sameWay,
  sameWays,
  type Scope,
  type State,
  uniqueWays,
  valueEmptiness,
} from './state.ts'
import { type Certainty, mostWays, type Origin, type Part, textsOf, type Value, valueOf } from './value.ts'

/** What a join asks of the names that it meets. */
export interface Names {
  /** What a name stands for with this binding; undefined: nothing bound it. */
  value(name: string, binding: Binding | undefined): Value
  /** Whether a name that nothing bound is one that the script itself sets elsewhere, and so is unset. */
  own(name: string): boolean
  /** What was empty on the one path and on the other alone. */
  readonly conditions?: readonly (Value | undefined)[] | undefined
}

/** Two paths as one: what holds on both. A value that only one path narrowed keeps what that path knew. */
export function join(a: State, b: State, names: Names): State {
  const out: State = fork(a)
  out.status = a.status === b.status ? a.status : 'any'
  out.cwd = joinDirectories(a.cwd, b.cwd)
  out.out = a.out === b.out ? a.out : { ways: uniqueWays([...a.out.ways, ...b.out.ways]), because: [] }
  out.foreign = Math.max(a.foreign, b.foreign)
  out.absent = out.foreign > 0 ? ownOnly(a) || ownOnly(b) : a.absent && b.absent
  out.made = a.made === b.made ? a.made : new Set([...a.made].filter((path) => b.made.has(path)))
  out.functions = a.functions === b.functions ? a.functions : new Map([...a.functions, ...b.functions])
  out.traps = a.traps === b.traps ? a.traps : new Map([...a.traps, ...b.traps])
  out.args = sameArguments(a.args, b.args) ? a.args : joinArguments(a, a.args, b, b.args, out, names)
  out.flags = a.flags === b.flags ? a.flags : joinFlags(a.flags, b.flags)
  out.doubtful = a.doubtful && b.doubtful
  const conditions = joinFacts(a, b, out)
  names = { ...names, conditions }
  out.scope = joinScopes(a, a.scope, b, b.scope, out, names)
  for (const name of a.vars.differing(b.vars)) {
    out.vars.set(name, joinBindings(name, a, a.vars.get(name), b, b.vars.get(name), out, names))
  }
  return out
}

const ownOnly = (state: State): boolean => state.foreign === 0 || state.absent

// What `local` hid on two paths that meet inside a function.
function joinScopes(
  a: State,
  one: Scope | undefined,
  b: State,
  two: Scope | undefined,
  joined: State,
  names: Names,
): Scope | undefined {
  if (one === two || !one || !two) return one
  const hidden = new Map<string, Binding | undefined>()
  for (const name of new Set([...one.hidden.keys(), ...two.hidden.keys()])) {
    const left = one.hidden.has(name) ? one.hidden.get(name) : a.vars.get(name)
    const right = two.hidden.has(name) ? two.hidden.get(name) : b.vars.get(name)
    hidden.set(name, left === right ? left : joinBindings(name, a, left, b, right, joined, names))
  }
  const args = sameArguments(one.args, two.args) ? one.args : joinArguments(a, one.args, b, two.args, joined, names)
  return { hidden, outer: joinScopes(a, one.outer, b, two.outer, joined, names), args }
}

// What holds on both. What each path found empty and the other did not is the condition on which it was taken.
function joinFacts(a: State, b: State, out: State): Names['conditions'] {
  const conditions: (Value | undefined)[] = [undefined, undefined]
  for (const origin of a.facts.differing(b.facts)) {
    const one = emptiness(a, origin)
    const two = emptiness(b, origin)
    const guards = [...new Set([...(a.facts.get(origin)?.guards ?? []), ...(b.facts.get(origin)?.guards ?? [])])].slice(
      -3,
    )
    const both = jointly(one, two)
    if (one === 'always' && two === 'never') conditions[0] ??= valueOf(origin)
    if (two === 'always' && one === 'never') conditions[1] ??= valueOf(origin)
    const left = a.facts.get(origin)
    const right = b.facts.get(origin)
    const isnt = left?.isnt?.filter((text) => right?.isnt?.includes(text)) ?? []
    const fact: Fact = {
      ...(both ? { empty: both } : {}),
      ...(left?.is !== undefined && left.is === right?.is ? { is: left.is } : {}),
      ...(isnt.length > 0 ? { isnt } : {}),
      guards,
    }
    out.facts.set(origin, Object.keys(fact).length > 1 || guards.length > 0 ? fact : undefined)
  }
  return conditions
}

function jointly(one: Certainty, two: Certainty): Fact['empty'] {
  if (one === two) return one === 'maybe' ? undefined : one
  return (one === 'never' && two === 'unknown') || (one === 'unknown' && two === 'never') ? 'unknown' : undefined
}

function joinBindings(
  name: string,
  a: State,
  one: Binding | undefined,
  b: State,
  two: Binding | undefined,
  joined: State,
  names: Names,
): Binding {
  // Most names that were bound on both ways were bound to the same.
  if (one?.value && two?.value && isAlike(one, two, joined.foreign)) return one.since < two.since ? one : two
  const left = names.value(name, one)
  const right = names.value(name, two)
  const same = sameWays(left.ways, right.ways)
  const sides = [
    { value: left, binding: one, from: a, unless: names.conditions?.[0] },
    { value: right, binding: two, from: b, unless: names.conditions?.[1] },
  ]
  const choice: Choice = { joined, by: left.ways.length + right.ways.length > mostTold ? undefined : name }
  const ways = same ? left.ways : uniqueWays(sides.flatMap((side) => met(side, choice)))
  const sure = one?.value !== undefined && two?.value !== undefined && one.gone === two.gone
  const gone = sure && (same || !one.gone) ? one.gone : goneOf(name, sides, choice, names)
  const because =
    left.because === right.because ? left.because : [...new Set([...left.because, ...right.because])].slice(-4)
  const elements =
    one?.elements && two?.elements && one.elements.length === two.elements.length ? one.elements : undefined
  const refersTo = one?.refersTo === two?.refersTo ? one?.refersTo : undefined
  const both: Binding = {
    value: { ways, because },
    exported: (one?.exported ?? false) || (two?.exported ?? false),
    since: Math.min(one?.since ?? 0, two?.since ?? 0),
    ...(gone && gone.length > 0 ? { gone } : {}),
    ...(elements ? { elements, ...(one?.more || two?.more ? { more: true as const } : {}) } : {}),
    ...(refersTo !== undefined ? { refersTo } : {}),
  }
  // What one path knew already stays the same thing, so that whoever compares the paths next need not look into it.
  return [one, two].find((own) => own !== undefined && isAlike(own, both, joined.foreign)) ?? both
}

const isAlike = (own: Binding, both: Binding, foreign: number): boolean =>
  own.value !== undefined &&
  both.value !== undefined &&
  sameWays(own.value.ways, both.value.ways) &&
  own.exported === both.exported &&
  own.since >= foreign === both.since >= foreign &&
  own.elements === both.elements &&
  own.more === both.more &&
  own.refersTo === both.refersTo &&
  (own.gone ?? []).length === (both.gone ?? []).length &&
  (own.gone ?? []).every((origin, i) => both.gone![i] === origin)

// A name with more ways than that on two paths is a heap: which of them is taken is not told any more.
const mostTold = 8

/** One of two paths that meet. */
interface Side {
  readonly value: Value
  readonly binding?: Binding | undefined
  readonly from: State
  /** It was taken only when this was empty. */
  readonly unless?: Value | undefined
}

/** Where paths meet, and the name whose ways are told apart there. */
interface Choice {
  readonly joined: State
  readonly by: string | undefined
}

// The ways of one path, each as one that may not be taken where the paths have met.
function met({ value, from, unless }: Side, { joined, by }: Choice): readonly (readonly Part[])[] {
  const kept = value.ways.map((way) => keep(way, from, joined))
  return by === undefined ? kept.map(unchosen) : chosen(joined, kept, by, unless)
}

const unchosen = (way: readonly Part[]): readonly Part[] =>
  way.some((part) => 'of' in part && part.of.taken)
    ? way.map((part) => ('of' in part ? { ...part, of: rootOf(part.of) } : part))
    : way

const rootOf = (origin: Origin): Origin => (origin.taken ? rootOf(origin.taken) : origin)

// The ways of a joined value in which the name is unset.
function goneOf(name: string, sides: readonly Side[], { joined, by }: Choice, names: Names): readonly Origin[] {
  const out = new Set<Origin>()
  for (const { value, binding, from, unless } of sides) {
    if (binding && binding.value !== undefined && !binding.gone) continue
    const whole = binding ? binding.value === undefined : names.own(name)
    for (const way of value.ways) {
      const part = way.length === 1 ? way[0]! : undefined
      if (!part || !('of' in part) || !(whole || binding?.gone?.includes(part.of))) continue
      const [kept] = keep(way, from, joined)
      if (kept && 'of' in kept) out.add(by === undefined ? rootOf(kept.of) : taken(joined, kept.of, by, unless))
    }
  }
  return [...out]
}

function keep(way: readonly Part[], from: State, joined: State): readonly Part[] {
  let out: Part[] | undefined
  way.forEach((part, i) => {
    if (!('of' in part) || (part.of.empty === 'never' && !part.of.madeOf && !part.of.taken)) return
    const own = emptiness(from, part.of)
    if ((own !== 'always' && own !== 'never') || own === emptiness(joined, part.of)) return
    out ??= [...way]
    out[i] = { ...part, of: own === 'always' ? emptied(part.of) : full(part.of) }
  })
  return out ?? way
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
      a.least === b.least &&
      a.known.length === b.known.length &&
      a.known.every((value, i) => sameWays(value.ways, b.known[i]!.ways)))
  )
}

function joinArguments(a: State, one: Arguments, b: State, two: Arguments, joined: State, names: Names): Arguments {
  if (one.open === two.open && (one.open === undefined || one.known.length === two.known.length)) {
    const known = Array.from({ length: Math.max(one.known.length, two.known.length) }, (_, i): Value => {
      const name = String(i + 1)
      const left = one.known[i] ?? names.value(name, undefined)
      const right = two.known[i] ?? names.value(name, undefined)
      if (sameWays(left.ways, right.ways)) return left
      const sides = [
        { value: left, from: a },
        { value: right, from: b },
      ]
      return { ways: uniqueWays(sides.flatMap((side) => met(side, { joined, by: name }))), because: left.because }
    })
    const least = Math.min(one.least ?? one.known.length, two.least ?? two.known.length)
    return { known, open: one.open, ...(least < known.length ? { least } : {}) }
  }
  // Shifted on one path only: which argument comes next is not told apart any more.
  return { known: [], open: Math.max(one.open ?? 1, two.open ?? 1) }
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
export function same(a: State, b: State, names: Names): boolean {
  return a.out === b.out && distance(a, b, 0, names) === 0
}

const mostAsked = 8

// A flag, or a choice: two paths that hold other texts, or of which one holds a text and the other nothing.
const flagged = 6
const isText = (value: Value): boolean => textsOf(value)?.some((text) => text !== '') === true

// How much a variable tells two paths apart: a flag, an option, what one of them knows to be there more than two names of a thing.
function unlike(name: string, a: State, b: State, names: Names): number {
  const one = a.vars.get(name)
  const two = b.vars.get(name)
  const left = names.value(name, one)
  const right = names.value(name, two)
  if (sameWays(left.ways, right.ways)) return sameHolding(a, one, b, two) ? 0 : 1
  if (textsOf(left) && textsOf(right)) return flagged
  return valueEmptiness(a, left) === valueEmptiness(b, right) ? 1 : isText(left) || isText(right) ? flagged : 2
}

const sameHolding = (a: State, one: Binding | undefined, b: State, two: Binding | undefined): boolean =>
  one !== undefined &&
  two !== undefined &&
  one.exported === two.exported &&
  one.elements === two.elements &&
  one.refersTo === two.refersTo &&
  one.since >= a.foreign === two.since >= b.foreign &&
  (one.gone === two.gone ||
    (one.gone?.length === two.gone?.length && one.gone?.every((of, i) => of === two.gone?.[i])) === true)

/** In how many names and origins two states differ, counted up to a limit: the nearest are joined first. */
export function distance(a: State, b: State, most: number, names: Names): number {
  let out = 0
  if (a.cwd !== b.cwd && !(a.cwd.length === b.cwd.length && a.cwd.every((one, i) => one === b.cwd[i]))) out++
  if (!sameArguments(a.args, b.args)) out++
  if (a.functions !== b.functions) out++
  if (a.foreign !== b.foreign || a.absent !== b.absent) out++
  if (out > most) return out
  if (!a.vars.is(b.vars)) {
    const differing = a.vars.differing(b.vars)
    // So many tell enough: what each of them knows is not asked.
    const many = differing.length > mostAsked
    for (const name of differing) {
      out += many ? (a.vars.get(name)?.value === b.vars.get(name)?.value ? 0 : 3) : unlike(name, a, b, names)
      if (out > most) return out
    }
  }
  if (out > most || a.facts.is(b.facts)) return out
  for (const origin of a.facts.differing(b.facts)) {
    const one = a.facts.get(origin)
    const two = b.facts.get(origin)
    if (one?.empty !== two?.empty || one?.is !== two?.is || one?.isnt?.join('\n') !== two?.isnt?.join('\n')) out++
  }
  return out
}
