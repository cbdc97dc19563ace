import type { Extractor, Ground } from './ground.ts'
import type { Answer, Draft, Image, Release, Step, StepKind } from './model.ts'
import { lack, orderOf, sameHost, type Order } from './order.ts'
import { pivotOf, touchesLive, type Pivot } from './pivot.ts'
import { splice } from './splice.ts'
import { fromAnsible } from './from/ansible.ts'
import { fromCapistrano } from './from/capistrano.ts'
import { fromDeployer } from './from/deployer.ts'
import { fromDockerfile } from './from/dockerfile.ts'
import { fromEnvoy } from './from/envoy.ts'
import { fromGithub } from './from/github.ts'
import { fromGitlab } from './from/gitlab.ts'
import { fromOthers } from './from/others.ts'
import { fromMakefile } from './from/makefile.ts'
import { fromMina } from './from/mina.ts'
import { fromScripts } from './from/scripts.ts'
import { fromShell } from './from/shell.ts'
import { fromWebhook } from './from/webhook.ts'

// Who reads plans, one a line; the order is that of the report.
const extractors: readonly Extractor[] = [
  fromShell, //
  fromDeployer,
  fromWebhook,
  fromCapistrano,
  fromEnvoy,
  fromMina,
  fromAnsible,
  fromGithub,
  fromGitlab,
  fromOthers,
  fromMakefile,
  fromScripts,
  fromDockerfile,
]

/** Every release in the project, each an ordered plan with the moment new code goes live. */
export function releasesOf(ground: Ground): readonly Release[] {
  const drafts = extractors.flatMap((extractor) => extractor(ground))
  const started = drafts.filter((draft) => draft.entry).map((draft) => ({ draft, ...splice(draft, drafts) }))
  const found = started.flatMap(({ draft, flow, called }) => {
    const order = orderOf(flow)
    const pivot = pivotOf(order, draft)
    return pivot.switches.length > 0 ? [{ draft, called, release: releaseOf(draft, order, pivot, called) }] : []
  })
  // What a release calls is read there, with what comes before and after it.
  const parts = new Set(found.flatMap(({ called }) => [...called]))
  return found.filter(({ draft }) => !parts.has(draft)).map(({ release }) => release)
}

/** The images that no release of the project builds: somebody does elsewhere. */
export function imagesOf(ground: Ground, releases: readonly Release[]): readonly Image[] {
  const built = new Set(releases.flatMap((release) => release.files))
  return fromDockerfile(ground)
    .filter((draft) => draft.tool === 'dockerfile' && !built.has(draft.at.file))
    .map((draft) => ({ file: draft.at.file, steps: orderOf(draft.flow).steps }))
}

function releaseOf(draft: Draft, order: Order, pivot: Pivot, called: ReadonlySet<Draft>): Release {
  return {
    name: draft.name,
    tool: draft.tool,
    at: draft.at,
    here: draft.here,
    layout: layoutOf(draft, pivot, called),
    steps: pivot.steps,
    switches: pivot.switches,
    files: [...new Set([...draft.files, ...[...called].flatMap((one) => one.files)])],
    all: <Kind extends StepKind>(kind: Kind) => pivot.steps.filter((step): step is Step<Kind> => step.kind === kind),
    before: order.before,
    lacksAfter: (step, kind, like) => lack(order, step, kind, like),
    lacks: (kind, like) => lack(order, undefined, kind, like),
    touchesLive: (step) => touchesLive(step, pivot, draft),
    serves: (step) => serves(step, order),
  }
}

function layoutOf(draft: Draft, pivot: Pivot, called: ReadonlySet<Draft>): Draft['layout'] {
  const merged = [...called].reduce((all, one) => ({ ...one.layout, ...all }), draft.layout)
  const answers = [draft, ...called].map((one) => one.layout.locks)
  const locked = pivot.steps.some((step) => step.kind === 'lock') || answers.includes('yes')
  const locks: Answer = locked ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no'
  return { ...merged, locks, ...(pivot.live === undefined ? {} : { live: pivot.live }) }
}

/** Whether the site serves while a step runs. */
function serves(step: Step, order: Order): Answer {
  let serving: Answer = 'yes'
  for (const other of order.steps) {
    if (other === step || order.before(other, step) !== 'yes' || sameHost(other.actsOn, step.actsOn) === 'no') continue
    if (other.runs === 'after a failure') continue
    if (other.kind === 'maintenance on' || stops(other)) serving = other.runs === 'always' ? 'no' : 'unknown'
    else if (other.kind === 'maintenance off' || other.kind === 'start') serving = 'yes'
  }
  return serving
}

// Workers may be stopped while the site serves.
const stops = (step: Step): boolean =>
  step.kind === 'stop' && /^(php-fpm|web server|docker|kubernetes)$/.test(step.detail.tool ?? '')
