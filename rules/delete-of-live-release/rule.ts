import { callsTo, empties, told } from '../../src/release/ask.ts'
import { shown } from '../../src/release/frameworks.ts'
import type { Step } from '../../src/release/model.ts'
import { plainPath } from '../../src/release/path.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'release',
  severity: 'error',
  finds: 'The directory that serves, or all that is in it, is deleted before the new code stands there.',
  hazard:
    'From the deletion until the last file is copied there is no site; when the copy fails, there is none at all, and uploads and settings that lived there are gone.',
  instead: 'Put the new code beside the old, switch, and delete the old afterwards.',
  since: '0.1.0',
  *check(release) {
    for (const change of release.switches) {
      const { link, how } = change.detail
      // A link that is removed is non-atomic-switch's business: what it points to stays.
      if (!link || how === 'symlink') continue
      for (const step of release.all('clean up')) {
        if (step.runs === 'after a failure' || release.before(step, change) !== 'yes') continue
        if (!empties(step, link) || (how === 'rename' && !below(step, link))) continue
        const down = release.all('maintenance on').find((one) => release.before(one, step) === 'yes')
        yield {
          at: step.at,
          says: `${shown(step)} deletes ${link} while it serves: there is no site until ${shown(change)} is done${down ? ', and the maintenance page goes with it' : ''}`,
          because: [
            ...callsTo(step),
            ...(down ? [told(down, 'its marker lies in what is deleted')] : []),
            told(change, 'the new code stands there only from here on'),
          ],
        }
      }
    }
  },
})

const below = (step: Step, link: string): boolean =>
  (step.detail.path ?? '').split(' ').some((one) => plainPath(one) !== plainPath(link))
