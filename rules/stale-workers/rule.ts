import { bringsPages, isReplaced, isWorker, pivotOf, told } from '../../src/release/ask.ts'
import { frameworksOf, shown } from '../../src/release/frameworks.ts'
import type { Release, Step } from '../../src/release/model.ts'
import { restartsInVain, type InVain } from '../../src/release/restart.ts'
import type { Stack } from '../../src/facts/stack/stack.ts'
import { rule } from '../../src/rule/rule.ts'
import type { Label } from '../../src/source/source.ts'

export default rule({
  on: 'release',
  severity: 'error',
  finds: 'Long-running workers of the application that no step restarts after the new code is live.',
  hazard:
    'Workers load the code once: they go on running the old release against the new database and the new payloads, and fail when its directory is removed.',
  instead:
    'Restart every worker after the switch (`queue:restart`, `supervisorctl restart`, `systemctl restart`, `delayed_job restart`), under something that starts it again.',
  since: '0.1.0',
  *check(release, facts) {
    const { stack } = facts
    const pivot = pivotOf(release)
    if (isReplaced(release) || release.switches.every(bringsPages)) return
    const unheard = restartsInVain(release, facts.files)
    if (restartsAfter(release, pivot, unheard) !== 'no') return
    for (const [step, { says, because, files }] of unheard) {
      for (const file of files) facts.read(file)
      if (release.before(pivot, step) !== 'yes') continue
      yield {
        at: step.at,
        says: `${shown(step)} ${says}`,
        because: [told(pivot, 'each release is a directory of its own'), ...because],
      }
      return
    }
    // Two places in turn: the restart follows the switch of its own.
    const turns = release.switches.slice(0, -1).filter((one) => one.detail.how === 'symlink')
    if (restarts(release).some((step) => turns.some((one) => release.before(one, step) === 'yes'))) return
    const early = restarts(release).filter((step) => release.before(step, pivot) === 'yes')
    const vain = release.all('restart workers').filter((step) => step.detail.vain !== undefined)
    const because: readonly Label[] = [
      ...stack.workers
        .slice(0, 3)
        .map((worker) => ({ at: worker.because.at, says: `${worker.name}: ${worker.because.says}` })),
      ...vain.map((step) => told(step, `restarts nothing: ${step.detail.vain!}`)),
    ]
    const last = early.at(-1)
    if (last) {
      yield {
        at: last.at,
        says: `${shown(last)} restarts the workers before ${shown(pivot)}: they come up again with the old code and keep it`,
        because: [...because, told(pivot, 'the new code is live only from here on')],
      }
    } else if (stack.workers.length > 0 || startsWorkers(release)) {
      yield {
        at: pivot.at,
        says: `no step restarts the workers after ${shown(pivot)}: they go on with the old code`,
        because,
      }
      return
    }
    const framework = last || stack.workers.length > 0 ? undefined : mayHaveWorkers(release, stack)
    if (framework) {
      yield {
        at: pivot.at,
        severity: 'info',
        says: `if this application has workers, nothing restarts them after ${shown(pivot)}: they would go on with the old code`,
        because: [...framework, ...because],
      }
    }
  },
})

// A restart; or a stop before and a start after; or a service whose name does not say what it is.
function restarts(release: Release): readonly Step[] {
  return release.steps.filter(
    (step) =>
      step.runs !== 'after a failure' &&
      step.detail.vain === undefined &&
      (step.kind === 'restart workers' ||
        (step.kind === 'start' && (isWorker(step) || step.detail.tool === 'supervisor' || step.detail.tool === 'pm2'))),
  )
}

// What runs already is not started again: `delayed_job start` with its old process alive does nothing.
function startsAnew(release: Release, start: Step): boolean {
  if (/^(web server|php-fpm)$/.test(start.detail.tool ?? '')) return false
  const stopped = release.all('stop').some((stop) => release.before(stop, start) === 'yes')
  return stopped || !isWorker(start)
}

function restartsAfter(release: Release, pivot: Step, unheard: ReadonlyMap<Step, InVain>): 'yes' | 'no' | 'unknown' {
  const lacks = [
    release.lacksAfter(pivot, 'restart workers', (step) => !unheard.has(step)).answer,
    release.lacksAfter(pivot, 'start', (step) => startsAnew(release, step)).answer,
    release.lacksAfter(pivot, 'reload', (step) => step.detail.tool === 'service').answer,
  ]
  return lacks.includes('no') ? 'yes' : lacks.includes('unknown') ? 'unknown' : 'no'
}

const startsWorkers = (release: Release): boolean =>
  release.all('start').some(isWorker) || release.all('stop').some(isWorker)

function mayHaveWorkers(release: Release, stack: Stack): readonly Label[] | undefined {
  const frameworks = frameworksOf(release, stack)
  const messenger = stack.version('symfony/messenger') !== undefined
  for (const name of ['laravel', 'rails', 'magento', 'symfony'] as const) {
    if (!frameworks.has(name) || (name === 'symfony' && !messenger)) continue
    const seen = frameworks.get(name)
    return seen ? [seen] : []
  }
  return undefined
}
