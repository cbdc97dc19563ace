import { readFileSync } from 'node:fs'
import { standing, type ReportData } from '../../report/report.ts'
import { failure, reasonOf } from './failure.ts'

/** The name of a baseline that is written without `--output`. */
export const baselineName = 'shiplint-baseline.json'

/** Today's findings as a file that `--baseline` reads; rule and file are there for people. */
export function baselineOf(data: ReportData): string {
  const findings = standing(data).map(({ rule, file, fingerprint }) => ({ rule, file, fingerprint }))
  return JSON.stringify({ version: 1, findings }, undefined, 2) + '\n'
}

/** A report without the findings that a baseline lists, and how many those are. */
export function withoutBaseline(data: ReportData, file: string, shown: string): readonly [ReportData, number] {
  const known = readBaseline(file, shown)
  const diagnostics = data.diagnostics.filter((one) => !known.has(one.fingerprint))
  return [{ ...data, diagnostics }, data.diagnostics.length - diagnostics.length]
}

function readBaseline(file: string, shown: string): ReadonlySet<string> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw failure(`cannot read the baseline ${shown}: ${reasonOf(error)}`)
  }
  try {
    const { version, findings } = JSON.parse(text) as {
      version: unknown
      findings: readonly { fingerprint: unknown }[]
    }
    if (version === 1 && Array.isArray(findings)) return new Set(findings.map((one) => String(one.fingerprint)))
  } catch {
    // not JSON: said below
  }
  throw failure(`${shown} is not a baseline: write one with \`shiplint baseline\``)
}
