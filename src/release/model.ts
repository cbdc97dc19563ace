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
  readonly text: string
  readonly via: readonly Label[]
  readonly runs: 'always' | 'sometimes' | 'after a failure'
  readonly failing: 'stops' | 'goes on'
  /** The host whose state it changes: `here`, or as written; `unknown` when it cannot be told. */
  readonly actsOn: string
  /** The shell command behind it, when there is one. */
  readonly command?: Command
}

/** What the vocabulary says of a step; a field is there only when it is known. */
export interface Detail {
  /** `composer`, `php-fpm`, `opcache`, `symfony`, … */
  readonly tool?: string
  /** Which cache a clear or warm-up concerns, which workers a restart. */
  readonly what?: string
  /** The directory it acts in or on, as written, unknown parts by name. */
  readonly path?: string
  /** For a switch: the link or directory that goes live, how, and whether a reader can see a gap. */
  readonly link?: string
  readonly target?: string
  readonly how?: 'symlink' | 'rename' | 'rsync' | 'copy' | 'git' | 'image' | 'package'
  readonly atomic?: boolean
  /** It looks like this step and does not do it (`php -r 'opcache_reset();'`): why, as a sentence. */
  readonly vain?: string
}

export type Answer = 'yes' | 'no' | 'unknown'

/** One release as read: steps in order, and the moments at which new code goes live. */
export interface Release {
  readonly name: string
  readonly at: Span
  readonly steps: readonly Step[]
  readonly switches: readonly Step<'switch'>[]
  readonly files: readonly string[]
  all<Kind extends StepKind>(kind: Kind): readonly Step<Kind>[]
  before(a: Step, b: Step): Answer
  /** Whether no step of the kind follows; only opaque steps that could do it, after the pivot and on that host, make it unknown. */
  lacksAfter(
    step: Step,
    kind: StepKind,
    like?: (step: Step) => boolean,
  ): { readonly answer: Answer; readonly because: readonly Step[] }
}
