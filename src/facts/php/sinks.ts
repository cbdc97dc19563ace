import type { Span } from '../../source/source.ts'
import { looksLikeSql, sqlHole } from '../sql/tokens.ts'
import type { Role, Verb } from '../sql/statement.ts'
import type { Bind, Sends } from './bind.ts'
import type { Event } from './interpret.ts'
import type { Resolve } from './resolve.ts'
import type { FunctionInfo } from './unit.ts'
import { flatParts, select, textOf, unknown, type Argument, type Call, type Value, type Way } from './value.ts'
import type { World } from './world.ts'

/** One value that a call of PDO, mysqli or DBAL hands to a statement. */
export interface Slot {
  readonly value: Value
  readonly at: Span
  /** The placeholder or column it is for: `:name`, `0` for the first `?`, a column's name. */
  readonly key: string | undefined
  readonly sends: Sends
  readonly type: string | undefined
  readonly library: Bind['library']
  /** The statement's text, when it can be told. */
  readonly sql: Value | undefined
  /** For calls that name the table and columns themselves. */
  readonly shape: { readonly verb: Verb; readonly role: Role; readonly table: Value } | undefined
  /** The connection, when it can be told. */
  readonly connection: Value | undefined
}

/** Names of calls that may hand a value to a statement. */
export const sinkNames: ReadonlySet<string> = new Set(
  `execute bindvalue bindparam bind_param mysqli_stmt_bind_param execute_query mysqli_execute_query executestatement
  executequery executeupdate fetchassociative fetchallassociative fetchnumeric fetchallnumeric fetchone fetchfirstcolumn
  fetchallkeyvalue fetchallassociativeindexed fetchassoc fetchcolumn iterateassociative setparameter setparameters
  insert update delete query exec mysqli_query real_query mysqli_real_query multi_query send_long_data
  mysqli_stmt_send_long_data`.split(/\s+/),
)

const dbalClasses = new Set([
  'doctrine\\dbal\\connection',
  'doctrine\\dbal\\driver\\connection',
  'doctrine\\dbal\\drivermanager',
])
const pdoClasses = new Set(['pdo', 'pdostatement'])
const mysqliClasses = new Set(['mysqli', 'mysqli_stmt'])

/** What the receiver of a call is, as far as databases go. */
type Receiver =
  | {
      readonly is: 'statement'
      readonly sql: Value | undefined
      readonly connection: Value | undefined
      readonly library: Bind['library']
    }
  | { readonly is: 'connection'; readonly library: Bind['library']; readonly connection: Value }
  | { readonly is: 'builder'; readonly sql: undefined; readonly connection: Value | undefined }
  | { readonly is: 'other' }
  | { readonly is: 'unknown' }

const statementLike =
  /(?:^|[^a-z])(?:_?(?:stmt|sth|statement|st|sta|query|requete|requ|req|q|prep|prepared|rs|res|result|sql|ins(?:ert)?|upd(?:ate)?|del(?:ete)?|sel(?:ect)?|dbh|pdostatement)\d*)$|(?:stmt|statement|query|sth|requete)\d*$|prepare\(/i
const connectionLike = /(?:conn|connection|dbal|getConnection\(.*\))\W*$/i

/** Tells which values a call hands to which statement. */
export function slotsOf(event: Event, within: FunctionInfo, world: World, resolve: Resolve): readonly Slot[] {
  const { call } = event
  const name = call.name.toLowerCase().replace(/^.*\\/, '')
  if (!sinkNames.has(name)) return []
  const opened = call.how === 'method' ? resolve.open(call.on, within) : call.on
  switch (name) {
    case 'execute':
      return execute(call, receiverOf(call, opened, within, world, resolve), within, world)
    case 'bindvalue':
    case 'bindparam':
      return bindOne(call, receiverOf(call, opened, within, world, resolve))
    case 'bind_param':
      return bindLetters(call.args, receiverOf(call, opened, within, world, resolve), within, world)
    case 'mysqli_stmt_bind_param':
      return bindLetters(
        call.args.slice(1),
        preparedBy(call.args[0]?.value ?? unknown) ?? { is: 'unknown' },
        within,
        world,
      )
    case 'execute_query':
      return listed(call.args[1], call.args[0]?.value, 'mysqli', call.on)
    case 'mysqli_execute_query':
      return listed(call.args[2], call.args[1]?.value, 'mysqli', unknown)
    case 'setparameter':
    case 'setparameters':
      return builder(call, name, receiverOf(call, opened, within, world, resolve))
    case 'insert':
    case 'update':
    case 'delete':
      return tableCall(call, name, receiverOf(call, opened, within, world, resolve))
    case 'query':
    case 'exec':
    case 'real_query':
    case 'multi_query':
      return call.how === 'method' || call.how === 'static' ? interpolated(call.args[0], call, opened) : []
    case 'mysqli_query':
    case 'mysqli_real_query':
      return interpolated(call.args[1], call, unknown)
    case 'send_long_data':
    case 'mysqli_stmt_send_long_data':
      return []
    default:
      return withSql(call, receiverOf(call, opened, within, world, resolve))
  }
}

function receiverOf(call: Call, opened: Value, within: FunctionInfo, world: World, resolve: Resolve): Receiver {
  const prepared = preparedBy(opened) ?? preparedBy(call.on)
  if (prepared) return prepared
  const root = rootOf(opened)
  if (root?.builder)
    return root.dbal || connectionLike.test(root.onText)
      ? { is: 'builder', sql: undefined, connection: root.on }
      : { is: 'other' }
  for (const className of resolve.classes(opened, within)) {
    const lower = className.toLowerCase()
    if (/^doctrine\\dbal\\(driver\\)?(statement|driver\\statement)$/.test(lower)) return statement('Doctrine DBAL')
    if (/^doctrine\\dbal\\query\\querybuilder$/.test(lower))
      return { is: 'builder', sql: undefined, connection: undefined }
    if (world.inherits(className, new Set(['pdostatement']))) return statement('PDO')
    if (world.inherits(className, new Set(['mysqli_stmt']))) return statement('mysqli')
    if (world.inherits(className, dbalClasses))
      return { is: 'connection', library: 'Doctrine DBAL', connection: opened }
    if (world.inherits(className, pdoClasses)) return { is: 'connection', library: 'PDO', connection: opened }
    if (world.inherits(className, mysqliClasses)) return { is: 'connection', library: 'mysqli', connection: opened }
    return { is: 'other' }
  }
  const dbal = /Doctrine\\+(DBAL|ORM|Persistence|Bundle)/.test(world.text(within.file))
  const gives = opened.find((way): way is Extract<Way, { of: 'call' }> => way.of === 'call')
  if (
    gives &&
    /^getConnection$/i.test(gives.call.name) &&
    (dbal || /\b(em|entityManager|doctrine|registry|managerRegistry)\b/i.test(gives.call.onText))
  )
    return { is: 'connection', library: 'Doctrine DBAL', connection: opened }
  if (dbal && connectionLike.test(call.onText))
    return { is: 'connection', library: 'Doctrine DBAL', connection: opened }
  return { is: 'unknown' }
}

const statement = (library: Bind['library']): Receiver => ({
  is: 'statement',
  sql: undefined,
  connection: undefined,
  library,
})

// A statement is what `prepare` gives, with the SQL it was given.
function preparedBy(value: Value): Receiver | undefined {
  for (const way of value) {
    if (way.of !== 'call') continue
    const name = way.call.name.toLowerCase()
    if (name === 'prepare' && way.call.how !== 'function') {
      if (/wpdb$/i.test(way.call.onText)) return { is: 'other' }
      return { is: 'statement', sql: way.call.args[0]?.value, connection: way.call.on, library: 'PDO' }
    }
    if (name === 'mysqli_prepare')
      return { is: 'statement', sql: way.call.args[1]?.value, connection: unknown, library: 'mysqli' }
    if (name === 'bindvalue' || name === 'bindparam') return preparedBy(way.call.on)
  }
  return undefined
}

// The head of a fluent chain: what `createQueryBuilder` was called on.
function rootOf(
  value: Value,
): { readonly builder: boolean; readonly dbal: boolean; readonly on: Value; readonly onText: string } | undefined {
  let ways = value
  for (let depth = 0; depth < 40; depth++) {
    const way = ways.find((one): one is Extract<Way, { of: 'call' }> => one.of === 'call')
    if (!way) return undefined
    if (/^createQueryBuilder$/i.test(way.call.name)) {
      const classes = way.call.on.flatMap((one) => (one.of === 'object' ? [one.class.toLowerCase()] : []))
      const connected = way.call.on.some((one) => one.of === 'call' && /^getConnection$/i.test(one.call.name))
      return {
        builder: true,
        dbal: connected || classes.some((one) => dbalClasses.has(one)),
        on: way.call.on,
        onText: way.call.onText,
      }
    }
    if (/^createQuery$|^createNativeQuery$|^getQuery$/i.test(way.call.name))
      return { builder: true, dbal: false, on: [], onText: '' }
    ways = way.call.on
  }
  return undefined
}

const consoleOption = /^-/

function execute(call: Call, receiver: Receiver, within: FunctionInfo, world: World): readonly Slot[] {
  const given = call.args[0]
  if (
    !given ||
    call.args.length > 1 ||
    receiver.is === 'other' ||
    receiver.is === 'builder' ||
    receiver.is === 'connection'
  )
    return []
  if (receiver.is === 'unknown') {
    if (call.how === 'function' || !statementLike.test(call.onText)) return []
    if (!/prepare\s*\(|PDO/.test(world.text(within.file))) return []
  }
  const slots = listed(
    given,
    receiver.is === 'statement' ? receiver.sql : undefined,
    libraryOf(receiver, world, within),
    receiver.is === 'statement' ? receiver.connection : undefined,
  )
  return slots.some((slot) => consoleOption.test(slot.key ?? '')) ? [] : slots
}

// PDO and mysqli both have prepare() and execute(): a file that binds by letters is mysqli's.
function libraryOf(receiver: Receiver, world: World, within: FunctionInfo): Bind['library'] {
  if (receiver.is === 'statement' && receiver.library !== 'PDO') return receiver.library
  const text = world.text(within.file)
  if (/\bPDO\b/.test(text)) return 'PDO'
  if (/mysqli|bind_param/.test(text)) return 'mysqli'
  return /Doctrine\\+DBAL/.test(text) ? 'Doctrine DBAL' : 'PDO'
}

/** One slot for each entry of an array of values. */
function listed(
  given: Argument | undefined,
  sql: Value | undefined,
  library: Bind['library'],
  connection: Value | undefined,
  types?: Value,
): readonly Slot[] {
  if (!given) return []
  const rest = { library, sql, shape: undefined, connection }
  return entriesAt(given.value, given.at).flatMap(({ key, value, at }): readonly Slot[] => {
    const typed = types === undefined ? untyped : typeUnder(types, key)
    return typed ? [{ ...rest, ...typed, value, at, key }] : []
  })
}

interface Typed {
  readonly sends: Sends
  readonly type: string | undefined
}

const untyped: Typed = { sends: 'text', type: undefined }

/** The entries of what may be an array: each with its key, its value and the place where the value is written. */
export function entriesAt(
  value: Value,
  at: Span,
): readonly { readonly key: string; readonly value: Value; readonly at: Span }[] {
  return value.flatMap((way) => {
    if (way.of === 'array') {
      const own = [...way.entries].map(([key, entry]) => ({
        key,
        value: entry.value,
        at: entry.at.file === '' ? at : entry.at,
      }))
      return [...own, ...entriesAt(way.rest, at)]
    }
    if (way.of === 'param' || way.of === 'call' || way.of === 'field')
      return [{ key: '*', value: select([way], '*'), at }]
    return []
  })
}

// What a type argument makes of a value; undefined: it cannot be told, so nothing is said.
function typeOf(value: Value): Typed | undefined {
  const way = value.length === 1 ? value[0]! : undefined
  if (way?.of === 'constant') {
    const name = way.name.toUpperCase()
    const type = `${way.class.slice(way.class.lastIndexOf('\\') + 1)}::${way.name}`
    if (name === 'PARAM_STR' || name === 'STRING' || name === 'PARAM_STR_CHAR' || name === 'TEXT')
      return { sends: 'text', type }
    if (name === 'PARAM_BOOL' || name === 'PARAM_INT' || name === 'BOOLEAN' || name === 'INTEGER')
      return { sends: 'number', type }
    return undefined
  }
  const text = textOf(value)
  if (text === undefined) return undefined
  if (text === '5' || text === '1' || text === 'boolean' || text === 'integer') return { sends: 'number', type: text }
  return text === '2' || text === 'string' ? { sends: 'text', type: text } : undefined
}

function typeUnder(types: Value, key: string): Typed | undefined {
  const way = types.length === 1 ? types[0]! : undefined
  if (way?.of === 'null') return untyped
  if (way?.of !== 'array' || way.rest.length > 0 || way.entries.has('*')) return undefined
  const entry = way.entries.get(key)
  return entry ? typeOf(entry.value) : untyped
}

function bindOne(call: Call, receiver: Receiver): readonly Slot[] {
  const [key, given, type] = [call.args[0], call.args[1], call.args[2]]
  if (!given || given.spread || receiver.is === 'other' || receiver.is === 'connection' || call.how === 'function')
    return []
  const typed = type ? typeOf(type.value) : untyped
  if (!typed) return []
  const named = key && textOf(key.value)
  const position = named !== undefined && /^\d+$/.test(named) ? String(Number(named) - 1) : named
  const prepared = receiver.is === 'statement' ? receiver : undefined
  const library = prepared?.library ?? 'PDO'
  return [
    {
      ...typed,
      value: given.value,
      at: given.at,
      key: position,
      library,
      sql: prepared?.sql,
      shape: undefined,
      connection: prepared?.connection,
    },
  ]
}

const letters: Readonly<Record<string, Sends>> = { s: 'text', i: 'number', d: 'number', b: 'blob' }

function bindLetters(
  args: readonly Argument[],
  receiver: Receiver,
  within: FunctionInfo,
  world: World,
): readonly Slot[] {
  const types = args[0] && textOf(args[0].value)
  if (types === undefined || receiver.is === 'other') return []
  const long = /send_long_data/.test(world.text(within.file))
  const prepared = receiver.is === 'statement' ? receiver : undefined
  return args.slice(1).flatMap((arg, i): readonly Slot[] => {
    const letter = types[i] ?? ''
    const sends = letters[letter]
    if (!sends || arg.spread || (sends === 'blob' && long)) return []
    return [
      {
        value: arg.value,
        at: arg.at,
        key: String(i),
        sends,
        type: letter,
        library: 'mysqli',
        sql: prepared?.sql,
        shape: undefined,
        connection: prepared?.connection,
      },
    ]
  })
}

// `executeStatement($sql, $params, $types)` and its kin; on a prepared statement, `executeStatement($params)`.
function withSql(call: Call, receiver: Receiver): readonly Slot[] {
  if (call.how === 'function' || receiver.is === 'other' || receiver.is === 'builder') return []
  if (receiver.is === 'statement') return listed(call.args[0], receiver.sql, receiver.library, receiver.connection)
  const sql = call.args[0]?.value
  const known = receiver.is === 'connection' && receiver.library === 'Doctrine DBAL'
  if (!sql || (!known && !startsLikeSql(sql))) return []
  return listed(call.args[1], sql, 'Doctrine DBAL', call.on, call.args[2]?.value ?? [{ of: 'null' }])
}

/** Whether a value is a text that begins as an SQL statement. */
export function startsLikeSql(value: Value): boolean {
  return value.some((way) => {
    if (way.of !== 'text') return false
    const first = way.parts.find((part) => typeof part !== 'string' || part.trim() !== '')
    return typeof first === 'string' && looksLikeSql(`${first} x`)
  })
}

function builder(call: Call, name: string, receiver: Receiver): readonly Slot[] {
  if (receiver.is !== 'builder') return []
  if (name === 'setparameters')
    return listed(
      call.args[0],
      undefined,
      'Doctrine DBAL',
      receiver.connection,
      call.args[1]?.value ?? [{ of: 'null' }],
    )
  const [key, given, type] = call.args
  if (!given) return []
  const typed = type ? typeOf(type.value) : untyped
  if (!typed) return []
  return [
    {
      ...typed,
      value: given.value,
      at: given.at,
      key: key && textOf(key.value),
      library: 'Doctrine DBAL',
      sql: undefined,
      shape: undefined,
      connection: receiver.connection,
    },
  ]
}

// `insert($table, $data, $types)`, `update($table, $data, $criteria, $types)`, `delete($table, $criteria, $types)`.
function tableCall(call: Call, name: 'insert' | 'update' | 'delete', receiver: Receiver): readonly Slot[] {
  if (receiver.is !== 'connection' || receiver.library !== 'Doctrine DBAL') return []
  const [table, first, second, third] = call.args
  if (!table || !first) return []
  const types = (name === 'update' ? third : second)?.value ?? [{ of: 'null' as const }]
  const shaped = (given: Argument | undefined, role: Role): readonly Slot[] =>
    listed(given, undefined, 'Doctrine DBAL', receiver.connection, types).map((slot) => ({
      ...slot,
      shape: { verb: name, role, table: table.value },
    }))
  return [
    ...shaped(first, name === 'delete' ? 'compare' : 'write'),
    ...(name === 'update' ? shaped(second, 'compare') : []),
  ]
}

// A value written into the SQL text itself: BOOL-07.
function interpolated(arg: Argument | undefined, call: Call, opened: Value): readonly Slot[] {
  if (!arg || !startsLikeSql(arg.value) || /wpdb$/i.test(call.onText)) return []
  const parts = flatParts(arg.value) ?? []
  const library = call.name.toLowerCase().includes('mysqli') ? 'mysqli' : 'PDO'
  const rest = { type: undefined, library, sql: arg.value, shape: undefined, connection: opened } as const
  const out: Slot[] = []
  parts.forEach((part, i) => {
    if (typeof part === 'string') return
    const before = parts[i - 1]
    const after = parts[i + 1]
    const quoted = typeof before === 'string' && /'$/.test(before) && typeof after === 'string' && after.startsWith("'")
    const key = String.fromCharCode(sqlHole + out.length)
    out.push({ ...rest, value: part.value, at: part.at, key, sends: quoted ? 'quoted' : 'bare' })
  })
  return out
}
