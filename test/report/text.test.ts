import { expect, test } from 'vitest'
import { cellsOf } from '../../src/report/cells.ts'
import { frameOf, wrap } from '../../src/report/frame.ts'
import { plain, textReport } from '../../src/report/text.ts'
import { sample, textOf } from './sample.ts'

const report = textReport(sample, { width: 80, paint: plain, text: textOf, quiet: false })

test('the trail is drawn in order, across files, before the finding', () => {
  const places = report.split('\n').filter((line) => /^\s*\d+ │|──/.test(line))
  expect(places.slice(0, 5).map((line) => line.trim().slice(0, 24))).toEqual([
    '── deploy.sh',
    '2 │ VERSION=$1 # 版本 🚀',
    '── dir with space/site &',
    '2 │   root /var/www/curr',
    '── deploy.sh',
  ])
})

test('marks stand under their words, with tabs and wide characters', () => {
  const lines = report.split('\n')
  const at = lines.findIndex((line) => line.includes('rsync -a --delete "本番/"') && line.includes('│'))
  const column = lines[at]!.indexOf('/var/www/releases/$VERSION/')
  // Two wide characters take two columns more than they have units.
  expect(lines[at + 1]!.indexOf('^')).toBe(column + 2)
  expect(lines[at + 1]!.trimEnd().endsWith('^'.repeat(27))).toBe(true)
})

test('nothing that a terminal would obey is printed', () => {
  expect(report.replace(/\n/g, '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/)
  expect(report).toContain('␛[31mred')
})

test('a line that is too long is cut around its mark', () => {
  for (const line of report.split('\n').filter((one) => one.includes('│'))) expect(line.length).toBeLessThanOrEqual(82)
  const { code, marks } = frameOf(`${'x'.repeat(300)}HERE${'y'.repeat(300)}`, 300, 304, '^', 60)
  expect(code.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1)).toBe('HERE')
  expect(code.length).toBeLessThanOrEqual(60)
})

test('hazard and instead are told once a rule, and the summary says what was read', () => {
  expect(report.match(/hazard:/g)).toHaveLength(2)
  expect(report).toContain(
    '1 error, 1 warning, 1 remark; checked 2 of 3 files, 1 in part; 1 finding allowed by comments',
  )
  expect(report).toContain('skipped: bin/tool: binary')
})

test('cells and wrapping', () => {
  expect(cellsOf('a\tb').map((cell) => cell.width)).toEqual([1, 3, 1])
  expect(cellsOf('e\u0301').map((cell) => cell.width)).toEqual([1, 0])
  expect(wrap('one two three', 8)).toEqual(['one two', 'three'])
})
