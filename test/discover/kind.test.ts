import { expect, test } from 'vitest'
import { kindOf, kindOfPath, type Kind } from '../../src/discover/kind.ts'

const byPath: readonly (readonly [Kind | undefined, readonly string[]])[] = [
  [
    'dockerfile',
    ['Dockerfile', 'a/Dockerfile.prod', 'Dockerfile-alpine', 'Dockerfile.8.2', 'app.dockerfile', 'Containerfile'],
  ],
  ['makefile', ['Makefile', 'GNUmakefile', 'a/makefile', 'Makefile.am', 'rules.mk']],
  ['typescript', ['src/dockerfile.ts', 'dockerfile.test.ts', 'makefile.mjs']],
  ['markdown', ['Dockerfile.md', 'Makefile.md']],
  ['shell', ['deploy.sh', '.husky/pre-push', 'run.bash', 'x.sh.j2']],
  ['foreign shell', ['a.zsh', 'b.fish']],
  ['github', ['.github/workflows/ci.yml', 'action.yml']],
  ['deployer', ['deploy.php', 'deployer.prod.php']],
  [undefined, ['notes.txt', 'postinst', 'x.postinst']],
]

test.each(byPath)('%s by its path', (kind, files) => {
  expect(files.map((file) => [file, kindOfPath(file)])).toEqual(files.map((file) => [file, kind]))
})

test('a name that says nothing is told by the first line, whatever its ending', () => {
  expect(kindOf('debian/x.postinst', '#!/bin/sh\nset -e\n')).toBe('shell')
  expect(kindOf('bin/deploy', '#!/usr/bin/env bash\n')).toBe('shell')
  expect(kindOf('bin/deploy', '#!/usr/bin/env -S bash -e\n')).toBe('shell')
  expect(kindOf('bin/x', '#!/bin/zsh\n')).toBe('foreign shell')
  expect(kindOf('site.conf', 'server {\n  listen 80;\n}\n')).toBe('nginx')
  expect(kindOf('manual.txt', 'server {\n')).toBeUndefined()
  expect(kindOf('photo', '\u0089PNG')).toBeUndefined()
})
