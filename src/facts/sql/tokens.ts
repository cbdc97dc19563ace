/** One token of an SQL text. `hole`: a character U+E000 + i that stands for the i-th interpolated value. */
export interface SqlToken {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'placeholder' | 'hole' | 'mark'
  /** A word in lower case, a name or string without its quotes, a placeholder as written, a mark. */
  readonly text: string
  readonly start: number
  readonly end: number
}

/** The first character that stands for an interpolated value in an SQL text. */
export const sqlHole = 0xe000

/** Statements longer than this are read so far only. */
const longest = 20_000

const shape =
  /\s+|--[^\n]*|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|`([^`]*)`|"((?:[^"\\]|\\.|"")*)"|'((?:[^'\\]|\\.|'')*)'|(:[A-Za-z_]\w*|\?)|([\uE000-\uEFFF])|(\d+(?:\.\d+)?)|([A-Za-z_@][\w$@]*)|(<=>|<>|!=|<=|>=|:=|\|\||&&|::|[\s\S])/gy

/** The tokens of an SQL text, blanks and comments left out. */
export function sqlTokens(text: string): readonly SqlToken[] {
  const out: SqlToken[] = []
  shape.lastIndex = 0
  const limited = text.length > longest ? text.slice(0, longest) : text
  for (let match = shape.exec(limited); match; match = shape.exec(limited)) {
    const place = { start: match.index, end: match.index + match[0].length }
    const [, tick, double, single, placeholder, hole, number, word, mark] = match
    if (tick !== undefined) out.push({ kind: 'name', text: tick, ...place })
    else if (double !== undefined || single !== undefined)
      out.push({ kind: 'string', text: (double ?? single)!, ...place })
    else if (placeholder) out.push({ kind: 'placeholder', text: placeholder, ...place })
    else if (hole) out.push({ kind: 'hole', text: hole, ...place })
    else if (number) out.push({ kind: 'number', text: number, ...place })
    else if (word) out.push({ kind: 'word', text: word, ...place })
    else if (mark) out.push({ kind: 'mark', text: mark, ...place })
    if (shape.lastIndex >= limited.length) break
  }
  return out
}

/** Whether a text is an SQL statement that a program would send. */
export function looksLikeSql(text: string): boolean {
  return /^\s*(?:\(\s*)?(?:insert(?:\s+\w+)*\s+into|insert\s|replace\s+(?:\w+\s+)*into|update\s+\S+|delete\s+(?:\S+\s+)?from|select\s|with\s|call\s|truncate\s|create\s|alter\s|drop\s|set\s|show\s|load\s)/i.test(
    text,
  )
}
