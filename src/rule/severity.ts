import type { Severity } from './rule.ts'
import type { Settings } from './settings.ts'
import { matchesGlob } from '../discover/glob.ts'

/** What the settings say of a rule in a file; undefined: nothing. Later entries win. */
export function severityFor(rule: string, file: string, settings: Settings): Severity | 'off' | undefined {
  let found = settings.rules?.[rule]
  for (const override of settings.overrides ?? []) {
    const own = override.rules[rule]
    if (own !== undefined && override.files.some((glob) => matchesGlob(glob, file))) found = own
  }
  return found
}
