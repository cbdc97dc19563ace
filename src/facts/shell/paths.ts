import type { Case, Command, Directory, Word } from './script.ts'
import type { Part } from './value.ts'

/** A path as one case of a command names it: what tells it from others, and how a person reads it. */
export interface Path {
  /** Equal for two words that name the same file on the same host; unknown parts count by where they were born. */
  readonly key: string
  readonly shown: string
  /** As written it ends in a slash, so that a link at its end is followed. */
  readonly slash: boolean
  /** Every part of it is the same on each run: text, and variables of the environment. */
  readonly stable: boolean
}

/** The paths that a word can name in a case; globs and what the shell may have lost are left out. */
export function pathsOf(command: Command, word: Word, given: Case): readonly Path[] {
  const out = new Map<string, Path>()
  for (const value of word.fields)
    for (const way of value.ways)
      for (const directory of given.directories) {
        const path = pathOf(command.runsOn, way, directory)
        if (path && !out.has(path.key)) out.set(path.key, path)
      }
  return [...out.values()]
}

function pathOf(host: string, way: readonly Part[], directory: Directory): Path | undefined {
  if (way.length === 0 || directory.lost || way.some((part) => !('of' in part) && part.glob)) return undefined
  const first = way[0]!
  const relative = !('of' in first) && !first.text.startsWith('/')
  const whole = relative && directory.way.length > 0 ? [...directory.way, { text: '/' }, ...way] : way
  const last = way[way.length - 1]!
  return {
    key: `${host} ${tidy(whole.map(keyOf).join(''))}`,
    shown: tidy(whole.map((part) => ('of' in part ? part.of.name : part.text)).join('')),
    slash: !('of' in last) && last.text.endsWith('/'),
    stable: whole.every((part) => !('of' in part) || part.of.kind === 'environment'),
  }
}

const keyOf = (part: Part): string =>
  !('of' in part)
    ? part.text
    : part.of.kind === 'environment'
      ? part.of.name
      : `${part.of.name}@${part.of.at.file}:${part.of.at.start}`

const tidy = (path: string): string =>
  path
    .replace(/\/+/g, '/')
    .replace(/(^|\/)(\.\/)+/g, '$1')
    .replace(/(.)\/$/, '$1')

/** The path of a name in a directory. */
export function under(path: Path, name: string): Path {
  return { ...path, key: `${path.key}/${name}`, shown: `${path.shown}/${name}`, slash: false }
}
