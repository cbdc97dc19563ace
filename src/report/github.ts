import type { Severity } from '../rule/rule.ts'
import { filesInPart, standing, type ReportData } from './report.ts'

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' }

/** Workflow commands: one annotation a finding, and a closing line for the log. */
export function githubReport(data: ReportData): string {
  const found = standing(data)
  const lines = found.map((one) => {
    const trail = one.because.map((label) => `\n${label.file}:${label.line}: ${label.message}`).join('')
    const text = `${one.message}\n${one.hazard}\n${one.instead}${trail}`
    const properties = [
      `file=${property(one.file)}`,
      `line=${one.line}`,
      `endLine=${one.endLine}`,
      // GitHub takes columns only for a place on one line.
      ...(one.line === one.endLine ? [`col=${one.column}`, `endColumn=${one.endColumn}`] : []),
      `title=${property(`shiplint ${one.rule}`)}`,
    ]
    return `::${commands[one.severity]} ${properties.join(',')}::${escaped(text)}`
  })
  const { coverage } = data
  const read = coverage.whole + filesInPart(coverage)
  lines.push(`shiplint: ${found.length} finding(s), checked ${read} of ${coverage.files} file(s)`)
  return lines.join('\n') + '\n'
}

const escaped = (text: string): string =>
  text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(controls, '\ufffd')
const property = (text: string): string => escaped(text).replace(/:/g, '%3A').replace(/,/g, '%2C')

const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g
