import { allIn, type ApacheFile } from '../apache/handover.ts'
import type { Silence } from '../ini/silence.ts'
import type { NginxConfigurations } from '../nginx/configurations.ts'
import { levelsOf } from '../nginx/level.ts'

/** Passenger's log settings that hide errors: today's level 0 is `crit` alone, though old samples used it for `errors and warnings`. */
export function passengerSilences(
  apache: readonly ApacheFile[],
  nginx: readonly NginxConfigurations[],
): readonly Silence[] {
  const out: Silence[] = []
  const judge = (name: string, value: string, at: Silence['at']): void => {
    if (/^passenger_?loglevel$|^passenger_log_level$/i.test(name) && /^[01]$/.test(value))
      out.push({
        at,
        says: `Passenger logs ${value === '0' ? 'neither errors nor warnings' : 'no warnings'}: ${name} ${value}`,
        because: [],
        ...(value === '1' ? { partly: true as const } : {}),
      })
    else if (/^passenger_?log_?file$/i.test(name) && value === '/dev/null')
      out.push({ at, says: `Passenger’s log goes to /dev/null: ${name} ${value}`, because: [] })
  }
  for (const { file, body } of apache)
    for (const line of allIn(body))
      judge(line.name, line.args[0]?.text ?? '', { file, start: line.start, end: line.end })
  for (const { mains } of nginx)
    for (const main of mains)
      for (const level of levelsOf(main)) for (const line of level.own) judge(line.name, line.args[0] ?? '', line.at)
  return out
}
