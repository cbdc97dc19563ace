import { systemDirectories } from './names.ts'
import { assumeFull, emptiness, type State, wayEmptiness } from './state.ts'
import type { Origin, Part, Value } from './value.ts'

/**
 * Whether a path that is there proves what it is made of: without it the path would be none that any system has. `regular`: it is a
 * file; `vanishes`: an empty word is no word.
 */
export function provesParts(state: State, value: Value, regular: boolean, vanishes: boolean): boolean {
  for (const way of value.ways) {
    if (wayEmptiness(state, way) === 'always') {
      if (vanishes) return false
      continue
    }
    const open = way.flatMap((part) => ('of' in part && emptiness(state, part.of) === 'maybe' ? [part.of] : []))
    if (new Set(open).size !== 1) {
      if (open.length > 0) return false
      continue
    }
    const shortest = way.map((part) => ('of' in part ? (part.of === open[0] ? '' : '\u0001') : part.text)).join('')
    const gone = shortest === '' ? !vanishes : (regular && shortest.endsWith('/')) || absentAtTop(shortest)
    if (!gone) return false
  }
  return value.ways.length > 0
}

/** The origin that is the last name of a path. */
export function nameAtEnd(way: readonly Part[]): Origin | undefined {
  const last = way[way.length - 1]
  const before = way[way.length - 2]
  return last && 'of' in last && before && !('of' in before) && before.text.endsWith('/') ? last.of : undefined
}

// A name at the top of the file system that no system has: `/releases`, `/plugins`.
function absentAtTop(path: string): boolean {
  if (!path.startsWith('/') || path.includes('\u0001')) return false
  const first = /^\/+(?:\.{1,2}\/+)*([^/]+)/.exec(path)
  if (first && /^\.{1,2}$/.test(first[1]!)) return false
  return first !== null && !systemDirectories.has(`/${first[1]!}`)
}

/** Narrows a state to the paths on which there is such a thing as this path; false: there are none. */
export function narrowPath(state: State, value: Value, name: string | undefined): boolean {
  const ways = value.ways.filter((way) => wayEmptiness(state, way) !== 'always')
  if (ways.length === 0) return false
  for (const way of ways.length === 1 ? ways : []) {
    for (const part of way) {
      if ('of' in part && emptiness(state, part.of) === 'maybe') assumeFull(state, { ways: [[part]], because: [] })
    }
  }
  return value.ways.length === 1 || assumeFull(state, value, name)
}
