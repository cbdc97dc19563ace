import type { Files } from '../../discover/files.ts'
import type { TsCall, TsFile, TsTest, TsValue, TypescriptEngine } from '../../parse/typescript.ts'
import type { Span } from '../../source/source.ts'
import type { Bind, Read } from '../php/bind.ts'
import type { Schema } from '../sql/schema.ts'
import { readSql, type Role, type Statement, type Verb } from '../sql/statement.ts'
import { looksLikeSql, sqlHole } from '../sql/tokens.ts'
import { isTest, type Databases } from '../stack/database.ts'

/** What a project's TypeScript and JavaScript hands to MySQL and reads from it. */
export interface TypescriptUse {
  readonly binds: readonly Bind[]
  readonly reads: readonly Read[]
  /** Files that speak to MySQL. */
  readonly spoken: readonly string[]
}

const drivers = /['"](mysql2?(?:\/promise)?|mariadb|knex|typeorm|sequelize|@prisma\/client)['"]/
const speaks = /\.\s*(?:query|execute|insert|update|where|raw|\$queryRaw\w*|\$executeRaw\w*)\s*[(`<]/
const thirdParty = /(^|\/)(node_modules|vendor|dist|build|public)\//

/** Reads what the TypeScript and JavaScript of a project hands to MySQL; `engine` is asked for only when a file needs it. */
export function typescriptUseOf(
  files: Files,
  engine: () => TypescriptEngine | undefined,
  databases: Databases,
  schema: () => Schema,
): TypescriptUse & { readonly unread: readonly string[] } {
  const nothing = { binds: [], reads: [], spoken: [], unread: [] }
  if (databases.mysql !== 'yes') return nothing
  const sources = files.of('typescript').filter(({ file }) => !isTest(file) && !thirdParty.test(file))
  const spoken = sources.filter(({ text }) => text.length < 400_000 && speaks.test(text)).slice(0, 400)
  // The files that make connections tell the others' drivers; a project that names none has nothing to look for.
  const makers = sources.filter(({ text }) => text.length < 400_000 && drivers.test(text))
  if (spoken.length === 0 || makers.length === 0) return nothing
  const read = engine()
  if (!read) return { ...nothing, unread: spoken.map(({ file }) => file) }
  const only = new Set(makers.flatMap(({ text }) => driverOf(drivers.exec(text)?.[1]) ?? []))
  const fallback = only.size === 1 ? [...only][0] : undefined
  const trees = read([...new Set([...spoken, ...makers])])
  const text = (file: string): string => files.get(file)?.text ?? ''
  return {
    binds: trees.flatMap((tree) =>
      tree.calls.flatMap((call) =>
        bindsOf(tree.file, call, driverOf(call.module) ?? fallback, schema(), text(tree.file)),
      ),
    ),
    reads: trees.flatMap((tree) =>
      tree.tests.flatMap((test) =>
        readOf(tree, test, driverOf(test.query.module) ?? fallback, schema(), text(tree.file)),
      ),
    ),
    spoken: spoken.map(({ file }) => file),
    unread: [],
  }
}

type Driver = 'mysql2' | 'mysql' | 'mariadb' | 'knex' | 'typeorm' | 'sequelize' | 'prisma'

function driverOf(module: string | undefined): Driver | undefined {
  const name = module?.replace(/\/promise$/, '').replace(/^@prisma\/client$/, 'prisma')
  return name !== undefined && /^(mysql2?|mariadb|knex|typeorm|sequelize|prisma)$/.test(name)
    ? (name as Driver)
    : undefined
}

interface Target {
  readonly verb: Verb | undefined
  readonly role: Role | 'unknown'
  readonly table: string | undefined
  readonly column: string | undefined
}

function bindsOf(
  file: string,
  call: TsCall,
  driver: Driver | undefined,
  schema: Schema,
  text: string,
): readonly Bind[] {
  if (!driver) return []
  const make = (value: TsValue, target: Target, sends: Bind['sends'] = 'number'): readonly Bind[] => {
    const what = whatIs(value, driver, call.method)
    if (!what) return []
    const at: Span = { file, start: value.start, end: value.end }
    const column = target.column === undefined ? undefined : schema.column(target.table, target.column)
    const label = { at: { file, start: call.start, end: call.end }, says: `it is bound here by ${driver}` }
    return [
      {
        at,
        text: shorten(text.slice(at.start, at.end)),
        ...what,
        nullable: false,
        sends: what.value === 'text' ? 'text' : sends,
        type: undefined,
        library: 'Node',
        call: `${call.on}.${call.method}(…)`,
        callAt: label.at,
        verb: target.verb,
        role: target.role,
        columnName: target.column,
        column,
        because: [label],
        mysql: 'yes',
      },
    ]
  }
  if (['query', 'execute', 'raw', '$queryRawUnsafe', '$executeRawUnsafe'].includes(call.method))
    return withSql(call, make)
  if (driver === 'knex') return knex(call, make)
  return []
}

type Make = (value: TsValue, target: Target, sends?: Bind['sends']) => readonly Bind[]

function withSql(call: TsCall, make: Make): readonly Bind[] {
  const sql = call.args[0]
  const rendered = sql && sqlText(sql)
  if (!rendered || !looksLikeSql(rendered.text)) return []
  const statement = readSql(rendered.text)
  const target = (key: string): Target => {
    const slot = statement.slots.get(key)
    return {
      verb: statement.verb,
      role: slot?.role ?? 'unknown',
      table: slot?.table ?? statement.table,
      column: slot?.column,
    }
  }
  const given = call.args[1]
  const list = given?.kind === 'array' ? (given.items ?? []).map((value, i) => ({ key: String(i), value })) : []
  const named =
    given?.kind === 'object' ? (given.entries ?? []).map(({ key, value }) => ({ key: `:${key}`, value })) : []
  const bound = [...list, ...named].flatMap(({ key, value }) => make(value, target(key)))
  const spelled = statement.spelled.flatMap((one) =>
    make(
      { ...sql, kind: 'string', text: one.text, type: [] },
      { verb: statement.verb, role: one.role, table: one.table, column: one.column },
    ),
  )
  return [...bound, ...spelled, ...quoted(rendered.holes, statement, make)]
}

// `'${flag}'`: a boolean between quotes is the word.
function quoted(holes: readonly TsValue[], statement: Statement, make: Make): readonly Bind[] {
  return holes.flatMap((value, i) => {
    const slot = statement.slots.get(String.fromCharCode(sqlHole + i))
    if (!slot?.quoted || !(value.kind === 'boolean' || only(value.type, 'boolean'))) return []
    return make(
      { ...value, kind: 'string', text: 'true', type: [] },
      { verb: statement.verb, role: slot.role, table: slot.table, column: slot.column },
    )
  })
}

function sqlText(value: TsValue): { readonly text: string; readonly holes: readonly TsValue[] } | undefined {
  if (value.kind === 'string') return { text: value.text ?? '', holes: [] }
  if (value.kind === 'object') {
    const inner = value.entries?.find(({ key }) => key === 'sql')?.value
    return inner && sqlText(inner)
  }
  if (value.kind !== 'template') return undefined
  const holes: TsValue[] = []
  const text = value
    .parts!.map((part) => (typeof part === 'string' ? part : String.fromCharCode(sqlHole + holes.push(part) - 1)))
    .join('')
  return { text, holes }
}

function knex(call: TsCall, make: Make): readonly Bind[] {
  const table = call.chain.find(
    ({ method }) => method === '' || method === 'into' || method === 'from' || method === 'table',
  )?.args[0]?.text
  if (table === undefined) return []
  const given = call.args[0]
  const role =
    call.method === 'insert' || call.method === 'update'
      ? 'write'
      : /^(and|or)?where(Not)?$/i.test(call.method)
        ? 'compare'
        : undefined
  if (!role || !given) return []
  const verb: Verb = call.method === 'insert' ? 'insert' : call.method === 'update' ? 'update' : 'select'
  const rows = given.kind === 'array' ? (given.items ?? []) : [given]
  const entries = rows.flatMap((row) => row.entries ?? [])
  const pair = given.kind === 'string' && call.args.length > 1 ? [{ key: given.text!, value: call.args.at(-1)! }] : []
  return [...entries, ...pair].flatMap(({ key, value }) =>
    make(value, { verb, role, table, column: key.replace(/^.*\./, '') }),
  )
}

const only = (type: readonly string[], name: string): boolean => type.length === 1 && type[0] === name

function whatIs(value: TsValue, driver: Driver, method: string): Pick<Bind, 'value' | 'sure'> | undefined {
  if (value.kind === 'boolean') return { value: value.text === 'true' ? 'true' : 'false', sure: 'always' }
  if (value.kind === 'string' && /^(true|false)$/i.test(value.text ?? '')) return { value: 'text', sure: 'always' }
  const strict = driver === 'mysql2' && method === 'execute'
  if (strict && value.kind === 'undefined') return { value: 'undefined', sure: 'always' }
  if (strict && value.text === 'NaN') return { value: 'NaN', sure: 'always' }
  if (value.kind !== 'other') return undefined
  const known = value.type.filter((one) => one !== 'undefined' && one !== 'null')
  if (only(known, 'boolean')) return { value: 'either', sure: 'always' }
  if (known.length > 0 && known.every((one) => one === '"true"' || one === '"false"'))
    return { value: 'text', sure: 'always' }
  if (strict && value.type.includes('undefined')) return { value: 'undefined', sure: 'sometimes' }
  return undefined
}

// mariadb gives booleans for BIT(1); TypeORM and Sequelize convert what their entities declare, raw queries not.
function readOf(tree: TsFile, test: TsTest, driver: Driver | undefined, schema: Schema, text: string): readonly Read[] {
  if (!driver || driver === 'prisma') return []
  const sql = test.query.args[0] && sqlText(test.query.args[0])
  const knexTable = test.query.chain.find(({ method }) => method === '')?.args[0]?.text
  const table = sql ? readSql(sql.text).table : driver === 'knex' ? knexTable : undefined
  if (table === undefined) return []
  const column = schema.column(table, test.property)
  if (!column || /typeCast/.test(text)) return []
  const buffer = column.class === 'bit' && driver !== 'mariadb'
  const tiny = column.class === 'number' && /^(tinyint|bool)/i.test(column.type)
  if (!buffer && !(tiny && test.how === 'compared')) return []
  const at = { file: tree.file, start: test.start, end: test.end }
  const because = [
    { at: column.at, says: `${column.name} is declared here` },
    { at: { file: tree.file, start: test.query.start, end: test.query.end }, says: 'the row comes from here' },
  ]
  return [{ at, text: shorten(text.slice(at.start, at.end)), how: test.how, column, driver, because }]
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 57)}…` : line
}
