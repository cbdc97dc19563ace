import { print } from './program.ts'
import { unreadOrigin } from './substitution.ts'
import { type Label } from '../../source/source.ts'
import { eachChild, type Shell } from '../../parse/shell.ts'
import { at, say, type Changes, type Context, type Frame, type Run } from './frame.ts'
import { type Word } from './script.ts'
import { nameIn } from './directory.ts'
import {
  assumeEmpty,
  assumeFull,
  bind,
  forget,
  type Binding,
  fork,
  type Definition,
  type State,
  valueEmptiness,
} from './state.ts'
import { valueOf, type Origin, type Value } from './value.ts'
import { ended, settle } from './settle.ts'
import { runNode } from './walk.ts'

/** A function's body is walked so often at most; later calls are taken to set anything that it assigns. */
const mostWalks = 30

export const mostDepth = 24

/** A state about to call a function, with the arguments it hands over. */
export interface Caller {
  readonly state: State
  readonly words: readonly Word[]
}

/** Calls a function from these states; the states after it returned. */
export function call(
  run: Run,
  context: Context,
  callers: readonly Caller[],
  definition: Definition,
  node: Shell.Command,
): readonly State[] {
  const walks = (run.walked.get(definition.node) ?? 0) + 1
  run.walked.set(definition.node, walks)
  const recursive = context.frame.calls.filter((one) => one === definition.node).length
  if (recursive > 1 || walks > mostWalks || context.frame.depth > mostDepth || (run.fuel <= 0 && walks > 1)) {
    if (recursive <= 1)
      say(run, context.frame, node, `a function is called more often than is followed: ${definition.node.name.text}`)
    return callers.map(({ state }) => ended(notFollowed(run, context, fork(state), definition, node), 'any'))
  }
  const frame = callFrame(context, definition, node)
  const inside = callers.flatMap(handed).map(({ state, words }) => {
    const next = fork(state)
    next.args = argumentsFrom(state, words)
    next.scope = { hidden: new Map(), outer: state.scope, args: state.args }
    return next
  })
  const returns: State[] = []
  const inner: Context = { ...context, frame, returns, loop: undefined }
  const ends = runNode(run, inner, definition.node.body, inside)
  return settle(
    run,
    [...ends, ...returns].map((end) => leave(fork(end))),
  )
}

// An unquoted word that is empty is no argument: those behind it move up.
function handed(caller: Caller): readonly Caller[] {
  const { state, words } = caller
  for (const [i, word] of words.entries()) {
    const value = word.fields[0]
    if (!value || !word.many || !value.ways.some((way) => way.every((part) => 'of' in part && part.bare))) continue
    const empty = valueEmptiness(state, value)
    const rest = words.filter((_, at) => at !== i)
    if (empty === 'always') return handed({ state, words: rest })
    if (empty !== 'maybe') continue
    const there = fork(state)
    const gone = fork(state)
    const out: Caller[] = []
    if (assumeFull(there, value, nameIn(word))) out.push({ state: there, words })
    if (assumeEmpty(gone, value, nameIn(word))) out.push({ state: gone, words: rest })
    return out
  }
  return [caller]
}

function callFrame(context: Context, definition: Definition, node: Shell.Command): Frame {
  const known = context.frame.inner.get(node)
  if (known) return known
  const label: Label = { at: at(context.frame, node), says: `calls ${definition.node.name.text}` }
  const frame: Frame = {
    ...definition.frame,
    via: [...context.frame.via, label].slice(-8),
    born: new Map(),
    inner: new Map(),
    recorded: new Map(),
    depth: context.frame.depth + 1,
    calls: [...context.frame.calls, definition.node],
    host: context.frame.host,
    closed: context.frame.closed,
  }
  context.frame.inner.set(node, frame)
  return frame
}

/** The positional parameters that a callee gets: `"$@"` hands on those that are here. */
export function argumentsFrom(state: State, words: readonly Word[]): State['args'] {
  const known: Value[] = []
  for (const word of words) {
    for (const field of word.fields) {
      const part = field.ways.length === 1 && field.ways[0]!.length === 1 ? field.ways[0]![0]! : undefined
      if (
        part &&
        'of' in part &&
        part.of.kind === 'parameter' &&
        part.of.name === '$@' &&
        state.args.open !== undefined
      ) {
        return { known, open: state.args.open }
      }
      known.push({
        ways: field.ways.map((way) => way.map((one) => ('of' in one ? { of: one.of } : one))),
        because: field.because,
      })
    }
  }
  return { known, open: undefined }
}

// Back in the caller: its locals, arguments and scope.
function leave(end: State): State {
  const scope = end.scope!
  restore(end, scope.hidden)
  end.scope = scope.outer
  end.args = scope.args
  return end
}

/** Binds names to what they were bound to before; undefined: to nothing. */
export function restore(state: State, bindings: ReadonlyMap<string, Binding | undefined>): void {
  for (const [name, binding] of bindings) {
    if (binding) bind(state, name, binding)
    else forget(state, name)
  }
}

/** A call past a bound: what it assigns may be anything, and so may what it prints. */
function notFollowed(run: Run, context: Context, state: State, definition: Definition, node: Shell.Command): State {
  const after = widenAssigned(run, context, state, definition)
  if (context.captured && !context.quiet) print(after, [{ of: unreadOrigin(context.frame, node) }])
  return after
}

/** A call that is not followed: whatever the function assigns may now be anything, and what it reads from a file too. */
function widenAssigned(run: Run, context: Context, state: State, definition: Definition): State {
  const { names, foreign } = changedBy(run, definition)
  for (const name of names) {
    const origin: Origin = {
      kind: 'widened',
      name: `$${name}`,
      at: at(context.frame, definition.node.name),
      empty: 'unknown',
      unset: 'unknown',
      how: 'is set by a call that was not followed',
      splits: 'unknown',
    }
    bind(state, name, { value: valueOf(origin), exported: state.vars.get(name)?.exported ?? false, since: ++run.tick })
  }
  if (foreign) state.foreign = ++run.tick
  return state
}

/** The names that a function and those that it calls assign, and whether they also run what was not looked at. */
function changedBy(run: Run, { node }: Definition): Changes {
  const known = run.changes.get(node)
  if (known) return known
  const names = new Set<string>()
  let foreign = false
  const seen = new Set<object>()
  const enter = (body: Shell.SyntaxNode): void => {
    if (seen.has(body) || seen.size > 200) return
    seen.add(body)
    visit(body, 0)
  }
  const visit = (one: Shell.SyntaxNode, depth: number): void => {
    if (depth > 200) return
    if (one.type === 'Assignment') names.add(one.name)
    if (one.type === 'Command' && one.name) {
      if (/^(source|\.|eval)$/.test(one.name.text)) foreign = true
      const called = run.known.get(one.name.text)
      if (called) enter(called.node)
    }
    eachChild(one, (child) => visit(child, depth + 1))
  }
  enter(node)
  const changes: Changes = { names, foreign }
  run.changes.set(node, changes)
  return changes
}

export function definitionOf(run: Run, state: State, name: string): Definition | undefined {
  const known = run.known.get(name)
  return state.functions.get(name) ?? (known?.frame.depth === 0 ? known : undefined)
}
