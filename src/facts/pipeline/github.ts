import { directoryOf, joinPath, type Files } from '../../discover/files.ts'
import type { Source, Span } from '../../source/source.ts'
import { at, entriesOf, isEmpty, itemsOf, textAt, yamlOf, type YamlMap, type YamlNode } from '../../parse/yaml.ts'
import type { PipelineJob, PipelineStep, ReadPipeline } from './pipeline.ts'

/**
 * A workflow that only tests: neither its name nor its file's says that it deploys, and either all its jobs are tests by name, or its
 * own name says so and no job and no step speaks of a deploy. `e2e` in the name is enough: it deploys to try that out.
 */
function onlyTests(name: string, file: string, jobs: readonly PipelineJob[]): boolean {
  const deploys = /deploy|release|publish|\bcd\b|deliver|ship|prod|live/i
  const tests =
    /(^|[^a-z])(tests?|testing|tested|e2e|ci|lint\w*|scan|validat\w*|checks?|codeql|nightly|syntax|molecule|specs?)(?![a-z])/i
  const named = `${name} ${file.replace(/^.*\//, '')}`
  if (/(^|[^a-z])e2e(?![a-z])/i.test(named)) return true
  if (deploys.test(named) || jobs.some((job) => deploys.test(job.name) || job.environment !== undefined)) return false
  if (jobs.every((job) => tests.test(job.name))) return true
  return (
    tests.test(name) &&
    jobs.every((job) => job.steps.every((step) => !deploys.test(step.name) || tests.test(step.name)))
  )
}

/** A workflow, or a composite action as a pipeline of one job; undefined: neither. */
export function workflowOf(source: Source, files: Files): ReadPipeline | undefined {
  const root = yamlOf(source).tree.documents[0]
  if (!root) return undefined
  const placed = (node: YamlNode): Span => ({ file: source.file, start: node.start, end: node.end })
  const name = textAt(root, 'name') ?? source.file.replace(/^.*\//, '').replace(/\.ya?ml$/, '')
  const first = { file: source.file, start: root.start, end: Math.min(root.end, root.start + 1) }
  if (textAt(root, 'runs', 'using') === 'composite') {
    const steps = itemsOf(at(root, 'runs', 'steps')).flatMap((step) =>
      step.kind === 'map' ? [stepOf(step, placed, undefined)] : [],
    )
    const job: PipelineJob = { name, at: first, after: [], locked: false, runs: 'always', failing: 'stops', steps }
    return {
      file: source.file,
      name: `action ${name}`,
      at: first,
      jobs: [job],
      files: [source.file],
      entry: true,
      locked: false,
    }
  }
  const jobs = entriesOf(at(root, 'jobs')).flatMap(({ key, value }) =>
    value.kind === 'map' ? [jobOf(key.text, placed(key), value, root, placed, files, source.file)] : [],
  )
  if (jobs.length === 0) return undefined
  return {
    file: source.file,
    name: `workflow ${name}`,
    at: first,
    jobs,
    files: [source.file],
    entry: !onlyTests(name, source.file, jobs),
    locked: at(root, 'concurrency') !== undefined,
  }
}

function jobOf(
  name: string,
  where: Span,
  job: YamlMap,
  root: YamlNode,
  placed: (node: YamlNode) => Span,
  files: Files,
  file: string,
): PipelineJob {
  const environment = textAt(job, 'environment') ?? textAt(job, 'environment', 'name')
  const uses = textAt(job, 'uses')
  const called = uses === undefined ? undefined : localFile(uses, file, files)
  const cwd =
    textAt(job, 'defaults', 'run', 'working-directory') ?? textAt(root, 'defaults', 'run', 'working-directory')
  const steps = itemsOf(at(job, 'steps')).flatMap((step) => (step.kind === 'map' ? [stepOf(step, placed, cwd)] : []))
  const far: PipelineStep[] =
    uses !== undefined && called === undefined
      ? [{ at: where, name, uses: uses.replace(/@.*$/, ''), inputs: inputsOf(job), runs: 'always', failing: 'stops' }]
      : []
  return {
    name,
    at: where,
    after: itemsOf(at(job, 'needs')).flatMap((item) => (item.kind === 'scalar' ? [item.text] : [])),
    locked: at(job, 'concurrency') !== undefined,
    runs: runsUnder(textAt(job, 'if')),
    failing: tolerated(job) ? 'goes on' : 'stops',
    steps: [...steps, ...far],
    ...(itemsOf(at(job, 'runs-on')).some((item) => item.kind === 'scalar' && item.text === 'self-hosted')
      ? { selfHosted: true as const }
      : {}),
    ...(environment === undefined ? {} : { environment }),
    ...(called === undefined ? {} : { calls: called }),
  }
}

function stepOf(step: YamlMap, placed: (node: YamlNode) => Span, cwd: string | undefined): PipelineStep {
  const uses = textAt(step, 'uses')
  const own = textAt(step, 'working-directory') ?? cwd
  return {
    at: placed(step),
    name: textAt(step, 'name') ?? uses ?? textAt(step, 'id') ?? 'a step',
    inputs: inputsOf(step),
    runs: runsUnder(textAt(step, 'if')),
    ...(/\balways\(\)|!\s*cancelled\(\)/.test(textAt(step, 'if') ?? '') ? { anyway: true as const } : {}),
    failing: tolerated(step) ? 'goes on' : 'stops',
    ...(uses === undefined ? {} : { uses: uses.replace(/@.*$/, '') }),
    ...(own === undefined ? {} : { cwd: own }),
  }
}

function inputsOf(step: YamlMap): ReadonlyMap<string, string> {
  const out = new Map<string, string>()
  for (const part of ['env', 'with'])
    for (const { key, value } of entriesOf(at(step, part)))
      if (value.kind === 'scalar' && !isEmpty(value)) out.set(key.text, value.text)
  return out
}

function tolerated(node: YamlMap): boolean {
  const given = textAt(node, 'continue-on-error')
  return given !== undefined && given !== 'false'
}

/** What a condition means for a release: one on the branch, the event or what is asked for is true when a release runs. */
export function runsUnder(condition: string | undefined): PipelineStep['runs'] {
  if (condition === undefined) return 'always'
  const text = condition.replace(/^\s*\$\{\{|\}\}\s*$/g, '').trim()
  if (/\bfailure\(\)|\bcancelled\(\)/.test(text) && !/!\s*(failure|cancelled)\(\)|always\(\)/.test(text))
    return 'after a failure'
  const rest = text
    .replace(/!?\s*(success|always|cancelled|failure)\(\)/g, '')
    .replace(/'[^']*'/g, "''")
    .replace(/\b(startsWith|contains|endsWith|fromJSON|format)\b/g, '')
    .replace(
      /\bgithub\.(ref|ref_name|ref_type|base_ref|head_ref|event_name|repository|repository_owner|actor|event\.[\w.]+)\b/g,
      '',
    )
    .replace(/\b(github\.event\.inputs|inputs|vars|matrix|env)\.[\w-]+/g, '')
    .replace(/\bneeds\.[\w-]+\.result\b/g, '')
  return /[A-Za-z]/.test(rest.replace(/\b(true|false|null)\b/g, '')) ? 'sometimes' : 'always'
}

/** The file of the project behind `uses: ./path` or `owner/name/.github/workflows/x.yml` of the same name. */
export function localFile(uses: string, from: string, files: Files): string | undefined {
  if (!uses.startsWith('./') && !uses.startsWith('../')) return undefined
  const path = joinPath(uses.startsWith('./') ? '' : directoryOf(from), uses)
  if (path === undefined) return undefined
  return [path, `${path}/action.yml`, `${path}/action.yaml`].find((name) => files.get(name) && /\.ya?ml$/.test(name))
}
