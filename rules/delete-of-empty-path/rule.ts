import { deletesMuch, emptyTargets } from '../../src/facts/shell/targets.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'script',
  severity: 'error',
  finds:
    'A recursive delete whose target is another one when a variable is empty: `/`, a system directory, the home or working directory, or a directory above the one that was meant.',
  hazard:
    'One run with the variable empty, after a reconnect, a failed command or a missing argument, deletes all releases, the site, or the host.',
  instead:
    'Write `${VARIABLE:?}` in the path itself: the command then stops, with a message, before anything is deleted.',
  since: '0.1.0',
  *check(script) {
    yield* emptyTargets(script, deletesMuch)
  },
})
