import { describe, expect, test } from 'vitest'
import { lint } from '../../src/lint.ts'
import { rule } from '../../src/rule/rule.ts'
import type { Kind } from '../../src/discover/kind.ts'
import { commentsIn } from '../../src/parse/comments.ts'
import { readAllow, allowComment } from '../../src/rule/allow.ts'
import { applyEdits } from '../../src/source/edit.ts'
import { parsers } from '../parsers.ts'

/** A rule that finds the word HAZARD in every file: what a comment can silence does not depend on the rule. */
const hazard = rule({
  on: 'script',
  severity: 'error',
  finds: '',
  hazard: '',
  instead: '',
  since: '0.1.0',
  check: () => [],
})

function run(file: string, text: string): readonly string[] {
  const found = {
    ...hazard,
    *check(_subject: never, facts: { files: { all: readonly { file: string; text: string }[] } }) {
      for (const source of facts.files.all)
        for (const match of source.text.matchAll(/HAZARD/g))
          yield { at: { file: source.file, start: match.index, end: match.index + 6 }, says: 'found' }
    },
  }
  const other = { file: 'other.sh', text: 'true\n' }
  const report = lint(
    { files: [{ file, text }, other], parsers, known: ['here', 'other-rule'] },
    { here: found as never },
  )
  return report.diagnostics.map((one) => `${one.rule}${one.allowed === undefined ? '' : ` allowed: ${one.allowed}`}`)
}

test.skipIf(run('a.sh', 'HAZARD\n').length === 0)('a comment above or at the end allows, with its reason', () => {
  expect(run('a.sh', '# shiplint-allow here: it is a drill\nHAZARD\n')).toEqual(['here allowed: it is a drill'])
  expect(run('a.sh', 'HAZARD # shiplint-allow here: it is a drill\n')).toEqual(['here allowed: it is a drill'])
  expect(run('a.sh', '# shiplint-allow here: far away\ntrue\nHAZARD\n')).toEqual(['unused-allow', 'here'])
  expect(run('a.sh', '# shiplint-allow here\nHAZARD\n')).toEqual(['allow-without-reason', 'here'])
  expect(run('a.sh', '# shiplint-allow hree: why\nHAZARD\n')).toEqual(['unknown-rule', 'here'])
  expect(run('a.sh', '# shiplint-allow other-rule: why\nHAZARD\n')).toEqual(['here'])
  expect(run('a.sh', 'echo "# shiplint-allow here: in a string"\nHAZARD\n')).toEqual(['here'])
})

describe('comments in each language', () => {
  const rows: readonly [Kind, string, readonly string[]][] = [
    ['nginx', 'a "# no"; # yes\n', ['# yes']],
    ['ini', 'a = "; no" ; yes\n', ['; yes']],
    ['github', "a: '# no' # yes\nb: |\n  # shell\n", ['# yes']],
    ['php', '<p># no</p><?php $a = "// no"; // yes\n/* two */', ['// yes', '/* two */']],
    ['typescript', 'a("// no") // yes\n/* two */', ['// yes', '/* two */']],
    ['markdown', '<!-- yes -->\n```\n<!-- no -->\n```\n', ['<!-- yes -->']],
    ['dockerfile', 'RUN echo # no\n  # yes\n', ['# yes']],
    ['makefile', 'a: # yes\n\techo "x#no"\n', ['# yes']],
    ['ruby', 'a "# no" # yes\n', ['# yes']],
    ['json', '{"a": "# no"}', []],
  ]
  for (const [kind, text, comments] of rows)
    test(kind, () => {
      const found = commentsIn(kind, text, parsers.php as never)
      expect(found.map(({ start, end }) => text.slice(start, end).trim())).toEqual(comments)
    })
})

test('an allow comment is read in every syntax', () => {
  for (const comment of [
    '# shiplint-allow a: b',
    '// shiplint-allow a: b',
    '/* shiplint-allow a: b */',
    '; shiplint-allow a:b',
    '<!-- shiplint-allow a: b -->',
  ])
    expect(readAllow(comment)).toEqual({ rules: ['a'], reason: 'b' })
  expect(readAllow('# shiplint-allow a, b: both')).toEqual({ rules: ['a', 'b'], reason: 'both' })
  expect(readAllow('# shiplint-allow a')).toEqual({ rules: ['a'], reason: '' })
  expect(readAllow('# shiplint-allowed a: b')).toBeUndefined()
  expect(readAllow('# see shiplint-allow a: b')).toBeUndefined()
})

test('a comment is put above the first line of the statement', () => {
  const put = (file: string, text: string): string =>
    applyEdits(file, text, [allowComment({ file, text }, text.indexOf('HAZARD'), 'r', 'why')!])!
  expect(put('a.sh', 'true\nrsync -a \\\n  HAZARD\n')).toBe('true\n# shiplint-allow r: why\nrsync -a \\\n  HAZARD\n')
  expect(put('a.php', '<?php\nf([\n  HAZARD,\n]);\n')).toBe('<?php\n// shiplint-allow r: why\nf([\n  HAZARD,\n]);\n')
  expect(put('.github/workflows/a.yml', 'a:\n  - run: |\n      HAZARD\n')).toContain('run: |\n      # shiplint-allow')
  expect(put('.github/workflows/a.yml', 'a:\n  - run: >\n      HAZARD\n')).toContain(
    '  # shiplint-allow r: why\n  - run: >',
  )
  expect(put('a.md', '```sh\nHAZARD\n```\n')).toBe('```sh\n# shiplint-allow r: why\nHAZARD\n```\n')
})
