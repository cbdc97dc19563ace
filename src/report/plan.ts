import type { Report } from '../lint.ts'
import type { Release, Step } from '../release/model.ts'
import { lineStarts, overlaps, positionOf, type Span } from '../source/source.ts'
import { harmless, widthOfText } from './cells.ts'
import { wrap } from './frame.ts'
import type { Naming } from './report.ts'
import { visitorsAt, whenOf, type When } from './visitors.ts'
import { plain, type Paint } from './text.ts'

/** A place as a plan shows it. */
export interface PlanPlace {
  readonly file: string
  readonly line: number
}

/** One step of a printed plan. */
export interface PlanStep extends PlanPlace {
  readonly kind: string
  readonly text: string
  /** `before`, `at` or `after` the moment new code goes live; `aside`: in no order with it. */
  readonly when: When
  /** What a visitor meets while it runs, as a sentence. */
  readonly visitors: string
  readonly host: string
  readonly runs: Step['runs']
  readonly failing: Step['failing']
  readonly tool?: string
  readonly what?: string
  readonly path?: string
  readonly how?: string
  readonly vain?: string
  /** The calls that lead here, outermost first. */
  readonly via: readonly (PlanPlace & { readonly says: string })[]
  readonly findings: readonly { readonly rule: string; readonly severity: string; readonly message: string }[]
}

/** One release as a plan. */
export interface PlanRelease extends PlanPlace {
  readonly name: string
  readonly tool: string
  readonly live?: string
  readonly how?: string
  readonly shared: readonly string[]
  readonly keeps?: number
  readonly steps: readonly PlanStep[]
  readonly files: readonly string[]
}

/** What `shiplint plan --format json` prints. */
export interface PlanData {
  readonly version: 1
  readonly releases: readonly PlanRelease[]
  readonly unread: readonly (PlanPlace & { readonly reason: string })[]
}

/** Every release of a linted project as data; `only`: files one of which a release must be read from. */
export function planData(report: Report, naming: Naming, only?: (file: string) => boolean): PlanData {
  const starts = new Map<string, readonly number[]>()
  const place = (at: Span): PlanPlace => {
    let lines = starts.get(at.file)
    if (!lines) starts.set(at.file, (lines = lineStarts(naming.text(at.file))))
    return { file: naming.name(at.file), line: positionOf(lines, at.start).line }
  }
  const releases = report.facts.all('release').filter((release) => !only || release.files.some(only))
  const files = new Set(releases.flatMap((release) => release.files))
  const shown = new Set<unknown>()
  return {
    version: 1,
    releases: releases.map((release) => ({
      name: release.name,
      tool: release.tool,
      ...place(release.at),
      ...(release.layout.live ? { live: release.layout.live } : {}),
      ...(release.switches.at(-1)?.detail.how ? { how: release.switches.at(-1)!.detail.how! } : {}),
      shared: (release.layout.shared ?? []).map((one) => one.path),
      ...(release.layout.keeps ? { keeps: release.layout.keeps.count } : {}),
      steps: release.steps.map((step) => stepData(step, release, report, place, shown)),
      files: release.files.map((file) => naming.name(file)),
    })),
    unread: report.coverage.part
      .filter(({ file }) => files.has(file))
      .flatMap(({ file, unread }) =>
        unread.map((part) => ({ ...place({ file, start: part.start, end: part.end }), reason: part.says })),
      ),
  }
}

function stepData(
  step: Step,
  release: Release,
  report: Report,
  place: (at: Span) => PlanPlace,
  shown: Set<unknown>,
): PlanStep {
  const { tool, what, path, how, vain } = step.detail
  // A recipe's steps all stand at the line that requires it: there the step is the one that is named.
  const alike = release.steps.filter((other) => overlaps(other.at, step.at))
  const found = report.diagnostics.filter(
    (one) =>
      !shown.has(one) &&
      !one.allowed &&
      overlaps(one.at, step.at) &&
      (alike.length === 1 ||
        one.says.includes(step.text.slice(0, 60)) ||
        !alike.some((other) => one.says.includes(other.text.slice(0, 60)))),
  )
  for (const one of found) shown.add(one)
  return {
    kind: step.kind,
    text: step.text,
    when: whenOf(step, release),
    visitors: visitorsAt(step, release),
    host: step.actsOn.replace(/["']/g, ''),
    runs: step.runs,
    failing: step.failing,
    ...place(step.at),
    ...(tool ? { tool } : {}),
    ...(what ? { what } : {}),
    ...(path ? { path } : {}),
    ...(how ? { how } : {}),
    ...(vain ? { vain } : {}),
    via: step.via.map((label) => ({ ...place(label.at), says: label.says })),
    findings: found.map((one) => ({ rule: one.rule, severity: one.severity, message: one.says })),
  }
}

/** How a plan looks at a terminal. */
export interface PlanView {
  /** Columns to keep to. */
  readonly width: number
  readonly paint: Paint
}

// Signs in front of a step, and what they say.
const signs: Readonly<Record<string, string>> = {
  '?': 'only sometimes',
  '!': 'only after a failure',
  '~': 'the release goes on when it fails',
}

/** Plans as timelines for a person: steps in order, where the new code goes live, and what was found at each step. */
export function planText(data: PlanData, view: PlanView = { width: 100, paint: plain }): string {
  const out: string[] = []
  for (const release of data.releases) out.push(...releaseLines(release, view), '')
  const used = Object.keys(signs).filter((sign) =>
    data.releases.some((release) => release.steps.some((step) => signOf(step) === sign)),
  )
  if (used.length > 0) out.push(view.paint('dim', used.map((sign) => `${sign} ${signs[sign]!}`).join(' · ')), '')
  if (data.releases.length === 0) out.push('no release found: nothing here brings new code to a site', '')
  if (data.unread.length > 0) {
    out.push('not read:')
    for (const one of data.unread) out.push(`  ${harmless(one.file)}:${one.line} ${harmless(one.reason)}`)
    out.push('')
  }
  return out.map((line) => line.trimEnd() + '\n').join('')
}

function releaseLines(release: PlanRelease, view: PlanView): readonly string[] {
  const { paint } = view
  const out = [
    `${paint('strong', harmless(release.name))}  ${paint('dim', `${harmless(release.file)}:${release.line}`)}`,
  ]
  const facts = [
    release.live
      ? `live: ${cut(release.live.replace(/\s+/g, ' '), 60)}${release.how ? `, by ${release.how}` : ''}`
      : `live: not named, by ${release.how ?? 'an unknown way'}`,
    ...(release.keeps === undefined
      ? []
      : [
          `keeps ${release.keeps === 0 ? 'all releases' : release.keeps === 1 ? 'one release' : `${release.keeps} releases`}`,
        ]),
    ...(release.shared.length > 0
      ? [`shares ${release.shared.slice(0, 6).join(', ')}${release.shared.length > 6 ? ', …' : ''}`]
      : []),
  ]
  out.push(`  ${cut(harmless(facts.join(' · ')), view.width - 2)}`)
  const hosts = new Set(release.steps.map((step) => step.host))
  let visitors: string | undefined
  let host: string | undefined
  const steps = release.steps.filter((step, i) => !isAgain(step, release.steps[i - 1]))
  const digits = String(steps.length).length
  steps.forEach((step, i) => {
    if (step.visitors !== visitors) {
      const line = `── ${harmless(step.visitors)} `
      out.push(`  ${paint(step.when === 'at' ? 'good' : 'dim', line + '─'.repeat(Math.max(0, 48 - line.length)))}`)
    }
    visitors = step.visitors
    if (hosts.size > 1 && step.host !== host)
      out.push(`  ${' '.repeat(digits + 3)}${paint('dim', hostLine(step.host))}`)
    host = step.host
    out.push(...stepLines(step, release.file, String(i + 1).padStart(digits), view))
  })
  return out
}

// One line of a loop over a few words is a step for each of them; a person reads it once.
const isAgain = (step: PlanStep, before: PlanStep | undefined): boolean =>
  before !== undefined &&
  step.text === before.text &&
  step.file === before.file &&
  step.line === before.line &&
  step.kind === before.kind &&
  step.host === before.host &&
  step.runs === before.runs &&
  step.findings.length === 0

const hostLine = (host: string): string =>
  host === 'here' ? 'here:' : host === 'unknown' ? 'on a host that is not known:' : `on ${harmless(host)}:`

function signOf(step: PlanStep): string {
  if (step.when === 'at' && step.kind === 'switch') return '▶'
  if (step.runs === 'after a failure') return '!'
  if (step.runs === 'sometimes') return '?'
  return step.failing === 'goes on' && /^(fetch|install|build|migrate|warm cache|upload|share)$/.test(step.kind)
    ? '~'
    : ' '
}

function stepLines(step: PlanStep, home: string, number: string, view: PlanView): readonly string[] {
  const { paint } = view
  // The release's own file stands in its heading.
  const where = `${step.file === home ? 'line ' : `${harmless(step.file)}:`}${step.line}`
  const head = `  ${number} ${signOf(step)} ${step.kind.padEnd(15)} `
  const room = Math.max(20, view.width - widthOfText(head) - widthOfText(where) - 2)
  const text = cut(harmless(step.text), room)
  const line = `${head}${text}${' '.repeat(Math.max(1, room - widthOfText(text)) + 1)}${paint('dim', where)}`
  const out = [step.kind === 'switch' ? paint('strong', line) : line]
  const indent = ' '.repeat(number.length + 5)
  const say = (label: string, shown: string, words: string): void => {
    const [first = '', ...rest] = wrap(`${label} ${harmless(words)}`, Math.max(40, view.width - indent.length))
    out.push(`${indent}${first.replace(label, () => shown)}`, ...rest.map((more) => `${indent}  ${more}`))
  }
  if (step.vain) say('in vain:', paint('dim', 'in vain:'), step.vain)
  for (const one of step.findings) {
    const label = `${one.severity}[${one.rule}]`
    say(label, paint(one.severity as 'error' | 'warning' | 'info', label), one.message)
  }
  return out
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(1, width - 1))}…`
}

/** Plans as Mermaid flow charts. */
export function planMermaid(data: PlanData): string {
  const out: string[] = ['flowchart TD']
  data.releases.forEach((release, r) => {
    out.push(`  subgraph r${r}["${quoted(release.name)}"]`, '    direction TB')
    release.steps.forEach((step, i) => {
      const label = `${step.kind}: ${quoted(cut(step.text, 60))}`
      out.push(step.kind === 'switch' ? `    r${r}s${i}{{"${label}"}}` : `    r${r}s${i}["${label}"]`)
      const before = release.steps[i - 1]
      if (before && step.when !== 'aside' && before.when !== 'aside')
        out.push(`    r${r}s${i - 1} ${step.runs === 'always' ? '-->' : '-.->'} r${r}s${i}`)
      if (step.findings.some((one) => one.severity === 'error'))
        out.push(`    style r${r}s${i} stroke:#c00,stroke-width:3px`)
      if (step.kind === 'switch') out.push(`    style r${r}s${i} fill:#dfd`)
    })
    out.push('  end')
  })
  return out.join('\n') + '\n'
}

const quoted = (text: string): string => harmless(text).replace(/["#;<>]/g, (char) => `#${char.codePointAt(0)};`)
