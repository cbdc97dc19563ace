import { directoryOf, joinPath } from '../../discover/files.ts'
import { roleOf, type Role, type RoleUse } from '../../facts/ansible/playbook.ts'
import { tasksOf, type Task } from '../../facts/ansible/task.ts'
import { expanded, holds, listIn, lookup, textOf, within, type Scope } from '../../facts/ansible/vars.ts'
import type { Command, Script } from '../../facts/shell/script.ts'
import type { Origin } from '../../facts/shell/value.ts'
import { yamlOf, type YamlNode } from '../../parse/yaml.ts'
import type { Label, Source } from '../../source/source.ts'
import { callOf, callOfWords, type Call } from '../call.ts'
import { scriptsWithin, type Ground } from '../ground.ts'
import type { Flow, Layout, Step } from '../model.ts'
import { failingOf, stepAt } from '../steps.ts'
import { asShell } from '../vocabulary/ansible.ts'
import { ansistranoFlow, ansistranoLayout, isAnsistrano, isAnsistranoRollback } from './ansistrano.ts'
import { callFlow, lineFlow, withoutRunner } from './line.ts'

/** What is known at one point of a play. */
export interface Walk {
  readonly ground: Ground
  /** The playbook's file, or the role's first one. */
  readonly playbook: string
  /** Directories in which a task file's name is looked for, the nearest first. */
  readonly near: readonly string[]
  readonly scope: Scope
  readonly host: string
  readonly handlers: Handler[]
  /** Handlers that a task has called and that have not run yet. */
  readonly called: Map<string, Label>
  readonly files: Set<string>
  /** Services that were stopped: starting them brings up the new code. */
  readonly stopped: Set<string>
  readonly via: readonly Label[]
  readonly runs: Step['runs']
  readonly failing: Step['failing']
  readonly depth: number
  readonly layouts: Layout[]
}

interface Handler {
  readonly task: Task
  readonly scope: Scope
}

const deepest = 24
const mostItems = 20

/** The handlers that were called, in the order in which they are written. */
export function flush(walk: Walk): Flow {
  const out: Flow[] = []
  for (const { task, scope } of walk.handlers) {
    const because = [task.name, expanded(task.name, scope), ...task.listen].flatMap(
      (name) => walk.called.get(name) ?? [],
    )[0]
    if (!because) continue
    for (const name of [task.name, expanded(task.name, scope)]) walk.called.delete(name)
    out.push(taskFlow(task, { ...walk, scope, via: [...walk.via, because], runs: 'always', failing: 'stops' }))
  }
  for (const name of walk.handlers.flatMap(({ task }) => task.listen)) walk.called.delete(name)
  return { inOrder: out }
}

/** What a list of tasks does. */
export function tasksFlow(tasks: readonly Task[], walk: Walk): Flow {
  return { inOrder: tasks.map((task) => taskFlow(task, walk)) }
}

function taskFlow(task: Task, given: Walk): Flow {
  if (given.depth > deepest) return stepAt('opaque', task.at, task.name, {}, { via: given.via })
  const scope = task.vars ? within(given.scope, { node: task.vars, file: task.at.file }) : given.scope
  const condition = task.when === undefined ? true : holds(task.when, scope)
  if (condition === false) return { inOrder: [] }
  const walk: Walk = {
    ...given,
    scope,
    depth: given.depth + 1,
    host: delegated(task, given),
    runs: condition === undefined && given.runs === 'always' ? underWhen(task.when!) : given.runs,
    failing: task.ignores ? 'goes on' : given.failing,
  }
  for (const name of task.notify)
    for (const text of listIn(name, scope)?.map((one) => textOf(one, scope)) ?? [textOf(name, scope)])
      if (text !== undefined) walk.called.set(text, { at: task.at, says: `${task.name} notifies ${text}` })
  if (task.module === 'block') return blockFlow(task, walk)
  const items = task.loop === undefined ? undefined : listIn(task.loop, scope)
  if (items === undefined || items.length === 0 || items.length > mostItems) return oneFlow(task, walk)
  return { inOrder: items.map((item) => oneFlow(task, { ...walk, scope: withItem(scope, task, item) })) }
}

function withItem(scope: Scope, task: Task, item: YamlNode): Scope {
  const values = new Map(scope.values)
  values.set(task.loopVar, { node: item, file: task.at.file })
  return { values }
}

// A condition on a setting or tag of the release is one that the release fulfils; one on what was found is not.
function underWhen(when: string): Step['runs'] {
  return /is (not )?failed|\.rc\b|failed_when|ansible_failed/.test(when) ? 'after a failure' : 'sometimes'
}

function delegated(task: Task, walk: Walk): string {
  if (task.delegateTo === undefined) return walk.host
  const to = expanded(task.delegateTo, walk.scope)
  return /^(localhost|127\.0\.0\.1)$/.test(to) ? 'here' : to
}

function blockFlow(task: Task, walk: Walk): Flow {
  const raises = task.rescue.some(
    (one) => one.module === 'fail' || (one.module === 'meta' && /end_play|end_host/.test(one.free ?? '')),
  )
  const tolerant = task.rescue.length > 0 && !raises
  return {
    inOrder: [
      tasksFlow(task.block, tolerant ? { ...walk, failing: 'goes on' } : walk),
      tasksFlow(task.rescue, { ...walk, runs: 'after a failure' }),
      tasksFlow(task.always, walk),
    ],
  }
}

function oneFlow(task: Task, walk: Walk): Flow {
  const { scope } = walk
  const arg = (name: string): string | undefined => textOf(task.args.get(name), scope)
  switch (task.module) {
    case 'include_tasks':
    case 'import_tasks':
    case 'include':
      return includeFlow(task, arg('file') ?? (task.free === undefined ? undefined : expanded(task.free, scope)), walk)
    case 'include_role':
    case 'import_role': {
      const name = arg('name') ?? task.free ?? ''
      const given = { node: task.vars, file: task.at.file }
      return roleFlow({ name: expanded(name, scope), at: task.at, given }, walk, arg('tasks_from'))
    }
    case 'meta':
      return /flush_handlers/.test(task.free ?? '') ? flush(walk) : { inOrder: [] }
    case 'set_fact':
      for (const [name, node] of task.args) {
        const text = textOf(node, scope)
        // What it says of itself is worked out now, else it would be taken for its own meaning.
        walk.scope.values.set(name, { node: text?.includes('{{') === false ? text : node, file: task.at.file })
      }
      return { inOrder: [] }
    case 'include_vars': {
      const source = fileNear(arg('file') ?? task.free ?? '', walk, 'vars')
      if (source)
        for (const [name, value] of within(scope, { node: yamlOf(source).tree.documents[0], file: source.file }).values)
          walk.scope.values.set(name, value)
      return { inOrder: [] }
    }
    case 'command':
    case 'shell':
    case 'raw':
    case 'script':
      return commandFlow(task, walk)
    default:
      return moduleFlow(task, walk)
  }
}

function moreOf(walk: Walk): Partial<Step> {
  return { via: walk.via, runs: walk.runs, failing: walk.failing, actsOn: walk.host }
}

function commandFlow(task: Task, walk: Walk): Flow {
  const { scope } = walk
  const more = moreOf(walk)
  const cwd = textOf(task.args.get('chdir'), scope)
  const argv = listIn(task.args.get('argv'), scope)?.map((word) => textOf(word, scope) ?? '$…')
  if (argv)
    return callFlow(
      callOfWords(withoutRunner(argv), argv.join(' '), cwd === undefined ? {} : { cwd }),
      task.does,
      argv.join(' '),
      more,
    )
  const line = task.free === undefined ? '' : expanded(task.free, scope)
  if (task.module === 'script') {
    const name = line.split(/\s/)[0]!
    const path = [...walk.near.map((directory) => joinPath(directory, `files/${name}`)), joinPath('', name)].find(
      (found) => found !== undefined && walk.ground.files.get(found),
    )
    return stepAt('opaque', task.does, line, { calls: [`file ${path ?? name}`] }, more)
  }
  // `command: "{{ item }}"`: only the loop tells what is run.
  if (/^\s*\{\{/.test(task.free ?? '')) return lineFlow(line, task.does, cwd, more)
  const commands = scriptsWithin(walk.ground, task.at).flatMap((script) =>
    script.commands.map((command) => shellFlow(command, script, walk, cwd)),
  )
  return commands.length > 0 ? { inOrder: commands } : lineFlow(line, task.does, cwd, more)
}

/** A shell command inside a task: its templates stand for what the play's variables say. */
function shellFlow(command: Command, script: Script, walk: Walk, cwd: string | undefined): Flow {
  const named = (origin: Origin): string => expanded(origin.name, walk.scope)
  const call = callOf(command, named)
  const text = call?.text ?? command.text
  return callFlow(call && (call.cwd === undefined && cwd !== undefined ? { ...call, cwd } : call), command.at, text, {
    via: [...walk.via, ...command.via],
    runs: walk.runs === 'always' ? command.runs : walk.runs,
    failing: walk.failing === 'goes on' ? 'goes on' : failingOf(command, script),
    actsOn: command.actsOn === 'here' || command.actsOn === command.runsOn ? walk.host : command.actsOn,
    command,
  })
}

function moduleFlow(task: Task, walk: Walk): Flow {
  const options = new Map<string, string>()
  for (const [name, node] of task.args) {
    const text = textOf(node, walk.scope)
    if (text !== undefined) options.set(name, text)
  }
  const more = moreOf(walk)
  const shell = asShell[task.module]
  const words = shell?.((name) => options.get(name))
  const own = task.name.startsWith(`${task.module} `) ? task.name : `${task.module}: ${task.name}`
  const text = words ? words.join(' ') : own
  if (shell && !words) return { inOrder: [] }
  if (words) {
    const cwd = options.get('chdir')
    return services(
      callFlow(callOfWords(words, text, cwd === undefined ? {} : { cwd }), task.at, text, more),
      options,
      walk,
    )
  }
  if (task.module === 'deploy_helper') helperFacts(options, walk)
  const call: Call = { in: 'ansible', name: task.module, operands: [], options, text }
  return withoutFlags(callFlow(call, task.at, text, more))
}

// A module's arguments are no flags of a command.
function withoutFlags(flow: Flow): Flow {
  if (!('step' in flow)) return flow
  const flags = (flow.step.detail.flags ?? []).filter((flag) => flag.startsWith('-'))
  return { step: { ...flow.step, detail: { ...flow.step.detail, flags } } }
}

/** `state: started` leaves a service alone that runs; after a stop it brings up the new code. */
function services(flow: Flow, options: ReadonlyMap<string, string>, walk: Walk): Flow {
  const name = options.get('name') ?? ''
  if (options.get('state') === 'stopped') walk.stopped.add(name)
  if (options.get('state') !== 'started' || walk.stopped.has(name) || !('step' in flow)) return flow
  const vain = '`state: started` leaves a service alone that runs already'
  return { step: { ...flow.step, detail: { ...flow.step.detail, vain } } }
}

/** What `deploy_helper` tells of its directories. */
function helperFacts(options: ReadonlyMap<string, string>, walk: Walk): void {
  const path = options.get('path')
  if (path === undefined || !/^(present|)$/.test(options.get('state') ?? '')) return
  const releases = `${path}/${options.get('releases_path') ?? 'releases'}`
  const facts: Readonly<Record<string, string>> = {
    project_path: path,
    current_path: `${path}/${options.get('current_path') ?? 'current'}`,
    releases_path: releases,
    shared_path: `${path}/${options.get('shared_path') ?? 'shared'}`,
    new_release: '{{ release }}',
    new_release_path: `${releases}/{{ release }}`,
  }
  for (const [name, node] of Object.entries(facts)) walk.scope.values.set(`deploy_helper.${name}`, { node, file: '' })
  walk.layouts.push({ live: facts['current_path']!, locks: 'no', rollsBack: true })
}

function includeFlow(task: Task, name: string | undefined, walk: Walk): Flow {
  const source = name === undefined ? undefined : fileNear(name.split(/\s/)[0]!, walk, 'tasks')
  const more = moreOf(walk)
  if (!source) return stepAt('opaque', task.at, `${task.module}: ${name ?? '?'}`, {}, more)
  walk.files.add(source.file)
  const label = { at: task.at, says: `includes ${source.file}` }
  const tasks = tasksOf(yamlOf(source).tree.documents[0], source.file)
  const near = [directoryOf(source.file), ...walk.near]
  return tasksFlow(tasks, { ...walk, near, via: [...walk.via, label] })
}

/** A file by the name a task gives it: beside the file that asks, in the role, beside the playbook. */
function fileNear(name: string, walk: Walk, part: string): Source | undefined {
  if (/\{\{/.test(name)) return undefined
  const candidates = walk.near.flatMap((directory) => [
    joinPath(directory, name),
    joinPath(directory, `${part}/${name}`),
  ])
  for (const path of [...candidates, joinPath('', name)]) {
    const source = path === undefined ? undefined : walk.ground.files.get(path)
    if (source) return source
  }
  return undefined
}

/** What a role does: its own tasks and those of the roles that it needs. */
export function roleFlow(use: RoleUse, given: Walk, tasksFrom?: string): Flow {
  const label = { at: use.at, says: `role ${use.name}` }
  const name = expanded(use.name, given.scope)
  const condition = use.when === undefined ? true : holds(use.when, given.scope)
  if (condition === false) return { inOrder: [] }
  const runs = condition === undefined && given.runs === 'always' ? underWhen(use.when!) : given.runs
  if (isAnsistrano(name)) {
    const scope = within(given.scope, use.given)
    const walk: Walk = { ...given, runs, scope, via: [...given.via, label] }
    given.layouts.push(ansistranoLayout(scope))
    const hook = (variable: string): Flow => {
      const value = lookup(variable, scope)
      const file = textOf(value?.node, scope)
      if (value === undefined || file === undefined || typeof value.node === 'string') return { inOrder: [] }
      const place = { file: value.file, start: value.node.start, end: value.node.end }
      return includeFlow({ ...nothing, at: place, does: place, module: variable }, file, walk)
    }
    return ansistranoFlow(scope, use.at, { via: given.via, runs, failing: given.failing, actsOn: given.host }, hook)
  }
  const more: Partial<Step> = { via: given.via, runs, failing: given.failing, actsOn: given.host }
  if (isAnsistranoRollback(name)) return stepAt('roll back', use.at, `role ${name}`, { tool: 'ansistrano' }, more)
  const role = given.depth > deepest ? undefined : roleOf(name, given.playbook, given.ground.files)
  if (!role) return provisions(name) ? { inOrder: [] } : stepAt('opaque', use.at, `role ${name}`, {}, more)
  for (const file of role.files) given.files.add(file)
  return insideRole(role, use, { ...given, runs, via: [...given.via, label] }, tasksFrom)
}

const nothing: Omit<Task, 'at' | 'does'> = {
  name: '',
  module: '',
  args: new Map(),
  loopVar: 'item',
  notify: [],
  listen: [],
  ignores: false,
  block: [],
  rescue: [],
  always: [],
}

function insideRole(role: Role, use: RoleUse, given: Walk, tasksFrom?: string): Flow {
  const directory = role.directory
  const place = { node: directory, file: use.at.file }
  const scope = within({ values: new Map() }, ...role.defaults)
  for (const [name, value] of given.scope.values) scope.values.set(name, value)
  // The rest of the play sees a role's variables too.
  for (const [name, value] of scope.values) if (!given.scope.values.has(name)) given.scope.values.set(name, value)
  scope.values.set('role_path', place)
  const own = within(scope, use.given)
  const walk: Walk = {
    ...given,
    scope: own,
    depth: given.depth + 1,
    near: [`${directory}/tasks`, directory, ...given.near],
  }
  walk.handlers.push(...role.handlers.map((task) => ({ task, scope: own })))
  const needs = role.needs.map((need) => roleFlow(need, walk))
  if (tasksFrom === undefined) return { inOrder: [...needs, tasksFlow(role.tasks, walk)] }
  const file = /\.ya?ml$/.test(tasksFrom) ? tasksFrom : `${tasksFrom}.yml`
  return {
    inOrder: [...needs, includeFlow({ ...nothing, at: use.at, does: use.at, module: 'include_role' }, file, walk)],
  }
}

/** Roles from elsewhere that only set up machines. */
function provisions(name: string): boolean {
  return (
    /geerlingguy\.|debops|dev-sec|nginxinc|ssh|nginx|apache|php|mysql|mariadb|postgres|redis|certbot|letsencrypt|firewall|ufw|users?|common|base|docker|composer|nodejs?|git|security|swap|ntp|timezone|fail2ban|monitor|elastic|memcached|rabbitmq|supervisor|java|ruby|rbenv|python|pip|cron|postfix|mail|hardening|packages|system|server|database|bootstrap|init|setup|provision/i.test(
      name,
    ) && !/deploy|release|ansistrano|rollout|update/i.test(name)
  )
}
