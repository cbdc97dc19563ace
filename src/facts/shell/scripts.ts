import type { Files } from '../../discover/files.ts'
import type { Script } from './script.ts'

/** Every stretch of shell in the project, interpreted. `set`: variables that the settings say are always set. */
export function scriptsOf(_files: Files, _set: readonly string[]): readonly Script[] {
  return []
}
