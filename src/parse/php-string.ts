const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  v: '\v',
  e: '\x1b',
  f: '\f',
  '\\': '\\',
  $: '$',
}

/** What PHP makes of the inside of a string literal: `'…'` knows two escapes, `"…"` and heredocs the whole list. */
export function decodePhp(inner: string, quote: "'" | '"' | '`' | 'heredoc'): string {
  if (!inner.includes('\\')) return inner
  if (quote === "'") return inner.replace(/\\([\\'])/g, '$1')
  return inner.replace(
    /\\(?:([ntrvef\\$"`])|([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|u\{([0-9A-Fa-f]+)\})/g,
    (all: string, letter?: string, octal?: string, hex?: string, point?: string) => {
      if (letter) return letter === '"' || letter === '`' ? (letter === quote ? letter : all) : escapes[letter]!
      const code = octal ? parseInt(octal, 8) & 255 : parseInt(hex ?? point ?? '0', 16)
      return code <= 0x10ffff ? String.fromCodePoint(code) : all
    },
  )
}
