import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lint } from '../../src/lint.ts'
import { rules } from '../../rules/index.ts'
import { parsers } from '../parsers.ts'
import { hasLibrary, missing, startMariaDb, type MariaDb } from './mariadb.ts'
import { rows, type Row } from './rows.ts'

/*
 * The replay: every row is a program. It runs against a real MariaDB, in strict mode and not, with emulated prepares and
 * native ones, and the same file is linted. Wherever the database refused the value or holds another than was meant, the
 * linter must have said so; where it never did, it must be silent.
 */

const absent = missing()
const there = absent.length === 0

interface Ran {
  readonly error: string | null
  readonly stored: string
}

const modes = [true, false].flatMap((strict) => [true, false].map((emulate) => ({ strict, emulate })))

function verdict(row: Row): { readonly flagged: boolean; readonly says: string } {
  const schema = `CREATE TABLE t (id INT, c ${row.column}) ENGINE=InnoDB;\n`
  const files = [
    { file: row.language === 'php' ? 'program.php' : 'program.js', text: row.text },
    { file: 'schema.sql', text: schema },
    { file: 'composer.json', text: '{ "require": { "php": "^8.2", "ext-pdo_mysql": "*" } }' },
  ]
  const id = 'boolean-bind-on-mysql'
  const found = lint({ files, parsers }, { [id]: rules[id]! }).diagnostics.filter((one) => one.severity !== 'info')
  return { flagged: found.length > 0, says: found.map((one) => one.says).join('; ') }
}

describe.skipIf(!there)('booleans against a real MariaDB', () => {
  const home = there ? mkdtempSync(path.join(tmpdir(), 'shiplint-replay-')) : ''
  let database: MariaDb
  const ran = new Map<Row, readonly Ran[]>()
  const runnable = rows.filter((row) => row.needs === undefined || hasLibrary(row.needs))

  const runAll = (language: Row['language'], command: string, driver: string): void => {
    const own = runnable.filter((row) => row.language === language)
    const of = language === 'php' ? modes : modes.filter((mode) => mode.emulate)
    const jobs = own.flatMap((row, i) => {
      const file = path.join(home, `${language}${i}.${language === 'php' ? 'php' : 'cjs'}`)
      writeFileSync(file, row.text)
      const { column, read, before = null } = row
      return of.map((mode) => ({ file, column, read, before, ...mode }))
    })
    const root = path.resolve(import.meta.dirname, '../..')
    const env = { ...process.env, REPLAY_SOCKET: database.socket, NODE_PATH: path.join(root, 'node_modules') }
    const out = execFileSync(command, [path.join(import.meta.dirname, driver)], {
      input: JSON.stringify(jobs),
      env,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    })
    const results = JSON.parse(out) as readonly Ran[]
    own.forEach((row, i) => ran.set(row, results.slice(i * of.length, (i + 1) * of.length)))
  }

  beforeAll(async () => {
    database = await startMariaDb()
    runAll('php', 'php', 'driver.php')
    runAll('js', process.execPath, 'driver.cjs')
  }, 180_000)

  afterAll(async () => {
    await database?.stop()
    rmSync(home, { recursive: true, force: true })
  })

  for (const row of runnable)
    test(`${row.fact} ${row.name}`, () => {
      const runs = ran.get(row)!
      const harm = runs.filter((one) => one.error !== null || one.stored !== row.meant)
      const { flagged, says } = verdict(row)
      const observed = [...new Set(runs.map((one) => one.error?.slice(0, 120) ?? `stored ${one.stored}`))].join(' | ')
      expect({ flagged, observed, says }).toEqual({ flagged: harm.length > 0, observed, says })
    })
})

test.skipIf(there)(
  `skipped: no replay without ${absent.join(', ')} (apt-get install mariadb-server php-mysql)`,
  () => {},
)
