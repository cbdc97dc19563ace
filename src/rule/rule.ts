import type { Label, Span } from '../source/source.ts'
import type { Fix } from '../source/edit.ts'
import type { Facts, Subjects } from './facts.ts'

/** error: would break or destroy a running site on a feasible run; warning: loses requests, serves old code or hides a failure; info: advice. */
export type Severity = 'error' | 'warning' | 'info'

/** What a rule says of one place. */
export interface Finding {
  readonly at: Span
  /** What is wrong here, in one sentence that shows the very command that would run. */
  readonly says: string
  /** At most the rule's own severity; left out, it is the rule's. */
  readonly severity?: Severity
  /** The trail that a person reads in order: how it came so. */
  readonly because?: readonly Label[]
  readonly fixes?: readonly Fix[]
}

/** A hazard: what it asks of which subject. Its folder's name under `rules/` is its id and is written nowhere else. */
export interface Rule<On extends keyof Subjects = keyof Subjects> {
  readonly on: On
  readonly severity: Severity
  /** Reports at info until a release promotes it. */
  readonly preview?: true
  /** What it finds, in one sentence. */
  readonly finds: string
  /** What that does to the running site. */
  readonly hazard: string
  /** What to write instead. */
  readonly instead: string
  /** The version that brought it. */
  readonly since: string
  check(subject: Subjects[On], facts: Facts): Iterable<Finding>
}

/** Types a rule by its subject; nothing else. */
export function rule<On extends keyof Subjects>(given: Rule<On>): Rule<On> {
  return given
}

/** Severities from the mildest to the worst. */
export const severities: readonly Severity[] = ['info', 'warning', 'error']

/** Whether `a` is at least as bad as `b`. */
export function atLeast(a: Severity, b: Severity): boolean {
  return severities.indexOf(a) >= severities.indexOf(b)
}

/** The milder of two severities. */
export function milder(a: Severity, b: Severity): Severity {
  return atLeast(a, b) ? b : a
}
