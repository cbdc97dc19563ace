/** A shell pattern as a regular expression over the whole text; undefined when it cannot be translated. */
export function patternExpression(pattern: string): RegExp | undefined {
  let out = ''
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!
    if (char === '*') out += '[^]*'
    else if (char === '?') out += '[^]'
    else if (char === '\\' && i + 1 < pattern.length) out += escaped(pattern[++i]!)
    else if (char === '[') {
      const end = pattern.indexOf(']', pattern[i + 1] === '!' || pattern[i + 1] === '^' ? i + 3 : i + 2)
      const close =
        pattern.startsWith('[:', i + 1) || pattern.includes('[:', i)
          ? pattern.indexOf(']', pattern.lastIndexOf(':]') + 2)
          : end
      if (close === -1) {
        out += '\\['
        continue
      }
      out += bracket(pattern.slice(i + 1, close))
      i = close
    } else out += escaped(char)
  }
  try {
    return new RegExp(`^(?:${out})$`, 'u')
  } catch {
    return undefined
  }
}

const escaped = (char: string): string => char.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

const classes: Readonly<Record<string, string>> = {
  alnum: 'a-zA-Z0-9',
  alpha: 'a-zA-Z',
  digit: '0-9',
  lower: 'a-z',
  upper: 'A-Z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9a-fA-F',
  word: '\\w',
  cntrl: '\\x00-\\x1f',
  print: '\\x20-\\x7e',
  graph: '\\x21-\\x7e',
}

function bracket(inside: string): string {
  const negated = /^[!^]/.test(inside)
  const body = (negated ? inside.slice(1) : inside)
    .replace(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole)
    .replace(/[[\]](?!-)/g, (char) => (char === '[' ? '\\[' : '\\]'))
  return `[${negated ? '^' : ''}${body}]`
}

/** Whether a shell pattern can match the empty text. */
export function matchesEmpty(pattern: string): boolean {
  return /^\**$/.test(pattern)
}

/** Whether a POSIX extended regular expression can match the empty text; undefined when that cannot be told. */
export function expressionMatchesEmpty(source: string): boolean | undefined {
  try {
    const translated = source
      .replace(/\[\[:(\w+):\]\]/g, (_, name: string) => `[${classes[name] ?? 'a'}]`)
      .replace(/\[:(\w+):\]/g, (_, name: string) => classes[name] ?? 'a')
    return new RegExp(translated).test('')
  } catch {
    return undefined
  }
}

/** The rest of a text after `${x#pattern}` and its three sisters; undefined when the pattern cannot be translated. */
export function strip(text: string, operator: '#' | '##' | '%' | '%%', pattern: string): string | undefined {
  const expression = patternExpression(pattern)
  if (!expression) return undefined
  const lengths = Array.from({ length: text.length + 1 }, (_, i) => i)
  if (operator === '##' || operator === '%%') lengths.reverse()
  for (const length of lengths) {
    const cut = operator.startsWith('#') ? text.slice(0, length) : text.slice(text.length - length)
    if (expression.test(cut)) return operator.startsWith('#') ? text.slice(length) : text.slice(0, text.length - length)
  }
  return text
}

/** The text after `${x/pattern/replacement}`; undefined when the pattern cannot be translated. */
export function replaceIn(
  text: string,
  operator: '/' | '//' | '/#' | '/%',
  pattern: string,
  replacement: string,
): string | undefined {
  const expression = patternExpression(pattern)
  if (!expression) return undefined
  const source = expression.source.slice(1, -1)
  const anchored = operator === '/#' ? `^${source}` : operator === '/%' ? `${source}$` : source
  try {
    return text.replace(new RegExp(anchored, operator === '//' ? 'gu' : 'u'), () => replacement)
  } catch {
    return undefined
  }
}
