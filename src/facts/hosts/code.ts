import type { Source } from '../../source/source.ts'
import { concat, decoder, masked, wholeFile, type Piece } from '../../source/piece.ts'
import { literalPiece, type LiteralLanguage, type LiteralQuote } from '../../parse/literal.ts'
import { tokensOf, type Token } from '../../parse/tokens.ts'
import { holeBase } from '../shell/script.ts'
import type { Certainty, Origin } from '../shell/value.ts'

/** A file of JavaScript, TypeScript or Groovy while its strings are read. */
export interface Code {
  readonly source: Source
  readonly base: Piece
  readonly language: LiteralLanguage & ('javascript' | 'groovy')
  readonly tokens: readonly Token[]
  readonly cut: boolean
  readonly origins: Origin[]
  /** Names that are given a value once, by the token at which the value begins. */
  readonly constants: ReadonlyMap<string, number>
  /** What an expression that is no text gives: whether it can be empty, and how. */
  readonly emptiness: (expression: string) => readonly [Certainty, string]
}

/** Reads a file into tokens. */
export function codeOf(source: Source, language: 'javascript' | 'groovy', emptiness: Code['emptiness']): Code {
  const { tokens, cut } = tokensOf(source.text, language)
  const constants = new Map<string, number>()
  const several = new Set<string>()
  tokens.forEach((token, i) => {
    if (token.kind !== 'word' || tokens[i + 1]?.text !== '=' || tokens[i - 1]?.text === '.') return
    if (constants.has(token.text)) several.add(token.text)
    constants.set(token.text, i + 2)
  })
  for (const name of several) constants.delete(name)
  return {
    source,
    base: masked(wholeFile(source.file, source.text), []),
    language,
    tokens,
    cut,
    origins: [],
    constants,
    emptiness,
  }
}

/** Text that stands for a stretch of the file and cannot be edited. */
export function instead(code: Code, text: string, start: number, end: number): Piece {
  const out = decoder(code.base)
  out.turn(text, start, end)
  return out.piece(start, () => undefined)
}

/** The expression that begins at a token, as text: literals joined by `+`, known names, everything else a hole. `next`: the token after it. */
export function textFrom(code: Code, first: number, depth = 0): { readonly piece: Piece; readonly next: number } {
  const pieces: Piece[] = []
  let at = first
  let operand = at
  for (;;) {
    const token = code.tokens[at]
    if (!token || isEnd(token)) break
    if (token.text === '+') {
      pieces.push(operandPiece(code, operand, at, depth))
      at++
      operand = at
    } else if (/^[([{]$/.test(token.text)) at = afterBracket(code.tokens, at)
    else at++
  }
  pieces.push(operandPiece(code, operand, at, depth))
  return { piece: concat(pieces, ''), next: at }
}

function isEnd(token: Token): boolean {
  return token.kind === 'mark' && /^[,;)\]}]$/.test(token.text)
}

/** The token after the bracket that closes the one here. */
export function afterBracket(tokens: readonly Token[], open: number): number {
  let depth = 0
  let at = open
  for (; at < tokens.length; at++) {
    const { kind, text } = tokens[at]!
    if (kind !== 'mark') continue
    if (/^[([{]$/.test(text)) depth++
    else if (/^[)\]}]$/.test(text) && --depth === 0) return at + 1
  }
  return at
}

function operandPiece(code: Code, from: number, to: number, depth: number): Piece {
  const first = code.tokens[from]
  if (!first || to <= from) return instead(code, '', code.base.text.length, code.base.text.length)
  const last = code.tokens[to - 1]!
  // `…`.trim() and .stripIndent() are the string.
  const trimmed =
    to > from + 1 &&
    code.tokens[from + 1]?.text === '.' &&
    /^(trim|stripIndent|toString|stripMargin)$/.test(code.tokens[from + 2]?.text ?? '')
  if (first.kind === 'string' || (first.kind === 'template' && (to === from + 1 || trimmed)))
    return stringPiece(code, first, depth)
  if (to === from + 1 && first.kind === 'number') return instead(code, first.text, first.start, first.end)
  if (to === from + 1 && first.kind === 'word') {
    const value = code.constants.get(first.text)
    const known = value !== undefined && depth < 6 ? code.tokens[value] : undefined
    const after = value === undefined ? undefined : code.tokens[value + 1]
    if (known && (known.kind === 'string' || known.kind === 'template') && after?.text !== '.')
      return textFrom(code, value!, depth + 1).piece
    // The name stands for another expression: that one tells whether it can be empty.
    if (known && known.kind === 'word') return holeFor(code, first.start, first.end, expressionAt(code, value!))
  }
  if (first.text === '(' && last.text === ')') return textFrom(code, from + 1, depth + 1).piece
  return holeFor(code, first.start, last.end, code.base.text.slice(first.start, last.end))
}

function expressionAt(code: Code, from: number): string {
  let at = from
  const line = code.base.text.indexOf('\n', code.tokens[from]!.start)
  while (at < code.tokens.length && !isEnd(code.tokens[at]!) && (line === -1 || code.tokens[at]!.start < line)) {
    at = /^[([{]$/.test(code.tokens[at]!.text) ? afterBracket(code.tokens, at) : at + 1
  }
  return code.base.text.slice(code.tokens[from]!.start, code.tokens[at - 1]?.end ?? code.tokens[from]!.end)
}

/** A string token decoded; its `${…}` are holes, or the text of a known name. `quoted`: a tagged template quotes what it is given. */
export function stringPiece(code: Code, token: Token, depth = 0, quoted = false): Piece {
  const quote = (token.quote!.length === 3 ? 'here' : token.quote!) as LiteralQuote
  const own = code.language === 'groovy' && token.quote === "'''" ? "'" : quote
  const pieces = (token.parts ?? []).map((part) => {
    if (part.kind === 'text') return literalPiece(code.base, part.start, part.end, code.language, own)
    const braced = code.base.text.startsWith('${', part.start)
    const inner = braced
      ? code.base.text.slice(part.start + 2, part.end - 1).trim()
      : code.base.text.slice(part.start + 1, part.end)
    const value = /^\w+$/.test(inner) ? code.constants.get(inner) : undefined
    const known = value !== undefined && depth < 6 ? code.tokens[value] : undefined
    const text =
      known && (known.kind === 'string' || known.kind === 'template') && code.tokens[value! + 1]?.text !== '.'
    const piece = text
      ? instead(code, textFrom(code, value!, depth + 1).piece.text, part.start, part.end)
      : holeFor(code, part.start, part.end, known?.kind === 'word' ? expressionAt(code, value!) : inner)
    return quoted && !/^[\w./:@=-]*$/.test(piece.text) ? instead(code, `'${piece.text}'`, part.start, part.end) : piece
  })
  return pieces.length === 0 ? instead(code, '', token.start + 1, token.start + 1) : concat(pieces, '')
}

function holeFor(code: Code, start: number, end: number, expression: string): Piece {
  const name = code.base.text.slice(start, Math.min(end, start + 60)).replace(/\s+/g, ' ')
  const [empty, how] = code.emptiness(expression)
  const known = code.origins.findIndex((one) => one.name === name && one.empty === empty)
  const number = known === -1 ? code.origins.length : known
  if (number >= 0x1800) return instead(code, '\uFFFD', start, end)
  if (known === -1)
    code.origins.push({
      kind: 'template',
      name,
      at: { file: code.source.file, start, end },
      empty,
      unset: 'never',
      how,
      splits: 'maybe',
    })
  return instead(code, String.fromCharCode(holeBase + number), start, end)
}
