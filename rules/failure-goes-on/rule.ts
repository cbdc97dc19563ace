import { scriptsAfter } from '../../src/facts/shell/row.ts'
import { shownText } from '../../src/facts/shell/script.ts'
import { failuresThatGoOn } from '../../src/release/failures.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'script',
  severity: 'warning',
  finds:
    'A step of a release (fetch, install, build, migrate, upload) whose failure does not stop the steps after it, or is hidden.',
  hazard:
    'The release goes on with half of it missing: the link is switched to code without its packages, workers are restarted onto a database that was not migrated, and the run ends green.',
  instead:
    'Begin every text that a shell reads, the far side of ssh too, with `set -euo pipefail` (`set -eu` in sh), and let a step that may fail say so itself.',
  since: '0.1.0',
  *check(script, facts) {
    // A runbook's lines are pasted one by one by somebody who reads what they print.
    if (script.site.shell.interactive) return
    const { holes } = script.site
    for (const { command, why, next, because, hides } of failuresThatGoOn(
      script,
      scriptsAfter(script, facts.all('script')),
    )) {
      const text = shownText(command, holes)
      const says = next
        ? `when \`${text}\` fails, \`${shownText(next, holes)}\` runs all the same: ${why}`
        : `when \`${text}\` fails nothing stops and nobody is told: ${why}`
      const edit = hides && command.piece.edit(hides.start, hides.end, '')
      yield {
        at: command.at,
        says,
        because: [...because, ...(next ? [{ at: next.at, says: 'runs all the same' }] : []), ...command.via.slice(-2)],
        fixes: edit ? [{ title: 'let the failure stop the release', safety: 'unsafe', edits: [edit] }] : [],
      }
    }
  },
})
