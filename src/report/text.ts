import { lineStarts } from '../source/source.ts'
import { harmless } from './cells.ts'
import { frameOf, wrap } from './frame.ts'
import { filesInPart, standing, type Place, type ReportData, type Shown } from './report.ts'

/** Paints a text; a front that wants no colour gives none. */
export interface Paint {
  (kind: 'error' | 'warning' | 'info' | 'strong' | 'dim' | 'trail' | 'good', text: string): string
}

/** How the text format looks. */
export interface TextView {
  /** Columns to keep to. */
  readonly width: number
  readonly paint: Paint
  /** The text of a file by its shown name. */
  text(file: string): string | undefined
  /** Findings only: no hazard and instead, no coverage of what was read whole. */
  readonly quiet: boolean
}

/** No colours. */
export const plain: Paint = (_, text) => text

/** The report for a person at a terminal: each finding with the lines it speaks of, then what was checked. */
export function textReport(data: ReportData, view: TextView): string {
  const told = new Set<string>()
  const lineAt = linesOf(view.text)
  const lines: string[] = []
  for (const one of standing(data)) {
    lines.push(...findingLines(one, view, told.has(one.rule), lineAt), '')
    told.add(one.rule)
  }
  return [...lines, ...summaryLines(data, view)].map((line) => line.trimEnd() + '\n').join('')
}

/** One finding: message, its trail in order, the finding itself, and what it does to the site. */
export function findingLines(
  one: Shown,
  view: TextView,
  told: boolean,
  lineAt = linesOf(view.text),
): readonly string[] {
  const { paint } = view
  const head = `${one.severity}[${one.rule}]`
  const out = [`${paint(one.severity, head)} ${paint('strong', `${harmless(one.file)}:${one.line}:${one.column}`)}`]
  out.push(...wrap(harmless(one.message), view.width - 2).map((line) => `  ${line}`))
  const places = [
    ...withoutRepeats(one.because).map((label) => ({ ...label, mark: '~' as const })),
    { ...one, message: '', mark: '^' as const },
  ]
  const gutter = Math.max(...places.map((place) => String(place.line).length)) + 2
  let file = one.because.some((label) => label.file !== one.file) ? undefined : one.file
  let line = 0
  for (const place of places) {
    if (place.file !== file) {
      out.push(`${' '.repeat(gutter)}${paint('dim', '──')} ${harmless(place.file)}`)
      line = 0
    }
    out.push(...placeLines(place, place.mark, gutter, view, place.file === file && place.line === line, lineAt))
    file = place.file
    line = place.line
  }
  if (!view.quiet && !told) {
    for (const [name, sentence] of [
      ['hazard', one.hazard],
      ['instead', one.instead],
    ] as const) {
      const [first = '', ...rest] = wrap(sentence, view.width - 11)
      out.push(`  ${paint('strong', `${name}:`.padEnd(9))}${first}`, ...rest.map((text) => ' '.repeat(11) + text))
    }
  }
  const fix = one.fixes.find((candidate) => candidate.safety === 'safe') ?? one.fixes[0]
  if (fix)
    out.push(`  ${paint('good', 'fix:'.padEnd(9))}${harmless(fix.title)} ${paint('dim', `(${flagOf(fix.safety)})`)}`)
  return out
}

// What a trail says twice of one place is told once.
function withoutRepeats(trail: Shown['because']): Shown['because'] {
  const seen = new Set<string>()
  return trail.filter((label) => {
    const key = `${label.file}:${label.line}:${label.column} ${label.message}`
    return !seen.has(key) && seen.add(key)
  })
}

function flagOf(safety: 'safe' | 'unsafe'): string {
  return safety === 'safe' ? '--fix writes it' : '--fix-unsafe writes it'
}

function placeLines(
  place: Place & { readonly message: string },
  mark: '^' | '~',
  gutter: number,
  view: TextView,
  same: boolean,
  lineAt: ReturnType<typeof linesOf>,
): readonly string[] {
  const { paint } = view
  const code = lineAt(place.file, place.line)
  const bar = paint('dim', '│')
  const end = place.endLine === place.line ? place.endColumn - 1 : (code ?? '').length
  const room = Math.max(20, view.width - gutter - 3)
  const frame = frameOf(code ?? '', place.column - 1, end, mark, room)
  const kind = mark === '^' ? 'error' : 'trail'
  const out: string[] = []
  if (code !== undefined && !same) out.push(`${paint('dim', String(place.line).padStart(gutter))} ${bar} ${frame.code}`)
  const words = harmless(place.message)
  const blank = `${' '.repeat(gutter)} ${bar} `
  if (words === '' || frame.marks.length + 1 + words.length <= room) {
    out.push(`${blank}${paint(kind, frame.marks)}${words === '' ? '' : ` ${words}`}`)
  } else {
    out.push(`${blank}${paint(kind, frame.marks)}`)
    const indent = Math.min(frame.marks.length - frame.marks.trimStart().length, Math.floor(room / 3))
    out.push(...wrap(words, room - indent).map((line) => `${blank}${' '.repeat(indent)}${line}`))
  }
  return out
}

/** A file's lines by number, each file split once. */
function linesOf(textOf: TextView['text']): (file: string, line: number) => string | undefined {
  const starts = new Map<string, readonly number[]>()
  return (file, line) => {
    const text = textOf(file)
    if (text === undefined) return undefined
    let own = starts.get(file)
    if (!own) starts.set(file, (own = lineStarts(text)))
    const start = own[line - 1]
    return start === undefined ? undefined : text.slice(start, own[line] ?? text.length).replace(/\r?\n$/, '')
  }
}

/** What was found and what was read, in a few lines. */
function summaryLines(data: ReportData, view: TextView): readonly string[] {
  const { paint } = view
  const out: string[] = []
  const { coverage } = data
  const found = standing(data)
  const allowed = data.diagnostics.length - found.length
  if (!view.quiet) {
    out.push(...partLines(coverage.part, paint))
    for (const file of coverage.skipped)
      out.push(`${paint('dim', 'skipped:')} ${harmless(file.file)}: ${harmless(file.reason)}`)
    if (out.length > 0) out.push('')
  }
  const counts = (['error', 'warning', 'info'] as const)
    .map((severity) => [found.filter((one) => one.severity === severity).length, severity] as const)
    .filter(([count]) => count > 0)
    .map(([count, severity]) => paint(severity, plural(count, severity === 'info' ? 'remark' : severity)))
  const all = counts.length === 0 ? paint('good', 'nothing found') : counts.join(', ')
  const read = coverage.files === 0 ? 'no files to check' : checked(data)
  out.push(`${all}; ${read}${allowed > 0 ? `; ${plural(allowed, 'finding')} allowed by comments` : ''}`)
  return out
}

/** So many places of a file that was read in part are listed; the rest is counted. */
const mostParts = 3

function partLines(parts: ReportData['coverage']['part'], paint: Paint): readonly string[] {
  const files = new Map<string, ReportData['coverage']['part'][number][]>()
  for (const part of parts) files.set(part.file, [...(files.get(part.file) ?? []), part])
  return [...files].flatMap(([file, own]) => {
    const more = own.length - mostParts
    return [
      ...own
        .slice(0, mostParts)
        .map((part) => `${paint('dim', 'in part:')} ${harmless(file)}:${part.line} ${harmless(part.reason)}`),
      ...(more > 0
        ? [`${paint('dim', 'in part:')} ${harmless(file)}: ${more} more ${more === 1 ? 'place' : 'places'}`]
        : []),
    ]
  })
}

function checked({ coverage }: ReportData): string {
  const part = filesInPart(coverage)
  const of =
    coverage.whole + part === coverage.files
      ? plural(coverage.files, 'file')
      : `${coverage.whole + part} of ${plural(coverage.files, 'file')}`
  return `checked ${of}${part > 0 ? `, ${part} in part` : ''}`
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
