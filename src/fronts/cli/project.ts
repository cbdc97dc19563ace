import { existsSync, realpathSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { failure, reasonOf } from './failure.ts'
import { gitTop, listFiles, walk } from './walk.ts'

/** One project and what of it was asked for. */
export interface Asked {
  /** Absolute, links resolved. */
  readonly root: string
  /** Every file's name from the root. */
  readonly files: readonly string[]
  /** Names given as files: said to be skipped when they are of no known kind. */
  readonly named: ReadonlySet<string>
  /** Whether a file lies in a given path. */
  readonly focus: (file: string) => boolean
  /** Its settings file, absolute. */
  readonly settings: string | undefined
  /** The listing stopped before its end: why. */
  readonly cut?: string
}

/** The names under which settings are looked for. */
export const settingsNames = ['shiplint.config.json', 'shiplint.config.yaml', 'shiplint.config.yml'] as const

/** Groups given paths by the project they belong to. `config`: a settings file by name, or false for none. */
export function askedProjects(
  paths: readonly string[],
  cwd: string,
  config: string | false | undefined,
): readonly Asked[] {
  const groups = new Map<string, { settings: string | undefined; paths: { full: string; isFile: boolean }[] }>()
  for (const given of paths.length === 0 ? ['.'] : paths) {
    const { full, isFile } = resolved(given, cwd)
    const { root, settings } = rootOf(isFile ? path.dirname(full) : full, cwd, config)
    const group = groups.get(root)
    if (group) group.paths.push({ full, isFile })
    else groups.set(root, { settings, paths: [{ full, isFile }] })
  }
  return [...groups].map(([root, group]) => askedOf(root, group.settings, group.paths))
}

function resolved(given: string, cwd: string): { full: string; isFile: boolean } {
  try {
    const full = realpathSync(path.resolve(cwd, given))
    const stat = statSync(full)
    return { full, isFile: !stat.isDirectory() }
  } catch (error) {
    throw failure(`cannot read ${given}: ${reasonOf(error)}`)
  }
}

/** The project that a directory belongs to: the nearest settings file, else git's top level, else the working directory. */
export function rootOf(
  directory: string,
  cwd: string,
  config: string | false | undefined,
): { readonly root: string; readonly settings: string | undefined } {
  const top = gitTop(directory)
  if (typeof config === 'string') {
    const settings = path.resolve(cwd, config)
    if (!existsSync(settings)) throw failure(`cannot read ${config}: no such file or directory`)
    return { root: top ?? fallbackRoot(directory, cwd), settings }
  }
  if (config !== false) {
    for (let at = directory; ; at = path.dirname(at)) {
      const settings = settingsNames.map((name) => path.join(at, name)).find((file) => existsSync(file))
      if (settings) return { root: at, settings }
      if (at === top || at === path.dirname(at)) break
    }
  }
  return { root: top ?? fallbackRoot(directory, cwd), settings: undefined }
}

// The working directory, unless the path lies elsewhere or the directory is far too wide to be a project.
function fallbackRoot(directory: string, cwd: string): string {
  const tooWide = cwd === path.parse(cwd).root || cwd === homedir()
  return isBelow(directory, cwd) && (directory === cwd || !tooWide) ? cwd : directory
}

function isBelow(file: string, directory: string): boolean {
  return file === directory || file.startsWith(directory.endsWith(path.sep) ? directory : directory + path.sep)
}

function askedOf(
  root: string,
  settings: string | undefined,
  paths: readonly { full: string; isFile: boolean }[],
): Asked {
  const listing = listFiles(root)
  const known = new Set(listing.files)
  const named = new Set<string>()
  const below: string[] = []
  let extra: string[] = []
  for (const { full, isFile } of paths) {
    const name = path.relative(root, full).split(path.sep).join('/')
    if (isFile) {
      named.add(name)
      if (!known.has(name)) extra.push(name)
    } else {
      below.push(name)
      // A directory that git ignores is linted when it is asked for by name.
      if (name !== '' && !listing.files.some((file) => file.startsWith(`${name}/`)))
        extra = [...extra, ...walk(root, name).files]
    }
  }
  const everything = below.includes('')
  return {
    root,
    settings,
    files: [...listing.files, ...new Set(extra)],
    named,
    focus: (file) => everything || named.has(file) || below.some((directory) => file.startsWith(`${directory}/`)),
    ...(listing.cut !== undefined && { cut: listing.cut }),
  }
}
