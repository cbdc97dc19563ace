import type { Label, Span } from '../../source/source.ts'
import type { Column } from '../sql/schema.ts'
import type { Role, Verb } from '../sql/statement.ts'

/** How a value travels to the database. */
export type Sends =
  /** As text: no type was given, or a text type. `false` is `''`, `true` is `'1'`. */
  | 'text'
  /** As a number: PARAM_BOOL, PARAM_INT, mysqli's `i` and `d`, a Node driver's boolean. */
  | 'number'
  /** As mysqli's `b`: nothing is sent but by send_long_data. */
  | 'blob'
  /** Written into the SQL text, bare or between quotes. */
  | 'bare'
  | 'quoted'

/** A value that reaches a parameter of a database statement, and all that decides what the database does with it. */
export interface Bind {
  /** The value where it is named on its way into the statement. */
  readonly at: Span
  /** The value as written. */
  readonly text: string
  /** A boolean; a text `'true'`/`'false'`; text from outside; something not known (only for mysqli's letter b). */
  readonly value: 'true' | 'false' | 'either' | 'text' | 'input' | 'undefined' | 'NaN' | 'unknown'
  /** `sometimes`: it may also be something that is no boolean. */
  readonly sure: 'always' | 'sometimes'
  /** It may also be null, which is bound as NULL. */
  readonly nullable: boolean
  readonly sends: Sends
  /** The type constant or letter given: `PDO::PARAM_BOOL`. */
  readonly type: string | undefined
  readonly library: 'PDO' | 'mysqli' | 'Doctrine DBAL' | 'Node'
  /** The call that binds, as written. */
  readonly call: string
  readonly callAt: Span
  readonly verb: Verb | undefined
  readonly role: Role | 'unknown'
  readonly columnName: string | undefined
  readonly column: Column | undefined
  /** How the boolean came here: from its birth to the call that binds. */
  readonly because: readonly Label[]
  /** Whether this statement goes to MySQL or MariaDB. */
  readonly mysql: 'yes' | 'unknown'
}

/** A statement that is sent, and what becomes of its failure. */
export interface Sent {
  readonly at: Span
  readonly text: string
  readonly library: 'PDO' | 'unknown'
  readonly verb: Verb | undefined
  readonly table: string | undefined
  /** Nobody looks at what the call gives, nor asks the statement for its error. */
  readonly unused: boolean
  /** The catch around it that takes its errors, when there is one. */
  readonly caught: { readonly at: Span; readonly types: readonly string[]; readonly empty: boolean } | undefined
}

/** A column that a program reads as if it came as a boolean. */
export interface Read {
  readonly at: Span
  readonly text: string
  /** Compared with `true` or `false` by `===`, or used as a condition. */
  readonly how: 'compared' | 'truthy'
  readonly column: Column
  readonly driver: string
  readonly because: readonly Label[]
}
