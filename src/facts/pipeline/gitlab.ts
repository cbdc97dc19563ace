import type { Files } from '../../discover/files.ts'
import type { Source, Span } from '../../source/source.ts'
import { at, itemsOf, textAt, yamlOf, type YamlMap } from '../../parse/yaml.ts'
import { includedNames, jobsOf, pipelineOf, type Pipeline } from '../hosts/gitlab-tree.ts'
import type { PipelineJob, ReadPipeline } from './pipeline.ts'

/** A GitLab pipeline with the local files that it includes; undefined: another file includes this one. */
export function gitlabOf(source: Source, files: Files): ReadPipeline | undefined {
  if (isIncluded(source.file, files)) return undefined
  const pipeline = pipelineOf(source, files)
  const found = jobsOf(pipeline).filter(({ job }) => canRelease(job))
  if (found.length === 0) return undefined
  const stages = stagesOf(pipeline)
  const stage = (job: YamlMap): number => stages.indexOf(textAt(job, 'stage') ?? 'test')
  const jobs = found.map(({ entry, job }): PipelineJob => {
    const name = entry.key.text
    const base = pipeline.baseOf.get(entry.key)
    const where: Span = base?.spans(entry.key.start, entry.key.end)[0] ?? { file: source.file, start: 0, end: 0 }
    const needs = at(job, 'needs')
    const after = needs
      ? itemsOf(needs).flatMap((item) => (item.kind === 'scalar' ? [item.text] : (textAt(item, 'job') ?? [])))
      : found.filter((other) => stage(other.job) < stage(job)).map((other) => other.entry.key.text)
    const environment = textAt(job, 'environment') ?? textAt(job, 'environment', 'name')
    return {
      name,
      at: where,
      after,
      locked: at(job, 'resource_group') !== undefined,
      runs: runsOf(job),
      failing: tolerated(job) ? 'goes on' : 'stops',
      steps: [],
      row: `${pipeline.file}#${name}`,
      ...(environment === undefined ? {} : { environment }),
    }
  })
  return {
    file: source.file,
    name: source.file === '.gitlab-ci.yml' ? 'GitLab pipeline' : `GitLab pipeline ${source.file}`,
    at: { file: source.file, start: 0, end: 0 },
    jobs,
    files: pipeline.files,
    entry: true,
    locked: false,
  }
}

/** Jobs that only schedules and merge requests start are no part of a release. */
function canRelease(job: YamlMap): boolean {
  const only = itemsOf(at(job, 'only', 'refs') ?? at(job, 'only')).flatMap((item) =>
    item.kind === 'scalar' ? [item.text] : [],
  )
  if (
    only.length > 0 &&
    only.every((ref) => /^(schedules|merge_requests|external_pull_requests|api|triggers)$/.test(ref))
  )
    return false
  const rules = itemsOf(at(job, 'rules')).filter((rule) => textAt(rule, 'when') !== 'never')
  const asked = rules.map((rule) => textAt(rule, 'if') ?? '')
  return (
    rules.length === 0 ||
    !asked.every(
      (text) =>
        /CI_PIPELINE_SOURCE\s*==\s*["']?(schedule|merge_request_event)|^\s*\$CI_MERGE_REQUEST_(IID|ID)\s*$/.test(
          text,
        ) && !/\|\|/.test(text),
    )
  )
}

function stagesOf(pipeline: Pipeline): readonly string[] {
  const named = itemsOf(at(pipeline.root, 'stages')).flatMap((item) => (item.kind === 'scalar' ? [item.text] : []))
  return ['.pre', ...(named.length > 0 ? named : ['build', 'test', 'deploy']), '.post']
}

// A manual job is the release when somebody starts it.
function runsOf(job: YamlMap): PipelineJob['runs'] {
  const whens = [textAt(job, 'when'), ...itemsOf(at(job, 'rules')).map((rule) => textAt(rule, 'when'))]
  return whens.includes('on_failure') ? 'after a failure' : 'always'
}

// A manual job may fail by default, which says nothing of what follows it.
function tolerated(job: YamlMap): boolean {
  return textAt(job, 'allow_failure') === 'true' && textAt(job, 'when') !== 'manual'
}

function isIncluded(file: string, files: Files): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1)
  return files.of('gitlab').some((other) => {
    if (other.file === file || !other.text.includes(name)) return false
    return yamlOf(other).tree.documents.some((root) =>
      itemsOf(at(root, 'include')).some((item) => includedNames(item).some((path) => path.replace(/^\//, '') === file)),
    )
  })
}
