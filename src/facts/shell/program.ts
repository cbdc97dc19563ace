import { childShell } from './embedded.ts'
import { demanded, handedOver, mayEnd, mayRefuse } from './demands.ts'
import { at, type Context, type Frame, type Run } from './frame.ts'
import { exact, parseOptions } from './options.ts'
import { expressionMatchesEmpty } from './pattern.ts'
import { filterOf, outputOf, printsAbsolute, silentCommands } from './output.ts'
import { type Word } from './script.ts'
import {
  assumeFull,
  doubt,
  emptiness,
  fork,
  renew,
  sameWays,
  uniqueWays,
  valueEmptiness,
  wayEmptiness,
  type State,
} from './state.ts'
import { narrowPath, provesParts } from './there.ts'
import { originsOf, valueOf, type Origin, type Part, type Value } from './value.ts'
import { type Called } from './simple.ts'
import { commandEnd, commandText } from './record.ts'
import { ended } from './settle.ts'

/** A program of the system: it may fail, and prints what the table of outputs says. */
export function program(run: Run, context: Context, state: State, called: Called): readonly State[] {
  const { unwrapped, node } = called
  const embedded = childShell(run, context, state, called)
  if (embedded) return embedded
  const name = unwrapped.name ?? ''
  // A function of a file that was not read, by its name one that ends the script.
  if (/^(die|abort|panic|croak|fatal\w*|bail\w*|exit_\w+|\w+_exit|fatal-\w+)$/.test(name)) {
    context.exits.push(ended(state, 'fail'))
    return []
  }
  if (name === 'cat' && context.captured && !context.quiet && unwrapped.words.length === 1) {
    run.printed = [...run.printed, { frame: context.frame, node, words: [] }]
  }
  const there = proved(state, called)
  if (there) return there
  if (unwrapped.wrappers.includes('exec')) {
    // The program takes the shell's place: what follows never runs, and traps do not either.
    state.traps = new Map()
    context.exits.push(ended(state, 'any'))
    return []
  }
  if (
    /^[ef]?grep$/.test(name) &&
    context.input &&
    (!context.captured || context.quiet || /^-\w*q/.test(exact(unwrapped.words[1]) ?? ''))
  ) {
    const told = grepped(context, state, called)
    if (told) return told
  }
  const needs = demanded(name, unwrapped.words).filter((value) => valueEmptiness(state, value) === 'maybe')
  if (!context.captured || context.quiet || silentCommands.has(name)) {
    if (needs.length > 0) {
      const ok = ended(fork(state), 'ok')
      return [...(needs.every((value) => assumeFull(ok, value)) ? [ok] : []), ended(fork(state), 'fail')]
    }
    return [ended(doubted(state, called), context.captured && outputOf(name, undefined) === 'sure' ? 'ok' : 'any')]
  }
  const filter = context.input ? filterOf(name) : undefined
  if (filter !== undefined) return filtered(context, state, called, filter)
  if (name === 'dirname' && printParent(context, state, called)) return [ended(state, 'ok')]
  const kind = outputOf(name, exact(unwrapped.words[1]))
  const made = needs.length === 1 ? needs[0] : madeOf(name, unwrapped.words)
  const origin: Origin = reborn(context.frame, node, () => ({
    kind: made ? 'derived' : 'substitution',
    name: `$(${commandText(context.frame, node)})`,
    at: at(context.frame, commandEnd(node)),
    empty: kind === 'sure' ? 'never' : unwrapped.name === undefined ? 'unknown' : 'maybe',
    unset: 'never',
    splits: 'maybe',
    how:
      kind === 'prints'
        ? `is empty when \`${commandText(context.frame, node)}\` fails`
        : `is empty when \`${commandText(context.frame, node)}\` prints nothing`,
    ...(made ? { madeOf: made } : {}),
    ...(printsAbsolute(name) ? { absolute: true as const } : {}),
  }))
  renew(state, origin)
  printWays(state, [[{ of: origin }], ...resolvedRoot(state, name, unwrapped.words)], '\n')
  if (kind === 'sure') return [ended(state, 'ok')]
  if (kind === 'maybe') return [ended(state, 'any')]
  const ok = ended(fork(state), 'ok')
  assumeFull(ok, valueOf(origin))
  return [ok, ended(state, 'fail')]
}

/** After a function that was not read: it may have ended the script where a value is empty, or refused what it was given. */
function doubted(state: State, { unwrapped }: Called): State {
  const name = unwrapped.name ?? ''
  // Where its file is missing there is no such function.
  if (state.absent && state.foreign === 0) return state
  if (mayRefuse(name)) for (const origin of handedOver(state, unwrapped.words)) doubt(state, origin)
  if (mayEnd(name)) state.doubtful = true
  return state
}

// `mv "$x/.git" …` fails without x: no system has `/.git`.
function proved(state: State, { unwrapped }: Called): readonly State[] | undefined {
  if (unwrapped.name !== 'mv' && unwrapped.name !== 'cp') return undefined
  const operands = unwrapped.words.slice(1).filter((word) => !word.text.startsWith('-'))
  const open = operands.slice(0, -1).flatMap((word) => {
    const value = word.fields.length === 1 ? word.fields[0]! : undefined
    const asks = value && originsOf(value).some((origin) => emptiness(state, origin) === 'maybe')
    return asks && provesParts(state, value, false, false) ? [value] : []
  })
  if (open.length === 0) return undefined
  const moved = ended(fork(state), 'ok')
  for (const value of open) narrowPath(moved, value, undefined)
  return [moved, ended(state, 'fail')]
}

// `dirname "$x/file"` is x, and the root without it; `dirname "$x"` is the working directory without it.
function printParent(context: Context, state: State, { node, unwrapped }: Called): boolean {
  const operand = parseOptions(unwrapped.words.slice(1), {}).operands[0]
  // Without quotes nothing is no operand, and that fails.
  const value = operand?.many ? undefined : operand?.fields[0]
  const way = value?.ways.length === 1 ? value.ways[0]! : undefined
  if (!value || !way || wayEmptiness(state, way) === 'always') return false
  const last = way[way.length - 1]
  const name = last && !('of' in last) ? /^(.*)\/[\w-][\w.-]*$/s.exec(last.text) : undefined
  if (name && way.length > 1) {
    const head = [...way.slice(0, -1), ...(name[1] === '' ? [] : [{ text: name[1]! }])]
    print(state, wayEmptiness(state, head) === 'never' ? head : [...head, { text: '/.' }])
    return true
  }
  if (way.length > 1 || !last || !('of' in last) || emptiness(state, last.of) !== 'maybe') return false
  const origin = reborn(context.frame, node, () => ({
    kind: 'substitution',
    name: `$(${commandText(context.frame, node)})`,
    at: at(context.frame, commandEnd(node)),
    empty: 'never',
    unset: 'never',
    splits: 'maybe',
    how: '',
    instead: { when: value, text: '.' },
  }))
  print(state, [{ of: origin }])
  return true
}

// `realpath "$x/"` is the root when x is empty.
function resolvedRoot(state: State, name: string, words: readonly Word[]): Value['ways'] {
  if (name !== 'realpath' && name !== 'readlink') return []
  const value = words.slice(1).find((word) => !(exact(word) ?? '').startsWith('-'))?.fields[0]
  const way = value?.ways.length === 1 ? value.ways[0]! : []
  const last = way[way.length - 1]
  const root = way.length > 1 && last && !('of' in last) && /^\/+$/.test(last.text)
  return root && wayEmptiness(state, way.slice(0, -1)) === 'maybe' ? [way] : []
}

// `basename "$x"` is empty when x is; the others of the table print whatever they are given.
function madeOf(name: string, words: readonly Word[]): Value | undefined {
  if (name !== 'basename' && name !== 'realpath' && name !== 'readlink') return undefined
  const operand = words.slice(1).find((word) => !(exact(word) ?? '').startsWith('-'))
  return operand?.fields[0]
}

export function reborn(frame: Frame, node: object, make: () => Origin): Origin {
  const known = frame.born.get(node)
  if (known && !known.madeOf && !known.instead) return known
  const origin = make()
  if (known?.instead && origin.instead && sameWays(known.instead.when.ways, origin.instead.when.ways)) return known
  if (known?.madeOf && origin.madeOf && known.madeOf.ways === origin.madeOf.ways) return known
  frame.born.set(node, origin)
  return origin
}

function filtered(
  context: Context,
  state: State,
  called: Called,
  own: 'never' | 'maybe' | 'unknown',
): readonly State[] {
  const text = context.input!.text
  const origin: Origin = reborn(context.frame, called.node, () => ({
    kind: 'derived',
    name: `$(… | ${commandText(context.frame, called.node)})`,
    at: at(context.frame, commandEnd(called.node)),
    empty: own,
    unset: 'never',
    madeOf: text,
    splits: 'maybe',
    how: `is empty when nothing comes through \`${commandText(context.frame, called.node)}\``,
  }))
  renew(state, origin)
  print(state, [{ of: origin }])
  if (!/grep$/.test(called.unwrapped.name ?? '')) return [ended(state, 'any')]
  // grep succeeds only with a line to print.
  const found = ended(fork(state), 'ok')
  assumeFull(found, valueOf(origin))
  return [found, ended(state, 'fail')]
}

/** `echo "$x" | grep -q '^v[0-9]'`: it succeeds only when the text is not empty. */
function grepped(context: Context, state: State, called: Called): readonly State[] | undefined {
  const text = context.input?.text
  const { operands, options } = parseOptions(called.unwrapped.words.slice(1), { short: 'efmABC' })
  const pattern = exact(options.get('-e')?.[0] ?? operands[0])
  if (!text || context.input?.listed || pattern === undefined || options.has('-v') || options.has('--invert-match'))
    return undefined
  if (expressionMatchesEmpty(pattern) !== false) return undefined
  const found = ended(fork(state), 'ok')
  return assumeFull(found, text) ? [found, ended(state, 'fail')] : [ended(state, 'fail')]
}

/** What a path has printed is told apart up to so many parts; more is not asked for. */
const mostPrinted = 12

/** Adds one of these ways to what this path has printed. */
export function printWays(state: State, ways: Value['ways'], between: string): void {
  if (state.out.ways.some((way) => way.length >= mostPrinted)) return
  const joined = (before: readonly Part[], way: readonly Part[]): readonly Part[] =>
    before.length === 0 ? way : between === '' ? [...before, ...way] : [...before, { text: between }, ...way]
  state.out = { ways: uniqueWays(state.out.ways.flatMap((one) => ways.map((way) => joined(one, way)))), because: [] }
}

/** Adds a line to what this path has printed. */
export const print = (state: State, way: readonly Part[]): void => printWays(state, [way], '\n')
