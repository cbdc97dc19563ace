import { pastedHazards } from '../../src/facts/shell/pasted.ts'
import { scriptsBefore } from '../../src/facts/shell/row.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'script',
  severity: 'warning',
  finds:
    'A line of a runbook that deletes, replaces or moves another path than the one that is meant when a variable set by an earlier line is gone.',
  hazard:
    'People paste a runbook line by line; after a reconnect the variables are empty and a guard on a line of its own does not stop the next: this is how all releases of a cluster were deleted.',
  instead: 'Write `${VARIABLE:?}` inside the path of the line itself, or the full path.',
  since: '0.1.0',
  *check(script, facts) {
    if (script.site.shell.interactive) yield* pastedHazards(script, scriptsBefore(script, facts.all('script')))
  },
})
