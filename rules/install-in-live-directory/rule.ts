import { bringsPages, callsTo, isApplication, pivotOf, placeOf, told, writesCode } from '../../src/release/ask.ts'
import { shown } from '../../src/release/frameworks.ts'
import type { Release, Step } from '../../src/release/model.ts'
import type { Stack } from '../../src/facts/stack/stack.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'release',
  severity: 'error',
  finds:
    'Code or its dependencies are pulled, installed, uploaded or built in the directory that serves, with the site up.',
  hazard:
    'For seconds to minutes requests load a mixture of old and new files, a half-written autoloader or no vendor directory at all; when a step fails, the site stays like that.',
  instead:
    'Build in a new directory and switch a link to it, or at least take the site into maintenance before the first change and out of it after the last.',
  since: '0.1.0',
  *check(release, { stack }) {
    for (const step of release.steps) {
      if (step.runs === 'after a failure' || release.serves(step) !== 'yes' || !changesLive(release, step, stack))
        continue
      const place = step.detail.path ?? step.detail.cwd
      yield {
        at: placeOf(step),
        says: `${shown(step)} ${does(step)} ${place ? `in ${place}, which serves meanwhile` : 'in the directory that serves'}: requests meet half of the old code and half of the new`,
        because: [
          ...callsTo(step),
          ...release.switches
            .filter((one) => one !== step && release.before(one, step) === 'yes')
            .slice(0, 1)
            .map((one) => told(one, 'new code is put straight into the live directory here')),
        ],
      }
    }
  },
})

function changesLive(release: Release, step: Step, stack: Stack): boolean {
  if (step.kind === 'switch') {
    const how = step.detail.how
    if (how === 'git') return true
    // Pages without code that loads other code are the business of non-atomic-switch.
    return (
      (how === 'rsync' || how === 'copy') &&
      isApplication(release, stack) &&
      !bringsPages(step) &&
      step.detail.tool !== 's3'
    )
  }
  return writesCode(step) && release.touchesLive(step) === 'yes' && !followsReplacement(release, step)
}

// What an image or a platform replaced as a whole is not changed in place.
const followsReplacement = (release: Release, step: Step): boolean =>
  pivotOf(release).detail.how === 'image' && release.before(pivotOf(release), step) === 'yes'

function does(step: Step): string {
  if (step.kind === 'install') return 'installs'
  if (step.kind === 'build') return 'builds'
  return step.detail.how === 'git' ? 'changes the code' : 'writes the new code file by file'
}
