import { realpathSync } from 'node:fs'
import path from 'node:path'
import { atLeast } from '../../rule/rule.ts'
import type { Rules } from '../../rule/diagnostic.ts'
import { githubReport } from '../../report/github.ts'
import { gitlabReport } from '../../report/gitlab.ts'
import { htmlReport } from '../../report/html.ts'
import { jsonReport } from '../../report/json.ts'
import { rdjsonReport } from '../../report/rdjson.ts'
import { sarifReport } from '../../report/sarif.ts'
import { checkstyleReport, junitReport } from '../../report/xml.ts'
import { version } from './version.ts'
import { joinReports, standing, type ReportData } from '../../report/report.ts'
import { textReport } from '../../report/text.ts'
import { check, shownName, type Outcome } from './check.ts'
import { failure } from './failure.ts'
import { baselineName, baselineOf, withoutBaseline } from './baseline.ts'
import { diffOf } from './diff.ts'
import { replaceFile, writeFixed } from './fix.ts'
import type { Host } from './host.ts'
import type { Options } from './options.ts'
import { paintFor, widthFor } from './paint.ts'
import { jobsOf } from './jobs.ts'
import { writeStaged } from './staged.ts'

/** `shiplint [lint]`: lints, fixes, reports, and gives the exit code. `shiplint baseline` lints and keeps what it found. */
export function lintCommand(options: Options, host: Host): number {
  const started = process.hrtime.bigint()
  const cwd = realpathSync(host.cwd)
  const asked = chosenRules(options, host.rules)
  const outcomes = jobsOf(options, host, cwd).map((job) =>
    check(job, asked, { fix: options.fix, cwd, known: host.rules }),
  )
  let data = joinReports(outcomes.map((one) => one.data))
  if (options.stats) host.err(statsOf(outcomes, Number(process.hrtime.bigint() - started) / 1e6))
  if (options.command === 'baseline') return writeBaseline(data, options, host, cwd)
  if (options.baseline !== undefined) {
    const [rest, known] = withoutBaseline(data, path.resolve(cwd, options.baseline), options.baseline)
    data = rest
    if (known > 0 && !options.quiet) host.err(`${known} known from ${options.baseline}\n`)
  }
  if (options.fix !== 'none') finishFixes(outcomes, options, host, cwd)
  const report = render(data, shownTexts(outcomes, cwd), options, host)
  if (options.output === undefined) host.out(report)
  else replaceFile(path.resolve(cwd, options.output), report)
  return exitCode(data, options)
}

function writeBaseline(data: ReportData, options: Options, host: Host, cwd: string): number {
  const name = options.output ?? baselineName
  replaceFile(path.resolve(cwd, name), baselineOf(data))
  host.err(`${standing(data).length} findings written to ${name}; lint with --baseline ${name}\n`)
  return 0
}

/** Writes what was fixed, or shows it. */
function finishFixes(outcomes: readonly Outcome[], options: Options, host: Host, cwd: string): void {
  for (const { job, fixed } of outcomes) {
    if (options.dryRun) {
      const before = new Map(job.tree.files.map((source) => [source.file, source.text]))
      for (const [file, text] of fixed.changed)
        (options.format === 'text' ? host.out : host.err)(
          diffOf(shownName(job.tree.root, file, cwd), before.get(file) ?? '', text),
        )
    } else if (job.staged) writeStaged(job.staged, fixed.changed)
    else writeFixed(job.tree, fixed.changed)
  }
  const mended = outcomes.reduce((sum, one) => sum + one.fixed.mended, 0)
  const files = outcomes.reduce((sum, one) => sum + one.fixed.changed.size, 0)
  if (mended > 0) host.err(`${options.dryRun ? 'would mend' : 'mended'} ${mended} finding(s) in ${files} file(s)\n`)
}

function chosenRules(options: Options, rules: Rules): Rules {
  return Object.fromEntries(
    Object.entries(rules).filter(
      ([id]) => (options.only.length === 0 || options.only.includes(id)) && !options.skip.includes(id),
    ),
  )
}

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
  const tool = { version, rules: chosenRules(options, host.rules) }
  switch (options.format) {
    case 'json':
      return jsonReport(data)
    case 'sarif':
      return sarifReport(data, tool)
    case 'github':
      return githubReport(data)
    case 'gitlab':
      return gitlabReport(data)
    case 'junit':
      return junitReport(data)
    case 'checkstyle':
      return checkstyleReport(data)
    case 'rdjson':
      return rdjsonReport(data, text)
    case 'html':
      return htmlReport(data, text)
    case 'text':
      return textReport(data, {
        width: widthFor(host),
        paint: paintFor(options.color, host, options.output !== undefined),
        text,
        quiet: options.quiet,
      })
    case 'mermaid':
      throw failure('--format mermaid is for `shiplint plan`')
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
