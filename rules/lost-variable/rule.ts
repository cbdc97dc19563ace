import { lostIn, type Lost } from '../../src/facts/shell/lost.ts'
import { scriptsBefore } from '../../src/facts/shell/row.ts'
import { shownText } from '../../src/facts/shell/script.ts'
import type { Origin } from '../../src/facts/shell/value.ts'
import { stepOf } from '../../src/release/steps.ts'
import type { Label } from '../../src/source/source.ts'
import { rule, type Severity } from '../../src/rule/rule.ts'

export default rule({
  on: 'script',
  severity: 'error',
  finds:
    'A variable that is set in one shell and used in another, where it is empty: two steps, two lines of a recipe, two `RUN`s, two `ssh` calls, `sudo -i`, a pipeline.',
  hazard:
    'The command runs with nothing in its place: `releases/$VERSION/` becomes `releases/`, and a release goes to the wrong place or deletes all others.',
  instead:
    'Hand the value on in the way the host offers (`$GITHUB_ENV`, `dotenv`, `ENV`, an argument), or put what belongs together into one shell.',
  since: '0.1.0',
  *check(script, facts) {
    // What is pasted line by line has a rule of its own.
    if (script.site.shell.interactive) return
    const found = [...lostIn(script, scriptsBefore(script, facts.all('script')))].map((lost) => ({
      lost,
      severity: severityOf(lost),
    }))
    // Where a name is lost on the way to something that counts, what is only printed with it says nothing more.
    const told = new Set(found.flatMap(({ lost }) => (prints(lost) ? [] : [lost.name])))
    for (const { lost, severity } of found) {
      if (prints(lost) && told.has(lost.name)) continue
      told.add(lost.name)
      yield { at: lost.command.at, says: says(lost, script.site.holes), severity, because: trail(lost) }
    }
  },
})

const prints = ({ command }: Lost): boolean =>
  /^(echo|printf|log\w*|info|print)$/.test(command.name ?? '') && !/>/.test(command.text)

function severityOf(lost: Lost): Severity {
  if (lost.destroys) return 'error'
  const kind = stepOf(lost.command)?.step.kind
  return kind !== undefined && kind !== 'opaque' && kind !== 'notify' ? 'error' : 'warning'
}

function says({ command, name, use, why }: Lost, holes: readonly Origin[]): string {
  const own = new RegExp(String.raw`\$(?:\{${name}\}|${name}\b)`, 'g')
  const text = shownText(command, holes)
  // What is put together on an earlier line is shown as it comes out.
  const runs = own.test(text) ? text.replace(own, '') : shownText(command, holes, (origin) => origin === use)
  return `$${name} is empty here, so this runs \`${runs}\`: it ${why}`
}

function trail({ set, use, command }: Lost): readonly Label[] {
  const here = command.via.filter((label) => label.says !== '')
  return [set, ...here, ...(use.how === '' ? [] : [{ at: use.at, says: `${use.name} ${use.how}` }])].filter(
    (label) =>
      label.at.file !== command.at.file || label.at.start !== command.at.start || label.at.end !== command.at.end,
  )
}
