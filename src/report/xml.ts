import type { Severity } from '../rule/rule.ts'
import { standing, type ReportData, type Shown } from './report.ts'

/** Checkstyle's XML: a file element for each file with findings. */
export function checkstyleReport(data: ReportData): string {
  const files = byFile(standing(data))
  const severities: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'info' }
  const out = ['<?xml version="1.0" encoding="UTF-8"?>', '<checkstyle version="4.3">']
  for (const [file, found] of files) {
    out.push(`  <file name="${escaped(file)}">`)
    for (const one of found)
      out.push(
        `    <error line="${one.line}" column="${one.column}" severity="${severities[one.severity]}" message="${escaped(one.message)}" source="${escaped(`shiplint.${one.rule}`)}"/>`,
      )
    out.push('  </file>')
  }
  return [...out, '</checkstyle>', ''].join('\n')
}

/** JUnit's XML as CI servers read it: a test case for each finding, one that passed when there is none. */
export function junitReport(data: ReportData): string {
  const found = standing(data)
  const failures = found.filter((one) => one.severity !== 'info').length
  const out = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="shiplint" tests="${Math.max(1, found.length)}" failures="${failures}">`,
    `  <testsuite name="shiplint" tests="${Math.max(1, found.length)}" failures="${failures}" errors="0" skipped="0">`,
  ]
  for (const one of found) {
    const text = [`${one.file}:${one.line}:${one.column} ${one.message}`, one.hazard, one.instead, one.url].join('\n')
    const body =
      one.severity === 'info'
        ? `<system-out>${escaped(text)}</system-out>`
        : `<failure type="${one.severity}" message="${escaped(one.message)}">${escaped(text)}</failure>`
    out.push(
      `    <testcase classname="${escaped(one.file)}" name="${escaped(`${one.rule} at line ${one.line}`)}" file="${escaped(one.file)}" line="${one.line}">${body}</testcase>`,
    )
  }
  if (found.length === 0) out.push('    <testcase classname="shiplint" name="nothing found"/>')
  return [...out, '  </testsuite>', '</testsuites>', ''].join('\n')
}

function byFile(found: readonly Shown[]): ReadonlyMap<string, readonly Shown[]> {
  const files = new Map<string, Shown[]>()
  for (const one of found) files.set(one.file, [...(files.get(one.file) ?? []), one])
  return files
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\n': '&#10;',
}

/** A text for XML or HTML; characters that XML cannot hold become U+FFFD. */
export function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replace(/[&<>"'\n]/g, (char) => entities[char]!)
}
