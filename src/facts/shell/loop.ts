import { argument, type Shell } from '../../parse/shell.ts'
import { fieldsOf } from './expand.ts'
import { at, type Context, type Frame, type Run } from './frame.ts'
import { fork, renew, uniqueWays, type State } from './state.ts'
import { originsOf, valueOf, type Origin, type Part, type Value } from './value.ts'
import { assigned } from './assign.ts'
import { condition, walk } from './walk.ts'
import { ended, parted, settle } from './settle.ts'

export function runWhile(run: Run, context: Context, node: Shell.While, states: readonly State[]): readonly State[] {
  const leaving: State[] = []
  const { after, breaks } = rounds(run, context, states, (inner, from) => {
    const { ok, fail } = parted(condition(run, { ...inner, loop: undefined }, node.clause, from))
    const [on, off] = node.kind === 'while' ? [ok, fail] : [fail, ok]
    leaving.push(...off)
    return walk(run, inner, node.body.commands, settle(run, on))
  })
  if (after.length > 0) {
    const { ok, fail } = parted(condition(run, context, node.clause, settle(run, after)))
    leaving.push(...(node.kind === 'while' ? fail : ok))
  }
  return settle(run, asRead([...leaving, ...breaks])).map((state) => ended(fork(state), 'ok'))
}

/** `while read key value; do declare -g "$key=$value"; done < file`: what the file holds is not known, and so not that it is empty. */
function asRead(states: readonly State[]): readonly State[] {
  const foreign = Math.max(0, ...states.map((state) => state.foreign))
  return states.map((state) => (state.foreign === foreign ? state : { ...fork(state), foreign }))
}

/** Walks a loop's body twice: the second round sees what the first one bound. */
export function rounds(
  run: Run,
  context: Context,
  states: readonly State[],
  body: (context: Context, from: readonly State[]) => readonly State[],
): { readonly after: readonly State[]; readonly breaks: readonly State[] } {
  const breaks: State[] = []
  let now: readonly State[] = states
  let after: readonly State[] = []
  for (let i = 0; i < 2 && now.length > 0; i++) {
    const continues: State[] = []
    const inner: Context = { ...context, loop: { breaks, continues } }
    after = settle(run, [...body(inner, now), ...continues])
    now = after
  }
  return { after, breaks }
}

/** Walks a `for` or `select`. `outer`: how the loop itself runs; over words that are there its body runs so, too. */
export function runFor(
  run: Run,
  context: Context,
  node: Shell.For | Shell.Select,
  state: State,
  outer: Context['runs'],
): readonly State[] {
  const name = node.name.text
  if (node.type === 'Select') {
    const { after, breaks } = rounds(run, context, [state], (inner, from) =>
      walk(
        run,
        inner,
        node.body.commands,
        from.map((one) => assigned(run, inner, one, name, chosen(inner.frame, node, name))),
      ),
    )
    return [...after, ...breaks].map((one) => ended(fork(one), 'ok'))
  }
  const { items, many } = loopItems(run, context, node, state)
  const within = items.length > 0 && !many && !leaves(context, node) ? { ...context, runs: outer } : context
  if (items.length > 0 && items.length <= 6 && !many) {
    let now: readonly State[] = [state]
    const breaks: State[] = []
    for (const item of items) {
      const continues: State[] = []
      const inner: Context = { ...within, loop: { breaks, continues } }
      const from = now.map((one) => assigned(run, inner, one, name, item))
      now = settle(run, [...walk(run, inner, node.body.commands, from), ...continues])
    }
    return settle(run, [...now, ...breaks]).map((one) => ended(fork(one), 'ok'))
  }
  const skipped = many || items.length === 0 ? [ended(fork(state), 'ok')] : []
  if (items.length === 0) return skipped
  const item: Value = { ways: uniqueWays(items.flatMap((one) => one.ways)), because: items[0]!.because }
  const { after, breaks } = rounds(run, within, [state], (inner, from) =>
    walk(
      run,
      inner,
      node.body.commands,
      from.map((one) => assigned(run, inner, renewed(one, item), name, item)),
    ),
  )
  return settle(run, [...after, ...breaks, ...skipped]).map((one) => ended(fork(one), 'ok'))
}

// A round that is left early leaves out what comes behind.
const leaves = (context: Context, node: Shell.For | Shell.Select): boolean =>
  /\b(continue|break)\b/.test(context.frame.piece.text.slice(node.body.pos, node.body.end))

function renewed(state: State, item: Value): State {
  const next = fork(state)
  for (const origin of originsOf(item)) if (origin.kind === 'loop') renew(next, origin)
  return next
}

function chosen(frame: Frame, node: Shell.Select, name: string): Value {
  const known = frame.born.get(node)
  const origin: Origin = known ?? {
    kind: 'read',
    name: `$${name}`,
    at: at(frame, node.name),
    empty: 'maybe',
    unset: 'never',
    how: 'is empty when the answer is none of the choices',
    splits: 'maybe',
  }
  frame.born.set(node, origin)
  return valueOf(origin)
}

/** What a loop's variable can be: each word, and one word of what splits or is matched. */
function loopItems(
  run: Run,
  context: Context,
  node: Shell.For,
  state: State,
): { readonly items: readonly Value[]; readonly many: boolean } {
  const frame = context.frame
  if (!node.wordlist) {
    const { known, open } = state.args
    return open === undefined
      ? { items: known, many: false }
      : { items: [...known, loopWord(frame, node, '$@', 'maybe')], many: true }
  }
  let many = false
  const items: Value[] = []
  for (const word of node.wordlist) {
    const fields = fieldsOf(run, context, state, argument(word))
    many ||= fields.many
    for (const field of fields.fields) {
      const ways = field.ways.map((way) =>
        way.map((part): Part =>
          'of' in part
            ? part.bare
              ? { of: loopOrigin(frame, word, part.of.name, 'never') }
              : part
            : part.glob
              ? { of: loopOrigin(frame, word, word.text, 'never') }
              : part,
        ),
      )
      items.push({ ways, because: field.because })
    }
  }
  return { items, many }
}

function loopOrigin(frame: Frame, node: Shell.Word | Shell.For, name: string, empty: 'never' | 'maybe'): Origin {
  const known = frame.born.get(node)
  if (known?.kind === 'loop') return known
  const origin: Origin = {
    kind: 'loop',
    name,
    at: at(frame, node),
    empty,
    unset: 'never',
    how: 'is a word of the loop',
    splits: 'maybe',
  }
  frame.born.set(node, origin)
  return origin
}

const loopWord = (frame: Frame, node: Shell.For, name: string, empty: 'never' | 'maybe'): Value =>
  valueOf(loopOrigin(frame, node, name, empty))
