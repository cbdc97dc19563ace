import type { Bind } from '../../src/facts/php/bind.ts'
import { outcomeOf, readOutcome, type Outcome } from '../../src/facts/sql/outcome.ts'
import { phpRangeText } from '../../src/facts/stack/php-version.ts'
import { allowsBelow, versionOf } from '../../src/facts/stack/version-range.ts'
import type { Fix } from '../../src/source/edit.ts'
import type { Database } from '../../src/rule/databases.ts'
import { rule, type Finding, type Severity } from '../../src/rule/rule.ts'

export default rule({
  on: 'database',
  severity: 'error',
  finds: 'A boolean that reaches a MySQL or MariaDB statement in a form that the column does not take.',
  hazard:
    'Bound without a type, `false` arrives as an empty string: strict mode refuses the row (error 1366), other modes store 0, and where errors are silent the write just does not happen; a typed boolean stores the wrong value in an ENUM.',
  instead:
    'Cast where it is bound, `(int) $flag`, or give the type, `PDO::PARAM_BOOL` (PHP 7.3.7 and later) or `ParameterType::BOOLEAN`; give an ENUM its value as text.',
  since: '0.1.0',
  *check(database) {
    for (const bind of database.binds) {
      const outcome = outcomeOf(bind)
      if (outcome) yield finding(bind, outcome)
      else if (bind.type === 'PDO::PARAM_BOOL') yield* typed(bind, database)
    }
    for (const read of database.reads) yield { at: read.at, says: readOutcome(read), because: read.because }
  },
})

function finding(bind: Bind, outcome: Outcome): Finding {
  const fix = outcome.does === 'luck' ? undefined : fixOf(bind, outcome)
  return {
    at: bind.at,
    says: `${when(bind, outcome)}${outcome.says}`,
    severity: severity(bind, outcome),
    because: bind.because,
    ...(fix ? { fixes: [fix] } : {}),
  }
}

function when(bind: Bind, outcome: Outcome): string {
  if (bind.value !== 'either' || outcome.when === 'both') return ''
  return `when ${bind.text} is ${outcome.when}, `
}

function severity(bind: Bind, outcome: Outcome): Severity {
  if (outcome.does === 'luck') return 'info'
  if (bind.sure === 'sometimes' || bind.role === 'unknown') return 'warning'
  const onlyText = bind.column?.class === 'text' && bind.sends === 'text'
  return onlyText ? 'warning' : 'error'
}

// PARAM_BOOL is right from PHP 7.3.7 on; before, a native prepare with it failed in silence (PHP bug 38546).
function* typed(bind: Bind, { php, databases }: Database): Iterable<Finding> {
  if (bind.value === 'input') {
    const says = `any text but '' and '0' counts as true with PDO::PARAM_BOOL, 'false' too, and native prepares refuse it with error 1366`
    yield { at: bind.at, says, severity: 'warning', because: bind.because }
    return
  }
  const mended = versionOf('7.3.7')!
  if (databases.prepares === 'emulated' || (php.range && !allowsBelow(php.range, mended))) return
  const prepares = databases.prepares === 'native' ? 'prepares are native here' : 'prepares may be native'
  yield {
    at: bind.at,
    says: `before PHP 7.3.7 a native prepare with PDO::PARAM_BOOL stores nothing and says nothing: ${phpRangeText(php)} runs here, ${prepares}`,
    severity: php.range ? 'error' : 'info',
    because: [...bind.because, ...php.because, ...databases.preparesBecause].slice(0, 6),
  }
}

// `(int) $flag`: right for a number column, whatever the value is; a text column would change what it stores.
function fixOf(bind: Bind, outcome: Outcome): Fix | undefined {
  if (bind.sends !== 'text' || bind.nullable || bind.library === 'Node' || outcome.does !== 'refused') return undefined
  if (bind.value === 'text' || bind.sure === 'sometimes' || /bind_?param/i.test(bind.call)) return undefined
  if (bind.column && bind.column.class !== 'number') return undefined
  const simple = /^[\w$>:()[\]'"-]+$/.test(bind.text) && !bind.text.includes('…')
  const text =
    bind.text === 'false' ? '0' : bind.text === 'true' ? '1' : simple ? `(int) ${bind.text}` : `(int) (${bind.text})`
  if (bind.text.endsWith('…')) return undefined
  const safety = bind.column ? 'safe' : 'unsafe'
  return { title: `Bind ${text}`, safety, edits: [{ at: bind.at, text }] }
}
