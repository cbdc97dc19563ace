import { opcacheOf, type Opcache } from '../../src/facts/ini/opcache.ts'
import { bringsPages } from '../../src/release/ask.ts'
import type { Release } from '../../src/release/model.ts'
import { staleIncludes, staleOpcode, vainResets, type StaleOpcode } from '../../src/release/stale-opcode.ts'
import type { Facts } from '../../src/rule/facts.ts'
import { rule, type Finding } from '../../src/rule/rule.ts'

export default rule({
  on: 'repository',
  severity: 'error',
  finds:
    'A release of PHP code after whose switch nothing makes PHP-FPM load the new code: no reload of FPM, no reset of its OPcache from inside FPM.',
  hazard:
    'PHP-FPM goes on running the code that it compiled before, for minutes or until somebody reloads it: fixes do not arrive, new templates meet old classes, and preloaded classes never change.',
  instead:
    'After the switch, on every host that serves, reload PHP-FPM (`systemctl reload php8.2-fpm`) or reset the OPcache through FPM (`cachetool opcache:reset --fcgi=…`); `php -r "opcache_reset();"`, a reload of nginx and a reload before the switch do nothing.',
  since: '0.1.0',
  *check({ releases }, facts) {
    const opcache = opcacheOf(facts.all('ini')[0]!)
    for (const release of releases) yield* staleAfterRelease(release, opcache, facts)
    for (const { at, text, why } of vainResets(facts.all('script'), releases))
      yield { at, severity: 'info', says: `\`${text}\` leaves PHP-FPM with the old code: ${why}` }
  },
})

function* staleAfterRelease(release: Release, opcache: Opcache, facts: Facts): Iterable<Finding> {
  if (!runsPhp(release, facts) || release.switches.every(bringsPages)) return
  for (const stale of staleOpcode(release, facts.all('handover'), opcache)) {
    const { step, why, wrong, because } = stale
    const moved = /symlink|rename/.test(step.detail.how ?? '')
    const severity = why !== 'unread' ? 'error' : wrong.length > 0 && moved ? 'warning' : 'info'
    yield { at: step.at, severity, says: says(stale, opcache), because: [...step.via, ...because, ...wrong] }
  }
  for (const { at, path, once, text } of facts.all('absolute include'))
    for (const step of staleIncludes(release, facts.all('handover'), opcache, path)) {
      const long =
        once || !opcache.validateTimestamps
          ? 'until PHP-FPM is reloaded'
          : `for up to ${opcache.realpathTtl + opcache.revalidateFreq} seconds`
      const says = `After \`${step.text}\` this line runs the old release ${long}, also where nginx resolves the link: ${text}`
      const because = [
        {
          at: step.at,
          says: `${release.name} switches ${step.detail.link} here, and nothing after it reloads PHP-FPM`,
        },
      ]
      yield { at, severity: once || !opcache.validateTimestamps ? 'error' : 'warning', says, because }
    }
}

function runsPhp(release: Release, facts: Facts): boolean {
  if (facts.files.get('composer.json') || facts.all('handover').length > 0) return true
  if (
    release.steps.some((step) =>
      /^(composer|php|artisan|laravel|symfony|magento|drupal|drush|wp|opcache|phinx|doctrine|typo3)/.test(
        step.detail.tool ?? '',
      ),
    )
  )
    return true
  return facts.files.of('php').length > 0
}

function says({ step, why }: StaleOpcode, opcache: Opcache): string {
  const after = `After \`${step.text}\``
  const missing = 'nothing after it reloads PHP-FPM or resets its OPcache'
  if (why === 'preload')
    return `${after} PHP-FPM keeps the preloaded classes of the release before: nothing after it reloads PHP-FPM, and a reset does not touch them`
  if (why === 'worker')
    return `${after} FrankenPHP’s worker goes on running the old release: nothing after it restarts or reloads the server`
  if (why === 'file cache')
    return `${after} PHP goes on with compiled files from ${opcache.fileCache!.value}, which no reload and no reset removes (assuming ${opcache.assumed})`
  if (why === 'unchecked')
    return `${after} PHP-FPM goes on running the old code: the paths stay the same, timestamps are not checked, and ${missing} (assuming ${opcache.assumed})`
  if (step.detail.how !== 'symlink' && step.detail.how !== 'rename')
    return `${after} PHP-FPM goes on running the old code where opcache.validate_timestamps=0: ${missing}`
  return `${after} PHP-FPM goes on running the old release, unless the web server passes real paths ($realpath_root): ${missing}`
}
