import { gitlabOf } from '../../facts/pipeline/gitlab.ts'
import { yamlOf } from '../../parse/yaml.ts'
import type { Extractor } from '../ground.ts'
import { pipelineDrafts, scriptsOfRow } from './pipeline.ts'

/** GitLab pipelines: jobs by stages and `needs`, with what they extend and include. */
export const fromGitlab: Extractor = (ground) =>
  ground.files.of('gitlab').flatMap((source) => {
    ground.read(source.file)
    for (const error of yamlOf(source).errors) ground.unread(source.file, error)
    const pipeline = gitlabOf(source, ground.files)
    if (!pipeline) return []
    return pipelineDrafts(pipeline, {
      tool: 'gitlab',
      scriptsOf: () => [],
      rowOf: (row) => scriptsOfRow(ground, row),
      callOf: () => undefined,
      names: [`workflow ${source.file}`],
    })
  })
