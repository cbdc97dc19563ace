import { eachChild, treeOf, type Shell } from '../../parse/shell.ts'
import type { Span } from '../../source/source.ts'
import type { Edit } from '../../source/edit.ts'
import type { Script } from './script.ts'

/** The carriage returns of a script file, and the worst of them. */
export interface CarriageReturns {
  /** Who meets it first: the kernel that looks for the interpreter, the shell that runs a command, or only text. */
  readonly carries: 'interpreter' | 'command' | 'text'
  /** The line's text up to the carriage return. */
  readonly at: Span
  readonly text: string
  /** The first line behind the interpreter's that says something. */
  readonly next: Span | undefined
  /** How many lines end in one. */
  readonly lines: number
  /** Every one of them taken away. */
  readonly without: readonly Edit[]
}

/** Tells what the carriage returns of a script file do; undefined: it has none, or it is no file of its own. */
export function carriageReturns(script: Script): CarriageReturns | undefined {
  const { piece, file, name } = script.site
  const { text } = piece
  if (name !== file || !text.includes('\r\n')) return undefined
  const places: number[] = []
  for (let at = text.indexOf('\r\n'); at !== -1; at = text.indexOf('\r\n', at + 2)) places.push(at)
  const interpreter = text.startsWith('#!') && places[0] === text.indexOf('\n') - 1
  const carried = interpreter ? places[0] : firstCarried(text)
  const end = carried ?? places[0]!
  const start = text.lastIndexOf('\n', end - 1) + 1
  return {
    carries: interpreter ? 'interpreter' : carried === undefined ? 'text' : 'command',
    at: { file, start, end: Math.max(end, start + 1) },
    text: text.slice(start, end).trim(),
    next: nextLine(text, end, file),
    lines: places.length,
    without: places.map((at) => ({ at: { file, start: at, end: at + 1 }, text: '' })),
  }
}

function nextLine(text: string, after: number, file: string): Span | undefined {
  const line = /^[ \t]*([^\s#].*?)\s*$/m.exec(text.slice(after + 1))
  if (!line) return undefined
  const start = after + 1 + line.index + line[0].indexOf(line[1]!)
  return { file, start, end: start + line[1]!.length }
}

/** The first carriage return that belongs to a word: comments and here-documents may hold them unharmed. */
function firstCarried(text: string): number | undefined {
  let first: number | undefined
  const visit = (node: Shell.SyntaxNode, depth: number): void => {
    if (depth > 60 || (first !== undefined && node.pos > first)) return
    if (node.type === 'Word' || node.type === 'Assignment') {
      const at = text.indexOf('\r\n', node.pos)
      if (at !== -1 && at <= node.end && at + 1 >= node.end) first = Math.min(first ?? at, at)
      const word = /^\r*$/.test(text.slice(node.pos, node.end)) && text[node.pos] === '\r' ? node.pos : undefined
      if (word !== undefined) first = Math.min(first ?? word, word)
    }
    eachChild(node, (child) => visit(child, depth + 1))
  }
  visit(treeOf(text), 0)
  return first
}
