import type { Handover } from '../facts/server/handover.ts'
import type { Release, Step } from './model.ts'

/** A release that switches the link a server serves through, and what it does about old code after that. */
export interface ServedBy {
  readonly release: Release
  readonly step: Step<'switch'>
  /** Whether anything after the switch makes PHP see the new code: `no` when a reload or reset is there. */
  readonly stale: 'yes' | 'no' | 'unknown'
}

/** The releases whose switch moves a link that one of these paths goes through. */
export function servedBy(
  paths: readonly string[],
  releases: readonly Release[],
  server: Handover['server'],
): readonly ServedBy[] {
  return releases.flatMap((release) =>
    release.switches
      // What is changed in place, through the link, leaves the link as it is.
      .filter(
        (step) =>
          step.detail.how !== 'git' &&
          step.detail.link !== undefined &&
          paths.some((path) => goesThrough(path, step.detail.link!)),
      )
      .map((step) => ({ release, step, stale: staleAfter(release, step, server) })),
  )
}

/** Whether nothing after a switch makes PHP see the new code: no reload of its server and no reset of its cache. */
export function staleAfter(
  release: Release,
  step: Step,
  server: Handover['server'] | undefined,
): 'yes' | 'no' | 'unknown' {
  // A container is a host of its own to the model; the PHP that serves this link may well run in it.
  const contained = release.steps.some(
    (other) =>
      /^container\b/.test(other.actsOn) &&
      ((other.kind === 'reload' && reloadsPhp(other, server)) ||
        (other.kind === 'clear cache' && resetsOpcache(other))) &&
      release.before(step, other) === 'yes',
  )
  if (contained) return 'no'
  const answers = [
    release.lacksAfter(step, 'reload', (other) => reloadsPhp(other, server)).answer,
    release.lacksAfter(step, 'restart workers', (other) => reloadsPhp(other, server)).answer,
    release.lacksAfter(step, 'start', (other) => reloadsPhp(other, server)).answer,
    release.lacksAfter(step, 'clear cache', resetsOpcache).answer,
    release.lacksAfter(step, 'smoke test', asksForReset).answer,
  ]
  return answers.includes('no') ? 'no' : answers.includes('unknown') ? 'unknown' : 'yes'
}

/** Whether a step makes the processes that run PHP load code anew: a reload of FPM, of a whole container, of Apache with mod_php. */
export function reloadsPhp(step: Step, server?: Handover['server']): boolean {
  const { tool = '', what = '', vain } = step.detail
  if (vain !== undefined) return false
  if (/fpm|php/i.test(`${tool} ${what}`)) return true
  if (step.kind === 'restart workers') return false
  if (/^(docker|podman|compose|container|kubernetes|kubectl|helm|ecs|nomad)/i.test(tool))
    return !/nginx|caddy|varnish|redis|mysql|postgres/i.test(what)
  if (server === 'frankenphp' && /caddy|frankenphp|octane/i.test(`${tool} ${what}`)) return true
  if (tool === 'service') return open.test(what)
  return tool === 'web server' && server === 'mod_php' && !/nginx|caddy/.test(what)
}

/** Whether a step empties the OPcache of the processes that serve. */
export function resetsOpcache(step: Step): boolean {
  return step.detail.vain === undefined && /opcache/i.test(`${step.detail.tool ?? ''} ${step.detail.what ?? ''}`)
}

// `curl https://example.org/opcache-reset.php`: by its name an address that empties the cache in the pool that serves.
function asksForReset(step: Step): boolean {
  return (
    step.detail.tool === 'http' &&
    /opcache|apcu?[_-]?clear|(clear|reset|flush)[\w-]*cache|cache[\w-]*(clear|reset|flush)/i.test(step.text)
  )
}

// Text that only a machine or a person fills in: it may be any directory.
const open = /\$|\{\{|<%|<\?|%\w+%|@\w+@|[\uE000-\uF8FF]|^\*$/

/**
 * Whether a configured path goes through a link as a script names it. `/srv/app/current/public` goes through
 * `/srv/app/current`, `$BASE/current` and `current`; parts that are not known fit any directory, the link's own name must be the same.
 */
export function goesThrough(path: string, link: string): boolean {
  const parts = split(path)
  // Deployer's own name for its link.
  const names = split(link.replace(/^\{\{\s*current_path\s*\}\}/, '{{deploy_path}}/current'))
  const last = names.at(-1)
  if (last === undefined) return false
  // A link that is all one hole is known only when the path is written with the same one.
  if (open.test(last) && names.length === 1) return parts.some((part) => part === last)
  for (let i = 0; i < parts.length; i++) {
    if (parts[i] !== last) continue
    if (open.test(last) && !parts.slice(0, i).join('/').endsWith(names.slice(0, -1).join('/'))) continue
    if (aligned(parts.slice(0, i), names.slice(0, -1), path, link)) return true
  }
  return false
}

function aligned(parts: readonly string[], names: readonly string[], path: string, link: string): boolean {
  for (let back = 1; back <= Math.min(parts.length, names.length); back++) {
    const [a, b] = [parts.at(-back)!, names.at(-back)!]
    if (open.test(a) || open.test(b)) return true // What a hole holds may be several directories.
    if (a !== b) return false
  }
  const whole = path.startsWith('/') && link.startsWith('/')
  return !whole || parts.length === names.length
}

function split(path: string): readonly string[] {
  return path.split(/\/(?![^{]*\}\})/).filter((part) => part !== '' && part !== '.')
}

/** Whether a path by its own words goes through a release link: a directory called `current`. */
export function throughCurrent(path: string): boolean {
  return split(path).includes('current') || /\{\{\s*current_path\s*\}\}/.test(path)
}

// What is fetched here is built or installed from here, and serves nothing.
const beside = /^(\/(tmp|var\/tmp|usr\/src|usr\/local\/src|root|opt\/src)\b|~|\$HOME\b)/

/** Whether a project shows that code is replaced while a site serves: a release that switches, or a root below `current`. */
export function showsSwitch(releases: readonly Release[], handovers: readonly Handover[]): boolean {
  return (
    releases.some((release) => release.switches.some((step) => !beside.test(step.detail.link ?? ''))) ||
    handovers.some((one) => [...one.script.paths, ...one.documentRoot.paths].some(throughCurrent))
  )
}
