import { otherRehearsals, type Rehearsal } from '../../src/facts/shell/rehearsal.ts'
import { scriptsBefore } from '../../src/facts/shell/row.ts'
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
  *check(script, facts) {
    for (const found of otherRehearsals(script, scriptsBefore(script, facts.all('script'))))
      yield {
        at: found.run.at,
        says: says(found),
        because: [{ at: found.dry.at, says: 'the rehearsal' }, ...found.run.via],
      }
  },
})

function says({ onlyRun, onlyDry, changed, losable }: Rehearsal): string {
  if (changed.length > 0)
    return `${listed(changed)} ${changed.length === 1 ? 'holds' : 'hold'} another value than at the rehearsal: ${listed(onlyRun)}, where that was run with ${listed(onlyDry)}`
  if (onlyRun.length + onlyDry.length === 0)
    return `${listed(losable)} may be gone by then: the rehearsal and the run are pasted one after the other, and a reconnect in between empties it`
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
