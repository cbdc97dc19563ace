import { lineStarts, type Label, type Span } from '../../source/source.ts'
import type { Files } from '../../discover/files.ts'
import { argument, eachChild, type Shell } from '../../parse/shell.ts'
import { fieldsOf } from './expand.ts'
import { at, type Context, type Frame, type Run, type Watch } from './frame.ts'
import { interpret } from './interpret.ts'
import { wordsOf } from './record.ts'
import { holeBase, type Command, type Script } from './script.ts'
import { emptiness, fork, type State } from './state.ts'
import { verdictsOf, type Verdict } from './verdict.ts'
import { originsOf, showValue, showWay, type Certainty, type Origin, type Value } from './value.ts'

/** What was read of one line: the story that `shiplint explain FILE:LINE` tells, whether a rule speaks there or not. */
export interface LineStory {
  readonly file: string
  readonly line: number
  readonly commands: readonly CommandStory[]
}

/** One command of the line, as all the paths to it found it. */
export interface CommandStory {
  readonly at: Span
  readonly text: string
  readonly kind: 'command' | 'assignment' | 'test' | 'loop' | 'choice'
  /** The calls that lead here, outermost first; `calls`: how many different ones do. */
  readonly via: readonly Label[]
  readonly calls: number
  readonly runs: Command['runs']
  /** What a failure here does to the script; undefined: a condition asks about it. */
  readonly failing: 'stops' | 'goes on' | undefined
  readonly dialect: string
  /** Which of `set -e`, `set -u` and `pipefail` are on, on every path. */
  readonly options: readonly string[]
  readonly host: string
  readonly directories: readonly DirectoryStory[]
  readonly words: readonly WordStory[]
  /** What it does to the paths that it names, and why a rule speaks of it or not. */
  readonly verdicts: readonly Verdict[]
}

/** A place where the shell may stand; `lost`: the `cd` that did not go where it was meant to. */
export interface DirectoryStory {
  readonly shown: string
  readonly lost?: Label
}

/** A word with something in it that the shell expands. */
export interface WordStory {
  readonly text: string
  /** What it can be, unknown parts by name. */
  readonly ways: readonly string[]
  /** It can be none or many arguments. */
  readonly many: boolean
  readonly unknown: readonly OriginStory[]
  /** Where it got its value. */
  readonly because: readonly Label[]
}

/** An unknown part: where it was born, and why it can or cannot be empty here. */
export interface OriginStory {
  readonly kind: Origin['kind']
  readonly name: string
  readonly at: Span
  readonly how: string
  readonly empty: Certainty
  /** The guard that proves that it is not empty here. */
  readonly proved?: Label
  /** Guards that speak of it and do not prove it. */
  readonly almost: readonly Label[]
  /** What it is made of: it is empty when that is. */
  readonly madeOf: readonly OriginStory[]
}

/** Tells what was read of a line (one-based) by walking again the scripts that hold it. */
export function explainLine(
  scripts: readonly Script[],
  files: Files,
  set: readonly string[],
  file: string,
  line: number,
): LineStory {
  const starts = lineStarts(files.get(file)?.text ?? '')
  const from = starts[line - 1]
  if (from === undefined) return { file, line, commands: [] }
  const place = { file, start: from, end: (starts[line] ?? Infinity) - 1 }
  const names = new Set(set)
  const commands = scripts
    .filter((script) => script.files.includes(file))
    .flatMap((script) => storiesIn(script, files, names, place))
  return { file, line, commands: [...merged(commands)].sort((a, b) => a.at.start - b.at.start || b.at.end - a.at.end) }
}

/** A node of the line in one frame, with the states that came to it. */
interface Visit {
  readonly frame: Frame
  readonly node: Shell.SyntaxNode
  readonly span: Span
  context: Context
  readonly stories: Told[]
}

/** What one path found. */
interface Told {
  readonly state: State
  readonly words: readonly Expanded[]
}

interface Expanded {
  readonly text: string
  readonly values: readonly Value[]
  readonly many: boolean
}

type Proofs = ReadonlyMap<string, Label>
const keyOf = (origin: Origin): string => `${origin.at.file} ${origin.at.start} ${origin.name}`
const told: ReadonlySet<string> = new Set(['Command', 'TestCommand', 'ArithmeticCommand', 'For', 'Case'])
/** So many paths to one command are told together. */
const mostPaths = 24

function storiesIn(script: Script, files: Files, set: ReadonlySet<string>, place: Span): readonly CommandStory[] {
  const proofs = new Map<string, Label>()
  const proofsAt = new Map<Visit, Proofs>()
  const visits = new Map<Frame, Map<Shell.SyntaxNode, Visit>>()
  let busy = false
  const watch: Watch = (run, context, node, before, after) => {
    if (busy) return
    busy = true
    if (told.has(node.type) && isHere(at(context.frame, headOf(node)), place))
      proofsAt.set(visited(visits, run, context, node, before), new Map(proofs))
    noteProofs(proofs, context.frame, node, before, after)
    busy = false
  }
  const again = interpret(script.site, files, set, watch)
  const found = [...visits.values()].flatMap((nodes) => [...nodes.values()])
  return found.map((visit) => storyOf(visit, proofsAt.get(visit)!, again.commands))
}

const isHere = (span: Span, place: Span): boolean =>
  span.file === place.file && span.start <= place.end && span.end > place.start

// Of a loop or a choice only its head is told, its body speaks for itself.
function headOf(node: Shell.SyntaxNode): { readonly pos: number; readonly end: number } {
  if (node.type === 'For') return { pos: node.pos, end: node.wordlist?.at(-1)?.end ?? node.name.end }
  if (node.type === 'Case') return { pos: node.pos, end: node.word.end }
  if (node.type !== 'Command') return node
  const parts = [...node.prefix, ...(node.name ? [node.name] : []), ...node.suffix]
  return { pos: node.pos, end: Math.max(node.pos, ...parts.map((part) => part.end)) }
}

function visited(
  visits: Map<Frame, Map<Shell.SyntaxNode, Visit>>,
  run: Run,
  context: Context,
  node: Shell.SyntaxNode,
  before: readonly State[],
): Visit {
  let nodes = visits.get(context.frame)
  if (!nodes) visits.set(context.frame, (nodes = new Map()))
  let visit = nodes.get(node)
  if (!visit)
    nodes.set(
      node,
      (visit = { frame: context.frame, node, span: at(context.frame, headOf(node)), context, stories: [] }),
    )
  if (context.runs === 'always') visit.context = context
  for (const state of before)
    if (visit.stories.length < mostPaths)
      visit.stories.push({ state, words: expandedIn(run, context, fork(state), node) })
  return visit
}

/** The words of a node as they are on one path. */
function expandedIn(run: Run, context: Context, state: State, node: Shell.SyntaxNode): readonly Expanded[] {
  if (node.type === 'Command' && node.name) {
    const assigned = node.prefix.flatMap((one) =>
      one.type === 'Assignment' ? assignedWord(run, context, state, one) : [],
    )
    return [...assigned, ...wordsOf(run, context, state, node).map((word) => ({ ...word, values: word.fields }))].map(
      ({ text, values, many }) => ({ text, values, many }),
    )
  }
  if (node.type === 'Command')
    return node.prefix.flatMap((one) => (one.type === 'Assignment' ? assignedWord(run, context, state, one) : []))
  const words: Shell.Word[] = []
  if (node.type === 'For') words.push(...(node.wordlist ?? []))
  else if (node.type === 'Case') words.push(node.word)
  else collectWords(node, words, 0)
  return words.map((word) => expanded(run, context, state, word))
}

function assignedWord(run: Run, context: Context, state: State, one: Shell.Assignment): readonly Expanded[] {
  if (one.value.type !== 'Word') return []
  return [{ ...expanded(run, context, state, one.value), text: one.text, many: false }]
}

function expanded(run: Run, context: Context, state: State, word: Shell.Word): Expanded {
  const { fields, many } = fieldsOf(run, context, state, argument(word))
  return { text: word.text, values: fields, many }
}

function collectWords(node: Shell.SyntaxNode, words: Shell.Word[], depth: number): void {
  if (node.type === 'Word') words.push(node)
  else if (depth < 20) eachChild(node, (child) => collectWords(child, words, depth + 1))
}

function proofText(frame: Frame, node: Shell.SyntaxNode): string {
  const { pos, end } = headOf(node)
  const text = filled(frame, frame.piece.text.slice(pos, end))
  return shortened(node.type === 'Word' ? `case ${text} in` : text)
}

/** Remembers where an origin was proved not to be empty: a state leaves with that, and none came with it. */
function noteProofs(
  proofs: Map<string, Label>,
  frame: Frame,
  node: Shell.SyntaxNode,
  before: readonly State[],
  after: readonly State[],
): void {
  for (const state of after) {
    for (const origin of state.facts.differing(before[0]?.facts ?? state.facts.cleared())) {
      const fact = state.facts.get(origin)
      if (fact?.empty !== 'never' || before.some((one) => one.facts.get(origin)?.empty === 'never')) continue
      // The innermost command that proves it is told; what is around it comes later and says the same.
      const span = at(frame, headOf(node))
      const known = proofs.get(keyOf(origin))
      if (known && known.at.file === span.file && span.start <= known.at.start && known.at.end <= span.end) continue
      proofs.set(keyOf(origin), { at: span, says: proofText(frame, node) })
    }
  }
}

// What another language or the calling shell fills in is told by name.
const filled = (frame: Frame, text: string): string =>
  text.replace(/([\uE000-\uF8FF])\1*/g, (mask) => {
    const hole = frame.holes[mask.charCodeAt(0) - holeBase]
    return hole ? showValue(hole) : mask
  })

const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 72 ? `${line.slice(0, 71)}…` : line
}

function storyOf(visit: Visit, proofs: Proofs, commands: readonly Command[]): CommandStory {
  const { frame, context, node, span, stories } = visit
  const states = stories.map((one) => one.state)
  const command = commands.find(
    (one) => one.piece === frame.piece && one.start === node.pos && sameVia(one.via, frame.via),
  )
  const head = headOf(node)
  return {
    at: span,
    text: shortened(filled(frame, frame.piece.text.slice(head.pos, head.end))),
    kind: kindOf(node),
    via: frame.via,
    calls: 1,
    runs: command?.runs ?? context.runs,
    failing: context.checked ? undefined : states.every((state) => state.flags.errexit) ? 'stops' : 'goes on',
    dialect: frame.shell.dialect,
    options: (['errexit', 'nounset', 'pipefail'] as const).filter((flag) => states.every((state) => state.flags[flag])),
    host: frame.host,
    directories: directoriesOf(states),
    words: wordStories(stories, proofs),
    verdicts: command ? verdictsOf(command) : [],
  }
}

const sameVia = (a: readonly Label[], b: readonly Label[]): boolean =>
  a.length === b.length && a.every((label, i) => label.at.start === b[i]!.at.start && label.at.file === b[i]!.at.file)

function kindOf(node: Shell.SyntaxNode): CommandStory['kind'] {
  if (node.type === 'For') return 'loop'
  if (node.type === 'Case') return 'choice'
  if (node.type !== 'Command') return 'test'
  if (!node.name) return 'assignment'
  return node.name.text === '[' || node.name.text === 'test' ? 'test' : 'command'
}

function directoriesOf(states: readonly State[]): readonly DirectoryStory[] {
  const out = new Map<string, DirectoryStory>()
  for (const state of states)
    for (const { way, lost } of state.cwd) {
      const shown = showWay(way)
      const key = `${shown} ${lost?.at.start ?? ''}`
      if (!out.has(key)) out.set(key, { shown, ...(lost ? { lost } : {}) })
    }
  return [...out.values()].slice(0, 6)
}

/** The words that the shell expands, each with what it can be on any path. */
function wordStories(stories: readonly Told[], proofs: Proofs): readonly WordStory[] {
  const byText = new Map<
    string,
    { ways: Set<string>; many: boolean; origins: Map<string, [Origin, State][]>; because: Label[] }
  >()
  for (const { state, words } of stories)
    for (const word of words) {
      if (!/[$`*?{~<]/.test(word.text)) continue
      let known = byText.get(word.text)
      if (!known) byText.set(word.text, (known = { ways: new Set(), many: false, origins: new Map(), because: [] }))
      known.many ||= word.many
      if (word.values.length === 0) known.ways.add('')
      for (const value of word.values) {
        for (const way of value.ways) known.ways.add(showWay(way))
        for (const origin of originsOf(value)) {
          const pairs = known.origins.get(keyOf(origin)) ?? []
          known.origins.set(keyOf(origin), [...pairs, [origin, state]])
        }
        for (const label of value.because) if (!known.because.some((one) => same(one, label))) known.because.push(label)
      }
    }
  return [...byText].map(([text, { ways, many, origins, because }]) => ({
    text,
    ways: [...ways].slice(0, 8),
    many,
    unknown: [...origins.values()].map((pairs) => originStory(pairs, proofs, 0)),
    because: because.slice(-4),
  }))
}

const same = (a: Label, b: Label): boolean => a.at.file === b.at.file && a.at.start === b.at.start && a.says === b.says

function originStory(pairs: readonly (readonly [Origin, State])[], proofs: Proofs, depth: number): OriginStory {
  const [origin] = pairs[0]!
  const certainties = new Set(pairs.map(([one, state]) => emptiness(state, one)))
  const empty =
    certainties.size === 1
      ? [...certainties][0]!
      : certainties.has('maybe') || certainties.has('always')
        ? 'maybe'
        : 'unknown'
  const proved = empty === 'never' ? proofs.get(keyOf(origin)) : undefined
  const almost: Label[] = []
  for (const [one, state] of pairs)
    for (const guard of state.facts.get(one)?.guards ?? [])
      if (!almost.some((known) => same(known, guard))) almost.push(guard)
  const inner = depth < 3 && empty !== 'never' && origin.madeOf ? originsOf(origin.madeOf) : []
  return {
    kind: origin.kind,
    name: origin.name,
    at: origin.at,
    how: origin.how,
    empty,
    ...(proved ? { proved } : {}),
    almost: empty === 'never' ? [] : almost,
    madeOf: inner.map((one) =>
      originStory(
        pairs.map(([, state]) => [one, state] as const),
        proofs,
        depth + 1,
      ),
    ),
  }
}

/** The same command reached by several calls with the same outcome is told once. */
function merged(stories: readonly CommandStory[]): readonly CommandStory[] {
  const out: CommandStory[] = []
  const seen = new Map<string, number>()
  for (const story of stories) {
    const { via: _via, ...rest } = story
    const key = JSON.stringify(rest)
    const known = seen.get(key)
    if (known === undefined) {
      seen.set(key, out.length)
      out.push(story)
    } else out[known] = { ...out[known]!, calls: out[known]!.calls + 1 }
  }
  return out
}
