import { splitTargets } from '../../src/facts/shell/split.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'script',
  severity: 'warning',
  finds: 'A recursive delete of a path that holds, without quotes, what somebody typed or gave as an argument.',
  hazard:
    'A blank in it makes two targets of one, and a star matches what lies there: the delete takes directories that nobody named.',
  instead: 'Put the expansion in quotes: `rm -rf "/srv/sites/$name"`.',
  since: '0.1.0',
  *check(script) {
    for (const { command, origin, runs, because, fixes } of splitTargets(script))
      yield {
        at: command.at,
        says: `${origin.name} is not quoted: given as \`a b\` this runs \`${runs}\`, which deletes two other paths`,
        because,
        fixes,
      }
  },
})
