import type { Span } from '../../source/source.ts'

/** One step of a job: where it stands, and the action or script file it names. Its shell, if any, stands inside `at`. */
export interface PipelineStep {
  readonly at: Span
  /** As its pipeline names it: `Deploy over ssh`. */
  readonly name: string
  /** The action of a `uses:`, without its version. */
  readonly uses?: string
  /** What the action is given. */
  readonly inputs: ReadonlyMap<string, string>
  readonly runs: 'always' | 'sometimes' | 'after a failure'
  readonly failing: 'stops' | 'goes on'
  /** It runs whatever happened before: `if: always()`. */
  readonly anyway?: true
  readonly cwd?: string
}

/** A job: what it waits for, where it deploys to, and its steps. */
export interface PipelineJob {
  readonly name: string
  readonly at: Span
  /** The jobs that are over before it begins. */
  readonly after: readonly string[]
  /** The environment it deploys to, as written. */
  readonly environment?: string
  /** Two runs of it are kept apart: `concurrency`, `resource_group`. */
  readonly locked: boolean
  readonly runs: PipelineStep['runs']
  readonly failing: PipelineStep['failing']
  readonly steps: readonly PipelineStep[]
  /** A pipeline of the project that it calls: its file. */
  readonly calls?: string
  /** It runs on a machine of the project's own, which may be the server. */
  readonly selfHosted?: true
  /** Which stretches of shell are its own, where a pipeline joins them from several places. */
  readonly row?: string
}

/** A pipeline of a repository. */
export interface ReadPipeline {
  readonly file: string
  readonly name: string
  readonly at: Span
  readonly jobs: readonly PipelineJob[]
  readonly files: readonly string[]
  /** Something starts it by itself; otherwise others call it. */
  readonly entry: boolean
  /** All its runs are kept apart. */
  readonly locked: boolean
}

/** The kind of place that a job deploys to, by its environment's or its own name: they never run in one release. */
export function targetOf(job: PipelineJob): string | undefined {
  const name = job.environment ?? job.name
  if (/review|preview|feature|pull.?request|\bpr\b/i.test(name)) return 'review'
  if (/prod|\blive\b|master|\bmain\b/i.test(name)) return 'production'
  if (/stag|preprod|pre-prod|uat|accept|demo|\bqa\b|sandbox|recette|preproduction/i.test(name)) return 'staging'
  if (/(^|[-_ :])(dev|develop|development|test|testing|integration)([-_ :]|$)/i.test(name) && /deploy/i.test(job.name))
    return 'development'
  return job.environment === undefined || /\$\{?\{?/.test(name) ? undefined : name.toLowerCase()
}

/** The pipeline's jobs as sets that run together: one for each place that it deploys to, with all that belongs to no place. */
export function releasesIn(jobs: readonly PipelineJob[]): ReadonlyMap<string | undefined, readonly PipelineJob[]> {
  const targets = new Map<string, PipelineJob[]>()
  for (const job of jobs) {
    const target = targetOf(job)
    if (target !== undefined) targets.set(target, [...(targets.get(target) ?? []), job])
  }
  if (targets.size < 2) return new Map([[[...targets.keys()][0], jobs]])
  const out = new Map<string | undefined, readonly PipelineJob[]>()
  for (const target of targets.keys())
    out.set(
      target,
      jobs.filter((job) => [undefined, target].includes(targetOf(job))),
    )
  return out
}
