import type { Parsed, Unread } from '../source/source.ts'
import { templateHoleAt, templateLanguages } from './template.ts'

/** A word of a Caddyfile: where it stands (quotes included) and what Caddy reads. */
export interface CaddyWord {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** One directive, site or snippet, with its block when it has one. */
export interface CaddyDirective {
  readonly words: readonly CaddyWord[]
  readonly start: number
  readonly end: number
  readonly block?: readonly CaddyDirective[]
}

/** A Caddyfile as a tree. */
export interface CaddyTree {
  readonly body: readonly CaddyDirective[]
  readonly comments: readonly { readonly start: number; readonly end: number }[]
}

type Token = CaddyWord & { readonly line: number; readonly quoted: boolean }

const deepest = 60

/** Reads a Caddyfile: one directive a line, blocks in braces, `"…"` and `` `…` `` quotes, here-documents. */
export function parseCaddy(text: string): Parsed<CaddyTree> {
  const errors: Unread[] = []
  const { tokens, comments } = tokensOf(text, errors)
  let next = 0

  const read = (depth: number): CaddyDirective[] => {
    const out: CaddyDirective[] = []
    while (next < tokens.length) {
      const first = tokens[next]!
      if (isMark(first, '}')) {
        if (depth > 0) return out
        errors.push({ start: first.start, end: first.end, says: "Unexpected '}' because no matching opening brace" })
        next++
        continue
      }
      const words: Token[] = []
      while (next < tokens.length && !isMark(tokens[next]!, '{') && !isMark(tokens[next]!, '}')) {
        const token = tokens[next]!
        // An address that ends with a comma goes on in the next line.
        if (token.line !== first.line && !words.at(-1)?.text.endsWith(',')) break
        words.push(token)
        next++
      }
      const brace = tokens[next]
      if (brace && isMark(brace, '{') && (words.length === 0 || brace.line === words.at(-1)!.line)) {
        next++
        if (depth >= deepest)
          errors.push({ start: brace.start, end: brace.end, says: `nested more than ${deepest} deep: not read` })
        const block = depth >= deepest ? [] : read(depth + 1)
        const close = tokens[next]
        if (close) next++
        else errors.push({ start: brace.start, end: brace.end, says: "Unexpected EOF, expecting '}'" })
        out.push({ words, start: first.start, end: close?.end ?? text.length, block })
      } else if (words.length > 0) out.push({ words, start: first.start, end: words.at(-1)!.end })
      else next++
    }
    return out
  }

  return { tree: { body: read(0), comments }, errors }
}

const isMark = (token: Token, mark: string): boolean => token.text === mark && !token.quoted

function tokensOf(text: string, errors: Unread[]): { tokens: Token[]; comments: { start: number; end: number }[] } {
  const tokens: Token[] = []
  const comments: { start: number; end: number }[] = []
  const languages = templateLanguages(text)
  let line = 0
  let at = 0
  while (at < text.length) {
    const char = text[at]!
    if (char === '\n') {
      line++
      at++
    } else if (/\s/.test(char) || char === '\uFEFF') at++
    else if (char === '\\' && /^\\\r?\n/.test(text.slice(at, at + 3))) at = text.indexOf('\n', at) + 1
    else if (char === '#') {
      const end = text.indexOf('\n', at)
      comments.push({ start: at, end: end === -1 ? text.length : end })
      at = end === -1 ? text.length : end
    } else {
      const hole = templateHoleAt(text, at, languages)
      if (hole?.does === 'control') {
        at = hole.end
        continue
      }
      const start = at
      const quote = char === '"' || char === '`' ? char : undefined
      if (quote) {
        at++
        while (at < text.length && text[at] !== quote) at += text[at] === '\\' && quote === '"' ? 2 : 1
        if (at >= text.length) errors.push({ start, end: text.length, says: `Unexpected EOF, expecting ${quote}` })
        at = Math.min(at + 1, text.length)
      } else
        while (at < text.length && !/\s/.test(text[at]!)) {
          const inner = templateHoleAt(text, at, languages)
          at = inner ? inner.end : at + 1
        }
      const raw = text.slice(start, at)
      const inside = quote
        ? raw.slice(1, raw.endsWith(quote) && raw.length > 1 ? -1 : undefined).replace(/\\"/g, '"')
        : raw
      tokens.push({ start, end: at, text: inside, line, quoted: quote !== undefined })
      line += raw.split('\n').length - 1
    }
  }
  return { tokens, comments }
}
