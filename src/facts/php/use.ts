import type { Files } from '../../discover/files.ts'
import type { PhpEngine } from '../../parse/php.ts'
import type { Unread } from '../../source/source.ts'
import type { Schema } from '../sql/schema.ts'
import { isTest, type Databases } from '../stack/database.ts'
import type { Bind, Sent } from './bind.ts'
import { linker } from './binds.ts'
import type { Summary } from './interpret.ts'
import { resolver } from './resolve.ts'
import { sinkNames } from './sinks.ts'
import { textOf, type Value } from './value.ts'
import { worldOf, type World } from './world.ts'

/** What a project's PHP hands to its databases, and what of it could not be read. */
export interface PhpUse {
  readonly binds: readonly Bind[]
  readonly sent: readonly Sent[]
  readonly read: readonly string[]
  readonly unread: readonly { readonly file: string; readonly part: Unread }[]
}

// A file without one of these hands nothing to a statement; it is parsed only when it calls a function that does.
const mayBind =
  /\b(?:execute(?:_query|Statement|Query|Update)?|bindValue|bindParam|bind_param|mysqli_(?:query|real_query|prepare|execute_query)|setParameters?|fetch(?:All)?(?:Associative|Numeric|KeyValue|One|FirstColumn)\w*)\s*\(|(?:->|::)\s*(?:query|exec|prepare|real_query|multi_query)\s*\(/i
const dbalTable = /Doctrine\\DBAL|getConnection\s*\(/
const tableCalls = /->\s*(?:insert|update|delete)\s*\(/
const dbalNamed = /->\s*(?:insert|update|delete)\s*\(\s*(?:[$'"\w:.\\]+|\n)/
const mayBeBoolean = /\b(?:true|false|bool|boolean|isset|empty|in_array|is_\w+)\b|[!=<>]=|!\s*[$\w]/i

/** Rounds in which callers of helpers, and callers of those, are looked for. */
const rounds = 3

/** Reads what the PHP files of a project hand to MySQL. */
export function phpUseOf(
  files: Files,
  engine: () => PhpEngine | undefined,
  databases: Databases,
  schema: () => Schema,
): PhpUse {
  if (databases.mysql === 'no') return { binds: [], sent: [], read: files.of('php').map((one) => one.file), unread: [] }
  const world = worldOf(files, engine, sinkNames, isTest)
  const resolve = resolver(world)
  const link = linker(world, resolve, schema, (connection, file) => mysqlOf(connection, world.text(file), databases))
  const { chosen, relevant } = whatToRead(world, link)
  const binds: Bind[] = []
  const sent: Sent[] = []
  const unread: { file: string; part: Unread }[] = []
  for (const file of chosen) {
    for (const summary of world.summaries(file, relevant)) {
      binds.push(...link.bindsOf(summary))
      sent.push(...link.sentOf(summary))
      if (summary.cut) {
        const start = summary.info.start
        unread.push({
          file,
          part: { start, end: start, says: `${summary.info.name}() is too long to be walked whole` },
        })
      }
    }
    for (const part of world.unread(file)) unread.push({ file, part })
  }
  return { binds: merged(binds), sent, read: files.of('php').map((one) => one.file), unread }
}

interface Helpers {
  learn(names: ReadonlySet<string>): void
  helperNames(summaries: readonly Summary[]): readonly string[]
}

interface Chosen {
  readonly chosen: readonly string[]
  /** Whether a body's text binds, or calls a function that does. */
  readonly relevant: (text: string) => boolean
}

// First the bodies that bind, then those that call a function which hands a parameter on to a bind, and callers of these.
function whatToRead(world: World, { helperNames, learn }: Helpers): Chosen {
  const binds = (text: string): boolean => mayBind.test(text) || (tableCalls.test(text) && dbalNamed.test(text))
  const inFile = (text: string): boolean => mayBind.test(text) || (tableCalls.test(text) && dbalTable.test(text))
  const chosen = new Set(world.sources.filter(({ text }) => inFile(text)).map(({ file }) => file))
  const known = new Set<string>()
  let names = new Set([...chosen].flatMap((file) => helperNames(world.summaries(file, binds))))
  for (let round = 0; round < rounds && names.size > 0; round++) {
    for (const name of names) known.add(name)
    learn(names)
    const now = names
    const calls = (text: string): boolean => mayBeBoolean.test(text) && callsOne(text, now)
    const callers = world.sources.filter(({ text }) => calls(text))
    for (const { file } of callers) chosen.add(file)
    if (round + 1 === rounds) break
    // Only a function with parameters can hand one on.
    const next = callers.flatMap(({ file }) =>
      helperNames(world.summaries(file, (text) => handsOn.test(text) && callsOne(text, now))),
    )
    names = new Set(next.filter((name) => !known.has(name)))
  }
  return { chosen: [...chosen], relevant: (text) => binds(text) || callsOne(text, known) }
}

const handsOn = /^[^{]*\([^)]*\$/

function callsOne(text: string, names: ReadonlySet<string>): boolean {
  for (const match of text.matchAll(/(?:->|::|\b)(\w+)\s*\(/g)) if (names.has(match[1]!.toLowerCase())) return true
  return false
}

const engines: Readonly<Record<string, 'yes' | 'no'>> = { mysql: 'yes' }

// Where a statement goes: by its connection's DSN, else by what the file and the project speak.
function mysqlOf(connection: Value | undefined, text: string, databases: Databases): 'yes' | 'no' | 'unknown' {
  for (const way of connection ?? []) {
    if (way.of !== 'object' || !/^(?:.*\\)?(?:pdo|mysqli)$/i.test(way.class)) continue
    if (/mysqli$/i.test(way.class)) return 'yes'
    const dsn = way.args[0]?.value ?? []
    const first = dsn.length === 1 && dsn[0]!.of === 'text' ? dsn[0]!.parts[0] : textOf(dsn)
    const prefix = typeof first === 'string' ? /^(\w+):/.exec(first)?.[1]?.toLowerCase() : undefined
    if (prefix) return engines[prefix] ?? 'no'
  }
  if (databases.mysql !== 'unknown') return databases.mysql
  const postgres =
    /\bRETURNING\s+\w|::(?:int|text|bool|jsonb?|uuid|date|timestamp)\b|\bILIKE\b|pgsql|\bpg_\w+\(|INTERVAL\s+'|\$\d\b/i
  return postgres.test(text) ? 'no' : 'unknown'
}

// One finding for each place: several callers that give one place its booleans are told together.
function merged(binds: readonly Bind[]): readonly Bind[] {
  const byPlace = new Map<string, Bind>()
  for (const bind of binds) {
    const key = `${bind.at.file}\0${bind.at.start}\0${bind.at.end}\0${bind.callAt.file}\0${bind.callAt.start}\0${bind.columnName}`
    const known = byPlace.get(key)
    if (!known) byPlace.set(key, bind)
    else if (known.value !== bind.value && isBool(known) && isBool(bind)) {
      const worse = known.value === 'true' ? bind : known
      byPlace.set(key, { ...worse, value: 'either', sure: known.sure === 'always' ? known.sure : bind.sure })
    }
  }
  return [...byPlace.values()]
}

const isBool = (bind: Bind): boolean => bind.value === 'true' || bind.value === 'false' || bind.value === 'either'
