import { actionsOf, type Action } from '../../facts/capistrano/actions.ts'
import { capistranoOf, type CapistranoProgram, type Hook } from '../../facts/capistrano/program.ts'
import { settingsOf, type CapistranoSettings } from '../../facts/capistrano/settings.ts'
import { asStage, differs } from '../../facts/capistrano/stages.ts'
import { shapeOf } from '../../facts/capistrano/values.ts'
import type { Command, Script } from '../../facts/shell/script.ts'
import type { Origin } from '../../facts/shell/value.ts'
import type { RubyParser } from '../../parse/ruby.ts'
import type { Label, Span } from '../../source/source.ts'
import { callOf, callOfWords, type Call } from '../call.ts'
import { scriptsWithin, type Extractor, type Ground } from '../ground.ts'
import type { Draft, Flow, Layout, Step } from '../model.ts'
import { failingOf, stepAt } from '../steps.ts'
import { recognise } from '../vocabulary.ts'
import { callFlow, lineFlow, withoutRunner } from './line.ts'
import { builtFlow, type BuiltCall, type BuiltFlow } from './capistrano-flow.ts'

/** `cap deploy` of every Capistrano project, and its other tasks where somebody calls them. */
export const fromCapistrano: Extractor = (ground) => {
  if (!ground.ruby) {
    for (const source of ground.files.of('capistrano'))
      ground.unread(source.file, { start: 0, end: 0, says: 'Ruby: its parser was not loaded' })
    return []
  }
  const { ruby } = ground
  return capistranoOf(ground.files, ruby).flatMap((program) => {
    for (const file of program.files) ground.read(file)
    for (const { file, part } of program.unread) ground.unread(file, part)
    const main = asStage(program)
    const others = program.stages.filter((stage) => stage !== main.stage && differs(program, stage))
    return [
      ...draftsOf(main, ground, ruby, true, others.length > 0 ? main.stage : undefined),
      ...others.flatMap((stage) => draftsOf(asStage(program, stage), ground, ruby, false, stage)),
    ]
  })
}

/** A task runs once at most; hooks of hooks are followed this deep. */
const deepest = 40

interface Reading {
  readonly program: CapistranoProgram
  readonly settings: CapistranoSettings
  readonly built: BuiltFlow
  readonly ground: Ground
  readonly ruby: RubyParser
  /** The project's directories, as the vocabulary's rows read them. */
  readonly paths: ReadonlyMap<string, string>
  /** Version 3: a task that has run does not run again. */
  readonly done: Set<string>
}

/** The plans of a program as one stage sees it. `told`: the stage's name, where stages release in different ways. */
function draftsOf(
  program: CapistranoProgram,
  ground: Ground,
  ruby: RubyParser,
  isMain: boolean,
  told: string | undefined,
): readonly Draft[] {
  const call = told === undefined ? 'cap' : `cap ${told}`
  const settings = settingsOf(program)
  const gems = ground.files.get(program.root ? `${program.root}/Gemfile.lock` : 'Gemfile.lock')?.text ?? ''
  const built = builtFlow(program, gems, (name) => program.files.some((file) => file.endsWith(`/${name}.rb`)))
  const setting = settings.meanings().setting
  const paths = new Map([
    ['deploy_to', setting('deploy_path') ?? '$deploy_to'],
    ['current', setting('current_path') ?? '$deploy_to/current'],
    ['release', setting('release_path') ?? '$deploy_to/releases/$release'],
    ['releases', setting('releases_path') ?? '$deploy_to/releases'],
    ['shared', setting('shared_path') ?? '$deploy_to/shared'],
  ])
  const entries = ['deploy', ...(program.version === 2 ? ['deploy:migrations'] : [])]
  const own = [...program.tasks.keys()].filter((name) => !entries.includes(name) && !/\s/.test(name))
  return [...entries, ...own].map((task): Draft => {
    const reading: Reading = { program, settings, built, ground, ruby, paths, done: new Set() }
    const flow = taskFlow(task, reading, [], 0)
    const whole: Flow =
      task === 'deploy' ? { inOrder: [flow, ...afterFailure(reading), ...unknownLibraries(reading)] } : flow
    return {
      name: `${call} ${task}`,
      tool: 'capistrano',
      at: program.tasks.get(task)?.at ?? placeOf(program, told) ?? program.at,
      flow: whole,
      files: program.files,
      names: [
        ...(isMain ? [`cap ${task}`] : []),
        ...(program.stage === undefined ? [] : [`cap ${program.stage} ${task}`]),
      ],
      entry: task === 'deploy',
      here: 'unknown',
      layout: layoutOf(program, settings, paths),
    }
  })
}

/** The file of a stage that releases in a way of its own. */
function placeOf(program: CapistranoProgram, told: string | undefined): Span | undefined {
  if (told === undefined) return undefined
  const own = [...program.servers, ...program.settings, ...program.hooks].find((one) => one.stage === told)
  return own && { file: own.at.file, start: 0, end: 0 }
}

function layoutOf(
  program: CapistranoProgram,
  settings: CapistranoSettings,
  paths: ReadonlyMap<string, string>,
): Layout {
  const dirs = settings.list(program.version === 2 ? 'shared_children' : 'linked_dirs')
  const files = settings.list('linked_files')
  const keeps = settings.last('keep_releases')
  const count = Number(settings.meanings().setting('keep_releases'))
  const usual =
    program.version === 2 && !dirs.set
      ? ['public/system', 'log', 'tmp/pids'].map((path) => ({ path, at: program.at }))
      : []
  const shared = [
    ...usual,
    ...dirs.items.map((item) => ({ path: item.text, at: item.at })),
    ...files.items.map((item) => ({ path: item.text, at: item.at, file: true })),
  ]
  // Version 2 projects link by hand in their own tasks; plugins of version 3 add their own.
  const plugins = program.wants.some((want) => /laravel|symfony|magento|drupal|wordpress|typo3/.test(want.name))
  const only = program.version === 3 && program.whole && dirs.whole && files.whole && !plugins
  return {
    live: paths.get('current')!,
    shared,
    ...(only ? { sharesOnly: true } : {}),
    ...(keeps && Number.isInteger(count) && count > 0 ? { keeps: { count, at: keeps.at } } : {}),
    locks: program.wants.some((want) => /lock/.test(want.name)) ? 'yes' : 'no',
    rollsBack: true,
  }
}

/** What hangs on `deploy:failed` runs only then. */
function afterFailure(reading: Reading): readonly Flow[] {
  if (reading.program.version === 2) return []
  const flow = taskFlow('deploy:failed', reading, [], 0)
  return [soften(flow)]
}

function soften(flow: Flow): Flow {
  if ('step' in flow) return { step: { ...flow.step, runs: 'after a failure' } }
  return 'inOrder' in flow ? { inOrder: flow.inOrder.map(soften) } : flow
}

/** Libraries whose hooks nobody here knows: they could do anything at any time. */
function unknownLibraries({ built, program, paths }: Reading): readonly Flow[] {
  const cwd = paths.get('release')!
  const opaque = (at: Span, text: string): Flow => stepAt('opaque', at, text, { cwd }, { actsOn: 'servers' })
  const hidden = program.whole ? [] : [opaque(program.at, 'what the Capfile requires (it is not in the repository)')]
  return [...built.unknown.map((want) => opaque(want.at, `require '${want.name}'`)), ...hidden]
}

function taskFlow(name: string, reading: Reading, via: readonly Label[], depth: number): Flow {
  const { program, built, done } = reading
  if (depth > deepest || (program.version === 3 && done.has(name))) return { inOrder: [] }
  done.add(name)
  const task = program.tasks.get(name)
  const blocks = task?.blocks ?? []
  const follow = (other: string, at: Span | undefined, says: string): Flow =>
    taskFlow(other, reading, at ? [...via, { at, says }] : via, depth + 1)
  const ownHooks = (when: Hook['when']): readonly Flow[] =>
    program.hooks
      .filter((hook) => hook.when === when && sameTask(hook.task, name, program))
      .map((hook) => follow(hook.runs, hook.at, `${when} ${hook.task}`))
  const toolHooks = (when: Hook['when']): readonly Flow[] =>
    built.hooks
      .filter((hook) => !task?.cleared && hook.when === when && hook.task === name)
      .map((hook) => follow(hook.runs, hook.at, `${hook.from} runs it ${when} ${hook.task}`))
  const needs = (task?.needs ?? []).map((need) => follow(need.task, need.at, `${name} needs ${need.task}`))
  const first = { inOrder: [...needs, ...toolHooks('before'), ...ownHooks('before')] }
  const calls = toolCalls(name, blocks.length > 0, task?.cleared === true, reading)
  const tool: Flow = { inOrder: calls.map((call) => follow(call.task, call.at, `${name} runs ${call.task}`)) }
  const leaf = leafFlow(name, blocks.length > 0 || task?.cleared === true, calls, reading, via)
  const text = (at: Span): string => reading.ground.files.get(at.file)?.text.slice(at.start, at.end) ?? ''
  // The tool's own hooks are there before the project's files are read.
  const after = toolHooks('after')
  const own = blocks.map((block): Flow => ({
    inOrder: actionsOf(block, program, reading.settings, text, name).map((action) =>
      actionFlow(action, reading, via, depth),
    ),
  }))
  return { inOrder: [first, tool, leaf, ...after, ...own, ...ownHooks('after')] }
}

// Version 2 knows `deploy:symlink` under its old and its new name.
function sameTask(hook: string, name: string, program: CapistranoProgram): boolean {
  if (hook === name) return true
  if (program.version !== 2) return false
  return (
    (name === 'deploy:create_symlink' && hook === 'deploy:symlink') || (name === 'deploy' && hook === 'deploy:default')
  )
}

/** What the tool's own task of this name runs; in version 2 the project's task takes its place. */
function toolCalls(name: string, has: boolean, cleared: boolean, { program, built }: Reading): readonly BuiltCall[] {
  if (cleared || (program.version === 2 && has)) return []
  return built.tasks.get(name) ?? []
}

/** A task that has no body here is what its name says. */
function leafFlow(
  name: string,
  own: boolean,
  calls: readonly BuiltCall[],
  reading: Reading,
  via: readonly Label[],
): Flow {
  const { program, built, paths } = reading
  const none: Flow = { inOrder: [] }
  const core =
    /^(deploy:(symlink:(release|linked_dirs|linked_files)|cleanup|create_symlink|strategy)|git:create_release)$/
  if ((own && !(program.version === 3 && core.test(name))) || program.tasks.get(name)?.cleared) return none
  // A stage loads its settings.
  if (
    calls.length > 0 ||
    built.tasks.has(name) ||
    program.stages.includes(name) ||
    /^(production|staging|ensure_stage)$/.test(name)
  )
    return none
  const listed = program.settings.some((one) => /^(linked_|shared_children)/.test(one.name))
  if (/^deploy:symlink:linked_/.test(name) && program.whole && !listed) return none
  const call: Call = { in: 'capistrano', name, operands: [], options: paths, text: name, cwd: paths.get('release')! }
  const meaning = recognise(call)
  if (meaning?.kind === 'nothing') return none
  const at = via.at(-1)?.at ?? program.at
  if (!meaning) {
    if (program.tasks.has(name)) return none // a task without a body: hooks hang on it
    return stepAt('opaque', at, `task ${name}`, { cwd: paths.get('release')! }, { via, actsOn: 'servers' })
  }
  const { detail } = meaning
  const flags = name === 'composer:install' || name === 'composer:run' ? composerFlags(reading) : []
  const text = flags.length > 0 ? `${name} (composer install ${flags.join(' ')})` : name
  return stepAt(meaning.kind, at, text, { ...detail, flags }, { via, actsOn: 'servers' })
}

/** The plugin's own flags, or those that the project sets. */
function composerFlags({ settings }: Reading): readonly string[] {
  const set = settings.list('composer_install_flags')
  const own = set.set ? set.items.map((item) => item.text).join(' ') : undefined
  return (own ?? '--no-dev --prefer-dist --no-interaction --quiet --optimize-autoloader').split(/\s+/)
}

function actionFlow(action: Action, reading: Reading, via: readonly Label[], depth: number): Flow {
  const { program, paths } = reading
  const trail = [...via, ...action.via]
  const more: Partial<Step> = {
    via: trail,
    runs: action.runs,
    failing: action.failing,
    actsOn: hostOf(action.host, program),
  }
  const cwd = action.cwd ?? (action.host === 'here' ? undefined : paths.get('deploy_to'))
  const placed = action.cwd === undefined ? {} : { cwd: action.cwd }
  if (action.kind === 'invoke') {
    const label = { at: action.at, says: `invokes ${action.task}` }
    const flow = taskFlow(action.task, reading, [...trail, label], depth + 1)
    return action.runs === 'always' && action.failing === 'stops' ? flow : inherit(flow, action)
  }
  if (action.kind === 'upload') return uploadFlow(action, more)
  if (action.kind === 'opaque') return stepAt('opaque', action.at, action.text, { ...placed }, more)
  if (action.kind === 'words') {
    const call = callOfWords(withoutRunner(action.words), action.words.join(' '), cwd ? { cwd } : {})
    return callFlow(call, action.at, action.words.join(' '), more)
  }
  const scripts = scriptsWithin(reading.ground, action.at)
  const commands = scripts.flatMap((script) =>
    script.commands.map((command) => commandFlow(command, script, action, reading, cwd, more)),
  )
  if (commands.length > 0) return { inOrder: commands }
  return lineFlow(action.line, action.at, cwd, more)
}

/** A shell command inside a Ruby string: its holes stand for what Ruby's settings say. */
function commandFlow(
  command: Command,
  script: Script,
  action: Action,
  reading: Reading,
  cwd: string | undefined,
  more: Partial<Step>,
): Flow {
  const meanings = reading.settings.meanings(action.kind === 'shell' ? action.bound : undefined)
  const filled = (origin: Origin): string => {
    if (origin.kind !== 'template') return origin.name
    const shape = shapeOf(reading.ruby(origin.name).tree.at(-1), meanings)
    return shape.includes('$…') ? `$${origin.name}` : shape
  }
  const call = callOf(command, filled)
  const usual = call?.cwd === undefined && cwd !== undefined ? { cwd } : {}
  const sometimes = more.runs !== undefined && more.runs !== 'always'
  return callFlow(call && { ...call, ...usual }, command.at, call?.text ?? command.text, {
    ...more,
    via: [...(more.via ?? []), ...command.via],
    runs: sometimes ? more.runs! : command.runs,
    failing: more.failing === 'goes on' ? 'goes on' : failingOf(command, script),
    // The host of the shell is what Ruby says; another one is what the command itself reaches.
    ...(command.actsOn === 'here' || command.actsOn === command.runsOn ? {} : { actsOn: command.actsOn }),
    command,
  })
}

function uploadFlow(action: Action & { kind: 'upload' }, more: Partial<Step>): Flow {
  return stepAt('upload', action.at, action.text, { path: action.to, target: action.from, tool: 'sshkit' }, more)
}

/** A step of a task that runs only sometimes, or whose failure is passed over, is so too. */
function inherit(flow: Flow, action: Action): Flow {
  if ('inOrder' in flow) return { inOrder: flow.inOrder.map((part) => inherit(part, action)) }
  if (!('step' in flow)) return flow
  const { step } = flow
  return {
    step: {
      ...step,
      runs: step.runs === 'always' ? action.runs : step.runs,
      failing: action.failing === 'goes on' ? 'goes on' : step.failing,
    },
  }
}

/** A host that is one of the project's servers is like all of them. */
function hostOf(host: string, program: CapistranoProgram): string {
  if (host === 'here' || host === 'servers') return host
  const name = (text: string): string => text.replace(/^.*@/, '').replace(/:\d+$/, '')
  return program.servers.some((server) => name(server.host) === name(host)) ? 'servers' : host
}
