import { callsTo } from '../../src/release/ask.ts'
import { shown } from '../../src/release/frameworks.ts'
import type { Release, Shared, Step } from '../../src/release/model.ts'
import { rule } from '../../src/rule/rule.ts'
import type { Label } from '../../src/source/source.ts'

export default rule({
  on: 'release',
  severity: 'warning',
  finds: 'A cache is deleted file by file while the site that fills it goes on serving.',
  hazard:
    'Requests write new files into the directory that is being deleted: `rm` stops with “Directory not empty”, the release stops half way, or the old code fills the cache again before the new code is live.',
  instead:
    'Build the new release’s own cache before the switch, or rename the cache away and delete what was renamed, or stop the site first.',
  since: '0.1.0',
  *check(release) {
    for (const step of release.all('clear cache')) {
      if (step.detail.tool !== 'rm' || !deletesTree(step) || release.serves(step) !== 'yes') continue
      const shared = sharedCache(release, step)
      if (shared) {
        yield {
          at: step.at,
          says: `${shown(step)} deletes the cache of the release that is still live: all releases share \`${shared.path}\`, and the old code fills it again`,
          because: [
            { at: shared.at, says: `\`${shared.path}\` is one directory for all releases` },
            ...later(release, step),
          ],
        }
      } else if (release.touchesLive(step) === 'yes') {
        yield {
          at: step.at,
          says: `${shown(step)} deletes a cache that the site refills meanwhile: “Directory not empty”, and requests meet a half-deleted cache`,
          because: [...callsTo(step), ...goesLive(release)],
        }
      }
    }
  },
})

const deletesTree = (step: Step): boolean =>
  (step.detail.flags ?? []).some((flag) => flag === '--recursive' || /^-[a-zA-Z]*[rR]/.test(flag))

// A path in the new release that is a link to what all releases share.
function sharedCache(release: Release, step: Step): Shared | undefined {
  const path = step.detail.path ?? ''
  const live = release.switches.at(-1)!
  if (release.before(step, live) !== 'yes') return undefined
  return release.layout.shared?.find(
    (one) => !one.file && (path.endsWith(`/${one.path}`) || path === one.path || path.includes(`/${one.path}/`)),
  )
}

const later = (release: Release, step: Step): readonly Label[] =>
  release.switches
    .filter((one) => release.before(step, one) === 'yes')
    .slice(0, 1)
    .map((one) => ({ at: one.at, says: 'the new code is live only from here on' }))

const goesLive = (release: Release): readonly Label[] =>
  release.switches
    .slice(0, 1)
    .map((one) => ({ at: one.at, says: `this is what serves: \`${one.detail.link ?? one.text}\`` }))
