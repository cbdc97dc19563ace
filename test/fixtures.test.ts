import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { rules } from '../rules/index.ts'
import { lint, type Report } from '../src/lint.ts'
import { reportData } from '../src/report/report.ts'
import { planData, planText } from '../src/report/plan.ts'
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

/** The systems that releases were read from first, and the hazards of real incidents that each is to show. */
const systems: Readonly<Record<string, readonly string[]>> = {
  's1-deployer': [
    'boolean-bind-on-mysql',
    'delete-of-live-cache',
    'document-root-behind-symlink',
    'shared-build-output',
    'stale-application-cache',
    'unchecked-statement',
    'undone-fastcgi-param',
  ],
  's2-capistrano': [
    'delete-of-system-path',
    'failure-goes-on',
    'lost-variable',
    'no-way-back',
    'shared-build-output',
    'stale-workers',
    'unlike-production',
  ],
  's3-ansistrano': [
    'data-in-release',
    'document-root-behind-symlink',
    'failure-goes-on',
    'install-in-live-directory',
    'no-way-back',
    'stale-workers',
    'work-after-switch',
  ],
  's4-gitlab-ci': [
    'change-of-empty-path',
    'failure-goes-on',
    'keep-list-may-be-empty',
    'lost-variable',
    'overlapping-deploys',
    'silent-switch',
    'work-after-switch',
  ],
  's5-symfony-doctrine': [
    'breaking-migration',
    'database-reset-in-release',
    'install-in-live-directory',
    'shared-build-output',
    'stale-application-cache',
    'stale-workers',
    'unlike-production',
  ],
  's6-rails-passenger': [
    'breaking-migration',
    'delete-after-failed-cd',
    'no-way-back',
    'silent-app-server',
    'stale-workers',
    'unchecked-release',
    'unlike-production',
    'unwatched-workers',
  ],
  's7-rsync-nfs': [
    'change-of-empty-path',
    'delete-of-empty-path',
    'delete-through-link',
    'dry-run-of-another-command',
    'runbook-without-inline-guard',
    'script-rewrites-itself',
    'silent-switch',
    'split-delete-target',
    'stale-opcode-cache',
    'sync-from-empty-source',
    'sync-onto-empty-path',
  ],
}

function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(path.join(directory, file)).isFile() && !/^(expected|plan)\.txt$/.test(file))
    .map((file) => file.split(path.sep).join('/'))
    .sort()
}

function reportOf(directory: string): { readonly report: Report; readonly text: string; readonly plan: string } {
  const files = filesBelow(directory).map((file) => ({ file, text: readFileSync(path.join(directory, file), 'utf8') }))
  const report = lint({ files, parsers }, rules)
  const text = (file: string): string => files.find((one) => one.file === file)?.text ?? ''
  const data = reportData(report, { name: (file) => file, text })
  const plan = planText(planData(report, { name: (file) => file, text }), { width: 120, paint: plain })
  return { report, text: textReport(data, { width: 100, paint: plain, text, quiet: false }), plan }
}

function expectText(directory: string, name: string, text: string): void {
  const file = path.join(directory, name)
  if (updating) writeFileSync(file, text)
  expect(text).toBe(readFileSync(file, 'utf8'))
}

for (const name of readdirSync(root).sort()) {
  for (const release of ['broken', 'mended']) {
    const directory = path.join(root, name, release)
    if (!existsSync(directory)) continue
    describe(`${name}, ${release}`, () => {
      const { report, text, plan } = reportOf(directory)
      const found = report.diagnostics.filter((one) => one.allowed === undefined)

      test('the report is as expected.txt has it', () => {
        expectText(directory, 'expected.txt', text)
      })

      if (systems[name]) test('the plan is as plan.txt has it', () => expectText(directory, 'plan.txt', plan))

      if (release === 'mended')
        test('nothing is found', () => {
          const loud = found.filter((one) => systems[name] !== undefined || one.severity !== 'info')
          expect(loud.map((one) => `${one.at.file} ${one.rule}: ${one.says}`)).toEqual([])
        })
      else
        test.each(founding[name] ?? systems[name] ?? [])('%s speaks', (id) => {
          expect(found.map((one) => one.rule)).toContain(id)
        })
    })
  }
}
