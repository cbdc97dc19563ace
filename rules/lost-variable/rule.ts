import { lostIn, type Lost } from '../../src/facts/shell/lost.ts'
import { scriptsBefore } from '../../src/facts/shell/row.ts'
import { shownText } from '../../src/facts/shell/script.ts'
import type { Origin } from '../../src/facts/shell/value.ts'
import { stepOf } from '../../src/release/steps.ts'
import type { Label, Span } from '../../src/source/source.ts'
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
    const found = [...lostIn(script, scriptsBefore(script, facts.all('script')))]
    // Where a name is lost on the way to something that counts, what is only printed with it says nothing more.
    const told = new Set(found.flatMap((lost) => (prints(lost) ? [] : [lost.name])))
    const kept = found.filter((lost) => {
      if (prints(lost) && told.has(lost.name)) return false
      told.add(lost.name)
      return !found.some((other) => other.name === lost.name && isInside(other.command.at, lost.command.at))
    })
    for (const command of new Set(kept.map((lost) => lost.command))) {
      const all = kept.filter((lost) => lost.command === command)
      const severity = all.some((lost) => severityOf(lost) === 'error') ? 'error' : 'warning'
      yield { at: command.at, says: says(all, script.site.holes), severity, because: all.flatMap(trail) }
    }
  },
})

const prints = ({ command }: Lost): boolean =>
  /^(echo|printf|log\w*|info|print)$/.test(command.name ?? '') && !/>/.test(command.text)

/** Whether a command is a part of the text that another one sends. */
const isInside = (inner: Span, outer: Span): boolean =>
  inner.file === outer.file &&
  inner.start >= outer.start &&
  inner.end <= outer.end &&
  inner.end - inner.start < outer.end - outer.start

function severityOf(lost: Lost): Severity {
  if (lost.destroys) return 'error'
  const kind = stepOf(lost.command)?.step.kind
  return kind !== undefined && kind !== 'opaque' && kind !== 'notify' ? 'error' : 'warning'
}

function says(all: readonly Lost[], holes: readonly Origin[]): string {
  const { command, why } = all[0]!
  const names = all.map((lost) => `$${lost.name}`)
  const own = new RegExp(all.map(({ name }) => String.raw`\$(?:\{${name}\}|${name}\b)`).join('|'), 'g')
  const text = shownText(command, holes)
  // What is put together on an earlier line is shown as it comes out.
  const uses = new Set(all.map((lost) => lost.use))
  const runs = own.test(text) ? text.replace(own, '') : shownText(command, holes, (origin) => uses.has(origin))
  const are = names.length === 1 ? `${names[0]} is` : `${names.slice(0, -1).join(', ')} and ${names.at(-1)} are`
  return `${are} empty here, so this runs \`${runs}\`: ${names.length === 1 ? 'it' : names[0]} ${why}`
}

function trail({ set, use, command }: Lost): readonly Label[] {
  const here = command.via.filter((label) => label.says !== '')
  return [set, ...here, ...(use.how === '' ? [] : [{ at: use.at, says: `${use.name} ${use.how}` }])].filter(
    (label) =>
      label.at.file !== command.at.file || label.at.start !== command.at.start || label.at.end !== command.at.end,
  )
}
