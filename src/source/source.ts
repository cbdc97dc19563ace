/** One file as it was read: its path from the project's root (with `/`) and its text. It never changes; `text` may be read when first asked for. */
export interface Source {
  readonly file: string
  readonly text: string
  /** The first characters, where a front can give them without reading the rest; they only tell what kind of file it is. */
  readonly head?: string
}

/** A stretch of a file, in UTF-16 offsets; it names its file, so that one finding can speak of several. */
export interface Span {
  readonly file: string
  readonly start: number
  readonly end: number
}

/** A place and what is to be said of it. */
export interface Label {
  readonly at: Span
  readonly says: string
}

/** A stretch of a text that could not be read, and why. */
export interface Unread {
  readonly start: number
  readonly end: number
  readonly says: string
}

/** What a parser gives: its tree, and what it could not read. A parser never throws. */
export interface Parsed<Tree> {
  readonly tree: Tree
  readonly errors: readonly Unread[]
}

/** A person's position: one-based line and column, the column in UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** The offsets at which the lines of a text begin. A line ends with `\n`; `\r\n` counts as one end. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** The position of an offset, given `lineStarts` of its text. */
export function positionOf(starts: readonly number[], offset: number): Position {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
}

/** Whether two spans of one file share a character, or touch when one of them is empty. */
export function overlaps(a: Span, b: Span): boolean {
  if (a.file !== b.file) return false
  return a.start === a.end || b.start === b.end
    ? a.start <= b.end && b.start <= a.end
    : a.start < b.end && b.start < a.end
}
