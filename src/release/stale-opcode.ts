import type { Label, Span } from '../source/source.ts'
import type { Opcache } from '../facts/ini/opcache.ts'
import type { Handover } from '../facts/server/handover.ts'
import type { Script } from '../facts/shell/script.ts'
import { callOf } from './call.ts'
import type { Release, Step } from './model.ts'
import { goesThrough, reloadsPhp, staleAfter } from './served.ts'
import { staleRoot, wrongCures } from './stale-root.ts'
import { recognise } from './vocabulary.ts'

/** Why PHP goes on with old code after a switch. */
export interface StaleOpcode {
  readonly step: Step<'switch'>
  /**
   * `preload`: only a reload loads preloaded classes anew; `worker`: a FrankenPHP worker keeps the application in memory; `unchecked`: the same paths, and timestamps are not looked at;
   * `file cache`: compiled files on disk outlive a reload; `unread`: no configuration here serves through the link.
   */
  readonly why: 'preload' | 'worker' | 'unchecked' | 'file cache' | 'unread'
  /** Steps that look like a cure and are none. */
  readonly wrong: readonly Label[]
  /** Settings and steps that decide it. */
  readonly because: readonly Label[]
}

/** The switches of a release after which nothing renews an absolute path, where the document root is not the greater fault. */
export function staleIncludes(
  release: Release,
  handovers: readonly Handover[],
  opcache: Opcache,
  path: string,
): readonly Step<'switch'>[] {
  return release.switches.filter((step) => {
    const { link } = step.detail
    if (link === undefined || !goesThrough(path, link)) return false
    if (handovers.some((one) => staleRoot(one, [release], opcache)?.by?.step === step)) return false
    return staleAfter(release, step, handovers[0]?.server) === 'yes'
  })
}

/** Every switch of a release after which PHP goes on with old code, as far as it is not the document root's fault. */
export function staleOpcode(
  release: Release,
  handovers: readonly Handover[],
  opcache: Opcache,
): readonly StaleOpcode[] {
  return release.switches.flatMap((step) => judged(release, step, handovers, opcache) ?? [])
}

function judged(
  release: Release,
  step: Step<'switch'>,
  handovers: readonly Handover[],
  opcache: Opcache,
): StaleOpcode | undefined {
  const { how, link } = step.detail
  // New containers and packages that restart their services begin with an empty cache.
  if (how === 'image' || how === 'platform' || how === 'package') return undefined
  const through =
    link === undefined ? [] : handovers.filter((one) => pathsOf(one).some((path) => goesThrough(path, link)))
  // The document root behind the link is its own rule, and only that one speaks of it.
  if (through.some((one) => staleRoot(one, [release], opcache)?.by?.step === step)) return undefined
  const server = through[0]?.server
  const wrong = wrongCures(release, step, server)
  const settings = opcache.because
  if (opcache.preload && release.lacksAfter(step, 'reload', (other) => reloadsPhp(other, server)).answer === 'yes') {
    const preload = {
      at: opcache.preload.at,
      says: `${opcache.preload.value} is preloaded: its classes stay until PHP-FPM starts anew`,
    }
    return { step, why: 'preload', wrong, because: [preload] }
  }
  const worker = through.find((one) => one.worker)?.worker
  if (worker && staleAfter(release, step, 'frankenphp') === 'yes') {
    const kept = {
      at: worker,
      says: 'this worker holds the application in memory, from the release that the link named when it started',
    }
    return { step, why: 'worker', wrong, because: [kept] }
  }
  if (opcache.enable && opcache.fileCache && !opcache.validateTimestamps && !uniquePath(step))
    return { step, why: 'file cache', wrong, because: settings }
  if (staleAfter(release, step, server) !== 'yes') return undefined
  if (!uniquePath(step)) {
    if (opcache.enable && !opcache.validateTimestamps) return { step, why: 'unchecked', wrong, because: settings }
    // By default PHP looks at timestamps; whoever reloads the wrong server has met one that does not.
    return wrong.length > 0 && !opcache.told ? { step, why: 'unread', wrong, because: settings } : undefined
  }
  return through.length > 0 ? undefined : { step, why: 'unread', wrong, because: settings }
}

const pathsOf = (one: Handover): readonly string[] => [...one.script.paths, ...one.documentRoot.paths]

/** Whether new code comes under paths that no release had before: behind a switched link, in a directory of its own. */
function uniquePath({ detail }: Step): boolean {
  if (detail.how !== 'symlink' && detail.how !== 'rename') return false
  return !/(^|\/)(blue|green|a|b|old|new|one|two|1|2|next|prev|previous)\/?$/i.test(detail.target ?? '')
}

/** Commands of a project that are to empty the OPcache, empty another one, and belong to no release that was read. */
export function vainResets(
  scripts: readonly Script[],
  releases: readonly Release[],
): readonly { readonly at: Span; readonly text: string; readonly why: string }[] {
  const known = new Set(releases.flatMap((release) => release.steps.map((step) => `${step.at.file}:${step.at.start}`)))
  return scripts.flatMap((script) =>
    script.commands.flatMap((command) => {
      const call = /opcache/.test(command.text) ? callOf(command) : undefined
      const { kind, detail } = (call && recognise(call)) ?? {}
      const vain = kind === 'clear cache' && detail?.tool === 'opcache' ? detail.vain : undefined
      if (vain === undefined || known.has(`${command.at.file}:${command.at.start}`)) return []
      return [{ at: command.at, text: command.text, why: vain }]
    }),
  )
}
