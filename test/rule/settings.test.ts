import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { metaRules } from '../../src/report/url.ts'
import { readSettings, settingsSchema } from '../../src/rule/settings-read.ts'

const ids = [...Object.keys(rules), ...metaRules]
const file = path.resolve(import.meta.dirname, '../../schema/shiplint.config.schema.json')

test('the published schema is what the settings are read by', () => {
  const schema = settingsSchema(ids)
  if (process.env['SHIPLINT_UPDATE'] === '1') writeFileSync(file, JSON.stringify(schema, undefined, 2) + '\n')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(schema)
})

const right: readonly unknown[] = [
  {},
  {
    $schema: 'x',
    set: ['HOME'],
    live: ['/srv/current'],
    php: '8.2',
    platform: 'busybox',
    stack: ['laravel'],
    ignore: ['a/**'],
  },
  { rules: { 'unused-allow': 'off' }, overrides: [{ files: ['*.sh'], rules: { 'unused-allow': 'error' } }] },
]
const wrong: readonly (readonly [unknown, string])[] = [
  [{ sett: [] }, 'sett: there is no such key, did you mean set?'],
  [{ set: 'HOME' }, 'set must be a list, and is "HOME"'],
  [{ set: [''] }, 'set[0] is empty'],
  [{ platform: 'busibox' }, 'platform must be one of gnu, busybox, bsd, did you mean busybox?'],
  [{ rules: { 'unused-alow': 'off' } }, 'rules.unused-alow: there is no such rule, did you mean unused-allow?'],
  [
    { rules: { 'unused-allow': 'of' } },
    'rules.unused-allow must be one of error, warning, info, off, did you mean off?',
  ],
  [{ overrides: [{ files: ['a'] }] }, 'overrides[0] lacks rules'],
  [[], 'the settings must be a table of keys, and is a list'],
]

test('the schema and the reader agree', () => {
  const validate = new Ajv().compile(settingsSchema(ids) as object)
  for (const data of right) expect([data, readSettings(data, ids).problems, validate(data)]).toEqual([data, [], true])
  for (const [data, problem] of wrong)
    expect([data, readSettings(data, ids).problems, validate(data)]).toEqual([data, [problem], false])
})
