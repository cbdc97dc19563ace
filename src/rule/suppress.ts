import type { Diagnostic, Rules } from './diagnostic.ts'
import type { Facts } from './facts.ts'

/** The `shiplint-allow RULE: reason` comments of a project. */
export interface Allowance {
  /** The reason by which a comment allows this diagnostic; undefined: none does. */
  reasonFor(diagnostic: Diagnostic): string | undefined
  /** What is wrong with the comments themselves: no reason, an unknown rule, nothing to allow. */
  findings(ran: readonly string[]): readonly Diagnostic[]
}

/** Reads the allow comments of every file that was read. */
export function allowances(_facts: Facts, _rules: Rules): Allowance {
  return { reasonFor: () => undefined, findings: () => [] }
}
