import type { Label } from '../../source/source.ts'
import { eachChild, type Shell } from '../../parse/shell.ts'
import type { Piece } from '../../source/piece.ts'
import { exact } from './options.ts'
import { outputOf } from './output.ts'
import type { Case, Command, Script } from './script.ts'
import { keptIn, type Kept } from './spared.ts'
import type { Origin } from './value.ts'

/** A delete of all that is not kept, where the list of what is kept can be empty. */
export interface KeepList {
  readonly command: Command
  /** What is kept, as written: `$current`, `$(readlink current)`. */
  readonly kept: string
  readonly because: readonly Label[]
}

/** The deletes of a script that spare only what a command printed, when that can be nothing. */
export function* keepLists(script: Script): Iterable<KeepList> {
  const pieces = new Map<Piece, Command[]>()
  for (const command of script.commands) {
    const fed = command.name === 'rm' && command.wrappers.some((name) => name === 'xargs' || name === 'parallel')
    if (!fed && !command.cases.some((given) => given.effects.some((effect) => effect.does === 'deletes'))) continue
    yield* unnamed(command)
    const known = pieces.get(command.piece)
    if (known) known.push(command)
    else pieces.set(command.piece, [command])
  }
  for (const [piece, commands] of pieces) {
    if (!/\b(for|while)\b|grep|comm\b|!\(/.test(piece.text)) continue
    for (const { node, keeps, at } of keptIn(piece.text))
      for (const command of commands)
        if (command.start >= node.pos && command.start < node.end) {
          const one = emptyKeep(command, keeps, piece, at)
          if (one) yield one
        }
  }
}

/** `find … ! -name "$current" … -delete`: every name is not the empty one. */
function* unnamed(command: Command): Iterable<KeepList> {
  if (command.name !== 'find') return
  for (const given of command.cases)
    for (let i = 0; i + 2 < given.words.length; i++) {
      if (!/^(!|-not)$/.test(exact(given.words[i]) ?? '') || !/^-i?(name|path)$/.test(exact(given.words[i + 1]) ?? ''))
        continue
      const word = given.words[i + 2]!
      const origin = emptyOrigin(given, word.fields[0]?.ways ?? [])
      if (origin) yield { command, kept: origin.name, because: [birth(origin), ...given.knows.guards(origin)] }
    }
}

const birth = (origin: Origin): Label => ({ at: origin.at, says: `${origin.name} ${origin.how}` })

// A program that stands in the command line prints what it was written to print.
const ownWords = /^\$\((ruby|node|python3?|perl|php) -[a-z]*[ecpr] /

// What came out of a command, or was made of that, and is all there is: a list that may be left out on purpose is none.
function emptyOrigin(
  given: Case,
  ways: readonly (readonly ({ readonly of: Origin } | { readonly text: string })[])[],
): Origin | undefined {
  for (const way of ways) {
    const origins = way.flatMap((part) => ('of' in part ? [part.of] : []))
    if (origins.length === 0 || way.some((part) => 'text' in part && part.text.trim() !== '')) continue
    if (!origins.every((origin) => /maybe|always/.test(given.knows.empty(origin)))) continue
    const printed = origins.find(
      (origin) => (origin.kind === 'substitution' || origin.kind === 'derived') && !ownWords.test(origin.name),
    )
    if (printed) return printed
  }
  return undefined
}

/** The delete and the part of its keep list that can be empty. */
function emptyKeep(
  command: Command,
  keeps: readonly Shell.Word[],
  piece: Piece,
  where: Kept['at'],
): KeepList | undefined {
  const spared: Label = { at: spanAt(piece, where), says: 'spares only what this says' }
  for (const word of keeps) {
    const inline = inlineCommand(word)
    if (inline !== undefined) {
      if (outputOf(inline.name, undefined) === 'sure') continue
      const at = spanAt(piece, inline)
      const says = `is empty when \`${inline.name}\` fails or finds nothing`
      return { command, kept: inline.text, because: [{ at, says: `${inline.text} ${says}` }, spared] }
    }
    const name = /\$\{?([A-Za-z_]\w*)/.exec(word.text)?.[1]
    if (
      name === undefined ||
      !/^["'^!(\s]*\$\{?[A-Za-z_]\w*(\[[@*]\])?\}?["'$)/\s]*$/.test(word.text.replaceAll('" "', ''))
    )
      continue
    for (const given of command.cases) {
      const value = given.knows.value?.(name)
      const origin = value && emptyOrigin(given, value.ways)
      if (origin)
        return {
          command,
          kept: `$${name}`,
          because: [birth(origin), ...value.because, ...given.knows.guards(origin), spared],
        }
    }
  }
  return undefined
}

function inlineCommand(
  word: Shell.Word,
): { readonly name: string; readonly text: string; readonly pos: number; readonly end: number } | undefined {
  let found: { name: string; text: string; pos: number; end: number } | undefined
  const visit = (node: Shell.SyntaxNode, depth: number): void => {
    if (found || depth > 6) return
    if (node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution') {
      const first = node.script?.source === undefined ? node.script?.commands[0]?.command : undefined
      const last = first?.type === 'Pipeline' ? first.commands.at(-1) : first
      if (last?.type !== 'Command' || !last.name) return
      // `basename "$(readlink current)"` prints nothing when what is inside does.
      if (/^(basename|echo|printf)$/.test(last.name.text)) eachChild(last, (child) => visit(child, depth + 1))
      found ??= { name: last.name.text, text: node.text, pos: node.pos, end: node.end }
      return
    }
    eachChild(node, (child) => visit(child, depth + 1))
  }
  visit(word, 0)
  return found
}

function spanAt(piece: Piece, node: { readonly pos: number; readonly end: number }): Label['at'] {
  const spans = piece.spans(node.pos, node.end)
  const first = spans[0]!
  return { file: first.file, start: first.start, end: spans[spans.length - 1]!.end }
}
