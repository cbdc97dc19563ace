import type { Files } from '../../discover/files.ts'
import type { Label, Source } from '../../source/source.ts'

/** A family of databases that a project can speak. */
export type Engine = 'mysql' | 'postgres' | 'sqlite' | 'other'

/** Which databases a project speaks, how its connections prepare and fail, and what says so. */
export interface Databases {
  readonly engines: ReadonlySet<Engine>
  /** Whether MySQL or MariaDB is one of them; `unknown` when nothing in the project names a database. */
  readonly mysql: 'yes' | 'no' | 'unknown'
  readonly because: readonly Label[]
  /** Who prepares statements: PDO's default for MySQL is that PHP does (`emulated`). */
  readonly prepares: 'native' | 'emulated' | 'unknown'
  readonly preparesBecause: readonly Label[]
  /** What PDO does with an error; `default`: a connection is made and nothing sets it. */
  readonly errors: 'exception' | 'silent' | 'warning' | 'default' | 'unknown'
  readonly errorsBecause: readonly Label[]
}

interface Sign {
  readonly engine: Engine
  readonly in: RegExp
  readonly shape: RegExp
}

const code = /\.(php|phtml|inc|module|install|[cm]?[jt]sx?)$/
const config = /(^|\/)\.env[^/]*$|\.(ya?ml|json|xml|ini|neon|env|dist|toml)$|(^|\/)[^/]*Dockerfile[^/]*$/

// Each sign is one way of naming a database where a program or a service is told which to use.
const signs: readonly Sign[] = [
  { engine: 'mysql', in: code, shape: /(['"])mysql:(?=[^'"]*(?:host|unix_socket|dbname|port|charset|\$|\{|%|\1))/ },
  { engine: 'mysql', in: code, shape: /\bnew\s+\\?mysqli\b|\bmysqli_(?:connect|init|real_connect|prepare|query)\s*\(/ },
  { engine: 'mysql', in: code, shape: /['"](?:pdo_mysql|mysqli|mysql2?|mariadb)['"]/ },
  {
    engine: 'mysql',
    in: code,
    shape: /ATTR_EMULATE_PREPARES|MYSQL_ATTR_|ENGINE\s*=\s*(?:InnoDB|MyISAM)|AUTO_INCREMENT/,
  },
  {
    engine: 'mysql',
    in: config,
    shape: /\b(?:mysql2?|mariadb|pdo[_-]mysql|mysqli):\/\/|\bpdo_mysql\b|ext-(?:pdo_)?mysqli?\b/,
  },
  { engine: 'mysql', in: config, shape: /DB_(?:CONNECTION|DRIVER|TYPE)\s*[:=]\s*['"]?(?:mysqli?|mariadb)\b/i },
  {
    engine: 'mysql',
    in: config,
    shape: /image:\s*['"]?(?:[\w.-]+\/)*(?:mysql|mariadb|percona)\b|"(?:mysql2?|mariadb)"\s*:/,
  },
  { engine: 'mysql', in: config, shape: /server_?version:\s*['"]?(?:mariadb|5\.|8\.|9\.|10\.\d\d?\.\d+-MariaDB)/i },
  { engine: 'mysql', in: /\.sql$/, shape: /ENGINE\s*=\s*\w+|AUTO_INCREMENT|`\w+`/i },
  {
    engine: 'postgres',
    in: code,
    shape: /(['"])pgsql:|\bpg_(?:connect|query|prepare)\s*\(|['"](?:pdo_pgsql|pgsql|postgres(?:ql)?)['"]/,
  },
  { engine: 'postgres', in: config, shape: /\bpostgres(?:ql)?:\/\/|\bpdo_pgsql\b|ext-(?:pdo_)?pgsql\b|"pg"\s*:/ },
  {
    engine: 'postgres',
    in: config,
    shape: /DB_(?:CONNECTION|DRIVER|TYPE)\s*[:=]\s*['"]?(?:pgsql|postgres)|image:\s*['"]?(?:[\w.-]+\/)*postg/i,
  },
  { engine: 'postgres', in: /\.sql$/, shape: /\bSERIAL\s+PRIMARY|\bRETURNING\s+\w|::\w+|LANGUAGE\s+plpgsql/i },
  {
    engine: 'sqlite',
    in: code,
    shape: /(['"])sqlite:|\bnew\s+\\?SQLite3\b|['"](?:pdo_sqlite|sqlite3?|better-sqlite3)['"]/,
  },
  {
    engine: 'sqlite',
    in: config,
    shape: /\bsqlite:\/\/|\bpdo_sqlite\b|ext-(?:pdo_)?sqlite3?\b|"(?:better-)?sqlite3"\s*:|DB_CONNECTION\s*=\s*sqlite/,
  },
  {
    engine: 'other',
    in: code,
    shape: /(['"])(?:sqlsrv|oci|odbc|firebird|dblib|ibm):|['"](?:pdo_sqlsrv|pdo_oci|sqlsrv|oci8|mongodb?)['"]/,
  },
]

/** What only tests speak of says nothing about production. */
export function isTest(file: string): boolean {
  return /(^|\/)(tests?|spec|specs|__tests__|testing|phpunit)(\/|\.)|(Test|TestCase|Spec|Cest)\.php$|\.(test|spec)\.[cm]?[jt]sx?$|(^|\/)phpunit[^/]*$|\.env\.test/i.test(
    file,
  )
}

const namesDatabase =
  /mysql|mariadb|percona|pgsql|postg|sqlite|sqlsrv|oci|ATTR_|ENGINE|AUTO_INCREMENT|RETURNING|"pg"|mongo/i

/** Finds which databases the project speaks by its DSNs, drivers, services and extensions. */
export function databasesOf(files: Files): Databases {
  const engines = new Set<Engine>()
  const because: Label[] = []
  const settings: Attribute[] = []
  let connects = false
  for (const source of files.all) {
    const relevant = code.test(source.file) || config.test(source.file) || source.file.endsWith('.sql')
    if (!relevant || isTest(source.file)) continue
    const text = source.text.length > 300_000 ? source.text.slice(0, 300_000) : source.text
    if (code.test(source.file)) {
      connects ||= /\bnew\s+\\?PDO\b/.test(text)
      if (text.includes('ATTR_E')) settings.push(...attributesOf(source, text))
    }
    if (!namesDatabase.test(text)) continue
    for (const sign of signs) {
      if (!sign.in.test(source.file)) continue
      const match = sign.shape.exec(text)
      if (!match) continue
      if (sign.engine === 'mysql' && !engines.has('mysql'))
        because.push({
          at: { file: source.file, start: match.index, end: match.index + match[0].length },
          says: 'the project speaks MySQL',
        })
      engines.add(sign.engine)
    }
  }
  const mysql = engines.has('mysql') ? 'yes' : engines.size > 0 ? 'no' : 'unknown'
  return {
    engines,
    mysql,
    because: because.slice(0, 2),
    ...preparesOf(settings, connects),
    ...errorsOf(settings, connects),
  }
}

interface Attribute {
  readonly name: 'ATTR_EMULATE_PREPARES' | 'ATTR_ERRMODE'
  readonly value: string
  readonly label: Label
}

// `PDO::ATTR_X => v` in options and `setAttribute(PDO::ATTR_X, v)`.
function attributesOf(source: Source, text: string): readonly Attribute[] {
  const shape = /\b(ATTR_EMULATE_PREPARES|ATTR_ERRMODE)\s*(?:=>|,)\s*\\?((?:PDO::)?\w+)/gi
  return [...text.matchAll(shape)].map((match) => ({
    name: match[1]!.toUpperCase() as Attribute['name'],
    value: match[2]!.replace(/^PDO::/i, '').toUpperCase(),
    label: { at: { file: source.file, start: match.index, end: match.index + match[0].length }, says: '' },
  }))
}

function preparesOf(
  settings: readonly Attribute[],
  connects: boolean,
): Pick<Databases, 'prepares' | 'preparesBecause'> {
  const own = settings.filter((one) => one.name === 'ATTR_EMULATE_PREPARES')
  const off = own.find((one) => one.value === 'FALSE' || one.value === '0')
  const on = own.find((one) => one.value === 'TRUE' || one.value === '1')
  if (off) return { prepares: 'native', preparesBecause: [{ ...off.label, says: 'prepares are native here' }] }
  if (on) return { prepares: 'emulated', preparesBecause: [on.label] }
  return { prepares: connects && own.length === 0 ? 'emulated' : 'unknown', preparesBecause: [] }
}

function errorsOf(settings: readonly Attribute[], connects: boolean): Pick<Databases, 'errors' | 'errorsBecause'> {
  const own = settings.filter((one) => one.name === 'ATTR_ERRMODE')
  const is = (value: string): Attribute | undefined => own.find((one) => one.value === value)
  if (is('ERRMODE_EXCEPTION')) return { errors: 'exception', errorsBecause: [] }
  const silent = is('ERRMODE_SILENT')
  if (silent) return { errors: 'silent', errorsBecause: [{ ...silent.label, says: 'errors are not reported' }] }
  const warning = is('ERRMODE_WARNING')
  if (warning) return { errors: 'warning', errorsBecause: [{ ...warning.label, says: 'errors are only warnings' }] }
  return { errors: own.length > 0 ? 'unknown' : connects ? 'default' : 'unknown', errorsBecause: [] }
}
