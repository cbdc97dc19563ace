import type { Label } from '../../source/source.ts'
import { argument, argumentsOf, backtickPiece, eachChild, type Argument, type Shell } from '../../parse/shell.ts'
import { builtin } from './builtin.ts'
import { childShell, runEmbedded } from './embedded.ts'
import { effectsOf, listedBy } from './effects.ts'
import { arithmetic, fieldsOf, valueOfWord } from './expand.ts'
import { at, say, type Context, type Frame, type Input, type Recorded, type Run } from './frame.ts'
import { exact, parseOptions } from './options.ts'
import { expressionMatchesEmpty } from './pattern.ts'
import { filterOf, outputOf, printsAbsolute, silentCommands } from './output.ts'
import type { Case, Directory, Word } from './script.ts'
import {
  bind,
  forget,
  type Binding,
  distance,
  same,
  emptiness,
  fork,
  join,
  noteGuard,
  renew,
  uniqueWays,
  assumeFull,
  emptied,
  sameWays,
  type Definition,
  type State,
  type Status,
} from './state.ts'
import { arithmeticTest, extendedTest, matchCase, testCommand } from './test.ts'
import { literal, originsOf, textOf, valueOf, type Origin, type Part, type Value, showValue } from './value.ts'
import { unwrap, type Unwrapped } from './wrappers.ts'
import { lookup } from './expand.ts'

/** So many paths of one status are told apart; past that the nearest are joined. */
const mostPaths = 2
/** A function's body is walked so often at most; later calls are taken to set anything that it assigns. */
const mostWalks = 30
const mostDepth = 24
/** When the fuel is spent, the main text is still walked once; past this nothing is. */
const mostOver = 60_000

/** Walks statements from the given states; the states that fall through at the end. */
export function walk(
  run: Run,
  context: Context,
  statements: readonly Shell.Statement[],
  states: readonly State[],
): readonly State[] {
  let now = states
  for (const statement of statements) {
    if (now.length === 0) break
    now = settle(run, runStatement(run, context, statement, now))
  }
  return now
}

function runStatement(
  run: Run,
  context: Context,
  statement: Shell.Statement,
  states: readonly State[],
): readonly State[] {
  if (run.fuel <= 0) {
    say(run, context.frame, statement, 'the script is too large: what follows was read, but not all paths to it')
    if (run.fuel < -mostOver) return states
  }
  run.fuel -= states.length
  if (!statement.background) return runNode(run, context, statement.command, states)
  const apart = states.map(fork)
  runNode(run, { ...context, exits: [], checked: true }, statement.command, apart)
  return states.map((state) => ended(fork(state), 'ok'))
}

/** At most `mostPaths` states of each status: a path that is like another is joined with it. */
export function settle(run: Run, states: readonly State[]): readonly State[] {
  if (states.length < 2) return states
  const groups: Record<Status, State[]> = { ok: [], fail: [], any: [] }
  for (const state of states) {
    const group = groups[state.status]
    if (group.some((known) => same(known, state))) continue
    group.push(state)
    if (group.length > mostPaths) joinNearest(run, group)
  }
  return [...groups.ok, ...groups.fail, ...groups.any]
}

function joinNearest(run: Run, group: State[]): void {
  let best: readonly [far: number, one: number, other: number] = [Infinity, 0, 1]
  for (let i = 0; i < group.length; i++) {
    for (let j = i + 1; j < group.length; j++) {
      const far = distance(group[i]!, group[j]!, best[0])
      if (far < best[0]) best = [far, i, j]
    }
  }
  const [, one, other] = best
  group[one] = join(group[one]!, group[other]!, implicitOf(run, group[one]!))
  group.splice(other, 1)
}

const implicitOf =
  (run: Run, state: State) =>
  (name: string): Value =>
    lookup(run, rootFrame(run), { ...state, vars: state.vars.cleared() }, name)

const rootFrame = (run: Run): Frame => run.root

function ended(state: State, status: Status): State {
  state.status = status
  return state
}

/** Each state as one that succeeded and one that failed. */
function parted(states: readonly State[]): { readonly ok: readonly State[]; readonly fail: readonly State[] } {
  const ok: State[] = []
  const fail: State[] = []
  for (const state of states) {
    if (state.status === 'ok') ok.push(state)
    else if (state.status === 'fail') fail.push(state)
    else {
      ok.push(ended(fork(state), 'ok'))
      fail.push(ended(fork(state), 'fail'))
    }
  }
  return { ok, fail }
}

/** Walks one command, pipeline or list. */
export function runNode(
  run: Run,
  context: Context,
  node: Shell.PipelineNode | Shell.AndOr | Shell.CompoundList,
  states: readonly State[],
): readonly State[] {
  const after = runOne(run, context, node, states)
  run.watch?.(run, context, node, states, after)
  return after
}

function runOne(
  run: Run,
  context: Context,
  node: Shell.PipelineNode | Shell.AndOr | Shell.CompoundList,
  states: readonly State[],
): readonly State[] {
  switch (node.type) {
    case 'AndOr':
      return runList(run, context, node, states)
    case 'Pipeline':
      return runPipeline(run, context, node, states)
    case 'Command':
      return exitOnError(context, runSimple(run, context, node, states))
    case 'CompoundList':
      return walk(run, context, node.commands, states)
    case 'Redirected': {
      const input = inputOf(run, context, states[0], node.redirects)
      const quiet = context.quiet || redirectsOutput(node.redirects)
      return runNode(run, { ...context, quiet, ...(input ? { input } : {}) }, node.command, states)
    }
    case 'Function':
      return states.map((state) => define(run, context, node, state))
    case 'Coproc':
      runNode(run, { ...context, exits: [] }, node.body, states.map(fork))
      return states
    default:
      return runCompound(run, context, node, states)
  }
}

function runCompound(
  run: Run,
  context: Context,
  node: Shell.CompoundCommand,
  states: readonly State[],
): readonly State[] {
  const sometimes: Context = context.runs === 'always' ? { ...context, runs: 'sometimes' } : context
  switch (node.type) {
    case 'BraceGroup':
      return walk(run, context, node.body.commands, states)
    case 'Subshell':
      return exitOnError(
        context,
        settle(
          run,
          states.flatMap((state) => subshell(run, context, node.body, state)),
        ),
      )
    case 'If': {
      const { ok, fail } = parted(condition(run, context, node.clause, states))
      let rest = fail
      const out = [...walk(run, sometimes, node.then.commands, settle(run, ok))]
      for (const other of node.elif) {
        const next = parted(condition(run, sometimes, other.clause, settle(run, rest)))
        out.push(...walk(run, sometimes, other.then.commands, settle(run, next.ok)))
        rest = next.fail
      }
      const last = settle(run, rest)
      out.push(
        ...(node.else ? walk(run, sometimes, node.else.commands, last) : last.map((state) => ended(fork(state), 'ok'))),
      )
      return out
    }
    case 'While':
      return runWhile(run, sometimes, node, states)
    case 'For':
    case 'Select':
      return states.flatMap((state) => [...runFor(run, sometimes, node, state)])
    case 'ArithmeticFor': {
      for (const state of states) arithmetic(run, context, state, node.initialize)
      const { after, breaks } = rounds(run, sometimes, states, (inner, from) => {
        const next = walk(run, inner, node.body.commands, from)
        for (const state of next) arithmetic(run, context, state, node.update)
        return next
      })
      return [...after, ...breaks].map((state) => ended(fork(state), 'ok'))
    }
    case 'Case':
      return runCase(run, sometimes, node, states)
    case 'TestCommand':
      return exitOnError(
        context,
        states.flatMap((state) => outcome(extendedTest(run, context, state, node.expression))),
      )
    case 'ArithmeticCommand':
      return exitOnError(
        context,
        states.flatMap((state) => {
          arithmetic(run, context, state, node.expression)
          return outcome(arithmeticTest(run, context, state, node.body, node))
        }),
      )
  }
}

const outcome = (told: { readonly holds: readonly State[]; readonly fails: readonly State[] }): readonly State[] => [
  ...told.holds.map((state) => ended(state, 'ok')),
  ...told.fails.map((state) => ended(state, 'fail')),
]

function condition(run: Run, context: Context, clause: Shell.CompoundList, states: readonly State[]): readonly State[] {
  const last = clause.commands.length - 1
  let now = states
  clause.commands.forEach((statement, i) => {
    now = runStatement(run, { ...context, checked: true, failing: 'goes on' }, statement, now)
    if (i < last) now = settle(run, now)
  })
  return now
}

/** `set -e`: a failure that nothing asked about ends the script. */
function exitOnError(context: Context, states: readonly State[]): readonly State[] {
  if (context.checked) return states
  const out: State[] = []
  for (const state of states) {
    if (!state.flags.errexit || state.status === 'ok') out.push(state)
    else {
      if (state.traps.size > 0) context.exits.push(ended(fork(state), 'fail'))
      if (state.status === 'any') out.push(ended(fork(state), 'ok'))
    }
  }
  return out
}

function runList(run: Run, context: Context, node: Shell.AndOr, states: readonly State[]): readonly State[] {
  const last = node.commands.length - 1
  const inner = (i: number): Context => ({
    ...context,
    checked: context.checked || i < last,
    failing: failingOf(context, node, i),
    runs: i === 0 ? context.runs : runsOf(context, node, i),
  })
  let now = runNode(run, inner(0), node.commands[0]!, states)
  for (let i = 1; i < node.commands.length; i++) {
    const { ok, fail } = parted(now)
    const [on, past] = node.operators[i - 1] === '&&' ? [ok, fail] : [fail, ok]
    now = [...runNode(run, inner(i), node.commands[i]!, settle(run, on)), ...past]
  }
  return settle(run, now)
}

function failingOf(context: Context, node: Shell.AndOr, i: number): Context['failing'] {
  const next = node.operators[i]
  if (next === undefined) return context.failing
  if (next === '&&') return 'goes on'
  const other = node.commands[i + 1]
  const text = other?.type === 'Command' ? other.name?.text : other?.type === 'BraceGroup' ? lastName(other) : undefined
  return text !== undefined && /^(exit|return|die|fail|fatal|abort|error_exit|err|panic)/.test(text)
    ? 'stops'
    : 'goes on'
}

function lastName(group: Shell.BraceGroup): string | undefined {
  const last = group.body.commands[group.body.commands.length - 1]?.command
  return last?.type === 'Command' ? last.name?.text : undefined
}

function runsOf(context: Context, node: Shell.AndOr, i: number): Context['runs'] {
  if (node.operators[i - 1] === '||') return 'after a failure'
  const before = node.commands[i - 1]!
  const tests =
    before.type === 'TestCommand' || (before.type === 'Command' && /^(\[|test)$/.test(before.name?.text ?? ''))
  return tests && context.runs === 'always' ? 'sometimes' : context.runs
}

function runPipeline(run: Run, context: Context, node: Shell.Pipeline, states: readonly State[]): readonly State[] {
  const negated = node.prefixes.filter((prefix) => prefix.type === 'Negation').length % 2 === 1
  if (node.commands.length === 0) return states
  if (node.commands.length === 1) {
    const out = runNode(run, negated ? { ...context, checked: true } : context, node.commands[0]!, states)
    if (!negated) return out
    return out.map((state) =>
      state.status === 'any' ? state : ended(fork(state), state.status === 'ok' ? 'fail' : 'ok'),
    )
  }
  return exitOnError(
    negated ? { ...context, checked: true } : context,
    settle(
      run,
      states.flatMap((state) => [...runPipe(run, context, node, state, negated)]),
    ),
  )
}

function runPipe(run: Run, context: Context, node: Shell.Pipeline, state: State, negated: boolean): readonly State[] {
  let input: Input | undefined = context.input
  let failed = false
  const before: (readonly State[])[] = []
  const last = node.commands.length - 1
  let out: readonly State[] = [state]
  node.commands.forEach((command, i) => {
    const from = fork(state)
    const exits: State[] = []
    const final = i === last
    const keeps = final && (state.flags.lastpipe || /^(zsh|ksh)$/.test(context.frame.shell.dialect))
    if (!final) from.out = literal('')
    const inner: Context = {
      ...context,
      exits: keeps ? context.exits : exits,
      checked: context.checked || !final || negated,
      loop: keeps ? context.loop : undefined,
      returns: keeps ? context.returns : undefined,
      captured: final ? context.captured : true,
      quiet: final ? context.quiet : false,
      input,
    }
    run.listing = undefined
    const ends = [...runNode(run, inner, command, [from]), ...exits]
    if (!final) {
      const words = run.listing as readonly Word[] | undefined
      run.listing = undefined
      const kept = words ?? (filters(command) ? input?.listed : undefined)
      input = {
        ...(kept ? { listed: kept } : {}),
        state,
        text: { ways: uniqueWays(ends.flatMap((end) => end.out.ways)), because: [] },
      }
      if (ends.some((end) => end.status !== 'ok')) failed = true
      before.push(ends)
    } else {
      out = keeps
        ? ends
        : ends.map((end) => {
            const after = fork(state)
            after.facts = end.facts.fork()
            after.out = end.out
            return ended(after, end.status)
          })
    }
  })
  if (failed && state.flags.pipefail) {
    out = out.flatMap((end) => {
      if (end.status === 'fail') return [end]
      const all = ended(fork(end), end.status)
      for (const ends of before) carryProofs(ends, state, all)
      return [all, ended(fork(end), 'fail')]
    })
  }
  if (!negated) return out
  return out.map((end) => (end.status === 'any' ? end : ended(fork(end), end.status === 'ok' ? 'fail' : 'ok')))
}

/** With `pipefail` a pipe succeeds only when every part did: what each proved is true then. */
function carryProofs(ends: readonly State[], from: State, into: State): void {
  const good = ends.filter((end) => end.status !== 'fail')
  for (const origin of good[0]?.facts.differing(from.facts) ?? []) {
    if (good.every((end) => emptiness(end, origin) === 'never')) assumeFull(into, valueOf(origin))
  }
}

// A filter hands on the paths it reads.
function filters(command: Shell.CommandNode): boolean {
  return command.type === 'Command' && command.name !== undefined && filterOf(command.name.text) !== undefined
}

/** Walks a list in a shell of its own: what it binds is gone afterwards, what it proved of the values stays true. */
function subshell(run: Run, context: Context, body: Shell.CompoundList, state: State): readonly State[] {
  const exits: State[] = []
  const inside = fork(state)
  inside.traps = new Map()
  const inner: Context = { ...context, exits, loop: undefined, returns: undefined }
  const ends = [...walk(run, inner, body.commands, [inside])]
  for (const end of [...ends, ...exits]) runTraps(run, inner, end)
  return [...ends, ...exits].map((end) => {
    const after = fork(state)
    after.facts = end.facts.fork()
    after.out = end.out
    return ended(after, end.status)
  })
}

/** What `trap … EXIT` does when a shell ends in this state. */
export function runTraps(run: Run, context: Context, state: State): void {
  const trap = state.traps.get('EXIT')
  if (!trap) return
  const after = fork(state)
  after.traps = new Map()
  runEmbedded(
    run,
    { ...context, frame: trap.frame, exits: [], returns: undefined, loop: undefined, checked: true, runs: 'sometimes' },
    after,
    trap.at,
    trap.setIn,
  )
}

function runWhile(run: Run, context: Context, node: Shell.While, states: readonly State[]): readonly State[] {
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
  return settle(run, [...leaving, ...breaks]).map((state) => ended(fork(state), 'ok'))
}

/** Walks a loop's body twice: the second round sees what the first one bound. */
function rounds(
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

function runFor(run: Run, context: Context, node: Shell.For | Shell.Select, state: State): readonly State[] {
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
  if (items.length > 0 && items.length <= 6 && !many) {
    let now: readonly State[] = [state]
    const breaks: State[] = []
    for (const item of items) {
      const continues: State[] = []
      const inner: Context = { ...context, loop: { breaks, continues } }
      const from = now.map((one) => assigned(run, inner, one, name, item))
      now = settle(run, [...walk(run, inner, node.body.commands, from), ...continues])
    }
    return settle(run, [...now, ...breaks]).map((one) => ended(fork(one), 'ok'))
  }
  const skipped = many || items.length === 0 ? [ended(fork(state), 'ok')] : []
  if (items.length === 0) return skipped
  const item: Value = { ways: uniqueWays(items.flatMap((one) => one.ways)), because: items[0]!.because }
  const { after, breaks } = rounds(run, context, [state], (inner, from) =>
    walk(
      run,
      inner,
      node.body.commands,
      from.map((one) => assigned(run, inner, renewed(one, item), name, item)),
    ),
  )
  return settle(run, [...after, ...breaks, ...skipped]).map((one) => ended(fork(one), 'ok'))
}

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
      : { items: [...known, loopWord(frame, node, '$@', 'unknown')], many: true }
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

function loopOrigin(frame: Frame, node: Shell.Word | Shell.For, name: string, empty: 'never' | 'unknown'): Origin {
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

const loopWord = (frame: Frame, node: Shell.For, name: string, empty: 'never' | 'unknown'): Value =>
  valueOf(loopOrigin(frame, node, name, empty))

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

function runCase(run: Run, context: Context, node: Shell.Case, states: readonly State[]): readonly State[] {
  const out: State[] = []
  let rest: readonly State[] = states
  let through: readonly State[] = []
  for (const item of node.items) {
    const told = rest.map((state) => matchCase(run, context, state, node.word, item.pattern))
    const into = settle(run, [...through, ...told.flatMap((one) => one.holds)])
    rest = settle(
      run,
      told.flatMap((one) => one.fails),
    )
    through = []
    run.watch?.(run, context, node.word, rest, into)
    const after = walk(run, context, item.body.commands, into)
    if (item.terminator === ';&') through = after
    else if (item.terminator === ';;&') rest = settle(run, [...rest, ...after])
    else out.push(...after)
  }
  return settle(run, [...out, ...through, ...rest.map((state) => ended(fork(state), 'ok'))])
}

function define(run: Run, context: Context, node: Shell.Function, state: State): State {
  const definition: Definition = { node, frame: context.frame }
  const next = fork(state)
  next.functions = new Map(state.functions).set(node.name.text, definition)
  if (!run.known.has(node.name.text)) run.known.set(node.name.text, definition)
  return ended(next, 'ok')
}

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
    return callers.map(({ state }) => ended(widenAssigned(run, context, fork(state), definition), 'any'))
  }
  const frame = callFrame(context, definition, node)
  const inside = callers.map(({ state, words }) => {
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
function restore(state: State, bindings: ReadonlyMap<string, Binding | undefined>): void {
  for (const [name, binding] of bindings) {
    if (binding) bind(state, name, binding)
    else forget(state, name)
  }
}

const assignedNames = new WeakMap<object, ReadonlySet<string>>()

/** A call that is not followed: whatever the function assigns may now be anything. */
function widenAssigned(run: Run, context: Context, state: State, definition: Definition): State {
  for (const name of namesAssignedIn(definition.node)) {
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
  return state
}

function namesAssignedIn(node: Shell.Function): ReadonlySet<string> {
  let found = assignedNames.get(node)
  if (found) return found
  const names = new Set<string>()
  const visit = (one: Shell.SyntaxNode, depth: number): void => {
    if (depth > 200) return
    if (one.type === 'Assignment') names.add(one.name)
    eachChild(one, (child) => visit(child, depth + 1))
  }
  visit(node, 0)
  assignedNames.set(node, (found = names))
  return found
}

/** Simple commands: assignments, expansion, builtins, functions, programs. All paths that call one function call it together. */
function runSimple(run: Run, context: Context, node: Shell.Command, states: readonly State[]): readonly State[] {
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

function definitionOf(run: Run, state: State, name: string): Definition | undefined {
  const known = run.known.get(name)
  return state.functions.get(name) ?? (known?.frame.depth === 0 ? known : undefined)
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

function inputOf(
  run: Run,
  context: Context,
  state: State | undefined,
  redirects: readonly Shell.Redirection[],
): Input | undefined {
  if (!state) return undefined
  let input: Input | undefined
  for (const redirect of redirects) {
    if (redirect.type === 'HereString') input = { state, text: valueOfWord(run, context, state, redirect.target) }
    else if (redirect.type === 'HereDoc') input = { state, text: literal(redirect.body.text) }
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

const redirectsOutput = (redirects: readonly Shell.Redirection[]): boolean =>
  redirects.some(
    (one) =>
      one.type === 'Redirect' &&
      /^(>|>>|>\||&>|&>>|>&)$/.test(one.operator) &&
      (one.descriptor === undefined || (one.descriptor.type === 'FileDescriptor' && one.descriptor.value === 1)),
  )

type Saved = ReadonlyMap<string, Binding | undefined>
const unsaved: Saved = new Map()

/** Assignments before a command hold for that command alone: what they hide is given back. */
function prefix(run: Run, context: Context, state: State, node: Shell.Command): Saved {
  const before = new Map<string, Binding | undefined>()
  for (const one of node.prefix) {
    if (one.type !== 'Assignment' || one.value.type !== 'Word') continue
    const value = valueOfWord(run, context, state, one.value)
    before.set(one.name, state.vars.get(one.name))
    bind(state, one.name, { value, exported: true, since: ++run.tick })
  }
  return before
}

function unprefixed(states: readonly State[], before: Saved): readonly State[] {
  if (before.size > 0) for (const state of states) restore(state, before)
  return states
}

/** Assignments without a command: they stay, and take their status from the last substitution. */
function assignments(run: Run, context: Context, state: State, node: Shell.Command): readonly State[] {
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
  if (ends.ok && !ends.fail) return [ended(state, 'ok')]
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
      /^\[[^\]]*\]=/.test(word.text) ? { fields: [], many: true } : fieldsOf(run, context, state, argument(word)),
    )
    const many = fields.some((one) => one.many)
    const elements = [...(node.append ? (before?.elements ?? []) : []), ...fields.flatMap((one) => one.fields)]
    const known = !many && elements.length <= 64 && !(node.append && !before?.elements)
    bind(state, node.name, {
      value: elements[0] ?? literal(''),
      exported: out,
      since: ++run.tick,
      ...(known ? { elements } : {}),
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

/** The words of a command, each argument a word of its own. */
export function wordsOf(run: Run, context: Context, state: State, node: Shell.Command): readonly Word[] {
  const out: Word[] = []
  const add = (given: Argument): void => {
    const { fields, many } = fieldsOf(run, context, state, given)
    for (const field of fields) out.push(wordAt(context.frame, given, field, many))
  }
  add(argument(node.name!))
  for (const given of argumentsOf(node)) {
    if ('words' in given) add(given)
    else if (given.value.type === 'Word') add(argument(asTextWord(given)))
  }
  return out
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

/** A word for one argument. Its place is computed when asked for: most words are never reported. */
export function wordAt(
  frame: Frame,
  given: { readonly pos: number; readonly end: number; readonly text: string },
  value: Value,
  many: boolean,
): Word {
  return {
    get at() {
      return at(frame, given)
    },
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
function record(run: Run, context: Context, state: State, called: Called): void {
  const { node, unwrapped } = called
  const frame = context.frame
  const here = hereWord(context, node)
  const operands = unwrapped.words.slice(1)
  const listed = unwrapped.fromInput ? (context.input?.listed ?? fedWords(context, node)) : undefined
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
  const telling = effects.length > 0 || (unwrapped.fromInput && unwrapped.name === 'rm')
  const meant = !telling && isLost(known.cases[0]?.directories) && !isLost(state.cwd)
  if (known.cases.length >= 12 || (!telling && known.cases.length > 0 && !meant)) return
  const snapshot = telling ? fork(state) : undefined
  const one: Case = {
    words: unwrapped.words,
    effects,
    knows: {
      empty: (origin) => (snapshot ? emptiness(snapshot, origin) : 'unknown'),
      guards: (origin) => snapshot?.facts.get(origin)?.guards ?? [],
      ...(snapshot ? { value: (name: string) => lookup(run, frame, snapshot, name) } : {}),
    },
    directories: state.cwd,
  }
  if (meant) known.cases.length = 0
  known.cases.push(one)
}

const isLost = (directories: readonly Directory[] | undefined): boolean =>
  directories !== undefined && directories.some((directory) => directory.lost !== undefined)

// What `echo "$dir/" | xargs rm` hands over: the text itself, when the script put it together.
function fedWords(context: Context, node: Shell.Command): readonly Word[] | undefined {
  const text = context.input?.text
  if (!text || !text.ways.some((way) => way.length > 1)) return undefined
  return [wordAt(context.frame, { pos: node.end, end: node.end, text: showValue(text) }, text, false)]
}

function fresh(context: Context, called: Called, state: State): Recorded {
  const { node, unwrapped } = called
  const frame = context.frame
  const place = commandEnd(node)
  const passed = /^"?\$(@|\*|\{@\})"?$/.test(unwrapped.words[0]?.text ?? '')
    ? frame.via[frame.via.length - 1]
    : undefined
  return {
    get at() {
      // A function that runs its arguments: the command stands where it is called.
      return passed ? passed.at : at(frame, place)
    },
    text: frame.piece.text.slice(place.pos, place.end),
    piece: frame.piece,
    start: place.pos,
    end: place.end,
    name: unwrapped.name,
    words: unwrapped.words,
    wrappers: unwrapped.wrappers,
    cases: [],
    shell: frame.shell,
    runs: context.runs,
    failing: context.failing ?? (state.flags.errexit && !context.checked ? 'stops' : 'goes on'),
    runsOn: frame.host,
    actsOn: frame.host,
    via: frame.via,
  }
}

// A here-document stands behind the command's own line: the command is what stands before it.
function commandEnd(node: Shell.Command): { readonly pos: number; readonly end: number } {
  const parts = [...node.prefix, ...(node.name ? [node.name] : []), ...node.suffix]
  let end = node.pos
  for (const part of parts) {
    if (part.type === 'HereDoc') end = Math.max(end, part.delimiter?.end ?? part.pos + 2)
    else if (part.type === 'Word') end = Math.max(end, argument(part).end)
    else end = Math.max(end, part.end)
  }
  return { pos: node.pos, end }
}

/** A program of the system: it may fail, and prints what the table of outputs says. */
function program(run: Run, context: Context, state: State, called: Called): readonly State[] {
  const { unwrapped, node } = called
  const embedded = runProgramShell(run, context, state, called)
  if (embedded) return embedded
  const name = unwrapped.name ?? ''
  // A function of a file that was not read, by its name one that ends the script.
  if (/^(die|abort|panic|croak|fatal\w*|bail\w*|exit_\w+|\w+_exit|fatal-\w+)$/.test(name)) {
    context.exits.push(ended(state, 'fail'))
    return []
  }
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
  if (!context.captured || context.quiet || silentCommands.has(name))
    return [ended(state, context.captured && outputOf(name, undefined) === 'sure' ? 'ok' : 'any')]
  const filter = context.input ? filterOf(name) : undefined
  if (filter !== undefined) return filtered(context, state, called, filter)
  const kind = outputOf(name, exact(unwrapped.words[1]))
  const made = madeOf(name, unwrapped.words)
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
  print(state, [{ of: origin }])
  if (kind === 'sure') return [ended(state, 'ok')]
  if (kind === 'maybe') return [ended(state, 'any')]
  const ok = ended(fork(state), 'ok')
  assumeFull(ok, valueOf(origin))
  return [ok, ended(state, 'fail')]
}

const commandText = (frame: Frame, node: Shell.Command): string => {
  const { pos, end } = commandEnd(node)
  const text = frame.piece.text.slice(pos, end).replace(/\s+/g, ' ')
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

// `basename "$x"` is empty when x is; the others of the table print whatever they are given.
function madeOf(name: string, words: readonly Word[]): Value | undefined {
  if (name !== 'basename' && name !== 'realpath' && name !== 'readlink') return undefined
  const operand = words.slice(1).find((word) => !(exact(word) ?? '').startsWith('-'))
  return operand?.fields[0]
}

function reborn(frame: Frame, node: object, make: () => Origin): Origin {
  const known = frame.born.get(node)
  if (known && !known.madeOf) return known
  const origin = make()
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

function runProgramShell(run: Run, context: Context, state: State, called: Called): readonly State[] | undefined {
  return childShell(run, context, state, called)
}

/** What `$( … )` gives, and how it can end. */
export function substitute(
  run: Run,
  context: Context,
  state: State,
  node: Shell.CommandExpansionPart | Shell.ProcessSubstitutionPart,
): Value {
  const script = node.script
  if (!script || context.frame.depth > mostDepth) return valueOf(unreadOrigin(context.frame, node))
  const escaped = script.source
  const frame =
    escaped === undefined
      ? context.frame
      : innerFrame(context.frame, node, backtickPiece(context.frame.piece, node.pos, node.end, escaped))
  const inside = fork(state)
  inside.out = literal('')
  inside.traps = new Map()
  // bash switches `set -e` off in a substitution; dash and its kin keep it (SH-06).
  if (context.frame.shell.dialect === 'bash') inside.flags = { ...inside.flags, errexit: false }
  const exits: State[] = []
  const inner: Context = {
    ...context,
    frame,
    exits,
    loop: undefined,
    returns: undefined,
    captured: true,
    quiet: false,
    checked: false,
  }
  const ends = [...walk(run, inner, script.commands, [inside]), ...exits]
  const file = script.commands.length === 1 ? readFileOnly(script) : undefined
  if (file)
    return valueOf(
      reborn(context.frame, node, () => ({
        kind: 'substitution',
        name: node.text,
        at: at(context.frame, node),
        empty: 'maybe',
        unset: 'never',
        how: `is empty when ${file} is empty or missing`,
        splits: 'maybe',
      })),
    )
  const succeeded = ends.filter((end) => end.status !== 'fail')
  const silent = emptied(unsureOrigin(context.frame, node))
  const waysOf = (from: readonly State[]): Value['ways'] =>
    uniqueWays(
      from.flatMap((end) =>
        end.out.ways.map((way) => (way.length === 0 && ends.length > 1 ? [{ of: silent }] : trimmed(way))),
      ),
    )
  const ways = waysOf(ends)
  const full = deepOrigins({ ways, because: [] }).filter(
    (origin) =>
      emptiness(state, origin) !== 'never' &&
      succeeded.length > 0 &&
      succeeded.every((end) => emptiness(end, origin) === 'never'),
  )
  const failed = ends.filter((end) => end.status !== 'ok')
  run.substituted = {
    ok: succeeded.length > 0,
    fail: failed.length > 0,
    full,
    okWays: waysOf(succeeded),
    failWays: waysOf(failed),
  }
  carryGuards(ends, state)
  return { ways: ways.length > 0 ? ways : [[]], because: [] }
}

// Guards that were met inside are part of the story outside.
function carryGuards(ends: readonly State[], state: State): void {
  for (const end of ends) {
    for (const origin of end.facts.differing(state.facts)) {
      for (const guard of end.facts.get(origin)?.guards ?? []) noteGuard(state, origin, guard)
    }
  }
}

// The origins of a value, and those that they are made of.
function deepOrigins(value: Value, depth = 0): readonly Origin[] {
  const own = originsOf(value)
  if (depth > 6) return own
  return [
    ...new Set(own.flatMap((origin) => [origin, ...(origin.madeOf ? deepOrigins(origin.madeOf, depth + 1) : [])])),
  ]
}

function unsureOrigin(
  frame: Frame,
  node: { readonly pos: number; readonly end: number; readonly text: string },
): Origin {
  return reborn(frame, node, () => ({
    kind: 'substitution',
    name: shortText(node.text),
    at: at(frame, node),
    empty: 'maybe',
    unset: 'never',
    splits: 'maybe',
    how: 'is empty when it fails before it prints anything',
  }))
}

const shortText = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text)

function readFileOnly(script: Shell.Script): string | undefined {
  const command = script.commands[0]?.command
  if (command?.type !== 'Command' || command.name || command.redirects.length !== 1) return undefined
  const redirect = command.redirects[0]!
  return redirect.type === 'Redirect' && redirect.operator === '<' ? redirect.target?.text : undefined
}

const trimmed = (way: readonly Part[]): readonly Part[] => {
  const last = way[way.length - 1]
  return last && !('of' in last) && last.text.endsWith('\n')
    ? [...way.slice(0, -1), { text: last.text.replace(/\n+$/, '') }]
    : way
}

function unreadOrigin(frame: Frame, node: { readonly pos: number; readonly end: number }): Origin {
  return reborn(frame, node, () => ({
    kind: 'widened',
    name: '$(…)',
    at: at(frame, node),
    empty: 'unknown',
    unset: 'unknown',
    how: 'was not read',
    splits: 'unknown',
  }))
}

/** A frame for a text inside this one, reached by the same node each time. */
export function innerFrame(frame: Frame, node: object, piece: Frame['piece'], more: Partial<Frame> = {}): Frame {
  const known = frame.inner.get(node)
  if (known) return known
  const made: Frame = {
    ...frame,
    piece,
    born: new Map(),
    inner: new Map(),
    recorded: new Map(),
    depth: frame.depth + 1,
    ...more,
  }
  frame.inner.set(node, made)
  return made
}
