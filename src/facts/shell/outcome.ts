import { fork, type State } from './state.ts'
import type { Value } from './value.ts'

/** One operand of a test: its value, the variable it is when it is nothing else, and whether it can vanish. */
export interface Operand {
  readonly value: Value
  readonly name: string | undefined
  /** Expanded outside quotes in `[`: it vanishes when it is empty. */
  readonly bare: boolean
  readonly node: { readonly pos: number; readonly end: number }
  readonly text: string
}

/** What a test tells: the states in which it holds and those in which it does not. */
export interface Outcome {
  readonly holds: readonly State[]
  readonly fails: readonly State[]
}

/** Tells the states in which a part of a test holds from those in which it does not. */
export type Judge = (state: State) => Outcome

/** The states in which a test holds and fails, each narrowed by what that says; a side that cannot be is left out. */
export function either2(
  state: State,
  narrowHolds: (state: State) => boolean,
  narrowFails: (state: State) => boolean,
): Outcome {
  const holds = fork(state)
  const fails = fork(state)
  return { holds: narrowHolds(holds) ? [holds] : [], fails: narrowFails(fails) ? [fails] : [] }
}

/** A test of which nothing is known. */
export const unsure = (state: State): Outcome => ({ holds: [fork(state)], fails: [fork(state)] })

/** `!`. */
export const turned = (outcome: Outcome): Outcome => ({ holds: outcome.fails, fails: outcome.holds })

/** `&&` and `-a`. */
export const both =
  (left: Judge, right: Judge): Judge =>
  (state) => {
    const one = left(state)
    const two = one.holds.map(right)
    return {
      holds: two.flatMap((outcome) => outcome.holds),
      fails: [...one.fails, ...two.flatMap((outcome) => outcome.fails)],
    }
  }

/** `||` and `-o`. */
export const either =
  (left: Judge, right: Judge): Judge =>
  (state) => {
    const one = left(state)
    const two = one.fails.map(right)
    return {
      holds: [...one.holds, ...two.flatMap((outcome) => outcome.holds)],
      fails: two.flatMap((outcome) => outcome.fails),
    }
  }
