import type { FunctionInfo } from './unit.ts'
import {
  boolean,
  ruleOut,
  select,
  unknown,
  type Argument,
  type Call,
  type Value,
  type Way,
  type Without,
} from './value.ts'
import type { World } from './world.ts'

/** Follows what an interpreted body left open: whose method is called, of what class a value is, what a call gives. */
export interface Resolve {
  /** The project's own functions that a call runs; `undefined`: it cannot be told, empty: none of the project's. */
  targets(call: Call, within: FunctionInfo): readonly FunctionInfo[] | undefined
  classes(value: Value, within: FunctionInfo, depth?: number): readonly string[]
  /** What a value is once fields and calls are followed. */
  open(value: Value, within: FunctionInfo, depth?: number): Value
}

// Names that so many classes have that a call on an unknown object says nothing.
const common = new Set(
  'add insert update delete save create get set find execute query run remove all fetch replace store handle process init load send write read count exec prepare first push make build check process_data __construct'.split(
    ' ',
  ),
)

/** Calls are followed this deep. */
const deepest = 4

/** The argument that a call gives to a parameter; undefined when it leaves it out. */
export function argumentFor(call: Call, target: FunctionInfo, index: number): Argument | undefined {
  const parameter = target.parameters[index]
  const named = call.args.find((one) => one.name !== undefined && one.name === parameter?.name)
  if (named) return named
  if (parameter?.variadic) {
    const given = call.args.slice(index).filter((one) => one.name === undefined)
    if (given.length === 1 && given[0]!.spread) return given[0]
    const entries = new Map(given.map((one, i) => [String(i), { value: one.value, at: one.at }]))
    return given[0] && { value: [{ of: 'array', entries, rest: [] }], at: given[0].at, spread: false }
  }
  const spread = call.args.findIndex((one) => one.spread)
  if (spread !== -1 && spread <= index) {
    const from = call.args[spread]!
    return { value: select(from.value, String(index - spread)), at: from.at, spread: false }
  }
  const one = call.args[index]
  return one?.name === undefined ? one : undefined
}

/** Makes the follower of a project. */
export function resolver(world: World): Resolve {
  const open = (value: Value, within: FunctionInfo, depth = 0): Value => {
    if (!value.some((way) => way.of === 'field' || way.of === 'call' || way.of === 'constant')) return value
    return value.flatMap((way): Value => {
      if (way.of === 'field') return field(way, within, depth)
      if (way.of === 'call') return called(way, within, depth)
      if (way.of === 'constant') {
        const is = world.class(way.class)?.constants.get(way.name)
        return is ? [{ of: 'bool', is, because: [] }] : [way]
      }
      return [way]
    })
  }

  const down = (value: Value, path: readonly string[], without: Without): Value =>
    ruleOut(path.reduce(select, value), without)

  const field = (way: Extract<Way, { of: 'field' }>, within: FunctionInfo, depth: number): Value => {
    for (const name of classes(way.on, within, depth + 1)) {
      const known = world.field(name, way.name)
      if (!known) continue
      const { declared, written } = known
      const trusted = declared?.native === true || written.every((one) => one.of === 'bool' || one.of === 'null')
      if (declared?.bool && !declared.mixed && trusted && way.path.length === 0) {
        return ruleOut(boolean(`$${way.name} is declared boolean`, declared.at, declared.nullable), way.without)
      }
      if (declared && declared.classes.length > 0)
        return declared.classes.map((one) => ({ of: 'object', class: one, args: [] }))
      if (written.length > 0 && depth < deepest) return down(written, way.path, way.without)
    }
    return unknown
  }

  const called = (way: Extract<Way, { of: 'call' }>, within: FunctionInfo, depth: number): Value => {
    if (depth >= deepest) return unknown
    const targets = targetsOf(way.call, within, depth + 1)
    if (!targets || targets.length === 0) return [way]
    return targets.flatMap((target): Value => {
      const declared = target.returns
      if (declared?.bool && !declared.mixed && way.path.length === 0) {
        const says = `${target.name}() is declared to give a boolean`
        return ruleOut(boolean(says, declared.at, declared.nullable), way.without)
      }
      const given = world.summary(target)?.returns ?? unknown
      const filled = substitute(given, way.call, target)
      const opened = open(filled, target, depth + 1)
      if (declared && declared.classes.length > 0 && !opened.some((one) => one.of === 'object'))
        return declared.classes.map((one) => ({ of: 'object', class: one, args: [] }))
      return down(opened, way.path, way.without)
    })
  }

  const classes = (value: Value, within: FunctionInfo, depth = 0): readonly string[] => {
    const out = new Set<string>()
    if (depth > deepest) return []
    for (const way of value) {
      if (way.of === 'object') out.add(way.class)
      else if (way.of === 'param' && way.path.length === 0)
        for (const name of within.parameters[way.index]?.declared?.classes ?? []) out.add(name)
      else if (way.of === 'field' || way.of === 'call')
        for (const one of open([way], within, depth + 1)) if (one.of === 'object') out.add(one.class)
    }
    return [...out].slice(0, 4)
  }

  const targetsOf = (call: Call, within: FunctionInfo, depth = 0): readonly FunctionInfo[] | undefined => {
    if (call.how === 'function') {
      const own = world.function(call.name)
      return own ? [own] : []
    }
    const known = call.class === undefined ? classes(call.on, within, depth) : [call.class]
    const out: FunctionInfo[] = []
    for (const name of known) {
      const own = world.method(name, call.name)
      if (own && !own.abstract) out.push(own)
      else out.push(...world.implementations(name, call.name))
    }
    if (out.length > 0) return out.slice(0, 4)
    if (known.length > 0) return []
    return byHint(call)
  }

  // An object of no known class: `$this->bellGateway` is a BellGateway; a method that only one class has is that one.
  const byHint = (call: Call): readonly FunctionInfo[] | undefined => {
    const hint = /(\w+)(?:\(\))?$/
      .exec(call.onText)?.[1]
      ?.replace(/^get(?=[A-Z])/, '')
      .replace(/_/g, '')
    if (hint && hint.length > 1) {
      const own = world.shortNamed(hint).flatMap((one) => world.method(one.name, call.name) ?? [])
      if (own.length > 0) return own
    }
    if (common.has(call.name.toLowerCase()) || call.name.length < 5) return undefined
    const named = world.named(call.name)
    return named && named.length === 1 ? named : undefined
  }

  return { targets: (call, within) => targetsOf(call, within), classes, open }
}

/** A value of a callee in the terms of its caller: parameters replaced by what the call gives. */
export function substitute(value: Value, call: Call, target: FunctionInfo, depth = 0): Value {
  if (depth > 4) return unknown
  return value.flatMap((way): Value => {
    if (way.of === 'param') {
      const arg = argumentFor(call, target, way.index)
      const parameter = target.parameters[way.index]
      if (!arg) {
        const is = parameter?.byDefault
        if (is === undefined || is === 'other') return unknown
        return ruleOut(
          [{ of: 'bool', is, because: [{ at: parameter!.at, says: `left out, it is ${is}` }] }],
          way.without,
        )
      }
      return ruleOut(way.path.reduce(select, arg.value), way.without)
    }
    if (way.of === 'text') {
      const parts = way.parts.map((part) =>
        typeof part === 'string' ? part : { ...part, value: substitute(part.value, call, target, depth + 1) },
      )
      return [{ ...way, parts }]
    }
    if (way.of === 'array') {
      const entries = new Map(
        [...way.entries].map(([key, entry]) => [
          key,
          { ...entry, value: substitute(entry.value, call, target, depth + 1) },
        ]),
      )
      return [{ ...way, entries, rest: substitute(way.rest, call, target, depth + 1) }]
    }
    if (way.of === 'field') return [{ ...way, on: substitute(way.on, call, target, depth + 1) }]
    if (way.of === 'call') {
      const args = way.call.args.map((one) => ({ ...one, value: substitute(one.value, call, target, depth + 1) }))
      return [{ ...way, call: { ...way.call, on: substitute(way.call.on, call, target, depth + 1), args } }]
    }
    return [way]
  })
}
