/** A token of JavaScript, TypeScript or Groovy: enough to see which call holds which string. */
export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'template' | 'mark' | 'regex'
  readonly text: string
  readonly start: number
  readonly end: number
  /** How a string is quoted: `'`, `"`, `` ` ``, `'''`, `"""`. */
  readonly quote?: string
  /** Literal stretches and expressions of a string that can hold `${…}`, in order. */
  readonly parts?: readonly TokenPart[]
}

export interface TokenPart {
  readonly kind: 'text' | 'code'
  readonly start: number
  readonly end: number
}

/** At most this many tokens are read; what comes after is left out and said. */
const mostTokens = 400_000

/** Splits a text into tokens. Nothing throws; a string without its end goes to the end of its line. */
export function tokensOf(
  text: string,
  language: 'javascript' | 'groovy',
): { readonly tokens: readonly Token[]; readonly cut: boolean } {
  const out: Token[] = []
  let at = text.startsWith('#!') ? Math.max(0, text.indexOf('\n')) : 0
  while (at < text.length && out.length < mostTokens) {
    const char = text[at]!
    if (/\s|\uFEFF/.test(char)) at++
    else if (char === '/' && text[at + 1] === '/') at = endOf(text, '\n', at)
    else if (char === '/' && text[at + 1] === '*') at = endOf(text, '*/', at + 2)
    else {
      const token = tokenAt(text, at, language, out.at(-1))
      out.push(token)
      at = Math.max(at + 1, token.end)
    }
  }
  return { tokens: out, cut: at < text.length }
}

function endOf(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from)
  return found === -1 ? text.length : found + what.length
}

function tokenAt(text: string, at: number, language: 'javascript' | 'groovy', before: Token | undefined): Token {
  const char = text[at]!
  if (language === 'groovy' && (text.startsWith("'''", at) || text.startsWith('"""', at)))
    return stringAt(text, at, text.slice(at, at + 3), char === '"')
  if (char === "'" || char === '"') return stringAt(text, at, char, language === 'groovy' && char === '"')
  if (char === '`' && language === 'javascript') return stringAt(text, at, '`', true)
  if (char === '/' && beginsRegex(before)) {
    const regex = /\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y
    regex.lastIndex = at
    const found = regex.exec(text)
    if (found) return { kind: 'regex', text: found[0], start: at, end: at + found[0].length }
  }
  const word = /[A-Za-z_$][\w$]*/y
  word.lastIndex = at
  const name = word.exec(text)
  if (name) return { kind: 'word', text: name[0], start: at, end: at + name[0].length }
  const number = /\d[\w.]*/y
  number.lastIndex = at
  const digits = number.exec(text)
  if (digits) return { kind: 'number', text: digits[0], start: at, end: at + digits[0].length }
  const mark =
    ['=>', '===', '!==', '==', '!=', '&&', '||', '??', '?.', '+=', '...'].find((one) => text.startsWith(one, at)) ??
    char
  return { kind: 'mark', text: mark, start: at, end: at + mark.length }
}

function beginsRegex(before: Token | undefined): boolean {
  if (!before) return true
  if (before.kind === 'mark') return !/^[)\]}]$/.test(before.text)
  return before.kind === 'word' && /^(return|typeof|case|in|of|delete|void|throw|new)$/.test(before.text)
}

/** A string from its opening quote; in one that interpolates, `${…}` is code, its own strings and braces counted. */
function stringAt(text: string, start: number, quote: string, interpolates: boolean): Token {
  const parts: TokenPart[] = []
  let at = start + quote.length
  let from = at
  const lines = quote.length === 3 || quote === '`'
  while (at < text.length && !text.startsWith(quote, at)) {
    if (text[at] === '\\') at += 2
    else if (text[at] === '\n' && !lines) break
    else if (interpolates && text.startsWith('${', at)) {
      const end = codeEnd(text, at + 2)
      if (from < at) parts.push({ kind: 'text', start: from, end: at })
      parts.push({ kind: 'code', start: at, end })
      at = from = end
    } else if (interpolates && quote !== '`' && /^\$[A-Za-z_]/.test(text.slice(at, at + 2))) {
      const end = at + /^\$\w+(?:\.[A-Za-z_]\w*)*/.exec(text.slice(at, at + 200))![0].length
      if (from < at) parts.push({ kind: 'text', start: from, end: at })
      parts.push({ kind: 'code', start: at, end })
      at = from = end
    } else at++
  }
  at = Math.min(at, text.length)
  if (from < at) parts.push({ kind: 'text', start: from, end: at })
  const end = text.startsWith(quote, at) ? at + quote.length : at
  return { kind: interpolates ? 'template' : 'string', text: text.slice(start, end), start, end, quote, parts }
}

/** Where the code of a `${` ends, after its brace. */
function codeEnd(text: string, from: number): number {
  let depth = 1
  let at = from
  while (at < text.length && depth > 0) {
    const char = text[at]!
    if (char === '{') depth++
    else if (char === '}') depth--
    else if (char === "'" || char === '"' || char === '`') {
      at++
      while (at < text.length && text[at] !== char) at += text[at] === '\\' ? 2 : 1
    }
    at++
  }
  return Math.min(at, text.length)
}
