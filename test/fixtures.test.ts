import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { rules } from '../rules/index.ts'
import { lint, type Report } from '../src/lint.ts'
import { reportData } from '../src/report/report.ts'
import { plain, textReport } from '../src/report/text.ts'
import { parsers } from './parsers.ts'

const root = path.resolve(import.meta.dirname, '../fixtures')
const updating = process.env['SHIPLINT_UPDATE'] === '1'

/** The rules that INCIDENTS.md names for the founding post-mortems: each must speak in the broken release. */
const founding: Readonly<Record<string, readonly string[]>> = {
  'f1-the-disappearing-code': [
    'sync-onto-empty-path',
    'runbook-without-inline-guard',
    'dry-run-of-another-command',
    'lost-variable',
  ],
  'f2-the-old-code-again': [
    'delete-of-live-cache',
    'shared-build-output',
    'install-in-live-directory',
    'boolean-bind-on-mysql',
    'unchecked-statement',
    'document-root-behind-symlink',
  ],
  'f3-a-weekend-down': ['stale-application-cache', 'unchecked-release'],
  'f4-superclass-mismatch': [
    'unlike-production',
    'silent-app-server',
    'no-way-back',
    'unwatched-workers',
    'unchecked-release',
  ],
  'f5-too-many-changes': ['unchecked-release', 'breaking-migration', 'stale-workers'],
}

function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(path.join(directory, file)).isFile() && file !== 'expected.txt')
    .map((file) => file.split(path.sep).join('/'))
    .sort()
}

function reportOf(directory: string): { readonly report: Report; readonly text: string } {
  const files = filesBelow(directory).map((file) => ({ file, text: readFileSync(path.join(directory, file), 'utf8') }))
  const report = lint({ files, parsers }, rules)
  const text = (file: string): string => files.find((one) => one.file === file)?.text ?? ''
  const data = reportData(report, { name: (file) => file, text })
  return { report, text: textReport(data, { width: 100, paint: plain, text, quiet: false }) }
}

for (const name of readdirSync(root).sort()) {
  for (const release of ['broken', 'mended']) {
    const directory = path.join(root, name, release)
    if (!existsSync(directory)) continue
    describe(`${name}, ${release}`, () => {
      const { report, text } = reportOf(directory)
      const found = report.diagnostics.filter((one) => one.allowed === undefined)

      test('the report is as expected.txt has it', () => {
        const file = path.join(directory, 'expected.txt')
        if (updating) writeFileSync(file, text)
        expect(text).toBe(readFileSync(file, 'utf8'))
      })

      if (release === 'mended')
        test('nothing above info is found', () => {
          const loud = found.filter((one) => one.severity !== 'info')
          expect(loud.map((one) => `${one.at.file} ${one.rule}: ${one.says}`)).toEqual([])
        })
      else if (founding[name])
        test.each(founding[name].filter((id) => rules[id]))('%s speaks', (id) => {
          expect(found.map((one) => one.rule)).toContain(id)
        })
    })
  }
}
