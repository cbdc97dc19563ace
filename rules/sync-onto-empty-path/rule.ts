import { emptyTargets } from '../../src/facts/shell/targets.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'script',
  severity: 'error',
  finds:
    'A mirroring copy with deletion (`rsync --delete`, `aws s3 sync --delete`, `rclone sync`) whose destination is a directory further up when a variable is empty.',
  hazard:
    'Everything there that the source does not have is deleted: all other releases, the media, in the worst case the host.',
  instead:
    'Write `${VARIABLE:?}` in the destination, or keep the full path in one variable: an empty one then makes the command fail.',
  since: '0.1.0',
  *check(script) {
    yield* emptyTargets(script, (effect) => effect.does === 'replaces' && effect.tree)
  },
})
