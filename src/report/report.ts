import type { Diagnostic } from '../rule/diagnostic.ts'
import type { Severity } from '../rule/rule.ts'
import type { Coverage, Report } from '../lint.ts'
import { lineStarts, positionOf, type Span } from '../source/source.ts'
import { fingerprints } from './fingerprint.ts'
import { pageOf } from './url.ts'

/** Where something stands, for people: one-based lines, columns in UTF-16 units, the end behind the last character. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

/** A finding as reports show it: the `diagnostics` of the JSON format (CONTRACT.md), which changes only by adding. */
export interface Shown extends Place {
  readonly rule: string
  readonly severity: Severity
  readonly message: string
  readonly hazard: string
  readonly instead: string
  readonly url: string
  readonly fingerprint: string
  readonly because: readonly (Place & { readonly message: string })[]
  readonly fixes: readonly ShownFix[]
  readonly suppressed: boolean
  /** The reason that the allowing comment gives. */
  readonly reason?: string
}

/** A fix, its edits as UTF-16 offsets into files as they are on disk. */
export interface ShownFix {
  readonly title: string
  readonly safety: 'safe' | 'unsafe'
  readonly edits: readonly {
    readonly file: string
    readonly start: number
    readonly end: number
    readonly text: string
  }[]
}

/** How much was read; `files` counts all three. */
export interface ShownCoverage {
  readonly files: number
  readonly whole: number
  readonly part: readonly { readonly file: string; readonly line: number; readonly reason: string }[]
  readonly skipped: readonly { readonly file: string; readonly reason: string }[]
}

/** What every format is made of, and the whole of the JSON format. */
export interface ReportData {
  readonly version: 1
  readonly diagnostics: readonly Shown[]
  readonly coverage: ShownCoverage
}

/** How a front names files (from the working directory), and their texts. */
export interface Naming {
  name(file: string): string
  text(file: string): string
}

/** Turns what the linter found into what is shown. */
export function reportData(report: Pick<Report, 'diagnostics' | 'coverage'>, naming: Naming): ReportData {
  const starts = new Map<string, readonly number[]>()
  const startsOf = (file: string): readonly number[] => {
    let found = starts.get(file)
    if (!found) starts.set(file, (found = lineStarts(naming.text(file))))
    return found
  }
  const place = (at: Span): Place => {
    const from = positionOf(startsOf(at.file), at.start)
    const to = positionOf(startsOf(at.file), at.end)
    return {
      file: naming.name(at.file),
      line: from.line,
      column: from.column,
      endLine: to.line,
      endColumn: to.column,
    }
  }
  const prints = fingerprints(report.diagnostics, naming)
  return {
    version: 1,
    diagnostics: report.diagnostics.map((one, i) => shown(one, prints[i]!, place, naming)),
    coverage: shownCoverage(report.coverage, naming, (file, offset) => positionOf(startsOf(file), offset).line),
  }
}

function shown(one: Diagnostic, fingerprint: string, place: (at: Span) => Place, naming: Naming): Shown {
  return {
    rule: one.rule,
    severity: one.severity,
    ...place(one.at),
    message: one.says,
    hazard: one.hazard,
    instead: one.instead,
    url: pageOf(one.rule),
    fingerprint,
    because: one.because.map((label) => ({ ...place(label.at), message: label.says })),
    fixes: one.fixes.map((fix) => ({
      title: fix.title,
      safety: fix.safety,
      edits: fix.edits.map(({ at, text }) => ({ file: naming.name(at.file), start: at.start, end: at.end, text })),
    })),
    suppressed: one.allowed !== undefined,
    ...(one.allowed !== undefined && { reason: one.allowed }),
  }
}

function shownCoverage(
  coverage: Coverage,
  naming: Naming,
  line: (file: string, offset: number) => number,
): ShownCoverage {
  return {
    files: coverage.whole.length + coverage.part.length + coverage.skipped.length,
    whole: coverage.whole.length,
    part: coverage.part.flatMap(({ file, unread }) =>
      unread.map((part) => ({ file: naming.name(file), line: line(file, part.start), reason: part.says })),
    ),
    skipped: coverage.skipped.map(({ file, reason }) => ({ file: naming.name(file), reason })),
  }
}

/** Several reports as one: a run over projects that do not contain each other. */
export function joinReports(reports: readonly ReportData[]): ReportData {
  return {
    version: 1,
    diagnostics: reports.flatMap((one) => one.diagnostics),
    coverage: {
      files: reports.reduce((sum, one) => sum + one.coverage.files, 0),
      whole: reports.reduce((sum, one) => sum + one.coverage.whole, 0),
      part: reports.flatMap((one) => one.coverage.part),
      skipped: reports.flatMap((one) => one.coverage.skipped),
    },
  }
}

/** How many files were read in part; the list may name several places of one. */
export function filesInPart(coverage: ShownCoverage): number {
  return new Set(coverage.part.map((part) => part.file)).size
}

/** The findings that count: those that no comment allows. */
export function standing(data: ReportData): readonly Shown[] {
  return data.diagnostics.filter((one) => !one.suppressed)
}
