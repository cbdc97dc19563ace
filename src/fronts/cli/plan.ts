import { realpathSync } from 'node:fs'
import { planData, planMermaid, planText, type PlanData } from '../../report/plan.ts'
import { check, shownName } from './check.ts'
import { failure } from './failure.ts'
import type { Host } from './host.ts'
import { jobsOf } from './jobs.ts'
import type { Options } from './options.ts'
import { paintFor, widthFor } from './paint.ts'

/** `shiplint plan`: each release that touches the given paths, step by step. */
export function planCommand(options: Options, host: Host): number {
  const cwd = realpathSync(host.cwd)
  const plans = jobsOf(options, host, cwd).map((job) => {
    const { report, text } = check(job, host.rules, { fix: 'none', cwd, known: host.rules })
    return planData(report, { name: (file) => shownName(job.tree.root, file, cwd), text }, job.focus)
  })
  const data: PlanData = {
    version: 1,
    releases: plans.flatMap((plan) => plan.releases),
    unread: plans.flatMap((plan) => plan.unread),
  }
  if (options.format === 'json') host.out(JSON.stringify(data, undefined, 2) + '\n')
  else if (options.format === 'mermaid') host.out(planMermaid(data))
  else if (options.format !== 'text') throw failure(`a plan is text, json or mermaid, not ${options.format}`)
  else host.out(planText(data, { width: widthFor(host), paint: paintFor(options.color, host, false) }))
  return 0
}
