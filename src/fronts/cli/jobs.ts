import path from 'node:path'
import type { Rules } from '../../rule/diagnostic.ts'
import { lineStarts, positionOf, type Span } from '../../source/source.ts'
import type { Job } from './check.ts'
import { failure } from './failure.ts'
import { linesSince } from './git.ts'
import type { Host } from './host.ts'
import type { Options } from './options.ts'
import { askedProjects, type Asked } from './project.ts'
import { loadSettings, settingsOf } from './settings.ts'
import { stagedTree } from './staged.ts'
import { lazySource, treeOnDisk, type Tree } from './tree.ts'

/** The projects that a command line asks about, ready to be linted. */
export function jobsOf(options: Options, host: Host, cwd: string): readonly Job[] {
  const stdin = options.paths.includes('-')
  if (stdin !== (options.stdinFilename !== undefined))
    throw failure(stdin ? '- needs --stdin-filename NAME' : '--stdin-filename needs the path -')
  if (stdin && options.paths.length > 1) throw failure('- stands alone: no other path beside it')
  if (stdin && (options.fix !== 'none' || options.staged || options.since !== undefined))
    throw failure('- goes with no --fix, --staged or --since')
  if (options.dryRun && options.fix === 'none') throw failure('--dry-run goes with --fix or --fix-unsafe')
  if (options.staged && options.since !== undefined) throw failure('--staged and --since exclude each other')
  if (options.shard) throw failure('--shard is not built yet')
  if (stdin) return [stdinJob(options.stdinFilename!, host, cwd, options.config)]
  return askedProjects(options.paths, cwd, options.config).map((asked) => {
    if (options.staged) return stagedJob(asked, cwd, host.rules)
    const job: Job = {
      tree: treeOnDisk(asked.root, asked.files),
      settings: loadSettings(asked.settings, shownPath(asked.settings, cwd), host.rules),
      focus: asked.focus,
      named: asked.named,
      ...(asked.cut !== undefined && { cut: asked.cut }),
    }
    return options.since === undefined ? job : changedSince(job, options.since)
  })
}

function stagedJob(asked: Asked, cwd: string, rules: Rules): Job {
  const tree = stagedTree(asked.root)
  const own = asked.settings && path.relative(asked.root, asked.settings).split(path.sep).join('/')
  const source = tree.files.find((one) => one.file === own)
  const shown = shownPath(asked.settings, cwd)
  return {
    tree,
    staged: tree,
    settings: source ? settingsOf(source.text, source.file, shown, rules) : loadSettings(asked.settings, shown, rules),
    focus: (file) => tree.staged.has(file) && asked.focus(file),
    named: new Set(),
  }
}

// Only what touches a changed line: the place of a finding, or one of its trail.
function changedSince(job: Job, revision: string): Job {
  const changed = linesSince(job.tree.root, revision)
  const starts = new Map<string, readonly number[]>()
  const texts = new Map(job.tree.files.map((source) => [source.file, source]))
  const touched = (at: Span): boolean => {
    const ranges = changed.get(at.file)
    if (!ranges) return false
    let own = starts.get(at.file)
    if (!own) starts.set(at.file, (own = lineStarts(texts.get(at.file)?.text ?? '')))
    const [first, last] = [positionOf(own, at.start).line, positionOf(own, at.end).line]
    return ranges.some(([from, to]) => first <= to && last >= from)
  }
  return {
    ...job,
    focus: (file) => changed.has(file) && job.focus(file),
    touches: (one) => [one.at, ...one.because.map((label) => label.at)].some(touched),
  }
}

// Standard input stands in the place of the named file; the project around that place is read as it is on disk.
function stdinJob(name: string, host: Host, cwd: string, config: Options['config']): Job {
  const full = path.resolve(cwd, name)
  const [asked] = askedProjects(['.'], cwd, config)
  const { root, files, settings } = asked!
  const own = path.relative(root, full).split(path.sep).join('/')
  const disk = treeOnDisk(
    root,
    files.filter((file) => file !== own),
  )
  const text = host.stdin()
  const binary = text.includes('\0')
  const tree: Tree = {
    ...disk,
    files: [
      ...disk.files,
      lazySource(
        own,
        () => (binary ? '' : text),
        () => text.slice(0, 4096),
      ),
    ],
    refused: (file) => (file === own ? (binary ? 'binary' : undefined) : disk.refused(file)),
    isAlias: (file) => file !== own && disk.isAlias(file),
  }
  return {
    tree,
    settings: loadSettings(settings, shownPath(settings, cwd), host.rules),
    focus: (file) => file === own,
    named: new Set([own]),
  }
}

const shownPath = (file: string | undefined, cwd: string): string =>
  file === undefined ? '' : path.relative(cwd, file)
