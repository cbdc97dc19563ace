import { type Shell } from '../../parse/shell.ts'
import { runEmbedded } from './embedded.ts'
import { type Context, type Input, type Run } from './frame.ts'
import { filterOf } from './output.ts'
import { type Word } from './script.ts'
import { emptiness, fork, uniqueWays, assumeFull, type State } from './state.ts'
import { literal, valueOf } from './value.ts'
import { ended, exitOnError, settle } from './settle.ts'
import { runNode, walk } from './walk.ts'

export function runPipeline(
  run: Run,
  context: Context,
  node: Shell.Pipeline,
  states: readonly State[],
): readonly State[] {
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
      checked: context.checked || negated,
      ...(keeps ? {} : { apart: true }),
      ...(final || state.flags.pipefail ? {} : { failing: 'goes on' }),
      loop: keeps ? context.loop : undefined,
      returns: keeps ? context.returns : undefined,
      captured: final ? context.captured : true,
      quiet: final ? context.quiet : false,
      input,
    }
    run.listing = undefined
    run.printed = []
    const ends = [...runNode(run, inner, command, [from]), ...exits]
    if (!final) {
      const words = run.listing as readonly Word[] | undefined
      run.listing = undefined
      const printed = run.printed.length === 1 && isPrinter(command) ? run.printed[0] : undefined
      const kept = words ?? (filters(command) ? input?.listed : undefined)
      input = {
        ...(kept ? { listed: kept } : {}),
        ...(printed ? { printed } : {}),
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

const isPrinter = (command: Shell.CommandNode): boolean =>
  command.type === 'Command' && /^(echo|printf|cat)$/.test(command.name?.text ?? '')

// A filter hands on the paths it reads.
function filters(command: Shell.CommandNode): boolean {
  return command.type === 'Command' && command.name !== undefined && filterOf(command.name.text) !== undefined
}

/** Walks a list in a shell of its own: what it binds is gone afterwards, what it proved of the values stays true. */
export function subshell(run: Run, context: Context, body: Shell.CompoundList, state: State): readonly State[] {
  const exits: State[] = []
  const inside = fork(state)
  inside.traps = new Map()
  const inner: Context = { ...context, exits, loop: undefined, returns: undefined, apart: true }
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
