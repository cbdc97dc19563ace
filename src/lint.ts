import type { Kind } from './discover/kind.ts'
import type { Unread } from './source/source.ts'
import { factsOf, type Facts, type Project } from './rule/facts.ts'
import type { Diagnostic, Rules } from './rule/diagnostic.ts'
import { milder, type Finding, type Rule } from './rule/rule.ts'
import { severityFor } from './rule/severity.ts'
import { allowances, type Allowance } from './rule/suppress.ts'

/** What was read whole, what in part and why, and what not at all. */
export interface Coverage {
  readonly whole: readonly string[]
  readonly part: readonly { readonly file: string; readonly unread: readonly Unread[] }[]
  readonly skipped: readonly { readonly file: string; readonly reason: string }[]
}

export interface Report {
  readonly diagnostics: readonly Diagnostic[]
  readonly coverage: Coverage
  readonly facts: Facts
}

/** Which rule is being asked, so that an editor can stop between steps. */
export interface Progress {
  readonly rule: string
}

/** Lints a project rule by rule; it can be left between steps. */
export function* steps(project: Project, rules: Rules): Generator<Progress, Report> {
  const facts = factsOf(project)
  const found: Diagnostic[] = []
  for (const [id, rule] of Object.entries(rules)) {
    yield { rule: id }
    for (const subject of facts.all(rule.on)) {
      for (const finding of rule.check(subject as never, facts)) found.push(...diagnosticOf(id, rule, finding, facts))
    }
  }
  const allowed = allowances(facts, rules)
  const diagnostics = [
    ...unique(found).map((diagnostic) => allow(diagnostic, allowed)),
    ...allowed.findings(Object.keys(rules)),
  ]
    .filter((diagnostic) => inFocus(diagnostic, project.focus))
    .sort(byPlace)
  return { diagnostics, coverage: coverageOf(facts), facts }
}

/** Lints a project: pure, it reads nothing but its arguments. */
export function lint(project: Project, rules: Rules): Report {
  const run = steps(project, rules)
  for (;;) {
    const step = run.next()
    if (step.done) return step.value
  }
}

function* diagnosticOf(id: string, rule: Rule, finding: Finding, facts: Facts): Iterable<Diagnostic> {
  const set = severityFor(id, finding.at.file, facts.settings)
  if (set === 'off') return
  const own = rule.preview && set === undefined ? 'info' : milder(finding.severity ?? rule.severity, rule.severity)
  yield {
    rule: id,
    severity: set ?? own,
    at: finding.at,
    says: finding.says,
    because: finding.because ?? [],
    fixes: finding.fixes ?? [],
    hazard: rule.hazard,
    instead: rule.instead,
  }
}

/** One finding per rule and place: a function called twice is one place. */
function unique(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Map<string, Diagnostic>()
  for (const one of found) {
    const key = `${one.rule}\0${one.at.file}\0${one.at.start}\0${one.at.end}`
    const before = seen.get(key)
    if (!before || milder(before.severity, one.severity) !== one.severity) seen.set(key, one)
  }
  return [...seen.values()]
}

function allow(diagnostic: Diagnostic, allowed: Allowance): Diagnostic {
  const reason = allowed.reasonFor(diagnostic)
  return reason === undefined ? diagnostic : { ...diagnostic, allowed: reason }
}

function inFocus(diagnostic: Diagnostic, focus: Project['focus']): boolean {
  return !focus || focus(diagnostic.at.file) || diagnostic.because.some((label) => focus(label.at.file))
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  if (a.at.file !== b.at.file) return a.at.file < b.at.file ? -1 : 1
  return a.at.start - b.at.start || a.at.end - b.at.end || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0)
}

// Kinds that are always about a release: one that nobody read is said to be skipped. Of the others (any YAML, any PHP) only what was asked for counts.
const spoken: ReadonlySet<Kind> = new Set<Kind>([
  ...([
    'shell',
    'foreign shell',
    'nginx',
    'apache',
    'caddy',
    'pool',
    'github',
    'gitlab',
    'ansible',
    'compose',
  ] as const),
  ...(['dockerfile', 'makefile', 'deployer', 'capistrano', 'crontab', 'systemd', 'procfile', 'jenkinsfile'] as const),
])

function skippedFor(kind: Kind): string {
  return kind === 'foreign shell' ? 'zsh, ksh, fish, csh and bats are not read' : `no rule that ran reads ${kind} files`
}

function coverageOf(facts: Facts): Coverage {
  const whole: string[] = []
  const part: { file: string; unread: readonly Unread[] }[] = []
  const skipped: { file: string; reason: string }[] = []
  for (const { file } of facts.files.all) {
    const kind = facts.files.kind(file)
    if (!kind || !(facts.project.focus?.(file) ?? true)) continue
    const unread = facts.coverage.get(file)
    const refused = facts.project.refused?.(file)
    if (refused === '' || (!unread && !spoken.has(kind))) continue
    if (refused !== undefined) skipped.push({ file, reason: refused })
    else if (!unread) skipped.push({ file, reason: skippedFor(kind) })
    else if (unread.length > 0) part.push({ file, unread })
    else whole.push(file)
  }
  return { whole, part, skipped }
}
