import { directoryOf, joinPath } from '../../discover/files.ts'
import {
  inventoryVars,
  playbooksOf,
  roleIn,
  type Play,
  type Playbook,
  type Role,
} from '../../facts/ansible/playbook.ts'
import { tasksOf } from '../../facts/ansible/task.ts'
import { expanded, within, type Scope, type Vars } from '../../facts/ansible/vars.ts'
import { yamlOf } from '../../parse/yaml.ts'
import type { Extractor, Ground } from '../ground.ts'
import type { Draft, Flow, Layout } from '../model.ts'
import { stepAt } from '../steps.ts'
import { flush, roleFlow, tasksFlow, type Walk } from './ansible-tasks.ts'

// Tests of roles, collections of others, and going back: none of them is the release.
const elsewhere = /(^|\/)(molecule|tests?|collections|\.github)\/|roll-?back/i

/** Playbooks, with the roles, task files and handlers that they bring; roles and task files that no playbook of the project uses. */
export const fromAnsible: Extractor = (ground) => {
  const reached = new Set<string>()
  const playbooks = playbooksOf(ground.files)
  const imported = new Set<string>()
  const drafts = playbooks.map((playbook) => {
    for (const play of playbook.plays)
      if ('imports' in play) imported.add(joinPath(directoryOf(playbook.file), play.imports) ?? '')
    const draft = playbookDraft(playbook, ground)
    for (const file of draft.files) reached.add(file)
    return draft
  })
  const alone = looseDrafts(ground, reached)
  for (const file of new Set([...drafts, ...alone].flatMap((draft) => draft.files))) ground.read(file)
  for (const source of ground.files.of('ansible'))
    for (const error of yamlOf(source).errors) ground.unread(source.file, error)
  return [...drafts.map((draft) => (imported.has(draft.at.file) ? { ...draft, entry: false } : draft)), ...alone]
}

function playbookDraft(playbook: Playbook, ground: Ground): Draft {
  const files = new Set([playbook.file])
  const layouts: Layout[] = []
  const patterns = new Set(playbook.plays.flatMap((play) => ('hosts' in play && !play.local ? [play.hosts] : [])))
  const parts = playbook.plays.map((play): Flow => {
    if ('hosts' in play) return playFlow(play, playbook.file, ground, files, layouts, patterns.size > 1)
    const file = joinPath(directoryOf(playbook.file), play.imports) ?? play.imports
    return stepAt('opaque', play.at, `import_playbook: ${play.imports}`, { calls: [`ansible ${file}`] })
  })
  const locals = playbook.plays.filter((play) => 'hosts' in play && play.local)
  return {
    name: `playbook ${playbook.file}`,
    tool: 'ansible',
    at: playbook.at,
    flow: { inOrder: parts },
    files: [...files],
    names: [`ansible ${playbook.file}`],
    entry: !elsewhere.test(playbook.file),
    here: locals.length > 0 && locals.length === playbook.plays.length ? 'unknown' : 'runner',
    layout: layouts[0] ?? { locks: 'no' },
  }
}

function playFlow(
  play: Play,
  file: string,
  ground: Ground,
  files: Set<string>,
  layouts: Layout[],
  several: boolean,
): Flow {
  const directory = directoryOf(file)
  const varsFiles = play.varsFiles.flatMap((name): Vars[] => {
    const path = joinPath(directory, name)
    const source = path === undefined ? undefined : ground.files.get(path)
    if (source) files.add(source.file)
    return source ? [{ node: yamlOf(source).tree.documents[0], file: source.file }] : []
  })
  const places = new Map([
    ['playbook_dir', { node: directory === '' ? '.' : directory, file }],
    ['inventory_dir', { node: directory === '' ? '.' : directory, file }],
  ])
  const scope = within({ values: places }, ...inventoryVars(file, play.hosts, ground.files), ...play.vars, ...varsFiles)
  const hosts = expanded(play.hosts, scope)
  const walk: Walk = {
    ground,
    playbook: file,
    near: [directory, joinPath(directory, 'tasks') ?? directory],
    scope,
    // Where plays name several groups, `all` may or may not be the same machines.
    host: play.local ? 'here' : several && /^(all|\*)$/.test(hosts) ? '{{ all }}' : hosts,
    handlers: play.handlers.map((task) => ({ task, scope })),
    called: new Map(),
    files,
    stopped: new Set(),
    via: [],
    runs: 'always',
    failing: 'stops',
    depth: 0,
    layouts,
  }
  const pre = [tasksFlow(play.pre, walk), flush(walk)]
  const roles = play.roles.map((use) => roleFlow(use, walk))
  return {
    inOrder: [...pre, ...roles, tasksFlow(play.tasks, walk), flush(walk), tasksFlow(play.post, walk), flush(walk)],
  }
}

/** Roles, and task files alone, that no playbook of the project uses. */
function looseDrafts(ground: Ground, reached: ReadonlySet<string>): readonly Draft[] {
  const seen = new Set(reached)
  const out: Draft[] = []
  const sources = [...ground.files.of('ansible')].filter((source) => /(^|\/)tasks\/|deploy|release/.test(source.file))
  const mains = sources.filter((source) => /(^|\/)tasks\/main\.ya?ml$/.test(source.file))
  for (const source of [...mains, ...sources]) {
    if (seen.has(source.file) || elsewhere.test(source.file)) continue
    const list = yamlOf(source).tree.documents[0]
    if (list?.kind !== 'list' || list.items.some((item) => item.kind !== 'map')) continue
    const directory = source.file.replace(/(^|\/)tasks\/[^/]+$/, '')
    const isRole = mains.includes(source)
    // The other files of a role are includes whose names could not be told.
    if (
      !isRole &&
      mains.some((main) => main.file.replace(/main\.ya?ml$/, '') === /^(.*\/)?tasks\//.exec(source.file)?.[0])
    )
      continue
    const role: Role | undefined = /(^|\/)tasks\//.test(source.file)
      ? roleIn(directory === '' ? '.' : directory, ground.files)
      : undefined
    const files = new Set([source.file, ...(role?.files ?? [])])
    const layouts: Layout[] = []
    const scope: Scope = within(
      { values: new Map() },
      ...(role?.defaults ?? []),
      ...inventoryVars(source.file, '', ground.files),
    )
    const walk: Walk = {
      ground,
      playbook: source.file,
      scope,
      files,
      layouts,
      near: [directoryOf(source.file), directory],
      host: 'the hosts',
      handlers: (role?.handlers ?? []).map((task) => ({ task, scope })),
      called: new Map(),
      stopped: new Set(),
      via: [],
      runs: 'always',
      failing: 'stops',
      depth: 0,
    }
    const flow: Flow = { inOrder: [tasksFlow(tasksOf(list, source.file), walk), flush(walk)] }
    for (const file of files) seen.add(file)
    out.push({
      name: isRole ? `role ${directory.replace(/^.*\//, '') || 'of the repository'}` : `tasks ${source.file}`,
      tool: 'ansible',
      at: { file: source.file, start: list.start, end: list.start + 1 },
      flow,
      files: [...files],
      names: [`ansible ${source.file}`],
      entry: true,
      here: 'runner',
      layout: layouts[0] ?? { locks: 'no' },
    })
  }
  return out
}
