import { directoryOf, joinPath, type Files } from '../../discover/files.ts'
import type { Source, Span } from '../../source/source.ts'
import { at, entriesOf, itemsOf, textAt, yamlOf, type YamlMap, type YamlNode } from '../../parse/yaml.ts'
import { tasksOf, type Task } from './task.ts'
import type { Vars } from './vars.ts'

/** A role as a play names it, with what it is given. */
export interface RoleUse {
  readonly name: string
  readonly at: Span
  readonly given: Vars
  readonly when?: string
}

/** One play: on which hosts, and its tasks in their four parts. */
export interface Play {
  readonly at: Span
  readonly name: string
  readonly hosts: string
  readonly local: boolean
  readonly vars: readonly Vars[]
  readonly varsFiles: readonly string[]
  readonly pre: readonly Task[]
  readonly roles: readonly RoleUse[]
  readonly tasks: readonly Task[]
  readonly post: readonly Task[]
  readonly handlers: readonly Task[]
}

/** A file of plays, in order; an imported playbook stands where it is imported. */
export interface Playbook {
  readonly file: string
  readonly at: Span
  readonly plays: readonly (Play | { readonly imports: string; readonly at: Span })[]
}

/** What a role's files say. */
export interface Role {
  readonly directory: string
  readonly tasks: readonly Task[]
  readonly handlers: readonly Task[]
  readonly defaults: readonly Vars[]
  readonly needs: readonly RoleUse[]
  readonly files: readonly string[]
}

/** Every playbook of a project: YAML whose first document is a list of mappings with `hosts` or `import_playbook`. */
export function playbooksOf(files: Files): readonly Playbook[] {
  return files.of('ansible', 'yaml').flatMap((source) => playbookOf(source) ?? [])
}

function playbookOf(source: Source): Playbook | undefined {
  if (!/^\s*-?\s*['"]?(hosts|(ansible\.builtin\.)?import_playbook|include)['"]?\s*:/m.test(source.text))
    return undefined
  const root = yamlOf(source).tree.documents.find((document) => document.kind === 'list')
  if (root?.kind !== 'list') return undefined
  const plays = root.items.flatMap((item) => (item.kind === 'map' ? (playOf(item, source.file) ?? []) : []))
  if (!plays.some((play) => 'hosts' in play) && plays.length === 0) return undefined
  return { file: source.file, at: { file: source.file, start: root.start, end: root.start + 1 }, plays }
}

function playOf(node: YamlMap, file: string): Playbook['plays'][number] | undefined {
  const place = { file, start: node.start, end: node.end }
  const imported =
    textAt(node, 'import_playbook') ??
    textAt(node, 'ansible.builtin.import_playbook') ??
    (at(node, 'hosts') ? undefined : textAt(node, 'include'))
  if (imported !== undefined) return { imports: imported.split(/\s/)[0]!, at: place }
  const hosts = at(node, 'hosts')
  if (!hosts) return undefined
  const pattern = itemsOf(hosts)
    .flatMap((item) => (item.kind === 'scalar' ? [item.text] : []))
    .join(',')
  const section = (key: string): readonly Task[] => tasksOf(at(node, key), file)
  const vars = at(node, 'vars')
  return {
    at: place,
    name: textAt(node, 'name') ?? `play on ${pattern}`,
    hosts: pattern,
    local: /^(localhost|127\.0\.0\.1)$/.test(pattern) || textAt(node, 'connection') === 'local',
    vars: vars ? [{ node: vars, file }] : [],
    varsFiles: itemsOf(at(node, 'vars_files')).flatMap((item) => (item.kind === 'scalar' ? [item.text] : [])),
    pre: section('pre_tasks'),
    roles: itemsOf(at(node, 'roles')).flatMap((item) => roleUse(item, file) ?? []),
    tasks: section('tasks'),
    post: section('post_tasks'),
    handlers: section('handlers'),
  }
}

function roleUse(node: YamlNode, file: string): RoleUse | undefined {
  const place = { file, start: node.start, end: node.end }
  if (node.kind === 'scalar') return { name: node.text, at: place, given: { node: undefined, file } }
  const name = textAt(node, 'role') ?? textAt(node, 'name')
  if (name === undefined) return undefined
  const when = textAt(node, 'when')
  const own = node.kind === 'map' ? node : undefined
  const vars = at(node, 'vars')
  const given = vars && own ? { ...own, entries: [...own.entries, ...entriesOf(vars)] } : own
  return { name, at: place, given: { node: given, file }, ...(when === undefined ? {} : { when }) }
}

const mainNames = ['main.yml', 'main.yaml', 'main']

/** A role of the project by its name, looked for beside the playbook and in every `roles` directory. */
export function roleOf(name: string, from: string, files: Files): Role | undefined {
  const plain = name.replace(/^.*\//, '')
  const beside = directoryOf(from)
  const candidates = [
    joinPath(beside, name),
    ...above(beside).map((directory) => joinPath(directory, `roles/${plain}`)),
    ...above(beside).map((directory) => joinPath(directory, `ansible/roles/${plain}`)),
  ]
  const found = candidates.find(
    (directory) =>
      directory !== undefined &&
      ['tasks', 'handlers', 'meta', 'defaults'].some((part) => fileIn(directory, part, files)),
  )
  return found === undefined ? roleNamed(plain, files) : roleIn(found, files)
}

function roleNamed(name: string, files: Files): Role | undefined {
  const ending = mainNames.map((main) => `roles/${name}/tasks/${main}`)
  const hit = files
    .of('ansible')
    .find((source) => ending.some((end) => source.file === end || source.file.endsWith(`/${end}`)))
  return hit && roleIn(hit.file.replace(/\/tasks\/[^/]+$/, ''), files)
}

/** A role by its directory. */
export function roleIn(directory: string, files: Files): Role {
  const read: string[] = []
  const part = (name: string): YamlNode | undefined => {
    const source = fileIn(directory, name, files)
    if (!source) return undefined
    read.push(source.file)
    return yamlOf(source).tree.documents[0]
  }
  const path = (name: string): string =>
    read.findLast((file) => file.includes(`/${name}/`) || file.startsWith(`${name}/`)) ?? directory
  const tasks = part('tasks')
  const handlers = part('handlers')
  const meta = part('meta')
  const defaults = ['defaults', 'vars'].flatMap((name) => {
    const node = part(name)
    return node ? [{ node, file: path(name) }] : []
  })
  return {
    directory,
    tasks: tasksOf(tasks, path('tasks')),
    handlers: tasksOf(handlers, path('handlers')),
    defaults,
    needs: itemsOf(at(meta, 'dependencies')).flatMap((item) => roleUse(item, path('meta')) ?? []),
    files: read,
  }
}

function fileIn(directory: string, part: string, files: Files): Source | undefined {
  for (const main of mainNames) {
    const path = joinPath('', `${directory}/${part}/${main}`)
    const source = path === undefined ? undefined : files.get(path)
    if (source) return source
  }
  return undefined
}

function above(directory: string): readonly string[] {
  const out: string[] = []
  for (let here = directory; ; here = directoryOf(here)) {
    out.push(here)
    if (here === '') return out
  }
}

/** Variables of the inventory: `group_vars` and `host_vars` beside the playbook or the inventory, `all` first, then the given group's. */
export function inventoryVars(file: string, hosts: string, files: Files): readonly Vars[] {
  const scored = files.of('ansible', 'yaml').flatMap((source) => {
    const found = /(?:^|\/)(group_vars|host_vars)\/([^/]+?)(?:\.ya?ml)?(?:\/[^/]+)?$/.exec(source.file)
    if (!found || !/\.ya?ml$/.test(source.file)) return []
    const name = found[2]!
    const near = source.file.startsWith(directoryOf(file)) ? 0 : 1
    const rank = name === 'all' ? 0 : hosts.split(/[,:]/).includes(name) ? 3 : /prod/i.test(source.file) ? 2 : 1
    return [{ source, rank: rank * 2 - near }]
  })
  return scored
    .sort((a, b) => a.rank - b.rank)
    .flatMap(({ source }) => {
      const node = yamlOf(source).tree.documents.find((document) => document.kind === 'map')
      return node ? [{ node, file: source.file }] : []
    })
}
