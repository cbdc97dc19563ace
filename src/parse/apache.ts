import type { Parsed, Unread } from '../source/source.ts'
import { templateHoleAt, templateLanguages } from './template.ts'

/** A word of a directive: where it stands (quotes included) and what it says. */
export interface ApacheWord {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** One directive, or one section with what it holds. */
export interface ApacheDirective {
  /** As written; Apache does not mind the case. `VirtualHost` for `<VirtualHost *:80>`. */
  readonly name: string
  readonly args: readonly ApacheWord[]
  readonly start: number
  readonly end: number
  readonly section?: readonly ApacheDirective[]
}

/** An Apache file as a tree; comments are spans of whole lines. */
export interface ApacheTree {
  readonly body: readonly ApacheDirective[]
  readonly comments: readonly { readonly start: number; readonly end: number }[]
}

interface Open {
  readonly name: string
  readonly args: readonly ApacheWord[]
  readonly start: number
  readonly body: ApacheDirective[]
}

const deepest = 60

/** Reads Apache configuration line by line, with its messages; what stands after an error is still read. */
export function parseApache(text: string): Parsed<ApacheTree> {
  const errors: Unread[] = []
  const comments: { start: number; end: number }[] = []
  const top: ApacheDirective[] = []
  const open: Open[] = []
  const languages = templateLanguages(text)
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0

  const body = (): ApacheDirective[] => open.at(-1)?.body ?? top
  const close = (end: number): void => {
    const { name, args, start, body: section } = open.pop()!
    body().push({ name, args, start, end, section })
  }

  while (at < text.length) {
    while (at < text.length && /\s/.test(text[at]!)) at++
    if (at >= text.length) break
    const hole = templateHoleAt(text, at, languages)
    if (hole && (hole.does === 'control' || /^\s*(\n|$)/.test(text.slice(hole.end, hole.end + 200)))) {
      at = hole.end
      continue
    }
    const end = logicalEnd(text, at)
    const start = at
    at = end + 1
    const last = start + text.slice(start, end).trimEnd().length
    if (text[start] === '#') {
      comments.push({ start, end: last })
      continue
    }
    const line = text.slice(start, last)
    const closing = /^<\/\s*([\w-]+)\s*>/.exec(line)
    const opening = closing ? null : /^<\s*([\w-]+)/.exec(line)
    if (closing) {
      const from = open.findLastIndex((one) => one.name.toLowerCase() === closing[1]!.toLowerCase())
      if (from === -1)
        errors.push({ start, end: last, says: `</${closing[1]}> without matching <${closing[1]}> section` })
      else if (from < open.length - 1)
        errors.push({ start, end: last, says: `Expected </${open.at(-1)!.name}> but saw </${closing[1]}>` })
      if (from !== -1) while (open.length > from) close(last)
    } else if (opening) {
      const until = line.endsWith('>') ? last - 1 : last
      if (!line.endsWith('>')) errors.push({ start, end: last, says: `<${opening[1]}> directive missing closing '>'` })
      const args = wordsOf(text, start + opening[0].length, until)
      if (open.length >= deepest) errors.push({ start, end: last, says: `nested more than ${deepest} deep: not read` })
      else open.push({ name: opening[1]!, args, start, body: [] })
    } else {
      const [name, ...args] = wordsOf(text, start, last)
      if (name) body().push({ name: name.text, args, start, end: last })
    }
  }
  while (open.length > 0) {
    errors.push({ start: open.at(-1)!.start, end: text.length, says: `<${open.at(-1)!.name}> was not closed.` })
    close(text.length)
  }
  return { tree: { body: top, comments }, errors }
}

/** The end of a line that a backslash at its end may carry over several. */
function logicalEnd(text: string, from: number): number {
  let end = text.indexOf('\n', from)
  while (end !== -1 && /\\\r?$/.test(text.slice(Math.max(from, end - 2), end))) end = text.indexOf('\n', end + 1)
  return end === -1 ? text.length : end
}

function wordsOf(text: string, from: number, to: number): readonly ApacheWord[] {
  const out: ApacheWord[] = []
  const word = /"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|(?:\{\{.{0,300}?\}\}|<%.{0,300}?%>|\\\r?\n|[^\s\\]|\\[^\n])+/gs
  const line = text.slice(from, to)
  for (const found of line.matchAll(word)) {
    if (/^(\\\r?\n)+$/.test(found[0])) continue
    const said = found[1] ?? found[2]
    out.push({
      start: from + found.index,
      end: from + found.index + found[0].length,
      text: said === undefined ? found[0] : said.replace(/\\(["'\\])/g, '$1'),
    })
  }
  return out
}
