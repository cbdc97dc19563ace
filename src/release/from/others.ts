import type { Script } from '../../facts/shell/script.ts'
import { scriptsIn, type Extractor } from '../ground.ts'
import type { Draft, Flow } from '../model.ts'
import { flowOf, isWorkplace } from '../steps.ts'

// Pipelines of which only the shell is read: their jobs are known by the rows of their scripts, their order is not.
const pipeline =
  /(^|\/)(bitbucket-pipelines\.ya?ml$|\.circleci\/|\.?azure-pipelines?[^/]*(\/|\.ya?ml$)|Jenkinsfile[^/]*$)/

const deploys = /deploy|release|publish|rollout|deliver|(^|[^a-z])(cd|prod|production|live|ship)(?![a-z])/i

/** Jenkins, Bitbucket, CircleCI and Azure: the shell of each job in its order; how the jobs follow each other is not read. */
export const fromOthers: Extractor = (ground) =>
  ground.files.of('jenkinsfile', 'yaml', 'ansible').flatMap((source): Draft[] => {
    const { file } = source
    const scripts = pipeline.test(file) ? scriptsIn(ground, file) : []
    if (scripts.length === 0) return []
    const rows = new Map<string, Script[]>()
    for (const script of scripts) {
      const row = script.site.row ?? script.site.name
      rows.set(row, [...(rows.get(row) ?? []), script])
    }
    const jobs = [...rows.values()].map((own): Flow => ({ inOrder: own.map((script) => flowOf(script)) }))
    const says = [...rows.keys(), ...scripts.map((script) => script.site.name)].some((name) =>
      deploys.test(name.replace(file, '')),
    )
    return [
      {
        name: `pipeline ${file}`,
        tool: 'pipeline',
        at: { file, start: 0, end: Math.max(0, source.text.indexOf('\n')) },
        flow: jobs.length === 1 ? jobs[0]! : { apart: jobs },
        files: [file],
        names: [],
        entry: !isWorkplace(scripts),
        here: 'runner',
        ...(says ? { deploys: true as const } : {}),
        // Whether runs are kept apart is said in parts that are not read.
        layout: { locks: 'unknown' },
      },
    ]
  })
