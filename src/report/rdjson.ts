import { lineStarts } from '../source/source.ts'
import type { Severity } from '../rule/rule.ts'
import { home } from './url.ts'
import { standing, type Place, type ReportData } from './report.ts'

const severities: Readonly<Record<Severity, string>> = { error: 'ERROR', warning: 'WARNING', info: 'INFO' }

/** reviewdog's JSON. Its columns count UTF-8 bytes. */
export function rdjsonReport(data: ReportData, textOf: (file: string) => string | undefined): string {
  const lines = new Map<string, readonly string[]>()
  const lineOf = (file: string, line: number): string => {
    let own = lines.get(file)
    if (!own) lines.set(file, (own = (textOf(file) ?? '').split('\n')))
    return own[line - 1] ?? ''
  }
  const bytes = (file: string, line: number, column: number): number =>
    utf8Length(lineOf(file, line).slice(0, column - 1)) + 1
  const range = (place: Place): unknown => ({
    start: { line: place.line, column: bytes(place.file, place.line, place.column) },
    end: { line: place.endLine, column: bytes(place.file, place.endLine, place.endColumn) },
  })
  const diagnostics = standing(data).map((one) => ({
    message: `${one.message}\n${one.hazard}\n${one.instead}`,
    location: { path: one.file, range: range(one) },
    severity: severities[one.severity],
    code: { value: one.rule, url: one.url },
    ...(one.because.length > 0 && {
      related_locations: one.because.map((label) => ({
        message: label.message,
        location: { path: label.file, range: range(label) },
      })),
    }),
    ...suggestions(one.fixes, one.file, textOf, bytes),
  }))
  return JSON.stringify({ source: { name: 'shiplint', url: home }, diagnostics }, undefined, 2) + '\n'
}

// reviewdog offers changes of the finding's own file only.
function suggestions(
  fixes: ReportData['diagnostics'][number]['fixes'],
  file: string,
  textOf: (file: string) => string | undefined,
  bytes: (file: string, line: number, column: number) => number,
): { readonly suggestions?: readonly unknown[] } {
  const text = textOf(file)
  const fix = fixes[0]
  if (!fix || text === undefined || fix.edits.some((edit) => edit.file !== file)) return {}
  const starts = lineStarts(text)
  const position = (offset: number): unknown => {
    const line = starts.findLastIndex((start) => start <= offset) + 1
    return { line, column: bytes(file, line, offset - starts[line - 1]! + 1) }
  }
  return {
    suggestions: fix.edits.map((edit) => ({
      range: { start: position(edit.start), end: position(edit.end) },
      text: edit.text,
    })),
  }
}

function utf8Length(text: string): number {
  let length = 0
  for (const char of text) {
    const code = char.codePointAt(0)!
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return length
}
