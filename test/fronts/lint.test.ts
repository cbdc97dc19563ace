import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { broken, directory, mended, repository, shiplint } from './cli.ts'

describe('exit codes', () => {
  const root = directory({
    'deploy.sh': broken,
    'fine.sh': '#!/bin/sh\ntrue\n',
    'odd.sh': '#!/bin/sh\nif true; then\n',
  })
  test.each([
    [0, ['fine.sh']],
    [1, ['deploy.sh']],
    [0, ['deploy.sh', '--fail-on', 'never']],
    [2, ['absent.sh']],
    [2, ['--nonsense']],
    [2, ['--format', 'nonsense']],
    [2, ['--only', 'nonsense']],
    [2, ['-']],
    [2, ['lsp']],
    [3, ['odd.sh', '--strict', '--fail-on', 'never']],
    [1, ['odd.sh', 'deploy.sh', '--strict']],
    [2, ['absent.sh', 'deploy.sh', '--strict']],
  ] as const)('%i for %j', (code, args) => {
    const ran = shiplint(root, args)
    expect(ran.code, ran.out + ran.err).toBe(code)
    if (code === 2) expect(ran.err).toMatch(/^shiplint: /)
  })
})

test('a mistyped option, rule or severity is told the nearest right one', () => {
  expect(shiplint('/', ['--fromat', 'json']).err).toContain('did you mean --format?')
  expect(shiplint('/', ['--only', 'delete-of-emtpy-path']).err).toContain('did you mean delete-of-empty-path?')
  expect(shiplint('/', ['--fail-on', 'eror']).err).toContain('did you mean error?')
  expect(shiplint('/', ['explain', 'delete-of-empty-pat']).err).toContain('did you mean delete-of-empty-path?')
})

test('--only takes several words, a comma list, or itself again', () => {
  const root = directory({ 'deploy.sh': broken })
  for (const args of [
    ['--only', 'delete-of-empty-path', 'stale-opcode-cache', 'deploy.sh'],
    ['--only', 'delete-of-empty-path,stale-opcode-cache', 'deploy.sh'],
    ['--only=delete-of-empty-path', 'deploy.sh'],
  ])
    expect(shiplint(root, args).code).toBe(1)
  expect(shiplint(root, ['--skip', 'delete-of-empty-path', 'deploy.sh']).code).toBe(0)
})

test('json is one object on stdout and nothing else, paths from the working directory', () => {
  const root = directory({ 'bin/deploy.sh': broken })
  mkdirSync(path.join(root, 'docs'))
  expect(shiplint(root, ['--format', 'json']).data().diagnostics[0]!.file).toBe('bin/deploy.sh')
  expect(shiplint(path.join(root, 'bin'), ['--format', 'json']).data().diagnostics[0]!.file).toBe('deploy.sh')
  expect(shiplint(path.join(root, 'docs'), ['--format', 'json', '../bin']).data().diagnostics[0]!.file).toBe(
    '../bin/deploy.sh',
  )
})

describe('fixing', () => {
  test('--fix writes safe fixes and keeps the mode; --dry-run only shows them', () => {
    const root = directory({ 'deploy.sh': broken })
    const file = path.join(root, 'deploy.sh')
    const dry = shiplint(root, ['--fix', '--dry-run'])
    expect(dry.out).toContain('-rm -rf "$TARGET/"\n+rm -rf "${TARGET:?}/"')
    expect(readFileSync(file, 'utf8')).toBe(broken)
    const ran = shiplint(root, ['--fix'])
    expect([ran.code, readFileSync(file, 'utf8')]).toEqual([0, mended])
    expect(statSync(file).mode & 0o777).toBe(0o755)
    expect(readdirSync(root)).toEqual(['deploy.sh'])
  })

  test('a file in Latin-1, with CRLF or with a BOM keeps its bytes', () => {
    const latin = Buffer.from('#!/bin/bash\n# caf\xe9\nrm -rf "$TARGET/"\n', 'latin1')
    const root = directory({ 'a.sh': latin, 'b.sh': `\ufeff${broken}` })
    shiplint(root, ['--fix'])
    expect(readFileSync(path.join(root, 'a.sh'), 'latin1')).toBe('#!/bin/bash\n# caf\xe9\nrm -rf "${TARGET:?}/"\n')
    expect(readFileSync(path.join(root, 'b.sh'), 'utf8')).toContain('${TARGET:?}')
    expect(readFileSync(path.join(root, 'b.sh'), 'utf8').startsWith('\ufeff')).toBe(true)
  })

  test('what a comment allows is not fixed', () => {
    const allowed = broken.replace('rm', '# shiplint-allow delete-of-empty-path: a drill\nrm')
    const root = directory({ 'deploy.sh': allowed })
    const ran = shiplint(root, ['--fix'])
    expect([ran.code, readFileSync(path.join(root, 'deploy.sh'), 'utf8')]).toEqual([0, allowed])
  })
})

test('standard input stands in the place of the named file', () => {
  const root = directory({ 'deploy.sh': '#!/bin/sh\ntrue\n' })
  const ran = shiplint(root, ['--stdin-filename', 'deploy.sh', '-', '--format', 'json'], { stdin: broken })
  expect(ran.data().diagnostics.map((one) => one.file)).toEqual(['deploy.sh'])
  expect(shiplint(root, ['--stdin-filename', 'new/other.sh', '-'], { stdin: broken }).code).toBe(1)
})

test('--output writes the report to a file', () => {
  const root = directory({ 'deploy.sh': broken })
  expect(shiplint(root, ['--format', 'sarif', '--output', 'out.sarif']).out).toBe('')
  expect(JSON.parse(readFileSync(path.join(root, 'out.sarif'), 'utf8'))).toHaveProperty('version', '2.1.0')
})

test('colour: --color first, then NO_COLOR and FORCE_COLOR', () => {
  const root = directory({ 'deploy.sh': broken })
  const colored = (args: readonly string[], env: Record<string, string>): boolean =>
    shiplint(root, args, { env }).out.includes('\u001b[')
  expect(colored([], {})).toBe(false)
  expect(colored([], { FORCE_COLOR: '1' })).toBe(true)
  expect(colored([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false)
  expect(colored(['--color', 'always'], { NO_COLOR: '1' })).toBe(true)
  expect(colored(['--color', 'never'], { FORCE_COLOR: '1' })).toBe(false)
})

describe('what is read', () => {
  test('git’s ignore rules hold, with and without a repository; a file given by name is linted all the same', () => {
    const files = { 'deploy.sh': broken, 'build/deploy.sh': broken, '.gitignore': 'build/\n' }
    for (const root of [repository(files), directory(files)]) {
      const seen = (args: readonly string[]): readonly string[] =>
        shiplint(root, ['--format', 'json', ...args])
          .data()
          .diagnostics.map((one) => one.file)
      expect(seen([])).toEqual(['deploy.sh'])
      expect(seen(['build/deploy.sh'])).toEqual(['build/deploy.sh'])
      expect(seen(['build'])).toEqual(['build/deploy.sh'])
    }
  })

  test('links lead nowhere outside the project, and no file counts twice', () => {
    const outside = directory({ 'secret.sh': broken })
    const root = directory({ 'deploy.sh': broken })
    symlinkSync(path.join(outside, 'secret.sh'), path.join(root, 'linked.sh'))
    symlinkSync(outside, path.join(root, 'folder'))
    symlinkSync('deploy.sh', path.join(root, 'again.sh'))
    symlinkSync('loop.sh', path.join(root, 'loop.sh'))
    const { diagnostics, coverage } = shiplint(root, ['--format', 'json']).data()
    expect(diagnostics.map((one) => one.file)).toEqual(['deploy.sh'])
    expect(coverage.skipped).toEqual([
      { file: 'linked.sh', reason: 'a link that leads out of the project' },
      { file: 'loop.sh', reason: 'its links lead in a circle' },
    ])
  })

  test('settings: severities, ignored files, and mistakes that fail the run', () => {
    const root = directory({
      'deploy.sh': broken,
      'old/deploy.sh': broken,
      'shiplint.config.json': '{ "ignore": ["old/"] }',
    })
    const config = path.join(root, 'shiplint.config.json')
    expect(
      shiplint(root, ['--format', 'json'])
        .data()
        .diagnostics.map((one) => one.file),
    ).toEqual(['deploy.sh'])
    expect(shiplint(root, ['--format', 'json', '--no-config']).data().diagnostics).toHaveLength(2)
    writeFileSync(config, '{ "rules": { "delete-of-empty-path": "off" } }')
    expect(shiplint(root, []).code).toBe(0)
    writeFileSync(config, '{ "overrides": [{ "files": ["old/**"], "rules": { "delete-of-empty-path": "info" } }] }')
    expect(
      shiplint(root, ['--format', 'json'])
        .data()
        .diagnostics.map((one) => one.severity),
    ).toEqual(['error', 'info'])
    writeFileSync(config, '{ "rulez": {} }')
    expect(shiplint(root, [])).toMatchObject({
      code: 2,
      err: 'shiplint: shiplint.config.json: rulez: there is no such key, did you mean rules?\n',
    })
    writeFileSync(config, '{ nonsense')
    expect(shiplint(root, []).code).toBe(2)
    writeFileSync(path.join(root, 'other.yaml'), 'set: [TARGET]\n')
    expect(shiplint(root, ['--config', 'other.yaml']).code).toBe(0)
  })

  const hostile: Readonly<Record<string, string | Buffer>> = {
    'empty.sh': '',
    'binary.sh': Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]),
    'utf16.sh': Buffer.from('\ufeffecho hello', 'utf16le'),
    'huge.sh': `#!/bin/sh\n${'echo 0123456789012345678901234567890123456789\n'.repeat(120_000)}`,
    'broken.sh': 'if true; then\n  echo "never closed\n',
    'deep.sh': `${'$('.repeat(5000)}`,
    'parens.sh': `${'('.repeat(20_000)}`,
    'nginx.conf': 'http { server { location ~ \\.php$ {\n',
    'php.ini': '[unclosed\n= x\n',
    '.github/workflows/a.yml': 'on: [push\njobs: {{{\n',
    'bomb.yaml': `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*a, *a, *a]\n`).join('')}`,
    'deploy.php': '<?php namespace Deployer; task("x", function () { run("rm',
    Capfile: 'require "capistrano/setup\n',
    'composer.json': '{ "require": ',
    Dockerfile: 'FROM\nRUN \\\n',
    Makefile: 'a:\n\t@rm -rf $(X\n',
  }
  for (const [file, text] of Object.entries(hostile))
    test(`${file} (${text.length} units): an answer, in time, and never a defect`, () => {
      const root = directory({ [file]: text })
      const started = performance.now()
      const ran = shiplint(root, ['--format', 'json'])
      expect(ran.err).toBe('')
      expect([0, 1]).toContain(ran.code)
      expect(performance.now() - started).toBeLessThan(20_000)
      const { coverage } = ran.data()
      if (['binary.sh', 'utf16.sh', 'huge.sh'].includes(file)) expect(coverage.skipped).toHaveLength(1)
      if (['broken.sh', 'deep.sh', 'nginx.conf', '.github/workflows/a.yml'].includes(file)) {
        expect(coverage.whole).toBe(0)
        expect(coverage.part.length + coverage.skipped.length).toBeGreaterThan(0)
      }
    })

  test.skipIf(process.getuid?.() === 0)('a file that may not be read is said to be skipped', () => {
    const root = directory({ 'deploy.sh': broken })
    chmodSync(path.join(root, 'deploy.sh'), 0)
    expect(shiplint(root, ['--format', 'json']).data().coverage.skipped[0]!.reason).toBe('permission denied')
  })

  test('a file of no known kind that is given by name is said to be skipped', () => {
    const root = directory({ 'notes.xyz': 'hello' })
    expect(shiplint(root, ['notes.xyz', '--format', 'json']).data().coverage.skipped).toHaveLength(1)
    expect(existsSync(path.join(root, 'notes.xyz'))).toBe(true)
  })
})
