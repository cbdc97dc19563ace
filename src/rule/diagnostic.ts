import type { Label, Span } from '../source/source.ts'
import type { Fix } from '../source/edit.ts'
import type { Rule, Severity } from './rule.ts'

/** A finding as it is reported: plain data. */
export interface Diagnostic {
  readonly rule: string
  readonly severity: Severity
  readonly at: Span
  readonly says: string
  readonly because: readonly Label[]
  readonly fixes: readonly Fix[]
  readonly hazard: string
  readonly instead: string
  /** Set when a comment in the file allows it; the comment's reason. */
  readonly allowed?: string
}

/** Rules by id. */
export type Rules = Readonly<Record<string, Rule>>
