import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { Ajv, type AnySchemaObject } from 'ajv'
import { expect, test } from 'vitest'
import { githubReport } from '../../src/report/github.ts'
import { gitlabReport } from '../../src/report/gitlab.ts'
import { htmlReport } from '../../src/report/html.ts'
import { jsonReport } from '../../src/report/json.ts'
import { rdjsonReport } from '../../src/report/rdjson.ts'
import { sarifReport, type Tool } from '../../src/report/sarif.ts'
import { checkstyleReport, junitReport } from '../../src/report/xml.ts'
import { reportData } from '../../src/report/report.ts'
import { diagnostics, sample, textOf, texts } from './sample.ts'

const require = createRequire(import.meta.url)
const tool: Tool = {
  version: '1.2.3',
  rules: {
    'delete-of-empty-path': { finds: 'f', hazard: 'h', instead: 'i', severity: 'error' },
    'sync-onto-empty-path': { finds: 'f', hazard: 'h', instead: 'i', severity: 'error' },
  },
}
const raw = /[\u0000-\u0008\u000b-\u001f\u007f]/

test('json has the fields of CONTRACT.md, columns in UTF-16 units, edits in offsets', () => {
  const [first] = (JSON.parse(jsonReport(sample)) as typeof sample).diagnostics
  expect(first).toMatchObject({
    rule: 'sync-onto-empty-path',
    severity: 'error',
    file: 'deploy.sh',
    line: 4,
    column: 26,
    endLine: 4,
    endColumn: 53,
    suppressed: false,
    because: [
      {
        file: 'deploy.sh',
        line: 2,
        column: 1,
        endLine: 2,
        endColumn: 11,
        message: '$1 is empty when no argument is given',
      },
      {
        file: 'dir with space/site & co.conf',
        line: 2,
        column: 3,
        endLine: 2,
        endColumn: 25,
        message: 'which is served',
      },
    ],
  })
  const [edit] = first!.fixes[0]!.edits
  expect(texts[edit!.file]!.slice(edit!.start, edit!.end)).toBe('$VERSION/')
  expect(sample.coverage).toEqual({
    files: 3,
    whole: 1,
    part: [{ file: 'dir with space/site & co.conf', line: 2, reason: 'a <strange> directive' }],
    skipped: [{ file: 'bin/tool', reason: 'binary' }],
  })
  expect(sample.diagnostics.map((one) => one.suppressed)).toEqual([false, false, false, true])
})

test('a fingerprint survives moved lines and other indentation, and tells twins apart', () => {
  const moved = (before: string): readonly string[] => {
    const found = diagnostics
      .filter((one) => one.at.file === 'deploy.sh' && one.severity !== 'info')
      .map((one) => ({
        ...one,
        because: [],
        at: { ...one.at, start: one.at.start + before.length, end: one.at.end + before.length },
      }))
    const text = before + texts['deploy.sh']!
    const data = reportData(
      { diagnostics: [...found, found[0]!], coverage: { whole: [], part: [], skipped: [] } },
      { name: (file) => file, text: () => text },
    )
    return data.diagnostics.map((one) => one.fingerprint)
  }
  const prints = moved('')
  expect(moved('\n\n# more\n')).toEqual(prints)
  expect(new Set(prints).size).toBe(3)
  expect(prints[0]).toBe(sample.diagnostics[0]!.fingerprint)
})

test('sarif is valid against the schema of 2.1.0, and a broken one is not', () => {
  const schema = JSON.parse(
    readFileSync(require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8'),
  ) as AnySchemaObject
  delete schema['$schema']
  delete schema['id']
  const validate = new Ajv({ strict: false, unicodeRegExp: false, validateFormats: false }).compile(schema)
  const log = JSON.parse(sarifReport(sample, tool)) as {
    runs: [Record<string, unknown> & { results: Record<string, never>[] }]
  }
  expect(validate(log), JSON.stringify(validate.errors)).toBe(true)
  const [run] = log.runs
  expect(run['columnKind']).toBe('utf16CodeUnits')
  expect(run.results[0]!['codeFlows']).toHaveLength(1)
  expect(run.results[3]!['suppressions']).toEqual([{ kind: 'inSource', justification: 'a drill' }])
  expect(validate({ ...log, runs: [{ ...run, results: [{ message: 'no object' }] }] })).toBe(false)
})

test('github: one command a finding, nothing in it ends the line or begins another', () => {
  const lines = githubReport(sample).trimEnd().split('\n')
  expect(lines).toHaveLength(4)
  expect(lines[0]).toMatch(
    /^::error file=deploy\.sh,line=4,endLine=4,col=26,endColumn=53,title=shiplint sync-onto-empty-path::/,
  )
  expect(lines[0]).toContain('100%25 of')
  expect(lines.join('')).not.toMatch(raw)
})

test('gitlab: the fields that the widget reads, fingerprints all different', () => {
  const rows = JSON.parse(gitlabReport(sample)) as {
    fingerprint: string
    severity: string
    location: { path: string }
  }[]
  expect(rows).toHaveLength(3)
  expect(new Set(rows.map((row) => row.fingerprint)).size).toBe(3)
  for (const row of rows) {
    expect(['info', 'minor', 'major', 'critical', 'blocker']).toContain(row.severity)
    expect(row.location.path).not.toMatch(/^\/|^\.\//)
  }
})

test('rdjson counts UTF-8 bytes', () => {
  const { diagnostics } = JSON.parse(rdjsonReport(sample, textOf)) as {
    diagnostics: { location: { range: { start: unknown } }; suggestions?: { range: unknown; text: string }[] }[]
  }
  // Two characters of three bytes each stand before the place: four bytes more than UTF-16 units.
  expect(diagnostics[0]!.location.range.start).toEqual({ line: 4, column: 30 })
  expect(diagnostics[0]!.suggestions![0]).toMatchObject({
    text: '${VERSION:?}/',
    range: { start: { line: 4, column: 48 } },
  })
})

const xmllint = spawnSync('xmllint', ['--version']).status === 0
for (const [name, text] of [
  ['junit', junitReport(sample)],
  ['checkstyle', checkstyleReport(sample)],
] as const) {
  test(`${name} has no character that XML cannot hold`, () => {
    expect(text.replace(/\n/g, '')).not.toMatch(raw)
    expect(text).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;|#10;)/)
  })
  test.skipIf(!xmllint)(`${name} is well-formed (xmllint)`, () => {
    const done = spawnSync('xmllint', ['--noout', '-'], { input: text, encoding: 'utf8' })
    expect(done.stderr).toBe('')
  })
}

test('html escapes what it shows and holds no script', () => {
  const page = htmlReport(sample, textOf)
  expect(page).toContain('site &amp; co.conf')
  expect(page).toContain('&lt;all&gt;')
  expect(page).not.toMatch(/<script|https?:\/\/(?!github\.com\/shiplint)/)
  expect((page.match(/<mark>/g) ?? []).length).toBe((page.match(/<\/mark>/g) ?? []).length)
})
