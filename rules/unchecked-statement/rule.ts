import type { Sent } from '../../src/facts/php/bind.ts'
import { phpRangeText } from '../../src/facts/stack/php-version.ts'
import { allowsBelow, versionOf } from '../../src/facts/stack/version-range.ts'
import type { Database } from '../../src/rule/databases.ts'
import { rule, type Finding } from '../../src/rule/rule.ts'
import type { Label } from '../../src/source/source.ts'

export default rule({
  on: 'sent',
  severity: 'warning',
  finds:
    'A write to the database whose failure nobody can see: PDO reports it only by a result that is ignored, or an empty catch drops it.',
  hazard:
    'When the release breaks the write (a renamed column, a refused value), pages go on answering and the data is missing: it shows days later, and nothing in any log says since when.',
  instead:
    'Set `PDO::ATTR_ERRMODE` to `PDO::ERRMODE_EXCEPTION` (the default only since PHP 8.0), and in a catch log the exception or throw it on.',
  since: '0.1.0',
  *check(sent, facts) {
    if (sent.verb !== 'insert' && sent.verb !== 'update' && sent.verb !== 'delete') return
    if (sent.caught?.empty) yield swallowed(sent, sent.caught)
    else if (sent.unused && sent.library === 'PDO') yield* ignored(sent, facts.all('database')[0]!)
  },
})

const into: Readonly<Record<string, string>> = { insert: 'INSERT into', update: 'UPDATE of', delete: 'DELETE from' }

const write = (sent: Sent): string => (sent.table ? `${into[sent.verb!]} ${sent.table}` : sent.verb!.toUpperCase())

function swallowed(sent: Sent, caught: NonNullable<Sent['caught']>): Finding {
  return {
    at: caught.at,
    says: `nobody learns when the ${write(sent)} fails: this catch of ${caught.types.join('|')} does nothing`,
    because: [{ at: sent.at, says: 'this write can fail' }],
  }
}

function* ignored(sent: Sent, { databases, php }: Database): Iterable<Finding> {
  const { errors } = databases
  const old = errors === 'default' && php.range !== undefined && allowsBelow(php.range, versionOf('8.0')!)
  if (errors !== 'silent' && errors !== 'warning' && !old) return
  const why = old
    ? `PDO is silent before PHP 8.0, and ${phpRangeText(php)} runs here`
    : mode[errors as 'silent' | 'warning']
  const because: readonly Label[] = old ? php.because : databases.errorsBecause
  yield { at: sent.at, says: `nobody learns when the ${write(sent)} fails: its result is ignored, and ${why}`, because }
}

const mode = { silent: 'PDO is set to be silent', warning: 'PDO only writes a PHP warning' }
