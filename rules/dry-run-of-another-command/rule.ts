import { otherRehearsals, type Rehearsal } from '../../src/facts/shell/rehearsal.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'script',
  severity: 'warning',
  finds:
    'A rehearsal (`--dry-run`) whose arguments, or what its variables hold, are not those of the run that follows.',
  hazard: 'The rehearsal says what another command would have done: the run deletes what nobody was shown.',
  instead:
    'Keep the arguments in one array, or in one function, and add `--dry-run` to that: `sync --dry-run`, then `sync`.',
  since: '0.1.0',
  *check(script) {
    for (const found of otherRehearsals(script))
      yield {
        at: found.run.at,
        says: says(found),
        because: [{ at: found.dry.at, says: 'the rehearsal' }, ...found.run.via],
      }
  },
})

function says({ onlyRun, onlyDry, changed }: Rehearsal): string {
  if (changed.length > 0)
    return `${listed(changed)} ${changed.length === 1 ? 'holds' : 'hold'} another value than at the rehearsal: ${listed(onlyRun)}, where that was run with ${listed(onlyDry)}`
  const parts = [
    ...(onlyRun.length > 0 ? [`only the run has ${listed(onlyRun)}`] : []),
    ...(onlyDry.length > 0 ? [`only the rehearsal has ${listed(onlyDry)}`] : []),
  ]
  return `this was rehearsed as another command: ${parts.join(', ')}`
}

const listed = (words: readonly string[]): string =>
  words
    .slice(0, 4)
    .map((word) => `\`${word}\``)
    .join(', ') + (words.length > 4 ? ' and more' : '')
