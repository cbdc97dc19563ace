import type { Parsed, Unread } from '../source/source.ts'

/** One line `key = value`, `key[index] = value` or a bare `key`, with the section it stands in. */
export interface IniEntry {
  /** The name before `=`, without its `[index]`. */
  readonly key: string
  /** `display_errors` for `php_flag[display_errors]`; empty for `key[]`. */
  readonly index?: string
  /** The value without quotes and comment; undefined for a bare key. */
  readonly value?: string
  readonly section?: string
  /** The whole entry, without the blanks around it and the comment behind it. */
  readonly start: number
  readonly end: number
  /** The value as written, quotes included. */
  readonly valueAt?: { readonly start: number; readonly end: number }
}

/** A php.ini, conf.d file, .user.ini or pool: its lines in order; comments are spans from their mark to the end of the line. */
export interface IniTree {
  readonly entries: readonly IniEntry[]
  readonly sections: readonly { readonly name: string; readonly start: number; readonly end: number }[]
  readonly comments: readonly { readonly start: number; readonly end: number }[]
}

/** Reads PHP's kind of ini, as PHP and FPM read it: `;` comments (and `#` lines, as PHP 5 did), quotes, `[sections]`. */
export function parseIni(text: string): Parsed<IniTree> {
  const entries: IniEntry[] = []
  const sections: { name: string; start: number; end: number }[] = []
  const comments: { start: number; end: number }[] = []
  const errors: Unread[] = []
  let section: string | undefined
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  while (at < text.length) {
    const lineEnd = endOfLine(text, at)
    const start = at + blanks(text, at, lineEnd)
    const first = text[start]
    if (start >= lineEnd) at = lineEnd + 1
    else if (first === ';' || first === '#' || templated(text, start, lineEnd)) {
      if (first === ';' || first === '#') comments.push({ start, end: trimmed(text, start, lineEnd) })
      at = lineEnd + 1
    } else if (first === '[') {
      const close = start + text.slice(start, lineEnd).indexOf(']')
      if (close < start) {
        errors.push({
          start,
          end: trimmed(text, start, lineEnd),
          says: 'syntax error, unexpected end of line, expecting "]"',
        })
      } else {
        section = text.slice(start + 1, close).trim()
        sections.push({ name: section, start, end: close + 1 })
        const rest = close + 1 + blanks(text, close + 1, lineEnd)
        if (text[rest] === ';' || text[rest] === '#') comments.push({ start: rest, end: trimmed(text, rest, lineEnd) })
      }
      at = lineEnd + 1
    } else at = entry(start, lineEnd) + 1
  }
  return { tree: { entries, sections, comments }, errors }

  function entry(start: number, lineEnd: number): number {
    const found = text.slice(start, lineEnd).indexOf('=')
    const equals = found === -1 ? -1 : start + found
    const put = (key: string, end: number, more: Partial<IniEntry>): void => {
      const indexed = /^([^[\]]+)\[([^\]]*)\]$/.exec(key)
      const name = indexed ? { key: indexed[1]!.trim(), index: indexed[2]!.trim() } : { key }
      entries.push({ ...name, start, end, ...more, ...(section === undefined ? {} : { section }) })
    }
    if (equals === -1) {
      const mark = commentFrom(text, start, lineEnd)
      const end = trimmed(text, start, mark)
      if (mark < lineEnd) comments.push({ start: mark, end: trimmed(text, mark, lineEnd) })
      // PHP takes a bare word for a key without a value; several words are its syntax error.
      if (/\s/.test(text.slice(start, end)))
        errors.push({ start, end, says: `syntax error, unexpected "${text.slice(start, end).split(/\s+/)[1]}"` })
      else put(text.slice(start, end), end, {})
      return lineEnd
    }
    const key = text.slice(start, equals).trim()
    const from = equals + 1 + blanks(text, equals + 1, lineEnd)
    const read = valueFrom(text, from, lineEnd)
    if (read.says !== undefined) errors.push({ start: from, end: read.end, says: read.says })
    if (read.comment !== undefined)
      comments.push({ start: read.comment, end: trimmed(text, read.comment, endOfLine(text, read.comment)) })
    put(key, Math.max(read.end, equals + 1), { value: read.value, valueAt: { start: from, end: read.end } })
    return endOfLine(text, Math.max(read.end, from))
  }
}

interface IniValue {
  readonly value: string
  readonly end: number
  readonly comment?: number
  readonly says?: string
}

function valueFrom(text: string, from: number, lineEnd: number): IniValue {
  const quote = text[from]
  if (from < lineEnd && (quote === '"' || quote === "'")) {
    let at = from + 1
    while (at < text.length && text[at] !== quote) at += text[at] === '\\' && quote === '"' ? 2 : 1
    if (at >= text.length) {
      const end = trimmed(text, from, lineEnd)
      return { value: text.slice(from + 1, end), end, says: `syntax error, unexpected end of file, expecting ${quote}` }
    }
    const inside = text.slice(from + 1, at)
    const value = quote === '"' ? inside.replace(/\\(["\\])/g, '$1') : inside
    const after = commentFrom(text, at + 1, endOfLine(text, at))
    const rest = text.slice(at + 1, after).trim()
    const comment = after < endOfLine(text, at) ? { comment: after } : {}
    return rest === ''
      ? { value, end: at + 1, ...comment }
      : { value: value + rest, end: trimmed(text, at + 1, after), ...comment }
  }
  const mark = commentFrom(text, from, lineEnd)
  const end = trimmed(text, from, mark)
  return { value: text.slice(from, end), end, ...(mark < lineEnd ? { comment: mark } : {}) }
}

/** The first `;` outside quotes, or the end of the line. In values `#` is text. */
function commentFrom(text: string, from: number, lineEnd: number): number {
  const at = text.slice(from, lineEnd).indexOf(';')
  return at === -1 ? lineEnd : from + at
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}

function blanks(text: string, from: number, to: number): number {
  let at = from
  while (at < to && /\s/.test(text[at]!)) at++
  return at - from
}

function trimmed(text: string, start: number, end: number): number {
  while (end > start && /\s/.test(text[end - 1]!)) end--
  return end
}

// A line that is only a template's condition or loop.
function templated(text: string, start: number, lineEnd: number): boolean {
  return /^(\{\{[^}]*\}\}|\{%.*%\}|\{#.*#\}|<%.*%>|<\?.*\?>)\s*$/.test(text.slice(start, lineEnd))
}
