import type { Label } from '../../source/source.ts'
import type { Handover, Sent } from '../server/handover.ts'
import type { Level, Placed } from './level.ts'
import { locationsOf, rootPaths, seesFiles, type Location, type Param } from './location.ts'
import { mendOf } from './mend.ts'
import { nginxValue, type NginxWay } from './value.ts'

/** Every handover to PHP in one nginx configuration. */
export function nginxHandovers(main: Level): readonly Handover[] {
  return locationsOf(main).map((location) => {
    const script = sentBy(location, 'SCRIPT_FILENAME')
    const documentRoot = sentBy(location, 'DOCUMENT_ROOT')
    const sees = seesFiles(location)
    const mend = mendOf(location, { script, documentRoot, sees })
    return {
      server: 'nginx' as const,
      file: location.pass.at.file,
      at: location.pass.at,
      target: location.pass.args[0] ?? '',
      sees,
      script,
      documentRoot,
      ...(mend ? { mend } : {}),
    }
  })
}

/** What a location sends for one name, and how sure that is. */
export function sentBy(location: Location, name: string): Sent {
  const param = location.params.get(name)
  const line = param?.lines.at(-1)
  if (!param || !line) {
    const how = location.unknown.length > 0 || !location.from || location.from.fragment ? 'unknown' : 'missing'
    return { how, at: location.pass.at, written: '', paths: [], because: [] }
  }
  const ways = param.lines.flatMap((one) => nginxValue(one.args[1]!, location.level) ?? [{ text: '', because: [] }])
  const kinds = new Set(ways.map((way) => kindOf(way.text)))
  const later = location.unknown.some((one) => isAfter(one, line, location.from!))
  return {
    how: later ? 'unknown' : whole(kinds, param),
    at: line.at,
    written: line.args[1]!,
    paths: [...new Set(ways.flatMap((way) => pathsOf(way, location)))],
    because: trail(location, param, ways),
  }
}

type Kind = 'link' | 'real' | 'unknown'

function kindOf(text: string): Kind {
  if (/^\$realpath_root\b/.test(text)) return 'real'
  if (/^\$(document_root|request_filename)\b/.test(text) || text.startsWith('/')) return 'link'
  // A template's hole may hold anything; a path that goes on behind it is still written out, not resolved.
  return /^(\{\{|<%|<\?|%\w|\$\{[A-Z]|[\uE000-\uF8FF])/.test(text) && text.includes('/') ? 'link' : 'unknown'
}

// Lines under a template's conditions: only when all agree is the answer sure. Ways of `set` and `map` are all real.
function whole(kinds: ReadonlySet<Kind>, param: Param): Kind {
  if (kinds.size === 1) return [...kinds][0]!
  return param.lines.length === 1 && kinds.has('link') ? 'link' : 'unknown'
}

function pathsOf(way: NginxWay, location: Location): readonly string[] {
  const root = /^\$(document_root|realpath_root)\b/.exec(way.text)
  if (root) return rootPaths(location).map((one) => one.path + way.text.slice(root[0].length))
  if (way.text.startsWith('$request_filename')) return rootPaths(location).map((one) => `${one.path}$uri`)
  return way.text.startsWith('$') && !/^\$\{[A-Z]/.test(way.text) ? [] : [way.text]
}

function trail(location: Location, param: Param, ways: readonly NginxWay[]): readonly Label[] {
  const line = param.lines.at(-1)!
  const usesRoot = ways.some((way) => /^\$(document_root|realpath_root|request_filename)\b/.test(way.text))
  const roots = usesRoot ? rootPaths(location).flatMap((one) => one.because) : []
  const undone = param.undone
    .filter((one) => one.args[1] !== line.args[1])
    .map((one) => ({ at: one.at, says: `${param.name} was ${one.args[1]} here, until a later line set it again` }))
  const brought = line.source
    ? line.via
    : line.via.map((label, i) => ({
        ...label,
        says: i === line.via.length - 1 ? `${label.says}, which sets ${param.name} to ${line.args[1]}` : label.says,
      }))
  return unique([...roots, ...ways.flatMap((way) => way.because), ...undone, ...brought])
}

/** Whether a line stands behind another in its level. */
export function isAfter(line: Placed, other: Placed, level: Level): boolean {
  return level.own.indexOf(line) > level.own.indexOf(other)
}

function unique(labels: readonly Label[]): readonly Label[] {
  const seen = new Set<string>()
  return labels.filter((label) => {
    const key = `${label.at.file}:${label.at.start}:${label.says}`
    return seen.has(key) ? false : (seen.add(key), true)
  })
}
