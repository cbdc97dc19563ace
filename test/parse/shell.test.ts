import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { quote } from 'shell-quote'
import { describe, expect, test } from 'vitest'
import { lint } from '../../src/lint.ts'
import { wholeFile } from '../../src/source/piece.ts'
import {
  argument,
  argumentsOf,
  backtickPiece,
  commentsOf,
  eachChild,
  parseShell,
  withoutCarriageReturns,
  type Shell,
} from '../../src/parse/shell.ts'

const says = (text: string): readonly string[] => parseShell(text).errors.map((error) => error.says)

/** Every node of a tree, nested scripts included. */
function nodesOf(node: Shell.SyntaxNode): readonly Shell.SyntaxNode[] {
  const out: Shell.SyntaxNode[] = [node]
  eachChild(node, (child) => void out.push(...nodesOf(child)))
  return out
}

const only = <Type extends Shell.SyntaxNode['type']>(text: string, type: Type) =>
  nodesOf(parseShell(text).tree).find((node) => node.type === type) as Extract<Shell.SyntaxNode, { type: Type }>

const first = (text: string): Shell.Command => only(text, 'Command')

describe('1: comments stand in the gaps of the tree', () => {
  const comments = (text: string): readonly string[] =>
    commentsOf(text, parseShell(text).tree).map((one) => text.slice(one.start, one.end))

  test.each<[string, readonly string[]]>([
    ['run # why', ['# why']],
    ['run a#b \\#c', []],
    ['echo "# no" \'# no\' # yes', ['# yes']],
    ['echo $# ${#x} ${x#y} $((2#11)) # yes', ['# yes']],
    ['[[ $x =~ # ]] # yes', ['# yes']],
    ['cat <<A # one\n# body\nA\n# two', ['# one', '# two']],
    ['x=$( # in a substitution )\n run)', ['# in a substitution )']],
    ['run <( # in a process\n x)', ['# in a process']],
    ['list=(\n a # first\n b\n)', ['# first']],
    ['case $x in # one\n a) ;; # two\nesac # three', ['# one', '# two', '# three']],
    ['if a; then # one\n b && # two\n c\nfi;# three', ['# one', '# two', '# three']],
    ['run `# why` --all', ['# why']],
    ['x=`run # why\n`; y', ['# why']],
    ['#!/bin/sh\n#x', ['#x']],
    ['# end', ['# end']],
  ])('%j', (text, expected) => expect(comments(text)).toEqual(expected))
})

describe('2: stretches that make one word are glued', () => {
  const words = (text: string): readonly string[] => argumentsOf(first(text)).map((one) => one.text)

  test.each<[string, readonly string[]]>([
    ['run --from=<(list) b', ['--from=<(list)', 'b']],
    ['run /<(a)/b', ['/<(a)/b']],
    ['run a<(b)c<(d)e f', ['a<(b)c<(d)e', 'f']],
    ['run X=1 Y=<(a)', ['X=1', 'Y=<(a)']],
    ['run "a"\'b\'$(c)`d`', ['"a"\'b\'$(c)`d`']],
  ])('%j', (text, expected) => expect(words(text)).toEqual(expected))
})

describe('3: a continuation behind a word is not part of it', () => {
  test.each<[string, readonly string[]]>([
    ['run a\\\n b', ['a', 'b']],
    ['run a\\\n\\\n b', ['a', 'b']],
    ['run --from=<(x)\\\n b', ['--from=<(x)', 'b']],
    ['run a\\\\\n b', ['a\\\\']],
    ['run "a\\\n" b', ['"a\\\n"', 'b']],
  ])('%j', (text, expected) => {
    const found = argumentsOf(first(text))
    expect(found.map((one) => text.slice(one.pos, one.end))).toEqual(expected)
  })
  test('the name of a command too', () => {
    const name = argument(first('rm\\\n -rf x').name!)
    expect([name.pos, name.end, name.text]).toEqual([0, 2, 'rm'])
  })
})

test('4: `$n` in arithmetic is an expansion without parts, `${n}` has one', () => {
  const inside = (text: string) => nodesOf(only(text, 'ArithmeticExpansion')).map((node) => node.type)
  expect(inside('echo $(($n))')).not.toContain('ParameterExpansion')
  expect(inside('echo $((${n}))')).toContain('ParameterExpansion')
})

describe('5: text inside backticks maps back to where it stands', () => {
  const mapped = (text: string): string => {
    const node = only(text, 'CommandExpansion')
    const decoded = node.script!.source!
    const piece = backtickPiece(wholeFile('a.sh', text), node.pos, node.end, decoded)
    return Array.from({ length: decoded.length }, (_, i) => text.slice(...range(piece.spans(i, i + 1)[0]!))).join('')
  }
  const range = (span: { start: number; end: number }): [number, number] => [span.start, span.end]

  test('escapes are undone, each character known by its place', () => {
    expect(only('x=`run \\$y \\`z\\` \\\\n`', 'CommandExpansion').script!.source).toBe('run $y `z` \\n')
    expect(mapped('x=`run \\$y \\`z\\` \\\\n`')).toBe('run $y `z` \\n')
    expect(mapped('x="`run \\"a\\" \\$y`"')).toBe('run "a" $y')
    expect(mapped('x=`run \\"a\\" \\$y`')).toBe('run \\"a\\" $y')
  })
  test('for any text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '$', '\\', '\\`', '"', "'", ' ', '\\\\', '\\$', '\n', '😀') })
    fc.assert(
      fc.property(text, fc.boolean(), (inner, quoted) => {
        const source = quoted ? `x="\`${inner}\`"` : `x=\`${inner}\``
        const node = only(source, 'CommandExpansion')
        if (node?.script?.source === undefined || node.end < source.length - (quoted ? 1 : 0)) return
        expect(mapped(source)).toBe(node.script.source)
      }),
    )
  })
  test('an error inside is told where the backticks stand', () => {
    const text = 'a; x=`b \\`if\\``'
    expect(parseShell(text).errors.every((error) => error.start >= 5 && error.end <= text.length)).toBe(true)
    expect(says(text)).toContain("expected 'then'")
  })
})

describe('6: errors of nested scripts are found', () => {
  test.each([
    'x=$(if)',
    'run "a $(b; while)"',
    '`case`',
    'run <(for)',
    'cat <<A\n$(if)\nA',
    'x=${y:-$(if)}',
    'a[$(if)]=1',
  ])('%j', (text) => expect(says(text)).not.toEqual([]))
  test('a plain word has no parts', () => expect(first('run plain').suffix).toMatchObject([{ value: 'plain' }]))
})

/** Scripts that use most of the grammar; every beginning of them is a broken script. */
const whole = `#!/bin/bash
set -eu # flags
deploy() { local at="\${1:?}"; cd "$at" && rm -rf -- ./old* || return 1; }
for host in "\${hosts[@]}" a{b,c}; do ssh "$host" <<END
  cat \`ls \\\`pwd\\\`\` $((1 + $n))
END
done < <(list | sort -u)
if [[ -n $x && ( $y == a* ) ]]; then list=(a "b c" $(d)); elif ((n > 1)); then :; else x=\${y//a/"b"}; fi
while read -r line; do case $line in a|b) deploy "$line" ;; *) (exit 1) & ;; esac; done
until false; do select x in a b; do break; done; done >/dev/null 2>&1
`

describe('7: whatever a text is, nothing throws and every place lies inside it', () => {
  const inside = (text: string): void => {
    const { tree, errors } = parseShell(text)
    for (const error of errors) {
      expect(error.start).toBeGreaterThanOrEqual(0)
      expect(error.end).toBeLessThanOrEqual(text.length)
    }
    for (const one of commentsOf(text, tree)) expect(text[one.start]).toBe('#')
  }
  test('every beginning of a script', () => {
    expect(says(whole)).toEqual([])
    for (let end = 0; end < whole.length; end++) inside(whole.slice(0, end))
  })
  test('every end of one, and noise', () => {
    for (let start = 1; start < whole.length; start += 3) inside(whole.slice(start))
    const token = fc.constantFrom(
      '$(',
      '`',
      '"',
      "'",
      '${',
      ')',
      '}',
      'if ',
      'fi\n',
      '<<A\n',
      'A\n',
      '((',
      '))',
      ';;',
      '#',
      ' ',
      '\\',
      'x',
      '|',
      '&',
      '[[',
      ']]',
      '<(',
      'case x in ',
      '\0',
      '😀',
    )
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), (tokens) => inside(tokens.join(''))),
      { numRuns: 300 },
    )
  })
  test('an unclosed `if` that ends where it starts is linted all the same', () => {
    const report = lint({ files: [{ file: 'a.sh', text: 'if true; then\n  run\n' }] }, {})
    expect(report.diagnostics).toEqual([])
  })
})

describe('8: what is not bash or a relative of it is said to be not read', () => {
  test.each([
    ['a.zsh', 'echo ${(f)x}\n'],
    ['deploy', '#!/usr/bin/env zsh\necho\n'],
    ['deploy', '#!/bin/ksh\necho\n'],
    ['deploy', '#!/bin/mksh\necho\n'],
    ['a.fish', 'set x 1\n'],
    ['a.bats', '@test "x" { run a; }\n'],
    ['a', '#!/bin/tcsh\necho\n'],
    ['deploy.sh', '#!/bin/zsh\nprint -l x\n'],
    ['deploy.sh', '#!/usr/bin/env fish\nset x\n'],
  ])('%s %j', (file, text) => {
    const report = lint({ files: [{ file, text }] }, {})
    expect(report.coverage.skipped.map((one) => [one.file, /not read/.test(one.reason)])).toEqual([[file, true]])
  })
  test('sh is read as bash, and its dialect is kept', () => {
    expect(says('#!/bin/sh\n[[ a == b ]] && x=(1 2)\n')).toEqual([])
  })
})

describe('9: depth is bounded, in time, and said', () => {
  const openers = [
    '$(',
    '$( ',
    '"$(',
    '<(',
    '${x:-$(',
    '`$(',
    '$((`',
    '(',
    '((',
    '{ ',
    'if ',
    'a=($(',
    '[[ (',
    '`',
    '"`',
    '>(<(',
    'cat <<A\n$(',
    'while ',
    '@(',
    '${',
    '${a[',
  ]
  test.each(openers)('%j, 60 kB of it', (opener) => {
    const text = opener.repeat(Math.ceil(60_001 / opener.length))
    const from = performance.now()
    expect(says(text)).not.toEqual([])
    expect(performance.now() - from).toBeLessThan(5000)
  })
  test('300 levels that are closed', () => {
    for (const [open, close] of [
      ['$(', ')'],
      ['( ', ')'],
      ['{ ', ';}'],
      ['"$(', ')"'],
    ] as const)
      expect(says(`echo ${open.repeat(300)} x ${close.repeat(300)}`), open).not.toEqual([])
  })
  test('thirty levels are read', () => {
    expect(says(`echo ${'$(a '.repeat(30)}${')'.repeat(30)}`)).toEqual([])
  })
  test('many that stand side by side are read', () => expect(says('x=$(a "$(b)")\n'.repeat(5000))).toEqual([]))
})

describe('10: carriage returns', () => {
  test('the parser does what bash does: they belong to the word', () => {
    expect(first('run a\r\n').suffix).toMatchObject([{ text: 'a\r' }])
    expect(says('if a; then\r\n b\r\nfi\r\n')).not.toEqual([])
  })
  test('without them the script is the one that was meant, and every character is where it stands', () => {
    const line = fc.string({ unit: fc.constantFrom('a', ' ', '\r', '\t', '😀', '"') })
    const text = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 12 })
    fc.assert(
      fc.property(text, (lines) => {
        const source = lines.flat().join('')
        const piece = withoutCarriageReturns(wholeFile('a.sh', source))
        expect(piece.text).toBe(source.replaceAll('\r\n', '\n'))
        for (let i = 0; i < piece.text.length; i++) {
          const [span] = piece.spans(i, i + 1)
          const there = source.slice(span!.start, span!.end)
          expect(there).toBe(piece.text[i] === '\n' && there.length === 2 ? '\r\n' : piece.text[i])
        }
      }),
    )
  })
  test('an edit is written with the line ends of the file', () => {
    const piece = withoutCarriageReturns(wholeFile('a.sh', 'a\r\nbb\r\n'))
    expect(piece.edit(2, 4, 'x\ny')).toEqual({ at: { file: 'a.sh', start: 3, end: 5 }, text: 'x\r\ny' })
  })
})

test('11: the parser is imported in one file, and its printer nowhere', () => {
  const root = path.resolve(import.meta.dirname, '../../src')
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const importing = files.filter((file) => /from '(unbash[^']*)'/.test(readFileSync(path.join(root, file), 'utf8')))
  expect(importing).toEqual([path.join('parse', 'shell.ts')])
  expect(readFileSync(path.join(root, 'parse/shell.ts'), 'utf8')).not.toContain('unbash/printer')
})

test('what shell-quote quotes is read back as it was', () => {
  // A newline is the one character that quote() cannot write so that every shell reads it back.
  const word = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'ab $`"\'\\!#~*?[]{}()<>|&;=,%^@:-_/.\t😀é') }),
    fc.string({ unit: 'binary', maxLength: 6 }).filter((text) => !/[\n\0\r]/.test(text)),
  )
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (argv) => {
      const command = first(`run ${quote(argv)}`)
      const read = argumentsOf(command).map((one) => ('words' in one ? one.words.map(plain).join('') : one.text))
      expect(read).toEqual(argv)
    }),
    { numRuns: 200 },
  )
})

/** The text a word without expansions stands for. */
const plain = (word: Shell.Word): string => word.value
