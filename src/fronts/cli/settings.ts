import { readFileSync, statSync } from 'node:fs'
import type { Rules } from '../../rule/diagnostic.ts'
import { parseData } from '../../parse/data.ts'
import { metaRules } from '../../report/url.ts'
import type { Settings } from '../../rule/settings.ts'
import { readSettings } from '../../rule/settings-read.ts'
import { failure, reasonOf } from './failure.ts'

const mostBytes = 1 << 20

/** The settings in a file; any mistake in it fails the run. */
export function loadSettings(file: string | undefined, shown: string, rules: Rules): Settings {
  if (file === undefined) return {}
  let text: string
  try {
    if (statSync(file).size > mostBytes) throw new Error('larger than 1 MB')
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw failure(`cannot read ${shown}: ${reasonOf(error)}`)
  }
  return settingsOf(text, file, shown, rules)
}

/** The settings in a text. */
export function settingsOf(text: string, file: string, shown: string, rules: Rules): Settings {
  const parsed = parseData(file, text)
  if ('problem' in parsed) throw failure(`${shown}: ${parsed.problem}`)
  const { settings, problems } = readSettings(parsed.data, [...Object.keys(rules), ...metaRules])
  if (problems.length > 0) throw failure(problems.map((problem) => `${shown}: ${problem}`).join('\nshiplint: '))
  return settings
}
