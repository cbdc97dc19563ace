import type { Script } from '../facts/shell/script.ts'
import type { Release } from './model.ts'

/** Every release in the project, each an ordered plan with the moment new code goes live. */
export function releasesOf(_scripts: readonly Script[]): readonly Release[] {
  return []
}
