import { readFileSync } from 'node:fs'
import path from 'node:path'
import { blobs, git, gitNames } from './git.ts'
import { failure } from './failure.ts'
import { replaceFile } from './fix.ts'
import { decode, lazySource, treeOnDisk, type Tree } from './tree.ts'
import { gitTop } from './walk.ts'

/** A project as git's index has it, and which of its files are staged. */
export interface StagedTree extends Tree {
  readonly staged: ReadonlySet<string>
}

interface Entry {
  readonly mode: string
  readonly id: string
}

/** Reads the index: staged and partly staged files from git's objects, the others (equal to them) from disk. */
export function stagedTree(root: string): StagedTree {
  if (gitTop(root) === undefined) throw failure('--staged needs a git repository')
  const entries = new Map<string, Entry>()
  for (const row of gitNames(root, ['ls-files', '-s', '-z'])) {
    const match = /^(\d+) ([0-9a-f]+) 0\t([\s\S]*)$/.exec(row)
    // Links and submodules hold no text of ours.
    if (match && match[1]!.startsWith('100')) entries.set(match[3]!, { mode: match[1]!, id: match[2]! })
  }
  const staged = stagedNames(root).filter((file) => entries.has(file))
  const differing = gitNames(root, ['diff-files', '--name-only', '-z', '--relative']).filter((file) =>
    entries.has(file),
  )
  const own = new Map([...new Set([...staged, ...differing])].map((file) => [file, entries.get(file)!.id]))
  const contents = blobs(root, [...new Set(own.values())])
  const refused = new Map<string, string>()
  const latin = new Set<string>()
  const disk = treeOnDisk(
    root,
    [...entries.keys()].filter((file) => !own.has(file)),
  )
  const fromIndex = [...own].map(([file, id]) => {
    const bytes = contents.get(id) ?? Buffer.alloc(0)
    return lazySource(
      file,
      () => decode(file, bytes, refused, latin),
      () => bytes.toString('latin1', 0, 4096),
    )
  })
  return {
    root,
    files: [...disk.files, ...fromIndex],
    refused: (file) => refused.get(file) ?? disk.refused(file),
    isAlias: (file) => disk.isAlias(file),
    encode: (file, text) =>
      own.has(file) ? Buffer.from(text, latin.has(file) ? 'latin1' : 'utf8') : disk.encode(file, text),
    staged: new Set(staged),
  }
}

// `git diff --cached --raw`: `:mode mode id id status`, then the name.
function stagedNames(root: string): readonly string[] {
  const fields = gitNames(root, ['diff', '--cached', '--raw', '-z', '--no-renames', '--no-ext-diff', '--relative'])
  const names: string[] = []
  for (let i = 0; i + 1 < fields.length; i += 2) if (!fields[i]!.endsWith(' D')) names.push(fields[i + 1]!)
  return names
}

/** Writes fixed texts into the index; the working tree follows where it had the staged text. */
export function writeStaged(tree: StagedTree, changed: ReadonlyMap<string, string>): void {
  if (changed.size === 0) return
  const top = gitTop(tree.root)!
  const differing = new Set(gitNames(tree.root, ['diff-files', '--name-only', '-z', '--relative']))
  for (const [file, text] of changed) {
    const full = path.join(tree.root, file)
    const fromTop = path.relative(top, full).split(path.sep).join('/')
    const bytes = tree.encode(file, text)
    const before = git(top, ['ls-files', '-s', '-z', '--', `:(literal)${fromTop}`]).toString('utf8')
    const mode = before.slice(0, before.indexOf(' '))
    const oldBytes = differing.has(file) ? undefined : git(top, ['cat-file', 'blob', before.split(' ')[1]!])
    const id = git(top, ['hash-object', '-w', '--no-filters', '--stdin'], bytes).toString('utf8').trim()
    git(top, ['update-index', '-z', '--index-info'], `${mode} ${id} 0\t${fromTop}\0`)
    if (oldBytes === undefined) continue // partly staged: what is not staged stays as it is
    if (readFileSync(full).equals(oldBytes)) replaceFile(full, bytes)
    else git(top, ['checkout-index', '-f', '-z', '--stdin'], `${fromTop}\0`) // on disk through filters (line ends)
  }
}
