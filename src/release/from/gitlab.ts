import { gitlabOf } from '../../facts/pipeline/gitlab.ts'
import { yamlOf } from '../../parse/yaml.ts'
import { standsIn, type Extractor } from '../ground.ts'
import { pagesWith, pipelineDrafts, scriptsOfRow } from './pipeline.ts'

/** GitLab pipelines: jobs by stages and `needs`, with what they extend and include. */
export const fromGitlab: Extractor = (ground) => {
  const files = ground.files.of('gitlab').map((source) => ({ source, at: undefined }))
  return [...files, ...pagesWith(ground, 'gitlab')].flatMap(({ source, at }) => {
    ground.read(source.file)
    for (const error of yamlOf(source).errors) ground.unread(source.file, error)
    const pipeline = gitlabOf(source, ground.files)
    if (!pipeline) return []
    return pipelineDrafts(pipeline, {
      tool: 'gitlab',
      scriptsOf: () => [],
      // Blocks of one page may name their jobs alike.
      rowOf: (row) => scriptsOfRow(ground, row).filter((script) => at === undefined || standsIn(script, at)),
      callOf: () => undefined,
      names: [`workflow ${source.file}`],
    })
  })
}
