import { bringsPages } from '../../src/release/ask.ts'
import { frameworksOf, kept, refreshes, shown, type Kept } from '../../src/release/frameworks.ts'
import type { Release, Shared, Step } from '../../src/release/model.ts'
import { rule } from '../../src/rule/rule.ts'
import type { Finding } from '../../src/rule/rule.ts'
import type { Framework, Stack } from '../../src/facts/stack/stack.ts'
import type { Label } from '../../src/source/source.ts'

export default rule({
  on: 'release',
  severity: 'error',
  finds:
    'A release brings new code to a framework whose production cache does not see it, and no step clears or rebuilds that cache.',
  hazard:
    'The site runs new classes with the old container, routes, metadata or templates: pages fail or show the old version until somebody clears the cache by hand.',
  instead:
    'Build the cache in the new release’s own directory before the switch, or clear it right after new code is in place.',
  since: '0.1.0',
  *check(release, { stack }) {
    for (const [framework, seen] of frameworksOf(release, stack)) {
      const cache = kept[framework]
      const change = cache && survives(release, cache)
      if (!change || isRefreshed(release, change.at, framework, stack)) continue
      yield finding(framework, cache, change, seen, release)
    }
    if (frameworksOf(release, stack).size === 0) yield* ownCaches(release)
  },
})

/** A cache of no framework that is known: the release itself clears it, in a directory that all releases share. */
function* ownCaches(release: Release): Iterable<Finding> {
  const pivot = release.switches.at(-1)!
  for (const clear of release.all('clear cache')) {
    const path = clear.detail.path ?? ''
    const shared = release.layout.shared?.find((one) => !one.file && path.includes(`/${one.path}/`))
    if (!shared || clear.detail.tool !== 'rm' || release.before(clear, pivot) !== 'yes') continue
    const again = release.lacksAfter(
      pivot,
      'clear cache',
      (step) => step.detail.tool !== 'opcache' && step.detail.tool !== 'apcu',
    )
    if (again.answer !== 'yes') continue
    yield {
      at: pivot.at,
      says: `after ${shown(pivot)} the new code runs with what the old code cached: ${shown(clear)} came before, and the old code filled it again`,
      because: [
        { at: shared.at, says: `all releases share \`${shared.path}\`` },
        { at: clear.at, says: 'runs while the old code serves' },
      ],
    }
    return
  }
}

interface Change {
  readonly at: Step
  readonly shared?: Shared
}

// The step that brings new code to a cache that was there before: in place always, behind a link when the cache is shared.
function survives(release: Release, cache: Kept): Change | undefined {
  const first = release.switches.find((step) => !bringsPages(step))
  if (!first) return undefined
  const last = release.switches.at(-1)!
  const how = last.detail.how
  if (how === 'image' || how === 'platform' || how === 'package') return undefined
  if (how !== 'symlink' && how !== 'rename') return { at: first }
  const shared = release.layout.shared?.find((one) => cache.paths.some((path) => path.test(one.path)))
  if (shared) return { at: last, shared }
  return cache.lives === 'beside it' ? { at: last } : undefined
}

function isRefreshed(release: Release, change: Step, framework: Framework, stack: Stack): boolean {
  const like = refreshes(framework)
  if (release.lacksAfter(change, 'clear cache', like).answer !== 'yes') return true
  if (release.lacksAfter(change, 'warm cache', like).answer !== 'yes') return true
  // Drupal's `drush deploy` and Symfony's commands after composer do it on the way.
  if (release.lacksAfter(change, 'migrate', (step) => step.detail.what === 'deploy').answer !== 'yes') return true
  const installs = (step: Step): boolean =>
    step.detail.tool === 'composer' && !step.detail.flags?.includes('--no-scripts')
  return composerRefreshes(framework, stack) && release.lacksAfter(change, 'install', installs).answer !== 'yes'
}

// Symfony's composer recipe clears the cache after every install; a composer.json that was read says whether this one does.
function composerRefreshes(framework: Framework, stack: Stack): boolean {
  const scripts = [...stack.composerScripts.values()].flat().join('\n')
  if (stack.composerScripts.size === 0) return framework === 'symfony' || framework === 'shopware'
  return /cache:clear|clearCache|cache:flush|buildBootstrap|artisan (optimize|config:c)/.test(scripts)
}

function finding(
  framework: Framework,
  cache: Kept,
  change: Change,
  seen: Label | undefined,
  release: Release,
): Finding {
  const early = release.steps.filter(
    (step) =>
      (step.kind === 'clear cache' || step.kind === 'warm cache') &&
      refreshes(framework)(step) &&
      step.detail.vain === undefined,
  )
  const because: Label[] = [...(seen ? [seen] : [])]
  if (change.shared) because.push({ at: change.shared.at, says: `all releases share \`${change.shared.path}\`` })
  for (const step of early)
    because.push({ at: step.at, says: 'runs before the new code is live: the old code fills the cache again' })
  return {
    at: change.at.at,
    says: `after ${shown(change.at)} ${cache.name} goes on with ${cache.what} of the old code: no step clears them (\`${cache.cure}\`)`,
    ...(cache.onlyIfCached && !release.steps.some((step) => step.kind === 'warm cache')
      ? { severity: 'warning' as const }
      : {}),
    because,
  }
}
