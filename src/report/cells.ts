/** One character as a terminal shows it: what is printed, and how many columns it takes. */
export interface Cell {
  readonly shown: string
  readonly width: number
  /** Offset of the character in its line, in UTF-16 units. */
  readonly at: number
}

const tabWidth = 4

/**
 * A line of linted text as cells: tabs become blanks, wide characters take two columns, and control characters (also those
 * that turn the direction of writing) are shown by a sign and never printed raw.
 */
export function cellsOf(line: string): readonly Cell[] {
  const cells: Cell[] = []
  let column = 0
  let at = 0
  for (const char of line) {
    const code = char.codePointAt(0)!
    let shown = char
    let width = widthOf(code)
    if (char === '\t') {
      width = tabWidth - (column % tabWidth)
      shown = ' '.repeat(width)
    } else if (isControl(code)) {
      shown = signOf(code)
      width = 1
    }
    cells.push({ shown, width, at })
    column += width
    at += char.length
  }
  return cells
}

/** A text on one line with nothing in it that a terminal would obey. */
export function harmless(text: string): string {
  let out = ''
  for (const char of text) {
    const code = char.codePointAt(0)!
    out += char === '\n' || char === '\t' ? ' ' : isControl(code) ? signOf(code) : char
  }
  return out
}

/** How many columns a text takes. */
export function widthOfText(text: string): number {
  let width = 0
  for (const char of text) width += widthOf(char.codePointAt(0)!)
  return width
}

function isControl(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code < 0xa0) ||
    (code >= 0x200e && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069) ||
    code === 0x061c ||
    code === 0xfeff ||
    (code >= 0xd800 && code <= 0xdfff)
  )
}

// U+2400 and on are pictures of the control characters.
function signOf(code: number): string {
  return code < 0x20 ? String.fromCodePoint(0x2400 + code) : code === 0x7f ? '\u2421' : '\ufffd'
}

// Combining marks take no column; East Asian wide and full-width characters and emoji take two.
const none = /\p{Mn}|\p{Me}|\u200b|\u200c|\u200d|[\ufe00-\ufe0f]/u
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
]

function widthOf(code: number): number {
  if (code < 0x300) return 1
  if (none.test(String.fromCodePoint(code))) return 0
  return wide.some(([from, to]) => code >= from && code <= to) ? 2 : 1
}
