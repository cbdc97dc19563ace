import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { broken, git, mended, repository, shiplint } from './cli.ts'

const files = (root: string, ...args: readonly string[]): readonly string[] =>
  shiplint(root, ['--format', 'json', ...args])
    .data()
    .diagnostics.map((one) => `${one.file}:${one.line}`)

test('--staged lints what the index holds, not the working tree', () => {
  const root = repository({ 'a.sh': mended, 'b.sh': broken })
  expect(files(root, '--staged')).toEqual([])
  writeFileSync(path.join(root, 'a.sh'), broken)
  expect(files(root, '--staged')).toEqual([])
  git(root, 'add', 'a.sh')
  writeFileSync(path.join(root, 'a.sh'), mended)
  expect(files(root, '--staged')).toEqual(['a.sh:2'])
})

test('--staged works before the first commit, with odd names and in a directory below', () => {
  const root = repository({ 'x.sh': mended })
  git(root, 'update-ref', '-d', 'HEAD')
  mkdirSync(path.join(root, 'dir'))
  const odd = 'dir/ö "quoted"\ttab.sh'
  writeFileSync(path.join(root, odd), broken)
  git(root, 'add', '-A')
  expect(files(root, '--staged')).toEqual([`${odd}:2`])
  expect(files(path.join(root, 'dir'), '--staged')).toEqual(['ö "quoted"\ttab.sh:2'])
})

test('other files are read from the index too', () => {
  const root = repository({
    'lib.sh': 'TARGET=/srv/build/old\n',
    'deploy.sh': '#!/bin/bash\ntrue\n',
  })
  writeFileSync(path.join(root, 'deploy.sh'), '#!/bin/bash\n. "$(dirname "$0")/lib.sh"\nrm -rf "$TARGET/"\n')
  git(root, 'add', 'deploy.sh')
  const before = files(root, '--staged')
  // What is not staged does not count: the commit would still have the old library.
  writeFileSync(path.join(root, 'lib.sh'), 'TARGET=$1\n')
  expect(files(root, '--staged')).toEqual(before)
})

test('--staged --fix writes the index, and the working tree where it had the staged text', () => {
  const root = repository({ 'whole.sh': '#!/bin/sh\ntrue\n', 'partly.sh': '#!/bin/sh\ntrue\n' })
  writeFileSync(path.join(root, 'whole.sh'), broken)
  writeFileSync(path.join(root, 'partly.sh'), broken)
  git(root, 'add', '-A')
  writeFileSync(path.join(root, 'partly.sh'), `${broken}# more\n`)
  expect(shiplint(root, ['--staged', '--fix']).code).toBe(0)
  expect(git(root, 'show', ':whole.sh')).toBe(mended)
  expect(git(root, 'show', ':partly.sh')).toBe(mended)
  expect(readFileSync(path.join(root, 'whole.sh'), 'utf8')).toBe(mended)
  expect(readFileSync(path.join(root, 'partly.sh'), 'utf8')).toBe(`${broken}# more\n`)
  expect(git(root, 'diff', '--name-only')).toBe('partly.sh\n')
})

test('--since reports only what touches changed lines, by place or by trail', () => {
  const root = repository({
    'a.sh': `${broken}echo\n`,
    'b.sh': `#!/bin/bash\nT=$1\n${'true\n'.repeat(20)}rm -rf "$T/"\n`,
  })
  expect(files(root)).toEqual(['a.sh:2', 'b.sh:23'])
  expect(files(root, '--since', 'HEAD')).toEqual([])
  writeFileSync(path.join(root, 'a.sh'), `${broken}echo changed\n`)
  writeFileSync(path.join(root, 'new file.sh'), broken)
  expect(files(root, '--since', 'HEAD')).toEqual(['new file.sh:2'])
  writeFileSync(path.join(root, 'b.sh'), readFileSync(path.join(root, 'b.sh'), 'utf8').replace('T=$1', 'T=$1 '))
  expect(files(root, '--since', 'HEAD')).toEqual(['b.sh:23', 'new file.sh:2'])
  expect(shiplint(root, ['--since', 'nonsense']).code).toBe(2)
  expect(shiplint(root, ['--since', '--output=x']).code).toBe(2)
})

test('a baseline holds what is known, and not what is new', () => {
  const root = repository({ 'a.sh': broken })
  expect(shiplint(root, ['baseline'])).toMatchObject({ code: 0, out: '' })
  const known = ['--baseline', 'shiplint-baseline.json']
  expect(shiplint(root, known).code).toBe(0)
  writeFileSync(path.join(root, 'a.sh'), `\n# moved\n${broken}`)
  expect(shiplint(root, known).code).toBe(0)
  writeFileSync(path.join(root, 'a.sh'), `${broken}rm -rf "$OTHER/"\n`)
  expect(files(root, ...known)).toEqual(['a.sh:3'])
  expect(shiplint(root, ['--baseline', 'a.sh']).code).toBe(2)
  expect(shiplint(root, ['--baseline', 'absent.json']).code).toBe(2)
})

test('outside a repository --staged and --since say so', () => {
  expect(shiplint('/', ['--staged', '/proc/self/status']).code).toBe(2)
})
