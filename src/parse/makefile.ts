import type { Parsed, Unread } from '../source/source.ts'
import { decoder, slice, type Piece } from '../source/piece.ts'

/** `ifdef X`, `ifeq ($(X),)` and their like, around a line; `holds`: on their own side, not after `else`. */
export interface Condition {
  readonly text: string
  readonly holds: boolean
}

export interface MakeVariable {
  readonly kind: 'variable'
  readonly name: string
  readonly operator: '=' | ':=' | '?=' | '+=' | '!='
  readonly value: Piece
  readonly start: number
  readonly end: number
  readonly exported: boolean
  /** For these targets only. */
  readonly targets?: readonly string[]
  readonly conditions: readonly Condition[]
}

/** One logical line of a recipe, continued lines joined as make hands them to the shell: backslash and line end stay. */
export interface RecipeLine {
  readonly piece: Piece
  readonly conditions: readonly Condition[]
}

export interface MakeRule {
  readonly kind: 'rule'
  readonly targets: readonly string[]
  readonly needs: readonly string[]
  readonly recipe: RecipeLine[]
  readonly start: number
  readonly end: number
}

/** Any other line: `include`, `export`, a call at the top. */
export interface MakeLine {
  readonly kind: 'line'
  readonly text: string
  readonly start: number
  readonly end: number
  readonly conditions: readonly Condition[]
}

export type MakeStatement = MakeVariable | MakeRule | MakeLine

interface Line {
  readonly start: number
  readonly end: number
  readonly next: number
}

interface Reader {
  readonly base: Piece
  readonly lines: readonly Line[]
  readonly errors: Unread[]
  readonly out: MakeStatement[]
  readonly conditions: Condition[]
  rule: MakeRule | undefined
  prefix: string
}

/** Parses a makefile: variables, rules with their recipe lines, conditions. Nothing is expanded. */
export function parseMakefile(base: Piece): Parsed<readonly MakeStatement[]> {
  const reader: Reader = {
    base,
    lines: linesOf(base.text),
    errors: [],
    out: [],
    conditions: [],
    rule: undefined,
    prefix: '\t',
  }
  for (let i = 0; i < reader.lines.length; i++) i = lineAt(reader, i)
  return { tree: reader.out, errors: reader.errors }
}

function linesOf(text: string): readonly Line[] {
  const out: Line[] = []
  let start = text.startsWith('\uFEFF') ? 1 : 0
  while (start < text.length) {
    const at = text.indexOf('\n', start)
    const next = at === -1 ? text.length : at + 1
    out.push({ start, end: at === -1 ? text.length : at, next })
    start = next
  }
  return out
}

const continues = (text: string): boolean => /(?:^|[^\\])(?:\\\\)*\\\r?$/.test(text)

/** The last of the lines that a backslash at the end joins to this one. */
function lastOf(reader: Reader, i: number): number {
  const { lines, base } = reader
  while (i < lines.length - 1 && continues(base.text.slice(lines[i]!.start, lines[i]!.end))) i++
  return i
}

function lineAt(reader: Reader, i: number): number {
  const line = reader.lines[i]!
  const own = reader.base.text.slice(line.start, line.end)
  const last = lastOf(reader, i)
  if (reader.rule && own.startsWith(reader.prefix)) {
    recipe(reader, i, last)
    return last
  }
  if (/^\s*(#|$)/.test(own)) return last
  const joined = joinedText(reader, i, last)
  if (condition(reader, joined.text)) return last
  const define = /^\s*(?:override\s+|export\s+)*define\s+(\S+)\s*([:+?!]?=)?/.exec(own)
  if (define) return defined(reader, i, define[1]!)
  if (statement(reader, joined, line.start, reader.lines[last]!.end)) return last
  if (own.startsWith('\t') && reader.out.at(-1)?.kind !== 'rule') return last
  reader.rule = undefined
  reader.out.push({
    kind: 'line',
    text: joined.text.trim(),
    start: line.start,
    end: reader.lines[last]!.end,
    conditions: [...reader.conditions],
  })
  return last
}

/** A logical line outside of a recipe: continuations become one blank, a comment at the end goes. */
function joinedText(reader: Reader, first: number, last: number): Piece {
  const out = decoder(reader.base)
  for (let i = first; i <= last; i++) {
    const { start, end } = reader.lines[i]!
    const text = reader.base.text.slice(start, end).replace(/\r$/, '')
    const cut = i < last ? text.replace(/\s*\\$/, '').length : text.length
    const from = i > first ? text.length - text.trimStart().length : 0
    if (i > first) out.turn(' ', start, start + from)
    if (cut > from) out.keep(start + from, start + cut)
  }
  const piece = out.piece(reader.lines[first]!.start)
  const comment = /(?:^|[^\\])#/.exec(piece.text)
  return comment && !/\$\(shell|["']/.test(piece.text.slice(0, comment.index))
    ? slice(piece, 0, comment.index + comment[0].length - 1)
    : piece
}

function condition(reader: Reader, text: string): boolean {
  const found = /^\s*(else\s+)?(ifdef|ifndef|ifeq|ifneq)\b\s*(.*)$/.exec(text)
  if (found) {
    if (found[1]) reader.conditions.pop()
    reader.conditions.push({ text: `${found[2]} ${found[3]!.trim()}`, holds: true })
    return true
  }
  if (/^\s*else\s*(#.*)?$/.test(text)) {
    const before = reader.conditions.pop()
    if (before) reader.conditions.push({ ...before, holds: !before.holds })
    return true
  }
  if (/^\s*endif\b/.test(text)) {
    reader.conditions.pop()
    return true
  }
  return false
}

function defined(reader: Reader, first: number, name: string): number {
  let last = first + 1
  while (last < reader.lines.length) {
    const { start, end } = reader.lines[last]!
    if (/^\s*endef\b/.test(reader.base.text.slice(start, end))) break
    last++
  }
  const from = reader.lines[first]!
  const to = reader.lines[Math.min(last, reader.lines.length) - 1]!
  if (last >= reader.lines.length)
    reader.errors.push({ start: from.start, end: to.end, says: `make: define ${name} without endef` })
  const value = slice(reader.base, from.next, Math.max(from.next, to.end))
  reader.out.push({
    kind: 'variable',
    name,
    operator: '=',
    value,
    start: from.start,
    end: to.end,
    exported: false,
    conditions: [...reader.conditions],
  })
  reader.rule = undefined
  return last
}

function statement(reader: Reader, piece: Piece, start: number, end: number): boolean {
  const conditions = [...reader.conditions]
  const found =
    /^\s*((?:export|override|private|unexport)\s+)*([^\s:#=?+!]+|\$\([^)]*\))\s*(::?:?=|\?=|\+=|!=|=)\s*/.exec(
      piece.text,
    )
  if (found) {
    const value = slice(
      piece,
      found[0].length,
      piece.text.trimEnd().length < found[0].length ? found[0].length : piece.text.trimEnd().length,
    )
    const operator = (found[3]!.startsWith(':') ? ':=' : found[3]!) as MakeVariable['operator']
    const exported = /\bexport\b/.test(found[0].slice(0, found[0].indexOf(found[2]!)))
    reader.out.push({ kind: 'variable', name: found[2]!, operator, value, start, end, exported, conditions })
    if (found[2] === '.RECIPEPREFIX') reader.prefix = value.text[0] ?? '\t'
    reader.rule = undefined
    return true
  }
  const colon = ruleColon(piece.text)
  if (colon === -1 || /^\s*-?s?include\b/.test(piece.text)) return false
  const targets = piece.text.slice(0, colon).trim().split(/\s+/)
  const after = piece.text.slice(colon + 1).replace(/^:/, '')
  const own = /^\s*((?:export|override|private)\s+)*([\w.%-]+)\s*(::?:?=|\?=|\+=|!=|=)\s*/.exec(after)
  if (own) {
    const from = piece.text.length - after.length + own[0].length
    const operator = (own[3]!.startsWith(':') ? ':=' : own[3]!) as MakeVariable['operator']
    const value = slice(piece, Math.min(from, piece.text.trimEnd().length), piece.text.trimEnd().length)
    const exported = /\bexport\b/.test(own[1] ?? '')
    reader.out.push({ kind: 'variable', name: own[2]!, operator, value, start, end, exported, targets, conditions })
    return true
  }
  const semicolon = after.indexOf(';')
  const needs = (semicolon === -1 ? after : after.slice(0, semicolon))
    .replace('|', ' ')
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
  reader.rule = { kind: 'rule', targets, needs, recipe: [], start, end }
  reader.out.push(reader.rule)
  if (semicolon !== -1)
    reader.rule.recipe.push({
      piece: slice(piece, piece.text.length - after.length + semicolon + 1, piece.text.length),
      conditions,
    })
  return true
}

/** The colon that makes a line a rule: outside of `$(…)`. */
function ruleColon(text: string): number {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (char === '$' && (text[i + 1] === '(' || text[i + 1] === '{')) depth++
    else if ((char === ')' || char === '}') && depth > 0) depth--
    else if (char === ':' && depth === 0) return i
    else if (char === '=' && depth === 0) return -1
  }
  return -1
}

function recipe(reader: Reader, first: number, last: number): void {
  const out = decoder(reader.base)
  for (let i = first; i <= last; i++) {
    const { start, end } = reader.lines[i]!
    const cut = reader.base.text.startsWith(reader.prefix, start) ? 1 : 0
    out.keep(start + cut, i < last ? reader.lines[i]!.next : end)
  }
  const piece = out.piece(reader.lines[first]!.start + 1)
  if (piece.text.trim() !== '' && !condition(reader, piece.text))
    reader.rule!.recipe.push({ piece, conditions: [...reader.conditions] })
}

/** One `$…` of a text that make expands. */
export interface Reference {
  readonly start: number
  readonly end: number
  /** `$` for `$$`; else the inside of `$(…)`, or the one character after `$`. */
  readonly inner: string
  readonly escape: boolean
}

/** Every reference of a text, outermost only. */
export function references(text: string): readonly Reference[] {
  const out: Reference[] = []
  for (let at = text.indexOf('$'); at !== -1; at = text.indexOf('$', at)) {
    const open = text[at + 1]
    if (open === undefined) break
    let end = at + 2
    if (open === '(' || open === '{') {
      const close = open === '(' ? ')' : '}'
      let depth = 1
      for (; end < text.length && depth > 0; end++) {
        if (text[end] === open) depth++
        else if (text[end] === close) depth--
      }
      if (depth > 0) break
      out.push({ start: at, end, inner: text.slice(at + 2, end - 1), escape: false })
    } else out.push({ start: at, end, inner: open, escape: open === '$' })
    at = end
  }
  return out
}
