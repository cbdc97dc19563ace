import type { Files } from '../../discover/files.ts'
import { parsePhp, walkPhp, type PhpCall, type PhpEngine, type PhpExpression } from '../../parse/php.ts'
import { rubyNodes, rubyText, type RubyCall, type RubyNode, type RubyParser } from '../../parse/ruby.ts'
import type { Label, Source } from '../../source/source.ts'
import { breaksInSql } from './sql.ts'

/** A migration and what in it the code of the release before cannot live with. */
export interface Migration {
  readonly file: string
  readonly breaks: readonly Label[]
}

/** The parsers that a front handed in. */
export interface MigrationParsers {
  readonly php?: PhpEngine
  readonly ruby?: RubyParser
}

const places: readonly RegExp[] = [
  /(^|\/)database\/migrations\/[^/]+\.php$/,
  /(^|\/)(migrations|src\/Migrations|DoctrineMigrations)\/(Version)?\d+\w*\.php$/,
  /(^|\/)db\/migrations?\/\d+\w*\.php$/,
  /(^|\/)db\/migrate\/\d+\w*\.rb$/,
  /(^|\/)(migrations|db|sql)\/(.*\/)?(V\d[\w.]*__|\d{3,}|[\w-]*migration)[\w.-]*\.sql$/i,
]

/** The migration that runs next, by the order of names, in each directory that holds migrations; older ones ran in earlier releases. */
export function newestMigrations(files: Files, parsers: MigrationParsers): readonly Migration[] {
  const newest = new Map<string, Source>()
  for (const source of files.all) {
    if (!places.some((place) => place.test(source.file)) || /(^|\/)(vendor|node_modules|tests?)\//.test(source.file))
      continue
    const directory = source.file.slice(0, source.file.lastIndexOf('/'))
    const known = newest.get(directory)
    if (!known || source.file > known.file) newest.set(directory, source)
  }
  return [...newest.values()].map((source) => ({ file: source.file, breaks: breaksOf(source, parsers) }))
}

function breaksOf(source: Source, parsers: MigrationParsers): readonly Label[] {
  if (source.file.endsWith('.php')) return inPhp(source, parsers.php)
  if (source.file.endsWith('.rb')) return parsers.ruby ? inRuby(source, parsers.ruby) : []
  return breaksInSql(source.text).map(({ start, end, says }) => ({ at: { file: source.file, start, end }, says }))
}

const phpDrops: Readonly<Record<string, string>> = {
  dropColumn: 'drops a column',
  dropColumns: 'drops columns',
  removeColumn: 'drops a column',
  renameColumn: 'renames a column',
  dropTable: 'drops a table',
  drop: 'drops a table',
  dropIfExists: 'drops a table',
  rename: 'renames a table',
  renameTable: 'renames a table',
  changeColumn: 'changes a column’s type',
  dropTimestamps: 'drops columns',
  dropSoftDeletes: 'drops a column',
}
const columnTypes =
  /^(string|integer|bigInteger|unsignedBigInteger|unsignedInteger|tinyInteger|smallInteger|boolean|text|json|date|dateTime|timestamp|decimal|float|double|char|uuid|ulid|enum|foreignId|foreignUuid)$/

// Only the way forward counts: `up()`, `change()`, never `down()`.
function inPhp(source: Source, engine: PhpEngine | undefined): readonly Label[] {
  const out: Label[] = []
  const { tree } = parsePhp(source.text, engine)
  const add = (call: PhpCall, says: string): void =>
    void out.push({ at: { file: source.file, start: call.start, end: call.end }, says })
  walkPhp(tree.body, (node) => {
    if (node.kind === 'function' && node.how === 'method' && !/^(up|change|safeUp|preUp|postUp)$/.test(node.name ?? ''))
      return false
    if (node.kind !== 'call' || typeof node.name !== 'string') return true
    const name = node.name
    if (name === 'addSql' || name === 'execute' || name === 'statement' || name === 'unprepared') {
      const sql = textOf(node.args[0]?.value)
      for (const found of sql ? breaksInSql(sql) : []) add(node, found.says)
    } else if (name in phpDrops && (node.how === 'method' || (node.on as { name?: string }).name?.endsWith('Schema'))) {
      if (name !== 'drop' && name !== 'rename' ? true : node.how === 'static') add(node, phpDrops[name]!)
    } else if (name === 'change' && node.args.length === 0 && isColumn(node)) add(node, 'changes a column')
    else if (name === 'table' && node.how === 'static') requiredColumns(node, add)
    return true
  })
  return out
}

function isColumn(call: PhpCall): boolean {
  for (let on: unknown = call.on, i = 0; i < 10; i++) {
    const inner = on as Partial<PhpCall> & { kind?: string }
    if (inner.kind !== 'call') return false
    if (typeof inner.name === 'string' && columnTypes.test(inner.name)) return true
    on = inner.on
  }
  return false
}

// `Schema::table('users', fn ($t) => $t->string('x'))`: a new column that old code does not fill, with no default.
function requiredColumns(call: PhpCall, add: (call: PhpCall, says: string) => void): void {
  const closure = call.args[1]?.value
  if (closure?.kind !== 'function') return
  for (const statement of closure.body ?? []) {
    const chain =
      statement.kind === 'expression' ? statement.expression : statement.kind === 'return' ? statement.value : undefined
    if (chain?.kind !== 'call') continue
    const names: string[] = []
    for (let on: PhpExpression | undefined = chain; on?.kind === 'call' && names.length < 20;) {
      if (typeof on.name === 'string') names.push(on.name)
      on = 'kind' in on.on && on.on.kind !== 'class' ? on.on : undefined
    }
    if (!names.some((name) => columnTypes.test(name))) continue
    if (names.some((name) => /^(nullable|default|useCurrent|change|virtualAs|storedAs|nullableMorphs)$/.test(name)))
      continue
    add(chain, 'adds a column that must be filled, which the old code does not know')
  }
}

function textOf(node: PhpExpression | undefined): string | undefined {
  if (node?.kind === 'string') return node.value
  if (node?.kind === 'template') return node.parts.map((part) => (part.kind === 'string' ? part.value : ' x ')).join('')
  if (node?.kind === 'binary' && node.operator === '.') return `${textOf(node.left) ?? ' '}${textOf(node.right) ?? ' '}`
  return undefined
}

const rubyDrops: Readonly<Record<string, string>> = {
  remove_column: 'drops a column',
  remove_columns: 'drops columns',
  rename_column: 'renames a column',
  drop_table: 'drops a table',
  rename_table: 'renames a table',
  change_column: 'changes a column’s type',
  change_column_null: 'makes a column required',
  remove_timestamps: 'drops columns',
  remove_reference: 'drops a column',
  remove_belongs_to: 'drops a column',
}

function inRuby(source: Source, parse: RubyParser): readonly Label[] {
  const out: Label[] = []
  const downs: { start: number; end: number }[] = []
  for (const node of rubyNodes(parse(source.text).tree)) {
    if ((node as { kind: string; name?: string }).kind === 'def' && (node as { name?: string }).name === 'down')
      downs.push(node)
    if (node.kind !== 'call') continue
    const says =
      node.name === 'add_column' && isRequired(node) ? 'adds a column that must be filled' : rubyDrops[node.name]
    if (says === undefined || (node.name === 'change_column_null' && isTrue(node.args[2], source))) continue
    out.push({ at: { file: source.file, start: node.start, end: node.end }, says })
  }
  return out.filter(({ at }) => !downs.some((down) => at.start >= down.start && at.end <= down.end))
}

const isTrue = (node: RubyNode | undefined, source: Source): boolean =>
  node !== undefined && source.text.slice(node.start, node.end) === 'true'

// `null: false` and no default.
function isRequired(call: RubyCall): boolean {
  const pairs = call.args.flatMap((arg) => (arg.kind === 'hash' ? arg.pairs : []))
  const named = (name: string): RubyNode | undefined => pairs.find((pair) => rubyText(pair.key) === name)?.value
  const empty = named('null')
  return empty?.kind === 'literal' && empty.value === false && named('default') === undefined
}
