import { callsTo, isInPlace, pivotOf, placeOf, told, writesCode } from '../../src/release/ask.ts'
import { shown } from '../../src/release/frameworks.ts'
import type { Release, Step } from '../../src/release/model.ts'
import { sameHost } from '../../src/release/order.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'release',
  severity: 'warning',
  finds: 'Dependencies, compilation, cache warming or migrations that run after the new code is live.',
  hazard:
    'Until they are done the new code serves without its dependencies, its tables or its caches; when one fails, it stays like that.',
  instead:
    'Do all work in the new release’s directory before the switch; let nothing follow it but restarts, checks and cleaning up.',
  since: '0.1.0',
  *check(release) {
    if (isInPlace(release)) return
    const pivot = pivotOf(release)
    for (const step of release.steps) {
      const severity = worth(release, step)
      if (!severity || step.runs === 'after a failure' || release.before(pivot, step) !== 'yes') continue
      if (!isSameSite(pivot, step) || release.serves(step) !== 'yes') continue
      yield {
        at: placeOf(step),
        severity,
        says: `${shown(step)} runs after the new code is live: until it is done, ${missing(step)}`,
        because: [...callsTo(step), told(pivot, 'new code serves from here on')],
      }
    }
  },
})

function worth(release: Release, step: Step): 'warning' | 'info' | undefined {
  const how = pivotOf(release).detail.how
  if (step.kind === 'migrate') return 'warning'
  if (step.kind === 'warm cache') return how === 'image' || how === 'platform' ? undefined : 'info'
  if (!writesCode(step) || how === 'platform') return undefined
  return 'warning'
}

// A command in the new container works for the same site; one on the runner for another directory.
function isSameSite(pivot: Step, step: Step): boolean {
  if (sameHost(pivot.actsOn, step.actsOn) === 'yes') return true
  return step.kind === 'migrate' && pivot.detail.how === 'image' && / ?container /.test(step.actsOn)
}

function missing(step: Step): string {
  if (step.kind === 'migrate') return 'it meets the old tables'
  if (step.kind === 'install') return 'it serves without its dependencies'
  if (step.kind === 'warm cache') return 'every request builds the cache for itself'
  return 'it serves without what is being built'
}
