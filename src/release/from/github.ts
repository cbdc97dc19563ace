import { localFile, workflowOf } from '../../facts/pipeline/github.ts'
import { yamlOf } from '../../parse/yaml.ts'
import { scriptsWithin, type Extractor } from '../ground.ts'
import { pagesWith, pipelineDrafts } from './pipeline.ts'

/** Workflows, with the reusable workflows and composite actions of the project that they use. */
export const fromGithub: Extractor = (ground) =>
  [...ground.files.of('github'), ...pagesWith(ground, 'github').map((page) => page.source)].flatMap((source) => {
    ground.read(source.file)
    for (const error of yamlOf(source).errors) ground.unread(source.file, error)
    const pipeline = workflowOf(source, ground.files)
    if (!pipeline) return []
    const path = source.file.replace(/\/action\.ya?ml$/, '')
    return pipelineDrafts(pipeline, {
      tool: 'github',
      scriptsOf: (step) => scriptsWithin(ground, step.at),
      rowOf: () => [],
      callOf: (step) => {
        const file = step.uses === undefined ? undefined : localFile(step.uses, source.file, ground.files)
        return file === undefined ? undefined : `action ${file.replace(/\/action\.ya?ml$/, '')}`
      },
      names: [`workflow ${source.file}`, `action ${path}`],
    })
  })
