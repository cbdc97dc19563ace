import { spawn } from './spawn.ts'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import ignore, { type Ignore } from 'ignore'

/** The names of a project's files, from its root, with `/`; `cut` says that there were too many to list. */
export interface Listing {
  readonly files: readonly string[]
  readonly cut?: string
}

/** How many entries a walk without git looks at before it stops and says so. */
export const mostEntries = 200_000

/** Lists a project: git's list (tracked, and untracked but not ignored) where there is one, else a walk that keeps to .gitignore files. */
export function listFiles(root: string): Listing {
  return gitFiles(root) ?? walk(root)
}

/** The nearest directory above that holds a `.git`. */
export function gitTop(directory: string): string | undefined {
  for (let at = directory; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, '.git'))) return at
    if (at === path.dirname(at)) return undefined
  }
}

function gitFiles(root: string): Listing | undefined {
  if (gitTop(root) === undefined) return undefined
  const git = spawn('git', ['ls-files', '-z', '-c', '-o', '--exclude-standard', '--deduplicate'], {
    cwd: root,
    maxBuffer: 1 << 28,
    env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' },
  })
  if (git.status !== 0) return undefined
  // A nested repository is listed as `name/`; it is a project of its own.
  const files = git.stdout
    .toString('utf8')
    .split('\0')
    .filter((file) => file !== '' && !file.endsWith('/'))
  return { files }
}

interface Ignored {
  readonly prefix: string
  readonly by: Ignore
}

/** Walks a directory that git does not know: no links, no repositories' insides, no installed dependencies, nothing that a .gitignore names. */
export function walk(root: string, below = ''): Listing {
  const files: string[] = []
  let seen = 0
  let cut: string | undefined
  const visit = (directory: string, above: readonly Ignored[]): void => {
    let entries
    try {
      entries = readdirSync(path.join(root, directory), { withFileTypes: true })
    } catch {
      return // not readable, or gone meanwhile: what is inside is not known to be there
    }
    const own = entries.some((entry) => entry.name === '.gitignore' && entry.isFile())
    const rules = own
      ? [...above, { prefix: directory, by: ignoreFile(path.join(root, directory, '.gitignore')) }]
      : above
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (++seen > mostEntries) {
        cut = `more than ${mostEntries} entries: the rest was not listed`
        return
      }
      const name = directory === '' ? entry.name : `${directory}/${entry.name}`
      if (entry.isDirectory()) {
        if (!neverWalked.has(entry.name) && !isIgnored(rules, `${name}/`)) visit(name, rules)
      } else if ((entry.isFile() || entry.isSymbolicLink()) && !isIgnored(rules, name)) files.push(name)
    }
  }
  visit(below, [])
  return { files, ...(cut !== undefined && { cut }) }
}

const neverWalked = new Set(['.git', '.hg', '.svn', 'node_modules'])

function ignoreFile(file: string): Ignore {
  try {
    return ignore().add(readFileSync(file, 'utf8'))
  } catch {
    return ignore()
  }
}

function isIgnored(rules: readonly Ignored[], name: string): boolean {
  let ignored = false
  for (const { prefix, by } of rules) {
    const result = by.test(prefix === '' ? name : name.slice(prefix.length + 1))
    if (result.ignored) ignored = true
    else if (result.unignored) ignored = false
  }
  return ignored
}
