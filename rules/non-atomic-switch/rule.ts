import { bringsPages, callsTo, isApplication, takesAway, told } from '../../src/release/ask.ts'
import { shown } from '../../src/release/frameworks.ts'
import type { Release, Step } from '../../src/release/model.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'release',
  severity: 'warning',
  finds:
    'The moment of the switch has a gap: what serves is removed, moved away or overwritten file by file before the new release stands in its place.',
  hazard:
    'Requests in the gap find no site, or half of it: with `rm current && ln -s` the link was missing in 36 of 100 reads.',
  instead:
    'Make the new link beside the old and rename it over: `ln -s releases/$R current.tmp && mv -T current.tmp current`.',
  since: '0.1.0',
  *check(release, { stack }) {
    const copied = new Set<string>()
    for (const change of release.switches) {
      if (change.runs === 'after a failure' || release.serves(change) !== 'yes') continue
      // A store of objects has no other way; putting the release before back is no release.
      if (change.detail.tool === 's3' || goesBack.test(change.detail.target ?? '')) continue
      const { how, link, atomic } = change.detail
      if (how === 'symlink' || how === 'rename') {
        const gap = link === undefined ? undefined : removal(release, change, link)
        if (gap) {
          yield {
            at: change.at,
            says: `between ${shown(gap)} and ${shown(change)} nothing serves: every request in the gap fails`,
            because: [...callsTo(change), told(gap, `${link} is gone from here on`)],
          }
        } else if (how === 'symlink' && atomic === false) {
          yield {
            at: change.at,
            says: `${shown(change)} removes the old link before it makes the new one (${change.detail.tool === 'capistrano' ? 'Capistrano 2 does' : 'BusyBox, BSD and macOS do'}): requests in between find no site`,
          }
        }
      } else if (
        (how === 'rsync' || how === 'copy') &&
        (!isApplication(release, stack) || bringsPages(change)) &&
        !/^\/(opt|usr)\//.test(change.detail.link ?? '')
      ) {
        // Once for every host: what is copied piece by piece is one overwriting.
        if (copied.has(change.actsOn)) continue
        copied.add(change.actsOn)
        yield {
          at: change.at,
          says: `${shown(change)} overwrites what serves file by file: until it is done requests get some old files and some new`,
        }
      }
    }
  },
})

/** The step before a switch that takes the link or directory away. */
function removal(release: Release, change: Step, link: string): Step | undefined {
  return release.steps.findLast(
    (step) =>
      step.runs !== 'after a failure' &&
      // A task of Ansible under a condition mends what is no link, once.
      !(step.runs === 'sometimes' && step.detail.tool === 'file') &&
      release.before(step, change) === 'yes' &&
      takesAway(step, link),
  )
}

const goesBack = /(^|[/_.\-${])(prev|previous|old|backup|rollback)(?![a-z])/i
