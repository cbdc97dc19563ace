import { expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { lint } from '../../src/lint.ts'
import { planData, planMermaid, planText } from '../../src/report/plan.ts'
import { parsers } from '../parsers.ts'

const text = `#!/bin/bash
set -e
git clone https://git.example/app.git /srv/app/releases/42
cd /srv/app/releases/42
composer install --no-dev
ln -sfn /srv/app/releases/42 /srv/app/current
php artisan migrate --force
`
const data = planData(lint({ files: [{ file: 'deploy.sh', text }], parsers }, rules), {
  name: (file) => file,
  text: () => text,
})

test('a plan tells what happens before, at and after the moment new code goes live, and what was found there', () => {
  const lines = planText(data).split('\n')
  expect(lines[0]).toBe('deploy.sh  deploy.sh:1')
  expect(lines[1]).toBe('  live: /srv/app/current, by symlink')
  const at = (words: string): number => lines.findIndex((line) => line.includes(words))
  expect(at('the old code serves')).toBeLessThan(at('composer install'))
  expect(at('new code goes live')).toBeLessThan(at('▶ switch'))
  expect(at('the new code serves')).toBeLessThan(at('migrate'))
  expect(at('warning[work-after-switch]')).toBeGreaterThan(at('migrate '))
})

test('the same as data and as a chart', () => {
  expect(data.releases[0]!.steps.map((step) => `${step.when} ${step.kind}`)).toEqual([
    'before fetch',
    'before install',
    'at switch',
    'after migrate',
  ])
  const chart = planMermaid(data)
  expect(chart).toContain('flowchart TD')
  expect(chart).toContain('r0s2{{"switch: ln -sfn')
})

test('a project without a release says so', () => {
  const none = planData(lint({ files: [], parsers }, {}), { name: (file) => file, text: () => '' })
  expect(planText(none)).toContain('no release found')
})

test('nothing that a terminal would obey is printed', () => {
  const evil = { ...data, releases: data.releases.map((one) => ({ ...one, name: 'x\u001b[31m' })) }
  expect(planText(evil)).not.toContain('\u001b')
})
