import type { Fix } from '../../source/edit.ts'
import type { Level, Placed } from './level.ts'
import type { Location, Param } from './location.ts'

/** A parameter that somebody set and that is not what PHP gets. */
export interface Undone {
  readonly how: 'overridden' | 'dropped'
  readonly names: readonly string[]
  /** The lines that have no effect. */
  readonly lines: readonly Placed[]
  /** The line that undoes them: the include behind them, or the location's own first parameter. */
  readonly by: Placed
  /** What is sent in place of the first; undefined: nothing. */
  readonly sent: string | undefined
  readonly mend?: Fix
}

/** The parameters that a location sets or should inherit, and does not send (NGX-01, NGX-03). */
export function undoneIn(location: Location): readonly Undone[] {
  const { from, params } = location
  if (!from) return []
  return [...overridden(from, params), ...dropped(location)]
}

function overridden(from: Level, params: ReadonlyMap<string, Param>): readonly Undone[] {
  const out: Undone[] = []
  for (const param of params.values()) {
    const by = param.lines[0]!
    const lines = param.undone.filter(
      (line) => line.source && !line.sometimes && line.via.length < by.via.length && plain(line) !== plain(by),
    )
    // Written again behind the include: whoever did that knows.
    if (lines.length === 0 || by.sometimes) continue
    const mend = moved(from, lines[0]!, by)
    out.push({ how: 'overridden', names: [param.name], lines, by, sent: by.args[1]!, ...(mend ? { mend } : {}) })
  }
  return out
}

function dropped({ from, params, dropped: outer }: Location): readonly Undone[] {
  const lost = outer.filter((line) => {
    const own = params.get(line.args[0]!)
    if (!own) return true
    const by = own.lines[0]!
    // A line of the location's own is meant; a file that it includes for all the rest is not.
    return (
      line.source !== undefined &&
      by.via.length > 0 &&
      line.via.length === 0 &&
      plain(line) !== plain(by) &&
      !by.sometimes
    )
  })
  const names = [...new Set(lost.map((line) => line.args[0]!))].sort(byWeight)
  const written = lost.filter((line) => line.source)
  const first = from!.own.find((line) => line.name === 'fastcgi_param')!
  // Parameters known by heart matter only where a request cannot be answered without them.
  if (names.length === 0 || (written.length === 0 && !names.some((name) => needed.includes(name)))) return []
  const sent = params.get(names[0]!)?.lines[0]?.args[1]
  return [{ how: 'dropped', names, lines: written.length > 0 ? written : lost.slice(0, 1), by: first, sent }]
}

const needed = ['SCRIPT_FILENAME', 'REQUEST_METHOD', 'QUERY_STRING']

const byWeight = (a: string, b: string): number => rank(a) - rank(b) || (a < b ? -1 : 1)

const rank = (name: string): number => {
  const at = [...needed, 'DOCUMENT_ROOT'].indexOf(name)
  return at === -1 ? 9 : at
}

const plain = (line: Placed): string => line.args[1]!.replace(/\$\{(\w+)\}/g, '$$$1')

/** The line put behind the include that undoes it. Not safe: what the include says was in effect until now. */
function moved(from: Level, line: Placed, by: Placed): Fix | undefined {
  const place = by.via[0]?.at
  const include = from.own.find(
    (one) => one.name === 'include' && one.at.file === place?.file && one.at.start === place.start,
  )
  if (!include?.source || !line.source || include.source.text !== line.source.text) return undefined
  const { piece } = line.source.text
  const [own, behind] = [line.source.directive, include.source.directive]
  const before = piece.text.lastIndexOf('\n', own.start - 1)
  const alone = piece.text.slice(before + 1, own.start).trim() === '' && /^[ \t]*\r?\n/.test(piece.text.slice(own.end))
  const indent = /[ \t]*$/.exec(piece.text.slice(0, behind.start))![0]
  const cut = alone
    ? piece.edit(before + 1, piece.text.indexOf('\n', own.end) + 1, '')
    : piece.edit(own.start, own.end, '')
  const put = piece.edit(behind.end, behind.end, `\n${indent}${piece.text.slice(own.start, own.end)}`)
  if (!cut || !put) return undefined
  return { title: 'Set it behind the include', safety: 'unsafe', edits: [cut, put] }
}
