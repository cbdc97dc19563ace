import { decoder, type Encode, type Piece } from '../source/piece.ts'

/** Languages whose string literals hold shell. */
export type LiteralLanguage = 'php' | 'javascript' | 'ruby' | 'groovy' | 'python'

/** How a literal is quoted: `'…'` knows almost no escapes but in JavaScript, `"…"` knows all, `` `…` `` is a template, `here` a heredoc. */
export type LiteralQuote = "'" | '"' | '`' | 'here' | 'raw'

const common: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', '\\': '\\' }

const letters: Readonly<Record<LiteralLanguage, Readonly<Record<string, string>>>> = {
  php: { ...common, e: '\x1b', $: '$' },
  javascript: { ...common, b: '\b', '0': '\0' },
  ruby: { ...common, e: '\x1b', s: ' ', a: '\x07', b: '\b', '0': '\0' },
  groovy: { n: '\n', t: '\t', r: '\r', f: '\f', b: '\b', s: ' ', '\\': '\\', $: '$', '"': '"', "'": "'" },
  python: { ...common, a: '\x07', b: '\b', "'": "'", '"': '"' },
}

/**
 * The inside of a string literal, `start` to `end` without its quotes, decoded with an exact map. An edit is escaped as the literal asks,
 * or is not offered.
 */
export function literalPiece(
  base: Piece,
  start: number,
  end: number,
  language: LiteralLanguage,
  quote: LiteralQuote,
): Piece {
  const out = decoder(base)
  let at = start
  let kept = start
  while (at < end) {
    const read =
      base.text[at] === '\\' ? escapeAt(base.text, at, end, language, quote) : lineEndAt(base.text, at, language)
    if (!read) at++
    else {
      out.keep(kept, at)
      if (read.text !== undefined) out.turn(read.text, at, read.next)
      at = kept = read.next
    }
  }
  out.keep(kept, end)
  return out.piece(start, escaping(language, quote))
}

interface Escape {
  readonly text: string | undefined
  readonly next: number
}

/** JavaScript reads every line end in a template as `\n`; PHP and Ruby keep what the file has. */
function lineEndAt(text: string, at: number, language: LiteralLanguage): Escape | undefined {
  if (language === 'php' || text[at] !== '\r' || text[at + 1] !== '\n') return undefined
  return { text: '\n', next: at + 2 }
}

function escapeAt(
  text: string,
  at: number,
  end: number,
  language: LiteralLanguage,
  quote: LiteralQuote,
): Escape | undefined {
  const next = text[at + 1]
  if (next === undefined || at + 1 >= end || quote === 'raw') return undefined
  if (quote === "'" && (language === 'php' || language === 'ruby')) {
    return next === '\\' || next === "'" ? { text: next, next: at + 2 } : { text: '\\', next: at + 1 }
  }
  if (language !== 'php' && (next === '\n' || (next === '\r' && text[at + 2] === '\n')))
    return { text: undefined, next: at + (next === '\r' ? 3 : 2) }
  const code = codeAt(text, at, end, language)
  if (code) return code
  const letter = letters[language][next]
  if (letter !== undefined) return { text: letter, next: at + 2 }
  if (language !== 'php' && language !== 'python') return { text: next, next: at + 2 }
  if ((next === '"' && quote === '"') || (next === '`' && quote === '`')) return { text: next, next: at + 2 }
  return { text: '\\' + next, next: at + 2 }
}

const codes: Readonly<Record<LiteralLanguage, RegExp>> = {
  php: /\\(?:x([0-9A-Fa-f]{1,2})|u\{([0-9A-Fa-f]+)\}|([0-7]{1,3}))/y,
  javascript: /\\(?:x([0-9A-Fa-f]{2})|u\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{4}))/y,
  ruby: /\\(?:x([0-9A-Fa-f]{1,2})|u\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{4}))/y,
  groovy: /\\u([0-9A-Fa-f]{4})/y,
  python: /\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))/y,
}

function codeAt(text: string, at: number, end: number, language: LiteralLanguage): Escape | undefined {
  const pattern = codes[language]
  pattern.lastIndex = at
  const found = pattern.exec(text)
  if (!found || at + found[0].length > end) return undefined
  const octal = language === 'php' ? found[3] : undefined
  const code = octal ? parseInt(octal, 8) & 255 : parseInt(found[1] ?? found[2] ?? found[3]!, 16)
  return code <= 0x10ffff ? { text: String.fromCodePoint(code), next: at + found[0].length } : undefined
}

function escaping(language: LiteralLanguage, quote: LiteralQuote): Encode {
  return (text) => {
    if (quote === 'raw') return /\r|^\w+;?$/m.test(text) ? undefined : text
    if (quote === "'" && language !== 'javascript') {
      if (language !== 'php' && text.includes('\n')) return undefined
      return language === 'groovy' || language === 'python'
        ? text.replace(/[\\']/g, '\\$&')
        : text.replace(/\\(?=[\\']|$)|'/g, '\\$&')
    }
    const escaped = text.replaceAll('\\', '\\\\').replaceAll('\r', '\\r')
    if (quote === 'here')
      return language === 'ruby' ? escaped.replace(/#(?=[{$@])/g, '\\#') : escaped.replaceAll('$', '\\$')
    const plain = escaped.replaceAll(quote, `\\${quote}`)
    if (quote === '`') return plain.replaceAll('${', '\\${')
    const lines = plain.replaceAll('\n', '\\n')
    if (language === 'php' || language === 'groovy')
      return lines.replace(/\$(?=[\w{])/g, '\\$').replace(/\{(?=\$)/g, '{')
    return language === 'ruby' ? lines.replace(/#(?=[{$@])/g, '\\#') : lines
  }
}
