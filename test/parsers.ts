import type { Parsers } from '../src/rule/facts.ts'

/** The heavy parsers, as the command line would hand them in. */
export const parsers: Parsers = {}
