import { systemTargets } from '../../src/facts/shell/targets.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'script',
  severity: 'error',
  finds:
    'A recursive delete of `/`, of a directory that the system needs, or of the home directory, as written; or a change of owner or mode of all that the system needs.',
  hazard: 'The host does not come back: there is no shell, no library and no service left to repair it with.',
  instead: 'Take out the stray space, or write the directory that was meant.',
  since: '0.1.0',
  *check(script) {
    yield* systemTargets(script)
  },
})
