import { rewrites, type Rewrite } from '../../src/facts/shell/rewrite.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'script',
  severity: 'warning',
  finds: 'A script that changes its own file while it runs and has statements left to run.',
  hazard:
    'Written in place, the shell reads on in the middle of the new text and runs halves of lines; replaced by git or rsync, it deploys the new code by the old steps.',
  instead:
    'Put the work in one function that is called on the last line, or update first and start over: `git pull && exec "$0" "$@"`.',
  since: '0.1.0',
  *check(script) {
    for (const found of rewrites(script))
      yield {
        at: found.command.at,
        says: says(script.site.file, found),
        because: [...found.command.via, { at: found.next.at, says: because[found.how] }],
      }
  },
})

const because = {
  'in place': 'the shell comes back to the file here, and finds another text',
  beside: 'from here on the old text runs beside the new code',
} as const

function says(file: string, { command, how, rest }: Rewrite): string {
  const text = command.text.replace(/\s+/g, ' ')
  const left = rest === 1 ? 'one statement is' : `${rest} statements are`
  const run = rest === 1 ? 'it runs as it was' : 'they run as they were'
  return how === 'in place'
    ? `\`${text}\` writes into ${file} while the shell reads it: ${left} left, and it reads on in the middle of the new text`
    : `\`${text}\` can replace ${file} while it runs: ${left} left, and ${run} before`
}
