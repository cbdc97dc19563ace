import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { broken, directory, mended } from './cli.ts'

const root = path.resolve(import.meta.dirname, '../..')
const bin = path.join(root, 'bin/shiplint.cjs')
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }

beforeAll(() => {
  // `npm test` builds before; somebody who runs one file may not have.
  if (!existsSync(path.join(root, 'dist/cli.cjs'))) spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root })
}, 120_000)

const node = (cwd: string, ...args: readonly string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, [bin, ...args], { cwd, encoding: 'utf8', env: { PATH: process.env['PATH'] } })

describe('the built command', () => {
  test('--version is the package’s', () => {
    expect(node('/', '--version').stdout).toBe(`${version}\n`)
    expect(node('/', 'rules', '--version').stdout).toBe(`${version}\n`)
  })

  test('it lints, and prints a rule’s page', () => {
    const cwd = directory({ 'deploy.sh': broken })
    expect(node(cwd)).toMatchObject({ status: 1, stderr: '' })
    expect(node(cwd, 'explain', 'delete-of-empty-path').stdout).toContain('## Caught')
  })

  test('the heavy parsers are loaded where a file of their kind is', () => {
    const cwd = directory({
      Capfile: "require 'capistrano/setup'\n",
      'config/deploy.rb': "set :deploy_to, '/srv/a'\n",
      'a.php': '<?php $x = 1;\n',
    })
    const ran = node(cwd, '--format', 'json')
    expect(ran.stderr).toBe('')
    expect(ran.stdout).not.toMatch(/was not loaded|is not there/)
  })
})

interface Action {
  readonly runs: {
    readonly using: string
    readonly steps: readonly { readonly run: string; readonly env?: Record<string, string> }[]
  }
  readonly inputs: Readonly<Record<string, { readonly default: string }>>
}

describe('action.yml', () => {
  const action = parse(readFileSync(path.join(root, 'action.yml'), 'utf8')) as Action

  /** Runs the last step as a runner would, its expressions filled in. */
  function step(
    cwd: string,
    given: Readonly<Record<string, string>>,
  ): { status: number | null; stdout: string; stderr: string } {
    const { run, env = {} } = action.runs.steps.at(-1)!
    const filled = Object.entries(env).map(([name, text]) => [
      name,
      text
        .replace('${{ github.action_path }}', root)
        .replace(/\$\{\{ inputs\.([\w-]+) \}\}/, (_, input: string) => given[input] ?? action.inputs[input]!.default),
    ])
    const environment = { PATH: process.env['PATH'], ...Object.fromEntries(filled) } as Record<string, string>
    return spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
      cwd,
      encoding: 'utf8',
      env: environment,
    })
  }

  test('it annotates and fails on findings', () => {
    const cwd = directory({ 'deploy.sh': broken })
    const ran = step(cwd, {})
    expect(ran.stdout).toContain('::error file=deploy.sh,line=2')
    expect(ran.status).toBe(1)
    expect(step(cwd, { 'fail-on': 'never' }).status).toBe(0)
    expect(step(directory({ 'deploy.sh': mended }), {}).status).toBe(0)
  })

  test('it writes SARIF, and takes paths and more options', () => {
    const cwd = directory({ 'bin/deploy.sh': broken, 'other.sh': broken })
    const ran = step(cwd, { format: 'sarif', output: 'out.sarif', paths: 'bin', args: '--strict --quiet' })
    expect(ran.stderr).toBe('')
    const log = JSON.parse(readFileSync(path.join(cwd, 'out.sarif'), 'utf8')) as { runs: [{ results: unknown[] }] }
    expect(log.runs[0].results).toHaveLength(1)
  })
})

const preCommit = spawnSync('pre-commit', ['--version']).status === 0
test.skipIf(!preCommit)('pre-commit takes the manifest', () => {
  const done = spawnSync('pre-commit', ['validate-manifest', '.pre-commit-hooks.yaml'], { cwd: root, encoding: 'utf8' })
  expect(done.stdout + done.stderr).toBe('')
  expect(done.status).toBe(0)
})
