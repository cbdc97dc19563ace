import { backtickPiece, type Shell } from '../../parse/shell.ts'
import { at, type Context, type Frame, type Run } from './frame.ts'
import { emptiness, fork, noteGuard, uniqueWays, emptied, type State } from './state.ts'
import { literal, originsOf, valueOf, type Origin, type Part, type Value } from './value.ts'
import { mostDepth } from './call.ts'
import { reborn } from './program.ts'
import { walk } from './walk.ts'

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
    apart: true,
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
  const proved = (origin: Origin): boolean =>
    emptiness(state, origin) !== 'never' &&
    succeeded.length > 0 &&
    succeeded.every((end) => emptiness(end, origin) === 'never')
  const full = [
    ...new Set([
      ...deepOrigins({ ways, because: [] }).filter(proved),
      ...(succeeded[0]?.facts.differing(state.facts) ?? []).filter(
        (origin) => succeeded[0]!.facts.get(origin)?.empty === 'never' && proved(origin),
      ),
    ]),
  ]
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
function deepOrigins(value: Value, depth = 0, seen = new Set<Origin>()): readonly Origin[] {
  for (const origin of originsOf(value)) {
    if (seen.has(origin)) continue
    seen.add(origin)
    if (depth <= 6 && origin.madeOf) deepOrigins(origin.madeOf, depth + 1, seen)
  }
  return depth === 0 ? [...seen] : []
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

export function unreadOrigin(frame: Frame, node: { readonly pos: number; readonly end: number }): Origin {
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
