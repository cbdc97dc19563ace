import type { ReportData } from './report.ts'

/** One JSON object, as CONTRACT fixes it. */
export function jsonReport(data: ReportData): string {
  return JSON.stringify(data, undefined, 2) + '\n'
}
