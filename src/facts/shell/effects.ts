import type { Effect, Word } from './script.ts'
import { exact, has, headOf, parseOptions, type Spec } from './options.ts'

/** What the tools that delete, replace, move or own do to the paths they name. One row a tool; a new one is one line. */
type Row = (words: readonly Word[], here: () => Word) => readonly Effect[]

const deletes = (word: Word, tree = true): Effect => ({ word, does: 'deletes', tree })
const operandsOf = (words: readonly Word[], spec: Spec): readonly Word[] => parseOptions(words, spec).operands

const rsyncSpec: Spec = {
  short: 'efBTM',
  long: [
    'rsh',
    'exclude',
    'include',
    'filter',
    'files-from',
    'exclude-from',
    'include-from',
    'log-file',
    'log-file-format',
    'backup-dir',
    'suffix',
    'temp-dir',
    'compare-dest',
    'copy-dest',
    'link-dest',
    'bwlimit',
    'timeout',
    'contimeout',
    'port',
    'password-file',
    'chown',
    'chmod',
    'rsync-path',
    'block-size',
    'max-delete',
    'max-size',
    'min-size',
    'partial-dir',
    'out-format',
    'info',
    'debug',
    'modify-window',
    'iconv',
    'usermap',
    'groupmap',
    'address',
    'sockopts',
    'skip-compress',
    'compress-level',
    'remote-option',
    'stop-after',
  ],
}

const rows: Readonly<Record<string, Row>> = {
  rm: (words) => {
    const parsed = parseOptions(words, {})
    const tree = has(parsed, '-r', '-R', '--recursive')
    // Somebody is asked about each.
    if (has(parsed, '-i', '--interactive') && !has(parsed, '-f', '--force')) return []
    return parsed.operands.map((word) => deletes(word, tree))
  },
  rmtree: (words) => operandsOf(words, {}).map((word) => deletes(word)),
  shred: (words) =>
    operandsOf(words, { short: 'ns', long: ['iterations', 'size', 'random-source'] }).map((word) =>
      deletes(word, false),
    ),
  find: findEffects,
  rsync: (words) => {
    const parsed = parseOptions(words, rsyncSpec)
    const given = (name: string): boolean => [...parsed.options.keys()].some((option) => option === name)
    const removing =
      [...parsed.options.keys()].some((option) => /^--del(ete(-.*)?)?$/.test(option)) && !given('--no-delete')
    if (given('--dry-run') || given('-n') || parsed.operands.length < 2) return []
    const sources = parsed.operands.slice(0, -1)
    const target = parsed.operands[parsed.operands.length - 1]!
    // What a glob or a name without a slash stands for is made equal entry by entry; nothing beside the entries is deleted.
    const entries = sources.every((word) => /(?:\*|[\w-])["']?$/.test(word.text) && !/\$\w+$/.test(word.text))
    return removing && !entries
      ? [
          ...sources.map((word): Effect => ({ word, does: 'reads', tree: true })),
          { word: target, does: 'replaces', tree: true },
        ]
      : []
  },
  git: (words, here) => {
    const parsed = parseOptions(words, { short: 'Cc', stopsAtOperand: true, long: ['git-dir', 'work-tree'] })
    if (exact(parsed.operands[0]) !== 'clean') return []
    const clean = parseOptions(parsed.operands.slice(1), { short: 'e', long: ['exclude'] })
    if (!has(clean, '-f', '--force') || has(clean, '-n', '--dry-run')) return []
    const directory = parsed.options.get('-C')?.[0]
    return clean.operands.length > 0 ? clean.operands.map((word) => deletes(word)) : [deletes(directory ?? here())]
  },
  chown: (words) => owners(words),
  chgrp: (words) => owners(words),
  chmod: (words) => owners(words),
  setfacl: (words) => {
    const parsed = parseOptions(words, { short: 'mxMXbk', long: ['modify', 'remove', 'set'] })
    return has(parsed, '-R', '--recursive')
      ? parsed.operands.map((word): Effect => ({ word, does: 'owns', tree: true }))
      : []
  },
  mv: (words) => {
    const parsed = parseOptions(words, { short: 'tS', long: ['target-directory', 'suffix'] })
    const sources =
      parsed.options.has('-t') || parsed.options.has('--target-directory')
        ? parsed.operands
        : parsed.operands.slice(0, -1)
    return sources.map((word): Effect => ({ word, does: 'moves', tree: true }))
  },
  cp: (words) => {
    const parsed = parseOptions(words, { short: 'tS', long: ['target-directory', 'suffix'] })
    const target = parsed.options.get('-t')?.[0] ?? parsed.operands[parsed.operands.length - 1]
    // Named directories keep their names; only contents spread over the target.
    const contents = parsed.operands.slice(0, -1).some((word) => /(\/|\/\.|\*)"?$/.test(word.text))
    return target && contents && has(parsed, '-r', '-R', '-a', '--recursive', '--archive') && parsed.operands.length > 1
      ? [{ word: target, does: 'replaces', tree: false }]
      : []
  },
  tar: (words) => {
    const directory = parseOptions(words, { short: 'fCTXbg', long: ['file', 'directory'] }).options
    const target = directory.get('-C')?.[0] ?? directory.get('--directory')?.[0]
    return target ? [{ word: target, does: 'replaces', tree: false }] : []
  },
  aws: (words) => cloud(words, ['s3', 'rm'], ['s3', 'sync']),
  gsutil: (words) => cloud(words, ['rm'], ['rsync']),
  rclone: (words) => cloud(words, ['purge'], ['sync']),
}

function owners(words: readonly Word[]): readonly Effect[] {
  const parsed = parseOptions(words, { long: ['reference', 'from'] })
  if (!has(parsed, '-R', '--recursive')) return []
  const operands = parsed.options.has('--reference') ? parsed.operands : parsed.operands.slice(1)
  return operands.map((word) => ({ word, does: 'owns', tree: true }))
}

function findEffects(words: readonly Word[], here: () => Word): readonly Effect[] {
  const start = words.findIndex((word) => !/^-[HLPD]/.test(headOf(word)) && !/^-O\d/.test(headOf(word)))
  const rest = start === -1 ? [] : words.slice(start)
  const end = rest.findIndex((word) => /^(-[a-z]|[(!]|\\[(!])/i.test(headOf(word)))
  const paths = end === -1 ? rest : rest.slice(0, end)
  const tests = end === -1 ? [] : rest.slice(end)
  if (!removes(tests)) return []
  const named = namedOnly(tests)
  // An unquoted path that vanishes leaves none, and GNU find then takes the working directory.
  return paths.length > 0
    ? paths.map((word) => ({ ...deletes(word), ...named, ...(paths.length === 1 ? { orHere: true as const } : {}) }))
    : [{ ...deletes(here()), ...named }]
}

/** `-name 'cache-*'`: what does not begin so stays. */
function namedOnly(tests: readonly Word[]): Pick<Effect, 'named'> {
  const texts = tests.map((word) => exact(word) ?? headOf(word))
  const after = (option: RegExp): string | undefined => texts[texts.findIndex((text) => option.test(text)) + 1]
  const pattern = texts.some((text) => /^-i?name$/.test(text)) ? after(/^-i?name$/) : undefined
  if (pattern === undefined || texts.includes('-o') || texts.includes('!') || texts.includes('-not')) return {}
  if (/^\w[\w.-]{2,}/.test(pattern) && after(/^-maxdepth$/) === '1') return { named: 'here' }
  if (/(^|[^.\w])\w{5,}/.test(pattern)) return { named: 'own' }
  return /\w/.test(pattern) ? { named: 'below' } : {}
}

function removes(tests: readonly Word[]): boolean {
  const texts = tests.map((word) => exact(word) ?? headOf(word))
  return texts.some((text, i) => {
    if (text === '-delete') return true
    if (!/^-(exec|execdir|ok|okdir)$/.test(text)) return false
    const command = texts.slice(i + 1).filter((word) => !/^(sudo|command|nice|env)$/.test(word))
    const name = command[0]?.split('/').pop()
    return (
      name === 'rm' ||
      name === 'shred' ||
      name === 'unlink' ||
      (/^(ba|da)?sh$/.test(name ?? '') && /(^|[;&|\s])rm\s/.test(command.slice(1).join(' ')))
    )
  })
}

/** The subcommand of a cloud tool, and the paths behind it. */
function cloud(words: readonly Word[], removing: readonly string[], syncing: readonly string[]): readonly Effect[] {
  const parsed = parseOptions(words, {
    long: ['profile', 'region', 'exclude', 'include', 'acl', 'endpoint-url', 'filter', 'config'],
    short: 'xo',
  })
  const texts = parsed.operands.map((word) => exact(word) ?? '')
  const is = (wanted: readonly string[]): boolean => wanted.every((text, i) => texts[i] === text)
  const rest = (wanted: readonly string[]): readonly Word[] => parsed.operands.slice(wanted.length)
  if (has(parsed, '--dryrun', '--dry-run', '-n')) return []
  const whole = removing[0] === 'purge' || has(parsed, '--recursive', '-r', '-R')
  if (is(removing) && whole) return rest(removing).map((word) => deletes(word))
  if (is(syncing) && (syncing[0] === 'sync' || has(parsed, '--delete', '-d'))) {
    const operands = rest(syncing)
    const target = operands[operands.length - 1]
    return target && operands.length > 1
      ? [
          ...operands.slice(0, -1).map((word): Effect => ({ word, does: 'reads', tree: true })),
          { word: target, does: 'replaces', tree: true },
        ]
      : []
  }
  return []
}

/** What a command does to the paths that it names. `here` makes the word for the working directory. */
export function effectsOf(name: string | undefined, words: readonly Word[], here: () => Word): readonly Effect[] {
  const row = name !== undefined && Object.hasOwn(rows, name) ? rows[name] : undefined
  return row ? row(words, here) : []
}

/** The trees that a command lists on its output, one path a line: what `xargs rm` behind it will take. */
export function listedBy(
  name: string | undefined,
  words: readonly Word[],
  here: () => Word,
): readonly Word[] | undefined {
  if (name === 'ls') {
    const operands = operandsOf(words, { short: 'IwT', long: ['ignore', 'hide', 'sort', 'time'] })
    return operands.length > 0 ? operands : [here()]
  }
  if (name !== 'find') return undefined
  const end = words.findIndex((word) => /^(-[a-z]|[(!]|\\[(!])/i.test(headOf(word)) && !/^-[HLPDO]/.test(headOf(word)))
  const paths = (end === -1 ? words : words.slice(0, end)).filter((word) => !/^-[HLPDO]/.test(headOf(word)))
  return paths.length > 0 ? paths : [here()]
}
