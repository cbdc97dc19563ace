import { showsSwitch } from '../../src/release/served.ts'
import { rule } from '../../src/rule/rule.ts'

const name = 'fpm:process_control_timeout'

export default rule({
  on: 'release',
  severity: 'warning',
  finds: 'A release that reloads PHP-FPM while `process_control_timeout` is 0, which is the default.',
  hazard:
    'FPM kills its workers at once: every request that is running at that moment ends in a 502, and what it had begun (a payment, an upload, a mail) stays half done.',
  instead:
    'Set `process_control_timeout = 30s` (longer than the longest request) in the [global] section of php-fpm.conf, or pass `$realpath_root` and leave FPM alone.',
  since: '0.1.0',
  *check(release, facts) {
    const settings = facts.all('ini')[0]!
    const lines = settings.deciding(name)
    if (lines.some((line) => !/^0+[smhd]?$/.test(line.value.trim()))) return
    if (!showsSwitch([release], [])) return
    // Where no FPM configuration is in the repository, another one may set it.
    const severity = settings.pools.length > 0 || lines.length > 0 ? 'warning' : 'info'
    const set = lines.map((line) => ({ at: line.at, says: 'it is 0 here' }))
    const pool = settings.pools[0]
    const unset = pool
      ? [{ at: { file: pool.file, start: 0, end: 1 }, says: 'this FPM configuration leaves it at 0' }]
      : []
    for (const step of release.all('reload')) {
      if (step.detail.tool !== 'php-fpm' || step.detail.vain !== undefined) continue
      const says = `Requests that run when \`${step.text}\` comes are answered 502: process_control_timeout is ${lines.length > 0 ? 'set to 0' : 'not set, so 0'}`
      yield { at: step.at, severity, says, because: [...step.via, ...(set.length > 0 ? set : unset)] }
    }
  },
})
