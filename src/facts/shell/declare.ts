import type { Shell } from '../../parse/shell.ts'
import { assign, noteAssigned } from './assign.ts'
import { setNumber, valueOfWord } from './expand.ts'
import type { Context, Run } from './frame.ts'
import { lookup } from './lookup.ts'
import { exact, headOf } from './options.ts'
import type { Word } from './script.ts'
import type { Called } from './simple.ts'
import { ok, bind, type State } from './state.ts'
import { textOf } from './value.ts'

/** `local`, `declare`, `export`, `readonly`: they succeed whatever their substitutions did. */
export function declare(
  run: Run,
  context: Context,
  state: State,
  called: Called,
  words: readonly Word[],
): readonly State[] {
  const name = called.unwrapped.name!
  const flags = words
    .map((word) => exact(word) ?? '')
    .filter((text) => /^[-+][a-zA-Z]+$/.test(text))
    .join('')
  const exported = name === 'export' ? !flags.includes('n') : flags.includes('x')
  const local =
    name === 'local' ||
    ((name === 'declare' || name === 'typeset') && !flags.includes('g') && state.scope !== undefined)
  if (flags.includes('f') || flags.includes('p')) return ok(state)
  for (const part of called.node.suffix) {
    if (part.type === 'Assignment') {
      if (local) hide(state, part.name)
      if (flags.includes('n') && part.value.type === 'Word') refer(run, context, state, part)
      else if (flags.includes('i') && part.value.type === 'Word' && !/^\d+$/.test(part.value.text))
        setNumber(run, context, state, part.name, part)
      else assign(run, context, state, part, exported)
    } else if (part.type === 'Word') declareWord(run, context, state, part, words, { local, exported, name })
  }
  run.substituted = undefined
  return ok(state)
}

function declareWord(
  run: Run,
  context: Context,
  state: State,
  part: Shell.Word,
  words: readonly Word[],
  how: { readonly local: boolean; readonly exported: boolean; readonly name: string },
): void {
  for (const word of words.filter((one) => one.start === part.pos)) {
    const text = exact(word)
    const plain = text !== undefined && /^[A-Za-z_]\w*$/.test(text) ? text : undefined
    if (plain !== undefined) {
      if (how.local) {
        hide(state, plain)
        bind(state, plain, { value: undefined, exported: false, since: ++run.tick })
      } else if (how.exported) {
        const before = state.vars.get(plain)
        const value = lookup(run, context.frame, state, plain, part)
        bind(state, plain, {
          ...(before ?? { since: ++run.tick }),
          value: before ? before.value : value,
          exported: true,
        })
      }
      continue
    }
    const head = /^([A-Za-z_]\w*)=/.exec(headOf(word))
    if (!head) {
      // `declare -g "$key=$value"`: any name.
      if (text === undefined && /^["']?\$/.test(word.text)) state.foreign = ++run.tick
      continue
    }
    if (how.local) hide(state, head[1]!)
    const value = word.fields[0]!
    const ways = value.ways.map((way) =>
      way
        .map((one, i) => (i === 0 && !('of' in one) ? { text: one.text.slice(head[0].length) } : one))
        .filter((one) => 'of' in one || one.text !== ''),
    )
    noteAssigned(run, context, head[1]!, part)
    bind(state, head[1]!, { value: { ways, because: value.because }, exported: how.exported, since: ++run.tick })
  }
}

function refer(run: Run, context: Context, state: State, part: Shell.Assignment): void {
  const value = valueOfWord(run, context, state, part.value as Shell.Word)
  const target = value.ways.length === 1 ? textOf(value.ways[0]!) : undefined
  bind(state, part.name, {
    value,
    exported: false,
    since: ++run.tick,
    ...(target !== undefined && target !== part.name ? { refersTo: target } : {}),
  })
}

function hide(state: State, name: string): void {
  if (!state.scope || state.scope.hidden.has(name)) return
  state.scope = {
    hidden: new Map(state.scope.hidden).set(name, state.vars.get(name)),
    outer: state.scope.outer,
    args: state.scope.args,
  }
}
