import type { Label } from '../../source/source.ts'
import { levelsOf, upward, type Level, type Placed } from './level.ts'
import { nginxValue, upstreamOf } from './value.ts'

/** One `fastcgi_param` as nginx sends it. */
export interface Param {
  readonly name: string
  /** The line that decides, and those under a template's condition or `if_not_empty` that can decide in its place. */
  readonly lines: readonly Placed[]
  /** Earlier lines of the same level that it undoes. */
  readonly undone: readonly Placed[]
}

/** A level that hands requests to a FastCGI server, with all that decides what it sends. */
export interface Location {
  readonly level: Level
  readonly pass: Placed
  /** The level whose `fastcgi_param` lines count: the innermost that has any (NGX-03); undefined: none has. */
  readonly from: Level | undefined
  readonly params: ReadonlyMap<string, Param>
  /** Lines of outer levels that are not inherited, because `from` has lines of its own. */
  readonly dropped: readonly Placed[]
  /** Includes of `from` that are not in the project and by their name may set parameters. */
  readonly unknown: readonly Placed[]
  /** The lines that decide `$document_root` here; empty: not known. */
  readonly roots: readonly Placed[]
}

/** Every place in a configuration that hands requests to FastCGI: a location, or an `if` in one (which cannot set parameters). */
export function locationsOf(main: Level): readonly Location[] {
  return levelsOf(main).flatMap((level) =>
    level.own.filter((line) => line.name === 'fastcgi_pass').map((pass) => locationAt(level, pass)),
  )
}

const isParam = (line: Placed): boolean => line.name === 'fastcgi_param' && line.args.length >= 2
const isSending = (level: Level): boolean => level.own.some(isParam)

function locationAt(level: Level, pass: Placed): Location {
  const levels = upward(level)
  const from = levels.find(isSending)
  const dropped = from
    ? upward(from)
        .slice(1)
        .flatMap((outer) => outer.own.filter(isParam))
    : []
  const unknown = (from ?? level).own.filter(mayHoldParams)
  return { level, pass, from, params: from ? paramsOf(from) : new Map(), dropped, unknown, roots: rootsOf(level) }
}

function mayHoldParams(line: Placed): boolean {
  if (line.name === 'include?') return /fastcgi(?!_cache)|php(?!-fpm\/)|_params?\b/i.test(line.args[0] ?? '')
  return line.name === '' && !line.level
}

/** What a level sends, by name: the last line of a name wins (NGX-01). */
export function paramsOf(level: Level): ReadonlyMap<string, Param> {
  const byName = new Map<string, Placed[]>()
  for (const line of level.own)
    if (isParam(line)) byName.set(line.args[0]!, [...(byName.get(line.args[0]!) ?? []), line])
  const out = new Map<string, Param>()
  for (const [name, lines] of byName) {
    const sure = lines.findLastIndex((line) => !line.sometimes && line.args[2] !== 'if_not_empty')
    const from = Math.max(0, sure)
    out.set(name, { name, lines: lines.slice(from), undone: lines.slice(0, from) })
  }
  return out
}

function rootsOf(level: Level): readonly Placed[] {
  const out: Placed[] = []
  for (const here of upward(level)) {
    const own = here.own.filter((line) => (line.name === 'root' || line.name === 'alias') && line.args.length > 0)
    out.push(...own)
    if (own.some((line) => !line.sometimes)) break
  }
  return out
}

/** The paths that `$document_root` can be, each with the lines that say so; empty: not known. */
export function rootPaths(
  location: Location,
): readonly { readonly path: string; readonly because: readonly Label[] }[] {
  return location.roots.flatMap((line) => {
    const ways = nginxValue(line.args[0]!, line.level ?? location.level) ?? []
    return ways.map((way) => ({
      path: way.text,
      because: [...way.because, ...line.via, { at: line.at, says: `the document root is ${line.args[0]}` }],
    }))
  })
}

/** Whether nginx and PHP see the same files, by where the requests go: a socket or this host, or another one (NGX-05). */
export function seesFiles(location: Location): 'yes' | 'no' | 'unknown' {
  const ways = nginxValue(location.pass.args[0] ?? '', location.level)
  if (!ways || ways.length === 0) return 'unknown'
  const verdicts = ways.map((way) => whereIs(way.text, location.level))
  return verdicts.find((verdict) => verdict !== 'yes') ?? 'yes'
}

function whereIs(target: string, level: Level): 'yes' | 'no' | 'unknown' {
  if (/^unix:/.test(target)) return 'yes'
  if (/^(127\.\d+\.\d+\.\d+|localhost|\[::1\]|::1)(:|$)/.test(target)) return 'yes'
  if (/[${%<@\uE000-\uF8FF]/.test(target)) return 'unknown'
  const upstream = upstreamOf(target, level)
  if (upstream) {
    const servers = upstream
      .level!.own.filter((line) => line.name === 'server')
      .map((line) => whereIs(line.args[0] ?? '', level))
    return servers.find((verdict) => verdict !== 'yes') ?? (servers.length > 0 ? 'yes' : 'unknown')
  }
  // A name without a port can only be an upstream, and that one is not in the project.
  return /:\d+$/.test(target) ? 'no' : 'unknown'
}
