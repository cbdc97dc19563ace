import { spawn } from './spawn.ts'
import { failure } from './failure.ts'

/** Runs git in a directory and gives its bytes; when git says no, the run fails with git's own words. */
export function git(cwd: string, args: readonly string[], input?: Buffer | string): Buffer {
  const done = spawn('git', args, { cwd, maxBuffer: 1 << 30, ...(input !== undefined && { input }) })
  if (done.error) throw failure(`cannot run git: ${done.error.message}`)
  if (done.status !== 0)
    throw failure(`git ${args[0]}: ${done.stderr.toString('utf8').trim().split('\n')[0] || `exit ${done.status}`}`)
  return done.stdout
}

/** What git prints with -z, as texts. */
export function gitNames(cwd: string, args: readonly string[]): readonly string[] {
  return git(cwd, args)
    .toString('utf8')
    .split('\0')
    .filter((text) => text !== '')
}

/** The contents of objects by id, in one process. */
export function blobs(cwd: string, ids: readonly string[]): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>()
  if (ids.length === 0) return found
  const out = git(cwd, ['cat-file', '--batch'], ids.map((id) => `${id}\n`).join(''))
  let at = 0
  for (const id of ids) {
    const end = out.indexOf(10, at)
    const [, type, size] = out.toString('utf8', at, end).split(' ')
    at = end + 1
    if (type !== 'blob' || size === undefined) continue
    found.set(id, out.subarray(at, at + Number(size)))
    at += Number(size) + 1
  }
  return found
}

/** The lines of each file (names from `root`) that changed since a revision, as ranges of one-based lines. Untracked files are new as a whole. */
export function linesSince(
  root: string,
  revision: string,
): ReadonlyMap<string, readonly (readonly [number, number])[]> {
  if (revision.startsWith('-')) throw failure(`--since ${revision}: not a revision`)
  git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`])
  const patch = git(root, [
    ...['-c', 'core.quotePath=false', 'diff', '-U0', '--no-color', '--no-ext-diff', '--no-renames', '--relative'],
    ...['--src-prefix=a/', '--dst-prefix=b/', revision, '--', '.'],
  ]).toString('utf8')
  const changed = new Map<string, (readonly [number, number])[]>()
  let current: (readonly [number, number])[] | undefined
  for (const line of patch.split('\n')) {
    const name = /^\+\+\+ (.*)$/.exec(line)?.[1]
    if (name !== undefined) {
      current = undefined
      const file = unquoted(name)
      if (file.startsWith('b/')) changed.set(file.slice(2), (current = []))
      continue
    }
    const hunk = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line)
    if (!hunk || !current) continue
    const [start, count] = [Number(hunk[1]), Number(hunk[2] ?? 1)]
    // Where lines were only taken out, the two that now meet are the place of the change.
    current.push(count === 0 ? [start, start + 1] : [start, start + count - 1])
  }
  for (const file of gitNames(root, ['ls-files', '-z', '-o', '--exclude-standard'])) changed.set(file, [[1, Infinity]])
  return changed
}

// A name that git puts in quotes, as C would write it; a tab ends a name that holds blanks.
function unquoted(name: string): string {
  if (!name.startsWith('"')) return name.replace(/\t$/, '')
  const letters: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' }
  const bytes = name
    .slice(1, name.lastIndexOf('"'))
    .replace(/\\(?:([0-7]{3})|(.))/g, (_, octal: string | undefined, char: string) =>
      octal ? String.fromCharCode(parseInt(octal, 8)) : (letters[char] ?? char),
    )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
