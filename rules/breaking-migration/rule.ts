import { newestMigrations } from '../../src/facts/migration/migration.ts'
import { pivotOf, told } from '../../src/release/ask.ts'
import { shown } from '../../src/release/frameworks.ts'
import type { Release, Step } from '../../src/release/model.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'release',
  severity: 'warning',
  preview: true,
  finds: 'A migration that drops, renames or tightens what the code that still serves uses.',
  hazard:
    'Between the migration and the switch every request of the old code that touches the table fails, and going back to the old code does not bring the column back.',
  instead: 'Make it two releases: first code that works with both, then the migration that takes the old away.',
  since: '0.1.0',
  *check(release, facts) {
    const { files, project } = facts
    const migrate = whileServing(release)
    if (!migrate) return
    for (const migration of newestMigrations(files, project.parsers ?? {})) {
      facts.read(migration.file)
      const first = migration.breaks[0]
      if (!first) continue
      const pivot = pivotOf(release)
      yield {
        at: first.at,
        says: `${first.says} while the old code serves: ${shown(migrate)} runs before ${shown(pivot)}`,
        because: [told(migrate, 'the migration runs here'), told(pivot, 'the old code serves until here')],
      }
    }
  },
})

/** The step that migrates while the old code answers. */
function whileServing(release: Release): Step | undefined {
  const pivot = pivotOf(release)
  return release
    .all('migrate')
    .find(
      (step) =>
        step.runs !== 'after a failure' && release.before(step, pivot) === 'yes' && release.serves(step) === 'yes',
    )
}
