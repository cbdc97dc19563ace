import type { Row } from './row.ts'

/** Capistrano's tasks and those of its plugins. */
export const capistrano: readonly Row[] = []
