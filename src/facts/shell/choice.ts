import { emptied, emptiness, renew, sameWays, type State, wayEmptiness } from './state.ts'
import { type Origin, originsOf, type Part, type Value } from './value.ts'

const choices = new WeakMap<Origin, Map<string, Origin>>()

// A way chosen out of ways that were chosen: past so many the last choice stands for all.
const mostChoices = 3

/**
 * An origin in one way among several. Every choice makes one of its own, so that a test of a copy proves the other copies, and what
 * was chosen elsewhere stays open. `by`: where it is chosen; chosen there again it is born anew.
 */
export function taken(state: State, origin: Origin, by: string, unless?: Value): Origin {
  // Chosen there before: a loop that comes by again learns nothing new.
  if (origin.taken && !unless && !origin.unless && choices.get(origin.taken)?.get(by) === origin) {
    renew(state, origin)
    return origin
  }
  let depth = 0
  for (let one = origin.taken; one; one = one.taken) depth++
  let found: Origin | undefined = origin
  if (depth < mostChoices) {
    let known = choices.get(origin)
    if (!known) choices.set(origin, (known = new Map()))
    found = known.get(by)
    if (!found || !sameCondition(found.unless, unless)) {
      const { madeOf: _madeOf, unless: _unless, ...rest } = origin
      found = { ...rest, taken: origin, ...(unless ? { unless } : {}) }
      known.set(by, found)
    }
  }
  renew(state, found)
  return found
}

const sameCondition = (one: Value | undefined, other: Value | undefined): boolean =>
  one === other || (one !== undefined && other !== undefined && sameWays(one.ways, other.ways))

/** The way in which nothing is left because a value is empty: `${x:+then}` without x. */
export function nothingFor(state: State, value: Value, by: string): readonly (readonly Part[])[] {
  const [origin] = originsOf(value)
  return origin ? [[{ of: taken(state, emptied(origin), by, value) }]] : [[]]
}

/** The ways of a value, each as one that was chosen: what can be empty in it is told apart from what it is elsewhere. */
export function chosen(
  state: State,
  ways: readonly (readonly Part[])[],
  by: string,
  unless?: Value,
): readonly (readonly Part[])[] {
  return ways.map((way) => {
    if (!way.some((part) => 'of' in part) || wayEmptiness(state, way) === 'never') return way
    return way.map((part) =>
      'of' in part && emptiness(state, part.of) !== 'never' ? { ...part, of: taken(state, part.of, by, unless) } : part,
    )
  })
}
