import type { Label, Span, Unread } from '../../source/source.ts'
import { spanOf, type Piece } from '../../source/piece.ts'
import type { Files } from '../../discover/files.ts'
import type { Shell } from '../../parse/shell.ts'
import type { Command, Given, ShellFacts, Word } from './script.ts'
import type { Definition, State } from './state.ts'
import type { Slots } from './record.ts'
import type { Origin, Value } from './value.ts'

/** One text being walked, and how it came to run: a file, a function called from one place, the string of `sh -c`. */
export interface Frame {
  readonly piece: Piece
  readonly file: string
  readonly shell: ShellFacts
  /** What the private-use characters of the text stand for. */
  readonly holes: readonly Value[]
  /** The environment holds only what was handed over; the words say where: `on the far host`. */
  readonly closed: string | undefined
  readonly host: string
  readonly via: readonly Label[]
  /** Origins by the node that made them: the same node in the same frame gives the same origin. */
  readonly born: Map<object, Origin>
  readonly depth: number
  /** The definitions being called, to see recursion. */
  readonly calls: object[]
  /** Frames of the calls made here, by the node that calls: a second path through a call comes to the same frame. */
  readonly inner: Map<object, Frame>
  /** What was recorded of each command of this frame. */
  readonly recorded: Map<object, Recorded>
}

/** Where control goes when it does not fall through, and what is being asked of the commands met. */
export interface Context {
  readonly frame: Frame
  /** `set -e` is off here: a condition, the left of `&&`. */
  readonly checked: boolean
  readonly runs: Command['runs']
  readonly failing: Command['failing'] | undefined
  readonly loop: { readonly breaks: State[]; readonly continues: State[] } | undefined
  readonly returns: State[] | undefined
  readonly exits: State[]
  /** A shell of its own, whose end is not the script's: what started it asks how it ended. */
  readonly apart?: boolean
  /** Standard output is captured, so what is printed matters. */
  readonly captured: boolean
  /** Standard output goes into a pipe or a file. */
  readonly quiet: boolean
  /** What stands on standard input: the paths that were listed, the text that was printed. */
  readonly input: Input | undefined
}

/** What comes through a pipe: words naming the trees that were listed, or the text. */
export interface Input {
  readonly listed?: readonly Word[]
  readonly state: State
  readonly text: Value
  /** The words that `echo` and `printf` put there, when nothing else did. */
  readonly printed?: Printed
}

/** What one command printed word by word. */
export interface Printed {
  readonly frame: Frame
  readonly node: Shell.Command
  readonly words: readonly Word[]
}

/** What a function changes, and those that it calls: names that are assigned there, or by a file that it reads. */
export interface Changes {
  readonly names: ReadonlySet<string>
  readonly foreign: boolean
}

/** What a whole run shares: its bounds, what it found, the project it may look into. */
export interface Run {
  readonly files: Files
  /** The frame of the text itself. */
  readonly root: Frame
  readonly set: ReadonlySet<string>
  readonly given: ReadonlyMap<string, Given>
  /** Statements that may still be walked. */
  fuel: number
  tick: number
  /** Inputs nobody assigned, by name. */
  readonly inputs: Map<string, Origin>
  readonly commands: Recorded[]
  readonly unread: Unread[]
  readonly read: Set<string>
  /** A file was sourced whose name was worked out. */
  loads: boolean
  readonly assigned: Map<string, Label>
  readonly reads: Set<string>
  /** Trees of sourced files. */
  readonly trees: Map<string, { readonly tree: Shell.Script; readonly piece: Piece }>
  /** What a call that is not followed may change, by the function. */
  readonly changes: Map<object, Changes>
  /** The arguments of each command met. */
  readonly slots: Map<object, Slots>
  /** How often a definition was walked. */
  readonly walked: Map<object, number>
  /** The trees that the last command listed on its output. */
  listing: readonly Word[] | undefined
  /** What the commands before a pipe printed word by word. */
  printed: readonly Printed[]
  /** All functions of the texts read, by name: what is called before its definition was met on this path. */
  readonly known: Map<string, Definition>
  /** Names that the texts read set themselves, by something other than themselves: where no path has, they are unset. */
  readonly own: Set<string>
  /** Where each variable stands first in the text. */
  readonly uses: Map<string, { readonly pos: number; readonly end: number }>
  /** How the last substitution of a word ended: an assignment takes its status from it. */
  substituted: Substituted | undefined
  substitute(context: Context, state: State, node: Shell.CommandExpansionPart | Shell.ProcessSubstitutionPart): Value
  /** Told of every command that was walked, inner ones first: who explains a line looks on. */
  readonly watch: Watch | undefined
}

/** Looks on while a script is walked: the states that came to a command, and those that it left. */
export type Watch = (
  run: Run,
  context: Context,
  node: Shell.SyntaxNode,
  before: readonly State[],
  after: readonly State[],
) => void

/** How a substitution can end, and which origins are not empty when it succeeds. */
export interface Substituted {
  readonly ok: boolean
  readonly fail: boolean
  readonly full: readonly Origin[]
  /** What it can have printed when it succeeds, and when it fails. */
  readonly okWays: Value['ways']
  readonly failWays: Value['ways']
}

/** A command while cases are still being added to it. */
export interface Recorded extends Omit<Command, 'cases' | 'runs'> {
  runs: Command['runs']
  cases: Command['cases']
}

/** The host's characters behind a node. */
export function at(frame: Frame, node: { readonly pos: number; readonly end: number }): Span {
  const length = frame.piece.text.length
  const start = Math.min(Math.max(node.pos, 0), length)
  return spanOf(frame.piece, start, Math.min(Math.max(node.end, start), length))
}

/** Says once that a bound was reached or a part was not read. */
export function say(run: Run, frame: Frame, node: { readonly pos: number; readonly end: number }, says: string): void {
  if (run.unread.some((known) => known.says === says)) return
  const span = at(frame, node)
  run.unread.push({ start: span.start, end: span.end, says })
}
