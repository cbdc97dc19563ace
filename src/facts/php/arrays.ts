import type { PhpCall, PhpExpression } from '../../parse/php.ts'
import type { Span } from '../../source/source.ts'
import { keepsEntries } from './builtin.ts'
import {
  either,
  emptyArray,
  ruleOut,
  select,
  textOf,
  unknown,
  withEntry,
  type Entry,
  type Value,
  type Way,
} from './value.ts'

/** What an array function needs of the body that calls it. */
export interface Around {
  value(node: PhpExpression): Value
  variable(name: string): Value | undefined
  change(node: PhpExpression, value: Value): void
  apply(callback: PhpExpression, given: readonly Value[]): Value
  span(node: { readonly start: number; readonly end: number }): Span
  readonly parameters: number
}

const entriesOf = (way: Way): ReadonlyMap<string, Entry> => (way.of === 'array' ? way.entries : new Map())

/** What PHP's array functions make of their arguments; undefined for a function that is none of them. */
export function arrayFunction(name: string, node: PhpCall, around: Around): Value | undefined {
  const arg = (index: number): PhpExpression | undefined => node.args[index]?.value
  const value = (index: number): Value => {
    const one = arg(index)
    return one ? around.value(one) : unknown
  }
  const all = (): readonly Value[] => node.args.map((one) => around.value(one.value))
  if (keepsEntries.has(name)) {
    const given = value(0)
    return name === 'array_values' ? given.map(renumbered) : given
  }
  switch (name) {
    case 'array_merge':
    case 'array_replace':
      return all().reduce((whole, next) => merged(whole, next), emptyArray)
    case 'array_filter': {
      const given = value(0)
      if (node.args.length > 1) return given
      return mapped(given, (one) => ruleOut(one, 'false'))
    }
    case 'array_map': {
      const callback = arg(0)
      if (node.args.length !== 2 || !callback) return (all(), unknown)
      return mapped(value(1), (one) => around.apply(callback, [one]))
    }
    case 'array_combine':
    case 'array_fill_keys':
    case 'array_fill': {
      const given = all().at(-1) ?? unknown
      const each = name === 'array_combine' ? select(given, '*') : given
      return withEntry(emptyArray, '*', { value: each, at: around.span(node.args.at(-1) ?? node) })
    }
    case 'array_push':
    case 'array_unshift': {
      const target = arg(0)
      if (!target) return unknown
      let whole = value(0)
      for (const one of node.args.slice(1)) {
        whole = withEntry(whole, name === 'array_push' ? '[]' : '*', {
          value: around.value(one.value),
          at: around.span(one),
        })
      }
      around.change(target, whole)
      return [{ of: 'number' }]
    }
    case 'compact':
      return all().reduce((whole: Value, one, i) => {
        const key = textOf(one)
        const known = key === undefined ? undefined : around.variable(key)
        return known ? withEntry(whole, key!, { value: known, at: around.span(node.args[i]!) }) : whole
      }, emptyArray)
    case 'func_get_args': {
      const entries = new Map<string, Entry>()
      for (let i = 0; i < around.parameters; i++) {
        const given: Value = [{ of: 'param', index: i, path: [], without: 'none', because: [] }]
        entries.set(String(i), { value: given, at: around.span(node) })
      }
      return [{ of: 'array', entries, rest: unknown }]
    }
    default:
      return undefined
  }
}

function renumbered(way: Way): Way {
  if (way.of !== 'array') return way
  const entries = new Map<string, Entry>()
  let next = 0
  for (const [key, entry] of way.entries) entries.set(key === '*' ? '*' : String(next++), entry)
  return { ...way, entries }
}

function merged(a: Value, b: Value): Value {
  const first = a.find((way) => way.of === 'array')
  if (a.length !== 1 || first?.of !== 'array') return either(a, b)
  return b.map((way): Way => {
    if (way.of !== 'array') return { of: 'array', entries: first.entries, rest: either(first.rest, [way]) }
    const entries = new Map(first.entries)
    for (const [key, entry] of way.entries) {
      let free = key
      if (/^\d+$/.test(key)) for (let i = 0; entries.has((free = String(i))); i++);
      entries.set(free, entry)
    }
    return { of: 'array', entries, rest: either(first.rest, way.rest) }
  })
}

function mapped(value: Value, change: (one: Value) => Value): Value {
  return value.map((way): Way => {
    if (way.of === 'array') {
      const entries = new Map(
        [...entriesOf(way)].map(([key, entry]) => [key, { ...entry, value: change(entry.value) }]),
      )
      return {
        of: 'array',
        entries,
        rest: way.rest.length === 0 ? [] : change(way.rest).length > 0 ? mapped(way.rest, change) : [],
      }
    }
    if (way.of === 'param' || way.of === 'call' || way.of === 'field') {
      const at = { file: '', start: 0, end: 0 }
      return { of: 'array', entries: new Map([['*', { value: change(select([way], '*')), at }]]), rest: [] }
    }
    return { of: 'unknown' }
  })
}
