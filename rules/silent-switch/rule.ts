import { takesAway, told } from '../../src/release/ask.ts'
import { unseenTarget } from '../../src/release/dangling.ts'
import { namesRelease } from '../../src/release/path.ts'
import { shown } from '../../src/release/frameworks.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'release',
  severity: 'error',
  finds:
    'A switch that succeeds and switches nothing: the new link or directory lands inside the one that serves, or leads nowhere.',
  hazard:
    'The release reports success with exit code 0 and the site goes on with the old code; the next release does the same.',
  instead:
    'Write `ln -sfn` or `ln -sfT` for a link, and `mv -T` for a rename: they replace the link instead of following it.',
  since: '0.1.0',
  *check(release, facts) {
    for (const change of release.switches) {
      const { silent, link, target = '', how } = change.detail
      if (!link || change.runs === 'after a failure') continue
      const unseen = silent ? undefined : unseenTarget(change, release, facts.all('script'))
      if (unseen)
        yield {
          at: change.at,
          severity: 'info',
          says: `when ${target} is not there, ${shown(change)} exits 0 all the same and ${link} leads nowhere: test it before (\`[ -d … ] || exit 1\`)`,
          because: unseen,
        }
      if (!silent) continue
      // A link that always leads to the same place has nothing to switch.
      if (how === 'symlink' && !changes(target)) continue
      // A link to a file is replaced; only one to a directory is followed.
      if (how === 'symlink' && /\.\w{1,5}$/.test(target)) continue
      if (release.steps.some((step) => takesAway(step, link) && release.before(step, change) === 'yes')) continue
      const again =
        change.detail.how === 'symlink' && !(change.detail.flags ?? []).some((flag) => /f|--force/.test(flag))
      yield {
        at: change.at,
        says: `when ${link} is there already, ${shown(change)} ${silent}, exits 0 and switches nothing${again ? ', from the second release on' : ''}`,
        because: release.steps
          .filter((step) => step.kind === 'reload' && release.before(change, step) === 'yes')
          .slice(0, 1)
          .map((step) => told(step, 'then this starts the old code again')),
      }
    }
  },
})

/** Whether a link's target is another one in another release: it holds something unknown, or is one of several by its name. */
const changes = (target: string): boolean =>
  /[$`{%<…\uE000-\uF8FF]/.test(target) || namesRelease(target) || /\d/.test(target) || !target.startsWith('/')
