import { type Label } from '../../source/source.ts'
import { argument, type Shell } from '../../parse/shell.ts'
import { fieldsOf, valueOfWord } from './expand.ts'
import { lookup } from './lookup.ts'
import { at, type Context, type Run } from './frame.ts'
import { bind, type Binding, fork, uniqueWays, assumeFull, sameWays, type State } from './state.ts'
import { literal, textOf, valueOf, type Value } from './value.ts'
import { ended } from './settle.ts'
import { restore } from './call.ts'

/** A state in which a name got a value. */
export function assigned(run: Run, context: Context, state: State, name: string, value: Value): State {
  const next = fork(state)
  bind(next, name, { value, exported: state.vars.get(name)?.exported ?? false, since: ++run.tick })
  noteAssigned(run, context, name, undefined)
  return next
}

/** Remembers that a text assigns a name, for those who ask what a shell leaves behind. */
export function noteAssigned(
  run: Run,
  context: Context,
  name: string,
  node: { readonly pos: number; readonly end: number } | undefined,
): void {
  if (!run.assigned.has(name) && node)
    run.assigned.set(name, { at: at(context.frame, node), says: `${name} is set here` })
}

export type Saved = ReadonlyMap<string, Binding | undefined>

export const unsaved: Saved = new Map()

/** Assignments before a command hold for that command alone: what they hide is given back. */
export function prefix(run: Run, context: Context, state: State, node: Shell.Command): Saved {
  const before = new Map<string, Binding | undefined>()
  for (const one of node.prefix) {
    if (one.type !== 'Assignment' || one.value.type !== 'Word') continue
    const value = valueOfWord(run, context, state, one.value)
    before.set(one.name, state.vars.get(one.name))
    bind(state, one.name, { value, exported: true, since: ++run.tick })
  }
  return before
}

export function unprefixed(states: readonly State[], before: Saved): readonly State[] {
  if (before.size > 0) for (const state of states) restore(state, before)
  return states
}

/** Assignments without a command: they stay, and take their status from the last substitution. */
export function assignments(run: Run, context: Context, state: State, node: Shell.Command): readonly State[] {
  for (const one of node.prefix) if (one.type === 'Assignment') assign(run, context, state, one, false)
  for (const redirect of node.redirects)
    if (redirect.type === 'Redirect' && redirect.target) valueOfWord(run, context, state, redirect.target)
  const only = node.prefix.length === 1 && node.prefix[0]!.type === 'Assignment' ? node.prefix[0] : undefined
  return substitutedStates(run, state, only)
}

/** The states after a substitution whose status counts: where it succeeded its output is known not to be empty. */
export function substitutedStates(run: Run, state: State, only?: Shell.Assignment): readonly State[] {
  const ends = run.substituted
  run.substituted = undefined
  if (!ends) return [ended(state, 'ok')]
  if (ends.ok && !ends.fail) {
    for (const origin of ends.full) assumeFull(state, valueOf(origin))
    return [ended(state, 'ok')]
  }
  if (!ends.ok) return [ended(state, 'fail')]
  const plain = only && !only.append && !only.index && only.value.type === 'Word' && isSubstitution(only.value)
  const parts = plain && !sameWays(ends.okWays, ends.failWays)
  if (ends.full.length === 0 && !parts) return [ended(state, 'any')]
  const ok = ended(fork(state), 'ok')
  const fail = ended(fork(state), 'fail')
  for (const origin of ends.full) assumeFull(ok, valueOf(origin))
  if (parts) {
    const binding = state.vars.get(only.name)
    if (binding?.value) {
      bind(ok, only.name, { ...binding, value: { ways: ends.okWays, because: binding.value.because } })
      bind(fail, only.name, { ...binding, value: { ways: ends.failWays, because: binding.value.because } })
    }
  }
  return [ok, fail]
}

/** A word that is one substitution and nothing else. */
function isSubstitution(word: Shell.Word): boolean {
  const outer = word.parts?.length === 1 ? word.parts[0]! : undefined
  const part = outer?.type === 'DoubleQuoted' && outer.parts.length === 1 ? outer.parts[0]! : outer
  return part?.type === 'CommandExpansion'
}

// `[key]=value` among the elements of an array.
const isKeyed = (word: Shell.Word): boolean => /^\[[^\]]*\]=/.test(word.text)

/** Binds what an assignment says. `exported`: by `export` or `declare -x`. */
export function assign(run: Run, context: Context, state: State, node: Shell.Assignment, exported: boolean): void {
  const before = state.vars.get(node.name)
  const out = exported || (before?.exported ?? false)
  noteAssigned(run, context, node.name, node)
  if (before?.refersTo !== undefined && !node.index) {
    const value = node.value.type === 'Word' ? valueOfWord(run, context, state, node.value, false) : literal('')
    bind(state, before.refersTo, {
      value,
      exported: state.vars.get(before.refersTo)?.exported ?? false,
      since: ++run.tick,
    })
    return
  }
  if (node.value.type === 'ArrayValue') {
    const fields = node.value.elements.map((word) =>
      isKeyed(word) ? { fields: [], many: true } : fieldsOf(run, context, state, argument(word)),
    )
    const many = fields.some((one) => one.many)
    const elements = [...(node.append ? (before?.elements ?? []) : []), ...fields.flatMap((one) => one.fields)]
    const keyed = node.value.elements.some((word) => isKeyed(word))
    const more = many || (node.append === true && before?.more === true)
    const known =
      !keyed && (!more || elements.length > 0) && elements.length <= 64 && !(node.append && !before?.elements)
    bind(state, node.name, {
      value: elements[0] ?? literal(''),
      exported: out,
      since: ++run.tick,
      ...(known ? { elements, ...(more ? { more: true as const } : {}) } : {}),
    })
    return
  }
  const value = valueOfWord(run, context, state, node.value, false)
  const label: Label = { at: at(context.frame, node), says: `${node.name} is set here` }
  const because =
    value.ways.length === 1 && textOf(value.ways[0]!) !== undefined ? [label] : [...value.because, label].slice(-4)
  if (node.index) {
    bind(state, node.name, { value: before?.value ?? { ways: value.ways, because }, exported: out, since: ++run.tick })
    return
  }
  if (!node.append) {
    bind(state, node.name, { value: { ways: value.ways, because }, exported: out, since: ++run.tick })
    return
  }
  const old = lookup(run, context.frame, state, node.name, node)
  const ways = uniqueWays(old.ways.flatMap((way) => value.ways.map((more) => [...way, ...more])))
  bind(state, node.name, { value: { ways, because }, exported: out, since: ++run.tick })
}
