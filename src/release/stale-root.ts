import type { Label } from '../source/source.ts'
import { staleness, type Opcache } from '../facts/ini/opcache.ts'
import type { Handover, Sent } from '../facts/server/handover.ts'
import type { Release, Step } from './model.ts'
import { reloadsPhp, resetsOpcache, servedBy, throughCurrent, type ServedBy } from './served.ts'

/** A parameter by which PHP is given the release before, after a switch. */
export interface StaleRoot {
  readonly name: 'SCRIPT_FILENAME' | 'DOCUMENT_ROOT'
  readonly sent: Sent
  /** The path it goes through, as far as it is known. */
  readonly path: string
  /** For how many seconds the old code is answered; Infinity: until somebody reloads. */
  readonly seconds: number
  /** The switch after which nothing makes PHP see the new code; undefined: no release was read to the end, only the name `current` tells. */
  readonly by: ServedBy | undefined
}

/** Whether a handover serves old code after a switch, as far as the project shows it. */
export function staleRoot(handover: Handover, releases: readonly Release[], opcache: Opcache): StaleRoot | undefined {
  const { script, documentRoot, server } = handover
  const stale = staleness(
    { script: script.how === 'real' ? 'real' : 'link', documentRoot: documentRoot.how === 'real' ? 'real' : 'link' },
    opcache,
  )
  // mod_php opens its scripts itself and asks the realpath cache first (FACTS §1.3).
  const entry = server === 'mod_php' ? stale.documentRoot : stale.entry
  if (script.how === 'link') return judged('SCRIPT_FILENAME', script, entry, handover, releases)
  if (script.how !== 'real' || documentRoot.how !== 'link') return undefined
  return judged('DOCUMENT_ROOT', documentRoot, stale.documentRoot, handover, releases)
}

function judged(
  name: StaleRoot['name'],
  sent: Sent,
  seconds: number,
  handover: Handover,
  releases: readonly Release[],
): StaleRoot | undefined {
  if (seconds === 0) return undefined
  const served = servedBy(sent.paths, releases, handover.server)
  const by = served.find((one) => one.stale === 'yes')
  const named = sent.paths.find(throughCurrent)
  if (!by && (named === undefined || (served.length > 0 && served.every((one) => one.stale === 'no')))) return undefined
  return { name, sent, path: named ?? sent.paths[0] ?? sent.written, seconds, by }
}

/** What a release does that looks like a cure of old code and is none: in vain, before the switch, or of another server. */
export function wrongCures(release: Release, pivot: Step, server: Handover['server'] | undefined): readonly Label[] {
  const out: Label[] = []
  for (const step of release.steps) {
    const php = /fpm|php|opcache/i.test(`${step.detail.tool ?? ''} ${step.detail.what ?? ''}`)
    if (step.kind !== 'reload' && step.kind !== 'clear cache') continue
    if (step.detail.vain !== undefined && php) out.push({ at: step.at, says: `no cure: ${step.detail.vain}` })
    else if ((reloadsPhp(step, server) || resetsOpcache(step)) && release.before(step, pivot) === 'yes')
      out.push({
        at: step.at,
        says: 'no cure: it runs before the switch, and the next request caches the old code again',
      })
    else if (step.detail.tool === 'web server' && !reloadsPhp(step, server) && release.before(pivot, step) === 'yes')
      out.push({ at: step.at, says: 'no cure: the web server is not the one that holds the old code, PHP-FPM is' })
  }
  return out
}
