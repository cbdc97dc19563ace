import type { Call, Tongue } from '../call.ts'
import type { Detail, StepKind } from '../model.ts'

/** One entry of the vocabulary: what a command or module does to a release. A test runs the example through the parser and the table. */
export interface Row {
  /** A call as it is written in practice. */
  readonly example: string
  /** `name operand operand`: alternatives with `|`, `*` for any characters; options and further operands are passed over. */
  readonly call: string
  /** The language of the call; left out: shell. */
  readonly in?: Tongue
  readonly kind: StepKind | 'nothing'
  readonly tool?: string
  readonly what?: string
  /** What else must hold. */
  readonly when?: (call: Call) => boolean
  /** What the words tell: paths, how, why it is in vain. */
  readonly detail?: (call: Call) => Detail
}

/** The first operand that has a pattern's form. */
export function operand(call: Call, pattern: RegExp): string | undefined {
  return call.operands.find((word) => pattern.test(word))
}

/** An option's value, by any of its names. */
export function valueOf(call: Call, ...options: readonly string[]): string | undefined {
  for (const option of options) {
    const value = call.options.get(option)
    if (typeof value === 'string') return value
  }
  return undefined
}

/** The directory a command works in: an option's, else the working directory. */
export function inDirectory(...options: readonly string[]): (call: Call) => Detail {
  return (call) => {
    const path = valueOf(call, ...options) ?? call.cwd
    return path ? { path } : {}
  }
}
