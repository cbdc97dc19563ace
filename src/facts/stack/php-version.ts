import type { Files } from '../../discover/files.ts'
import type { Label } from '../../source/source.ts'
import { both, rangeOf, versionOf, versionText, type VersionRange } from './version-range.ts'

/** Which PHP versions production may run, and what in the repository says so; the range is undefined when nothing does. */
export interface PhpVersions {
  readonly range: VersionRange | undefined
  readonly because: readonly Label[]
}

interface Told {
  readonly range: VersionRange
  readonly label?: Label
}

/**
 * The PHP versions that production may run. What runs (the settings, a Dockerfile's or compose file's image, composer's
 * platform) is believed over what is merely allowed (composer's `require`), and that over what CI tests with.
 */
export function phpVersionsOf(files: Files, given?: string): PhpVersions {
  const set = given === undefined ? undefined : rangeOf(given.trim().replace(/^(\d+(\.\d+)?)$/, '$1.*'))
  if (set) return { range: set, because: [] }
  const composer = composerOf(files)
  const runs = composer.platform ? [composer.platform] : imagesOf(files, ['dockerfile', 'compose'])
  const allowed = composer.require ? [composer.require] : []
  const told = runs.length > 0 ? runs : allowed.length > 0 ? allowed : testedOf(files)
  if (told.length === 0) return { range: undefined, because: [] }
  const range = told.flatMap((one) => one.range).sort((a, b) => a.from - b.from)
  const within = told === runs && composer.require ? both(range, composer.require.range) : range
  return { range: within.length > 0 ? within : range, because: told.flatMap((one) => one.label ?? []).slice(0, 3) }
}

// Below 8.0 means up to 7.4: there is no 7.5.
const lastOfMajor: Readonly<Record<number, number>> = { 80_000: 70_400, 70_000: 50_600, 60_000: 50_600 }

/** The range as a person would say it: `PHP 7.1 and up`, `PHP 7.4`. */
export function phpRangeText({ range }: PhpVersions): string {
  if (!range || range.length === 0) return 'an unknown PHP version'
  const said = range.map(({ from, below }) => {
    if (below >= 90_000) return from === 0 ? 'any version' : `${versionText(from)} and up`
    const last = lastOfMajor[below] ?? below - (below % 100 || 100)
    return last < from || Math.floor(last / 100) === Math.floor(from / 100)
      ? versionText(from)
      : `${versionText(from)} to ${versionText(last)}`
  })
  return `PHP ${[...new Set(said)].join(', ')}`
}

function composerOf(files: Files): { readonly require?: Told; readonly platform?: Told } {
  const source = files.get('composer.json') ?? files.all.find((one) => /^[^/]+\/composer\.json$/.test(one.file))
  if (!source) return {}
  let json: { require?: { php?: unknown }; config?: { platform?: { php?: unknown } } } | undefined
  try {
    json = JSON.parse(source.text)
  } catch {
    return {} // Broken JSON tells nothing; whoever owns JSON reports it.
  }
  const told = (value: unknown, says: string): Told | undefined => {
    const range = typeof value === 'string' ? rangeOf(exact(value)) : undefined
    if (!range) return undefined
    const start = source.text.indexOf(JSON.stringify(value).slice(0, 2), source.text.indexOf('"php"'))
    const at = source.text.indexOf(`"${String(value)}"`, source.text.indexOf('"php"'))
    const place = at === -1 ? Math.max(start, 0) : at
    return { range, label: { at: { file: source.file, start: place, end: place + String(value).length + 2 }, says } }
  }
  const required = told(json?.require?.php, `composer allows PHP ${String(json?.require?.php)}`)
  const platform = told(json?.config?.platform?.php, `composer assumes PHP ${String(json?.config?.platform?.php)}`)
  return { ...(required ? { require: required } : {}), ...(platform ? { platform } : {}) }
}

// `8.2` as a platform means a release of 8.2, not 8.2.0 alone.
const exact = (value: string): string => value.replace(/^\s*(\d+(?:\.\d+)?)\s*$/, '$1.*')

// `php:8.2-fpm`, `php:7.4.3`, `bitnami/php-fpm:8.1`, `serversideup/php:8.3-fpm-nginx`, `webdevops/php-nginx:8.2`.
const image =
  /(?:^|[\s'"=])(?:[\w.-]+\/)*(?:php|php-fpm|php-nginx|php-apache|frankenphp|cimg\/php)(?:-[\w-]+)?:(?:[\d.]+-php)?(\d+\.\d+(?:\.\d+)?)/gm
const installed = /\bphp(\d\.\d)(?:-(?:fpm|cli|mysql))\b/g

function imagesOf(files: Files, kinds: readonly ('dockerfile' | 'compose' | 'gitlab' | 'github')[]): readonly Told[] {
  const out: Told[] = []
  for (const source of files.of(...kinds)) {
    if (!source.text.includes('php')) continue
    const lines =
      kinds.includes('dockerfile') && files.kind(source.file) === 'dockerfile' ? [image, installed] : [image]
    for (const match of lines.flatMap((one) => [...source.text.matchAll(one)])) out.push(...toldBy(source.file, match))
  }
  return out.slice(0, 8)
}

function toldBy(file: string, match: RegExpMatchArray): readonly Told[] {
  const version = match[1]!
  const range =
    versionOf(version) === undefined ? undefined : rangeOf(version.split('.').length > 2 ? version : `${version}.*`)
  if (!range) return []
  const start = match.index! + match[0].lastIndexOf(version)
  return [{ range, label: { at: { file, start, end: start + version.length }, says: `runs PHP ${version}` } }]
}

const setUp = /php-versions?['"]?\s*:\s*\[?([^\n\]]*)/g

// What CI tests with; a matrix names several.
function testedOf(files: Files): readonly Told[] {
  const out: Told[] = [...imagesOf(files, ['gitlab', 'github'])]
  for (const source of files.of('github', 'gitlab')) {
    for (const match of source.text.matchAll(setUp)) {
      for (const one of match[1]!.matchAll(/['"]?(\d\.\d(?:\.\d+)?)['"]?/g)) {
        const at = match.index! + match[0].length - match[1]!.length + one.index
        out.push(...toldBy(source.file, Object.assign([...one], { index: at }) as unknown as RegExpMatchArray))
      }
    }
  }
  return out.slice(0, 8)
}
