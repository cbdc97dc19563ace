import type { Label, Span } from '../../source/source.ts'
import { isOn, type IniSetting, type IniSettings, type PoolFile } from './setting.ts'

/** A setting by which an application server keeps failures to itself. */
export interface Silence {
  readonly at: Span
  /** What it does, as a sentence. */
  readonly says: string
  readonly because: readonly Label[]
  /** It hides part of what happens, not all. */
  readonly partly?: true
}

/** Settings of PHP and FPM that leave a broken release without a trace. */
export function silencesOf(settings: IniSettings): readonly Silence[] {
  return [...unlogged(settings), ...thrownAway(settings), ...settings.pools.flatMap((pool) => uncaught(pool, settings))]
}

function unlogged(settings: IniSettings): readonly Silence[] {
  const shown = settings.deciding('display_errors').some((one) => /^stderr$/i.test(one.value))
  if (shown) return []
  return settings
    .deciding('log_errors')
    .filter((one) => !isOn(one.value) && !/[{$%<]/.test(one.value))
    .map((one) => ({ at: one.at, says: `PHP logs no error at all: ${written(one)}`, because: [] }))
}

function thrownAway(settings: IniSettings): readonly Silence[] {
  const lines = ['error_log', 'fpm:error_log'].flatMap((name) => settings.deciding(name))
  return lines
    .filter((one) => one.value === '/dev/null')
    .map((one) => ({ at: one.at, says: `Every error goes to /dev/null: ${written(one)}`, because: [] }))
}

/** A pool that throws away what its workers print, and gives PHP no log of its own. */
function uncaught(pool: PoolFile, settings: IniSettings): readonly Silence[] {
  const logs = (name: string): boolean =>
    settings.all.some((one) => one.name === name && one.value !== '' && one.value !== '/dev/null')
  if (logs('error_log')) return []
  return pool.entries
    .filter((entry) => entry.key === 'catch_workers_output' && entry.value !== undefined && !isOn(entry.value))
    .map((entry) => ({
      at: { file: pool.file, start: entry.start, end: entry.end },
      says: `What the workers of pool ${entry.section ?? 'www'} print is thrown away, and no error_log is set: catch_workers_output = ${entry.value}`,
      because: [],
    }))
}

const written = (one: IniSetting): string => `${one.name.replace('fpm:', '')} = ${one.value}`
