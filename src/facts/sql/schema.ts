import type { Files } from '../../discover/files.ts'
import type { Span } from '../../source/source.ts'
import { sqlTokens, type SqlToken } from './tokens.ts'

/** What a column's type makes of a boolean. */
export type ColumnClass = 'number' | 'bit' | 'text' | 'enum' | 'json' | 'date' | 'other'

/** A column as the project's schema, migrations or entities declare it. */
export interface Column {
  readonly table: string | undefined
  readonly name: string
  readonly class: ColumnClass
  /** As declared: `TINYINT(1)`, `ENUM('0','1')`. */
  readonly type: string
  /** An ENUM's values. */
  readonly values: readonly string[]
  readonly at: Span
}

/** The columns that the project declares. */
export interface Schema {
  /** The column of a table; without a table, the only one of that name, or undefined when they differ. */
  column(table: string | undefined, name: string): Column | undefined
}

/** Files with more text than this are data dumps: only their first part is read. */
const longest = 1_000_000

/** Reads CREATE and ALTER TABLE wherever they stand, migrations' column calls, and entities' column attributes. */
export function schemaOf(files: Files): Schema {
  const byName = new Map<string, Column[]>()
  const add = (column: Column): void => {
    const name = column.name.toLowerCase()
    const known = byName.get(name)
    if (known) known.push(column)
    else byName.set(name, [column])
  }
  for (const source of files.of('sql', 'php')) {
    const text = source.text.length > longest ? source.text.slice(0, longest) : source.text
    if (/\b(?:CREATE|ALTER)\s+(?:TEMPORARY\s+)?TABLE\b/i.test(text))
      for (const one of tables(source.file, text)) add(one)
    if (files.kind(source.file) !== 'sql' && declares.test(text)) for (const one of calls(source.file, text)) add(one)
  }
  return {
    column: (table, name) => {
      const all = byName.get(name.toLowerCase()) ?? []
      const own = table ? all.filter((one) => one.table?.toLowerCase() === table.toLowerCase()) : []
      const fitting = own.length > 0 ? own : all.filter((one) => !table || one.table === undefined)
      // A later migration changes what an earlier one declared.
      const last = fitting.at(-1)
      if (own.length > 0) return last
      return fitting.every((one) => one.class === last?.class) ? last : undefined
    },
  }
}

function* tables(file: string, text: string): Iterable<Column> {
  const opening =
    /\b(CREATE\s+(?:TEMPORARY\s+)?TABLE|ALTER\s+TABLE)\s+(?:IF\s+NOT\s+EXISTS\s+|IF\s+EXISTS\s+)?((?:[`"]?[\w$-]+[`"]?\.)?[`"]?[\w$-]+[`"]?)/gi
  let read = 0
  for (const match of text.matchAll(opening)) {
    if (++read > 2000) return
    const table = match[2]!.replace(/^.*\./, '').replace(/[`"]/g, '')
    const from = match.index + match[0].length
    const until = text.indexOf(';', from)
    const body = text.slice(from, Math.min(until === -1 ? text.length : until, from + 20_000))
    const tokens = sqlTokens(body)
    const columns = /^alter/i.test(match[1]!) ? altered(tokens) : created(tokens)
    for (const [name, type] of columns) {
      const column = columnOf(tokens, name, type, body)
      if (!column) continue
      const at = { file, start: from + tokens[name]!.start, end: from + column.end }
      yield { table, name: tokens[name]!.text, class: column.class, type: column.type, values: column.values, at }
    }
  }
}

const notAColumn = /^(primary|key|index|unique|constraint|foreign|fulltext|spatial|check|like)$/i

// Indices of name and type of each column of `( name TYPE …, … )`.
function* created(tokens: readonly SqlToken[]): Iterable<readonly [number, number]> {
  if (tokens[0]?.text !== '(') return
  let depth = 0
  let begins = false
  for (let i = 0; i < tokens.length; i++) {
    const { text, kind } = tokens[i]!
    if (begins && depth === 1 && (kind === 'name' || (kind === 'word' && !notAColumn.test(text)))) yield [i, i + 1]
    begins = false
    if (text === '(' && kind === 'mark') begins = ++depth === 1
    else if (text === ')' && kind === 'mark') {
      if (--depth === 0) return
    } else if (text === ',' && kind === 'mark') begins = depth === 1
  }
}

// `ADD [COLUMN] c TYPE`, `MODIFY [COLUMN] c TYPE`, `CHANGE [COLUMN] old c TYPE`.
function* altered(tokens: readonly SqlToken[]): Iterable<readonly [number, number]> {
  for (let i = 0; i < tokens.length; i++) {
    const word = tokens[i]!.kind === 'word' ? tokens[i]!.text.toLowerCase() : ''
    if (word !== 'add' && word !== 'modify' && word !== 'change') continue
    let at = i + 1
    if (tokens[at]?.text.toLowerCase() === 'column') at++
    if (word === 'change') at++
    const name = tokens[at]
    if (!name || (name.kind !== 'word' && name.kind !== 'name')) continue
    if (name.kind === 'word' && notAColumn.test(name.text)) continue
    yield [at, at + 1]
  }
}

interface Typed {
  readonly class: ColumnClass
  readonly type: string
  readonly values: readonly string[]
  readonly end: number
}

function columnOf(tokens: readonly SqlToken[], _name: number, at: number, body: string): Typed | undefined {
  const type = tokens[at]
  if (type?.kind !== 'word') return undefined
  let end = at
  const values: string[] = []
  if (tokens[at + 1]?.text === '(') {
    for (end = at + 2; end < tokens.length && tokens[end]!.text !== ')'; end++) {
      if (tokens[end]!.kind === 'string') values.push(tokens[end]!.text)
    }
  }
  const last = tokens[Math.min(end, tokens.length - 1)]!
  return { class: classOf(type.text), type: body.slice(type.start, last.end), values, end: last.end }
}

/** What kind of column a type's name makes. */
export function classOf(type: string): ColumnClass {
  const name = type.toLowerCase()
  if (
    /^(tiny|small|medium|big)?int(eger)?$|^bool(ean)?$|^(decimal|numeric|dec|fixed|float|double|real|serial|year)$/.test(
      name,
    )
  )
    return 'number'
  if (name === 'bit') return 'bit'
  if (name === 'enum' || name === 'set') return 'enum'
  if (name === 'json') return 'json'
  if (/^(date|datetime|timestamp|time)$/.test(name)) return 'date'
  if (/char|text|^n?varchar$/.test(name)) return 'text'
  return 'other'
}

const declares = /->\s*(?:addColumn|boolean|enum|json|dateTime)\s*\(|Column\s*\(/
const builder =
  /->\s*(addColumn|boolean|tinyInteger|enum|json|dateTime|timestamp|string|text|integer)\s*\(\s*['"](\w+)['"](?:\s*,\s*['"](\w+)['"])?/g
const attribute = /(?:@ORM\\|#\[ORM\\|@|#\[)Column\s*\(([^)]*(?:\([^)]*\)[^)]*)*)\)/g
const named: Readonly<Record<string, ColumnClass>> = {
  boolean: 'number',
  tinyInteger: 'number',
  integer: 'number',
  smallint: 'number',
  bigint: 'number',
  decimal: 'number',
  float: 'number',
  enum: 'enum',
  json: 'json',
  dateTime: 'date',
  datetime: 'date',
  timestamp: 'date',
  date: 'date',
  string: 'text',
  text: 'text',
  bit: 'bit',
}

// Migrations' builders (Phinx, Doctrine, Laravel) and Doctrine's column attributes.
function* calls(file: string, text: string): Iterable<Column> {
  const table = /(?:->\s*table|Schema::(?:create|table)|->\s*createTable|->\s*getTable)\s*\(\s*['"](\w+)['"]/g
  const tables = [...text.matchAll(table)].map((match) => [match.index, match[1]!] as const)
  const tableAt = (at: number): string | undefined => tables.filter(([start]) => start < at).at(-1)?.[1]
  for (const match of text.matchAll(builder)) {
    const type = match[1] === 'addColumn' ? (match[3] ?? '') : match[1]!
    const kind = named[type]
    if (!kind) continue
    const start = match.index + match[0].indexOf(match[2]!)
    const at = { file, start, end: match.index + match[0].length }
    yield { table: tableAt(match.index), name: match[2]!, class: kind, type, values: [], at }
  }
  const entity = /Table\s*\(\s*(?:name\s*[:=]\s*)?['"](\w+)['"]/.exec(text)?.[1]
  for (const match of text.matchAll(attribute)) {
    const inside = match[1]!
    const definition = /columnDefinition\s*[:=]\s*["']([^"]*?)["']\s*(?:,|$)/.exec(inside)?.[1]
    const type = definition ?? /type\s*[:=]\s*["'](\w+)["']/.exec(inside)?.[1] ?? ''
    const kind = definition ? classOf(/^\w*/.exec(definition)![0]) : named[type]
    const property = /^[\s\S]{0,300}?\$(\w+)/.exec(text.slice(match.index + match[0].length))
    const name = /name\s*[:=]\s*["'`]+(\w+)/.exec(inside)?.[1] ?? property?.[1]
    if (!kind || !name) continue
    const values = definition ? [...definition.matchAll(/'([^']*)'/g)].map((value) => value[1]!) : []
    const at = { file, start: match.index, end: match.index + match[0].length }
    yield { table: entity, name, class: kind, type, values, at }
  }
}
