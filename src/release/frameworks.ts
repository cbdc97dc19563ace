import type { Framework, Stack } from '../facts/stack/stack.ts'
import type { Label } from '../source/source.ts'
import type { Release, Step } from './model.ts'

/** What a framework keeps from one release to the next, and what ends that. */
export interface Kept {
  readonly name: string
  /** What goes on being served when nothing clears it. */
  readonly what: string
  /** Where it lives: in the release's own directory, or beside it (a database, a shared store), where a new directory does not help. */
  readonly lives: 'in the release' | 'beside it'
  /** Directories of the cache, relative to the release. */
  readonly paths: readonly RegExp[]
  /** The command that clears or rebuilds it. */
  readonly cure: string
  /** Only what was cached by an earlier release is stale: sites that never cached anything are not. */
  readonly onlyIfCached?: true
}

/** Frameworks whose production cache does not see new code. */
export const kept: Readonly<Partial<Record<Framework, Kept>>> = {
  symfony: {
    name: 'Symfony',
    what: 'the compiled container, routes, Doctrine metadata and Twig templates',
    lives: 'in the release',
    paths: [/^var(\/cache)?$/, /^app\/cache$/, /^var\/cache\//],
    cure: 'APP_ENV=prod php bin/console cache:clear',
  },
  laravel: {
    name: 'Laravel',
    what: 'cached configuration, routes, events and views',
    lives: 'in the release',
    paths: [/^bootstrap(\/cache)?$/],
    cure: 'php artisan optimize',
    onlyIfCached: true,
  },
  magento: {
    name: 'Magento',
    what: 'configuration, layout and block caches',
    lives: 'beside it',
    paths: [/^var(\/cache)?$/, /^generated$/],
    cure: 'php bin/magento cache:flush',
  },
  drupal: {
    name: 'Drupal',
    what: 'the container, routes and render cache in the database',
    lives: 'beside it',
    paths: [],
    cure: 'drush deploy',
  },
  typo3: {
    name: 'TYPO3',
    what: 'the dependency injection container and page caches',
    lives: 'in the release',
    paths: [/^var(\/cache)?$/, /^typo3temp$/],
    cure: 'vendor/bin/typo3 cache:flush',
  },
  shopware: {
    name: 'Shopware',
    what: 'the compiled container, routes and HTTP cache',
    lives: 'in the release',
    paths: [/^var(\/cache)?$/],
    cure: 'php bin/console cache:clear',
  },
  cakephp: {
    name: 'CakePHP',
    what: 'cached table schemas, routes and translations',
    lives: 'in the release',
    paths: [/^tmp(\/cache)?$/],
    cure: 'bin/cake cache clear_all',
  },
}

/** The frameworks of a release: those of the repository, and those whose commands it runs. */
export function frameworksOf(release: Release, stack: Stack): ReadonlyMap<Framework, Label | undefined> {
  const found = new Map(stack.frameworks)
  for (const step of release.steps) {
    const framework = step.detail.tool as Framework
    if (framework in kept && !found.has(framework) && step.kind !== 'opaque') {
      found.set(framework, { at: step.at, says: `${kept[framework]!.name}, as this command shows` })
    }
  }
  // A plan that is named for its framework, when nothing else tells.
  const name = `${release.name} ${release.at.file}`.toLowerCase()
  for (const framework of ['laravel', 'symfony', 'magento', 'drupal', 'typo3', 'shopware', 'cakephp'] as const) {
    if (found.size === 0 && name.includes(framework))
      found.set(framework, { at: release.at, says: `named for ${kept[framework]!.name}` })
  }
  // Shopware and Sylius are Symfony; one finding is enough.
  if (found.has('shopware')) found.delete('symfony')
  return found
}

/** Whether a step clears or rebuilds a framework's cache, by its own command or by deleting it. */
export function refreshes(framework: Framework): (step: Step) => boolean {
  const tools: readonly string[] =
    framework === 'shopware' || framework === 'typo3' ? [framework, 'symfony', 'rm'] : [framework, 'rm']
  return (step) => tools.includes(step.detail.tool ?? '') && step.detail.what !== 'data' && step.detail.what !== 'env'
}

/** A command as a message shows it. */
export function shown(step: Step): string {
  return `\`${step.text.length > 80 ? `${step.text.slice(0, 79)}…` : step.text}\``
}
