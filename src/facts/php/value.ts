import type { Label, Span } from '../../source/source.ts'

/** Booleans that a condition has ruled out. */
export type Without = 'none' | 'true' | 'false' | 'bool'

/** One thing that a value can be, on some way through the program. */
export type Way =
  /** A boolean; `because` begins with where it comes from. */
  | { readonly of: 'bool'; readonly is: 'true' | 'false' | 'either'; readonly because: readonly Label[] }
  /** The function's own parameter, or what stands below it: `*` is any entry. */
  | {
      readonly of: 'param'
      readonly index: number
      readonly path: readonly string[]
      readonly without: Without
      readonly because: readonly Label[]
    }
  /** What a call gives; resolved when the project is known. */
  | { readonly of: 'call'; readonly call: Call; readonly path: readonly string[]; readonly without: Without }
  /** A property of an object; resolved when the project is known. */
  | {
      readonly of: 'field'
      readonly on: Value
      readonly name: string
      readonly path: readonly string[]
      readonly without: Without
      readonly because: readonly Label[]
    }
  | { readonly of: 'array'; readonly entries: ReadonlyMap<string, Entry>; readonly rest: Value }
  | { readonly of: 'object'; readonly class: string; readonly args: readonly Argument[] }
  | { readonly of: 'text'; readonly parts: readonly (string | Hole)[]; readonly at: Span }
  | { readonly of: 'number'; readonly value?: number }
  | { readonly of: 'null' }
  /** Text from outside: `$_POST`, `getenv()`. */
  | { readonly of: 'input'; readonly name: string }
  /** A class constant: `PDO::PARAM_BOOL`. */
  | { readonly of: 'constant'; readonly class: string; readonly name: string }
  | { readonly of: 'unknown' }

/** What a value can be: a few ways, `unknown` among them when there may be more. */
export type Value = readonly Way[]

/** One entry of an array, with the place where its value is written. */
export interface Entry {
  readonly value: Value
  readonly at: Span
}

/** A value inside a text: `"… $x …"`, `. $x .`. */
export interface Hole {
  readonly value: Value
  readonly at: Span
}

export interface Argument {
  readonly value: Value
  readonly at: Span
  readonly name?: string
  readonly spread: boolean
}

/** A call as it stands in the program, with what its receiver and arguments can be. */
export interface Call {
  readonly how: 'function' | 'method' | 'static' | 'new'
  readonly name: string
  /** Of a method the object, of a static call the class. */
  readonly on: Value
  /** The receiver as written. */
  readonly onText: string
  readonly class: string | undefined
  readonly args: readonly Argument[]
  readonly at: Span
}

/** More ways than this are not told apart. */
const most = 8

export const unknown: Value = [{ of: 'unknown' }]
export const nothing: Value = [{ of: 'null' }]
export const number: Value = [{ of: 'number' }]
export const emptyArray: Value = [{ of: 'array', entries: new Map(), rest: [] }]

/** What a value can be when it comes by one of several ways. */
export function either(...values: readonly Value[]): Value {
  const out: Way[] = []
  for (const way of values.flat()) if (!out.some((known) => same(known, way))) out.push(way)
  if (out.length <= most) return out
  return [...out.filter((way) => way.of !== 'unknown').slice(0, most - 1), { of: 'unknown' }]
}

function same(a: Way, b: Way): boolean {
  if (a === b) return true
  if (a.of !== b.of) return false
  if (a.of === 'bool' && b.of === 'bool') return a.is === b.is
  if (a.of === 'number' && b.of === 'number') return a.value === b.value
  if (a.of === 'param' && b.of === 'param')
    return a.index === b.index && a.without === b.without && a.path.join('\0') === b.path.join('\0')
  if (a.of === 'object' && b.of === 'object') return a.class === b.class && a.args === b.args
  return a.of === 'null' || a.of === 'unknown'
}

/** What stands under a key of a value; `*` stands for any key. */
export function select(value: Value, key: string): Value {
  return either(
    ...value.map((way): Value => {
      switch (way.of) {
        case 'array': {
          if (key === '*')
            return either(...[...way.entries.values()].map((entry) => entry.value), select(way.rest, '*'))
          const entry = way.entries.get(key)
          return entry ? entry.value : way.rest.length > 0 ? select(way.rest, key) : unknown
        }
        case 'param':
        case 'call':
        case 'field':
          return way.path.length < 3 ? [{ ...way, path: [...way.path, key], without: 'none' }] : unknown
        case 'input':
          return [way]
        default:
          return unknown
      }
    }),
  )
}

/** An array with one key set; a value that is not known to be an array keeps its other entries as the rest. */
export function withEntry(value: Value, key: string, entry: Entry): Value {
  const ways = value.length === 0 ? emptyArray : value
  return ways.map((way): Way => {
    const base =
      way.of === 'array'
        ? way
        : { of: 'array' as const, entries: new Map<string, Entry>(), rest: way.of === 'null' ? [] : [way] }
    const entries = new Map(base.entries)
    const name = key === '[]' ? String(nextIndex(base.entries)) : key
    const before = name === '*' ? entries.get('*') : undefined
    entries.set(name, before ? { value: either(before.value, entry.value), at: entry.at } : entry)
    if (entries.size > 200) return { ...base }
    return { of: 'array', entries, rest: base.rest }
  })
}

function nextIndex(entries: ReadonlyMap<string, Entry>): number {
  let next = 0
  for (const key of entries.keys()) if (/^\d+$/.test(key)) next = Math.max(next, Number(key) + 1)
  return next
}

const both = (a: Without, b: Without): Without => (a === 'none' ? b : b === 'none' || a === b ? a : 'bool')

/** A value once a condition has ruled some booleans out. */
export function ruleOut(value: Value, without: Without): Value {
  if (without === 'none') return value
  const out = value.flatMap((way): Value => {
    if (way.of === 'param' || way.of === 'call' || way.of === 'field')
      return [{ ...way, without: both(way.without, without) }]
    if (way.of !== 'bool') return [way]
    if (without === 'bool' || way.is === without) return []
    return way.is === 'either' ? [{ ...way, is: without === 'false' ? 'true' : 'false' }] : [way]
  })
  return out.length > 0 ? out : unknown
}

/** The known text of a value when there is only one. */
export function textOf(value: Value): string | undefined {
  const way = value.length === 1 ? value[0]! : undefined
  if (way?.of === 'number') return way.value === undefined ? undefined : String(way.value)
  if (way?.of !== 'text') return undefined
  let out = ''
  for (const part of way.parts) {
    const text = typeof part === 'string' ? part : textOf(part.value)
    if (text === undefined) return undefined
    out += text
  }
  return out
}

/** A value with a label added to the trail of what in it is a boolean. */
export function told(value: Value, label: Label): Value {
  return value.map((way) =>
    (way.of === 'bool' || way.of === 'param' || way.of === 'field') && way.because.length < 6
      ? { ...way, because: [...way.because, label] }
      : way,
  )
}

/** Whether a value can hold a boolean or what another function decides: only such values need to be kept. */
export function matters(value: Value, depth = 3): boolean {
  return value.some((way) => {
    if (way.of === 'bool' || way.of === 'param' || way.of === 'call' || way.of === 'field') return true
    if (way.of !== 'array' || depth === 0) return false
    return [...way.entries.values()].some((entry) => matters(entry.value, depth - 1)) || matters(way.rest, depth - 1)
  })
}

/** A value that a declaration says is boolean, or null when it allows that. */
export function boolean(says: string, at: Span, nullable: boolean): Value {
  const bool: Way = { of: 'bool', is: 'either', because: [{ at, says }] }
  return nullable ? [bool, { of: 'null' }] : [bool]
}

/** The parts of the first text that a value can be, texts inside it put in place. */
export function flatParts(value: Value, depth = 0): readonly (string | Hole)[] | undefined {
  const way = value.find((one): one is Extract<Way, { of: 'text' }> => one.of === 'text')
  return way?.parts.flatMap((part) => {
    if (typeof part === 'string') return [part]
    const inner = depth < 5 && part.value.length === 1 ? flatParts(part.value, depth + 1) : undefined
    return inner ?? [part]
  })
}
