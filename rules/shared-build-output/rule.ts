import { told } from '../../src/release/ask.ts'
import { shown } from '../../src/release/frameworks.ts'
import type { Release, Shared, Step } from '../../src/release/model.ts'
import { rule } from '../../src/rule/rule.ts'
import type { Label } from '../../src/source/source.ts'

export default rule({
  on: 'release',
  severity: 'warning',
  finds: 'Dependencies, compiled code or caches of code that all releases share.',
  hazard:
    'Building the next release rewrites what the live one is running on, minutes before the switch, and going back finds the wrong version there.',
  instead:
    'Share data only (uploads, logs, sessions, settings); give every release its own `vendor`, `node_modules`, build output and caches.',
  since: '0.1.0',
  *check(release) {
    for (const shared of release.layout.shared ?? []) {
      if (shared.file || isRecipes(release, shared)) continue
      const writer = writes(release, shared)
      if (!always.test(shared.path) && !writer) continue
      yield {
        at: shared.at,
        says: `all releases share \`${shared.path}\`: the next release changes it under the one that is live${writer ? ` (${shown(writer)})` : ''}`,
        because: trail(release, writer),
      }
    }
    for (const step of release.all('share')) {
      const path = step.detail.path ?? ''
      if (
        !/^(ln|file|symlink)$/.test(step.detail.tool ?? '') ||
        !/(^|\/)(vendor|node_modules|var\/cache|app\/cache|bootstrap\/cache)$/.test(path)
      )
        continue
      yield {
        at: step.at,
        says: `${shown(step)} lets all releases share \`${path.split('/').slice(-1)[0]!}\`: the next release changes it under the one that is live`,
      }
    }
  },
})

const always =
  /^(vendor|node_modules|var|var\/cache|app\/cache|bootstrap\/cache|generated|public\/(build|bundles)|web\/(build|bundles)|dist|build)$/

// What a recipe of the tool shares by itself is not this project's doing.
const isRecipes = (release: Release, shared: Shared): boolean =>
  release.tool === 'deployer' && release.steps.some((step) => step.at === shared.at && step.detail.what !== undefined)

/** A cache of code that the release writes in a shared directory. */
function writes(release: Release, shared: Shared): Step | undefined {
  return release.steps.find(
    (step) =>
      (step.kind === 'clear cache' || step.kind === 'warm cache' || step.kind === 'install') &&
      step.detail.tool !== 'laravel' &&
      new RegExp(`/${shared.path.replace(/[.*+?^$|(){}[\]\\]/g, '\\$&')}/.+`).test(step.detail.path ?? ''),
  )
}

const trail = (release: Release, writer: Step | undefined): readonly Label[] => [
  ...(writer ? [told(writer, 'writes there for the new release')] : []),
  ...release.switches.slice(-1).map((one) => told(one, 'the old release serves until here')),
]
