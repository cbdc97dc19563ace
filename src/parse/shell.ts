import { forEachChild, parse } from 'unbash'
import type * as T from 'unbash'
import type { Parsed, Unread } from '../source/source.ts'
import type { Piece } from '../source/piece.ts'

export type * as Shell from 'unbash'

/** A shell text as a tree. Positions index the text that was parsed. */
export type ShellTree = T.ParsedScript | T.Script

/** Past this many characters a text is not parsed: no hand-written script is that long. */
const longest = 4_000_000
/** So many nested substitutions are visited to find their errors; unclosed `$(` would cost seconds (PARSERS.md, 9). */
const mostVisits = 400_000

/** Parses bash and its smaller relatives. It never throws; what could not be read is in `errors`. */
export function parseShell(text: string): Parsed<T.ParsedScript> {
  const empty = { type: 'Script', pos: 0, end: 0, shebang: undefined, commands: [] } as unknown as T.ParsedScript
  if (text.length > longest) {
    return { tree: empty, errors: [{ start: 0, end: 0, says: `the text is longer than ${longest} characters` }] }
  }
  // Unclosed openers nested thousands deep make the parser start over at each of them.
  const deep = deepestOpeners(text)
  if (deep > 200) return { tree: empty, errors: [{ start: 0, end: 0, says: `substitutions are nested ${deep} deep` }] }
  const tree = parse(text)
  return { tree, errors: errorsOf(tree, text.length) }
}

function deepestOpeners(text: string): number {
  let deepest = 0
  let run = 0
  for (let at = text.indexOf('$('); at !== -1;) {
    const next = text.indexOf('$(', at + 2)
    const close = text.indexOf(')', at)
    run = next !== -1 && (close === -1 || next < close) ? run + 1 : 0
    if (run > deepest) deepest = run
    // Without a closing parenthesis left, all that follows is nested.
    if (close === -1 && deepest > 200) return deepest
    at = next
  }
  return deepest
}

// Errors of nested scripts show only when the nested script is visited (PARSERS.md, 6).
function errorsOf(tree: T.ParsedScript, length: number): readonly Unread[] {
  const errors: Unread[] = []
  let visits = 0
  const add = (script: T.Script, from: number, to: number): void => {
    for (const error of (script as T.ParsedScript).errors ?? []) {
      const at = Math.min(Math.max(error.pos, from), to)
      errors.push({ start: at, end: at, says: error.message })
    }
  }
  // `fixed`: inside escaped backticks positions count from there, so errors are told where the backticks stand.
  const visit = (node: T.SyntaxNode, from: number, to: number, fixed: boolean): void => {
    if (visits++ > mostVisits) return
    if (node.type === 'Script') add(node, from, to)
    forEachChild(node, (child) => {
      if (child.type !== 'Script' || fixed) return visit(child, from, to, fixed)
      const escaped = child.source !== undefined
      visit(child, escaped ? node.pos : child.pos, escaped ? node.pos : Math.min(child.end, length), escaped)
    })
  }
  visit(tree, 0, length, false)
  if (visits > mostVisits) errors.push({ start: 0, end: 0, says: 'more nested commands than are visited' })
  return errors
}

/** A stretch of a comment, `#` included, without its line end. */
export interface Comment {
  readonly start: number
  readonly end: number
}

/**
 * The comments of a shell text. The tree has none (PARSERS.md, 1): what no leaf covers is blank, operator, keyword or comment,
 * and the first `#` in such a gap begins a comment.
 */
export function commentsOf(text: string, tree: ShellTree): readonly Comment[] {
  const covered = new Uint8Array(text.length)
  cover(tree, covered, 0)
  const comments: Comment[] = []
  for (let at = text.indexOf('#'); at !== -1 && at < text.length; at = text.indexOf('#', at)) {
    const before = text[at - 1]
    if (covered[at] || (before !== undefined && !/[\s;&|()`]/.test(before))) {
      at++
      continue
    }
    let end = text.indexOf('\n', at)
    if (end === -1) end = text.length
    if (!(at === 0 && text.startsWith('#!'))) comments.push({ start: at, end })
    at = end
  }
  return comments
}

const leaves = new Set([
  'Word',
  'Literal',
  'HereDocBody',
  'HereDocDelimiter',
  'Assignment',
  'ArithmeticCommand',
  'TestCommand',
])

function cover(node: T.SyntaxNode, covered: Uint8Array, depth: number): void {
  if (depth > 400) return
  if (leaves.has(node.type)) covered.fill(1, node.pos, node.end)
  // Inside these, gaps are gaps again: a comment can stand in `$( … )` and between the elements of an array.
  if (node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution' || node.type === 'ArrayValue') {
    if ('script' in node && node.script?.source !== undefined) return
    covered.fill(0, node.pos + 1, Math.max(node.pos + 1, node.end - 1))
  }
  forEachChild(node, (child) => cover(child, covered, depth + 1))
}

/** A word of a command with stretches that the parser left apart (`--f=<(x)`) glued, and a trailing continuation trimmed. */
export interface Argument {
  readonly pos: number
  readonly end: number
  readonly text: string
  readonly words: readonly T.Word[]
}

/** The arguments of a command as bash sees them: words and assignments, in order (PARSERS.md, 2 and 3). */
export function argumentsOf(command: T.Command): readonly (Argument | T.Assignment)[] {
  const out: (Argument | T.Assignment)[] = []
  for (const node of command.suffix) {
    if (node.type === 'Assignment') out.push(node)
    else if (node.type === 'Word') {
      const before = out[out.length - 1]
      if (before && 'words' in before && before.end === node.pos && node.pos !== node.end) {
        const words = [...before.words, node]
        out[out.length - 1] = { pos: before.pos, end: node.end, text: before.text + node.text, words }
      } else out.push(argument(node))
    }
  }
  return out
}

/** One word as an argument. */
export function argument(word: T.Word): Argument {
  const cut = /(\\\n)*$/.exec(word.text)?.[0].length ?? 0
  const text = cut ? word.text.slice(0, -cut) : word.text
  return { pos: word.pos, end: Math.max(word.pos, word.end - cut), text, words: [word] }
}

/** The piece with `\r\n` read as `\n`, as an editor would save it; bash itself reads `then\r` as a word. Offsets map back. */
export function withoutCarriageReturns(piece: Piece): Piece {
  if (!piece.text.includes('\r\n')) return piece
  const cuts: number[] = []
  for (let at = piece.text.indexOf('\r\n'); at !== -1; at = piece.text.indexOf('\r\n', at + 2))
    cuts.push(at - cuts.length)
  const back = (offset: number): number => {
    let low = 0
    let high = cuts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (cuts[middle]! < offset) low = middle + 1
      else high = middle
    }
    return offset + low
  }
  return {
    text: piece.text.replaceAll('\r\n', '\n'),
    spans: (start, end) => piece.spans(back(start), back(end)),
    edit: (start, end, replacement) => piece.edit(back(start), back(end), replacement.replaceAll('\n', '\r\n')),
  }
}

/** A text decoded out of a piece, character by character: `map[i]` is where character i stands, `map[length]` where the text ends. */
export function decodedPiece(outer: Piece, text: string, map: readonly number[]): Piece {
  const back = (offset: number): number => map[Math.min(offset, map.length - 1)] ?? 0
  return {
    text,
    spans: (from, to) => outer.spans(back(from), to > from ? Math.max(back(to - 1) + 1, back(from)) : back(from)),
    // A stretch that stands there to the letter can be edited there; one that was decoded cannot.
    edit: (from, to, replacement) =>
      outer.text.slice(back(from), back(to - 1) + 1) === text.slice(from, to) && /^[\w${}:?\-./]*$/.test(replacement)
        ? outer.edit(back(from), back(to - 1) + 1, replacement)
        : undefined,
  }
}

/** The text inside backticks that hold backslashes: the parser decodes it and counts from there (PARSERS.md, 5). */
export function backtickPiece(outer: Piece, start: number, end: number, decoded: string): Piece {
  const map: number[] = []
  let at = start + 1
  for (let i = 0; i < decoded.length; i++) {
    if (outer.text[at] === '\\' && outer.text[at + 1] === decoded[i] && /[$`\\"]/.test(decoded[i]!)) at++
    map.push(Math.min(at, end))
    at++
  }
  map.push(Math.min(at, end))
  return decodedPiece(outer, decoded, map)
}

/** Calls back for every direct child of a node. */
export const eachChild: (node: T.SyntaxNode, visit: (child: T.SyntaxNode) => void) => void = forEachChild
