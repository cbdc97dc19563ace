import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as yaml from 'yaml'
import { at, entriesOf, parseYaml, scalarPiece, textAt, type YamlScalar } from '../../src/parse/yaml.ts'
import { applyEdits } from '../../src/source/edit.ts'
import { wholeFile } from '../../src/source/piece.ts'

const file = 'x.yml'

function scalar(text: string, ...keys: readonly string[]): YamlScalar {
  const node = at(parseYaml(text).tree.documents[0], ...keys)
  if (node?.kind !== 'scalar') throw new Error(`no scalar at ${keys.join('.')}`)
  return node
}

/** What the file shows behind each character of a decoded text. */
function shown(text: string, ...keys: readonly string[]): readonly string[] {
  const one = scalar(text, ...keys)
  const piece = scalarPiece(wholeFile(file, text), one)
  expect(piece.text).toBe(one.text)
  return [...piece.text].map((char, i) => {
    const start = [...piece.text].slice(0, i).join('').length
    return piece
      .spans(start, start + char.length)
      .map((span) => text.slice(span.start, span.end))
      .join('·')
  })
}

describe('the map from decoded text to the file', () => {
  test.each([
    ['plain', 'a: echo  hi # no\n', ['e', 'c', 'h', 'o', ' ', ' ', 'h', 'i']],
    ['plain over lines', 'a: x\n  y\n\n  z\n', ['x', '\n', 'y', '\n', 'z']],
    ['single quotes', "a: 'it''s'\n", ['i', 't', "''", 's']],
    ['double quotes', 'a: "x\\ty\\"\\u00e9\\x41"\n', ['x', '\\t', 'y', '\\"', '\\u00e9', '\\x41']],
    ['escaped line end', 'a: "x\\\n   y"\n', ['x', 'y']],
    ['literal', 'a: |\n  x\n    y\n\n  z\n', ['x', '\n', ' ', ' ', 'y', '\n', '\n', 'z', '\n']],
    ['literal, stripped, CRLF', 'a: |-\r\n  x\r\n  y\r\n', ['x', '\r\n', 'y']],
    ['literal with a digit', 'a: |2\n    x\n', [' ', ' ', 'x', '\n']],
    ['folded', 'a: >\n  x\n  y\n\n  z\n', ['x', '\n', 'y', '\n', 'z', '\n']],
    ['emoji and BOM', '\uFEFFa: "😀x"\n', ['😀', 'x']],
  ])('%s', (_, text, wanted) => {
    expect(shown(text, 'a')).toEqual(wanted)
  })
})

const line = fc.string({ unit: fc.constantFrom(...'ab \t"\'\\:#-{}[],&*!|>%@`$=éß😀'.match(/./gu)!), maxLength: 12 })

describe('every scalar that the parser reads is decoded alike, with a map that is exact and an edit that reads as wanted', () => {
  const content = fc.array(line, { minLength: 1, maxLength: 6 })
  const spelled = fc.record({
    lines: content,
    style: fc.constantFrom(
      'PLAIN',
      'QUOTE_SINGLE',
      'QUOTE_DOUBLE',
      'BLOCK_LITERAL',
      'BLOCK_FOLDED',
    ) as fc.Arbitrary<yaml.Scalar.Type>,
    indent: fc.integer({ min: 1, max: 6 }),
    crlf: fc.boolean(),
    bom: fc.boolean(),
    width: fc.constantFrom(0, 10, 80),
  })

  test('decode, span, encode', () => {
    fc.assert(
      fc.property(spelled, line, fc.nat(), fc.nat(), (given, replacement, from, length) => {
        const value = new yaml.Scalar(given.lines.join('\n'))
        value.type = given.style
        const document = new yaml.Document({ jobs: { deploy: [{ run: value, after: 'kept' }] } })
        let text = document.toString({ indent: given.indent, lineWidth: given.width })
        if (given.crlf) text = text.replaceAll('\n', '\r\n')
        if (given.bom) text = '\uFEFF' + text
        const list = at(parseYaml(text).tree.documents[0], 'jobs', 'deploy')
        if (list?.kind !== 'list') throw new Error('no list')
        const one = at(list.items[0], 'run') as YamlScalar
        // The printer writes some plain texts so that they do not read back.
        if (one?.kind !== 'scalar' || textAt(list.items[0], 'after') !== 'kept') return
        const piece = scalarPiece(wholeFile(file, text), one)
        expect(piece.text).toBe(one.text)
        // Every character of one text has characters of its own, in order, and none is lost.
        let done = -1
        for (let i = 0; i < piece.text.length; i++) {
          const span = piece.spans(i, i + 1)[0]!
          expect(span.start).toBeGreaterThanOrEqual(done)
          const exact = text.slice(span.start, span.end)
          if (exact.length === 1 && exact !== '\n') expect(exact).toBe(piece.text[i])
          done = Math.max(done, span.start)
        }
        const start = from % (piece.text.length + 1)
        const end = Math.min(piece.text.length, start + (length % 4))
        const edit = piece.edit(start, end, replacement)
        if (!edit) return
        const after = applyEdits(file, text, [edit])!
        const again = parseYaml(after).tree.documents[0]
        const items = at(again, 'jobs', 'deploy')
        expect(items?.kind === 'list' && textAt(items.items[0], 'run')).toBe(
          piece.text.slice(0, start) + replacement + piece.text.slice(end),
        )
        expect(items?.kind === 'list' && textAt(items.items[0], 'after')).toBe('kept')
      }),
      { numRuns: 1000 },
    )
  })

  test('hand-written blocks of blanks, tabs and breaks', () => {
    const body = fc.array(fc.constantFrom('', ' ', '   x', '  x', '  x y', '   ', '  \tx', '      ', '  é😀', '\t'), {
      maxLength: 7,
    })
    fc.assert(
      fc.property(
        body,
        fc.constantFrom('|', '>'),
        fc.constantFrom('', '-', '+'),
        fc.constantFrom('', '1', '2'),
        fc.boolean(),
        (lines, mode, chomp, digit, crlf) => {
          const text = `a: ${mode}${digit}${chomp}\n${lines.join('\n')}\nb: 1\n`.replaceAll('\n', crlf ? '\r\n' : '\n')
          const parsed = parseYaml(text)
          const one = at(parsed.tree.documents[0], 'a')
          if (parsed.errors.length > 0 || one?.kind !== 'scalar') return
          expect(scalarPiece(wholeFile(file, text), one).spans(0, 0).length).toBe(1)
          const piece = scalarPiece(wholeFile(file, text), one)
          expect(piece.text).toBe(one.text)
          if (piece.text.length > 1)
            expect(piece.spans(0, 1)).not.toEqual(piece.spans(piece.text.length - 1, piece.text.length))
        },
      ),
      { numRuns: 1000 },
    )
  })
})

describe('a hostile file', () => {
  test('aliases that hold themselves, that name nothing and that multiply', () => {
    expect(parseYaml('a: &x [1, *x]\n').errors.map((one) => one.says)).toEqual(['YAML: the alias *x holds itself'])
    expect(parseYaml('a: *y\n').errors).not.toEqual([])
    const laughs = [
      'a0: &a0 [x]',
      ...Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`),
    ]
    expect(parseYaml(laughs.join('\n')).tree.documents).toHaveLength(1)
  })

  test('merges: own keys first, the first merge before the next', () => {
    const text = 'x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz:\n  <<: [*x, *y]\n  a: own\n'
    const z = at(parseYaml(text).tree.documents[0], 'z')
    expect(entriesOf(z).map((entry) => [entry.key.text, textAt(entry.value)])).toEqual([
      ['a', 'own'],
      ['b', '2'],
      ['c', '4'],
    ])
  })

  test('never throws, and what can be read is read', () => {
    const deep = '['.repeat(100_000)
    const dashes = '- '.repeat(50_000) + 'x'
    for (const text of [
      deep,
      dashes,
      '\0',
      '{',
      'a: "',
      'a:\n\t- b',
      '%',
      '? ',
      '"\\uD83D"',
      'a: |9\n x',
      '&a',
      '*',
      '<<: *x',
    ])
      expect(() => parseYaml(text)).not.toThrow()
    expect(textAt(parseYaml('a: 1\nb: {{ x }}\nc: 3\n').tree.documents[0], 'c')).toBe('3')
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'a: \n-"\'|>&*{}[]#?!%\t\\'), maxLength: 60 }),
        (text) => void parseYaml(text),
      ),
      { numRuns: 3000 },
    )
  })
})
