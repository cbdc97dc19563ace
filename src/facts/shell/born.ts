import type { Shell } from '../../parse/shell.ts'
import { at, type Frame } from './frame.ts'
import { sameWays } from './state.ts'
import type { Origin } from './value.ts'

/** Makes an origin, the same one for the same node of the same frame, as long as it is made of the same. */
export function born(frame: Frame, node: object, make: () => Origin): Origin {
  const known = frame.born.get(node)
  const fresh = make()
  if (
    known &&
    known.kind === fresh.kind &&
    known.empty === fresh.empty &&
    known.name === fresh.name &&
    sameMaking(known, fresh)
  )
    return known
  frame.born.set(node, fresh)
  return fresh
}

function sameMaking(a: Origin, b: Origin): boolean {
  return (
    a.madeOf === b.madeOf ||
    (a.madeOf !== undefined && b.madeOf !== undefined && sameWays(a.madeOf.ways, b.madeOf.ways))
  )
}

/** What is some text that is never empty: a number, a brace expansion. */
export function numberOrigin(frame: Frame, node: { readonly pos: number; readonly end: number }, name: string): Origin {
  return born(frame, node, () => ({
    kind: 'number',
    name,
    at: at(frame, node),
    empty: 'never',
    unset: 'never',
    how: '',
    splits: 'never',
  }))
}

/** What an expansion gives that is not followed. */
export function notFollowed(frame: Frame, part: Shell.ParameterExpansionPart): Origin {
  return born(frame, part, () => ({
    kind: 'widened',
    name: part.text,
    at: at(frame, part),
    empty: 'unknown',
    unset: 'unknown',
    how: 'is not followed',
    splits: 'unknown',
  }))
}
