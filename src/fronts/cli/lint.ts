import { realpathSync } from 'node:fs'
import path from 'node:path'
import { rules } from '../../../rules/index.ts'
import { atLeast } from '../../rule/rule.ts'
import type { Rules } from '../../rule/diagnostic.ts'
import { jsonReport } from '../../report/json.ts'
import { joinReports, standing, type ReportData } from '../../report/report.ts'
import { textReport } from '../../report/text.ts'
import { check, shownName, type Job, type Outcome } from './check.ts'
import { failure } from './failure.ts'
import { replaceFile, writeFixed } from './fix.ts'
import type { Host } from './host.ts'
import type { Options } from './options.ts'
import { paintFor } from './paint.ts'
import { askedProjects } from './project.ts'
import { loadSettings } from './settings.ts'
import { lazySource, treeOnDisk, type Tree } from './tree.ts'

/** `shiplint [lint]`: lints, fixes, reports, and gives the exit code. */
export function lintCommand(options: Options, host: Host): number {
  const started = performance.now()
  const cwd = realpathSync(host.cwd)
  const asked = chosenRules(options)
  const outcomes = jobsOf(options, host, cwd).map((job) => check(job, asked, options.fix, cwd))
  const data = joinReports(outcomes.map((one) => one.data))
  if (!options.dryRun) for (const { job, fixed } of outcomes) writeFixed(job.tree, fixed.changed)
  const texts = shownTexts(outcomes, cwd)
  const report = render(data, texts, options, host)
  if (options.output === undefined) host.out(report)
  else replaceFile(path.resolve(cwd, options.output), report)
  if (options.stats) host.err(statsOf(outcomes, performance.now() - started))
  return exitCode(data, options)
}

function chosenRules(options: Options): Rules {
  return Object.fromEntries(
    Object.entries(rules).filter(
      ([id]) => (options.only.length === 0 || options.only.includes(id)) && !options.skip.includes(id),
    ),
  )
}

function jobsOf(options: Options, host: Host, cwd: string): readonly Job[] {
  const stdin = options.paths.includes('-')
  if (stdin !== (options.stdinFilename !== undefined))
    throw failure(stdin ? '- needs --stdin-filename NAME' : '--stdin-filename needs the path -')
  if (stdin && options.paths.length > 1) throw failure('- stands alone: no other path beside it')
  if (stdin) return [stdinJob(options.stdinFilename!, host, cwd, options.config)]
  return askedProjects(options.paths, cwd, options.config).map((asked) => ({
    tree: treeOnDisk(asked.root, asked.files),
    settings: loadSettings(asked.settings, shownPath(asked.settings, cwd)),
    focus: asked.focus,
    named: asked.named,
    ...(asked.cut !== undefined && { cut: asked.cut }),
  }))
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
    settings: loadSettings(settings, shownPath(settings, cwd)),
    focus: (file) => file === own,
    named: new Set([own]),
  }
}

const shownPath = (file: string | undefined, cwd: string): string =>
  file === undefined ? '' : path.relative(cwd, file)

function shownTexts(outcomes: readonly Outcome[], cwd: string): (shown: string) => string | undefined {
  return (shown) => {
    for (const { job, text } of outcomes) {
      const file = path.relative(job.tree.root, path.resolve(cwd, shown)).split(path.sep).join('/')
      if (shownName(job.tree.root, file, cwd) === shown && !file.startsWith('../')) return text(file)
    }
    return undefined
  }
}

function render(data: ReportData, text: (shown: string) => string | undefined, options: Options, host: Host): string {
  switch (options.format) {
    case 'json':
      return jsonReport(data)
    case 'text':
      return textReport(data, {
        width: Math.min(120, Math.max(40, Number(host.env['COLUMNS']) || (host.columns ?? 100))),
        paint: paintFor(options.color, host, options.output !== undefined),
        text,
        quiet: options.quiet,
      })
    default:
      throw failure(`--format ${options.format} is not built yet`)
  }
}

function exitCode(data: ReportData, { failOn, strict }: Options): number {
  if (failOn !== 'never' && standing(data).some((one) => atLeast(one.severity, failOn))) return 1
  return strict && data.coverage.whole < data.coverage.files ? 3 : 0
}

function statsOf(outcomes: readonly Outcome[], ms: number): string {
  const files = outcomes.reduce((sum, one) => sum + one.data.coverage.files, 0)
  const found = outcomes.reduce((sum, one) => sum + one.data.diagnostics.length, 0)
  const peak = process.resourceUsage().maxRSS / 1024
  return `${files} files, ${found} findings, ${ms.toFixed(0)} ms, ${peak.toFixed(0)} MB\n`
}
