import type { Span } from '../../source/source.ts'
import { resolve, theHosts } from '../deployer/body.ts'
import { readPhpProject, requireFile } from '../deployer/php.ts'
import { eraOf, eraOfText, type DeployerProject, type Part } from '../deployer/project.ts'
import { recipeOf, type Recipe } from '../deployer/recipes.ts'
import { builtIn } from '../deployer/tasks.ts'
import { readYamlProject } from '../deployer/yaml.ts'
import type { Extractor, Ground } from '../ground.ts'
import { stepsOfLine } from '../line.ts'
import type { Draft, Flow, Layout, Shared, StepKind } from '../model.ts'
import { stepAt } from '../steps.ts'

// Tasks that call each other are followed this deep.
const deepest = 12

/** Every deploy.php and deploy.yaml: the flow of `dep deploy` and of every other task, with the recipes' own steps. */
export const fromDeployer: Extractor = (ground) => {
  const drafts: Draft[] = []
  const read = new Set<string>()
  const starts = ground.files.all.filter(
    ({ file }) => mayStart.test(file) && !/(^|\/)(vendor|node_modules)\//.test(file),
  )
  // The shallow ones first: deploy/tasks.php is read through the deploy.php that requires it.
  for (const { file, text } of [...starts].sort((a, b) => a.file.split('/').length - b.file.split('/').length)) {
    if (read.has(file) || !isDeployer(file, text)) continue
    const project = projectOf(file, text, ground)
    for (const one of project.files) read.add(one)
    drafts.push(...draftsOf(project, file, ground))
  }
  return drafts
}

const mayStart = /(^|\/)([\w.-]*deploy(er)?[\w.-]*|dep)\.(php|ya?ml)$|(^|\/)\.?deploy(er|ment)?\/.*\.php$/i

function isDeployer(file: string, text: string): boolean {
  if (/\.ya?ml$/.test(file)) return /^import:|^tasks:/m.test(text) && /recipe\/|deploy:|deploy_path/.test(text)
  return /namespace\s+Deployer|use\s+function\s+Deployer|require(_once)?[^;]*recipe\/|Deployer\\/.test(text)
}

function projectOf(file: string, text: string, ground: Ground): DeployerProject {
  const project: DeployerProject & { era: DeployerProject['era'] } = {
    files: [],
    era: eraOf(ground.stack.version('deployer/deployer')) ?? eraOfText(text),
    tasks: new Map(),
    groups: new Map(),
    hooks: [],
    settings: new Map(),
    recipes: new Map(),
    missing: [],
    hosts: [],
  }
  const files = project.files as string[]
  if (/\.ya?ml$/.test(file)) readYamlProject(project, files, file, ground, requireFile)
  else readPhpProject(project, files, file, ground)
  addRecipes(project)
  return project
}

function addRecipes(project: DeployerProject): void {
  const done = new Set<string>()
  const known: { recipe: Recipe; at: Span }[] = []
  const add = (name: string, at: Span): void => {
    if (done.has(name)) return
    done.add(name)
    const recipe = recipeOf(name, project.era)
    if (!recipe) {
      project.missing.push({ at, says: `recipe/${name} is not known` })
      return
    }
    // What a recipe builds on comes first, so that its own lists win.
    for (const used of recipe.uses) add(used, at)
    known.push({ recipe, at })
  }
  for (const [name, at] of project.recipes) add(name, at)
  const groups = new Map<string, { tasks: readonly string[]; at: Span }>()
  for (const { recipe, at } of known) {
    for (const [name, tasks] of Object.entries(recipe.groups)) groups.set(name, { tasks, at })
    for (const [when, task, what] of recipe.hooks) project.hooks.push({ when, task, what, at, builtIn: true })
    for (const [name, texts] of [
      ['shared_dirs', recipe.sharedDirs],
      ['shared_files', recipe.sharedFiles],
    ] as const) {
      if (texts.length > 0) addSetting(project, name, texts, at)
    }
    if (recipe.keeps !== undefined) addSetting(project, 'keep_releases', [String(recipe.keeps)], at)
  }
  for (const [name, group] of groups)
    if (!project.groups.has(name) && !project.tasks.has(name)) project.groups.set(name, group)
}

// A project's `set` replaces what the recipe says, its `add` comes on top; a later recipe replaces an earlier one's.
const ofRecipes = new WeakSet<object>()
function addSetting(project: DeployerProject, name: string, texts: readonly string[], at: Span): void {
  const own = project.settings.get(name)
  if (own && !ofRecipes.has(own)) return
  const more = project.settings.get(`+${name}`)
  const made = {
    texts: [...texts, ...(more?.texts ?? [])],
    at: more?.at ?? at,
    list: name !== 'keep_releases',
    partly: more?.partly ?? false,
  }
  ofRecipes.add(made)
  project.settings.set(name, made)
}

function draftsOf(project: DeployerProject, file: string, ground: Ground): readonly Draft[] {
  const names = new Set([...project.groups.keys(), ...project.tasks.keys()])
  const called = new Set([...project.groups.values()].flatMap((group) => group.tasks))
  const layout = layoutOf(project)
  return [...names].map((name): Draft => {
    const at = project.tasks.get(name)?.at ?? project.groups.get(name)!.at
    const own = project.groups.get(name)
    const starts =
      name === 'deploy' || (!called.has(name) && own !== undefined && own.at.file !== '' && ownGroup(project, name))
    return {
      name: `task ${name} of ${file}`,
      tool: 'deployer',
      at,
      flow: flowOfTask(name, project, ground),
      files: project.files,
      names: [`dep ${name}`, `dep -f ${file} ${name}`],
      entry: starts,
      here: 'runner',
      layout,
    }
  })
}

// A group that the project itself writes, and not one that its recipes bring along.
function ownGroup(project: DeployerProject, name: string): boolean {
  const at = project.groups.get(name)!.at
  return ![...project.recipes.values()].some((one) => one.file === at.file && one.start === at.start)
}

/** A task with its hooks, its parts in their places. */
function flowOfTask(name: string, project: DeployerProject, ground: Ground): Flow {
  const enter = (task: string, at: Span, open: readonly string[], rescue: boolean): Flow => {
    if (open.includes(task) || open.length > deepest) return { inOrder: [] }
    const inside = [...open, task]
    const hooks = (when: 'before' | 'after' | 'fail'): readonly Flow[] =>
      project.hooks
        .filter((hook) => hook.when === when && hook.task === task)
        .map((hook) =>
          when === 'fail'
            ? afterFailure(enter(hook.what, hook.at, inside, true))
            : enter(hook.what, hook.at, inside, rescue),
        )
    const own = project.tasks.get(task)
    if (own?.disabled) return { inOrder: [] }
    const group = project.groups.get(task)
    const body: Flow = {
      inOrder: own
        ? own.body.map((part: Part) =>
            'flow' in part ? viaTask(part.flow, task, own.at) : enter(part.task, part.at, inside, rescue),
          )
        : (group?.tasks.map((part, i) => enter(part, group.places?.[i] ?? group.at, inside, rescue)) ??
          bodyOfBuiltIn(task, at, project, ground)),
    }
    return { inOrder: [...hooks('before'), body, ...hooks('after'), ...hooks('fail')] }
  }
  const start = project.groups.get(name)?.at ?? project.tasks.get(name)!.at
  const fallback: Flow[] = project.missing
    .filter(() => name === 'deploy')
    .map(({ at, says }) => stepAt('opaque', at, says, { tool: 'deployer', could: [] }))
  return { inOrder: [...fallback, enter(name, start, [], false)] }
}

function viaTask(flow: Flow, task: string, at: Span): Flow {
  if ('inOrder' in flow) return { inOrder: flow.inOrder.map((part) => viaTask(part, task, at)) }
  if (!('step' in flow)) return flow
  return {
    step: {
      ...flow.step,
      via: [{ at: { ...at, end: Math.min(at.end, at.start + 80) }, says: `task ${task}` }, ...flow.step.via],
    },
  }
}

function afterFailure(flow: Flow): Flow {
  if ('inOrder' in flow) return { inOrder: flow.inOrder.map(afterFailure) }
  if (!('step' in flow)) return flow
  return { step: { ...flow.step, runs: 'after a failure' } }
}

const special: Readonly<Record<string, StepKind>> = {
  lock: 'lock',
  unlock: 'unlock',
  rollback: 'roll back',
  notify: 'notify',
}

/** What a task of a recipe runs. */
function bodyOfBuiltIn(task: string, at: Span, project: DeployerProject, ground: Ground): readonly Flow[] {
  const actsOn = theHosts
  const detail = { tool: 'deployer', what: task }
  let line = builtIn(task)
  if (line === undefined) return [stepAt('opaque', at, task, detail, { actsOn })]
  if (line === 'nothing') return []
  if (line in special) return [stepAt(special[line]!, at, task, detail, { actsOn })]
  if (skipped(task, project, ground)) return []
  line = withComposer(line, project)
  const flows = stepsOfLine(resolve(line, project), at, { actsOn })
  return flows.map((flow) => ('step' in flow ? { step: { ...flow.step, text: task } } : flow))
}

/** The project's own action and options of composer; by default the recipe leaves development packages out. */
function withComposer(line: string, { settings }: DeployerProject): string {
  const [action, options] = [settings.get('composer_action'), settings.get('composer_options')]
  const named = action && !action.partly ? action.texts.join(' ') : 'install'
  const given = options && !options.partly ? options.texts.join(' ') : '--no-dev --optimize-autoloader'
  const own = /^\s*(?:\{\{\s*composer_action\s*\}\}|(install|update)\b)/.exec(given)
  return line
    .replace('composer install', `composer ${own?.[1] ?? named}`)
    .replace('{{composer_options}}', given.slice(own?.[0].length ?? 0))
}

function skipped(task: string, project: DeployerProject, ground: Ground): boolean {
  // Version 7's own recipe leaves the cache to composer's scripts, where they run.
  if (task === 'deploy:cache:clear' && project.era >= 7 && ground.stack.composerScripts.size > 0)
    return !(project.settings.get('composer_options')?.texts.join(' ') ?? '').includes('--no-scripts')
  if (task === 'artisan:reload' && project.era === 8) {
    const [major = 0, minor = 0] = (ground.stack.version('laravel/framework') ?? '')
      .replace(/^[^\d]*/, '')
      .split('.')
      .map(Number)
    return major > 0 && (major < 12 || (major === 12 && minor < 41))
  }
  return false
}

function layoutOf(project: DeployerProject): Layout {
  const paths = (name: string, file: boolean): readonly Shared[] => {
    const set = project.settings.get(name) ?? project.settings.get(`+${name}`)
    return (set?.texts ?? []).map((path) => ({
      path: resolve(path, project).replace(/^\/+|\/+$/g, ''),
      at: set!.at,
      ...(file ? { file: true } : {}),
    }))
  }
  const partly = ['shared_dirs', 'shared_files'].some((name) => project.settings.get(name)?.partly)
  const keeps = project.settings.get('keep_releases')
  const count = Number(keeps?.texts[0])
  const locks = [...project.groups.values()].some((group) => group.tasks.includes('deploy:lock'))
  return {
    shared: [...paths('shared_dirs', false), ...paths('shared_files', true)],
    ...(partly || project.missing.length > 0 ? {} : { sharesOnly: true as const }),
    ...(keeps && Number.isFinite(count) ? { keeps: { count: count === -1 ? 0 : count, at: keeps.at } } : {}),
    locks: locks ? 'yes' : project.missing.length > 0 ? 'unknown' : 'no',
    rollsBack: true,
  }
}
