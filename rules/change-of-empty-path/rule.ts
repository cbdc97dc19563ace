import { emptyTargets } from '../../src/facts/shell/targets.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'script',
  severity: 'warning',
  finds:
    'A recursive `chown`, `chmod` or `setfacl`, a `mv`, a recursive `cp` or a `tar -C` whose target is a directory further up when a variable is empty.',
  hazard:
    'The system loses its owners and rights, or files land in places where nobody looks for them; neither can be undone by hand.',
  instead: 'Write `${VARIABLE:?}` in the path.',
  since: '0.1.0',
  *check(script) {
    yield* emptyTargets(
      script,
      (effect) => effect.does === 'owns' || effect.does === 'moves' || (effect.does === 'replaces' && !effect.tree),
    )
  },
})
