import type { Files } from '../discover/files.ts'
import { ecosystemsOf, type Pm2App } from '../facts/stack/pm2.ts'
import { signalPoolOf } from '../facts/stack/symfony-cache.ts'
import type { Label } from '../source/source.ts'
import { pivotOf } from './ask.ts'
import type { Release, Step } from './model.ts'

/** Why a restart of workers leaves the old ones as they are. */
export interface InVain {
  /** What happens, as the end of a sentence that begins with the command. */
  readonly says: string
  readonly because: readonly Label[]
  /** Files that were read to tell. */
  readonly files: readonly string[]
}

/** The restarts of a release that reach no worker, because each release is a directory of its own. */
export function restartsInVain(release: Release, files: Files): ReadonlyMap<Step, InVain> {
  const found = new Map<Step, InVain>()
  const { how } = pivotOf(release).detail
  if (how !== 'symlink' && how !== 'rename') return found
  for (const step of release.all('restart workers')) {
    if (step.runs === 'after a failure' || step.detail.vain !== undefined) continue
    const vain =
      step.detail.tool === 'pm2'
        ? ofPm2(step, files)
        : step.detail.what === 'messenger'
          ? ofMessenger(release, files)
          : undefined
    if (vain) found.set(step, vain)
  }
  return found
}

/** pm2 starts a process again where it was first started: in the release of that day, unless the file says where. */
function ofPm2(step: Step, files: Files): InVain | undefined {
  if (step.detail.flags?.includes('--cwd')) return undefined
  const what = (step.detail.what ?? 'all').split('/').at(-1)!
  const ecosystems = ecosystemsOf(files)
  const own = ecosystems.filter(({ file }) => file.split('/').at(-1) === what)
  const apps =
    own.length > 0
      ? own.flatMap((one) => one.apps)
      : named(
          what,
          ecosystems.flatMap((one) => one.apps),
        )
  const old = apps.find(staysInRelease)
  if (!old) return undefined
  const name = old.name === undefined ? 'the process' : `\`${old.name}\``
  return {
    says: `starts ${name} again in the directory where it was first started, which is an old release: its \`cwd\` is not the link that serves`,
    because: [{ at: old.at, says: 'no `cwd` that goes through the link' }],
    files: [old.at.file],
  }
}

const named = (what: string, apps: readonly Pm2App[]): readonly Pm2App[] =>
  what === 'all' ? apps : apps.filter((app) => app.name === what)

function staysInRelease(app: Pm2App): boolean {
  if (app.open || app.script === undefined || /^[/~]/.test(app.script)) return false
  return app.cwd === undefined || !/^[/~]/.test(app.cwd)
}

/** `messenger:stop-workers` writes the time into a cache; workers of another release look into their own. */
function ofMessenger(release: Release, files: Files): InVain | undefined {
  const pool = signalPoolOf(files)
  if (!pool || pool.lives === 'unknown') return undefined
  const linked = release.all('share').some((step) => /\bvar\b|\bcache\b/.test(step.text))
  const shared = (release.layout.shared ?? []).some((one) => /^var(\/cache(\/|$)|$)/.test(one.path))
  if (pool.lives === 'own' && linked) return undefined
  const own = pool.lives === 'own' && !shared
  if (!own && pool.seeded) return undefined
  return {
    says: own
      ? 'leaves its signal in a cache of the new release: workers that run in the old one never see it, and go on with the old code'
      : 'leaves its signal under a name that holds the release’s directory (`prefix_seed` is not set): workers that run in the old release never see it, and go on with the old code',
    because: own ? pool.because : pool.because.slice(0, 1),
    files: pool.files,
  }
}
