import { takesAway, writesCode } from '../release/ask.ts'
import type { Release, Step } from '../release/model.ts'

/** Where a step stands: `before`, `at` or `after` the moment new code goes live; `aside`: in no order with it. */
export type When = 'before' | 'at' | 'after' | 'aside'

/** Where a step of a release stands. */
export function whenOf(step: Step, release: Release): When {
  const [first, last] = [release.switches[0]!, release.switches.at(-1)!]
  if (release.switches.includes(step as Step<'switch'>)) return 'at'
  if (release.before(step, first) === 'yes') return 'before'
  if (release.before(last, step) === 'yes') return 'after'
  return release.before(first, step) === 'yes' && release.before(step, last) === 'yes' ? 'at' : 'aside'
}

/** What a visitor meets while a step runs. */
export function visitorsAt(step: Step, release: Release): string {
  const when = whenOf(step, release)
  if (when === 'aside') return 'meanwhile, in no order with the switch'
  if (release.serves(step) === 'no')
    return when === 'at'
      ? 'no one is served while new code goes live'
      : 'no one is served: the site is stopped or in maintenance'
  const pivot = release.switches.at(-1)!
  const link = release.switches[0]!.detail.link
  if (when === 'before') {
    const gone =
      link !== undefined && release.steps.some((other) => takesAway(other, link) && isBy(other, step, release))
    return gone ? 'no one is served: the link is gone' : 'the old code serves'
  }
  if (when === 'at') return goesLive(step, release)
  const unfinished = release.steps.some(
    (other) =>
      other.runs !== 'after a failure' &&
      release.before(pivot, other) === 'yes' &&
      isBy(step, other, release) &&
      (other.kind === 'migrate' || (writesCode(other) && release.touchesLive(other) !== 'no')),
  )
  return unfinished ? 'the new code serves, before it is complete' : 'the new code serves'
}

/** A step that is the other one, or comes before it. */
const isBy = (step: Step, other: Step, release: Release): boolean =>
  step === other || release.before(step, other) === 'yes'

function goesLive(step: Step, release: Release): string {
  const { how, atomic } = step.detail
  if (step.kind !== 'switch' || release.switches.length > 1) return 'new code goes live, one switch after the other'
  if (how === 'git' || how === 'rsync' || how === 'copy') return 'new code goes live, file by file'
  if (how === 'symlink' || how === 'rename')
    return atomic === false ? 'new code goes live, with a gap' : 'new code goes live'
  return 'new code goes live'
}
