import { opcacheOf, type Opcache } from '../../src/facts/ini/opcache.ts'
import type { Handover } from '../../src/facts/server/handover.ts'
import { staleRoot, wrongCures, type StaleRoot } from '../../src/release/stale-root.ts'
import type { Facts } from '../../src/rule/facts.ts'
import { rule, type Severity } from '../../src/rule/rule.ts'
import type { Label } from '../../src/source/source.ts'

export default rule({
  on: 'handover',
  severity: 'error',
  finds:
    'A web server that gives PHP the path of its scripts through the link that a release switches, so that PHP-FPM keeps running the release before.',
  hazard:
    'OPcache knows the front controller by the path through the link and never looks where the link points now: after the switch the site serves old code, mixed with new files, until PHP-FPM is reloaded, and answers 404 once the old release is cleaned up.',
  instead:
    'Where nginx sees the same files as PHP, pass `$realpath_root` in SCRIPT_FILENAME and DOCUMENT_ROOT, behind the last include that sets them; everywhere else reload PHP-FPM, or reset its OPcache through FPM, after the switch.',
  since: '0.1.0',
  *check(handover, facts) {
    const opcache = opcacheOf(facts.all('ini')[0]!)
    const found = staleRoot(handover, facts.all('release'), opcache)
    if (!found) return
    const { sent } = found
    const fixes = handover.mend ? [handover.mend] : []
    const because = [...sent.because, ...switched(found, handover), ...opcache.because]
    yield { at: sent.at, severity: severity(found, facts), says: says(found, handover, opcache), because, fixes }
  },
})

function severity({ name, by, seconds }: StaleRoot, facts: Facts): Severity {
  if (name === 'SCRIPT_FILENAME') return by && seconds === Infinity ? 'error' : 'warning'
  // Only code that asks for DOCUMENT_ROOT is old then; where none is here that asks, it is advice.
  const php = facts.files.of('php')
  const asks = php.some((source) => source.text.includes('DOCUMENT_ROOT'))
  if (php.length > 0 ? !asks : !by) return 'info'
  return by && seconds === Infinity ? 'error' : 'warning'
}

function switched({ by }: StaleRoot, handover: Handover): readonly Label[] {
  if (!by) return []
  const { release, step } = by
  const label = {
    at: step.at,
    says: `${release.name} switches ${step.detail.link} here, and nothing after it makes PHP load the new code`,
  }
  const gone = release
    .all('clean up')
    .filter((one) => release.before(step, one) === 'yes')
    .map((one) => ({
      at: one.at,
      says: 'once the release that is still served is removed, PHP-FPM answers 404 “No input file specified.”',
    }))
  return [...step.via, label, ...wrongCures(release, step, handover.server), ...gone.slice(0, 1)]
}

function says(found: StaleRoot, handover: Handover, opcache: Opcache): string {
  const { name, by, path, seconds } = found
  const php = handover.server === 'mod_php' ? 'Apache' : 'PHP-FPM'
  const long = seconds === Infinity ? `until ${php} is reloaded` : `for up to ${seconds} seconds`
  const old =
    name === 'SCRIPT_FILENAME'
      ? 'PHP goes on running the old release'
      : 'code that reads DOCUMENT_ROOT gets the old release'
  const shown = `${name} is ${path.replace('$fastcgi_script_name', '/index.php').replace('$uri', '/index.php')}`
  const when = by
    ? `After ${by.release.name} has switched ${by.step.detail.link}`
    : `If a release switches ${path.replace(/(\bcurrent\b).*$/, '$1')}`
  const sees =
    handover.sees === 'no' ? `; nginx hands over to ${handover.target}, so the release must reload PHP-FPM there` : ''
  return `${when}, ${old} ${long}: ${shown}, with the link unresolved (assuming ${opcache.assumed})${sees}`
}
