import type { Span } from './source.ts'
import type { Edit } from './edit.ts'

/**
 * A language inside another, or several stretches joined: decoded text with an exact way back to the host's characters,
 * through folding, escapes, continuations and concatenation.
 */
export interface Piece {
  readonly text: string
  /** The host's characters behind a stretch of `text`: one span, or several where the host splits it. */
  spans(start: number, end: number): readonly Span[]
  /** The edit that makes `text[start,end)` read `replacement` in the host's own spelling; undefined: not editable here. */
  edit(start: number, end: number, replacement: string): Edit | undefined
}

/** The first to the last of the host's characters behind a stretch: the place a report names. */
export function spanOf(piece: Piece, start: number, end: number): Span {
  const spans = piece.spans(start, end)
  const first = spans[0]
  if (!first) throw new RangeError(`no span for ${start}-${end}`)
  const same = spans.filter((span) => span.file === first.file)
  return {
    file: first.file,
    start: Math.min(...same.map((span) => span.start)),
    end: Math.max(...same.map((span) => span.end)),
  }
}

/** A whole file as a piece of itself. */
export function wholeFile(file: string, text: string): Piece {
  return {
    text,
    spans: (start, end) => [{ file, start, end }],
    edit: (start, end, replacement) => ({ at: { file, start, end }, text: replacement }),
  }
}
