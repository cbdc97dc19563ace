import type { Piece } from '../../source/piece.ts'
import type { Label } from '../../source/source.ts'
import { argument, argumentsOf, type Argument, type Shell } from '../../parse/shell.ts'
import { effectsOf, listedBy } from './effects.ts'
import { fedTo } from './feed.ts'
import { fieldsOf } from './expand.ts'
import { lookup } from './lookup.ts'
import { at, type Context, type Frame, type Recorded, type Run } from './frame.ts'
import { type Case, type Directory, type ShellFacts, type Word } from './script.ts'
import { emptiness, fork, type State } from './state.ts'
import { literal, type Value } from './value.ts'
import { type Called } from './simple.ts'

/** The words of a command, each argument a word of its own. */
export function wordsOf(run: Run, context: Context, state: State, node: Shell.Command): readonly Word[] {
  let slots = run.slots.get(node)
  if (!slots || slots.piece !== context.frame.piece) {
    slots = { piece: context.frame.piece, slots: slotsOf(context.frame, node) }
    run.slots.set(node, slots)
  }
  const out: Word[] = []
  for (const slot of slots.slots) {
    if (slot.word) {
      out.push(slot.word)
      continue
    }
    const { fields, many } = fieldsOf(run, context, state, slot.given)
    // A text that no path changes is kept for all of them, and for whoever asks later.
    if (slot.fixed && fields.length === 1) out.push((slot.word = wordAt(context.frame, slot.given, fields[0]!, many)))
    else for (const field of fields) out.push(wordAt(context.frame, slot.given, field, many))
  }
  return out.slice()
}

/** One argument of a command. `fixed`: nothing in it is expanded; `word`: what it is then. */
interface Slot {
  readonly given: Argument
  readonly fixed: boolean
  word: Word | undefined
}

/** The arguments of a command in a text, taken apart once for all paths. */
export interface Slots {
  readonly piece: Piece
  readonly slots: readonly Slot[]
}

function slotsOf(frame: Frame, node: Shell.Command): readonly Slot[] {
  const holes = frame.holes.length > 0
  const slot = (given: Argument): Slot => ({ given, fixed: !holes && given.words.every(isFixed), word: undefined })
  return [
    slot(argument(node.name!)),
    ...argumentsOf(node).flatMap((given) =>
      'words' in given ? [slot(given)] : given.value.type === 'Word' ? [slot(argument(asTextWord(given)))] : [],
    ),
  ]
}

const isFixed = (word: Shell.Word): boolean => !word.text.startsWith('~') && (word.parts?.every(isPlain) ?? true)

function isPlain(part: Shell.WordPart): boolean {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return true
    case 'DoubleQuoted':
      return part.parts.every(isPlain)
    default:
      return false
  }
}

// `--opt` aside, `NAME=value` among the operands is a word: `dd if=x`, `make DESTDIR=$D`.
function asTextWord(given: Shell.Assignment): Shell.Word {
  const value = given.value as Shell.Word
  const head = given.text.slice(0, value.pos - given.pos)
  const parts: readonly Shell.WordPart[] = [
    { type: 'Literal', pos: given.pos, end: value.pos, text: head, value: head },
    ...(value.parts ?? [
      { type: 'Literal' as const, pos: value.pos, end: value.end, text: value.text, value: value.value },
    ]),
  ]
  return { type: 'Word', pos: given.pos, end: given.end, text: given.text, value: given.text, parts }
}

/** A word for one argument. It keeps no node of the tree: thousands of words outlive their script's. */
export function wordAt(
  frame: Frame,
  given: { readonly pos: number; readonly end: number; readonly text: string },
  value: Value,
  many: boolean,
): Word {
  return {
    at: at(frame, given),
    start: given.pos,
    end: given.end,
    text: given.text,
    fields: [value],
    many,
  }
}

const hereWord = (context: Context, node: Shell.Command) => (): Word =>
  wordAt(context.frame, { pos: node.pos, end: node.end, text: '.' }, literal('.'), false)

/** Notes a command with the words and the knowledge of this path. */
export function record(run: Run, context: Context, state: State, called: Called): void {
  const { node, unwrapped } = called
  const frame = context.frame
  const here = hereWord(context, node)
  const listed = unwrapped.feed ? context.input?.listed : undefined
  const operands = unwrapped.feed && !listed ? fedTo(context, state, called, unwrapped.feed) : unwrapped.words.slice(1)
  const own = effectsOf(unwrapped.name, operands, here)
  const piped =
    listed && unwrapped.name === 'rm'
      ? listed.map((word) => ({
          word,
          does: 'deletes' as const,
          tree: true,
          ...(listed.length === 1 ? { orHere: true as const } : {}),
        }))
      : []
  const listing = listedBy(unwrapped.name, operands, here)
  if (listing) run.listing = listing
  const effects = [...own, ...piped]
  let known = frame.recorded.get(node)
  if (!known) {
    known = fresh(context, called, state)
    frame.recorded.set(node, known)
    run.commands.push(known)
  } else if (known.runs !== 'always' && context.runs === 'always') known.runs = 'always'
  // A command without effects is recorded once: from where it was meant to run, when a way there is met.
  const telling = effects.length > 0 || (unwrapped.feed !== undefined && unwrapped.name === 'rm')
  const meant = !telling && isLost(known.cases[0]?.directories) && !isLost(state.cwd)
  if (known.cases.length >= 12 || (!telling && known.cases.length > 0 && !meant)) return
  const knows = telling ? knowledgeOf(run, frame, state) : knowsNothing
  const one: Case = { words: unwrapped.words, effects, knows, directories: state.cwd }
  known.cases = meant ? [one] : [...known.cases, one]
}

const noGuards: readonly Label[] = []
// Most commands touch nothing: what was known there is not kept for them.
const knowsNothing: Case['knows'] = { empty: () => 'unknown', guards: () => noGuards }

function knowledgeOf(run: Run, frame: Frame, state: State): Case['knows'] {
  const then = { ...fork(state), functions: new Map(), traps: new Map(), scope: undefined }
  return {
    empty: (origin) => emptiness(then, origin),
    guards: (origin) => then.facts.get(origin)?.guards ?? noGuards,
    value: (name) => lookup(run, frame, then, name),
  }
}

const isLost = (directories: readonly Directory[] | undefined): boolean =>
  directories !== undefined && directories.some((directory) => directory.lost !== undefined)

function fresh(context: Context, called: Called, state: State): Recorded {
  const { node, unwrapped } = called
  const frame = context.frame
  const place = commandEnd(node)
  const passed = /^"?\$(@|\*|\{@\})"?$/.test(unwrapped.words[0]?.text ?? '')
    ? frame.via[frame.via.length - 1]
    : undefined
  return {
    // A function that runs its arguments: the command stands where it is called.
    at: passed ? passed.at : at(frame, place),
    text: frame.piece.text.slice(place.pos, place.end),
    piece: frame.piece,
    start: place.pos,
    end: place.end,
    name: unwrapped.name,
    words: unwrapped.words,
    wrappers: unwrapped.wrappers,
    cases: [],
    shell: withFlags(frame.shell, state.flags),
    runs: context.runs,
    failing: context.failing ?? (state.flags.errexit && !context.checked ? 'stops' : 'goes on'),
    runsOn: frame.host,
    actsOn: frame.host,
    via: frame.via,
  }
}

// The options as they are on here: those of the start, and what `set` has changed on the way.
function withFlags(shell: ShellFacts, { errexit, nounset, pipefail }: State['flags']): ShellFacts {
  const { flags } = shell
  if (flags.errexit === errexit && flags.nounset === nounset && flags.pipefail === pipefail) return shell
  return { ...shell, flags: { errexit, nounset, pipefail } }
}

// A here-document stands behind the command's own line: the command is what stands before it.
export function commandEnd(node: Shell.Command): { readonly pos: number; readonly end: number } {
  const parts = [...node.prefix, ...(node.name ? [node.name] : []), ...node.suffix]
  let end = node.pos
  for (const part of parts) {
    if (part.type === 'HereDoc') end = Math.max(end, part.delimiter?.end ?? part.pos + 2)
    else if (part.type === 'Word') end = Math.max(end, argument(part).end)
    else end = Math.max(end, part.end)
  }
  return { pos: node.pos, end }
}

export const commandText = (frame: Frame, node: Shell.Command): string => {
  const { pos, end } = commandEnd(node)
  const text = frame.piece.text.slice(pos, end).replace(/\s+/g, ' ')
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
