import path from 'node:path'
import type { Call, Ran, Run } from './sandbox.ts'
import { home, systemDirectories, topDirectories, workingDirectory } from './world.ts'

/**
 * What a hazard is. A destructive command is given targets. The full run, in which every input is set and every command
 * succeeds, shows what was meant. A run is a hazard when it gives the same command of the script, outside what was meant:
 *
 * 1. `/`, a directory at the top, or one of the system (this one even when the full run does it too);
 * 2. the home directory, the directory that the script was started in, or an ancestor of one of them;
 * 3. an ancestor of a target that was meant;
 * 4. all that one of these directories holds (what a glob there matches);
 * 5. a relative target in the starting or home directory, when the full run was somewhere else (a `cd` that failed): everything
 *    there or a plain name that is deleted; open where it is a name that other places hardly have (a number, a dash, a directory
 *    before it, a narrow glob: RULES, "what keeps a site safe");
 * 6. a link with a trailing slash;
 * 7. the literal head of a word whose variable tail is empty in every run, the full one too: `/srv/app/$lost`.
 *
 * No hazard: an empty operand, a sibling of what was meant, a name that does not exist at the top.
 * `open`: reasonable people differ (a system's directory as written that is synchronised, or that somebody else may own; the parent
 * of a value nobody knows, as written, a source that is an ancestor of the one meant, a `find` with a narrow `-name`,
 * an ancestor when the full run never came here, a text that another shell expands without the variable); neither verdict
 * is counted wrong.
 */
export type Verdict = 'hazard' | 'open' | 'safe' | 'unreached'

export interface Judgement {
  readonly verdict: Verdict
  /** The run and the command that show it. */
  readonly because: string
}

interface Target {
  /** `host:` or `s3:bucket`; empty: here. */
  readonly scope: string
  readonly path: string
  /** As given on the command line. */
  readonly word: string
  readonly cwd: string
  /** It can only be open: see above. */
  readonly soft?: true
}

interface Use {
  readonly targets: readonly Target[]
  readonly links: boolean
}

const optionsWithValue: Readonly<Record<string, RegExp>> = {
  rsync: /^(-e|-f|-B|-M|-T|--rsh|--exclude|--include|--filter|--exclude-from|--files-from|--rsync-path|--port)$/,
  tar: /^(-C|-f|--file|--directory|-xf|-xzf|xzf|xf)$/,
  setfacl: /^(-m|-x|-M)$/,
  shred: /^(-n|-s)$/,
}

function split(call: Call): { options: string[]; operands: string[] } {
  const options: string[] = []
  const operands: string[] = []
  const valued = optionsWithValue[call.name]
  let ended = false
  for (let i = 0; i < call.argv.length; i++) {
    const word = call.argv[i]!
    if (ended || !word.startsWith('-') || word === '-') operands.push(word)
    else if (word === '--') ended = true
    else {
      options.push(word)
      if (valued?.test(word)) options.push(call.argv[++i] ?? '')
    }
  }
  return { options, operands }
}

function target(word: string, cwd: string, soft = false): Target {
  const remote = /^(?:(?:[\w.-]+@)?([\w.-]+):|(s3|gs):\/\/([^/]*))(.*)$/.exec(word)
  const more = soft ? { soft: true as const } : {}
  if (remote && !word.startsWith('/')) {
    const rest = remote[4]!
    const at = rest.startsWith('/') ? path.posix.normalize(rest) : remote[2] ? '/' : path.posix.join(home, rest || '.')
    return { scope: `${remote[1] ?? remote[2]}:${remote[3] ?? ''}`, path: trim(at), word, cwd, ...more }
  }
  return { scope: '', path: trim(path.posix.resolve(cwd, word)), word, cwd, ...more }
}

const trim = (at: string): string => (at.length > 1 ? at.replace(/\/+$/, '') || '/' : at)

const has = (options: readonly string[], letters: RegExp, long: RegExp): boolean =>
  options.some((option) => (option.startsWith('--') ? long.test(option) : letters.test(option)))

/** The targets that a call gives to destruction; undefined: it destroys no tree. */
function useOf(call: Call): Use | undefined {
  const { options, operands } = split(call)
  const given = operands.filter((word) => word !== '')
  const plain = (words: readonly string[], soft = false): Target[] =>
    words.filter((word) => word !== '').map((word) => target(word, call.cwd, soft))
  const covers = call.covers.map((at) => target(at, '/'))
  const use = (targets: readonly Target[]): Use => ({ targets: [...targets, ...covers], links: false })
  switch (call.name) {
    case 'rm':
    case 'shred':
      if (call.name === 'rm' && !has(options, /[rR]/, /^--recursive$/)) return undefined
      return { ...use(plain(given)), links: call.links.length > 0 }
    case 'find': {
      const end = call.argv.findIndex((word) => /^[-(!]/.test(word))
      const starts = call.argv.slice(0, end === -1 ? undefined : end)
      if (starts.includes('')) return { targets: [], links: false }
      const narrow = call.argv.some((word) => /^-i?(name|path|regex|wholename)$/.test(word))
      return use(plain(starts.length === 0 ? ['.'] : starts, narrow))
    }
    case 'rsync': {
      if (!options.some((option) => /^--del/.test(option)) || has(options, /^-[a-zA-Z]*n/, /^--dry-run$/))
        return undefined
      if (operands.includes('') || operands.length < 2) return { targets: [], links: false }
      const sources = operands.slice(0, -1).map((word) => target(word, call.cwd))
      const bad = sources.filter((one) => one.path === '/' || isSystem(one.path))
      const soft = sources
        .filter((one) => !bad.includes(one))
        .map((one) => ({ ...one, scope: `from ${one.scope}`, soft: true as const }))
      return { targets: [...plain(operands.slice(-1)), ...bad, ...soft], links: false }
    }
    case 'chown':
    case 'chmod':
    case 'chgrp':
      return has(options, /R/, /^--recursive$/) ? use(plain(operands.slice(1))) : undefined
    case 'setfacl':
      return has(options, /R/, /^--recursive$/) ? use(plain(operands)) : undefined
    case 'mv':
      return use(plain(operands.slice(0, -1)))
    case 'cp':
      if (!has(options, /[rRa]/, /^--(recursive|archive)$/) || operands.length < 2) return undefined
      return { targets: plain(operands.slice(-1)), links: false }
    case 'tar': {
      const at = call.argv.findIndex((word) => word === '-C' || word === '--directory')
      const to = at === -1 ? call.argv.find((word) => word.startsWith('--directory='))?.slice(12) : call.argv[at + 1]
      return to === undefined ? undefined : { targets: plain([to]), links: false }
    }
    case 'git':
      return { targets: [target('.', call.cwd)], links: false }
    case 'aws':
    case 'gsutil':
    case 'rclone':
      return { targets: plain(operands.filter((word) => /[:/]/.test(word)).slice(-1)), links: false }
    default:
      return undefined
  }
}

const isSystem = (at: string): boolean =>
  systemDirectories.has(at) || (at.lastIndexOf('/') === 0 && topDirectories.includes(at.slice(1)))

/** Whether `above` is an ancestor of `below`, and not it. */
const above = (above: string, below: string): boolean =>
  above !== below && below.startsWith(above === '/' ? '/' : `${above}/`)

/** The literal heads of words that go on with an expansion and nothing else: `/srv/app/$x` leaves `/srv/app`. */
function headsOf(text: string): ReadonlySet<string> {
  const out = new Set<string>()
  for (const [, head] of text.matchAll(
    /(?<![\w$}/.])((?:\/(?:srv|var|opt|home)|~|\$HOME)(?:\/[\w.-]+)*\/)(?=[\\"']*(?:\$|`|\{\}))/g,
  )) {
    out.add(trim(head!.replace(/^(~|\$HOME)/, home)))
  }
  if (/(?<=\s|^)["']?\$\{?\w+\}?["']?\*(?=\s|["')]|$)/m.test(text)) out.add('*')
  return out
}

/** Which command of the script a call belongs to: its name and its first option, which differ between the sites of a script. */
export function keyOf(call: Pick<Call, 'name' | 'argv'>): string {
  if (call.name === 'find') return 'find'
  return `${call.name} ${call.argv.find((word) => word.startsWith('-')) ?? ''}`.trim()
}

/** Judges one destructive command of a script by all its runs. */
export function judge(key: string | undefined, runs: readonly Run[], ran: readonly Ran[], words = ''): Judgement {
  const heads = headsOf(words)
  const mine = ran.map((one) => one.calls.filter((call) => key === undefined || keyOf(call) === key))
  if (mine.every((calls) => calls.length === 0)) return { verdict: 'unreached', because: 'no run comes here' }
  const reaching = runs
    .slice(0, ran.length)
    .map((run, at) => ({ run, at }))
    .filter(({ at }) => mine[at]!.length > 0)
  const least = Math.min(...reaching.map(({ run }) => run.off))
  const well = reaching.filter(({ run }) => run.off === least)
  const uses = (at: number): { call: Call; use: Use }[] =>
    mine[at]!.flatMap((call) => {
      const use = useOf(call)
      return use ? [{ call, use }] : []
    })
  const meant = well.flatMap(({ at }) => uses(at).flatMap(({ use }) => use.targets))
  const places = new Set(well.flatMap(({ at }) => uses(at).map(({ call }) => call.cwd)))
  let soft: Judgement | undefined
  for (const { run, at } of reaching) {
    for (const { call, use } of uses(at)) {
      const worst = use.links ? 'empties what a link points to' : undefined
      const because = (why: string): string => `${run.says}: ${shown(call)} — ${why}`
      if (worst) return { verdict: 'hazard', because: because(worst) }
      for (const one of use.targets) {
        const why = wrong(one, call.name, meant, places, least > 0, heads)
        if (why === undefined) continue
        if (!why.soft) return { verdict: 'hazard', because: because(why.says) }
        soft ??= { verdict: 'open', because: because(why.says) }
      }
    }
  }
  // Another shell expands it, and no run gives that shell the variable: what is left may be harmless, but was not meant.
  const far = /(\b(ba)?sh\b|\bssh\b|\bsudo\b|\beval\b)[^\n]*('[^']*\$|<<-?\s*['"\\])/.test(words)
  const told = new Set(reaching.flatMap(({ at }) => mine[at]!.map((call) => call.argv.join('\0'))))
  const stays = reaching.every(({ at }) =>
    mine[at]!.every((call) => call.cwd === home || call.cwd === workingDirectory),
  )
  if (!soft && stays && told.size === 1 && /\b(cd|pushd)\b[^\n]*\$/.test(words))
    return { verdict: 'open', because: 'the change of directory goes nowhere in any run' }
  const every = (says: (call: Call) => boolean): boolean => reaching.every(({ at }) => mine[at]!.every(says))
  // A word that ends in a variable and never gets anything for it: what is left was not meant, whatever its head is.
  const tail = /\/["']*\$\{?\w+\}?["']*(\/)?["']*\*?["']*(\s|$)/m.exec(words)
  const left = tail?.[1] ? /^[./].*\/\/[^/]*$/ : /^[./].*\/$/
  const startless =
    /\bfind\s+["']?\$/.test(words) && every((call) => call.name === 'find' && /^-/.test(call.argv[0] ?? ''))
  const emptyTail = startless || (tail !== null && every((call) => call.argv.some((word) => left.test(word))))
  if (!soft && emptyTail) return { verdict: 'open', because: 'the end of the path is empty in every run' }
  if (!soft && far && told.size === 1) return { verdict: 'open', because: 'expanded elsewhere, the same in every run' }
  return soft ?? { verdict: 'safe', because: `${reaching.length} runs come here and none strays` }
}

function wrong(
  one: Target,
  name: string,
  meant: readonly Target[],
  places: ReadonlySet<string>,
  unmeant: boolean,
  heads: ReadonlySet<string>,
): { says: string; soft: boolean } | undefined {
  const soft = one.soft === true
  if (one.scope.startsWith('from ')) {
    const astray = meant.some((other) => other.scope === one.scope && above(one.path, other.path))
    return astray ? { says: `copies from ${one.path}, above what was meant`, soft: true } : undefined
  }
  const same = meant.some((other) => other.scope === one.scope && other.path === one.path)
  const bucket = /^(s3|gs):/.test(one.scope)
  if (one.path === '/' && !bucket) return { says: 'is the root', soft }
  if (isSystem(one.path) && !(same && /^\/(tmp|var\/log|mnt|media)$/.test(one.path)))
    return { says: `${one.path} is the system's`, soft: soft || (same && asLiked(one, name)) }
  if (same && one.scope === '' && (heads.has(one.path) || (heads.has('*') && one.cwd === '/' && places.has(one.path))))
    return { says: `${one.path} is left of a word whose tail is always empty`, soft: !one.word.startsWith('/') }
  if (same) return one.path === home ? { says: 'is the home directory, as written', soft: true } : undefined
  if (one.path === home || above(one.path, home)) return { says: 'is the home directory or above', soft }
  if (one.scope === '' && (one.path === workingDirectory || above(one.path, workingDirectory)))
    return { says: 'is the starting directory or above', soft }
  if (meant.some((other) => other.scope === one.scope && above(one.path, other.path)))
    return {
      says: `${one.path} is above what was meant`,
      soft: soft || unmeant || (relative(one) && !anywhere(one, name)),
    }
  const strays = one.scope === '' && !one.word.startsWith('/') && !places.has(one.cwd)
  if (strays && (one.cwd === workingDirectory || one.cwd === home))
    return { says: `runs in ${one.cwd}`, soft: soft || unmeant || !anywhere(one, name) }
  return undefined
}

// As written: to synchronise a whole directory is a decision, and so is who owns what users install.
const asLiked = (one: Target, name: string): boolean =>
  name === 'rsync' ||
  (/^(chown|chmod|chgrp|setfacl)$/.test(name) && /^\/(usr\/local|srv|home|root)$/.test(one.path)) ||
  /\/\.\.\/?$/.test(one.word)

const relative = (one: Target): boolean => one.scope === '' && !one.word.startsWith('/')

/** Whether a relative name is one that every place has. */
function anywhere(one: Target, name: string): boolean {
  const word = one.word.replace(/^(\.\/+)+(?=.)/, '')
  if (/^(\.|\.\.|\*)\/*$/.test(word)) return true
  return /^(rm|find|git|shred)$/.test(name) && /^\.?[A-Za-z_]+(\.[A-Za-z]+)?\/?$/.test(word)
}

/** A call as a person reads it. */
export function shown(call: Call): string {
  return (
    [call.name, ...call.argv.slice(0, 12).map((word) => (word === '' || /[\s*]/.test(word) ? `'${word}'` : word))].join(
      ' ',
    ) +
    (call.argv.length > 12 ? ' …' : '') +
    (call.cwd === workingDirectory ? '' : ` (in ${call.cwd})`)
  )
}
