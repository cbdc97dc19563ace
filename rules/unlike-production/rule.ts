import { callsTo, pivotOf } from '../../src/release/ask.ts'
import { frameworksOf, shown } from '../../src/release/frameworks.ts'
import type { Release, Step } from '../../src/release/model.ts'
import { sameHost } from '../../src/release/order.ts'
import type { Facts } from '../../src/rule/facts.ts'
import { rule, type Finding } from '../../src/rule/rule.ts'

export default rule({
  on: 'repository',
  severity: 'warning',
  finds:
    'What is tested is not what production runs: dependencies are resolved anew on the way to production, development packages are installed there, or tests load code as production does not.',
  hazard:
    'A version that nobody tested, a debug tool, or a class that only eager loading meets breaks the site although every test was green.',
  instead:
    'Install what the lock file says (`composer install --no-dev`, `npm ci`, `bundle install --deployment`), and let CI load code as production does.',
  since: '0.1.0',
  *check({ releases, images }, facts) {
    for (const release of releases) yield* unlike(release, facts)
    for (const { file, steps } of images) {
      if (notLive.test(file)) continue
      for (const step of steps)
        if (step.kind === 'install' && takesNewest(step, steps))
          yield {
            at: step.at,
            severity: 'info',
            says: `${shown(step)} takes the newest versions whenever this image is built: what it brings to production was never tested`,
          }
    }
  },
})

// Images that developers and tests use.
const notLive =
  /(^|[/._-])(dev|devel|development|local|test|tests|testing|ci|debug|vagrant|examples?|devcontainer)([/._-]|$)/i

function* unlike(release: Release, facts: Facts): Iterable<Finding> {
  const pivot = pivotOf(release)
  for (const step of release.all('install')) {
    if (step.runs === 'after a failure') continue
    if (takesNewest(step, release.steps)) {
      yield {
        at: step.at,
        because: callsTo(step),
        says: `${shown(step)} takes the newest versions on the way to production: what goes live was never tested`,
      }
    } else if (withDevelopment(release, step, pivot)) {
      yield {
        at: step.at,
        because: callsTo(step),
        says: `${shown(step)} installs development packages where the site runs: debuggers and test tools are part of it (\`--no-dev\`)`,
      }
    } else if (step.detail.tool === 'npm' && step.detail.what === 'install' && hasLock(facts)) {
      yield {
        at: step.at,
        severity: 'info',
        says: `${shown(step)} may change what the lock file says; \`npm ci\` installs exactly that`,
      }
    }
  }
  yield* lazyTests(release, facts)
}

/** Whether an install resolves anew: an update, or an install after the lock file was removed. */
function takesNewest(step: Step, steps: readonly Step[]): boolean {
  if (step.detail.what === 'update') return true
  const lock = step.detail.tool === 'composer' ? 'composer.lock' : 'package-lock.json'
  if (!/^(composer|npm)$/.test(step.detail.tool ?? '')) return false
  const place = steps.indexOf(step)
  return steps
    .slice(0, place)
    .some(
      (other) =>
        other.kind === 'clean up' &&
        other.actsOn === step.actsOn &&
        (other.detail.path ?? '').split(' ').some((path) => path.endsWith(lock)),
    )
}

function withDevelopment(release: Release, step: Step, pivot: Step): boolean {
  if (step.detail.tool !== 'composer') return false
  const flags = step.detail.flags ?? []
  if (flags.includes('--dev')) return true
  if (
    flags.includes('--no-dev') ||
    /no-dev|NO_DEV|composer_(options|flags)|\$\{?\w*(OPT|FLAG|ARG|DEV)\w*/i.test(step.text)
  )
    return false
  if (release.here === 'runner' && step.actsOn === 'here') return false
  return sameHost(step.actsOn, pivot.actsOn) === 'yes' && /\s(install|i)\b|^deploy:vendors$/.test(step.text)
}

const hasLock = (facts: Facts): boolean => facts.files.get('package-lock.json') !== undefined

function* lazyTests(release: Release, facts: Facts): Iterable<Finding> {
  if (!frameworksOf(release, facts.stack).has('rails')) return
  const source = facts.files.get('config/environments/test.rb')
  const found = source && /^[ \t]*config\.eager_load\s*=\s*false/m.exec(source.text)
  if (!found || release.all('test').some((step) => step.detail.what === 'eager load')) return
  facts.read(source.file)
  const start = found.index + found[0].length - found[0].trimStart().length
  yield {
    at: { file: source.file, start, end: found.index + found[0].length },
    severity: 'info',
    says: 'tests load classes one by one, production loads all at the start: a class that fails then is met by no test (`config.eager_load = ENV["CI"].present?`, or `zeitwerk:check`)',
  }
}
