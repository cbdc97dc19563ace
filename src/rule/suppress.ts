import type { Kind } from '../discover/kind.ts'
import { commentsIn, type Comment } from '../parse/comments.ts'
import { commentsOf, treeOf } from '../parse/shell.ts'
import type { Piece } from '../source/piece.ts'
import { lineStarts, positionOf, type Span } from '../source/source.ts'
import { readAllow, statementLines } from './allow.ts'
import type { Diagnostic, Rules } from './diagnostic.ts'
import type { Facts } from './facts.ts'
import { didYouMean } from './nearest.ts'
import { severityFor } from './severity.ts'

/** The `shiplint-allow RULE: reason` comments of a project. */
export interface Allowance {
  /** The reason by which a comment allows this diagnostic; undefined: none does. */
  reasonFor(diagnostic: Diagnostic): string | undefined
  /** What is wrong with the comments themselves: no reason, an unknown rule, nothing to allow. */
  findings(ran: readonly string[]): readonly Diagnostic[]
}

interface Allow {
  readonly at: Span
  readonly rules: readonly string[]
  readonly reason: string
  /** Zero-based line above whose statement it stands, or at whose end. */
  readonly line: number
  readonly where: 'above' | 'at the end'
  readonly used: Set<string>
}

/** Reads the allow comments of every file that was read. */
export function allowances(facts: Facts, rules: Rules): Allowance {
  const lines = new Map<string, readonly string[]>()
  const allows = new Map<string, readonly Allow[]>()
  for (const file of facts.coverage.keys()) {
    const text = facts.files.get(file)?.text ?? ''
    if (!text.includes('shiplint-allow')) continue
    lines.set(file, text.split('\n'))
    allows.set(file, allowsOf(file, text, facts))
  }
  const covers = (allow: Allow, at: Span): boolean => {
    const own = lines.get(at.file)!
    return extents(at, own, facts).some(([first, last]) => allow.line === (allow.where === 'above' ? first : last))
  }
  return {
    reasonFor: (diagnostic) => {
      for (const at of [diagnostic.at, ...diagnostic.because.map((label) => label.at)])
        for (const allow of allows.get(at.file) ?? []) {
          if (allow.reason === '' || !allow.rules.includes(diagnostic.rule) || !covers(allow, at)) continue
          allow.used.add(diagnostic.rule)
          return allow.reason
        }
      return undefined
    },
    findings: (ran) => {
      const known = new Set([...(facts.project.known ?? []), ...Object.keys(rules)])
      const wholly = [...facts.coverage.values()].every((unread) => unread.length === 0)
      return [...allows.values()]
        .flat()
        .flatMap((allow) => [...faultsOf(allow, known, new Set(wholly ? ran : []), facts)])
    },
  }
}

function* faultsOf(
  allow: Allow,
  known: ReadonlySet<string>,
  ran: ReadonlySet<string>,
  facts: Facts,
): Iterable<Diagnostic> {
  if (allow.rules.length === 0)
    yield* fault('allow-without-reason', allow, 'names no rule: write `shiplint-allow RULE: reason`', facts)
  for (const rule of allow.rules) {
    const off = severityFor(rule, allow.at.file, facts.settings) === 'off'
    if (!known.has(rule))
      yield* fault('unknown-rule', allow, `there is no rule ${rule}${didYouMean(rule, known)}`, facts)
    else if (allow.reason === '')
      yield* fault('allow-without-reason', allow, `gives no reason, so ${rule} is not silenced`, facts)
    else if (ran.has(rule) && !off && !allow.used.has(rule))
      yield* fault('unused-allow', allow, `${rule} finds nothing here: the comment can go`, facts)
  }
}

const about = {
  'allow-without-reason': {
    hazard: 'An exception that nobody explained is one that nobody dares to take back.',
    instead: 'Say why this place is safe: `shiplint-allow RULE: reason`.',
  },
  'unknown-rule': {
    hazard: 'The comment allows nothing, and whoever wrote it believes that it does.',
    instead: 'Write the id of a rule as `shiplint rules` lists it.',
  },
  'unused-allow': {
    hazard: 'It would silence a new fault at this place that nobody has looked at.',
    instead: 'Take the comment out.',
  },
} as const

function* fault(rule: keyof typeof about, allow: Allow, says: string, facts: Facts): Iterable<Diagnostic> {
  const severity = severityFor(rule, allow.at.file, facts.settings) ?? 'warning'
  if (severity === 'off') return
  yield { rule, severity, at: allow.at, says, because: [], fixes: [], ...about[rule] }
}

function allowsOf(file: string, text: string, facts: Facts): readonly Allow[] {
  const kind = facts.files.kind(file)
  if (!kind) return []
  const starts = lineStarts(text)
  const lines = text.split('\n')
  const out = new Map<number, Allow>()
  for (const span of allComments(file, text, kind, facts)) {
    const read = readAllow(text.slice(span.start, span.end))
    if (!read) continue
    const line = positionOf(starts, span.start).line - 1
    const alone = lines[line]!.slice(0, span.start - starts[line]!).trim() === ''
    const below = alone ? nextCode(lines, positionOf(starts, span.end).line) : line
    out.set(span.start, { at: span, ...read, line: below, where: alone ? 'above' : 'at the end', used: new Set() })
  }
  return [...out.values()]
}

// The line that a comment of its own speaks of: the next one that is neither blank nor a comment.
function nextCode(lines: readonly string[], from: number): number {
  let line = from
  while (line < lines.length && /^\s*(#|\/\/|;|--|\/\*.*\*\/\s*$|<!--.*-->\s*$|$)/.test(lines[line]!)) line++
  return line
}

/** The comments of the file itself, and those of the shell in it. */
function allComments(file: string, text: string, kind: Kind, facts: Facts): readonly Span[] {
  const own: readonly Comment[] =
    kind === 'shell' ? shellComments(text) : commentsIn(kind, text, facts.project.parsers?.php)
  return [
    ...own.map(({ start, end }) => ({ file, start, end })),
    ...piecesOf(file, facts).flatMap((piece) =>
      shellComments(piece.text).flatMap(({ start, end }) => {
        const spans = piece.spans(start, end)
        const [first] = spans
        return first?.file === file && spans.length === 1 ? [first] : []
      }),
    ),
  ]
}

const shellComments = (text: string): readonly Comment[] =>
  text.includes('shiplint-allow') ? commentsOf(text, treeOf(text)) : []

// Every stretch of shell in a file: what the host gives to a shell, and what that hands on (`sh -c`, here-documents).
function piecesOf(file: string, facts: Facts): readonly Piece[] {
  const pieces = new Set<Piece>()
  for (const script of facts.all('script')) {
    if (script.site.file !== file) continue
    pieces.add(script.site.piece)
    for (const command of script.commands) if (command.at.file === file) pieces.add(command.piece)
  }
  return [...pieces]
}

/** First and last lines (zero-based) of the statement, the command and the step that a place belongs to. */
function extents(at: Span, lines: readonly string[], facts: Facts): readonly (readonly [number, number])[] {
  const starts = lineStarts(lines.join('\n'))
  const linesOf = (span: Span): readonly [number, number] => [
    positionOf(starts, span.start).line - 1,
    positionOf(starts, Math.max(span.start, span.end - 1)).line - 1,
  ]
  const kind = facts.files.kind(at.file)
  const out = [linesOf(at), statementLines(lines, ...linesOf(at), kind)]
  for (const script of facts.all('script')) {
    if (script.site.file !== at.file) continue
    for (const command of script.commands) if (holds(command.at, at)) out.push(linesOf(command.at))
    if (kind === 'shell' || script.site.piece.text === '') continue
    const [first] = script.site.piece.spans(0, 1)
    const last = script.site.piece.spans(script.site.piece.text.length - 1, script.site.piece.text.length).at(-1)
    if (!first || !last || first.file !== at.file || last.file !== at.file) continue
    const whole = { file: at.file, start: first.start, end: last.end }
    if (!holds(whole, at)) continue
    // The step: its own first line, and the line of the key above a block.
    const [from, to] = linesOf(whole)
    out.push([from, to], [Math.max(0, from - 1), to])
  }
  for (const release of facts.all('release'))
    for (const step of release.steps) if (holds(step.at, at)) out.push(linesOf(step.at))
  return out
}

function holds(outer: Span, inner: Span): boolean {
  return outer.file === inner.file && outer.start <= inner.start && inner.end <= outer.end
}
