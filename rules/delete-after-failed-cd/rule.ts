import { strayTargets } from '../../src/facts/shell/stray.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'script',
  severity: 'error',
  finds:
    'A relative delete after a `cd` that can fail, or that goes nowhere: `cd ""` stays where it is, `cd $X` goes home when X is empty.',
  hazard: 'The delete runs where the script was started: in the home directory, in the live site, in the checkout.',
  instead: 'Write `cd "${DIRECTORY:?}" || exit 1`, or name the directory in the delete itself.',
  since: '0.1.0',
  *check(script) {
    yield* strayTargets(script)
  },
})
