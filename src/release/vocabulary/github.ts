import type { Row } from './row.ts'

/** Actions that a GitHub workflow `uses`. */
export const github: readonly Row[] = []
