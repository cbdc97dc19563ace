import { expect, test } from 'vitest'
import { readSql } from '../../../src/facts/sql/statement.ts'

// SQL, then what each placeholder is: `role table.column`.
const rows: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
  [
    'INSERT INTO fs_bell (name, closable) VALUES (?, ?)',
    'insert',
    { 0: 'write fs_bell.name', 1: 'write fs_bell.closable' },
  ],
  ['INSERT IGNORE INTO `b` (`a`,`c`) VALUES (:a, IF(:c, 1, 0))', 'insert', { ':a': 'write b.a', ':c': 'other b.' }],
  [
    'insert into x.b (a) values (?), (?) ON DUPLICATE KEY UPDATE a = VALUES(a), c = ?',
    'insert',
    {
      0: 'write b.a',
      1: 'write b.a',
      2: 'write b.c',
    },
  ],
  ['INSERT INTO b SET a = :a, c = :c', 'insert', { ':a': 'write b.a', ':c': 'write b.c' }],
  ['INSERT INTO b VALUES (?, ?)', 'insert', { 0: 'write b.', 1: 'write b.' }],
  ['REPLACE INTO b (a) VALUES (NOW(), ?)', 'insert', { 0: 'write b.' }],
  [
    'UPDATE b SET a = ?, c = c + ? WHERE d = ? AND t.e IN (?, ?)',
    'update',
    {
      0: 'write b.a',
      1: 'other b.',
      2: 'compare b.d',
      3: 'compare b.e',
      4: 'compare b.e',
    },
  ],
  [
    'SELECT * FROM b WHERE a = :a AND :x = c LIMIT :n',
    'select',
    { ':a': 'compare b.a', ':x': 'compare b.c', ':n': 'other b.' },
  ],
  ['DELETE FROM b WHERE token <> ? -- and d = ?', 'delete', { 0: 'compare b.token' }],
  ["SELECT '?' , a FROM b WHERE n LIKE ? /* ? */", 'select', { 0: 'compare b.n' }],
  ['INSERT INTO b (\uE000) VALUES (?)', 'insert', { '\uE000': 'other b.', 0: 'write b.' }],
  ["INSERT INTO b (a, c) VALUES (\uE000, '\uE001')", 'insert', { '\uE000': 'write b.a', '\uE001': 'write b.c' }],
]

for (const [sql, verb, slots] of rows)
  test(sql, () => {
    const statement = readSql(sql)
    expect(statement.verb).toBe(verb)
    const got = [...statement.slots].map(([key, s]) => [key, `${s.role} ${s.table}.${s.column ?? ''}`])
    expect(Object.fromEntries(got)).toEqual(slots)
  })

test('booleans spelled as strings are seen where they stand', () => {
  const { spelled } = readSql("SELECT * FROM b WHERE active = 'true' AND name = 'x'")
  expect(spelled.map((one) => [one.text, one.role, one.column])).toEqual([['true', 'compare', 'active']])
})
