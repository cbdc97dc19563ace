import { existsSync, readFileSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { didYouMean } from '../../rule/nearest.ts'
import { metaRules, pageOf } from '../../report/url.ts'
import { explainLine } from '../../facts/shell/explain.ts'
import { explainText, findingsAt } from '../../report/explain.ts'
import { standing } from '../../report/report.ts'
import { lineStarts, positionOf } from '../../source/source.ts'
import { check, shownName } from './check.ts'
import { failure } from './failure.ts'
import { jobsOf } from './jobs.ts'
import { paintFor, widthFor } from './paint.ts'
import type { Host } from './host.ts'
import type { Options } from './options.ts'

/** `shiplint rules`: every rule with its severity and what it finds. */
export function rulesCommand(options: Options, host: Host): number {
  const rows = Object.entries(host.rules)
  if (options.format === 'json') {
    host.out(
      JSON.stringify(
        rows.map(([id, { on, severity, preview, finds, hazard, instead, since }]) => ({
          rule: id,
          on,
          severity: preview ? 'info' : severity,
          preview: preview ?? false,
          finds,
          hazard,
          instead,
          since,
          url: pageOf(id),
        })),
        undefined,
        2,
      ) + '\n',
    )
    return 0
  }
  const longest = Math.max(0, ...rows.map(([id]) => id.length))
  for (const [id, rule] of rows)
    host.out(`${id.padEnd(longest)}  ${(rule.preview ? 'preview' : rule.severity).padEnd(7)}  ${rule.finds}\n`)
  return 0
}

/** `shiplint explain RULE` prints a rule's page; `explain FILE:LINE` tells what was read there. */
export function explainCommand(options: Options, host: Host): number {
  const [what] = options.paths
  if (what === undefined) throw failure('explain what? Give a rule, or FILE:LINE')
  const place = /^(.+):(\d+)(?::\d+)?$/.exec(what)
  if (place) return explainPlace(place[1]!, Number(place[2]), options, host)
  if (metaRules.has(what)) host.out(`${what} is about comments that allow findings: ${pageOf(what)}\n`)
  else if (!host.rules[what])
    throw failure(`${what}: there is no such rule${didYouMean(what, Object.keys(host.rules))}`)
  else host.out(pageText(what))
  return 0
}

// The page stands beside the bundle in the package, and beside the sources in a checkout.
function pageText(rule: string): string {
  for (const up of ['..', '../../..']) {
    const page = fileURLToPath(new URL(`${up}/rules/${rule}/README.md`, import.meta.url))
    if (existsSync(page)) return readFileSync(page, 'utf8')
  }
  return `${pageOf(rule)}\n`
}

function explainPlace(given: string, line: number, options: Options, host: Host): number {
  const cwd = realpathSync(host.cwd)
  const [job] = jobsOf({ ...options, paths: [given] }, host, cwd)
  const { data, report, text } = check(job!, host.rules, { fix: 'none', cwd, known: host.rules })
  const { facts } = report
  const name = (file: string): string => shownName(job!.tree.root, file, cwd)
  const file = facts.files.all.find((source) => job!.focus(source.file))?.file
  if (file === undefined) throw failure(`${given}: no file that is read`)
  const lines = lineStarts(text(file))
  if (line < 1 || line > lines.length) throw failure(`${given} has ${lines.length} lines`)
  const story = explainLine(facts.all('script'), facts.files, facts.settings.set ?? [], file, line)
  const unread = (facts.coverage.get(file) ?? [])
    .filter((part) => positionOf(lines, part.start).line <= line && positionOf(lines, part.end).line >= line)
    .map((part) => part.says)
  if (options.format === 'json') {
    host.out(`${JSON.stringify(story, undefined, 2)}\n`)
    return 0
  }
  const view = {
    width: widthFor(host),
    paint: paintFor(options.color, host, false),
    text: (one: string) => text(facts.files.get(one) ? one : path.relative(job!.tree.root, path.resolve(cwd, one))),
    quiet: true,
  }
  host.out(explainText({ story, name, found: findingsAt(standing(data), name(file), line), unread }, view))
  return 0
}
