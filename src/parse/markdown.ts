import { decoder, type Piece } from '../source/piece.ts'

/** A fenced block of a Markdown file. */
export interface Fence {
  /** The first word after the opening, in small letters. */
  readonly language: string
  /** Its lines without the fence's own indentation. */
  readonly body: Piece
  /** Of the opening line. */
  readonly start: number
  readonly end: number
  /** The headings it stands under, the title first. */
  readonly headings: readonly string[]
}

/** Every fenced block of a Markdown text; one without its end goes to the end of the text. */
export function fencesOf(base: Piece): readonly Fence[] {
  const out: Fence[] = []
  const headings: { level: number; text: string }[] = []
  let start = 0
  let open:
    | {
        mark: string
        indent: number
        language: string
        at: number
        end: number
        body: ReturnType<typeof decoder>
        from: number
      }
    | undefined
  const close = (): void => {
    if (!open) return
    const { language, at, end, body, from } = open
    out.push({
      language,
      body: body.piece(from, (text) => (/^\s*(```|~~~)/m.test(text) ? undefined : text)),
      start: at,
      end,
      headings: headings.map((one) => one.text),
    })
    open = undefined
  }
  while (start <= base.text.length) {
    const at = base.text.indexOf('\n', start)
    const next = at === -1 ? base.text.length + 1 : at + 1
    const end = at === -1 ? base.text.length : base.text[at - 1] === '\r' ? at - 1 : at
    const line = base.text.slice(start, end)
    if (open) {
      const stop = /^\s*(`{3,}|~{3,})\s*$/.exec(line)
      if (stop && stop[1]!.startsWith(open.mark)) close()
      else {
        const indent = Math.min(/^[ \t]*/.exec(line)![0].length, open.indent)
        open.body.keep(start + indent, end)
        if (at !== -1) open.body.turn('\n', end, next)
      }
    } else {
      const heading = /^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line)
      const fence = /^([ \t]*(?:[-*+]\s+|\d+[.)]\s+)?)(`{3,}|~{3,})\s*([^`]*)$/.exec(line)
      if (heading) {
        while (headings.length > 0 && headings.at(-1)!.level >= heading[1]!.length) headings.pop()
        headings.push({ level: heading[1]!.length, text: heading[2]! })
      } else if (fence) {
        const language = /^\{?\.?([\w+-]*)/.exec(fence[3]!.trim())![1]!.toLowerCase()
        open = {
          mark: fence[2]!,
          indent: fence[1]!.length,
          language,
          at: start,
          end,
          body: decoder(base),
          from: Math.min(next, base.text.length),
        }
      }
    }
    start = next
  }
  close()
  return out
}
