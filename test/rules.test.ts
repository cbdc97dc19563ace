import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { lint, type Report } from '../src/lint.ts'
import type { Diagnostic } from '../src/rule/diagnostic.ts'
import { allowComment } from '../src/rule/allow.ts'
import { applyEdits, type Edit } from '../src/source/edit.ts'
import { lineStarts, overlaps, positionOf, type Span } from '../src/source/source.ts'
import { rules } from '../rules/index.ts'
import { parsers } from './parsers.ts'
import { drawFile, readPage, redraw, type Example, type Mark, type PageFile } from './page.ts'

const root = path.resolve(import.meta.dirname, '../rules')
const ids = readdirSync(root).filter((id) => !id.startsWith('_') && existsSync(path.join(root, id, 'rule.ts')))
// `npm run pages` draws the lines anew instead of comparing them.
const updating = process.env['SHIPLINT_UPDATE'] === '1'

type Texts = readonly { readonly path: string; readonly text: string }[]

function run(id: string, files: Texts): Report {
  return lint({ files: files.map(({ path, text }) => ({ file: path, text })), parsers }, { [id]: rules[id]! })
}

/** The rule's own findings that no comment allows. */
function findings(id: string, files: Texts): readonly Diagnostic[] {
  return run(id, files).diagnostics.filter((found) => found.rule === id && found.allowed === undefined)
}

/** What a page draws for the findings in one file; what is said twice of one place is drawn once. */
function marksOf(file: PageFile, found: readonly Diagnostic[]): readonly Mark[] {
  const starts = lineStarts(file.text)
  const labels = found.flatMap((one) => [
    { kind: '^' as const, at: one.at, says: one.says },
    ...one.because.map((label) => ({ kind: '~' as const, ...label })),
  ])
  const marks = new Map<string, Mark>()
  for (const { kind, at, says } of labels) {
    if (at.file !== file.path) continue
    const from = positionOf(starts, at.start)
    const lineEnd = (starts[from.line] ?? file.text.length + 1) - 1
    const length = Math.max(1, Math.min(at.end, lineEnd) - at.start)
    const mark = {
      kind,
      line: from.line - 1,
      column: from.column - 1,
      length,
      says: says.replace(/\s*\n\s*/g, ' ').trim(),
    }
    marks.set(JSON.stringify(mark), mark)
  }
  return [...marks.values()].sort((a, b) => a.line - b.line)
}

const shown = (mark: Mark): string =>
  `${mark.line + 1}:${mark.column + 1} ${mark.kind.repeat(mark.length)} ${mark.says}`

/** The first fix of each finding, as far as they do not want the same characters. */
function firstFixes(found: readonly Diagnostic[]): readonly Edit[] {
  const edits: Edit[] = []
  for (const one of found) {
    const wanted = one.fixes[0]?.edits ?? []
    if (!wanted.some((edit) => edits.some((other) => overlaps(edit.at, other.at)))) edits.push(...wanted)
  }
  return edits
}

const edited = (files: Texts, edits: readonly Edit[]): Texts =>
  files.map(({ path, text }) => ({ path, text: applyEdits(path, text, edits)! }))

const unread = (report: Report): number => report.coverage.part.reduce((sum, file) => sum + file.unread.length, 0)

for (const id of ids) {
  describe(id, () => {
    const rule = rules[id]!
    const file = path.join(root, id, 'README.md')
    const text = readFileSync(file, 'utf8')
    const page = readPage(text)

    test('the page begins with the rule’s three sentences', () => {
      expect(page.sentences.slice(0, 3)).toEqual([rule.finds, rule.hazard, rule.instead])
    })

    test('Clean is as long as Caught', () => {
      expect(page.caught.length).toBeGreaterThan(0)
      expect(page.clean.length, 'examples under ## Clean').toBeGreaterThanOrEqual(page.caught.length)
    })

    if (updating) test('the page is drawn anew', () => void writeFileSync(file, drawnAnew(id, text, page.caught)))
    for (const example of page.caught) {
      test(`caught: ${example.title}`, () => expectCaught(id, example))
      test(`fixed: ${example.title}`, () => expectFixed(id, example))
    }
    for (const example of page.clean) {
      test(`clean: ${example.title}`, () => {
        expect(findings(id, example.files).map((one) => `${one.at.file} ${one.says}`)).toEqual([])
      })
    }
    test('no beginning of an example throws, and every place lies inside its text', () => {
      for (const example of [...page.caught, ...page.clean])
        for (const files of beginnings(example)) expectInside(run(id, files), files)
    })
  })
}

function expectCaught(id: string, example: Example): void {
  const found = findings(id, example.files)
  expect(found.length, 'nothing was found').toBeGreaterThan(0)
  if (!updating)
    for (const file of example.files)
      expect([...new Set(marksOf(file, found).map(shown))].sort()).toEqual([...new Set(file.marks.map(shown))].sort())
  for (const one of found) expectAllowed(id, example.files, one)
}

/** A comment above the finding's command silences it, in whatever language the file is. */
function expectAllowed(id: string, files: Texts, found: Diagnostic): void {
  const text = files.find((file) => file.path === found.at.file)!.text
  const comment = allowComment({ file: found.at.file, text }, found.at.start, id, 'the harness tries it')
  if (!comment) return // the language has no comments
  const after = edited(files, [comment])
  const report = run(id, after)
  const still = report.diagnostics.filter(
    (one) => one.rule === id && one.at.file === found.at.file && one.says === found.says,
  )
  const moved = (at: Span): number => (at.start >= comment.at.start ? at.start + comment.text.length : at.start)
  const same = still.find((one) => one.at.start === moved(found.at))
  expect(same?.allowed, `an allow comment above ${found.at.file}: ${found.says}`).toBe('the harness tries it')
}

function expectFixed(id: string, example: Example): void {
  const before = run(id, example.files)
  const found = before.diagnostics.filter((one) => one.rule === id)
  const edits = firstFixes(found)
  if (edits.length === 0) {
    expect(
      example.files.filter((file) => file.fixed).map((file) => file.path),
      'a fixed block, but no fix',
    ).toEqual([])
    return
  }
  const after = edited(example.files, edits)
  if (!updating)
    for (const [i, file] of example.files.entries()) if (file.fixed) expect(after[i]!.text).toBe(file.fixed.text)
  const left = run(id, after)
  const unfixable = found.filter((one) => one.fixes.length === 0).length
  expect(left.diagnostics.filter((one) => one.rule === id).length, 'findings left after the fixes').toBeLessThanOrEqual(
    unfixable,
  )
  expect(unread(left), 'parts that are not read after the fixes').toBeLessThanOrEqual(unread(before))
}

/** The example with one file cut off, at some places of each file. */
function* beginnings(example: Example): Iterable<Texts> {
  const most = 7
  yield example.files
  for (const cut of example.files)
    for (let i = 0; i < most; i++) {
      const end = Math.floor((cut.text.length * i) / most)
      yield example.files.map((file) => (file === cut ? { path: file.path, text: file.text.slice(0, end) } : file))
    }
}

function expectInside(report: Report, files: Texts): void {
  const wrong = (at: Span): boolean => {
    const text = files.find((file) => file.path === at.file)?.text
    return text === undefined || !(at.start >= 0 && at.start <= at.end && at.end <= text.length)
  }
  for (const one of report.diagnostics) {
    const places = [
      one.at,
      ...one.because.map((label) => label.at),
      ...one.fixes.flatMap((fix) => fix.edits.map((edit) => edit.at)),
    ]
    expect(places.filter(wrong), `${one.says}: places outside the text`).toEqual([])
  }
}

function drawnAnew(id: string, text: string, caught: readonly Example[]): string {
  const changes = caught.flatMap((example) => {
    const found = findings(id, example.files)
    const fixed = edited(example.files, firstFixes(found))
    return example.files.flatMap((file, i) => [
      { line: file.line, lines: file.lines, text: drawFile(file.text, marksOf(file, found)) },
      ...(file.fixed ? [{ line: file.fixed.line, lines: file.fixed.lines, text: drawFile(fixed[i]!.text, []) }] : []),
    ])
  })
  return redraw(text, changes)
}

test('there is a registry', () => {
  expect(Object.keys(rules)).toEqual(ids)
})
