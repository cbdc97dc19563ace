import type { Severity } from '../rule/rule.ts'
import { standing, type ReportData } from './report.ts'

const severities: Readonly<Record<Severity, string>> = { error: 'critical', warning: 'major', info: 'info' }

/** GitLab's code quality report. */
export function gitlabReport(data: ReportData): string {
  const rows = standing(data).map((one) => ({
    description: `${one.message} ${one.instead}`,
    check_name: one.rule,
    fingerprint: one.fingerprint,
    severity: severities[one.severity],
    location: { path: one.file, lines: { begin: one.line, end: one.endLine } },
    other_locations: one.because.map((label) => ({
      path: label.file,
      lines: { begin: label.line, end: label.endLine },
    })),
    content: { body: `${one.hazard}\n\n${one.instead}\n\n${one.url}` },
  }))
  return JSON.stringify(rows, undefined, 2) + '\n'
}
