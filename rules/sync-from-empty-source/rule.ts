import { emptyTargets } from '../../src/facts/shell/targets.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'script',
  severity: 'error',
  finds: 'A mirroring copy with deletion whose source is a directory further up when a variable is empty.',
  hazard:
    'The destination is made equal to the wrong tree: the whole machine is copied over it, and what it held is deleted.',
  instead: 'Write `${VARIABLE:?}` in the source.',
  since: '0.1.0',
  *check(script) {
    // A glob as source names its entries one by one, and nothing beside them is deleted.
    yield* emptyTargets(script, (effect) => effect.does === 'reads' && !/\*$/.test(effect.word.text))
  },
})
