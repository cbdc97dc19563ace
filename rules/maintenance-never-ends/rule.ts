import { told } from '../../src/release/ask.ts'
import { isSkipped } from '../../src/release/standing.ts'
import { shown } from '../../src/release/frameworks.ts'
import type { Release, Step } from '../../src/release/model.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'release',
  severity: 'warning',
  finds: 'A site that is taken into maintenance and stays there when a later step fails.',
  hazard:
    'The release stops in the middle and the maintenance page stays up until somebody sees it and knows the command.',
  instead:
    'End the maintenance in a trap (`trap "php artisan up" EXIT`), in a `fail` hook of the deploy tool, or in a step that always runs.',
  since: '0.1.0',
  *check(release) {
    for (const on of release.all('maintenance on')) {
      if (on.runs === 'after a failure') continue
      const off = release.all('maintenance off').filter((step) => release.before(on, step) !== 'no')
      if (off.some((step) => step.runs === 'after a failure') || rescues(release)) continue
      const end = off.find((step) => release.before(on, step) === 'yes')
      if (!end) {
        if (release.lacksAfter(on, 'maintenance off').answer !== 'yes') continue
        yield { at: on.at, says: `${shown(on)} begins a maintenance that no step ends` }
        continue
      }
      const stop = release.steps.find((step) => stops(release, step, on, end))
      if (!stop) continue
      yield {
        at: on.at,
        says: `when ${shown(stop)} fails the release stops and the site stays in maintenance: ${shown(end)} is never reached`,
        because: [told(stop, 'may fail, and the release stops here'), told(end, 'is skipped then')],
      }
    }
  },
})

const stops = (release: Release, step: Step, on: Step, end: Step): boolean =>
  (step.failing === 'stops' || skips(step, end)) &&
  step.runs !== 'after a failure' &&
  step.kind !== 'notify' &&
  release.before(on, step) === 'yes' &&
  release.before(step, end) === 'yes'

const skips = (step: Step, end: Step): boolean =>
  step.command !== undefined && end.command !== undefined && isSkipped(step.command, end.command)

// Something that was not read, or a roll back, takes care of failures.
const rescues = (release: Release): boolean =>
  release.steps.some((step) => step.runs === 'after a failure' && (step.kind === 'opaque' || step.kind === 'roll back'))
