import { releasesIn, type PipelineJob, type PipelineStep, type ReadPipeline } from '../../facts/pipeline/pipeline.ts'
import { pipelinesIn, type PagePipeline } from '../../facts/pipeline/pages.ts'
import type { Script } from '../../facts/shell/script.ts'
import type { Ground } from '../ground.ts'
import type { Call } from '../call.ts'
import type { Draft, Flow, Job, Step, Tool } from '../model.ts'
import { flowOf, stepAt } from '../steps.ts'
import { recognise } from '../vocabulary.ts'
import { lineFlow } from './line.ts'

/** How one kind of pipeline finds the shell of its jobs and what it calls. */
export interface Dialect {
  readonly tool: Tool
  readonly scriptsOf: (step: PipelineStep) => readonly Script[]
  readonly rowOf: (row: string) => readonly Script[]
  /** The plan that an action of the project is, by the name others call it by. */
  readonly callOf: (step: PipelineStep) => string | undefined
  readonly names: readonly string[]
}

/** A pipeline's plans: one for each place that it deploys to. */
export function pipelineDrafts(pipeline: ReadPipeline, dialect: Dialect): readonly Draft[] {
  const sets = [...releasesIn(pipeline.jobs)]
  return sets.map(([target, jobs], i): Draft => {
    const name = sets.length > 1 ? `${pipeline.name}, ${target}` : pipeline.name
    return {
      name,
      tool: dialect.tool,
      at: pipeline.at,
      flow: { jobs: jobs.map((job): Job => ({ name: job.name, after: job.after, flow: jobFlow(job, dialect) })) },
      files: pipeline.files,
      names: i === 0 ? dialect.names : [],
      // What others call from outside of the project is a release too; a caller inside of it takes its place.
      entry: pipeline.entry,
      here: 'runner',
      ...(jobs.some(speaksOfDeploy) || deployWord.test(pipeline.file) ? { deploys: true as const } : {}),
      layout: { locks: pipeline.locked || jobs.some((job) => job.locked) ? 'yes' : 'no' },
    }
  })
}

const deployWord = /deploy|release|publish|rollout|deliver|(^|[^a-z])(cd|prod|production|live|ship)(?![a-z])/i

const speaksOfDeploy = (job: PipelineJob): boolean =>
  job.environment !== undefined ||
  deployWord.test(job.name) ||
  job.steps.some((step) => deployWord.test(step.name.replace(/^[\w.-]+\/[\w./-]+$/, '')))

/** The pipelines of one kind that stand in the project's pages. */
export function pagesWith(ground: Ground, kind: PagePipeline['kind']): readonly PagePipeline[] {
  return ground.files.of('markdown').flatMap((page) => pipelinesIn(page).filter((one) => one.kind === kind))
}

function jobFlow(job: PipelineJob, dialect: Dialect): Flow {
  const via = [{ at: job.at, says: `job ${job.name}` }]
  const common: Partial<Step> = { via, runs: job.runs, failing: job.failing }
  if (job.calls !== undefined)
    return stepAt('opaque', job.at, `uses ${job.calls}`, { calls: [`workflow ${job.calls}`] }, common)
  const own = job.row === undefined ? [] : dialect.rowOf(job.row).map((script) => flowOf(script))
  const flow: Flow = { inOrder: [...own, ...job.steps.map((step) => stepFlow(step, dialect))] }
  const ran = withRuns(flow, job.runs, job.failing)
  return job.selfHosted ? onHost(ran, 'self-hosted') : ran
}

/** What runs here, as what runs on another host than the pipeline's runner. */
function onHost(flow: Flow, host: string): Flow {
  if ('inOrder' in flow) return { inOrder: flow.inOrder.map((part) => onHost(part, host)) }
  if ('apart' in flow) return { apart: flow.apart.map((part) => onHost(part, host)) }
  if ('jobs' in flow) return { jobs: flow.jobs.map((job) => ({ ...job, flow: onHost(job.flow, host) })) }
  return flow.step.actsOn === 'here' ? { step: { ...flow.step, actsOn: host } } : flow
}

/** A step that always runs is one of a run that goes well, and one of a run that does not. */
function stepFlow(step: PipelineStep, dialect: Dialect): Flow {
  const flow = ownFlow(step, dialect)
  return step.anyway ? { inOrder: [flow, withRuns(flow, 'after a failure', step.failing)] } : flow
}

function ownFlow(step: PipelineStep, dialect: Dialect): Flow {
  const called = dialect.callOf(step)
  const more: Partial<Step> = { runs: step.runs, failing: step.failing }
  if (called !== undefined) return stepAt('opaque', step.at, `uses ${step.uses}`, { calls: [called] }, more)
  const scripts = dialect.scriptsOf(step)
  if (scripts.length > 0) {
    const flow: Flow = {
      inOrder: [
        ...farFlow(step, 'SCRIPT_BEFORE'),
        ...scripts.map((script) => flowOf(script)),
        ...farFlow(step, 'SCRIPT_AFTER'),
      ],
    }
    return withRuns(flow, step.runs, step.failing)
  }
  if (step.uses === undefined) return { inOrder: [] }
  const options = new Map(step.inputs)
  const call: Call = { in: 'github', name: step.uses.toLowerCase(), operands: [], options, text: step.uses }
  const meaning = recognise(call) ?? guessed(step.uses)
  if (meaning.kind === 'nothing') return { inOrder: [] }
  // An action's inputs are no flags of a command.
  const detail = { ...meaning.detail, flags: [] }
  return stepAt(meaning.kind, step.at, `uses ${step.uses}`, detail, { ...more, actsOn: hostOf(step) })
}

/** What an action that copies runs on the far host before or after. */
function farFlow(step: PipelineStep, input: string): readonly Flow[] {
  const line = step.inputs.get(input)
  const user = step.inputs.get('REMOTE_USER')
  const host = `${user === undefined ? '' : `${user}@`}${hostOf(step)}`
  return line === undefined ? [] : [lineFlow(line, step.at, undefined, { failing: 'goes on', actsOn: host })]
}

/** The far host of an action, by its usual inputs. */
function hostOf(step: PipelineStep): string {
  for (const name of [
    'host',
    'server',
    'remote_host',
    'REMOTE_HOST',
    'hostname',
    'SSH_HOST',
    'sftp_host',
    'ftp-server',
  ])
    if (step.inputs.has(name)) return step.inputs.get(name)!
  return 'here'
}

/** An action that the vocabulary does not have, by its name: most prepare the runner and change nothing. */
function guessed(uses: string): { readonly kind: Step['kind'] | 'nothing'; readonly detail: Step['detail'] } {
  const name = uses.toLowerCase().replace(/^docker:\/\//, '')
  if (/slack|discord|telegram|notif|mail|teams|sentry|webhook|message|mattermost|rocket\.?chat/.test(name))
    return { kind: 'notify', detail: {} }
  if (
    /deploy|publish|rsync|ftp|scp|ssh|kube|helm|ecs|lambda|serverless|terraform|rollout|heroku|netlify|vercel|firebase|dokku|caprover|coolify|portainer|swarm|compose|ansible/.test(
      name,
    ) &&
    !/setup|key|agent|known|config|install|login|credential|status|comment|preview/.test(name)
  )
    return { kind: 'opaque', detail: {} }
  if (
    /test|cypress|playwright|phpunit|pest\b|jest|phpstan|psalm|lint|analy|codeql|sonar|scan|check|audit|security|coverage|codecov|cs-fixer|rector|snyk|trivy/.test(
      name,
    )
  )
    return { kind: 'test', detail: {} }
  if (/purge|invalidat|clear-?cache/.test(name)) return { kind: 'clear cache', detail: { tool: 'cdn' } }
  return { kind: 'nothing', detail: {} }
}

/** A flow under the condition of what holds it. */
function withRuns(flow: Flow, runs: Step['runs'], failing: Step['failing']): Flow {
  if (runs === 'always' && failing === 'stops') return flow
  if ('inOrder' in flow) return { inOrder: flow.inOrder.map((part) => withRuns(part, runs, failing)) }
  if ('apart' in flow) return { apart: flow.apart.map((part) => withRuns(part, runs, failing)) }
  if ('jobs' in flow) return { jobs: flow.jobs.map((job) => ({ ...job, flow: withRuns(job.flow, runs, failing) })) }
  const { step } = flow
  return {
    step: {
      ...step,
      runs: runs === 'after a failure' || step.runs === 'always' ? runs : step.runs,
      failing: failing === 'goes on' ? 'goes on' : step.failing,
    },
  }
}

const rows = new WeakMap<readonly Script[], ReadonlyMap<string, readonly Script[]>>()

/** The scripts of one row, in the order in which the host gives them. */
export function scriptsOfRow(ground: Ground, row: string): readonly Script[] {
  let known = rows.get(ground.scripts)
  if (!known) {
    const made = new Map<string, Script[]>()
    for (const script of ground.scripts) {
      if (script.site.row === undefined) continue
      const list = made.get(script.site.row)
      if (list) list.push(script)
      else made.set(script.site.row, [script])
    }
    rows.set(ground.scripts, (known = made))
  }
  return known.get(row) ?? []
}
