import type { Label } from '../../source/source.ts'
import { directoryOf, joinPath } from '../../discover/files.ts'
import { parseShell, withoutCarriageReturns, type Shell } from '../../parse/shell.ts'
import { wholeFile } from '../../source/piece.ts'
import { runEmbedded } from './embedded.ts'
import { lookup, setNumber, valueOfWord } from './expand.ts'
import { at, say, type Context, type Frame, type Run } from './frame.ts'
import { exact, headOf, parseOptions } from './options.ts'
import { assign, noteAssigned } from './assign.ts'
import { print, printWays } from './program.ts'
import { walk } from './walk.ts'
import { type Called } from './simple.ts'
import type { Directory, Word } from './script.ts'
import {
  assumeEmpty,
  assumeFull,
  bind,
  fork,
  renew,
  settleStatus,
  uniqueWays,
  valueEmptiness,
  type Flags,
  type State,
} from './state.ts'
import { literal, showWay, textOf, valueOf, type Origin, type Part, type Value } from './value.ts'

type Builtin = (
  run: Run,
  context: Context,
  state: State,
  called: Called,
  words: readonly Word[],
) => readonly State[] | undefined

const ok = (state: State): readonly State[] => [settleStatus(state, 'ok')]
const any = (state: State): readonly State[] => [settleStatus(state, 'any')]

/** Runs a builtin of the shell; undefined: the name is none, or it does nothing that is followed. */
export function builtin(run: Run, context: Context, state: State, called: Called): readonly State[] | undefined {
  const name = called.unwrapped.name!
  if (called.unwrapped.wrappers.includes('exec')) return undefined
  return Object.hasOwn(builtins, name)
    ? builtins[name]!(run, context, state, called, called.unwrapped.words.slice(1))
    : undefined
}

const builtins: Readonly<Record<string, Builtin>> = {
  ':': (_run, _context, state) => ok(state),
  true: (_run, _context, state) => ok(state),
  false: (_run, _context, state) => [settleStatus(state, 'fail')],
  exit: (_run, context, state) => {
    context.exits.push(settleStatus(state, 'fail'))
    return []
  },
  return: (_run, context, state, _called, words) => {
    const code = exact(words[0])
    const status = code === undefined ? (words.length === 0 ? state.status : 'any') : Number(code) === 0 ? 'ok' : 'fail'
    // At the top of a script that is run, not sourced, bash says so and goes on.
    const run =
      context.returns === undefined &&
      context.frame.shell.dialect === 'bash' &&
      context.frame.piece.text.startsWith('#!')
    if (run) return [settleStatus(state, 'fail')]
    ;(context.returns ?? context.exits).push(settleStatus(state, status))
    return []
  },
  break: (_run, context, state) => leaveLoop(context.loop?.breaks, state),
  continue: (_run, context, state) => leaveLoop(context.loop?.continues, state),
  kill: (_run, context, state, _called, words) => {
    if (!words.some((word) => word.text.replace(/["{}]/g, '') === '$$')) return undefined
    context.exits.push(settleStatus(state, 'fail'))
    return []
  },
  echo: (_run, context, state, _called, words) => {
    const shown = words.filter((word, i) => !(i === 0 && /^-[neE]+$/.test(exact(word) ?? '')))
    printWords(context, state, shown)
    return ok(state)
  },
  printf: printfBuiltin,
  cd: (run, context, state, called, words) => changeDirectory(run, context, state, called, words),
  pushd: (run, context, state, called, words) => changeDirectory(run, context, state, called, words),
  popd: (_run, context, state, called) => {
    const next = fork(state)
    next.cwd = [{ way: [{ of: directoryOrigin(context.frame, called.node, 'the directory before') }] }]
    return any(next)
  },
  local: declare,
  declare: declare,
  typeset: declare,
  export: declare,
  readonly: declare,
  unset: (run, _context, state, _called, words) => {
    const parsed = parseOptions(words, {})
    if (!parsed.options.has('-f')) {
      for (const word of parsed.operands) {
        const name = exact(word)
        if (name && /^\w+$/.test(name)) bind(state, name, { value: undefined, exported: false, since: ++run.tick })
      }
    }
    return ok(state)
  },
  read: readBuiltin,
  mapfile: readArray,
  readarray: readArray,
  getopts: (run, context, state, called, words) => {
    const name = exact(words[1])
    if (!name) return any(state)
    const on = fork(state)
    bind(on, name, {
      value: valueOf(readOrigin(context.frame, called.node, `$${name}`, 'never', '')),
      exported: false,
      since: ++run.tick,
    })
    const given = readOrigin(
      context.frame,
      words[0] ?? called.node,
      '$OPTARG',
      'maybe',
      'is what the caller gives behind the option, and an empty argument passes',
    )
    renew(on, given)
    bind(on, 'OPTARG', { value: valueOf(given), exported: false, since: ++run.tick })
    return [settleStatus(on, 'ok'), settleStatus(state, 'fail')]
  },
  set: setBuiltin,
  shopt: (_run, _context, state, _called, words) => {
    const on = words.some((word) => exact(word) === '-s')
    const named = (name: string): boolean => words.some((word) => exact(word) === name)
    if (named('lastpipe')) state.flags = { ...state.flags, lastpipe: on }
    if (named('nullglob')) state.flags = { ...state.flags, nullglob: on }
    return ok(state)
  },
  shift: (_run, _context, state, _called, words) => {
    const count = words.length === 0 ? 1 : Number(exact(words[0]) ?? NaN)
    const { known, open } = state.args
    if (!Number.isInteger(count)) state.args = { known: [], open: (open ?? 1) + 1 }
    else
      state.args = {
        known: known.slice(count),
        open: open === undefined ? undefined : open + Math.max(0, count - known.length),
      }
    return ok(state)
  },
  let: (run, context, state, called, words) => {
    for (const word of words) {
      const name = /^(\w+)\s*(?:[-+*/%&|^]|<<|>>)?=|^(\w+)(\+\+|--)/.exec(word.text.replace(/["']/g, ''))
      if (name) setNumber(run, context, state, name[1] ?? name[2]!, called.node)
    }
    return any(state)
  },
  eval: (run, context, state, called, words) => {
    const nodes = called.node.suffix.filter(
      (part): part is Shell.Word => part.type === 'Word' && words.some((word) => word.start === part.pos),
    )
    if (nodes.length === 0) return ok(state)
    const joined = nodes.length === 1 ? nodes[0]! : joinedWord(nodes)
    return runEmbedded(run, context, state, joined, state)
  },
  source: sourceBuiltin,
  '.': sourceBuiltin,
  trap: (_run, context, state, called, words) => {
    const parsed = parseOptions(words, {})
    const [code, ...signals] = parsed.operands
    const node = called.node.suffix.find((part): part is Shell.Word => part.type === 'Word' && part.pos === code?.start)
    if (!node || signals.length === 0) return ok(state)
    const traps = new Map(state.traps)
    for (const signal of signals.map((word) => (exact(word) ?? '').replace(/^SIG/, ''))) {
      const kind = /^(EXIT|0)$/.test(signal) ? 'EXIT' : signal
      if (exact(code) === '-' || exact(code) === '') traps.delete(kind)
      else traps.set(kind, { text: node.text, at: node, frame: context.frame, setIn: fork(state) })
    }
    state.traps = traps
    return ok(state)
  },
  mkdir: (_run, _context, state, _called, words) => {
    const made = parseOptions(words, { short: 'mZ', long: ['mode'] }).operands.flatMap((word) =>
      word.fields.flatMap((value) => value.ways.map(showWay)),
    )
    const failed = settleStatus(fork(state), 'fail')
    state.made = new Set([...state.made, ...made])
    const operands = parseOptions(words, { short: 'mZ', long: ['mode'] }).operands
    if (operands.every((word) => valueEmptiness(state, word.fields[0] ?? literal('')) === 'never')) return any(state)
    // `mkdir ''` fails.
    const full = operands.every((word) => assumeFull(state, word.fields[0] ?? literal(''), nameIn(word)))
    return full ? [settleStatus(state, 'ok'), failed] : [failed]
  },
  pwd: (_run, context, state, called) => {
    if (context.captured && !context.quiet) {
      const sure = state.cwd.length === 1 && !state.cwd[0]!.lost ? state.cwd[0]!.way : []
      const rooted = sure[0] && ('of' in sure[0] ? sure[0].of.absolute : sure[0].text.startsWith('/'))
      print(state, rooted ? sure : [{ of: directoryOrigin(context.frame, called.node, '$(pwd)') }])
    }
    return ok(state)
  },
}

function leaveLoop(into: State[] | undefined, state: State): readonly State[] {
  if (!into) return ok(state)
  into.push(settleStatus(state, 'ok'))
  return []
}

function joinedWord(nodes: readonly Shell.Word[]): Shell.Word {
  const parts = nodes.flatMap((node, i): readonly Shell.WordPart[] => [
    ...(i > 0 ? [{ type: 'Literal' as const, pos: node.pos - 1, end: node.pos, value: ' ', text: ' ' }] : []),
    ...(node.parts ?? [{ type: 'Literal' as const, pos: node.pos, end: node.end, value: node.value, text: node.text }]),
  ])
  return {
    type: 'Word',
    pos: nodes[0]!.pos,
    end: nodes[nodes.length - 1]!.end,
    text: nodes.map((node) => node.text).join(' '),
    value: '',
    parts,
  }
}

function printWords(context: Context, state: State, words: readonly Word[]): void {
  if (!context.captured || context.quiet) return
  let ways: readonly (readonly Part[])[] = [[]]
  words.forEach((word, i) => {
    const value = word.fields[0] ?? literal('')
    ways = uniqueWays(
      ways.flatMap((way) => value.ways.map((more) => [...way, ...(i > 0 ? [{ text: ' ' }] : []), ...more])),
    )
  })
  printWays(state, ways, '\n')
}

function printfBuiltin(
  run: Run,
  context: Context,
  state: State,
  called: Called,
  words: readonly Word[],
): readonly State[] {
  const into = exact(words[0]) === '-v' ? exact(words[1]) : undefined
  const [format, ...rest] =
    into === undefined ? words.filter((word, i) => !(i === 0 && exact(word) === '--')) : words.slice(2)
  const printed = formatted(exact(format), rest, format)
  if (into !== undefined) {
    noteAssigned(run, context, into, called.node)
    bind(state, into, { value: printed, exported: state.vars.get(into)?.exported ?? false, since: ++run.tick })
  } else if (context.captured && !context.quiet) {
    printWays(state, printed.ways, '')
  }
  return ok(state)
}

// `%s` puts a word in; what is more than that is text that is not empty.
function formatted(format: string | undefined, words: readonly Word[], whole: Word | undefined): Value {
  if (format === undefined) return whole?.fields[0] ?? literal('')
  let ways: readonly (readonly Part[])[] = [[]]
  let next = 0
  const append = (value: Value): void => {
    ways = uniqueWays(ways.flatMap((way) => value.ways.map((more) => [...way, ...more])))
  }
  for (const [piece] of format.matchAll(/%[-0-9.*]*[a-zA-Z%]|\\[nt\\]|[^%\\]+|[^]/g)) {
    if (piece === '%s' || piece === '%b' || piece === '%q') append(words[next++]?.fields[0] ?? literal(''))
    else if (piece.startsWith('%') && piece !== '%%') append(literal('0'))
    else if (piece === '\\n') continue
    else append(literal(piece === '%%' ? '%' : piece))
  }
  return { ways, because: [] }
}

function directoryOrigin(frame: Frame, node: { readonly pos: number; readonly end: number }, name: string): Origin {
  const known = frame.born.get(node)
  if (known) return known
  const origin: Origin = {
    kind: 'substitution',
    name,
    at: at(frame, node),
    empty: 'never',
    unset: 'never',
    how: '',
    splits: 'maybe',
    absolute: true,
  }
  frame.born.set(node, origin)
  return origin
}

/** `cd`: where the shell stands afterwards, on each way it can go. */
function changeDirectory(
  run: Run,
  context: Context,
  state: State,
  called: Called,
  words: readonly Word[],
): readonly State[] {
  const operands = parseOptions(words, {}).operands.filter((word) => !/^[-+]\d+$/.test(exact(word) ?? ''))
  const target = operands[0]
  const frame = context.frame
  if (!target)
    return words.length === 0 && called.unwrapped.name === 'cd' && called.node.suffix.length === 0
      ? ok(goHome(run, frame, state))
      : vanished(run, context, state, called)
  const text = exact(target)
  if (text === '-') {
    state.cwd = [{ way: [{ of: directoryOrigin(frame, called.node, 'the directory before') }] }]
    return any(state)
  }
  const value = target.fields[0]!
  const out: State[] = []
  const made = value.ways.every((way) => way.length === 1 && 'of' in way[0]! && way[0].of.name.includes('mktemp'))
  if (!made && valueEmptiness(state, value) !== 'never' && valueEmptiness(state, value) !== 'unknown') {
    const empty = fork(state)
    const place = { at: at(frame, called.node), says: '' }
    const bare = target.many
    if (assumeEmpty(empty, value, nameIn(target))) {
      if (bare)
        empty.cwd = [
          {
            way: lookup(run, frame, state, 'HOME').ways[0]!,
            lost: {
              ...place,
              says: `\`${called.node.name!.text} ${target.text}\` goes to the home directory when ${bareText(target.text)} is empty, and succeeds`,
            },
          },
        ]
      else
        empty.cwd = lose(state.cwd, {
          ...place,
          says: `\`${called.node.name!.text} ${target.text}\` stays where it is when ${bareText(target.text)} is empty, and succeeds`,
        })
      out.push(settleStatus(empty, 'ok'))
    }
  }
  const there = fork(state)
  if (!assumeFull(there, value, nameIn(target))) return out
  const ways = value.ways.filter((way) => way.length > 0)
  if (context.captured || !cannotFail(state, value)) {
    const failed = fork(there)
    failed.cwd = lose(state.cwd, {
      at: at(frame, called.node),
      says: `\`${called.node.name!.text} ${target.text}\` fails when there is no such directory, and the shell stays where it was`,
    })
    out.push(settleStatus(failed, 'fail'))
  }
  there.made = new Set([...state.made, ...ways.map(showWay)])
  there.cwd = ways.slice(0, 4).flatMap((way) => intoDirectory(state.cwd, way))
  out.push(settleStatus(there, 'ok'))
  return out
}

const bareText = (text: string): string => text.replace(/^"(.*)"$/, '$1')

const nameIn = (word: Word): string | undefined => /^"?\$\{?([A-Za-z_]\w*)\}?"?$/.exec(word.text)?.[1]

const lose = (directories: readonly Directory[], label: Label): readonly Directory[] =>
  directories.map((directory) => (directory.lost ? directory : { way: directory.way, lost: label }))

// `cd $X` with X empty: the word vanishes.
function vanished(run: Run, context: Context, state: State, called: Called): readonly State[] {
  const home = goHome(run, context.frame, state)
  const text = context.frame.piece.text.slice(called.node.pos, called.node.end)
  home.cwd = home.cwd.map((directory) => ({
    ...directory,
    lost: { at: at(context.frame, called.node), says: `\`${text}\` goes to the home directory: its operand is empty` },
  }))
  return ok(home)
}

function goHome(run: Run, frame: Frame, state: State): State {
  const next = fork(state)
  next.cwd = [{ way: lookup(run, frame, state, 'HOME').ways[0]! }]
  return next
}

// The script's own directory, the home, `/`, `/tmp` and what mktemp made are there.
function cannotFail(state: State, value: Value): boolean {
  return value.ways.every((way) => {
    const text = textOf(way)
    if (text !== undefined)
      return (
        /^(\/|\.|\.\.|\/tmp|\/var|\/etc|\/opt|\/usr|\/root|\/srv|\/home)(\/\.\.)*\/?$/.test(text) ||
        state.made.has(text)
      )
    const shown = showWay(way)
    if (state.made.has(shown)) return true
    return (
      way.length === 1 &&
      'of' in way[0]! &&
      (/dirname|BASH_SOURCE|\$0|mktemp|pwd/.test(way[0].of.name) || /^\$(HOME|PWD)$/.test(way[0].of.name)) &&
      way[0].of.kind !== 'parameter'
    )
  })
}

function intoDirectory(directories: readonly Directory[], way: readonly Part[]): readonly Directory[] {
  const head = way[0]!
  if ('of' in head || head.text.startsWith('/')) return [{ way }]
  // Relative to where it stood; where that was not the place meant, neither is this.
  return directories.map((directory) => ({
    ...directory,
    way: directory.way.length === 0 ? way : [...directory.way, { text: '/' }, ...way],
  }))
}

/** `local`, `declare`, `export`, `readonly`: they succeed whatever their substitutions did. */
function declare(run: Run, context: Context, state: State, called: Called, words: readonly Word[]): readonly State[] {
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
    if (!head) continue
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

function readOrigin(
  frame: Frame,
  node: object & { readonly pos?: number; readonly end?: number },
  name: string,
  empty: Origin['empty'],
  how: string,
): Origin {
  const known = frame.born.get(node)
  if (known?.kind === 'read' && known.name === name && known.empty === empty) return known
  const place =
    'pos' in node && node.pos !== undefined
      ? { pos: node.pos, end: node.end ?? node.pos }
      : { pos: (node as Word).start, end: (node as Word).end }
  const origin: Origin = { kind: 'read', name, at: at(frame, place), empty, unset: 'never', how, splits: 'maybe' }
  frame.born.set(node, origin)
  return origin
}

/** `read`: what it gets can be a blank line; at the end of input it clears its names and fails. */
function readBuiltin(
  run: Run,
  context: Context,
  state: State,
  called: Called,
  words: readonly Word[],
): readonly State[] {
  const parsed = parseOptions(words, { short: 'pntdauiNe' })
  const array = parsed.options.get('-a')?.[0]
  const names = array ? [] : parsed.operands
  const input = context.input
  const on = fork(state)
  const off = fork(state)
  const known =
    input && !input.listed && names.length === 1 && called.node.redirects.some((one) => one.type === 'HereString')
      ? input.text
      : input && !input.listed && names.length === 1 && !context.checked && !called.node.redirects.length
        ? input.text
        : undefined
  const piped = input !== undefined && !called.node.redirects.some((one) => one.type === 'Redirect')
  const empty: Origin['empty'] = input?.listed
    ? 'never'
    : piped && context.runs !== 'always' && !known
      ? 'unknown'
      : 'maybe'
  for (const word of names.length > 0
    ? names
    : array
      ? []
      : [{ text: 'REPLY', start: called.node.pos, end: called.node.end } as Word]) {
    const name = names.length > 0 ? exact(word) : 'REPLY'
    if (!name || !/^\w+$/.test(name)) continue
    const origin = readOrigin(
      context.frame,
      word,
      `$${name}`,
      empty,
      'is what `read` gets, and is empty on a blank line or at the end of input',
    )
    noteAssigned(run, context, name, called.node)
    renew(on, origin)
    bind(on, name, {
      value: known ?? valueOf(origin, [{ at: at(context.frame, called.node), says: `${name} is read here` }]),
      exported: false,
      since: ++run.tick,
    })
    bind(off, name, { value: literal(''), exported: false, since: ++run.tick })
  }
  if (array) unknownArray(run, context, on, exact(array), called)
  if (known) return [settleStatus(on, 'ok')]
  return [settleStatus(on, 'ok'), settleStatus(off, 'fail')]
}

function readArray(run: Run, context: Context, state: State, called: Called, words: readonly Word[]): readonly State[] {
  const parsed = parseOptions(words, { short: 'dnOsucC' })
  unknownArray(run, context, state, exact(parsed.operands[0]) ?? 'MAPFILE', called)
  return any(state)
}

function unknownArray(run: Run, context: Context, state: State, name: string | undefined, called: Called): void {
  if (!name) return
  noteAssigned(run, context, name, called.node)
  bind(state, name, {
    value: valueOf(
      readOrigin(context.frame, called.node, `\${${name}[0]}`, 'maybe', 'is empty when there is nothing to read'),
    ),
    exported: false,
    since: ++run.tick,
  })
}

const flagNames: Readonly<Record<string, keyof Flags>> = {
  e: 'errexit',
  u: 'nounset',
  errexit: 'errexit',
  nounset: 'nounset',
  pipefail: 'pipefail',
}

function setBuiltin(
  _run: Run,
  _context: Context,
  state: State,
  _called: Called,
  words: readonly Word[],
): readonly State[] {
  for (let i = 0; i < words.length; i++) {
    const text = exact(words[i])
    if (text === '--' || text === undefined || !/^[-+]/.test(text) || text === '-') {
      const rest = text === '--' || text === '-' ? words.slice(i + 1) : words.slice(i)
      const unsure = rest.some((word) => word.many)
      state.args = unsure
        ? { known: [], open: 1000 }
        : { known: rest.map((word) => word.fields[0] ?? literal('')), open: undefined }
      if (unsure && rest.length > 0)
        state.args = { known: rest.map((word) => word.fields[0] ?? literal('')), open: 1000 }
      return ok(state)
    }
    const on = text.startsWith('-')
    if (text.slice(1) === 'o') {
      const flag = flagNames[exact(words[++i]) ?? '']
      if (flag) state.flags = { ...state.flags, [flag]: on }
      continue
    }
    for (const letter of text.slice(1)) {
      if (letter === 'o') {
        const flag = flagNames[exact(words[++i]) ?? '']
        if (flag) state.flags = { ...state.flags, [flag]: on }
      } else if (flagNames[letter]) state.flags = { ...state.flags, [flagNames[letter]!]: on }
    }
  }
  return ok(state)
}

/** `source`: a file of the project is walked in place; of one that is not, anything may have been set. */
function sourceBuiltin(
  run: Run,
  context: Context,
  state: State,
  called: Called,
  words: readonly Word[],
): readonly State[] {
  const target = words[0]
  if (!target) return any(state)
  const file = sourcedFile(run, context, target)
  const source = file === undefined ? undefined : run.files.get(file)
  if (
    !source ||
    context.frame.depth > 12 ||
    context.frame.via.filter((label) => label.says === `reads ${file}`).length > 1
  ) {
    const next = fork(state)
    next.foreign = ++run.tick
    return any(next)
  }
  run.read.add(source.file)
  const label: Label = { at: at(context.frame, called.node), says: `reads ${source.file}` }
  let frame = context.frame.inner.get(called.node)
  let tree = run.trees.get(source.file)
  if (!tree) {
    const piece = withoutCarriageReturns(wholeFile(source.file, source.text))
    const parsed = parseShell(piece.text)
    if (parsed.errors.length > 0)
      say(run, context.frame, called.node, `${source.file} is read in part: ${parsed.errors[0]!.says}`)
    run.trees.set(source.file, (tree = { tree: parsed.tree, piece }))
  }
  if (!frame) {
    frame = {
      ...context.frame,
      piece: tree.piece,
      file: source.file,
      holes: [],
      via: [...context.frame.via, label].slice(-8),
      born: new Map(),
      inner: new Map(),
      recorded: new Map(),
      depth: context.frame.depth + 1,
    }
    context.frame.inner.set(called.node, frame)
  }
  const returns: State[] = []
  const args = state.args
  if (words.length > 1)
    state.args = { known: words.slice(1).map((word) => word.fields[0] ?? literal('')), open: undefined }
  const ends = [...walk(run, { ...context, frame, returns, loop: undefined }, tree.tree.commands, [state]), ...returns]
  for (const end of ends) end.args = args
  return ends
}

/** The project's file that is installed under an absolute path: the one with the longest common tail, the nearest of several. */
function installedFile(run: Run, home: string, path: string): string | undefined {
  const parts = path.split('/').filter((part) => part !== '')
  for (let from = 0; from < parts.length - 1; from++) {
    const tail = parts.slice(from).join('/')
    const found = run.files.all.flatMap(({ file }) => (file === tail || file.endsWith(`/${tail}`) ? [file] : []))
    if (found.length > 0) return nearest(found, home)
  }
  return undefined
}

/** Of several files the one that shares the longest way with a directory. */
function nearest(files: readonly string[], directory: string): string {
  const shared = (file: string): number => {
    let same = 0
    while (same < file.length && same < directory.length && file[same] === directory[same]) same++
    return same
  }
  return files.reduce((best, file) => (shared(file) > shared(best) ? file : best))
}

/** The project's file that a `source` means: by its path, or by the known tail behind `$(dirname "$0")` and its like. */
function sourcedFile(run: Run, context: Context, target: Word): string | undefined {
  const way = target.fields[0]?.ways[0] ?? []
  const text = textOf(way)
  const home = directoryOf(context.frame.file)
  if (text !== undefined) {
    if (text.startsWith('/')) return installedFile(run, home, text)
    return [joinPath(home, text), joinPath('', text)].find((file) => file !== undefined && run.files.get(file))
  }
  let last = way.length - 1
  while (last >= 0 && !('of' in way[last]!)) last--
  const tail = way
    .slice(last + 1)
    .map((part) => ('of' in part ? '' : part.text))
    .join('')
  if (!/^\/?[\w.-]+/.test(tail) || last < 0) return undefined
  const relative = tail.replace(/^\/+/, '')
  for (
    let directory: string | undefined = home;
    directory !== undefined;
    directory = directory === '' ? undefined : directoryOf(directory)
  ) {
    const file = joinPath(directory, relative)
    if (file !== undefined && run.files.get(file)) return file
  }
  const matches = run.files.all.flatMap(({ file }) => (file.endsWith(`/${relative}`) ? [file] : []))
  return matches.length > 0 ? nearest(matches, home) : undefined
}
