import type { Label, Span } from '../../source/source.ts'
import type { Schema } from '../sql/schema.ts'
import { readSql, type Role, type Statement, type Verb } from '../sql/statement.ts'
import { sqlHole } from '../sql/tokens.ts'
import type { Bind, Sent } from './bind.ts'
import type { Event, Summary } from './interpret.ts'
import { argumentFor, substitute, type Resolve } from './resolve.ts'
import { entriesAt, sinkNames, slotsOf, startsLikeSql, type Slot } from './sinks.ts'
import type { FunctionInfo } from './unit.ts'
import { flatParts, ruleOut, select, textOf, unknown, type Call, type Value, type Way, type Without } from './value.ts'
import type { World } from './world.ts'

/** A call on the way from where a value is named to the call that binds it. */
interface Frame {
  readonly call: Call
  readonly target: FunctionInfo
}

/** A parameter (or what is under it) that reaches a statement. */
interface Reach {
  readonly index: number
  readonly path: readonly string[]
  readonly without: Without
  readonly slot: Slot
  readonly event: Event
  readonly key: string | undefined
  /** Where the value is named on its way into the statement. */
  readonly at: Span
  /** Innermost first. */
  readonly frames: readonly Frame[]
  readonly because: readonly Label[]
}

const deepest = 3
const mostReaches = 60

/** Follows values from where they are named to the statements they reach, within and across functions. */
export function linker(
  world: World,
  resolve: Resolve,
  schema: () => Schema,
  mysqlOf: (connection: Value | undefined, file: string) => 'yes' | 'no' | 'unknown',
) {
  const memo = new Map<string, readonly Reach[]>()
  const helpers = new Set<string>()

  const reachesOf = (info: FunctionInfo, depth: number): readonly Reach[] => {
    const known = memo.get(info.id)
    if (known) return known
    const summary = depth <= deepest ? world.summary(info) : undefined
    if (!summary) return []
    memo.set(info.id, []) // A function that calls itself reaches nothing new by that.
    const out: Reach[] = []
    for (const event of summary.events) {
      for (const spot of spotsOf(event, info, depth)) {
        if (out.length >= mostReaches) break
        // What is written into the SQL text is followed within its function only.
        if (spot.slot.sends === 'bare' || spot.slot.sends === 'quoted') continue
        for (const way of spot.value)
          if (way.of === 'param')
            out.push({
              ...spot,
              index: way.index,
              path: way.path,
              without: way.without,
              because: [...way.because, ...spot.because],
            })
      }
    }
    memo.set(info.id, out)
    return out
  }

  /** Where a value of this body is handed on to a statement: by the call itself, or by a function of the project's that it calls. */
  interface Spot {
    readonly value: Value
    readonly at: Span
    readonly key: string | undefined
    readonly slot: Slot
    readonly event: Event
    readonly frames: readonly Frame[]
    readonly because: readonly Label[]
  }

  const spotsOf = (event: Event, within: FunctionInfo, depth: number): readonly Spot[] => {
    const name = nameOf(event)
    if (!sinkNames.has(name) && !helpers.has(name)) return []
    const targets = resolve.targets(event.call, within)
    if (targets && targets.length > 0) return targets.flatMap((target) => throughCall(event, target, depth))
    return slotsOf(event, within, world, resolve).flatMap((slot) => {
      const base = { slot, event, frames: [], because: [] }
      return [{ ...base, value: resolve.open(slot.value, within), at: slot.at, key: slot.key }]
    })
  }

  const throughCall = (event: Event, target: FunctionInfo, depth: number): readonly Spot[] =>
    reachesOf(target, depth + 1).flatMap((reach) => {
      const arg = argumentFor(event.call, target, reach.index)
      const frames = [...reach.frames, { call: event.call, target }]
      const base = { slot: reach.slot, event: reach.event, frames }
      const says = `${event.text.length < 60 ? event.text : `${target.name}(…)`} hands it on`
      const handed: Label = { at: event.call.at, says }
      if (!arg) {
        const parameter = target.parameters[reach.index]
        const is = parameter?.byDefault
        if (reach.path.length > 0 || (is !== 'true' && is !== 'false') || event.call.args.some((one) => one.spread))
          return []
        const value: Value = [
          {
            of: 'bool',
            is,
            because: [{ at: event.call.at, says: `the call leaves $${parameter!.name} out, which is ${is} then` }],
          },
        ]
        return [{ ...base, value: ruleOut(value, reach.without), at: reach.at, key: reach.key, because: reach.because }]
      }
      return under(arg.value, arg.at, reach.path, undefined).map((found) => ({
        ...base,
        value: ruleOut(found.value, reach.without),
        // An entry of an array is named where the array is written, a plain argument where the callee binds it.
        at: reach.path.length > 0 ? found.at : reach.at,
        key: found.key ?? reach.key,
        because: [handed, ...reach.because],
      }))
    })

  const under = (
    value: Value,
    at: Span,
    path: readonly string[],
    key: string | undefined,
  ): readonly { value: Value; at: Span; key: string | undefined }[] => {
    const head = path[0]
    if (head === undefined) return [{ value, at, key }]
    if (head === '*')
      return entriesAt(value, at).flatMap((entry) =>
        under(entry.value, entry.at, path.slice(1), entry.key === '*' ? key : entry.key),
      )
    const found = value.flatMap((way) => (way.of === 'array' && way.entries.has(head) ? [way.entries.get(head)!] : []))
    const place = found[0] && found[0].at.file !== '' ? found[0].at : at
    return under(select(value, head), place, path.slice(1), head)
  }

  const bindsOf = (summary: Summary): readonly Bind[] => {
    const { info } = summary
    return summary.events.flatMap((event) => spotsOf(event, info, 0).flatMap((spot) => bindAt(spot, info)))
  }

  const bindAt = (spot: Spot, within: FunctionInfo): readonly Bind[] => {
    const value = resolve.open(spot.value, within)
    const text = world.text(spot.at.file).slice(spot.at.start, spot.at.end).replace(/\s+/g, ' ')
    const what = whatIs(value, spot, text, /^:?[A-Za-z_]\w*$/.test(spot.key ?? ''))
    if (!what) return []
    const connection = spot.slot.connection
    const mysql = mysqlOf(connection && resolve.open(connection, within), spot.event.call.at.file)
    if (mysql === 'no') return []
    const target = targetOf(spot)
    const columnName = target.column
    return [
      {
        at: spot.at,
        text: text.length > 60 ? `${text.slice(0, 57)}…` : text,
        value: what.is,
        sure: what.sure,
        nullable: value.some((way) => way.of === 'null'),
        sends: spot.slot.sends,
        type: spot.slot.type,
        library: spot.slot.library,
        call: spot.event.text,
        callAt: spot.event.call.at,
        verb: target.verb,
        role: target.role,
        columnName,
        column: columnName === undefined ? undefined : schema().column(target.table, columnName),
        because: trail([...what.because, ...spot.because], spot),
        mysql,
      },
    ]
  }

  const sqlOf = (spot: Spot): Statement | undefined => {
    let sql = spot.slot.sql
    if (!sql) return undefined
    for (const frame of spot.frames) sql = substitute(sql, frame.call, frame.target)
    const text = rendered(sql)
    return text === undefined ? undefined : readSql(text)
  }

  const targetOf = (
    spot: Spot,
  ): { verb: Verb | undefined; role: Role | 'unknown'; table: string | undefined; column: string | undefined } => {
    const { shape } = spot.slot
    const named =
      spot.key !== undefined && /^:?[A-Za-z_]\w*$/.test(spot.key) ? spot.key.replace(/^:/, '').toLowerCase() : undefined
    if (shape) {
      let table = shape.table
      for (const frame of spot.frames) table = substitute(table, frame.call, frame.target)
      return { verb: shape.verb, role: shape.role, table: textOf(table), column: named }
    }
    const statement = sqlOf(spot)
    const key = spot.key
    const slot =
      statement && key !== undefined ? (statement.slots.get(key) ?? statement.slots.get(`:${key}`)) : undefined
    const open = statement !== undefined && [...statement.slots.keys()].some((one) => one >= '\ue000')
    if (slot) {
      const column = slot.column ?? (open ? named : undefined)
      return { verb: statement!.verb, role: slot.role, table: slot.table, column }
    }
    // A statement that is known whole has no such placeholder: what is given for it goes nowhere.
    if (statement && !open && key !== '*')
      return { verb: statement.verb, role: 'other', table: undefined, column: undefined }
    const verb = statement?.verb ?? verbOf(spot)
    const role =
      verb === 'insert' || verb === 'update' ? 'write' : verb === 'select' || verb === 'delete' ? 'compare' : 'unknown'
    return { verb, role, table: statement?.table, column: named }
  }

  // Without the SQL, the name of the helper says what it does: `insert('bell', […])`.
  const verbOf = (spot: Spot): Verb | undefined => {
    for (const { target } of spot.frames) {
      const name = /^(insert|add|create|replace|store)/i.exec(target.name)
        ? 'insert'
        : /^(update|save|set|modify)/i.exec(target.name)
          ? 'update'
          : undefined
      const reads = /^(delete|remove)/i.test(target.name)
        ? 'delete'
        : /^(select|fetch|find|get|count|exists)/i.test(target.name)
          ? 'select'
          : undefined
      if (name ?? reads) return name ?? reads
    }
    return undefined
  }

  const sentOf = (summary: Summary): readonly Sent[] =>
    summary.events.flatMap((event): readonly Sent[] => {
      const name = event.call.name.toLowerCase()
      if (
        event.call.how === 'new' ||
        !['execute', 'query', 'exec', 'executestatement', 'executequery', 'executeupdate'].includes(name)
      )
        return []
      const targets = resolve.targets(event.call, summary.info)
      if (targets && targets.length > 0) return []
      const sql = statementOf(event, summary.info, name)
      if (!sql) return []
      const { statement, library, variable } = sql
      const asked =
        variable !== undefined &&
        new RegExp(`\\$${variable}\\s*->\\s*(errorCode|errorInfo|rowCount|affected_rows|error)\\b`).test(
          world.text(summary.info.file),
        )
      const mysql = mysqlOf(sql.connection && resolve.open(sql.connection, summary.info), summary.info.file)
      if (mysql === 'no') return []
      return [
        {
          at: event.call.at,
          text: event.text,
          library,
          verb: statement?.verb,
          table: statement?.table,
          unused: event.unused && !asked,
          caught: event.caught,
        },
      ]
    })

  const statementOf = (
    event: Event,
    info: FunctionInfo,
    name: string,
  ):
    | {
        statement: Statement | undefined
        library: Sent['library']
        variable: string | undefined
        connection: Value | undefined
      }
    | undefined => {
    const { call } = event
    const variable = /^\$(\w+)$/.exec(call.onText)?.[1]
    const opened = resolve.open(call.on, info)
    if (name === 'execute') {
      const prepare = opened.find(
        (way): way is Extract<Way, { of: 'call' }> => way.of === 'call' && way.call.name.toLowerCase() === 'prepare',
      )
      if (!prepare || /wpdb$/i.test(prepare.call.onText)) return undefined
      const text = rendered(prepare.call.args[0]?.value ?? unknown)
      const library = /bind_param|mysqli/.test(world.text(info.file)) ? 'unknown' : 'PDO'
      return {
        statement: text === undefined ? undefined : readSql(text),
        library,
        variable,
        connection: prepare.call.on,
      }
    }
    const given = call.args[0]?.value
    if (!given || !startsLikeSql(given) || /wpdb$/i.test(call.onText)) return undefined
    const text = rendered(given)
    const pdo = resolve.classes(call.on, info).some((one) => world.inherits(one, new Set(['pdo'])))
    return {
      statement: text === undefined ? undefined : readSql(text),
      library: pdo ? 'PDO' : 'unknown',
      variable,
      connection: call.on,
    }
  }

  return {
    bindsOf,
    sentOf,
    /** From now on, calls by these names are followed. */
    learn: (names: ReadonlySet<string>): void => {
      for (const name of names) helpers.add(name)
      memo.clear()
    },
    /** Names of functions, of those that these summaries are of, whose parameters reach a statement. */
    helperNames: (summaries: readonly Summary[]): readonly string[] =>
      summaries
        .filter((summary) => summary.info.name !== '' && reachesOf(summary.info, 0).length > 0)
        .map((summary) =>
          summary.info.name === '__construct' ? shortOf(summary.class ?? '') : summary.info.name.toLowerCase(),
        ),
  }
}

const nameOf = ({ call }: Event): string =>
  call.name === '__construct' ? shortOf(call.class ?? '') : call.name.toLowerCase().replace(/^.*\\/, '')

const shortOf = (name: string): string => name.slice(name.lastIndexOf('\\') + 1).toLowerCase()

// The booleans (or texts that spell one, or input) that a slot can be given; undefined: nothing to say.
function whatIs(
  value: Value,
  spot: { readonly slot: Slot },
  text: string,
  named: boolean,
): { is: Bind['value']; sure: Bind['sure']; because: readonly Label[] } | undefined {
  const bools = value.filter((way): way is Extract<Way, { of: 'bool' }> => way.of === 'bool')
  if (bools.length === 0) return otherwise(value, spot)
  // Text beside a boolean speaks of a text column, or of `false` as "there is none".
  if (value.some((way) => way.of === 'text' || way.of === 'object' || way.of === 'array')) return undefined
  const mixed = value.some((way) => way.of !== 'bool' && way.of !== 'null' && way.of !== 'number')
  // `?? false` and `: false` say what is bound; a `false` that a call or a branch may have left is often "there is none".
  const chosen = /\?/.test(text) || (named && !value.some((way) => way.of === 'unknown' || way.of === 'call'))
  if (mixed && !chosen) return undefined
  const kinds = new Set(bools.map((way) => way.is))
  const is = kinds.size === 1 ? bools[0]!.is : 'either'
  const first = bools.find((way) => way.is !== 'true') ?? bools[0]!
  return { is, sure: mixed ? 'sometimes' : 'always', because: first.because }
}

function otherwise(
  value: Value,
  spot: { readonly slot: Slot },
): { is: Bind['value']; sure: Bind['sure']; because: readonly Label[] } | undefined {
  const text = textOf(value)
  if (text !== undefined && /^(true|false)$/i.test(text)) return { is: 'text', sure: 'always', because: [] }
  if (value.length === 1 && value[0]!.of === 'input') return { is: 'input', sure: 'always', because: [] }
  if (spot.slot.sends === 'blob' && value.length > 0) return { is: 'unknown', sure: 'always', because: [] }
  return undefined
}

const boundHere: Readonly<Record<Slot['sends'], string>> = {
  text: 'it is bound here without a type',
  number: 'it is bound here as a number',
  blob: 'it is bound here as a BLOB',
  bare: 'it is written into the SQL here',
  quoted: 'it is written into the SQL here',
}

const boundBy = (slot: Slot): string =>
  slot.type && slot.sends !== 'blob' ? `it is bound here with ${slot.type}` : boundHere[slot.sends]

function trail(
  labels: readonly Label[],
  spot: { readonly at: Span; readonly event: Event; readonly slot: Slot },
): readonly Label[] {
  const out: Label[] = []
  const seen = new Set<string>()
  for (const label of [...labels, { at: spot.event.call.at, says: boundBy(spot.slot) }]) {
    const key = `${label.at.file}:${label.at.start}`
    const own = label.at.file === spot.at.file && label.at.start === spot.at.start && label.at.end === spot.at.end
    if (label.says === '' || own || label.at.file === '' || seen.has(key)) continue
    seen.add(key)
    out.push(label)
  }
  return out.length > 6 ? [...out.slice(0, 3), ...out.slice(-3)] : out
}

/** A statement's text with a private-use character for each value in it; undefined when the text is not known. */
function rendered(value: Value): string | undefined {
  let holes = 0
  return flatParts(value)
    ?.map((part) => (typeof part === 'string' ? part : String.fromCharCode(sqlHole + Math.min(holes++, 4000))))
    .join('')
}
