import type { Word } from './script.ts'
import { textOf } from './value.ts'
import { exact, headOf, parseOptions, type Parsed, type Spec } from './options.ts'

/** A command that runs the command in its operands. */
interface Wrapper {
  readonly spec: Spec
  /** Operands of its own before the command: `timeout 5 rm …`. */
  readonly skip?: number
  /** `NAME=value` words before the command set its environment. */
  readonly assigns?: true
  /** Functions and builtins of the shell are not seen behind it. */
  readonly outside: boolean
  /** Options that make it run no command: `command -v`. */
  readonly unless?: readonly string[]
}

const wrappers: Readonly<Record<string, Wrapper>> = {
  sudo: {
    spec: {
      short: 'ughpCrtTUDRa',
      long: ['user', 'group', 'host', 'prompt', 'chdir', 'chroot', 'role', 'type'],
      stopsAtOperand: true,
    },
    assigns: true,
    outside: true,
    unless: ['-l', '-v', '-e', '-K', '-k'],
  },
  doas: { spec: { short: 'uC', stopsAtOperand: true }, outside: true },
  env: { spec: { short: 'uCS', long: ['unset', 'chdir'], stopsAtOperand: true }, assigns: true, outside: true },
  nice: { spec: { short: 'n', long: ['adjustment'], stopsAtOperand: true }, outside: true },
  ionice: { spec: { short: 'cnp', stopsAtOperand: true }, outside: true },
  nohup: { spec: { stopsAtOperand: true }, outside: true },
  setsid: { spec: { stopsAtOperand: true }, outside: true },
  stdbuf: { spec: { short: 'ioe', stopsAtOperand: true }, outside: true },
  timeout: { spec: { short: 'sk', long: ['signal', 'kill-after'], stopsAtOperand: true }, skip: 1, outside: true },
  flock: {
    spec: { short: 'wE', long: ['timeout', 'wait'], stopsAtOperand: true },
    skip: 1,
    outside: true,
    unless: ['-u'],
  },
  chronic: { spec: { stopsAtOperand: true }, outside: true },
  unbuffer: { spec: { stopsAtOperand: true }, outside: true },
  caffeinate: { spec: { short: 'tw', stopsAtOperand: true }, outside: true },
  time: { spec: { short: 'fo', stopsAtOperand: true }, outside: true },
  chroot: { spec: { stopsAtOperand: true, long: ['userspec', 'groups'] }, skip: 1, outside: true },
  busybox: { spec: { stopsAtOperand: true }, outside: true },
  toybox: { spec: { stopsAtOperand: true }, outside: true },
  command: { spec: { stopsAtOperand: true }, outside: false, unless: ['-v', '-V'] },
  builtin: { spec: { stopsAtOperand: true }, outside: false },
  exec: { spec: { short: 'a', stopsAtOperand: true }, outside: true },
  noglob: { spec: { stopsAtOperand: true }, outside: false },
  eatmydata: { spec: { stopsAtOperand: true }, outside: true },
  gosu: { spec: { stopsAtOperand: true }, skip: 1, outside: true },
  sshpass: { spec: { short: 'pfdP', stopsAtOperand: true }, outside: true },
  'su-exec': { spec: { stopsAtOperand: true }, skip: 1, outside: true },
}

/** A command line with its wrappers taken off. */
export interface Unwrapped {
  /** Without a directory when it is a system's: `/bin/rm` is rm, `./deploy.sh` stays. */
  readonly name: string | undefined
  /** The words of the command itself, its name first. */
  readonly words: readonly Word[]
  readonly wrappers: readonly string[]
  /** Only programs are meant: functions and builtins are not seen through `sudo` or `env`. */
  readonly outside: boolean
  /** The environment is emptied before: `sudo`, `env -i`. */
  readonly cleared: boolean
  /** Names that the wrappers set for the command: `sudo VERSION=1 ./deploy`. */
  readonly assigned: readonly Word[]
  /** Operands come from standard input or from a list: xargs, parallel. */
  readonly feed: Feed | undefined
}

/** How xargs and parallel put what they read into a command line. */
export interface Feed {
  /** What it takes the place of: `{}`; undefined: it comes behind the operands. */
  readonly replaces: string | undefined
  /** An empty line is an argument as well: `-0`, parallel. */
  readonly empties: boolean
  /** Words of its own command line: `parallel rm ::: a b`. */
  readonly words: readonly Word[]
}

const xargs: Spec = {
  short: 'InLPsdEa',
  long: ['max-args', 'max-procs', 'replace', 'delimiter', 'arg-file', 'max-lines'],
  stopsAtOperand: true,
}

const parallel: Spec = {
  short: 'jNnSIaEl',
  long: ['jobs', 'max-procs', 'max-args', 'sshlogin', 'arg-file', 'joblog', 'results', 'delay', 'timeout', 'retries'],
  stopsAtOperand: true,
}

function feedOf(name: string, parsed: Parsed, words: readonly Word[]): Feed {
  if (name === 'parallel') return { replaces: '{}', empties: true, words }
  const mark = parsed.options.get('-I')?.[0] ?? parsed.options.get('--replace')?.[0]
  const text = mark ? (exact(mark) ?? '').replace(/^(-I|--replace=)/, '') : undefined
  const old = parsed.options.has('-i') || parsed.options.has('--replace')
  const empties = ['-0', '--null', '-d', '--delimiter'].some((option) => parsed.options.has(option))
  return { replaces: text ?? (old ? '{}' : undefined), empties, words }
}

/** Takes wrappers off a command line, one after the other. */
export function unwrap(words: readonly Word[]): Unwrapped {
  const names: string[] = []
  const assigned: Word[] = []
  let rest = words
  let outside = false
  let cleared = false
  let feed: Feed | undefined
  for (let i = 0; i < 8; i++) {
    const name = commandName(rest[0])
    if (name === 'xargs' || name === 'parallel') {
      const parsed = parseOptions(rest.slice(1), name === 'xargs' ? xargs : parallel)
      if (parsed.operands.length === 0) break
      const colons = parsed.operands.findIndex((word) => /^:::\+?$/.test(exact(word) ?? ''))
      const own = colons === -1 ? parsed.operands.length : colons
      rest = parsed.operands.slice(0, own)
      feed = feedOf(name, parsed, parsed.operands.slice(own + 1))
      if (rest.length === 0) break
      outside = true
      names.push(name)
      continue
    }
    const wrapper = name !== undefined && Object.hasOwn(wrappers, name) ? wrappers[name] : undefined
    if (!wrapper) break
    const parsed = parseOptions(rest.slice(1), wrapper.spec)
    if (wrapper.unless?.some((option) => parsed.options.has(option))) break
    let operands = parsed.operands
    while (wrapper.assigns && operands[0] && /^\w+=/.test(headOf(operands[0]))) {
      assigned.push(operands[0])
      operands = operands.slice(1)
    }
    operands = operands.slice(wrapper.skip ?? 0)
    // `sudo -i` and `env` alone run a shell or nothing: what is left is their own business.
    if (operands.length === 0) break
    if (name === 'sudo' && !parsed.options.has('-E') && !parsed.options.has('--preserve-env')) cleared = true
    if (name === 'env' && (parsed.options.has('-i') || parsed.options.has('--ignore-environment'))) cleared = true
    outside ||= wrapper.outside
    names.push(name!)
    rest = operands
  }
  return { name: commandName(rest[0]), words: rest, wrappers: names, outside, cleared, assigned, feed }
}

// `${RM:-rm}`: what somebody may set instead is of the same kind.
function fallback(word: Word | undefined): string | undefined {
  const ways = word?.fields.length === 1 ? word.fields[0]!.ways : []
  const known = ways.flatMap((way) => textOf(way) ?? [])
  return ways.length === 2 && known.length === 1 && /^[\w./-]+$/.test(known[0]!) ? known[0] : undefined
}

/** The name a word calls: `rm` for `/bin/rm`, the text itself for anything else that is known. */
export function commandName(word: Word | undefined): string | undefined {
  const text = exact(word) ?? fallback(word)
  if (text === undefined) return undefined
  return /^(\/usr)?(\/local)?\/s?bin\/[^/]+$/.test(text) ? text.slice(text.lastIndexOf('/') + 1) : text
}
