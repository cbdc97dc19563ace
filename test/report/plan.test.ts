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

function visitorsOf(...lines: readonly string[]): readonly string[] {
  const text = ['#!/bin/bash', 'set -e', ...lines, ''].join('\n')
  const report = lint({ files: [{ file: 'deploy.sh', text }], parsers }, {})
  const { releases } = planData(report, { name: (file) => file, text: () => text })
  return (releases[0]?.steps ?? []).map((step) => `${step.text}: ${step.visitors}`)
}

test('what a visitor meets at each step', () => {
  expect(visitorsOf('cd /srv/app/current', 'git pull', 'composer install', 'sudo systemctl reload php8.2-fpm')).toEqual(
    [
      'git pull: new code goes live, file by file',
      'composer install: the new code serves, before it is complete',
      'sudo systemctl reload php8.2-fpm: the new code serves',
    ],
  )
  expect(visitorsOf('cd /srv/app/current', 'php artisan down', 'git pull', 'php artisan up')).toEqual([
    'php artisan down: the old code serves',
    'git pull: no one is served while new code goes live',
    'php artisan up: no one is served: the site is stopped or in maintenance',
  ])
  expect(
    visitorsOf(
      'git clone https://x.example/a /srv/app/releases/4',
      'rm -f /srv/app/current',
      'ln -s /srv/app/releases/4 /srv/app/current',
    ),
  ).toEqual([
    'git clone https://x.example/a /srv/app/releases/4: the old code serves',
    'rm -f /srv/app/current: no one is served: the link is gone',
    'ln -s /srv/app/releases/4 /srv/app/current: new code goes live',
  ])
})

test('hosts are named once, signs are explained, and a loop over words is one line', () => {
  const text = `#!/bin/bash
npm ci
for host in web1 web2; do
  ssh $host "git -C /srv/app/current pull"
  ssh $host "sudo systemctl reload php8.2-fpm"
done
`
  const report = lint({ files: [{ file: 'deploy.sh', text }], parsers }, {})
  const lines = planText(planData(report, { name: (file) => file, text: () => text })).split('\n')
  expect(lines.filter((line) => /here:|on \$host:/.test(line))).toHaveLength(2)
  expect(lines.filter((line) => line.includes('git -C'))).toHaveLength(1)
  expect(lines.find((line) => line.startsWith('~'))).toBe('~ the release goes on when it fails')
})

test('a project without a release says so', () => {
  const none = planData(lint({ files: [], parsers }, {}), { name: (file) => file, text: () => '' })
  expect(planText(none)).toContain('no release found')
})

test('nothing that a terminal would obey is printed', () => {
  const evil = { ...data, releases: data.releases.map((one) => ({ ...one, name: 'x\u001b[31m' })) }
  expect(planText(evil)).not.toContain('\u001b')
})
