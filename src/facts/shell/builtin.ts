import type { Shell } from '../../parse/shell.ts'
import { declare } from './declare.ts'
import { changeDirectory, directoryOrigin, nameIn } from './directory.ts'
import { runEmbedded } from './embedded.ts'
import { setNumber } from './expand.ts'
import type { Context, Run } from './frame.ts'
import { exact, parseOptions } from './options.ts'
import { notePrinted, printWords, printfBuiltin } from './printed.ts'
import { print, reborn } from './program.ts'
import { readArray, readBuiltin, readOrigin } from './reading.ts'
import type { Word } from './script.ts'
import type { Called } from './simple.ts'
import { sourceBuiltin } from './sourced.ts'
import {
  any,
  ok,
  assumeFull,
  bind,
  fork,
  renew,
  settleStatus,
  type Flags,
  type State,
  valueEmptiness,
} from './state.ts'
import { literal, showWay, valueOf } from './value.ts'

type Builtin = (
  run: Run,
  context: Context,
  state: State,
  called: Called,
  words: readonly Word[],
) => readonly State[] | undefined

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
  echo: (run, context, state, called, words) => {
    const shown = words.filter((word, i) => !(i === 0 && /^-[neE]+$/.test(exact(word) ?? '')))
    printWords(context, state, shown)
    if (context.captured && !context.quiet) notePrinted(run, context, called, words, shown)
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
    const { known, open, least } = state.args
    if (!Number.isInteger(count)) state.args = { known: [], open: (open ?? 1) + 1 }
    else
      state.args = {
        known: known.slice(count),
        open: open === undefined ? undefined : open + Math.max(0, count - known.length),
        ...(least === undefined ? {} : { least: Math.max(0, least - count) }),
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
      const stays = state.cwd.find((one) => one.without !== undefined && one.way.length === 0)?.without
      const place = directoryOrigin(context.frame, called.node, '$(pwd)')
      const here = stays
        ? reborn(context.frame, called.node.name!, () => ({ ...place, instead: { when: stays, text: '.' } }))
        : place
      print(state, rooted ? sure : [{ of: here }])
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
