import type { Row } from './row.ts'

/** Ansible's modules. */
export const ansible: readonly Row[] = []
