import { at, entriesOf, isEmpty, itemsOf, textAt, type YamlMap, type YamlNode } from '../../parse/yaml.ts'
import type { Known, Lookup } from './expression.ts'

/** What a workflow, a job and the steps before say of the contexts of an expression. */
export interface Contexts {
  /** The workflow's or action's `on:`/`inputs:`. */
  readonly triggers: ReadonlySet<string>
  readonly inputs: ReadonlyMap<string, Known>
  readonly env: ReadonlyMap<string, Known>
  readonly matrix: ReadonlyMap<string, Known>
  readonly steps: ReadonlyMap<string, Known>
  /** Outputs by job; `any`: it is another workflow, whose outputs are not looked up. */
  readonly needs: ReadonlyMap<string, Outputs>
}

/** The outputs that a job declares. */
export type Outputs = ReadonlyMap<string, Known> | 'any'

const never: Known = { empty: 'never', how: '' }
const unknown: Known = { empty: 'unknown', how: '' }

const githubNever = new Set(
  (
    'action action_path action_ref action_repository actor actor_id api_url env event event_name event_path graphql_url job path ref ref_name ref_type ' +
    'repository repository_id repository_owner repository_owner_id repositoryurl retention_days run_id run_number run_attempt server_url sha ' +
    'token triggering_actor workflow workflow_ref workflow_sha workspace'
  ).split(' '),
)

/** The contexts as a lookup: whether a property can be empty, and how. */
export function lookupIn(contexts: Contexts): Lookup {
  return (path) => {
    const [context, first, second, third] = path
    switch (context) {
      case 'github':
        return first === 'event' ? eventOf(path.slice(2), contexts) : githubOf(first)
      case 'inputs':
        return inputOf(contexts, first)
      case 'env':
        return named(contexts.env, first) ?? { empty: 'unknown', how: '' }
      case 'matrix':
        return contexts.matrix.get(first ?? '') ?? unknown
      case 'secrets':
        return first === 'github_token'
          ? never
          : { empty: 'maybe', how: 'is empty when the secret is not set, as on a fork' }
      case 'vars':
        return { empty: 'maybe', how: 'is empty when the variable is not set for this repository or environment' }
      case 'steps':
        return stepOf(contexts, first, second, third)
      case 'needs':
        return needOf(contexts, first, second, third)
      case 'runner':
      case 'strategy':
      case 'job':
        return first === 'debug' ? unknown : never
      default:
        return unknown
    }
  }
}

/** Names of variables are told apart by case, properties of contexts are not. */
function named(env: ReadonlyMap<string, Known>, name: string | undefined): Known | undefined {
  for (const [own, known] of env) if (own.toLowerCase() === name) return known
  return undefined
}

function githubOf(name: string | undefined): Known {
  if (name && githubNever.has(name)) return never
  if (name === 'head_ref' || name === 'base_ref')
    return { empty: 'maybe', how: 'is empty unless a pull request started the run' }
  return unknown
}

function eventOf(path: readonly string[], { triggers, inputs }: Contexts): Known {
  const [first, second] = path
  if (first === 'inputs' || first === 'client_payload')
    return first === 'inputs' && second !== undefined
      ? (inputs.get(second) ?? unknown)
      : { empty: 'maybe', how: 'is empty when the event brings no such value' }
  if (first === 'repository' || first === 'sender' || first === 'organization') return unknown
  const needed = first === 'release' ? 'release' : first === 'pull_request' ? 'pull_request' : undefined
  if (needed && [...triggers].every((trigger) => trigger.startsWith(needed))) return unknown
  if (needed) return { empty: 'maybe', how: `is empty unless a ${needed.replace('_', ' ')} started the run` }
  return unknown
}

function inputOf({ inputs, triggers }: Contexts, name: string | undefined): Known {
  const own = name ? inputs.get(name) : undefined
  if (own) return own
  // GitHub puts nothing there. Whoever mends it declares the input, so what depends on it is read both ways.
  return triggers.size > 0 && inputs.size > 0 ? { empty: 'maybe', how: 'is empty: no such input is declared' } : unknown
}

function stepOf(
  contexts: Contexts,
  id: string | undefined,
  second: string | undefined,
  third: string | undefined,
): Known {
  if (second !== 'outputs' || !id || !third) return second === 'outputs' ? unknown : never
  return contexts.steps.get(id) ?? { texts: [''], empty: 'always', how: `is empty: no step before has the id ${id}` }
}

function needOf(
  contexts: Contexts,
  job: string | undefined,
  second: string | undefined,
  third: string | undefined,
): Known {
  if (second === 'result') return never
  if (!job || second !== 'outputs' || !third) return unknown
  const outputs = [...contexts.needs].find(([name]) => name.toLowerCase() === job)?.[1]
  if (!outputs) return { texts: [''], empty: 'always', how: `is empty: the job does not need ${job}` }
  if (outputs === 'any') return unknown
  return outputs.get(third) ?? { texts: [''], empty: 'always', how: `is empty: the job ${job} declares no such output` }
}

/** The names of the events that start a workflow. */
export function triggersOf(root: YamlNode | undefined): ReadonlySet<string> {
  const on = at(root, 'on') ?? at(root, 'true')
  if (on?.kind === 'map') return new Set(entriesOf(on).map((entry) => entry.key.text))
  return new Set(itemsOf(on).flatMap((item) => (item.kind === 'scalar' ? [item.text] : [])))
}

/** A call of a workflow or an action from within the project. */
export interface Call {
  /** The file that calls. */
  readonly from: string
  /** Its `with:`. */
  readonly given: YamlMap | undefined
}

/** What the inputs of a workflow or an action can be, from how they are declared and, for a called workflow, from what its callers give. */
export function inputsOf(root: YamlNode | undefined, calls: readonly Call[]): ReadonlyMap<string, Known> {
  const out = new Map<string, Known>()
  const on = at(root, 'on') ?? at(root, 'true')
  const triggers = triggersOf(root)
  const others = [...triggers].filter((name) => name !== 'workflow_dispatch' && name !== 'workflow_call')
  for (const trigger of ['workflow_dispatch', 'workflow_call'] as const)
    for (const { key, value } of entriesOf(at(on, trigger, 'inputs'))) {
      const known =
        others.length > 0
          ? { empty: 'maybe' as const, how: `is empty when ${others[0]} starts the run` }
          : trigger === 'workflow_call'
            ? calledInput(key.text, value, calls)
            : dispatched(value)
      out.set(key.text.toLowerCase(), known)
    }
  for (const { key, value } of entriesOf(at(root, 'inputs')))
    out.set(key.text.toLowerCase(), actionInput(key.text, value, calls))
  return out
}

function dispatched(input: YamlNode): Known {
  const type = textAt(input, 'type') ?? 'string'
  if (type === 'boolean') return { texts: ['true', 'false'], empty: 'never', how: '', logical: true }
  if (type === 'choice') {
    const texts = itemsOf(at(input, 'options')).flatMap((option) => (option.kind === 'scalar' ? [option.text] : []))
    return texts.length === 0
      ? unknown
      : { texts, empty: texts.includes('') ? 'maybe' : 'never', how: 'is one of the choices' }
  }
  if (type === 'environment' || textAt(input, 'required') === 'true') return never
  return { empty: 'maybe', how: 'is empty when whoever starts the run leaves the field blank' }
}

function calledInput(name: string, input: YamlNode, calls: readonly Call[]): Known {
  const type = textAt(input, 'type')
  if (type === 'boolean') return { texts: ['true', 'false'], empty: 'never', how: '', logical: true }
  if (type === 'number') return never
  const fallback = textAt(input, 'default')
  if (textAt(input, 'required') === 'true') return unknown
  if (fallback !== undefined && fallback !== '') return unknown
  if (calls.length > 0 && calls.every((call) => givenIn(call, name))) return unknown
  return { empty: 'maybe', how: 'is empty when the calling workflow does not give it' }
}

const givenIn = ({ given }: Call, name: string): YamlNode | undefined =>
  entriesOf(given).find((entry) => entry.key.text.toLowerCase() === name.toLowerCase())?.value

/** The callers in the project decide; where there are none, whoever calls from outside keeps to what is required. */
function actionInput(name: string, input: YamlNode, calls: readonly Call[]): Known {
  const fallback = at(input, 'default')
  if (fallback && !isEmpty(fallback)) return unknown
  const values = calls.map((call) => givenIn(call, name))
  const leaves = calls[values.findIndex((value) => value === undefined || isEmpty(value))]
  if (leaves) return { empty: 'maybe', how: `is empty: a step in ${leaves.from} does not give it` }
  if (calls.length > 0) {
    const texts = values.map((value) => textAt(value))
    return texts.some((text) => text === undefined || text.includes('${{'))
      ? unknown
      : { texts: [...new Set(texts.map((text) => text!))], empty: 'never', how: '' }
  }
  if (textAt(input, 'required') === 'true') return unknown
  return { empty: 'maybe', how: 'is empty when the workflow does not give it' }
}

/** What the properties of a job's matrix can be. */
export function matrixOf(job: YamlNode | undefined): ReadonlyMap<string, Known> {
  const out = new Map<string, Known>()
  const matrix = at(job, 'strategy', 'matrix')
  const included = itemsOf(at(matrix, 'include'))
  for (const { key, value } of entriesOf(matrix)) {
    if (key.text === 'include' || key.text === 'exclude') continue
    const texts = itemsOf(value).map((item) =>
      item.kind === 'scalar' && !item.text.includes('${{') ? item.text : undefined,
    )
    for (const one of included) {
      const more = at(one, key.text)
      if (more) texts.push(more.kind === 'scalar' ? more.text : undefined)
    }
    out.set(
      key.text.toLowerCase(),
      value.kind === 'list' && texts.every((text) => text !== undefined) ? textsOf(texts) : unknown,
    )
  }
  const names = new Set(included.flatMap((one) => entriesOf(one).map((entry) => entry.key.text)))
  for (const name of names) {
    if (out.has(name.toLowerCase())) continue
    const own = included.map((one) => textAt(one, name) ?? '')
    const base = entriesOf(matrix).some((entry) => entry.key.text !== 'include' && entry.key.text !== 'exclude')
    out.set(name.toLowerCase(), base ? unknown : textsOf(own))
  }
  return out
}

function textsOf(texts: readonly string[]): Known {
  const own = [...new Set(texts)]
  if (own.length === 0) return unknown
  return {
    texts: own,
    empty: own.every((text) => text !== '') ? 'never' : 'maybe',
    how: 'is empty for one entry of the matrix',
  }
}
