import { type Shell } from '../../parse/shell.ts'
import { builtin } from './builtin.ts'
import { valueOfWord } from './expand.ts'
import { at, type Context, type Input, type Run } from './frame.ts'
import { type Definition, type State } from './state.ts'
import { testCommand } from './test.ts'
import { equal } from './compare.ts'
import { literal, textOf, textsOf, type Value, valueOf } from './value.ts'
import { unwrap, type Unwrapped } from './wrappers.ts'
import { type Caller, call, definitionOf } from './call.ts'
import { type Saved, assignments, prefix, unprefixed, unsaved } from './assign.ts'
import { outcome } from './settle.ts'
import { program } from './program.ts'
import { record, wordsOf } from './record.ts'

/** Simple commands: assignments, expansion, builtins, functions, programs. All paths that call one function call it together. */
export function runSimple(run: Run, context: Context, node: Shell.Command, states: readonly State[]): readonly State[] {
  const out: State[] = []
  const calls = new Map<Definition, (Caller & { readonly before: Saved })[]>()
  let inner = context
  for (const state of states) {
    run.substituted = undefined
    if (!node.name) {
      out.push(...assignments(run, context, state, node))
      continue
    }
    inner = redirected(run, context, state, node)
    if (node.name.text === '[' || node.name.text === 'test') {
      out.push(...outcome(testCommand(run, inner, state, testWords(node))))
      continue
    }
    const told = flag(run, inner, state, node)
    if (told) {
      out.push(...told)
      continue
    }
    const unwrapped = unwrap(wordsOf(run, inner, state, node))
    const visible = unwrapped.outside ? undefined : unwrapped.name
    const called: Called = { node, unwrapped }
    record(run, inner, state, called)
    const before = visible === undefined ? unsaved : prefix(run, inner, state, node)
    const definition = visible === undefined ? undefined : definitionOf(run, state, visible)
    if (definition) {
      const known = calls.get(definition)
      const caller = { state, words: unwrapped.words.slice(1), before }
      if (known) known.push(caller)
      else calls.set(definition, [caller])
      continue
    }
    const done = visible === undefined ? undefined : builtin(run, inner, state, called)
    out.push(...unprefixed(done ?? program(run, inner, state, called), before))
  }
  for (const [definition, callers] of calls) {
    out.push(...unprefixed(call(run, inner, callers, definition, node), callers[0]!.before))
  }
  return out
}

// A flag that is run: `$verbose` is `true` or `false`, and what was known where it was set is known again.
function flag(run: Run, context: Context, state: State, node: Shell.Command): readonly State[] | undefined {
  const part = node.suffix.length === 0 && node.name?.parts?.length === 1 ? node.name.parts[0]! : undefined
  if (part?.type !== 'SimpleExpansion' && !(part?.type === 'ParameterExpansion' && !part.operation && !part.index))
    return undefined
  const value = valueOfWord(run, context, state, node.name)
  if (!textsOf(value)?.every((text) => /^(true|false|:)$/.test(text))) return undefined
  const name = /^\$\{?([A-Za-z_]\w*)\}?$/.exec(node.name!.text)?.[1]
  return outcome(equal(state, { value, name }, value.ways.some((way) => textOf(way) === ':') ? ':' : 'true'))
}

function redirected(run: Run, context: Context, state: State, node: Shell.Command): Context {
  if (node.redirects.length === 0) return context
  const quiet = context.quiet || redirectsOutput(node.redirects)
  return { ...context, quiet, ...withInput(run, context, state, node.redirects) }
}

function testWords(node: Shell.Command): readonly Shell.Word[] {
  const words = node.suffix.flatMap((part) =>
    part.type === 'Word' ? [part] : part.type === 'Assignment' ? [asWord(part)] : [],
  )
  const closed = node.name?.text === '[' && words[words.length - 1]?.text === ']'
  return closed ? words.slice(0, -1) : words
}

/** A command as called: its node, and its words with wrappers off. */
export interface Called {
  readonly node: Shell.Command
  readonly unwrapped: Unwrapped
}

function asWord(part: Shell.Assignment): Shell.Word {
  return { type: 'Word', text: part.text, value: part.text, pos: part.pos, end: part.end }
}

function withInput(
  run: Run,
  context: Context,
  state: State,
  redirects: readonly Shell.Redirection[],
): { readonly input?: Input } {
  const input = inputOf(run, context, state, redirects)
  return input ? { input } : {}
}

export function inputOf(
  run: Run,
  context: Context,
  state: State | undefined,
  redirects: readonly Shell.Redirection[],
): Input | undefined {
  if (!state) return undefined
  let input: Input | undefined
  for (const redirect of redirects) {
    if (redirect.type === 'HereString') input = { state, text: valueOfWord(run, context, state, redirect.target) }
    else if (redirect.type === 'HereDoc') input = { state, text: hereText(run, context, state, redirect) }
    else if (redirect.operator === '<') {
      valueOfWord(run, context, state, redirect.target)
      input = {
        state,
        text: valueOf({
          kind: 'read',
          name: redirect.target?.text ?? 'file',
          at: at(context.frame, redirect),
          empty: 'maybe',
          unset: 'never',
          how: 'is empty when the file is',
          splits: 'maybe',
        }),
      }
    } else if (redirect.target) valueOfWord(run, context, state, redirect.target)
  }
  return input
}

/** What a here-document of one line holds, its variables filled in; a longer one stands as written. */
function hereText(run: Run, context: Context, state: State, { body, delimiter }: Shell.HereDoc): Value {
  if (delimiter?.quoted || !body.parts || /\n./.test(body.text)) return literal(body.text)
  const { pos, end, text } = body
  const parts = body.parts.flatMap((part): readonly Shell.WordPart[] => {
    if (part !== body.parts!.at(-1) || part.type !== 'Literal') return [part]
    const [own, value] = [part.text.replace(/\n$/, ''), part.value.replace(/\n$/, '')]
    return own === '' ? [] : [{ type: 'Literal', pos: part.pos, end: part.end, text: own, value }]
  })
  return valueOfWord(run, context, state, { type: 'Word', pos, end, text, value: text, parts })
}

export const redirectsOutput = (redirects: readonly Shell.Redirection[]): boolean =>
  redirects.some(
    (one) =>
      one.type === 'Redirect' &&
      /^(>|>>|>\||&>|&>>|>&)$/.test(one.operator) &&
      (one.descriptor === undefined || (one.descriptor.type === 'FileDescriptor' && one.descriptor.value === 1)),
  )
