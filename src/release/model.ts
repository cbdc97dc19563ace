import type { Label, Span } from '../source/source.ts'
import type { Command } from '../facts/shell/script.ts'

/** What a step does to a release. */
export type StepKind =
  | 'lock'
  | 'fetch'
  | 'install'
  | 'build'
  | 'test'
  | 'share'
  | 'backup'
  | 'upload'
  | 'push image'
  | 'stop'
  | 'maintenance on'
  | 'migrate'
  | 'reset database'
  | 'warm cache'
  | 'switch'
  | 'clear cache'
  | 'reload'
  | 'restart workers'
  | 'start'
  | 'maintenance off'
  | 'smoke test'
  | 'clean up'
  | 'unlock'
  | 'roll back'
  | 'notify'
  | 'opaque'

/** One step of a release: what it does, to what, where it stands and how it came to run. */
export interface Step<Kind extends StepKind = StepKind> {
  readonly kind: Kind
  readonly detail: Detail
  readonly at: Span
  /** As written, on one line. */
  readonly text: string
  /** The calls that lead here, outermost first. */
  readonly via: readonly Label[]
  readonly runs: 'always' | 'sometimes' | 'after a failure'
  readonly failing: 'stops' | 'goes on'
  /** The host whose state it changes: `here`, or as written; `unknown` when it cannot be told. */
  readonly actsOn: string
  /** The shell command behind it, when there is one. */
  readonly command?: Command
}

/** How new code comes to be live. */
export type How = 'symlink' | 'rename' | 'rsync' | 'copy' | 'git' | 'image' | 'package' | 'platform'

/** What the vocabulary says of a step; a field is there only when it is known. */
export interface Detail {
  /** Who does it: `composer`, `php-fpm`, `opcache`, `symfony`, … */
  readonly tool?: string
  /** Which cache a clear or warm-up concerns, which workers a restart, which service a reload. */
  readonly what?: string
  /** The directory or file it acts in or on, as written, unknown parts by name. */
  readonly path?: string
  /** The working directory, as far as it is known. */
  readonly cwd?: string
  /** The options given, without their values. */
  readonly flags?: readonly string[]
  /** For a switch: the link or directory that goes live, how, and whether a reader can see a gap. */
  readonly link?: string
  readonly target?: string
  readonly how?: How
  readonly atomic?: boolean
  /** Why a switch may exit 0 and switch nothing, as the end of a sentence. */
  readonly silent?: string
  /** It looks like this step and does not do it (`php -r 'opcache_reset();'`): why, as a sentence. */
  readonly vain?: string
  /** For an upload or update of code: it can be the moment the new code goes live, when nothing else is. */
  readonly live?: 'perhaps'
  /** Other plans that it runs, by the names they are called by: `dep deploy`, `make deploy`, `file bin/release`. */
  readonly calls?: readonly string[]
  /** For an opaque step: the kinds it could be; left out: any. */
  readonly could?: readonly StepKind[]
}

export type Answer = 'yes' | 'no' | 'unknown'

/** What `here` is: the pipeline's runner and an image's build never serve the site. */
export type Place = 'runner' | 'image' | 'server' | 'unknown'

/** Steps as an extractor gives them: one, several in order, several with no order between them, or jobs by what they wait for. */
export type Flow =
  | { readonly step: Step }
  | { readonly inOrder: readonly Flow[] }
  | { readonly apart: readonly Flow[] }
  | { readonly jobs: readonly Job[] }

/** A part of a pipeline that waits for other parts. */
export interface Job {
  readonly name: string
  readonly flow: Flow
  /** The names of the jobs that are over before this one begins. */
  readonly after: readonly string[]
}

/** The tools a plan is written for. */
export type Tool =
  | 'shell'
  | 'deployer'
  | 'capistrano'
  | 'mina'
  | 'envoy'
  | 'ansible'
  | 'github'
  | 'gitlab'
  | 'pipeline'
  | 'make'
  | 'npm'
  | 'composer'
  | 'dockerfile'
  | 'compose'

/** A path that all releases of a site have in common. */
export interface Shared {
  /** Relative to the release's directory. */
  readonly path: string
  readonly at: Span
  readonly file?: boolean
}

/** What the tool's settings say of the directories of a release; a field is there only when it is known. */
export interface Layout {
  /** The link or directory that serves. */
  readonly live?: string
  readonly shared?: readonly Shared[]
  /** All shared paths are known: what is not among them is not shared. */
  readonly sharesOnly?: true
  /** How many releases are kept; 0: all. */
  readonly keeps?: { readonly count: number; readonly at: Span }
  /** Two runs at once are kept apart: a lock, `concurrency`, `resource_group`. `unknown`: by a tool that was not read. */
  readonly locks?: Answer
  /** Going back to the release before is built in. */
  readonly rollsBack?: boolean
}

/** A plan as an extractor reads it. */
export interface Draft {
  /** As a person would name it: `deploy.sh`, `task deploy of deploy.php`, `workflow Deploy`. */
  readonly name: string
  readonly tool: Tool
  /** Where it begins. */
  readonly at: Span
  readonly flow: Flow
  /** Every file it was read from. */
  readonly files: readonly string[]
  /** What others call it by: `dep deploy`, `make deploy`, `npm run deploy`, `file bin/deploy.sh`, `ansible deploy.yml`. */
  readonly names: readonly string[]
  /** Somebody starts it as it is; otherwise it counts only where another plan calls it. */
  readonly entry: boolean
  readonly here: Place
  /** Its parts say by their names or environments that they deploy. */
  readonly deploys?: true
  readonly layout: Layout
}

/** One release as read: steps in order, and the moments at which new code goes live. */
export interface Release {
  readonly name: string
  readonly tool: Tool
  readonly at: Span
  readonly here: Place
  readonly layout: Layout
  /** In one order that the partial order allows. */
  readonly steps: readonly Step[]
  readonly switches: readonly Step<'switch'>[]
  readonly files: readonly string[]
  all<Kind extends StepKind>(kind: Kind): readonly Step<Kind>[]
  before(a: Step, b: Step): Answer
  /** Whether no step of the kind follows; only opaque steps that could do it, after the pivot and on that host, make it unknown. */
  lacksAfter(step: Step, kind: StepKind, like?: (step: Step) => boolean): Lack
  /** Whether no step of the kind runs at any time. */
  lacks(kind: StepKind, like?: (step: Step) => boolean): Lack
  /** Whether a step works on what serves the site at that moment, on something beside it, or it cannot be told. */
  touchesLive(step: Step): Answer
  /** Whether the site serves while a step runs: `no` after it was stopped or put in maintenance and not yet started again. */
  serves(step: Step): Answer
}

/** An image that a Dockerfile builds: its steps in order. */
export interface Image {
  readonly file: string
  readonly steps: readonly Step[]
}

/** What a repository brings to production. */
export interface Repository {
  readonly releases: readonly Release[]
  /** Images that no release here builds. */
  readonly images: readonly Image[]
}

/** An answer about absence, and the steps it rests on: those that do it, or those that could. */
export interface Lack {
  readonly answer: Answer
  readonly because: readonly Step[]
}
