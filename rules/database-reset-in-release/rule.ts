import { callsTo, pivotOf, told } from '../../src/release/ask.ts'
import { shown } from '../../src/release/frameworks.ts'
import type { Step } from '../../src/release/model.ts'
import { sameHost } from '../../src/release/order.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'release',
  severity: 'error',
  finds: 'A command of the release path that empties, drops, refills or rewrites the database without a migration.',
  hazard: 'It is meant for a developer’s machine; in a release it deletes or overwrites what users have stored.',
  instead:
    'Run migrations only (`migrate`, `migrations:migrate`); load fixtures and seeds by hand, once, where they belong.',
  since: '0.1.0',
  *check(release) {
    const pivot = pivotOf(release)
    for (const step of release.all('reset database')) {
      if (step.runs === 'after a failure' || !isProduction(release.here, step, pivot)) continue
      const what = step.detail.what
      if (what === 'fixtures appended') continue
      const mild = what === 'seed' || what === 'restore'
      // Under a condition: the first time, or when somebody asks for it.
      const asked = step.runs === 'sometimes'
      yield {
        at: step.at,
        severity: asked ? 'info' : mild ? 'warning' : 'error',
        says: `${asked ? 'a release may run' : 'every release runs'} ${shown(step)}: it ${effect(what)}`,
        because: [...callsTo(step), told(pivot, 'on the way to this release')],
      }
    }
  },
})

// A pipeline's own runner has a database of its own, for tests.
function isProduction(here: string, step: Step, pivot: Step): boolean {
  if (here === 'image') return false
  if (here === 'runner' && step.actsOn === 'here') return false
  return sameHost(step.actsOn, pivot.actsOn) !== 'no' || step.actsOn.includes('container')
}

function effect(what: string | undefined): string {
  if (what === 'seed') return 'writes the seed data again, over what users have changed since'
  if (what === 'schema update') return 'changes the tables to fit the code and drops what the code no longer names'
  if (what === 'fixtures') return 'empties the tables and fills them with test data'
  if (what === 'restore') return 'replaces what is stored by a dump'
  return 'drops what is stored'
}
