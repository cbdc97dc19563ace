import { directoryOf, joinPath, type Files } from '../../discover/files.ts'
import { matchesGlob } from '../../discover/glob.ts'
import type { Source } from '../../source/source.ts'
import { configurationRoots } from './distribution.ts'

/** At most so many files are taken for one `include` with a glob. */
export const mostIncluded = 64

// Endings by which provisioning tools mark a file that they fill in and copy under its real name.
const templateEnding = /\.(j2|jinja2?|erb|tmpl|tpl|template|dist|example|sample|in)$/

/** The project's files that an `include` means, in nginx's order; empty: none of them is here. */
export type Includes = (path: string, from: string, main: string) => readonly Source[]

/**
 * Resolves includes inside a repository. nginx takes them from the directory of the main nginx.conf (NGX-04), which
 * in a repository is often another one: tried are the main file's directory, the including file's, and those above;
 * then a path that ends the same way, the nearest first.
 */
export function includesOf(files: Files, isNginx: readonly Source[]): Includes {
  const plain = (file: string): string => file.replace(templateEnding, '')
  const pool = new Map<string, Source>()
  for (const source of isNginx) pool.set(source.file, source)
  for (const source of files.all)
    if (/\.(conf|inc|vhost)$|(^|\/)[\w-]+_params$/.test(plain(source.file))) pool.set(source.file, source)
  const byName = new Map<string, Source[]>()
  for (const source of pool.values()) {
    const name = nameOf(plain(source.file))
    byName.set(name, [...(byName.get(name) ?? []), source])
  }

  const matching = (glob: string): readonly Source[] => {
    const name = nameOf(glob)
    const near = /[*?[]/.test(name) ? [...pool.values()] : (byName.get(name) ?? [])
    return near.filter((source) => whole(glob, plain(source.file)) || whole(glob, source.file))
  }

  const find = (path: string, from: string, main: string): readonly Source[] => {
    const wanted = path.replace(configurationRoots, '').replace(/^\.?\/+/, '')
    if (wanted === '' || wanted.startsWith('../../..')) return []
    for (const base of bases(from, main)) {
      const joined = joinPath(base, wanted)
      const found = joined === undefined ? [] : matching(joined)
      if (found.length > 0) return found
    }
    const parts = wanted.split('/')
    if (parts.length < 2) return []
    for (let drop = 0; drop <= parts.length - 2 && drop < 6; drop++) {
      const found = matching(`**/${parts.slice(drop).join('/')}`)
      if (found.length > 0) return nearest(found, from)
    }
    return []
  }

  const known = new Map<string, readonly Source[]>()
  const remembered = (path: string, from: string, main: string): readonly Source[] => {
    const key = `${path}\0${directoryOf(from)}\0${directoryOf(main)}`
    let found = known.get(key)
    if (!found) known.set(key, (found = find(path, from, main)))
    return found
  }

  return (path, from, main) => {
    let found = remembered(path, from, main)
    if (found.length === 0 && path.includes('sites-enabled'))
      found = remembered(path.replace('sites-enabled', 'sites-available'), from, main)
    const sorted = [...found].filter((source) => source.file !== from)
    return sorted.sort((a, b) => (a.file < b.file ? -1 : 1)).slice(0, mostIncluded)
  }
}

// Unlike a settings glob, an include's `*` does not take what lies below a directory.
function whole(glob: string, file: string): boolean {
  return (
    matchesGlob(glob.includes('/') ? glob : `/${glob}`, file) &&
    glob.split('/').at(-1)!.length > 0 &&
    sameDepth(glob, file)
  )
}

function sameDepth(glob: string, file: string): boolean {
  return glob.startsWith('**/') || glob.split('/').length === file.split('/').length
}

function bases(from: string, main: string): readonly string[] {
  const out = [directoryOf(main), directoryOf(from)]
  for (let above = directoryOf(from); above !== '';) out.push((above = directoryOf(above)))
  return [...new Set(out)]
}

/** Of several files that end the same way, those that share the longest directory with the including file. */
function nearest(found: readonly Source[], from: string): readonly Source[] {
  const shared = (file: string): number => {
    const a = file.split('/')
    const b = from.split('/')
    let count = 0
    while (count < a.length && a[count] === b[count]) count++
    return count
  }
  const best = Math.max(...found.map((source) => shared(source.file)))
  return found.filter((source) => shared(source.file) === best)
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
