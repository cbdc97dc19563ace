import { carriageReturns, type CarriageReturns } from '../../src/facts/shell/carriage.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'script',
  severity: 'error',
  finds: 'A shell script whose lines end as on Windows, with a carriage return before the line feed.',
  hazard:
    'The kernel looks for an interpreter whose name ends in `\\r`, or the shell takes it for the last letter of a word: the release does not start, or works on `/srv/app\\r`.',
  instead: 'Save the script with line feeds alone, and keep it so with `*.sh text eol=lf` in `.gitattributes`.',
  since: '0.1.0',
  *check(script) {
    const found = carriageReturns(script)
    if (!found) return
    yield {
      at: found.at,
      says: says(found),
      ...(found.carries === 'interpreter' && found.next
        ? { because: [{ at: found.next, says: 'nothing from here on runs' }] }
        : {}),
      ...(found.carries === 'text'
        ? { severity: 'warning' as const }
        : {
            fixes: [{ title: 'end all lines with a line feed alone', safety: 'safe' as const, edits: found.without }],
          }),
    }
  },
})

function says({ carries, text, lines }: CarriageReturns): string {
  const all = lines === 1 ? 'one line ends so' : `${lines} lines end so`
  switch (carries) {
    case 'interpreter': {
      const [, env, name] = /^#!\s*(\S*\/env\s+)?(.*)$/.exec(text)!
      const who = env === undefined ? 'the kernel' : 'env'
      return `${who} looks for the interpreter \`${name}\\r\`, which is not there: the script does not start (${all})`
    }
    case 'command':
      return `the shell reads \`${text}\\r\`: the carriage return is part of the last word (${all})`
    case 'text':
      return `a comment or a text ends in a carriage return; the next command that does will fail (${all})`
  }
}
