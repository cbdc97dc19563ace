import path from 'node:path'
import { filesOf, type Files } from '../../discover/files.ts'
import { lint, type Report } from '../../lint.ts'
import type { Diagnostic, Rules } from '../../rule/diagnostic.ts'
import type { Project } from '../../rule/facts.ts'
import type { Settings } from '../../rule/settings.ts'
import { reportData, type ReportData } from '../../report/report.ts'
import type { Source } from '../../source/source.ts'
import { matchesGlob } from '../../discover/glob.ts'
import { fixRounds, type Fixed } from './fix.ts'
import { parsersFor } from './parsers.ts'
import type { StagedTree } from './staged.ts'
import type { Tree } from './tree.ts'

/** One project ready to be linted. */
export interface Job {
  readonly tree: Tree
  readonly settings: Settings
  readonly focus: (file: string) => boolean
  /** Files given by name. */
  readonly named: ReadonlySet<string>
  readonly cut?: string
  /** The index, when what is staged is linted. */
  readonly staged?: StagedTree
  /** A finding is reported when this holds for a place of it; left out: always. */
  readonly touches?: (diagnostic: Diagnostic) => boolean
}

/** What came out of a project. */
export interface Outcome {
  readonly job: Job
  readonly report: Report
  readonly data: ReportData
  /** Texts after fixing, and what was mended; texts are as read when nothing was. */
  readonly fixed: Fixed
  text(file: string): string
}

/** How a project is linted. */
export interface How {
  readonly fix: 'none' | 'safe' | 'unsafe'
  /** Paths are shown from here. */
  readonly cwd: string
  /** Every rule there is: comments and settings may name those that are not asked. */
  readonly known: Rules
}

/** Lints one project, in rounds when it is to be fixed. Nothing is written. */
export function check(job: Job, rules: Rules, how: How): Outcome {
  const files = job.tree.files.filter((source) => !isIgnored(source.file, job.settings))
  const run = (sources: readonly Source[]): Report => lintSources(sources, job, rules, how.known)
  const fixed = fixRounds(files, run, how.fix, job.focus)
  const texts = new Map(fixed.sources.map((source) => [source.file, source]))
  const text = (file: string): string => texts.get(file)?.text ?? ''
  const report = fixed.report
  const data = reportData(report, { name: (file) => shownName(job.tree.root, file, how.cwd), text })
  return { job, report, data, fixed, text }
}

function lintSources(sources: readonly Source[], job: Job, rules: Rules, known: Rules): Report {
  let files: Files | undefined
  const project: Project = {
    files: sources,
    settings: job.settings,
    parsers: parsersFor(() => (files ??= filesOf(sources))),
    focus: (file) => job.focus(file) && !job.tree.isAlias(file),
    known: Object.keys(known),
    refused: (file) => job.tree.refused(file),
  }
  const report = lint(project, rules)
  const { coverage, facts } = report
  const unknown = [...job.named].filter((file) => !facts.files.kind(file))
  const skipped = [
    ...coverage.skipped,
    ...unknown.map((file) => ({ file, reason: unknownReason(job, file) })),
    ...(job.cut === undefined ? [] : [{ file: '.', reason: job.cut }]),
  ]
  const diagnostics = job.touches ? report.diagnostics.filter(job.touches) : report.diagnostics
  return { facts, diagnostics, coverage: { ...coverage, skipped } }
}

function unknownReason(job: Job, file: string): string {
  const refused = job.tree.refused(file)
  if (refused) return refused
  return isIgnored(file, job.settings)
    ? 'the settings ignore it'
    : 'neither its name nor its first line tells a kind that Shiplint reads'
}

function isIgnored(file: string, settings: Settings): boolean {
  return (settings.ignore ?? []).some((glob) => matchesGlob(glob, file))
}

/** A file's name from the working directory, with `/`. */
export function shownName(root: string, file: string, cwd: string): string {
  return path.relative(cwd, path.join(root, file)).split(path.sep).join('/') || '.'
}
