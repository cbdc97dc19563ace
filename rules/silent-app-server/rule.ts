import { silencesOf } from '../../src/facts/ini/silence.ts'
import { passengerSilences } from '../../src/facts/server/passenger.ts'
import { showsSwitch } from '../../src/release/served.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'ini',
  severity: 'warning',
  finds:
    'An application server that logs nothing when the application fails: PHP without error log, FPM workers whose output is thrown away, Passenger at log level 0.',
  hazard:
    'A release that breaks the site leaves no line in any log: it is noticed late, by its users, and there is nothing to find the cause by.',
  instead:
    'Let errors be logged to a file or to standard error (`log_errors = On`, `catch_workers_output = yes`, `PassengerLogLevel 3`) and look there after each release.',
  since: '0.1.0',
  *check(settings, facts) {
    const passenger = passengerSilences(facts.all('apache'), facts.all('nginx'))
    for (const { at, says, because, partly } of passenger)
      yield { at, says, because, severity: partly ? 'info' : 'warning' }
    const severity = showsSwitch(facts.all('release'), facts.all('handover')) ? 'warning' : 'info'
    for (const { at, says, because } of silencesOf(settings)) yield { at, says, because, severity }
  },
})
