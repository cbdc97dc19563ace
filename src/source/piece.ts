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

/**
 * How a host spells decoded text that is to stand where its characters [start,end) are; undefined: it cannot.
 * `whole`: what the piece is to read afterwards.
 */
export type Encode = (text: string, start: number, end: number, whole: string) => string | undefined

/** Takes a host's characters in order and says what each stretch of them decodes to. */
export interface Decoder {
  /** The base's own characters from start to end, as they stand. */
  keep(start: number, end: number): void
  /** `text`, which the base spells with its characters from start to end. */
  turn(text: string, start: number, end: number): void
  /** The text so far. */
  readonly text: string
  /** The piece. `at`: where an empty piece stands in its base. */
  piece(at: number, encode?: Encode): Piece
}

interface Run {
  /** Where it begins in the decoded text, and its length there. */
  readonly at: number
  length: number
  /** Its characters in the base. */
  readonly from: number
  to: number
  /** Character by character the same; otherwise it is one unit that cannot be split. */
  readonly same: boolean
}

/** The first to the last of the host's characters behind a stretch: the place a report names. */
export function spanOf(piece: Piece, start: number, end: number): Span {
  const spans = piece.spans(start, end)
  const first = spans[0]
  if (!first) throw new RangeError(`no span for ${start}-${end}`)
  if (spans.length === 1) return first
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

/** Begins to decode a stretch of `base`. */
export function decoder(base: Piece): Decoder {
  const runs: Run[] = []
  const texts: string[] = []
  let length = 0
  const put = (text: string, from: number, to: number, same: boolean): void => {
    if (text === '') return
    const last = runs.at(-1)
    if (same && last?.same && last.to === from) {
      last.length += text.length
      last.to = to
    } else runs.push({ at: length, length: text.length, from, to, same })
    texts.push(text)
    length += text.length
  }
  return {
    keep: (start, end) => put(base.text.slice(start, end), start, end, true),
    turn: (text, start, end) => put(text, start, end, text.length === 1 && end - start === 1),
    get text() {
      return texts.join('')
    },
    piece: (at, encode = (text) => text) => pieceOf(base, texts.join(''), runs, at, encode),
  }
}

function pieceOf(base: Piece, text: string, runs: readonly Run[], anchor: number, encode: Encode): Piece {
  const clamp = (at: number): number => Math.max(0, Math.min(text.length, at))
  return {
    text,
    spans: (start, end) => {
      const ranges = rangesOf(runs, clamp(start), Math.max(clamp(start), clamp(end)), anchor)
      return joined(ranges.flatMap((range) => base.spans(range.start, range.end)))
    },
    edit: (start, end, replacement) => {
      if (start < 0 || end > text.length || start > end) return undefined
      const range = wholeRange(runs, start, end, anchor)
      const whole = text.slice(0, start) + replacement + text.slice(end)
      const encoded = range && encode(replacement, range.start, range.end, whole)
      return encoded === undefined ? undefined : base.edit(range!.start, range!.end, encoded)
    },
  }
}

interface Range {
  start: number
  end: number
}

/** The run that holds the character at an offset, or the last one. */
function runAt(runs: readonly Run[], at: number): number {
  let low = 0
  let high = runs.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (runs[middle]!.at <= at) low = middle
    else high = middle - 1
  }
  return low
}

function pointOf(runs: readonly Run[], at: number, anchor: number): number {
  const run = runs[runAt(runs, at)]
  if (!run) return anchor
  if (at >= run.at + run.length) return run.to
  return run.same ? run.from + at - run.at : run.from
}

function rangesOf(runs: readonly Run[], start: number, end: number, anchor: number): readonly Range[] {
  if (start === end || runs.length === 0) {
    const point = pointOf(runs, start, anchor)
    return [{ start: point, end: point }]
  }
  const out: Range[] = []
  for (let i = runAt(runs, start); i < runs.length && runs[i]!.at < end; i++) {
    const run = runs[i]!
    const from = run.same ? run.from + Math.max(0, start - run.at) : run.from
    const to = run.same ? Math.min(run.to, run.from + end - run.at) : run.to
    const last = out.at(-1)
    if (last && last.end === from) last.end = to
    else out.push({ start: from, end: to })
  }
  return out
}

/** One range of the base that an edit may replace; undefined when it would cut a unit in two. */
function wholeRange(runs: readonly Run[], start: number, end: number, anchor: number): Range | undefined {
  const cuts = (at: number): boolean => {
    const run = runs[runAt(runs, at)]
    return run !== undefined && !run.same && at > run.at && at < run.at + run.length
  }
  if (cuts(start) || cuts(end)) return undefined
  const ranges = rangesOf(runs, start, end, anchor)
  return { start: ranges[0]!.start, end: ranges.at(-1)!.end }
}

function joined(spans: readonly Span[]): readonly Span[] {
  const out: Span[] = []
  for (const span of spans) {
    const last = out.at(-1)
    if (last && last.file === span.file && last.end === span.start) out[out.length - 1] = { ...last, end: span.end }
    else out.push(span)
  }
  return out
}

/** A stretch of a piece. */
export function slice(base: Piece, start: number, end: number): Piece {
  const out = decoder(base)
  out.keep(start, end)
  return out.piece(start)
}

/** Pieces one after another, as if the host had written them in one; `separator` stands nowhere in the host. */
export function concat(pieces: readonly Piece[], separator = '\n'): Piece {
  if (pieces.length === 1) return pieces[0]!
  const starts: number[] = []
  let length = 0
  for (const piece of pieces) {
    starts.push(length)
    length += piece.text.length + separator.length
  }
  const endOf = (i: number): number => starts[i]! + pieces[i]!.text.length
  const indexAt = (at: number): number => {
    let i = starts.length - 1
    while (i > 0 && starts[i]! > at) i--
    return Math.max(0, i)
  }
  return {
    text: pieces.map((piece) => piece.text).join(separator),
    spans: (start, end) => {
      const out: Span[] = []
      const first = indexAt(start)
      for (let i = first; i < pieces.length && (i === first || starts[i]! < end); i++) {
        const from = Math.min(Math.max(start, starts[i]!), endOf(i))
        const to = Math.max(from, Math.min(end, endOf(i)))
        if (from < to || i === first) out.push(...pieces[i]!.spans(from - starts[i]!, to - starts[i]!))
      }
      // A point at the end of the piece before says nothing when there is text after it.
      const told = out.filter((span) => span.start < span.end)
      return joined(told.length > 0 ? told : out)
    },
    edit: (start, end, replacement) => {
      const i = indexAt(start)
      if (!pieces[i] || end > endOf(i)) return undefined
      return pieces[i].edit(start - starts[i]!, end - starts[i]!, replacement)
    },
  }
}

/** A stretch of a base that another language fills: masked by a private-use character, or replaced by its text when that is known. */
export interface Hole {
  readonly start: number
  readonly end: number
  /** U+E000 + mask stands for it. */
  readonly mask?: number
  readonly text?: string
  /** It is an escape that `escape` writes again, as `$$` for `$`. */
  readonly escape?: true
}

/** The first private-use character: U+E000 + i stands for hole i. */
const firstHole = 0xe000
/** At most this many masks: the private-use characters of the basic plane. */
export const mostHoles = 0x1900

export interface Masking {
  /** How the base spells text that is written into it. */
  readonly escape?: (text: string) => string | undefined
  /** The base has masks of its own already, which stay; otherwise its private-use characters would be taken for masks and are replaced. */
  readonly layered?: true
}

/** The base with its holes masked or replaced. An edit writes masks back as the base has them. */
export function masked(base: Piece, holes: readonly Hole[], { escape, layered }: Masking = {}): Piece {
  const out = decoder(base)
  const written = new Map<string, string>()
  const keep = (start: number, end: number): void =>
    layered ? out.keep(start, end) : ownCharacters(base.text, start, end, out)
  let done = 0
  for (const hole of holes) {
    if (hole.start < done) continue
    keep(done, hole.start)
    if (hole.mask !== undefined && hole.mask < mostHoles) {
      const mask = String.fromCharCode(firstHole + hole.mask)
      out.turn(mask, hole.start, hole.end)
      written.set(mask, base.text.slice(hole.start, hole.end))
    } else out.turn(hole.text ?? '\uFFFD', hole.start, hole.end)
    done = hole.end
  }
  keep(done, base.text.length)
  return out.piece(0, (text, start, end) => {
    if (holes.some((hole) => hole.text !== undefined && !hole.escape && hole.start < end && start < hole.end))
      return undefined
    let spelled = ''
    for (const part of text.split(/([\uE000-\uF8FF\uFFFD])/)) {
      const isMask = /^[\uE000-\uF8FF\uFFFD]$/.test(part)
      const own = isMask ? (written.get(part) ?? (layered ? part : undefined)) : escape ? escape(part) : part
      if (own === undefined) return undefined
      spelled += own
    }
    return spelled
  })
}

/** Keeps a stretch; a private-use character of the text itself would be taken for a hole and is replaced. */
function ownCharacters(text: string, start: number, end: number, out: Decoder): void {
  const own = /[\uE000-\uF8FF]/g
  own.lastIndex = start
  let done = start
  for (let found = own.exec(text); found && found.index < end; found = own.exec(text)) {
    out.keep(done, found.index)
    out.turn('\uFFFD', found.index, found.index + 1)
    done = found.index + 1
  }
  out.keep(done, end)
}

/** A piece whose line ends are all `\n`. */
export function unixLines(base: Piece): Piece {
  if (!base.text.includes('\r\n')) return base
  const out = decoder(base)
  let done = 0
  for (let at = base.text.indexOf('\r\n'); at !== -1; at = base.text.indexOf('\r\n', at + 2)) {
    out.keep(done, at)
    out.turn('\n', at, at + 2)
    done = at + 2
  }
  out.keep(done, base.text.length)
  return out.piece(0, (text) => text.replace(/\n/g, '\r\n'))
}
