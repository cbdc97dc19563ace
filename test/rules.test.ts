import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { lint } from '../src/lint.ts'
import type { Diagnostic } from '../src/rule/diagnostic.ts'
import { applyEdits } from '../src/source/edit.ts'
import { lineStarts, positionOf } from '../src/source/source.ts'
import { rules } from '../rules/index.ts'
import { parsers } from './parsers.ts'
import { readPage, type Example, type Mark, type PageFile } from './page.ts'

const root = path.resolve(import.meta.dirname, '../rules')
const ids = readdirSync(root).filter((id) => !id.startsWith('_') && existsSync(path.join(root, id, 'rule.ts')))

function findings(id: string, example: Example): readonly Diagnostic[] {
  const files = example.files.map((file) => ({ file: file.path, text: file.text }))
  return lint({ files, parsers }, { [id]: rules[id]! }).diagnostics.filter((found) => found.rule === id)
}

/** What a page would draw for the findings in one file. */
function drawn(file: PageFile, found: readonly Diagnostic[]): readonly string[] {
  const starts = lineStarts(file.text)
  const out = found.flatMap((one) => [
    ...(one.at.file === file.path ? [{ kind: '^', at: one.at, says: one.says }] : []),
    ...one.because.filter((label) => label.at.file === file.path).map((label) => ({ kind: '~', ...label })),
  ])
  return out.map(({ kind, at, says }) => {
    const from = positionOf(starts, at.start)
    return `${from.line}:${from.column} ${kind} ${says}`
  })
}

const expected = (marks: readonly Mark[]): readonly string[] =>
  marks.map((mark) => `${mark.line + 1}:${mark.column + 1} ${mark.kind} ${mark.says}`)

for (const id of ids) {
  describe(id, () => {
    const rule = rules[id]!
    const page = readPage(readFileSync(path.join(root, id, 'README.md'), 'utf8'))

    test('the page begins with the rule’s three sentences', () => {
      expect(page.sentences.slice(0, 3)).toEqual([rule.finds, rule.hazard, rule.instead])
    })

    for (const example of page.caught) {
      test(`caught: ${example.title}`, () => {
        const found = findings(id, example)
        expect(found.length, 'nothing was found').toBeGreaterThan(0)
        for (const file of example.files)
          expect([...drawn(file, found)].sort()).toEqual([...expected(file.marks)].sort())
      })
      const fixed = example.files.filter((file) => file.fixed !== undefined)
      if (fixed.length > 0)
        test(`fixed: ${example.title}`, () => {
          const edits = findings(id, example).flatMap((one) => one.fixes[0]?.edits ?? [])
          const after = example.files.map((file) => ({ ...file, text: applyEdits(file.path, file.text, edits)! }))
          for (const file of after) if (file.fixed !== undefined) expect(file.text).toBe(file.fixed)
          expect(findings(id, { ...example, files: after })).toEqual([])
        })
    }
    for (const example of page.clean) {
      test(`clean: ${example.title}`, () => {
        expect(findings(id, example).map((one) => `${one.at.file} ${one.says}`)).toEqual([])
      })
    }
  })
}

test('there is a registry', () => {
  expect(Object.keys(rules)).toEqual(ids)
})
