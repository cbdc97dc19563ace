import { realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { rules } from '../../../rules/index.ts'
import { filesOf } from '../../discover/files.ts'
import { lint, type Report } from '../../lint.ts'
import type { Diagnostic } from '../../rule/diagnostic.ts'
import type { Settings } from '../../rule/settings.ts'
import type { Source } from '../../source/source.ts'
import { parsersFor } from '../cli/parsers.ts'
import { askedProjects } from '../cli/project.ts'
import { loadSettings } from '../cli/settings.ts'
import { treeOnDisk, type Tree } from '../cli/tree.ts'

/** What the linter says of a file that a host holds open. */
export interface Seen {
  /** The file's name as places in diagnostics have it. */
  readonly file: string
  readonly diagnostics: readonly Diagnostic[]
}

interface Project {
  readonly tree: Tree
  readonly settings: Settings
  report: Report | undefined
  /** When the files that were read had changed last. */
  stamps: ReadonlyMap<string, number>
  checked: number
}

// One entry a root: ESLint asks file by file, and the files share a project.
const projects = new Map<string, Project>()

/** For so long files on disk are taken to be as they were. */
const trustedFor = 2000

/** Lints a text in the place of a file, in the project around it as it is on disk. */
export function see(filename: string, text: string, fallbackName: string): Seen {
  const full = realFile(filename)
  if (full === undefined) {
    const file =
      filename === '' || filename.startsWith('<') || filename.startsWith('__') ? fallbackName : path.basename(filename)
    return { file, diagnostics: run([{ file, text }], {}, undefined).diagnostics }
  }
  const project = projectOf(full)
  const file = path.relative(project.tree.root, full).split(path.sep).join('/')
  const known = project.tree.files.find((source) => source.file === file)
  if (known?.text === text) {
    project.report ??= remembered(project)
    return { file, diagnostics: project.report.diagnostics }
  }
  const others = project.tree.files.filter((source) => source.file !== file)
  const { diagnostics } = run([...others, { file, text }], project.settings, project.tree)
  return { file, diagnostics }
}

function realFile(filename: string): string | undefined {
  try {
    return path.isAbsolute(filename) ? realpathSync(filename) : undefined
  } catch {
    return undefined
  }
}

function projectOf(full: string): Project {
  const [asked] = askedProjects([full], process.cwd(), undefined)
  const { root, files, settings } = asked!
  const known = projects.get(root)
  if (known && !stale(known)) return known
  const project: Project = {
    tree: treeOnDisk(root, files),
    settings: loadSettings(settings, settings ?? '', rules),
    report: undefined,
    stamps: new Map(),
    checked: Date.now(),
  }
  projects.set(root, project)
  return project
}

function stale(project: Project): boolean {
  if (Date.now() - project.checked < trustedFor) return false
  project.checked = Date.now()
  // New files may matter too, and are not told by old ones: a listing is read anew once its trust has run out.
  return (
    [...project.stamps].some(([file, stamp]) => stampOf(project.tree.root, file) !== stamp) || project.stamps.size === 0
  )
}

function remembered(project: Project): Report {
  const report = run(project.tree.files, project.settings, project.tree)
  project.stamps = new Map([...report.facts.coverage.keys()].map((file) => [file, stampOf(project.tree.root, file)]))
  return report
}

function stampOf(root: string, file: string): number {
  return statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function run(files: readonly Source[], settings: Settings, tree: Tree | undefined): Report {
  const parsers = parsersFor(() => filesOf(files))
  return lint({ files, settings, parsers, ...(tree && { refused: (file) => tree.refused(file) }) }, rules)
}
