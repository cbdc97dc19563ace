import { eachChild, parseShell, withoutCarriageReturns, type Shell } from '../../parse/shell.ts'
import type { Files } from '../../discover/files.ts'
import type { Context, Frame, Run, Watch } from './frame.ts'
import { call } from './call.ts'
import { runTraps } from './pipe.ts'
import { namesOf, settle } from './settle.ts'
import { substitute } from './substitution.ts'
import { walk } from './walk.ts'
import type { Script, ShellSite, Word } from './script.ts'
import { join } from './join.ts'
import { emptyState, fork, type Definition, type State } from './state.ts'
import { valueOf } from './value.ts'

/** Statements that one text may cost, counted once for every path: this many, and one for every 20 characters. */
const fuel = 6_000

/**
 * Interprets one stretch of shell: every command that it can run, with what is known at each.
 * `sourced`: by a script that has set we do not know what.
 */
export function interpret(
  site: ShellSite,
  files: Files,
  set: ReadonlySet<string>,
  watch?: Watch,
  sourced = false,
): Script {
  const piece = withoutCarriageReturns(site.piece)
  const { tree, errors } = parseShell(piece.text)
  const frame: Frame = {
    piece,
    file: site.file,
    shell: site.shell,
    holes: site.holes.map((origin) => valueOf(origin)),
    closed: site.closed ? 'is not set there: nothing hands it over' : undefined,
    host: site.host,
    via: site.via,
    born: new Map(),
    depth: 0,
    calls: [],
    inner: new Map(),
    recorded: new Map(),
  }
  const run: Run = {
    files,
    root: frame,
    set,
    given: site.given,
    fuel: fuel + Math.ceil(piece.text.length / 20),
    tick: 0,
    inputs: new Map(),
    commands: [],
    unread: [],
    read: new Set([site.file]),
    loads: false,
    assigned: new Map(),
    reads: new Set(),
    trees: new Map(),
    slots: new Map(),
    walked: new Map(),
    changes: new Map(),
    known: new Map(),
    own: new Set(),
    uses: new Map(),
    listing: undefined,
    printed: [],
    substituted: undefined,
    substitute: (context, state, node) => substitute(run, context, state, node),
    watch,
  }
  collectNames(run, frame, tree)
  const exits: State[] = []
  const context: Context = {
    frame,
    checked: false,
    runs: 'always',
    failing: undefined,
    loop: undefined,
    returns: undefined,
    exits,
    captured: false,
    quiet: false,
    input: undefined,
  }
  const flags = { ...shebangFlags(tree.shebang, site), lastpipe: false, nullglob: false }
  const start = emptyState(site.cwd ? site.cwd.ways.map((way) => ({ way })) : [{ way: [] }], flags, {
    known: [],
    open: 1,
  })
  if (sourced) start.foreign = ++run.tick
  const ends = walk(run, context, tree.commands, [start])
  const over = settle(run, [...ends, ...exits])
  for (const end of over) runTraps(run, context, end)
  callTheRest(run, context, ends.length > 0 ? ends : over, start)
  forgetTrees(run)
  const own = errors.map((error) => hostError(piece, error))
  return {
    site,
    commands: run.commands,
    assigned: run.assigned,
    reads: run.reads,
    unread: [...own, ...run.unread],
    loads: run.loads,
    files: [...run.read],
  }
}

/** Lets go of the parsed texts once nothing is walked any more: what was recorded is asked by rules long after. */
function forgetTrees(run: Run): void {
  const forget = (frame: Frame): void => {
    for (const inner of frame.inner.values()) forget(inner)
    frame.inner.clear()
    frame.recorded.clear()
    frame.born.clear()
    frame.calls.fill(spent)
  }
  forget(run.root)
  for (const map of [run.known, run.trees, run.slots, run.walked, run.changes]) map.clear()
}

const spent = {}

function hostError(
  piece: ShellSite['piece'],
  error: { readonly start: number; readonly end: number; readonly says: string },
): { start: number; end: number; says: string } {
  const span = piece.spans(error.start, error.end)[0]
  return { start: span?.start ?? 0, end: span?.end ?? 0, says: error.says }
}

function shebangFlags(
  shebang: string | undefined,
  site: ShellSite,
): { errexit: boolean; nounset: boolean; pipefail: boolean } {
  const options = [...(shebang ?? '').matchAll(/\s-([a-zA-Z]+)/g)].map((match) => match[1]!).join('')
  return {
    errexit: site.shell.flags.errexit || options.includes('e'),
    nounset: site.shell.flags.nounset || options.includes('u'),
    pipefail: site.shell.flags.pipefail || /pipefail/.test(shebang ?? ''),
  }
}

/** Every function of a text by name, so that one that calls another before it is defined finds it; and where each variable is first used. */
function collectNames(run: Run, frame: Frame, tree: Shell.Script): void {
  const visit = (node: Shell.SyntaxNode, depth: number): void => {
    if (depth > 200) return
    if (node.type === 'Function' && !run.known.has(node.name.text)) run.known.set(node.name.text, { node, frame })
    for (const name of ownNames(node)) run.own.add(name)
    const used =
      node.type === 'SimpleExpansion'
        ? node.text.slice(1)
        : node.type === 'ParameterExpansion'
          ? node.parameter
          : undefined
    if (used !== undefined && !run.uses.has(used)) run.uses.set(used, { pos: node.pos, end: node.end })
    eachChild(node, (child) => visit(child, depth + 1))
  }
  visit(tree, 0)
}

// What a command or a loop sets. `x=${x:-default}` speaks of what the caller gives.
function ownNames(node: Shell.SyntaxNode): readonly string[] {
  if (node.type === 'For') return [node.name.text]
  if (node.type !== 'Command') return []
  const parts: readonly Shell.SyntaxNode[] = !node.name
    ? node.prefix
    : /^(local|declare|typeset|export|readonly)$/.test(node.name.text)
      ? node.suffix
      : []
  return parts.flatMap((part) =>
    part.type === 'Assignment' &&
    !new RegExp(`\\$\\{?${part.name}\\b`).test(part.value.type === 'Word' ? part.value.text : '')
      ? [part.name]
      : [],
  )
}

/**
 * Functions that nothing here calls are called by somebody: each is walked from where the script ends, its arguments unknown.
 * Those that no other function names come first, since the others are then met with the arguments their callers give.
 */
function callTheRest(run: Run, context: Context, ends: readonly State[], start: State): void {
  const own = [...run.known.values()].filter((definition) => definition.frame === run.root)
  if (own.every((definition) => run.walked.has(definition.node))) return
  const named = namedByOthers(own)
  const from = ends.length === 0 ? start : ends.reduce((one, other) => join(one, other, namesOf(run, start)))
  const roots = own.filter((definition) => !named.has(definition.node.name.text))
  for (const definition of [...roots, ...own]) {
    if (run.walked.has(definition.node)) continue
    const state = fork(from)
    state.status = 'ok'
    state.args = { known: [], open: 1 }
    const name = definition.node.name
    const node = {
      type: 'Command',
      pos: name.pos,
      end: name.end,
      name,
      prefix: [],
      suffix: [],
      args: [],
      redirects: [],
    }
    const frame: Frame = { ...run.root, inner: new Map(), recorded: new Map() }
    const inner: Context = { ...context, frame, exits: [], runs: 'sometimes' }
    call(run, inner, [{ state, words: [everything(run)] }], definition, node as unknown as Shell.Command)
  }
}

/** The names that stand as a command in the body of another function. */
function namedByOthers(definitions: readonly Definition[]): ReadonlySet<string> {
  const names = new Set(definitions.map((definition) => definition.node.name.text))
  const out = new Set<string>()
  const visit = (node: Shell.SyntaxNode, own: string, depth: number): void => {
    if (depth > 300) return
    if (node.type === 'Word' && names.has(node.text) && node.text !== own) out.add(node.text)
    eachChild(node, (child) => visit(child, own, depth + 1))
  }
  for (const { node } of definitions) visit(node.body, node.name.text, 0)
  return out
}

function everything(run: Run): Word {
  const origin = {
    kind: 'parameter',
    name: '$@',
    at: { file: run.root.file, start: 0, end: 0 },
    empty: 'unknown',
    unset: 'unknown',
    how: '',
    splits: 'maybe',
  } as const
  return { at: origin.at, start: 0, end: 0, text: '"$@"', fields: [valueOf(origin)], many: true }
}
