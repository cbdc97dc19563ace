import { keepLists } from '../../src/facts/shell/keep.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'script',
  severity: 'error',
  finds: 'A delete of everything that is not in a list, where the list is what a command printed and may be empty.',
  hazard: 'When the command fails or finds nothing, nothing is spared: all releases go, and the live one with them.',
  instead: 'Stop when the list is empty before anything is compared with it: `[ -n "$current" ] || exit 1`.',
  since: '0.1.0',
  *check(script) {
    for (const { command, kept, because } of keepLists(script))
      yield {
        at: command.at,
        says: `when ${kept} is empty nothing is kept: \`${shown(command.text)}\` deletes all of them`,
        because: [...because, ...command.via],
      }
  },
})

const shown = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 80)
