import { undoneIn, type Undone } from '../../src/facts/nginx/undone.ts'
import { showsSwitch } from '../../src/release/served.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'location',
  severity: 'warning',
  finds:
    'A `fastcgi_param` that PHP never gets: a later include sets the same name again, or the location has parameters of its own and so inherits none.',
  hazard:
    'PHP gets another path than the one that is written: an undone `$realpath_root` serves the old release after every switch, and a lost SCRIPT_FILENAME answers 200 with an empty page.',
  instead:
    'Write the include first and your own parameters behind it, all in the location that has the `fastcgi_pass`; nginx takes the last line of a name, and inherits parameters only where a level has none of its own.',
  since: '0.1.0',
  *check(location, facts) {
    const severity = showsSwitch(facts.all('release'), facts.all('handover')) ? 'warning' : 'info'
    for (const undone of undoneIn(location)) {
      const { lines, by, mend } = undone
      const brought =
        by.source && undone.how === 'overridden' ? [...by.via, { at: by.at, says: `sets it to ${by.args[1]}` }] : by.via
      const lost = lines.map((line) => ({ at: line.at, says: `${line.args[0]} is set to ${line.args[1]} here` }))
      const at = undone.how === 'overridden' ? lines[0]!.at : by.at
      const because = undone.how === 'overridden' ? brought : [...lost, ...brought]
      yield { at, severity, says: says(undone), because, fixes: mend ? [mend] : [] }
    }
  },
})

function says({ how, names, lines, sent, by }: Undone): string {
  const [name] = names
  const rest = names.length > 1 ? ` and ${names.length - 1} more` : ''
  if (how === 'overridden') {
    const include = by.via[0] ? 'an include behind this line sets it again' : 'a later line sets it again'
    return `PHP gets ${name} ${sent}, not ${lines[0]!.args[1]}: ${include}`
  }
  const own = 'a location with a fastcgi_param of its own inherits none from outside'
  if (sent !== undefined) return `PHP gets ${name} ${sent}, not ${lines[0]!.args[1]}${rest}: ${own}`
  const end = name === 'SCRIPT_FILENAME' ? ', and answers 200 with an empty page' : ''
  return `PHP gets no ${name}${rest} here${end}: ${own}`
}
