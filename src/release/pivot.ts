import type { Order } from './order.ts'
import { sameHost } from './order.ts'
import { isFar, joined, isWithin, namesCurrent, namesLink, namesRelease, namesShared, plainPath } from './path.ts'
import type { Answer, Draft, Layout, Step } from './model.ts'

/** What goes live and where, decided over all the steps of a plan. */
export interface Pivot {
  readonly steps: readonly Step[]
  readonly switches: readonly Step<'switch'>[]
  /** The directory or link that serves, when it is known. */
  readonly live: string | undefined
}

const unswitched = (step: Step): Step => (step.kind === 'switch' ? { ...step, kind: 'share' } : step)

const isSwitch = (step: Step): step is Step<'switch'> => step.kind === 'switch'
const scratch =
  /^(\/tmp\/|\/var\/tmp\/|\/usr\/(local\/)?src\/|\/opt\/src\/|~?\/?\.ssh|~\/?$)|\$\(mktemp|\$\{?TMP|\$RUNNER_TEMP|(^|\/)(tmp|temp|logs?|cache)(\/|$)|backup|(temp|tmp|[-_.](new|next|upload|incoming|build))\/?$/i
const noCode =
  /\.(ya?ml|env[\w.]*|conf|ini|json|sh|service|timer|sql|gz|log|pem|key|crt|cer|der|csr|p12|pfx|pub|txt|md|vcl|cnf)$|(^|\/)\.?env[\w.]*$|docker-compose|known_hosts|authorized_keys/i

/**
 * Finds the moments at which new code goes live. A link, a rename, an image or a platform is one by itself. An upload or an
 * update in place is one only when nothing else is, and only where the site can be: never on a pipeline's runner, in a
 * scratch directory, or in a release that a link will switch to.
 */
export function pivotOf(order: Order, draft: Draft): Pivot {
  // What puts a backup back brings no new code.
  if (/(^|[/_.-])restore(?![a-z])[^/]*$/i.test(draft.name))
    return { steps: order.steps.map(unswitched), switches: [], live: undefined }
  const likely = deploys(order, draft)
  const definite = order.steps.filter((step) => isSwitch(step) && isReal(step, draft, likely, order))
  const steps = new Map<Step, Step>()
  for (const step of order.steps)
    if (isSwitch(step) && !definite.includes(step)) steps.set(step, { ...step, kind: 'share' })
  if (definite.length === 0 || definite.every((step) => step.detail.how === 'platform' && step.actsOn !== 'here')) {
    for (const step of order.steps) {
      if (promotes(step, order, draft, likely)) steps.set(step, { ...step, kind: 'switch', detail: inPlace(step) })
    }
  }
  // Steps are looked up by identity in the order, so they are changed where they stand.
  for (const [step, changed] of steps) Object.assign(step, changed)
  const switches = order.steps.filter(isSwitch)
  return { steps: order.steps, switches, live: liveOf(switches, draft.layout) }
}

function isReal(step: Step<'switch'>, draft: Draft, likely: boolean, order: Order): boolean {
  // A link that is made to be renamed over the real one.
  if (step.detail.how === 'symlink' && order.steps.some((other) => renames(other, step))) return false
  if (draft.here === 'image' && step.actsOn === 'here') return false
  // Developers start containers all day: on their own host only what deploys is a release.
  if (step.detail.how === 'image' && step.detail.tool === 'docker' && step.actsOn === 'here')
    return likely && draft.here !== 'runner'
  return !(
    draft.here === 'runner' &&
    step.actsOn === 'here' &&
    (step.detail.how === 'symlink' || step.detail.how === 'rename')
  )
}

const renames = (other: Step, step: Step): boolean =>
  isSwitch(other) &&
  other.detail.how === 'rename' &&
  other.detail.target !== undefined &&
  other.detail.target === step.detail.link

function promotes(step: Step, order: Order, draft: Draft, likely: boolean): boolean {
  if (step.runs === 'after a failure') return false
  if (step.kind === 'install' && step.detail.tool === 'package')
    return (
      likely &&
      !(draft.here === 'runner' && step.actsOn === 'here') &&
      (draft.tool !== 'ansible' || deployName.test(draft.name)) &&
      isApplicationPackage(step, order)
    )
  if (/backup/i.test(draft.name) || scratch.test(plainPath(step.detail.path ?? ''))) return false
  if (draft.tool === 'ansible' && !isTended(step, order, deployName.test(draft.name) && !setsUp.test(draft.name)))
    return false
  if (step.detail.live !== 'perhaps')
    return step.detail.what === 'clone' && onto(step, order) && serving(step, draft, likely)
  const path = step.detail.path ?? ''
  if (scratch.test(plainPath(path)) || namesRelease(path) || namesShared(path)) return false
  if (step.detail.how === 'git')
    return serving(step, draft, likely) && !isCopiedOn(step, order) && !isOnlyBuilt(step, order)
  // What only sets the machine up.
  if (
    step.kind === 'upload' &&
    /(^|\/)(setup|provision(ing)?|scripts?|config|conf|etc|roles|utils|tools|inventory|playbooks?|templates)\/?[.*]*$/.test(
      step.detail.target ?? '',
    )
  )
    return false
  // Sources that are compiled here.
  if (/^(tar|unzip|unarchive)$/.test(step.detail.tool ?? '') && isOnlyBuilt(step, order)) return false
  // One file put in its place is no release.
  if (
    step.kind === 'upload' &&
    /\.[a-z0-9]{1,5}$/i.test(step.detail.target ?? '') &&
    !/\.(gz|zip|tgz|tar|jar|war|phar)$/.test(step.detail.target ?? '')
  )
    return false
  if (
    noCode.test(path) ||
    (step.kind === 'upload' && noCode.test(step.detail.target ?? '') && !/\.(gz|zip)$/.test(path))
  )
    return false
  const remote = isFar(path) || step.detail.tool === 'ftp' || step.detail.tool === 's3'
  if (step.detail.tool === 's3') return /^s3:/.test(path) && !/backup|artifact|cache|log/i.test(path)
  const site =
    namesLink(path) ||
    /^\{\{\s*deploy_path\s*\}\}\/?$/.test(path) ||
    /(^|:)\/(var\/www|srv|home|opt|usr\/share\/nginx)\b|public_html|htdocs|docroot/.test(path)
  // A copy to another host is a release where the script deploys, or where the place is a site's: databases are copied, too.
  return remote ? likely || site : serving(step, draft, likely) && site
}

/** Whether a step can be where the site is: on another host than a runner, or in a script that deploys. */
function serving(step: Step, draft: Draft, likely: boolean): boolean {
  if (step.actsOn !== 'here') return !step.actsOn.startsWith('container ') || likely
  // A runner that pulls into a site's own directory is the server: its checkout is elsewhere.
  if (draft.here === 'runner' && step.detail.how === 'git' && isSite(step.detail.path ?? '')) return true
  return draft.here !== 'runner' && draft.here !== 'image' && likely
}

const isSite = (path: string): boolean => /^\/(var\/www|srv|home\/(?!runner)|usr\/share\/nginx)\//.test(path)

const workingCopy = /\/(repos?|repository|source|src|checkout|workspace|git)$/

/** A working copy that the code is copied from, to where it serves. */
function isCopiedOn(step: Step, order: Order): boolean {
  const place = plainPath(step.detail.path ?? step.detail.cwd ?? '')
  const aside = workingCopy.test(place)
  return order.steps.some(
    (other) =>
      other.kind === 'upload' &&
      other.detail.live === 'perhaps' &&
      other.detail.how !== 'git' &&
      order.before(step, other) === 'yes' &&
      !isWithin(other.detail.path ?? '', place || '.') &&
      // By its name it is only copied from, wherever a copy is made of.
      (aside ||
        (place === ''
          ? /^(\.|\*)/.test(other.detail.target ?? '')
          : isWithin(joined(other.detail.cwd, other.detail.target ?? ''), place))),
  )
}

const setsUp = /set-?up|provision|install|bootstrap/i

/** Whether anything works on what was brought: a playbook that only lays files down sets a machine up. */
function isTended(step: Step, order: Order, named: boolean): boolean {
  const place = plainPath(step.detail.path ?? '')
  const served = isSite(`${place}/`) || namesLink(place)
  if (named) return true
  // A web server that reads its configuration again tends a directory, not one file.
  const directory = !/\.[a-z]{2,5}$/.test(place)
  return order.steps.some(
    (other) =>
      other !== step &&
      (other.kind === 'migrate' ||
        other.kind === 'maintenance on' ||
        (served && directory && (other.kind === 'reload' || other.kind === 'restart workers')) ||
        (/^(install|clear cache|warm cache)$/.test(other.kind) &&
          /^(composer|npm|yarn|pnpm|bundler|pip|rails|laravel|symfony|drupal|magento|django|rm)$/.test(
            other.detail.tool ?? '',
          ) &&
          isWithin(other.detail.path ?? other.detail.cwd ?? '', place))),
  )
}

/** A working copy that is compiled: what serves is the program that comes out, and nothing here starts it from the sources. */
function isOnlyBuilt(step: Step, order: Order): boolean {
  const place = plainPath(step.detail.path ?? step.detail.cwd ?? '')
  // What goes on to a plan that nobody has read may be copied or built into an image there.
  const goesOn = order.steps.some(
    (other) =>
      other.kind === 'opaque' &&
      order.before(step, other) !== 'no' &&
      ((other.detail.tool === 'make' && /deploy|release|\bup\b|\bprod|publish|ship|start/i.test(other.text)) ||
        (workingCopy.test(place) && other.text.includes(`${place}/`))),
  )
  if (goesOn) return true
  const restarts = order.steps.some((other) => /^(reload|restart workers|start)$/.test(other.kind))
  if (/^(\/root|~root)\//.test(place) && !restarts) return true
  return (
    order.steps.some(
      (other) =>
        other.kind === 'build' && /^(go|cargo|rust|maven|gradle|dotnet|make|compiler)$/.test(other.detail.tool ?? ''),
    ) &&
    !order.steps.some(
      (other) => other.kind === 'install' && /^(composer|npm|yarn|pnpm|bundler|pip)$/.test(other.detail.tool ?? ''),
    )
  )
}

/** One package, and what only the application's own package is followed by: its migrations, its restart. */
function isApplicationPackage(step: Step, order: Order): boolean {
  // A script that installs many things sets a machine up.
  if (order.steps.filter((other) => other.detail.tool === 'package').length > 1) return false
  const packages = (step.detail.target ?? '').split(' ').filter((one) => one !== '')
  if (
    packages.length !== 1 ||
    /^(lib|php|nginx|apache|mysql|mariadb|postgres|redis|node|npm|git|curl|python|ruby|docker)/.test(packages[0]!)
  )
    return false
  return order.steps.some(
    (other) => (other.kind === 'migrate' || other.kind === 'reload') && order.before(step, other) === 'yes',
  )
}

/** A clone into a directory that was emptied for it. */
function onto(step: Step, order: Order): boolean {
  const path = step.detail.path
  if (!path || (step.actsOn === 'here' && !/^[/~$]/.test(path))) return false
  return order.steps.some(
    (other) =>
      (other.kind === 'clean up' || other.kind === 'backup') &&
      order.before(other, step) === 'yes' &&
      (other.detail.target ?? other.detail.path ?? '')
        .split(' ')
        .some((gone) => plainPath(gone.replace(/\/\*$/, '')) === plainPath(path)),
  )
}

/** A release for others to fetch: it ends in an archive, and changes no site. */
const packs = (order: Order): boolean =>
  order.steps.some((step) => step.detail.what === 'archive' && step.detail.tool === 'archive') &&
  !order.steps.some(
    (step) =>
      /^(upload|push image|migrate|reload|restart workers|maintenance on|start)$/.test(step.kind) ||
      step.actsOn !== 'here',
  )

const deployName =
  /deploy|release|publish|rollout|ship\b|\bprod|\blive\b|golive|post-receive|update[-_]?(site|app|server|prod)|^update(\.sh)?$/i

/** Whether a plan is one that changes a site, by its name or by what only production does. */
function deploys(order: Order, draft: Draft): boolean {
  if (packs(order)) return false
  if (draft.deploys || deployName.test(draft.name) || draft.tool === 'deployer' || draft.tool === 'capistrano')
    return true
  return order.steps.some(
    (step) =>
      step.kind === 'maintenance on' ||
      // A script that restarts a service or uses ssh may do anything: it is no release for that alone.
      (draft.tool !== 'shell' &&
        (step.kind === 'reload' || step.kind === 'restart workers') &&
        step.detail.tool !== 'docker') ||
      (draft.tool !== 'shell' &&
        step.kind !== 'upload' &&
        step.actsOn !== 'here' &&
        !step.actsOn.startsWith('container ')) ||
      (step.kind === 'migrate' && (step.detail.flags ?? []).includes('--force')) ||
      (step.kind === 'install' && (step.detail.flags ?? []).includes('--no-dev')),
  )
}

function inPlace(step: Step): Step['detail'] {
  if (step.detail.tool === 'package') return { ...step.detail, how: 'package' }
  const path = step.detail.path ?? step.detail.cwd
  return { ...step.detail, ...(path ? { link: plainPath(path) } : {}), atomic: false }
}

function liveOf(switches: readonly Step<'switch'>[], layout: Layout): string | undefined {
  return layout.live ?? switches.map((step) => step.detail.link).find((link) => link !== undefined)
}

/** Whether a step works on what serves the site while it runs. */
export function touchesLive(step: Step, pivot: Pivot, draft: Draft): Answer {
  const main = pivot.switches.at(-1)
  if (!main) return 'unknown'
  const host = sameHost(main.actsOn, step.actsOn)
  if (host === 'no') return 'no'
  const path = step.detail.path ?? step.detail.cwd ?? ''
  // A runner of the project's own stands in its checkout, until it goes elsewhere.
  if (step.actsOn === 'self-hosted' && !/^[/~$]/.test(path)) return 'no'
  const how = main.detail.how
  if (how === 'image' || how === 'platform' || how === 'package') return 'no'
  if (draft.here === 'runner' && step.actsOn === 'here' && main.actsOn !== 'here') return 'no'
  const links = pivot.switches.flatMap((one) => one.detail.link ?? [])
  if (how === 'symlink' || how === 'rename') {
    // `releases/*/var/cache`, `releases/42/../*/var/cache`: the live one is among them.
    if (namesCurrent(path) || /releases?\/(\*|[^/]+\/\.\.\/\*)\//.test(path)) return host
    if (namesRelease(path)) return 'no'
    return links.some((link) => isWithin(path, link)) ? host : path.startsWith('/') ? 'no' : 'unknown'
  }
  if (path === '' || links.length === 0) return how === 'git' ? host : 'unknown'
  if (namesRelease(path)) return 'no'
  return links.some((link) => isWithin(path, link)) ? host : 'no'
}
