import { decoder, type Decoder, type Piece } from '../source/piece.ts'
import type { YamlStyle } from './yaml.ts'

/** A scalar as the file spells it: `start` to `end` with its quotes or block header. */
export interface Spelled {
  readonly style: YamlStyle
  readonly start: number
  readonly end: number
  /** Where a block scalar's lines begin, after its header. */
  readonly body: number
  /** Indentation that a block scalar's parent has; the header's own digit counts from there. */
  readonly indent: number
}

/** Decodes a scalar character by character, by the rules of YAML 1.2 as the parser applies them. */
export function decodeScalar(base: Piece, scalar: Spelled): Decoder {
  const out = decoder(base)
  const { style, start, end } = scalar
  if (style === 'plain') folded(base.text, start, end, out, false)
  else if (style === 'single') folded(base.text, start + 1, end - 1, out, true)
  else if (style === 'double') doubleQuoted(base.text, start, end, out)
  else block(base.text, scalar, out)
  return out
}

const blank = (char: string | undefined): boolean => char === ' ' || char === '\t'

interface Line {
  start: number
  end: number
  /** Where the next line begins: after `\n` or `\r\n`. */
  next: number
}

function linesOf(text: string, start: number, end: number): readonly Line[] {
  const out: Line[] = []
  let from = start
  for (;;) {
    const at = text.indexOf('\n', from)
    if (at === -1 || at >= end) break
    out.push({ start: from, end: at > from && text[at - 1] === '\r' ? at - 1 : at, next: at + 1 })
    from = at + 1
  }
  out.push({ start: from, end, next: end })
  return out
}

/** Plain and single-quoted text: line ends fold, blanks around them go, `''` is one quote. */
function folded(text: string, start: number, end: number, out: Decoder, quoted: boolean): void {
  const lines = linesOf(text, start, end)
  let breaks: Line[] = []
  lines.forEach((line, i) => {
    let from = line.start
    let to = line.end
    if (i > 0) while (from < to && blank(text[from])) from++
    if (i < lines.length - 1) while (to > from && blank(text[to - 1])) to--
    const last = i === lines.length - 1
    if (i > 0 && (from < to || last)) {
      put(out, breaks.length === 1 ? ' ' : '\n'.repeat(breaks.length - 1), breaks)
      breaks = []
    }
    if (quoted) quotes(text, from, to, out)
    else out.keep(from, to)
    breaks.push(line)
  })
}

function quotes(text: string, from: number, to: number, out: Decoder): void {
  let done = from
  for (let at = text.indexOf("''", from); at !== -1 && at + 1 < to; at = text.indexOf("''", at + 2)) {
    out.keep(done, at)
    out.turn("'", at, at + 2)
    done = at + 2
  }
  out.keep(done, to)
}

/** Writes line ends: each of them behind one line end of the file, counted from the last. */
function put(out: Decoder, ends: string, breaks: readonly Line[]): void {
  for (let i = 0; i < ends.length; i++) {
    const line = breaks[Math.max(0, Math.min(breaks.length - 1, i + breaks.length - ends.length))]
    if (line) out.turn(ends[i]!, line.end, line.next)
  }
}

const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  '\t': '\t',
}

function doubleQuoted(text: string, start: number, end: number, out: Decoder): void {
  const last = end - 1
  let at = start + 1
  while (at < last) {
    const char = text[at]
    if (char === '\\') at = escaped(text, at, last, out)
    else if (blank(char)) {
      let to = at
      while (to < last && blank(text[to])) to++
      const ends = text[to] === '\n' || (text[to] === '\r' && text[to + 1] === '\n')
      if (!ends || to >= last) out.keep(at, to)
      at = to
    } else if (char === '\r' && text[at + 1] === '\n') at++
    else if (char === '\n') at = foldedBreaks(text, at, last, out)
    else out.keep(at, ++at)
  }
}

function foldedBreaks(text: string, at: number, last: number, out: Decoder): number {
  const from = text[at - 1] === '\r' ? at - 1 : at
  const breaks: Line[] = [{ start: from, end: from, next: at + 1 }]
  let to = at + 1
  for (; to < last && (blank(text[to]) || text[to] === '\n' || text[to] === '\r'); to++) {
    if (text[to] === '\r' && text[to + 1] !== '\n') break
    if (text[to] === '\n') breaks.push({ start: to, end: text[to - 1] === '\r' ? to - 1 : to, next: to + 1 })
  }
  put(out, breaks.length === 1 ? ' ' : '\n'.repeat(breaks.length - 1), breaks)
  return to
}

/** One escape from `at`; gives where the text goes on. */
function escaped(text: string, at: number, last: number, out: Decoder): number {
  const next = text[at + 1]!
  const known = escapes[next]
  if (known !== undefined) return (out.turn(known, at, at + 2), at + 2)
  if (next === '\n' || (next === '\r' && text[at + 2] === '\n')) {
    let to = at + (next === '\n' ? 2 : 3)
    while (to < last && blank(text[to])) to++
    return to
  }
  const length = next === 'x' ? 2 : next === 'u' ? 4 : next === 'U' ? 8 : 0
  const digits = text.slice(at + 2, at + 2 + length)
  if (length > 0 && digits.length === length && /^[0-9a-f]+$/i.test(digits)) {
    const code = parseInt(digits, 16)
    if (code <= 0x10ffff) return (out.turn(String.fromCodePoint(code), at, at + 2 + length), at + 2 + length)
  }
  const raw = Math.min(last, at + 2 + length)
  return (out.keep(at, raw), raw)
}

/** `|` and `>`: the header decides style, indentation and what becomes of the last line ends. */
function block(text: string, scalar: Spelled, out: Decoder): void {
  const header = /^[|>]([-+0-9]*)/.exec(text.slice(scalar.start, scalar.start + 8))?.[1] ?? ''
  const chomp = /[-+]/.exec(header)?.[0] ?? ''
  const digit = Number(/[1-9]/.exec(header)?.[0] ?? 0)
  const lines = linesOf(text, scalar.body, scalar.end).map((line) => {
    let content = line.start
    while (content < line.end && text[content] === ' ') content++
    return { ...line, content, empty: content === line.end }
  })
  let chompStart = lines.length
  while (chompStart > 0 && lines[chompStart - 1]!.empty) chompStart--
  if (chompStart === 0) {
    if (chomp === '+' && scalar.end > scalar.body) put(out, '\n'.repeat(Math.max(1, lines.length - 1)), lines)
    return
  }
  let trim = scalar.indent + digit
  let first = 0
  for (; first < chompStart; first++) {
    const line = lines[first]!
    const depth = line.content - line.start
    if (!line.empty) {
      if (digit === 0) trim = depth
      break
    }
    if (digit === 0 && depth > trim) trim = depth
  }
  const inner = (line: { start: number; content: number }): number => Math.min(line.start + trim, line.content)
  for (let i = lines.length - 1; i >= chompStart; i--)
    if (lines[i]!.content - lines[i]!.start > trim) chompStart = i + 1
  for (const line of lines.slice(0, first)) {
    out.keep(inner(line), line.content)
    put(out, '\n', [line])
  }
  if (scalar.style === 'literal') {
    for (let i = first; i < chompStart; i++) {
      if (i > first) put(out, '\n', [lines[i - 1]!])
      out.keep(inner(lines[i]!), lines[i]!.end)
    }
  } else foldedBlock(text, lines.slice(first, chompStart), trim, out)
  if (chomp === '-') return
  const last = lines[chompStart - 1]!
  if (chomp === '') return put(out, '\n', [last])
  for (let i = chompStart; i < lines.length; i++) {
    put(out, '\n', [lines[i - 1]!])
    out.keep(inner(lines[i]!), lines[i]!.content)
  }
  if (!out.text.endsWith('\n')) put(out, '\n', [lines.at(-1)!])
}

interface BlockLine extends Line {
  content: number
  empty: boolean
}

function foldedBlock(text: string, lines: readonly BlockLine[], trim: number, out: Decoder): void {
  let ends = ''
  let separator = ''
  let before = false
  let breaks: Line[] = []
  const flush = (from: number, to: number): void => {
    put(out, ends + separator, breaks)
    out.keep(from, to)
    ends = ''
    breaks = []
  }
  for (const line of lines) {
    if (line.content - line.start > trim || text[line.content] === '\t') {
      if (separator === ' ') separator = '\n'
      else if (!before && separator === '\n') separator = '\n\n'
      flush(Math.min(line.start + trim, line.content), line.end)
      separator = '\n'
      before = true
    } else if (line.empty) {
      if (separator === '\n') ends += '\n'
      else separator = '\n'
    } else {
      flush(line.content, line.end)
      separator = ' '
      before = false
    }
    breaks.push(line)
  }
  put(out, ends, breaks)
}

/** How many blanks stand before each line of a block scalar and do not belong to its text. */
export function indentationOf(text: string, scalar: Spelled): number {
  const digit = /^[|>]-?\+?([1-9])/.exec(text.slice(scalar.start, scalar.start + 3))?.[1]
  if (digit) return scalar.indent + Number(digit)
  return /^(?:[ ]*\r?\n)*([ ]*)/.exec(text.slice(scalar.body, scalar.end))![1]!.length
}
