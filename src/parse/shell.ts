import { forEachChild, parse } from 'unbash'
import type * as T from 'unbash'
import type { Parsed, Unread } from '../source/source.ts'
import { unixLines, type Piece } from '../source/piece.ts'

export type * as Shell from 'unbash'

/** A shell text as a tree. Positions index the text that was parsed. */
export type ShellTree = T.ParsedScript | T.Script

/** Past this many characters a text is not parsed: no hand-written script is that long. */
const longest = 4_000_000
/** So many nodes are visited for the errors inside them. */
const mostVisits = 2_000_000
/** Nodes in nodes: the parser's own bound is 256 constructs, of some nodes each; no person nests like that. */
const deepest = 2000

/** Parses bash and its smaller relatives. It never throws; what could not be read is in `errors`. */
export function parseShell(text: string): Parsed<T.ParsedScript> {
  const unreadable = (says: string): Parsed<T.ParsedScript> => ({
    tree: { type: 'Script', pos: 0, end: 0, shebang: undefined, commands: [], errors: undefined },
    errors: [{ start: 0, end: 0, says }],
  })
  if (text.length > longest) return unreadable(`the text is longer than ${longest} characters`)
  const tree = treeOf(text)
  const errors = errorsOf(tree, text)
  // Whoever walked such a tree would pay for it again: each nested script is parsed when it is first asked for.
  return errors ? { tree, errors } : unreadable('more nested commands than are visited')
}

// The trees of the texts that were parsed last, up to so many characters: several rules look into the same script one after the other.
const kept = new Map<string, T.ParsedScript>()
const mostKept = 400_000
let size = 0

/** The tree of a text whose errors were told when it was parsed as a whole. It may be shared: nobody writes into it. */
export function treeOf(text: string): T.ParsedScript {
  const known = kept.get(text)
  if (known) return known
  const tree = text.length > longest ? parse('') : parse(text)
  if (text.length > mostKept / 4) return tree
  for (const first of kept.keys()) {
    if (size + text.length <= mostKept) break
    kept.delete(first)
    size -= first.length
  }
  kept.set(text, tree)
  size += text.length
  return tree
}

/**
 * The errors of a script and of all that are nested in it, which show only when they are visited (PARSERS.md, 6). undefined: too many.
 * Nested scripts that nothing closes reach to the end of the text, each a parse of its own: those characters are counted (PARSERS.md, 9).
 */
function errorsOf(tree: T.ParsedScript, text: string): readonly Unread[] | undefined {
  const length = text.length
  const errors: Unread[] = []
  let visits = mostVisits
  let characters = Math.min(100_000 + 4 * length, 6_000_000)
  const add = (script: T.Script, from: number, to: number): void => {
    for (const error of (script as T.ParsedScript).errors ?? []) {
      const at = Math.min(Math.max(error.pos, from), to)
      errors.push({ start: at, end: at, says: error.message })
    }
  }
  // `fixed`: inside escaped backticks positions count from there, so errors are told where the backticks stand.
  const visit = (node: T.SyntaxNode, from: number, to: number, fixed: boolean, depth: number): void => {
    if (visits-- <= 0 || characters <= 0 || depth > deepest) {
      visits = 0
      return
    }
    if (node.type === 'Script') add(node, from, to)
    else if (node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution') characters -= node.end - node.pos
    forEachChild(node, (child) => {
      if (child.type !== 'Script' || fixed) return visit(child, from, to, fixed, depth + 1)
      const escaped = child.source !== undefined
      const start = escaped ? node.pos : child.pos
      visit(child, start, escaped ? node.pos : Math.min(child.end, length), escaped, depth + 1)
    })
  }
  // Without a substitution nothing is nested.
  if (/`|\$\(|[<>]\(|\$\{/.test(text)) visit(tree, 0, length, false, 0)
  else add(tree, 0, length)
  return visits > 0 ? errors : undefined
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
  const backticks: T.SyntaxNode[] = []
  cover(tree, covered, backticks, 0)
  const comments: Comment[] = []
  for (let at = text.indexOf('#'); at !== -1 && at < text.length; at = text.indexOf('#', at)) {
    const before = text[at - 1]
    if (covered[at] || (before !== undefined && !/[\s;&|()`]/.test(before))) {
      at++
      continue
    }
    let end = text.indexOf('\n', at)
    if (end === -1) end = text.length
    // A comment inside backticks ends where they do; inside `$( … )` it swallows the parenthesis.
    for (const one of backticks) if (one.pos < at && at < one.end) end = Math.min(end, one.end - 1)
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

function cover(node: T.SyntaxNode, covered: Uint8Array, backticks: T.SyntaxNode[], depth: number): void {
  if (depth > 400) return
  if (leaves.has(node.type)) covered.fill(1, node.pos, node.end)
  // Inside these, gaps are gaps again: a comment can stand in `$( … )` and between the elements of an array.
  if (node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution' || node.type === 'ArrayValue') {
    if ('script' in node && node.script?.source !== undefined) return
    if (node.type === 'CommandExpansion' && node.text.startsWith('`')) backticks.push(node)
    covered.fill(0, node.pos + 1, Math.max(node.pos + 1, node.end - 1))
  }
  forEachChild(node, (child) => cover(child, covered, backticks, depth + 1))
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

/** The piece with `\r\n` read as `\n`, as an editor would save it; bash itself reads `then\r` as a word (PARSERS.md, 10). */
export const withoutCarriageReturns: (piece: Piece) => Piece = unixLines

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
