import type { Label, Span, Unread } from '../../source/source.ts'
import type { Piece } from '../../source/piece.ts'
import type { Certainty, Origin, Part, Value } from './value.ts'

export type Dialect = 'bash' | 'sh' | 'dash' | 'busybox' | 'ksh' | 'zsh'

/** With what shell a stretch of code really runs. */
export interface ShellFacts {
  readonly dialect: Dialect
  /** Options that are on: of a site when its first line runs (CI runners and shebangs set some), of a command where it stands. */
  readonly flags: { readonly errexit: boolean; readonly nounset: boolean; readonly pipefail: boolean }
  /** Lines are pasted one by one: a failing guard does not stop the next line (SH-05). */
  readonly interactive: boolean
  /** `alpine`, `debian`, … when the image or the settings tell; it decides what `ln -sfn` and `rm` do. */
  readonly platform?: 'gnu' | 'busybox' | 'bsd'
  readonly user?: string
}

/** What the host of a shell says of a variable before the first line runs. */
export interface Given {
  readonly value: Value
  /** Whether children and later commands see it in their environment. */
  readonly exported: boolean
}

/** One stretch of shell, wherever it lives: a file, a CI step, a `RUN`, a make recipe line, a `run()` of Deployer. */
export interface ShellSite {
  readonly piece: Piece
  readonly file: string
  /** As a person would name it: `deploy.sh`, `job deploy, step "Publish"`. */
  readonly name: string
  readonly shell: ShellFacts
  /** Variables that the host sets. Everything else comes from the environment, unless `closed`. */
  readonly given: ReadonlyMap<string, Given>
  /** The environment holds nothing but `given` and what every system sets: a far host, a container. */
  readonly closed?: true
  /** Text that another language fills, masked by private-use characters: character U+E000 + i stands for `holes[i]`. */
  readonly holes: readonly Origin[]
  /** The working directory, as the host sets it; undefined: where somebody starts it. */
  readonly cwd?: Value
  /** Which host runs it: `here`, or the far host as written. */
  readonly host: string
  /** How it came to be run: the workflow's step, the task. */
  readonly via: readonly Label[]
  /**
   * Stretches of one row run one after another in the order in which they are given, each in a shell of its own: the steps of a
   * job, the lines of a recipe, the `RUN`s of a stage. What one of them sets the next does not have, but for what is `given`.
   */
  readonly row?: string
  /** Names that the host sets for other stretches and not for this one, and where: what they say begins a sentence. */
  readonly elsewhere?: ReadonlyMap<string, Label>
  /** Rows that are over before this one begins: the jobs that a job needs, the stages before. */
  readonly after?: readonly string[]
  /** Why the host goes on when this stretch fails: `continue-on-error`, `ignore_errors`, a `-` before a line of make. */
  readonly tolerated?: Label
  /** It runs under a condition of the host: `if:`, `when:`, `only:`. */
  readonly condition?: Label
}

/** The first private-use character: U+E000 + i masks hole i of a site. */
export const holeBase = 0xe000

/** Facts of the origins as they stand at one point of one path. */
export interface Knowledge {
  /** Whether what this origin gives can be empty here. */
  empty(origin: Origin): Certainty
  /** Guards that were met on the way and speak of this origin, held or almost held. */
  guards(origin: Origin): readonly Label[]
  /** What a name holds here. Absent where that was not kept. */
  readonly value?: (name: string) => Value
}

/** One word of a command line as written, and the arguments it can become. */
export interface Word {
  readonly at: Span
  /** Offsets in the piece's text. */
  readonly start: number
  readonly end: number
  /** As written. */
  readonly text: string
  /** Usually one; several for brace expansion and known arrays. */
  readonly fields: readonly Value[]
  /** It can be none or several arguments: `$X`, `"${a[@]}"`, a glob. */
  readonly many: boolean
}

/** What a command does to a path that it names. */
export interface Effect {
  readonly word: Word
  readonly does: 'deletes' | 'replaces' | 'reads' | 'moves' | 'owns'
  /** The whole tree below, not the entry alone. */
  readonly tree: boolean
  /** When this operand vanishes the command takes the working directory instead: `find $X -delete`. */
  readonly orHere?: true
  /** Only entries of a certain name: directly in that directory, or wherever they lie below; `own`: a name that is met nowhere else. */
  readonly named?: 'here' | 'below' | 'own'
}

/** One way of getting to a command: its words, working directory and knowledge on that path. */
export interface Case {
  readonly words: readonly Word[]
  readonly effects: readonly Effect[]
  /** Where the shell may stand. */
  readonly directories: readonly Directory[]
  readonly knows: Knowledge
}

/** One place the shell may stand in. */
export interface Directory {
  /** Empty: wherever it was started. */
  readonly way: readonly Part[]
  /** A `cd` that did not go where it was meant to: why. */
  readonly lost?: Label
  /** It stayed here because this was empty. */
  readonly without?: Value
}

/** A simple command as it runs, with wrappers (`sudo`, `env`, `/bin/rm`, `$RM`) taken off. */
export interface Command {
  readonly at: Span
  readonly text: string
  readonly piece: Piece
  readonly start: number
  readonly end: number
  /** `rm` for `sudo /bin/rm`; undefined when the name is not known. */
  readonly name: string | undefined
  /** The words of the first case, `words[0]` being the name. */
  readonly words: readonly Word[]
  readonly wrappers: readonly string[]
  readonly cases: readonly Case[]
  readonly shell: ShellFacts
  /** `sometimes`: under a condition or in a loop; `after a failure`: on the right of `||`, in a trap for errors. */
  readonly runs: 'always' | 'sometimes' | 'after a failure'
  /** What happens to the script when this command fails. */
  readonly failing: 'stops' | 'goes on'
  /** The host that runs it, and the one that it changes: rsync and docker run here and change there. `here`, or as written. */
  readonly runsOn: string
  readonly actsOn: string
  /** The calls that lead here, outermost first. */
  readonly via: readonly Label[]
}

/** What one stretch of shell does: every command it can run, in order, calls followed. */
export interface Script {
  readonly site: ShellSite
  readonly commands: readonly Command[]
  /** Names that this text assigns, and where first. */
  readonly assigned: ReadonlyMap<string, Label>
  /** Names whose value it asks for. */
  readonly reads: ReadonlySet<string>
  /** What the parser could not read and which bounds were reached. */
  readonly unread: readonly Unread[]
  /** It sources files whose names it works out: any file of the project may run in it. */
  readonly loads?: boolean
  /** The files it was read from: its own, and those that it sources or calls. */
  readonly files: readonly string[]
}

/** A word's text when there is only one it can be. */
export function wordText(word: Word | undefined): string | undefined {
  if (!word || word.fields.length !== 1 || word.fields[0]!.ways.length !== 1) return undefined
  let out = ''
  for (const part of word.fields[0]!.ways[0]!) {
    if ('of' in part) return undefined
    out += part.text
  }
  return out
}

/** A word as a pattern to recognise it by: known text as it is, every unknown part by name. */
export function wordShape(word: Word): string {
  const value = word.fields[0]
  if (!value) return ''
  return (value.ways[0] ?? []).map((part) => ('of' in part ? part.of.name : part.text)).join('')
}

/**
 * A command's text as a person reads it: on one line, and what templates fill by its name. `empty`: words that hold such an origin are
 * shown as they come out without it.
 */
export function shownText(
  command: Command,
  holes: readonly Origin[],
  empty: (origin: Origin) => boolean = () => false,
): string {
  const text = written(command, empty)
    .replace(/([\ue000-\uf8ff])\1*/g, (_, mask: string) => holes[mask.charCodeAt(0) - holeBase]?.name ?? '…')
    .replace(/\\\r?\n/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return text.length > 160 ? `${text.slice(0, 157)}…` : text
}

// A text that was sent has masks of its own: its words know what they stand for.
function written(command: Command, empty: (origin: Origin) => boolean): string {
  let out = ''
  let done = command.start
  for (const word of command.cases[0]?.words ?? []) {
    const way = word.fields[0]?.ways[0]
    const spelled = /[\ue000-\uf8ff]/.test(word.text) || way?.some((part) => 'of' in part && empty(part.of))
    if (!way || !spelled || word.start < done || word.end > command.end) continue
    const quote = word.text.startsWith('"') ? '"' : ''
    const shown = way.map((part) => ('of' in part ? (empty(part.of) ? '' : part.of.name) : part.text)).join('')
    out += command.text.slice(done - command.start, word.start - command.start) + quote + shown + quote
    done = word.end
  }
  return out + command.text.slice(done - command.start)
}
