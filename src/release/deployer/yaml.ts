import { entriesOf, itemsOf, textAt, yamlOf, type YamlNode } from '../../parse/yaml.ts'
import type { Span } from '../../source/source.ts'
import { scriptsWithin, type Ground } from '../ground.ts'
import { stepsOfLine } from '../line.ts'
import { flowOf, stepAt } from '../steps.ts'
import { theHosts, resolve } from './body.ts'
import type { requireFile } from './php.ts'
import type { DeployerProject, Part } from './project.ts'

/** Reads a deploy.yaml into the project. */
export function readYamlProject(
  project: DeployerProject,
  files: string[],
  file: string,
  ground: Ground,
  require: typeof requireFile,
): void {
  const source = ground.files.get(file)
  if (!source || files.includes(file)) return
  files.push(file)
  const { tree, errors } = yamlOf(source)
  ground.read(file)
  for (const error of errors) ground.unread(file, error)
  const span = (node: YamlNode): Span => ({ file, start: node.start, end: node.end })
  for (const document of tree.documents) {
    const part = (name: string): YamlNode | undefined =>
      entriesOf(document).find((entry) => entry.key.text === name)?.value
    for (const one of listed(part('import'))) require(project, files, textAt(one) ?? '', span(one), ground)
    for (const { key, value } of entriesOf(part('config'))) {
      const list = value.kind === 'list'
      const texts = (list ? itemsOf(value) : [value]).map((item) => textAt(item))
      const known = texts.filter((text) => text !== undefined)
      const at = { file, start: key.start, end: value.end }
      project.settings.set(key.text, { texts: known, at, list, partly: known.length < texts.length })
    }
    for (const { key } of entriesOf(part('hosts'))) project.hosts.push(key.text)
    for (const { key, value } of entriesOf(part('tasks'))) {
      const at = { file, start: key.start, end: key.end }
      const items = listed(value)
      if (items.length > 0 && items.every((item) => item.kind === 'scalar')) {
        const places = items.map((item) => ({ file, start: item.start, end: item.end }))
        project.groups.set(key.text, { tasks: items.map((item) => textAt(item) ?? ''), at, places })
      } else {
        const body = bodyOf(items, file, project, ground)
        project.tasks.set(key.text, { name: key.text, at, body, sometimes: false, disabled: false })
      }
    }
    for (const when of ['before', 'after', 'fail'] as const) {
      for (const { key, value } of entriesOf(part(when))) {
        for (const one of listed(value)) {
          const what = textAt(one)
          if (what) project.hooks.push({ when, task: key.text, what, at: { file, start: key.start, end: one.end } })
        }
      }
    }
  }
}

const listed = (node: YamlNode | undefined): readonly YamlNode[] =>
  node === undefined ? [] : node.kind === 'list' ? itemsOf(node) : [node]

// A task of steps: `cd`, `run`, `run_locally`, `upload`, each a map of one entry; other entries are options.
function bodyOf(items: readonly YamlNode[], file: string, project: DeployerProject, ground: Ground): readonly Part[] {
  const out: Part[] = []
  let cwd: string | undefined
  for (const item of items) {
    for (const { key, value } of entriesOf(item)) {
      const at: Span = { file, start: value.start, end: value.end }
      const text = textAt(value)
      const actsOn = key.text === 'run_locally' ? 'here' : theHosts
      if (key.text === 'cd' && text) cwd = resolve(text, project)
      else if (/^run(_locally)?$/.test(key.text)) {
        const scripts = scriptsWithin(ground, at)
        const flows =
          scripts.length > 0
            ? scripts.map((script) => flowOf(script))
            : stepsOfLine(resolve(text ?? '', project), at, { actsOn, ...(cwd ? { cwd } : {}) })
        out.push(...flows.map((flow) => ({ flow })))
      } else if (key.text === 'upload') {
        const path = resolve(textAt(value, 'dest') ?? 'unknown', project)
        const target = resolve(textAt(value, 'src') ?? 'unknown', project)
        out.push({
          flow: stepAt(
            'upload',
            at,
            `upload ${target} ${path}`,
            { tool: 'rsync', how: 'rsync', path, target, live: 'perhaps' },
            { actsOn },
          ),
        })
      }
    }
    const name = item.kind === 'scalar' ? textAt(item) : undefined
    if (name) out.push({ task: name, at: { file, start: item.start, end: item.end } })
  }
  return out
}
