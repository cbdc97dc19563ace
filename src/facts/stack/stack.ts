import type { Files } from '../../discover/files.ts'
import type { Label, Source } from '../../source/source.ts'

/** Frameworks whose production caches or workers a release must mind. */
export type Framework =
  | 'symfony'
  | 'laravel'
  | 'magento'
  | 'drupal'
  | 'typo3'
  | 'shopware'
  | 'cakephp'
  | 'wordpress'
  | 'craft'
  | 'yii'
  | 'neos'
  | 'rails'
  | 'django'
  | 'node'

/** A fact of the repository and the place that shows it. */
export interface Seen {
  readonly name: string
  readonly because: Label
}

/** What a repository is built with, as its manifests and files show. */
export interface Stack {
  readonly frameworks: ReadonlyMap<Framework, Label | undefined>
  /** Long-running processes of the application: `laravel/horizon`, a supervisor program, a Procfile's worker. */
  readonly workers: readonly Seen[]
  /** The version of a package in a lock file, else as the manifest asks for it; undefined: not there. */
  version(name: string): string | undefined
  /** Composer scripts by event or name. */
  readonly composerScripts: ReadonlyMap<string, readonly string[]>
  readonly npmScripts: ReadonlyMap<string, string>
}

interface Package {
  readonly version: string
  readonly because: Label
}

const frameworks: Readonly<Record<string, Framework>> = {
  'symfony/framework-bundle': 'symfony',
  'symfony/symfony': 'symfony',
  'symfony/flex': 'symfony',
  'sylius/sylius': 'symfony',
  'laravel/framework': 'laravel',
  'laravel/lumen-framework': 'laravel',
  'magento/product-community-edition': 'magento',
  'magento/product-enterprise-edition': 'magento',
  'magento/magento-cloud-metapackage': 'magento',
  'mage-os/product-community-edition': 'magento',
  'drupal/core': 'drupal',
  'drupal/core-recommended': 'drupal',
  'typo3/cms-core': 'typo3',
  'typo3/cms': 'typo3',
  'typo3/minimal': 'typo3',
  'shopware/core': 'shopware',
  'shopware/platform': 'shopware',
  'cakephp/cakephp': 'cakephp',
  'johnpbloch/wordpress': 'wordpress',
  'johnpbloch/wordpress-core': 'wordpress',
  'roots/wordpress': 'wordpress',
  'craftcms/cms': 'craft',
  'yiisoft/yii2': 'yii',
  'neos/neos': 'neos',
  'neos/flow': 'neos',
}

const workerPackages: Readonly<Record<string, string>> = {
  'laravel/horizon': 'Laravel Horizon',
  'laravel/octane': 'Laravel Octane',
  'laravel/reverb': 'Laravel Reverb',
  'symfony/messenger': '',
  'spiral/roadrunner': 'RoadRunner',
  'php-amqplib/rabbitmq-bundle': 'RabbitMQ consumers',
  sidekiq: 'Sidekiq',
  delayed_job: 'delayed_job',
  delayed_job_active_record: 'delayed_job',
  solid_queue: 'Solid Queue',
  good_job: 'GoodJob',
  resque: 'Resque',
  sneakers: 'Sneakers',
  shoryuken: 'Shoryuken',
}

const known = new WeakMap<Files, Stack>()

/** The stack of a project; `given`: frameworks that the settings name. */
export function stackOf(files: Files, given: readonly string[] = []): Stack {
  let stack = known.get(files)
  if (!stack) known.set(files, (stack = read(files, given)))
  return stack
}

function read(files: Files, given: readonly string[]): Stack {
  const packages = new Map<string, Package>()
  const composerScripts = new Map<string, readonly string[]>()
  const npmScripts = new Map<string, string>()
  for (const source of manifests(files, /(^|\/)composer\.json$/)) readComposer(source, packages, composerScripts)
  for (const source of manifests(files, /(^|\/)composer\.lock$/)) readComposerLock(source, packages)
  for (const source of manifests(files, /(^|\/)package\.json$/)) readNpm(source, packages, npmScripts)
  for (const source of manifests(files, /(^|\/)Gemfile(\.lock)?$/)) readGems(source, packages)
  const found = new Map<Framework, Label | undefined>()
  for (const name of given) if (isFramework(name)) found.set(name, undefined)
  for (const [name, { because }] of packages) {
    const framework = frameworks[name] ?? (name === 'rails' ? 'rails' : undefined)
    if (framework && !found.has(framework)) found.set(framework, because)
  }
  for (const [framework, pattern] of byFile) {
    const source = files.all.find((one) => pattern.test(one.file))
    if (source && !found.has(framework)) found.set(framework, label(source, 0, `${framework} by ${source.file}`))
  }
  return {
    frameworks: found,
    workers: [...packagedWorkers(packages), ...configuredWorkers(files)],
    version: (name) => packages.get(name)?.version,
    composerScripts,
    npmScripts,
  }
}

const byFile: readonly (readonly [Framework, RegExp])[] = [
  ['laravel', /^([^/]+\/)?artisan$/],
  ['symfony', /^([^/]+\/)?(config\/bundles\.php|symfony\.lock|app\/AppKernel\.php)$/],
  ['magento', /^([^/]+\/)?(bin\/magento|app\/etc\/config\.php)$/],
  ['wordpress', /^([^/]+\/)?wp-config(-sample)?\.php$/],
  ['rails', /^([^/]+\/)?(bin\/rails|config\/environment\.rb)$/],
  ['django', /^([^/]+\/)?manage\.py$/],
]

function isFramework(name: string): name is Framework {
  return [...Object.values(frameworks), 'rails', 'django', 'node'].includes(name)
}

// The root's manifests, and those one directory below: a monorepo's applications. A dependency's own are not the project's.
function manifests(files: Files, pattern: RegExp): readonly Source[] {
  return files.all.filter(
    ({ file }) => pattern.test(file) && file.split('/').length <= 3 && !/(^|\/)(vendor|node_modules)\//.test(file),
  )
}

function label(source: Source, at: number, says: string): Label {
  const end = source.text.indexOf('\n', at)
  return { at: { file: source.file, start: at, end: end === -1 ? source.text.length : end }, says }
}

function parsed(source: Source): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(source.text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {} // Broken JSON tells nothing; whoever owns JSON reports it.
  }
}

function entries(value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string')
}

function add(packages: Map<string, Package>, source: Source, name: string, version: string, lock: boolean): void {
  if (packages.has(name) && !lock) return
  const at = Math.max(0, source.text.indexOf(`"${name}"`))
  const before = packages.get(name)
  packages.set(name, { version, because: before?.because ?? label(source, at, `${name} ${version}`) })
}

function readComposer(source: Source, packages: Map<string, Package>, scripts: Map<string, readonly string[]>): void {
  const json = parsed(source)
  for (const [name, version] of [...entries(json['require']), ...entries(json['require-dev'])]) {
    add(packages, source, name, version, false)
  }
  for (const [event, list] of Object.entries((json['scripts'] as object | undefined) ?? {})) {
    const lines =
      typeof list === 'string' ? [list] : Array.isArray(list) ? list : Object.keys((list as object | null) ?? {})
    if (!scripts.has(event))
      scripts.set(
        event,
        lines.filter((line): line is string => typeof line === 'string'),
      )
  }
}

function readComposerLock(source: Source, packages: Map<string, Package>): void {
  const json = parsed(source)
  for (const list of [json['packages'], json['packages-dev']]) {
    if (!Array.isArray(list)) continue
    for (const one of list as readonly { name?: unknown; version?: unknown }[]) {
      if (typeof one?.name === 'string' && typeof one.version === 'string') {
        add(packages, source, one.name, one.version.replace(/^v/, ''), true)
      }
    }
  }
}

function readNpm(source: Source, packages: Map<string, Package>, scripts: Map<string, string>): void {
  const json = parsed(source)
  for (const [name, version] of entries(json['dependencies'])) add(packages, source, name, version, false)
  for (const [name, line] of entries(json['scripts'])) if (!scripts.has(name)) scripts.set(name, line)
}

function readGems(source: Source, packages: Map<string, Package>): void {
  const lock = source.file.endsWith('.lock')
  const line = lock ? /^ {4}([\w-]+) \(([^)]+)\)$/gm : /^\s*gem\s*\(?\s*['"]([\w-]+)['"](?:\s*,\s*['"]([^'"]+)['"])?/gm
  for (const match of source.text.matchAll(line)) {
    const [, name = '', version = '*'] = match
    const before = packages.get(name)
    if (before && !lock) continue
    packages.set(name, { version, because: before?.because ?? label(source, match.index, `gem ${name}`) })
  }
}

function packagedWorkers(packages: ReadonlyMap<string, Package>): readonly Seen[] {
  return Object.entries(workerPackages).flatMap(([name, called]) => {
    const found = packages.get(name)
    return found && called !== '' ? [{ name: called, because: found.because }] : []
  })
}

// Lines that start a process which stays: of supervisor, systemd, a Procfile, compose, cron, an image.
const longRunning =
  /artisan\s+(queue:(work|listen)|horizon\b|octane:start|schedule:work|reverb:start)|messenger:consume|rabbitmq:consumer|enqueue:consume|queue:consumers:start|\b(sidekiq|delayed_job|solid_queue|good_job|resque:work|jobs:work|rake jobs:work|celery\b.*\bworker|rqworker|bin\/jobs)\b/
const workerFiles =
  /supervisor|\.service$|(^|\/)Procfile|(docker-)?compose[^/]*\.ya?ml$|(^|\/)(crontab|cron\.d\/)|\.conf$|\.ini$|ecosystem\.config\.[cm]?js$|(^|\/)horizon\.php$/

function configuredWorkers(files: Files): readonly Seen[] {
  const out: Seen[] = []
  for (const source of files.all) {
    if (out.length >= 8) break
    if (!workerFiles.test(source.file) || /(^|\/)(vendor|node_modules|tests?)\//.test(source.file)) continue
    for (const match of source.text.matchAll(/^.*$/gm)) {
      const found = /^\s*(#|;|\/\/)/.test(match[0]) ? null : longRunning.exec(match[0])
      if (!found) continue
      out.push({ name: found[0].trim(), because: label(source, match.index, 'a worker that stays running') })
      break
    }
  }
  return out
}
