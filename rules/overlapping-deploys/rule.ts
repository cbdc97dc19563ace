import { shown } from '../../src/release/frameworks.ts'
import { pivotOf } from '../../src/release/ask.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'release',
  severity: 'info',
  finds: 'Two runs of this release can happen at once.',
  hazard:
    'Two pushes within minutes interleave: one run switches to what the other is still building, migrations run twice, the older code may win.',
  instead:
    'Let the second run wait: `concurrency` in GitHub Actions, `resource_group` in GitLab CI, `flock` around a script, the deploy tool’s own lock.',
  since: '0.1.0',
  *check(release) {
    if (release.layout.locks !== 'no') return
    const pivot = pivotOf(release)
    // Platforms queue releases by themselves.
    if (pivot.detail.how === 'platform' || pivot.detail.tool === 'kubernetes' || pivot.detail.tool === 'helm') return
    yield {
      at: pivot.at,
      says: `nothing keeps two releases apart: a second one can begin before ${shown(pivot)} of the first`,
    }
  },
})
