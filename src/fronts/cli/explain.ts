import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { didYouMean } from '../../rule/nearest.ts'
import { pageOf } from '../../report/url.ts'
import { failure } from './failure.ts'
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
  if (!host.rules[what]) throw failure(`${what}: there is no such rule${didYouMean(what, Object.keys(host.rules))}`)
  const page = fileURLToPath(new URL(`../rules/${what}/README.md`, import.meta.url))
  host.out(existsSync(page) ? readFileSync(page, 'utf8') : `${pageOf(what)}\n`)
  return 0
}
