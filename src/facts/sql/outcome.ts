import type { Column } from './schema.ts'
import type { Bind, Read } from '../php/bind.ts'

/** What the database does with a value that is bound to it. */
export interface Outcome {
  /** `refused`: an error in strict mode; `wrong`: another value or other rows than meant; `luck`: it works, by accident. */
  readonly does: 'refused' | 'wrong' | 'luck'
  /** What MySQL receives and does, by mode, as one clause. */
  readonly says: string
  /** Which boolean does it. */
  readonly when: 'true' | 'false' | 'both'
}

const may = (bind: Bind, is: 'true' | 'false'): boolean => bind.value === is || bind.value === 'either'

/** What MySQL and MariaDB do with a bind, by what is sent and the column it meets; undefined: what was meant. */
export function outcomeOf(bind: Bind): Outcome | undefined {
  if (bind.value === 'unknown') return bind.sends === 'blob' ? blob(bind) : undefined
  if (bind.value === 'text') return spelled(bind)
  if (bind.value === 'input') return undefined
  if (bind.value === 'undefined' || bind.value === 'NaN') return notAValue(bind)
  if (bind.sends === 'blob') return blob(bind)
  if (bind.sends === 'bare') return bare(bind)
  if (bind.role === 'compare') return compared(bind)
  if (bind.role === 'other') return undefined
  return bind.sends === 'number' ? storedNumber(bind) : storedText(bind)
}

const named = (bind: Bind): string => (bind.columnName === undefined ? 'the column' : bind.columnName)
const typed = (column: Column): string => `${column.name} ${column.type}`

// BOOL-02: without a type `false` is '' and `true` is '1'.
function storedText(bind: Bind): Outcome | undefined {
  const { column } = bind
  const falsy = may(bind, 'false')
  switch (column?.class) {
    case 'bit':
      if (!may(bind, 'true')) return undefined
      return refused('true', `'1', the byte 0x31, is too long for ${typed(column)}: error 1406 in strict mode`)
    case 'text':
      return falsy
        ? { does: 'wrong', when: 'false', says: `${typed(column)} stores '' instead of '0', without a word` }
        : undefined
    case 'json':
      return falsy
        ? refused('false', `'' is no JSON for ${typed(column)}: error 3140 in MySQL, 4025 in MariaDB`)
        : undefined
    case 'date':
      return refused(
        bind.value === 'true' ? 'true' : 'false',
        `${bind.value === 'true' ? "'1'" : "''"} is no date for ${typed(column)}: error 1292 in strict mode`,
      )
    case 'enum':
      return enumText(bind, column)
    case 'other':
      return undefined
    default:
      if (!falsy) return undefined
      return refused(
        'false',
        column
          ? `${typed(column)} gets '': error 1366 in strict mode, 0 without a word otherwise`
          : `${named(bind)} gets '': error 1366 for a number column in strict mode, 0 without a word otherwise`,
      )
  }
}

const refused = (when: Outcome['when'], says: string): Outcome => ({ does: 'refused', when, says })

function enumText(bind: Bind, column: Column): Outcome | undefined {
  const known = column.values.length > 0
  if (may(bind, 'false') && !(known && column.values.includes('')))
    return refused('false', `'' is none of ${typed(column)}: error 1265 in strict mode, and '' is stored otherwise`)
  if (may(bind, 'true') && known && !column.values.includes('1'))
    return refused('true', `'1' is none of ${typed(column)}: error 1265 in strict mode`)
  return undefined
}

// BOOL-05: a number is an ENUM's index.
function storedNumber(bind: Bind): Outcome | undefined {
  const { column } = bind
  if (column?.class === 'enum') {
    const first = column.values[0]
    const set = /^set\b/i.test(column.type)
    if (set) return undefined
    if (may(bind, 'true') && first !== '1' && first !== 'true') {
      const stored = first === undefined ? 'its first value' : `'${first}'`
      return {
        does: 'wrong',
        when: 'true',
        says: `true is sent as 1, the first value of ${typed(column)}: it stores ${stored}, also in strict mode`,
      }
    }
    return may(bind, 'false')
      ? refused(
          'false',
          `false is sent as 0, which is no index of ${typed(column)}: error 1265 in strict mode, '' is stored otherwise`,
        )
      : undefined
  }
  if (column?.class === 'date')
    return refused('both', `a number is no date for ${typed(column)}: error 1292 in strict mode`)
  return undefined
}

// BOOL-04: mysqli's `b` sends nothing but by send_long_data.
function blob(bind: Bind): Outcome {
  if (bind.value === 'false' && bind.column?.class === 'bit')
    return {
      does: 'luck',
      when: 'false',
      says: `the letter b means BLOB and sends '', which ${typed(bind.column)} stores as 0 by accident`,
    }
  const stores =
    bind.column?.class === 'bit'
      ? 'a BIT column stores 0 for true'
      : 'error 1366 for a number column in strict mode, and 0 is stored for true otherwise'
  return refused('both', `the letter b means BLOB and sends '' whatever the value is: ${stores}`)
}

// BOOL-07: false is nothing at all in a text.
function bare(bind: Bind): Outcome | undefined {
  if (!may(bind, 'false')) return undefined
  return refused('false', 'false is written as nothing into the SQL: the statement has a value too few, a syntax error')
}

// BOOL-06 and the WHERE side of BOOL-02.
function compared(bind: Bind): Outcome | undefined {
  const { column } = bind
  if (!may(bind, 'false')) return undefined
  if (bind.sends === 'number') {
    if (column?.class !== 'text') return undefined
    return {
      does: 'wrong',
      when: 'false',
      says: `${typed(column)} is compared with the number 0: every text that is no number matches`,
    }
  }
  if (column?.class === 'text' || column?.class === 'enum')
    return {
      does: 'wrong',
      when: 'false',
      says: `${typed(column)} is compared with '': rows that hold '0' do not match`,
    }
  return {
    does: 'luck',
    when: 'false',
    says: `${named(bind)} is compared with '', which finds 0 in a number column by accident and nothing in a text column`,
  }
}

// BOOL-06: the words 'true' and 'false' are no booleans to MySQL.
function spelled(bind: Bind): Outcome | undefined {
  const { column } = bind
  if (column?.class !== 'number' && column?.class !== 'bit') return undefined
  if (bind.sends === 'number') return undefined
  if (bind.role === 'compare') {
    if (column.class === 'bit') return undefined
    return {
      does: 'wrong',
      when: 'both',
      says: `${typed(column)} is compared with a word, which counts as 0: 'true' and 'false' both match the rows that hold 0`,
    }
  }
  if (bind.role === 'other') return undefined
  return column.class === 'bit'
    ? refused(
        'both',
        `${typed(column)} refuses the word with error 1406 in strict mode, and stores 1 for 'false' otherwise`,
      )
    : refused(
        'both',
        `${typed(column)} refuses the word with error 1366 in strict mode, and stores 0 for 'true' otherwise`,
      )
}

// BOOL-10: what mysql2's execute makes of values that are none.
function notAValue(bind: Bind): Outcome {
  if (bind.value === 'NaN')
    return { does: 'wrong', when: 'both', says: `execute sends NaN as 0 to ${named(bind)}, without a word` }
  return refused(
    'both',
    `${bind.text} ${bind.sure === 'always' ? 'is' : 'may be'} undefined: execute throws "Bind parameters must not contain undefined"`,
  )
}

/** What a program gets that reads a column as if it came as a boolean. */
export function readOutcome(read: Read): string {
  const { column, how, driver } = read
  if (column.class !== 'bit')
    return `${typed(column)} is read as the number 0 or 1: ${read.text} is ${read.text.includes('!==')} for both`
  if (how === 'compared') return `${driver} reads ${typed(column)} as a Buffer, which is never === true or false`
  return `${driver} reads ${typed(column)} as a Buffer, which counts as true for 0 as well`
}
