import { cellsOf, widthOfText } from './cells.ts'

/** A line of a file with a stretch of it underlined. */
export interface Frame {
  readonly code: string
  readonly marks: string
}

/** Draws one line and the marks under `[start, end)` (UTF-16 offsets in the line), cut to a width around the marks. */
export function frameOf(line: string, start: number, end: number, mark: '^' | '~', width: number): Frame {
  const cells = cellsOf(line)
  const columns = cells.reduce((sum, cell) => sum + cell.width, 0)
  const markedWidth = (from: number, to: number): number =>
    cells.reduce((sum, cell) => (cell.at >= from && cell.at < to ? sum + cell.width : sum), 0)
  const before = markedWidth(0, start)
  const marked = Math.max(1, markedWidth(start, Math.max(end, start)))
  if (columns <= width)
    return { code: cells.map((cell) => cell.shown).join(''), marks: ' '.repeat(before) + mark.repeat(marked) }
  // Too long: keep the marked stretch in sight, with some of what stands before it.
  const room = width - 2
  const from = Math.max(0, Math.min(before - Math.floor(room / 3), columns - room))
  let code = from > 0 ? '…' : ''
  let column = 0
  for (const cell of cells) {
    if (column >= from && column + cell.width <= from + room) code += cell.shown
    column += cell.width
  }
  const shift = before - from + (from > 0 ? 1 : 0)
  const seen = Math.max(1, Math.min(marked, from + room - before))
  return { code: columns > from + room ? code + '…' : code, marks: ' '.repeat(Math.max(0, shift)) + mark.repeat(seen) }
}

/** Breaks a text into lines of at most `width` columns at blanks; a word that is longer stands alone. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && widthOfText(line) + 1 + widthOfText(word) > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
