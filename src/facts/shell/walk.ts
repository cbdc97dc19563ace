import { type Shell } from '../../parse/shell.ts'
import { arithmetic } from './expand.ts'
import { say, type Context, type Run } from './frame.ts'
import { fork, type Definition, type State } from './state.ts'
import { arithmeticTest, extendedTest, matchCase } from './test.ts'
import { ended, exitOnError, outcome, parted, settle } from './settle.ts'
import { inputOf, redirectsOutput, runSimple } from './simple.ts'
import { rounds, runFor, runWhile } from './loop.ts'
import { runPipeline, subshell } from './pipe.ts'

/** When the fuel is spent, the main text is still walked once; past this nothing is. */
const mostOver = 20_000

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
  runNode(run, { ...context, exits: [], checked: false, apart: true, failing: 'goes on' }, statement.command, apart)
  return states.map((state) => ended(fork(state), 'ok'))
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
      return exitOnError(
        context,
        runSimple(run, context, node, states).filter((state) => !state.over),
      )
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
      return states.flatMap((state) => [...runFor(run, sometimes, node, state, context.runs)])
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

export function condition(
  run: Run,
  context: Context,
  clause: Shell.CompoundList,
  states: readonly State[],
): readonly State[] {
  const last = clause.commands.length - 1
  let now = states
  clause.commands.forEach((statement, i) => {
    now = runStatement(run, { ...context, checked: true, failing: 'goes on' }, statement, now)
    if (i < last) now = settle(run, now)
  })
  return now
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
