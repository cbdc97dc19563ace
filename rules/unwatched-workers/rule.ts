import { isWorker, told } from '../../src/release/ask.ts'
import { shown } from '../../src/release/frameworks.ts'
import type { Step } from '../../src/release/model.ts'
import { rule } from '../../src/rule/rule.ts'

// What brings a dead process back, by the files it is set up in.
const watchers =
  /(^|\/)(supervisor[^/]*|monit[^/]*|god|eye|bluepill|runit|s6|circus)(\/|\.|$)|\.(service|monitrc|god)$|(^|\/)(Procfile|ecosystem\.config\.[cm]?js|(docker-)?compose[^/]*\.ya?ml)$/

export default rule({
  on: 'release',
  severity: 'warning',
  finds: 'A worker that the release or the boot starts by hand, with nothing that starts it again when it dies.',
  hazard:
    'A worker that dies at night stays dead and says nothing: mails, imports and payments wait until somebody looks.',
  instead: 'Run it under systemd (`Restart=always`), supervisor or monit, and let the release restart that unit.',
  since: '0.1.0',
  *check(release, { files, stack }) {
    if (files.all.some((source) => watchers.test(source.file))) return
    for (const step of release.steps) {
      if (step.runs === 'after a failure' || !byHand(step)) continue
      yield {
        at: step.at,
        says: `${shown(step)} starts a worker that nothing watches: when it dies, it stays dead until the next release`,
        because: release.switches.slice(-1).map((one) => told(one, 'part of this release')),
      }
    }
    for (const { because } of stack.workers) {
      const { file, start, end } = because.at
      const line = files.get(file)?.text.slice(start, end) ?? ''
      if (!/^\s*@reboot\s/.test(line)) continue
      yield {
        at: because.at,
        says: `\`${line.trim()}\` starts a worker once, at boot, and nothing watches it: when it dies, it stays dead until the host is restarted`,
      }
    }
  },
})

/** Started into the background by the script itself. */
function byHand(step: Step): boolean {
  if (!isWorker(step) || (step.kind !== 'start' && step.kind !== 'restart workers')) return false
  if (step.detail.what === 'delayed_job') return true
  const { command } = step
  const after = command?.piece.text.slice(command.end, command.end + 40) ?? ''
  const detached =
    /^[^\n;|]*&(?!&)/.test(after) || (command?.wrappers ?? []).some((one) => /nohup|setsid|screen|tmux/.test(one))
  return step.kind === 'start' && (detached || (step.detail.flags ?? []).some((flag) => /^(-d|--daemon)$/.test(flag)))
}
