import type { Severity } from '../rule/rule.ts'
import { home, pageOf } from './url.ts'
import type { Place, ReportData, Shown } from './report.ts'

/** What the formats for other programs say of the linter itself. */
export interface Tool {
  readonly version: string
  /** The sentences of every rule that was asked, by id. */
  readonly rules: Readonly<
    Record<
      string,
      { readonly finds: string; readonly hazard: string; readonly instead: string; readonly severity: Severity }
    >
  >
}

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' }

/** SARIF 2.1.0, as GitHub and others take it: the trail as a code flow, comments' allowances as suppressions. */
export function sarifReport(data: ReportData, tool: Tool): string {
  const ids = [...new Set([...Object.keys(tool.rules), ...data.diagnostics.map((one) => one.rule)])]
  const run = {
    tool: {
      driver: {
        name: 'shiplint',
        version: tool.version,
        informationUri: home,
        rules: ids.map((id) => ruleOf(id, tool)),
      },
    },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The directory in which shiplint ran.' } } },
    results: data.diagnostics.map((one) => resultOf(one, ids.indexOf(one.rule))),
    invocations: [{ executionSuccessful: true, toolExecutionNotifications: notifications(data) }],
  }
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }
  return JSON.stringify(log, undefined, 2) + '\n'
}

function ruleOf(id: string, tool: Tool): unknown {
  const rule = tool.rules[id]
  const help = pageOf(id)
  if (!rule) return { id, helpUri: help }
  return {
    id,
    shortDescription: { text: rule.finds },
    fullDescription: { text: `${rule.finds} ${rule.hazard}` },
    help: { text: `${rule.hazard}\n\n${rule.instead}\n\n${help}` },
    helpUri: help,
    defaultConfiguration: { level: levels[rule.severity] },
  }
}

function resultOf(one: Shown, ruleIndex: number): unknown {
  const own = locationOf(one, one.message)
  return {
    ruleId: one.rule,
    ruleIndex,
    level: levels[one.severity],
    message: { text: `${one.message}\n\n${one.hazard} ${one.instead}`.trim() },
    locations: [{ physicalLocation: physical(one) }],
    partialFingerprints: { 'shiplint/v1': one.fingerprint },
    ...(one.because.length > 0 && {
      relatedLocations: one.because.map((label, i) => ({ id: i + 1, ...locationOf(label, label.message) })),
      codeFlows: [
        {
          threadFlows: [
            {
              locations: [...one.because.map((label) => locationOf(label, label.message)), own].map((location) => ({
                location,
              })),
            },
          ],
        },
      ],
    }),
    ...(one.suppressed && { suppressions: [{ kind: 'inSource', justification: one.reason ?? '' }] }),
  }
}

const locationOf = (place: Place, text: string): { physicalLocation: unknown; message: unknown } => ({
  physicalLocation: physical(place),
  message: { text },
})

function physical(place: Place): unknown {
  return {
    artifactLocation: { uri: uriOf(place.file), ...(!place.file.startsWith('..') && { uriBaseId: '%SRCROOT%' }) },
    region: {
      startLine: place.line,
      startColumn: place.column,
      endLine: place.endLine,
      endColumn: Math.max(place.endColumn, place.line === place.endLine ? place.column : 1),
    },
  }
}

function uriOf(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/')
}

function notifications(data: ReportData): readonly unknown[] {
  return [
    ...data.coverage.part.map((part) => ({
      level: 'note',
      message: { text: `read in part: ${part.reason}` },
      locations: [
        { physicalLocation: { artifactLocation: { uri: uriOf(part.file) }, region: { startLine: part.line } } },
      ],
    })),
    ...data.coverage.skipped.map((file) => ({
      level: 'note',
      message: { text: `not read: ${file.reason}` },
      locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file.file) } } }],
    })),
  ]
}
