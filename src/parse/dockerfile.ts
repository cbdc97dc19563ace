import type { Parsed, Unread } from '../source/source.ts'
import { decoder, type Decoder, type Piece } from '../source/piece.ts'

/** One instruction; offsets are of the file. */
export interface Instruction {
  /** In capitals. */
  readonly name: string
  readonly start: number
  readonly end: number
  /** What stands after the name, with continuations and comment lines taken out. */
  readonly rest: Piece
  readonly heredocs: readonly Heredoc[]
}

export interface Heredoc {
  readonly name: string
  readonly quoted: boolean
  /** Where `<<NAME` stands in `rest`. */
  readonly at: number
  readonly length: number
  readonly body: Piece
}

const known =
  /^\s*(?:ONBUILD\s+)?(FROM|RUN|CMD|LABEL|MAINTAINER|EXPOSE|ENV|ADD|COPY|ENTRYPOINT|VOLUME|USER|WORKDIR|ARG|STOPSIGNAL|HEALTHCHECK|SHELL|INCLUDE)\b/i

interface Line {
  readonly start: number
  /** Without the line's end. */
  readonly end: number
  readonly next: number
}

/** Parses a Dockerfile as BuildKit reads it: escapes, continuations, comments between lines, here-documents. */
export function parseDockerfile(base: Piece): Parsed<readonly Instruction[]> {
  const { text } = base
  const lines = linesOf(text)
  const escape = /^(?:\uFEFF?#\s*[\w-]+\s*=.*\r?\n)*\uFEFF?#\s*escape\s*=\s*([\\`])/i.exec(text)?.[1] ?? '\\'
  const errors: Unread[] = []
  const tree: Instruction[] = []
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!
    const own = text.slice(line.start, line.end).replace(/^\uFEFF/, ' ')
    if (/^\s*(#|$)/.test(own)) continue
    const name = known.exec(own)
    if (!name) {
      const says = `not an instruction of a Dockerfile: ${own.trim().slice(0, 30)}`
      if (errors.length < 20) errors.push({ start: line.start, end: line.end, says })
    }
    const word = /^\s*(?:ONBUILD\s+)?\S*/i.exec(own)![0]
    const out = decoder(base)
    const last = continued(text, lines, i, line.start + word.length, escape, out)
    const rest = out.piece(line.start + word.length, (edit) => (edit.includes('\n') ? undefined : edit))
    const takes = name && /^(RUN|COPY|ADD)$/i.test(name[1]!)
    const heredocs: Heredoc[] = []
    i = takes ? heredocsOf(base, lines, last, rest, heredocs) : last
    if (name) tree.push({ name: name[1]!.toUpperCase(), start: line.start, end: lines[i]!.end, rest, heredocs })
  }
  return { tree, errors }
}

function linesOf(text: string): readonly Line[] {
  const out: Line[] = []
  let start = 0
  while (start < text.length) {
    const at = text.indexOf('\n', start)
    const next = at === -1 ? text.length : at + 1
    let end = at === -1 ? text.length : at
    if (end > start && text[end - 1] === '\r') end--
    out.push({ start, end, next })
    start = next
  }
  return out
}

/** Puts an instruction's text together; gives the line it ends on. */
function continued(
  text: string,
  lines: readonly Line[],
  first: number,
  from: number,
  escape: string,
  out: Decoder,
): number {
  let i = first
  let start = from
  for (;;) {
    const line = lines[i]!
    const own = text.slice(start, line.end)
    const cut = own.search(escape === '`' ? /`[ \t]*$/ : /\\[ \t]*$/)
    out.keep(start, cut === -1 ? line.end : start + cut)
    if (cut === -1) return i
    // Comments and empty lines between continued lines are dropped.
    let next = i + 1
    while (next < lines.length && /^\s*(#|$)/.test(text.slice(lines[next]!.start, lines[next]!.end))) next++
    if (next >= lines.length) return lines.length - 1
    i = next
    start = lines[i]!.start
  }
}

function heredocsOf(base: Piece, lines: readonly Line[], last: number, rest: Piece, out: Heredoc[]): number {
  let i = last
  for (const found of rest.text.matchAll(/(?<!<)<<(-?)\s*(["']?)([A-Za-z_]\w*)\2/g)) {
    const [, dash, quote, name] = found
    const body = decoder(base)
    let end = i + 1
    for (; end < lines.length; end++) {
      const line = lines[end]!
      const own = base.text.slice(line.start, line.end)
      if ((dash ? own.replace(/^\t+/, '') : own) === name) break
      const start = dash ? line.start + /^\t*/.exec(own)![0].length : line.start
      body.keep(start, line.end)
      body.turn('\n', line.end, line.next)
    }
    if (end >= lines.length) break
    out.push({
      name: name!,
      quoted: quote !== '',
      at: found.index,
      length: found[0].length,
      body: body.piece(lines[i]!.next),
    })
    i = end
  }
  return i
}
