import { expect, test } from 'vitest'
import { filesOf } from '../../../src/discover/files.ts'
import { newestMigrations } from '../../../src/facts/migration/migration.ts'
import { breaksInSql } from '../../../src/facts/migration/sql.ts'
import { parsers } from '../../parsers.ts'

const breaks = (file: string, text: string): readonly string[] =>
  newestMigrations(filesOf([{ file, text }]), parsers).flatMap((one) => one.breaks.map((label) => label.says))

test('SQL: what the old code cannot live with, and what it can', () => {
  const says = (sql: string): readonly string[] => breaksInSql(sql).map((one) => one.says)
  expect(says('DROP TABLE a; ALTER TABLE b DROP COLUMN c;')).toEqual(['drops a table', 'drops a column'])
  expect(says('ALTER TABLE b RENAME COLUMN c TO d')).toEqual(['renames a column or table'])
  expect(says('ALTER TABLE b ADD c INT NOT NULL')).toEqual(['adds a column that must be filled'])
  expect(
    says('ALTER TABLE b ADD c INT NOT NULL DEFAULT 0; ALTER TABLE b DROP INDEX i; CREATE TABLE t (a INT)'),
  ).toEqual([])
  expect(says("-- DROP TABLE a\nINSERT INTO t VALUES ('DROP TABLE a; x')")).toEqual([])
})

test('Laravel: the way forward only, required columns only in tables that are there', () => {
  const php = (body: string): string =>
    `<?php return new class extends Migration { public function up(): void { ${body} } public function down(): void { Schema::drop('x'); } };`
  const file = 'database/migrations/2026_01_01_000000_x.php'
  expect(breaks(file, php("Schema::table('a', function ($t) { $t->dropColumn('b'); });"))).toEqual(['drops a column'])
  expect(breaks(file, php("Schema::table('a', function ($t) { $t->string('b'); });"))).toHaveLength(1)
  expect(breaks(file, php("Schema::table('a', function ($t) { $t->string('b')->nullable(); });"))).toEqual([])
  expect(breaks(file, php("Schema::create('a', function ($t) { $t->string('b'); });"))).toEqual([])
})

test('Rails: down is not the way forward', () => {
  const file = 'db/migrate/20260101000000_x.rb'
  const rb = (body: string): string => `class X < ActiveRecord::Migration[7.1]\n${body}\nend\n`
  expect(breaks(file, rb('  def change\n    remove_column :a, :b\n  end'))).toEqual(['drops a column'])
  expect(breaks(file, rb('  def change\n    change_column_null :a, :b, false\n  end'))).toEqual([
    'makes a column required',
  ])
  expect(breaks(file, rb('  def change\n    change_column_null :a, :b, true\n  end'))).toEqual([])
  expect(
    breaks(file, rb('  def up\n    add_column :a, :b, :string\n  end\n  def down\n    remove_column :a, :b\n  end')),
  ).toEqual([])
})

test('only the newest of a directory runs next', () => {
  const files = filesOf([
    { file: 'db/migrate/20250101000000_a.rb', text: 'class A\n def change\n drop_table :x\n end\nend\n' },
    { file: 'db/migrate/20260101000000_b.rb', text: 'class B\n def change\n add_column :x, :y, :string\n end\nend\n' },
  ])
  expect(newestMigrations(files, parsers).map((one) => one.file)).toEqual(['db/migrate/20260101000000_b.rb'])
})
