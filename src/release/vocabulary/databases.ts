import { operand, valueOf, type Row } from './row.ts'

/** Databases by their own clients. */
export const databases: readonly Row[] = [
  {
    example: 'mysqldump --single-transaction app',
    call: 'mysqldump|mariadb-dump|pg_dump|pg_dumpall|mongodump|mydumper|xtrabackup|pg_basebackup|restic|borg|duplicity',
    kind: 'backup',
    tool: 'dump',
  },
  {
    example: "mysql -e 'DROP DATABASE app'",
    call: 'mysql|mariadb|psql|dropdb',
    kind: 'reset database',
    tool: 'sql',
    when: (call) => /\bdrop\s+(database|schema|table)\b|\btruncate\b/i.test(call.text) || call.name === 'dropdb',
  },
  {
    example: 'mysql app < schema.sql',
    call: 'mysql|mariadb|psql|sqlite3|mongo|mongosh|sqlcmd',
    kind: 'migrate',
    tool: 'sql',
    when: (call) => /(^|\s)<{1,3}(?![<>=])-?\s*\S|\.sql\b/.test(call.text) && !/<>|<=/.test(call.text),
    detail: (call) => ({ what: valueOf(call, '-f', '--file') ?? operand(call, /\.sql$/) ?? 'sql' }),
  },
  {
    example: "mysql -e 'SELECT 1'",
    call: 'mysql|mariadb|psql|sqlite3|mongo|mongosh|mysqladmin|redis-cli|pg_isready|createdb',
    kind: 'nothing',
    when: (call) => !/flush(all|db)/i.test(call.text),
  },
  { example: 'redis-cli FLUSHALL', call: 'redis-cli', kind: 'clear cache', tool: 'redis' },
  {
    example: 'pg_restore -d app dump',
    call: 'pg_restore|mongorestore|myloader',
    kind: 'reset database',
    tool: 'sql',
    what: 'restore',
  },
  {
    example: 'flyway migrate',
    call: 'flyway|liquibase|dbmate|goose|migrate|atlas|sqitch|diesel|sqlx|shmig migrate|update|up|deploy|migration|database',
    kind: 'migrate',
    tool: 'flyway',
  },
  { example: 'flyway clean', call: 'flyway|liquibase clean|dropAll', kind: 'reset database', tool: 'flyway' },
]
