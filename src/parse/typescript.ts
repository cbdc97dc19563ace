import type { Source } from '../source/source.ts'

/** What a value is, as far as the checker and the text tell. */
export interface TsValue {
  readonly start: number
  readonly end: number
  readonly kind: 'boolean' | 'string' | 'number' | 'undefined' | 'array' | 'object' | 'template' | 'other'
  /** A literal's value as text: `true`, `NaN`, the characters of a string. */
  readonly text?: string
  /** The members of its type: `boolean`, `undefined`, `"true"`, `string`; empty when the type is any or unknown. */
  readonly type: readonly string[]
  /** An array's elements, spread ones left out (`open` says that there are some). */
  readonly items?: readonly TsValue[]
  readonly entries?: readonly { readonly key: string; readonly value: TsValue }[]
  /** A template's texts and values in turn. */
  readonly parts?: readonly (string | TsValue)[]
}

/** A method call, with the calls that it is chained to: `knex('t').where(…).update(…)`. */
export interface TsCall {
  readonly start: number
  readonly end: number
  readonly method: string
  /** The receiver as written, shortened. */
  readonly on: string
  /** The module that the receiver's type or value comes from, followed to its import; undefined when it cannot be told. */
  readonly module: string | undefined
  readonly args: readonly TsValue[]
  /** The calls before it in the chain, nearest first; a bare call `knex('t')` has the method ``. */
  readonly chain: readonly { readonly method: string; readonly args: readonly TsValue[] }[]
}

/** A property of a row that a query gave, used as if it were a boolean. */
export interface TsTest {
  readonly start: number
  readonly end: number
  /** `compared`: `=== true`, `!== false` and kin; `truthy`: `if (row.x)`, `!row.x`, `row.x ? …`. */
  readonly how: 'compared' | 'truthy'
  readonly property: string
  /** The query that the row comes from. */
  readonly query: TsCall
}

/** What one TypeScript or JavaScript file shows. */
export interface TsFile {
  readonly file: string
  readonly calls: readonly TsCall[]
  readonly tests: readonly TsTest[]
}

/**
 * A reader of TypeScript and JavaScript with types; it is heavy, so that a front loads it only when a file speaks to a
 * database. Files are given together, since types cross files. It never throws.
 */
export type TypescriptEngine = (sources: readonly Source[]) => readonly TsFile[]
