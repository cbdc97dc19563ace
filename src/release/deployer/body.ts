import type { PhpCall, PhpExpression, PhpFile, PhpFunction, PhpNode, PhpStatement } from '../../parse/php.ts'
import { phpChildren } from '../../parse/php.ts'
import type { Span } from '../../source/source.ts'
import { scriptsWithin, type Ground } from '../ground.ts'
import { stepsOfLine } from '../line.ts'
import type { Flow, Step } from '../model.ts'
import { joined } from '../path.ts'
import { flowOf, stepAt } from '../steps.ts'
import { nameOf, textOf } from './php.ts'
import type { Body, DeployerProject, Part } from './project.ts'

interface Given {
  readonly file: string
  readonly tree: PhpFile
  readonly ground: Ground
  readonly project: DeployerProject
}

// The project's own functions are followed this deep.
const deepest = 4

interface State {
  cwd: string | undefined
  readonly runs: Step['runs']
  readonly depth: number
}

/** What a task's function runs, in order: `run`, `upload`, `invoke`, and the project's own functions followed. */
export function bodyOf(task: PhpExpression, given: Given): Body {
  const out: Part[] = []
  const state: State = { cwd: undefined, runs: 'always', depth: 0 }
  if (task.kind === 'function') for (const statement of task.body ?? []) read(statement, state, given, out)
  else {
    const text = textOf(task)
    if (text !== undefined) out.push(...shell(task, text, theHosts, state, given))
  }
  return out
}

function read(node: PhpNode, state: State, given: Given, out: Part[]): void {
  switch (node.kind) {
    case 'if':
      read(node.test, state, given, out)
      for (const list of [node.then, node.otherwise])
        all(list, { ...state, runs: rarer(state.runs, 'sometimes') }, given, out)
      return
    case 'ternary':
      read(node.test, state, given, out)
      for (const one of [node.then, node.otherwise])
        if (one) read(one, { ...state, runs: rarer(state.runs, 'sometimes') }, given, out)
      return
    case 'switch':
      for (const one of node.cases) all(one.body, { ...state, runs: rarer(state.runs, 'sometimes') }, given, out)
      return
    case 'try':
      all(node.body, state, given, out)
      for (const one of node.catches) all(one.body, { ...state, runs: 'after a failure' }, given, out)
      all(node.always, state, given, out)
      return
    case 'binary':
      read(node.left, state, given, out)
      read(
        node.right,
        /^(&&|\|\||and|or)$/.test(node.operator) ? { ...state, runs: rarer(state.runs, 'sometimes') } : state,
        given,
        out,
      )
      return
    case 'call':
      call(node, state, given, out)
      return
    case 'function':
    case 'class':
      return
    default:
      for (const child of phpChildren(node)) read(child, state, given, out)
  }
}

function all(list: readonly PhpStatement[], state: State, given: Given, out: Part[]): void {
  for (const statement of list) read(statement, state, given, out)
}

const rarer = (a: Step['runs'], b: Step['runs']): Step['runs'] => (a === 'always' ? b : a)

function call(node: PhpCall, state: State, given: Given, out: Part[]): void {
  const name = node.how === 'method' ? '' : nameOf(node)
  const first = node.args[0]?.value
  const text = textOf(first)
  const span: Span = { file: given.file, start: node.start, end: node.end }
  const closures = node.args.map((arg) => arg.value).filter((one): one is PhpFunction => one.kind === 'function')
  switch (name) {
    case 'run':
    case 'sudo':
      out.push(...shell(node, text, theHosts, state, given))
      return
    case 'runLocally':
      out.push(...shell(node, text, 'here', state, given))
      return
    case 'cd':
    case 'workingPath':
      state.cwd = text === undefined ? undefined : resolve(text, given.project)
      return
    case 'within': {
      const inner = { ...state, cwd: text === undefined ? undefined : resolve(text, given.project) }
      for (const one of closures) all(one.body ?? [], inner, given, out)
      return
    }
    case 'on':
      for (const one of closures) all(one.body ?? [], state, given, out)
      return
    case 'invoke':
      if (text) out.push({ task: text, at: span })
      return
    case 'upload':
    case 'uploadFile': {
      const path = resolve(textOf(node.args[1]?.value) ?? 'unknown', given.project)
      const target = resolve(text ?? 'unknown', given.project)
      const more = { actsOn: theHosts, runs: state.runs }
      out.push({
        flow: stepAt(
          'upload',
          span,
          shown(node, given),
          { tool: 'rsync', how: 'rsync', path, target, live: 'perhaps' },
          more,
        ),
      })
      return
    }
    case 'artisan':
      if (text) out.push({ task: `artisan:${text.split(' ')[0]!}`, at: span })
      return
    case 'test':
    case 'writeln':
    case 'get':
    case 'download':
    case 'askConfirmation':
      return
  }
  const own = name === '' || state.depth >= deepest ? undefined : functionNamed(given.tree, name)
  for (const arg of node.args) if (arg.value.kind !== 'function') read(arg.value, state, given, out)
  if ('kind' in node.on && node.how === 'method' && node.on.kind !== 'class') read(node.on, state, given, out)
  if (own) all(own.body ?? [], { ...state, depth: state.depth + 1 }, given, out)
}

function functionNamed(tree: PhpFile, name: string): PhpFunction | undefined {
  const open: PhpStatement[] = [...tree.body]
  for (let i = 0; i < open.length && i < 2000; i++) {
    const one = open[i]!
    if (one.kind === 'function' && one.name === name) return one
    if (one.kind === 'namespace' || one.kind === 'block') open.push(...one.body)
  }
  return undefined
}

/** The shell in a `run()`: as the interpreter read it, else as a plain line. */
function shell(
  node: PhpExpression,
  text: string | undefined,
  actsOn: string,
  state: State,
  given: Given,
): readonly Part[] {
  const span: Span = { file: given.file, start: node.start, end: node.end }
  const scripts = scriptsWithin(given.ground, span)
  const runs = state.runs
  if (scripts.length > 0) {
    return scripts.map((script) => ({ flow: placed(flowOf(script), actsOn, state, given.project) }))
  }
  if (text === undefined) {
    return [{ flow: stepAt('opaque', span, shown(node, given), {}, { actsOn, runs }) }]
  }
  const cwd = state.cwd
  const flows = stepsOfLine(resolve(text, given.project), span, { actsOn, runs, ...(cwd ? { cwd } : {}) })
  return flows.map((flow) => ({ flow }))
}

// A step of the interpreter's knows neither the hosts nor the `cd()` before it.
function placed(flow: Flow, actsOn: string, state: State, project: DeployerProject): Flow {
  if ('inOrder' in flow) return { inOrder: flow.inOrder.map((part) => placed(part, actsOn, state, project)) }
  if (!('step' in flow)) return flow
  const { step } = flow
  const fix = (path: string | undefined): string | undefined =>
    path === undefined ? undefined : joined(step.detail.cwd ? undefined : state.cwd, resolve(path, project))
  const { path, cwd, link, target } = step.detail
  const detail = {
    ...step.detail,
    ...(path === undefined ? {} : { path: fix(path)! }),
    ...(link === undefined ? {} : { link: fix(link)! }),
    ...(target === undefined ? {} : { target: fix(target)! }),
    ...((cwd ?? state.cwd) ? { cwd: resolve(cwd ?? state.cwd!, project) } : {}),
  }
  const host = step.actsOn === 'here' || /^\{\{|^unknown$|^the (deploy )?host/.test(step.actsOn) ? actsOn : step.actsOn
  return { step: { ...step, detail, actsOn: host, runs: step.runs === 'always' ? state.runs : step.runs } }
}

const shown = (node: PhpExpression, given: Given): string =>
  given.ground.files.get(given.file)?.text.slice(node.start, node.end) ?? ''

/** A text with the project's own placeholders filled in; those of Deployer stay by name. */
export function resolve(text: string, project: DeployerProject, depth = 0): string {
  if (depth > 5 || !text.includes('{{')) return text
  return text.replace(/\{\{\s*([\w./-]+)\s*\}\}/g, (whole, name: string) => {
    const known = project.settings.get(name)
    if (!known || known.list || known.partly || known.texts.length !== 1 || name === 'deploy_path') return whole
    return resolve(known.texts[0]!, project, depth + 1)
  })
}

/** The hosts that the project's tasks run on, as one place: they may be named after the tasks, in another file or an inventory. */
export const theHosts = 'the hosts'
