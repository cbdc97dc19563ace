import { kindOf, type Kind } from '../discover/kind.ts'
import { commentMarks } from '../parse/comments.ts'
import type { Edit } from '../source/edit.ts'
import { lineStarts, positionOf, type Source } from '../source/source.ts'

/** What a comment allows, as written. */
export interface AllowText {
  readonly rules: readonly string[]
  /** Empty when it gives none. */
  readonly reason: string
}

/** Reads a comment (with its marks) as `shiplint-allow RULE: reason`; several rules are joined by commas. Undefined: it is another comment. */
export function readAllow(comment: string): AllowText | undefined {
  const match = /^(?:#+|\/\/+|\/\*+|;+|--|<!--)\s*shiplint-allow(?=[\s:]|$)\s*([^:\n]*)(?::([\s\S]*))?$/.exec(comment)
  if (!match) return undefined
  const reason = (match[2] ?? '').replace(/(\*\/|-->)\s*$/, '')
  return {
    rules: match[1]!
      .replace(/(\*\/|-->)\s*$/, '')
      .split(',')
      .map((rule) => rule.trim())
      .filter((rule) => rule !== ''),
    reason: reason.trim(),
  }
}

/** Kinds whose statements run on while a bracket is open. */
const bracketed: ReadonlySet<Kind> = new Set<Kind>([
  ...(['php', 'deployer', 'typescript', 'ruby', 'capistrano', 'jenkinsfile'] as const),
])

/** A statement of more lines than this is taken in part. */
const mostLines = 40

/**
 * The lines (zero-based, first and last) of the statement that a place belongs to, as far as lines tell: a backslash or an
 * operator at a line's end, a chained call, and an open `(` or `[` in languages where it joins lines.
 */
export function statementLines(
  lines: readonly string[],
  first: number,
  last: number,
  kind: Kind | undefined,
): readonly [number, number] {
  let [from, to] = [first, last]
  if (kind && bracketed.has(kind)) {
    let open = 0
    let most = 0
    for (let line = first - 1; line >= 0 && first - line <= mostLines; line--) {
      open += depthOf(lines[line]!)
      if (open > most) [most, from] = [open, line]
    }
    for (let line = from, depth = 0; line < lines.length && line - last <= mostLines; line++) {
      depth = Math.max(0, depth + depthOf(lines[line]!))
      if (line >= last && depth === 0) {
        to = Math.max(to, line)
        break
      }
    }
  }
  while (from > 0 && first - from < mostLines && runsOn(lines[from - 1]!, lines[from]!)) from--
  while (to + 1 < lines.length && to - last < mostLines && runsOn(lines[to]!, lines[to + 1]!)) to++
  return [from, to]
}

function runsOn(line: string, next: string): boolean {
  if (/^\s*(#|\/\/|$)/.test(line)) return false
  return (
    /(^|[^\\])(\\\\)*\\\s*$/.test(line) ||
    /(&&|\|\||(?<![:-]\s*)\||[=,.])\s*$/.test(line) ||
    /^\s*(->|\?->|&&|\|\|)/.test(next)
  )
}

// How many brackets more a line opens than it closes; braces are blocks and no part of a statement.
function depthOf(line: string): number {
  let depth = 0
  for (const char of line.replace(/(["'])(?:\\.|(?!\1).)*\1/g, '')) {
    if (char === '(' || char === '[') depth++
    else if (char === ')' || char === ']') depth--
  }
  return depth
}

/**
 * The edit that allows a rule at a place: a comment above the first line of its statement, in the file's own syntax, or in
 * the shell's where the place stands in a fenced or literal block. Undefined: the language has no comments.
 */
export function allowComment(source: Source, offset: number, rule: string, reason: string): Edit | undefined {
  const kind = kindOf(source.file, source.text.slice(0, 4096))
  const marks = kind && commentMarks(kind)
  if (!kind || !marks) return undefined
  const starts = lineStarts(source.text)
  const lines = source.text.split('\n')
  const at = positionOf(starts, offset).line - 1
  let [line] = statementLines(lines, at, at, kind)
  let [open, close] = marks
  if (kind === 'markdown' && inFence(lines, line)) [open, close] = ['# ', '']
  if (['yaml', 'github', 'gitlab', 'ansible', 'compose'].includes(kind)) line = yamlLine(lines, line)
  // Above the interpreter line it would take that line's place.
  if (line === 0 && lines[0]!.startsWith('#!')) line = 1
  const indent = /^\s*/.exec(lines[line] ?? '')![0]
  const start = starts[line] ?? 0
  const text = `${indent}${open}shiplint-allow ${rule}: ${reason}${close}\n`
  return { at: { file: source.file, start, end: start }, text }
}

function inFence(lines: readonly string[], line: number): boolean {
  return lines.slice(0, line).filter((one) => /^\s*(`{3,}|~{3,})/.test(one)).length % 2 === 1
}

// In a literal block a comment is the shell's; in a folded or plain scalar of several lines it would swallow what is joined to it, so it goes above the key.
function yamlLine(lines: readonly string[], line: number): number {
  const indent = (text: string): number => /^\s*/.exec(text)![0].length
  for (let above = line - 1; above >= 0; above--) {
    const text = lines[above]!
    if (text.trim() === '' || indent(text) >= indent(lines[line]!)) continue
    if (/[:-]\s+(?:[&!]\S+\s+)*\|[-+\d]*\s*(#.*)?$/.test(text)) return line
    const folded = /[:-]\s+(?:[&!]\S+\s+)*>[-+\d]*\s*(#.*)?$/.test(text)
    return folded || !/^\s*(-|[\w."'-]+:)(\s|$)/.test(lines[line]!) ? above : line
  }
  return line
}
