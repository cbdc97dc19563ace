import { decoder, type Piece } from '../../source/piece.ts'

/** A text split into words as a shell splits it, quotes and backslashes undone, nothing expanded: how tools without a shell read a command line. */
export function wordsOf(piece: Piece): readonly Piece[] {
  const { text } = piece
  const out: Piece[] = []
  let at = 0
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      at++
      continue
    }
    const start = at
    const word = decoder(piece)
    let quote = ''
    while (at < text.length && (quote !== '' || !/\s/.test(text[at]!))) {
      const char = text[at]!
      if (quote === '' && (char === '"' || char === "'")) {
        quote = char
        at++
      } else if (char === quote) {
        quote = ''
        at++
      } else if (char === '\\' && quote !== "'" && at + 1 < text.length) {
        const next = text[at + 1]!
        const escapes = quote === '' || /["\\$`]/.test(next)
        if (escapes) word.turn(next, at, at + 2)
        else word.keep(at, at + 2)
        at += 2
      } else word.keep(at, ++at)
    }
    const inside = text[start]
    out.push(word.piece(start, (edit) => encoded(edit, inside)))
  }
  return out
}

/** Text written into a word: as it is inside single quotes, escaped inside double ones, not at all where it would need quotes. */
function encoded(text: string, quote: string | undefined): string | undefined {
  if (quote === "'") return text.includes("'") ? undefined : text
  if (quote === '"') return text.replace(/["\\`]/g, '\\$&')
  return /[\s"'\\]/.test(text) ? undefined : text
}
