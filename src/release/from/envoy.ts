import { directoryOf, joinPath } from '../../discover/files.ts'
import type { Source, Span } from '../../source/source.ts'
import { scriptsIn, type Extractor, type Ground } from '../ground.ts'
import type { Draft, Flow } from '../model.ts'
import { flowOf, isWorkplace, stepAt } from '../steps.ts'

/** What one Envoy file says: its servers, and its tasks and stories by name. */
interface Envoy {
  readonly servers: ReadonlyMap<string, readonly string[]>
  readonly tasks: readonly Part[]
  readonly stories: readonly Part[]
}

/** A task or story: where it begins, the options behind its name, and the text inside. */
interface Part {
  readonly name: string
  readonly options: string
  readonly at: Span
  readonly body: Span
}

/** Every task and story of an Envoy file is a plan; `envoy run deploy` calls it. */
export const fromEnvoy: Extractor = (ground) =>
  ground.files.of('php').flatMap((source): readonly Draft[] => {
    if (!/(^|\/)[Ee]nvoy\.blade\.php$|(^|\/)Envoy[^/]*$/.test(source.file)) return []
    ground.read(source.file)
    const envoy = envoyOf(source)
    const included = includesOf(source, ground)
    const tasks = [envoy, ...included.map(envoyOf)].flatMap((one) => one.tasks)
    const files = [source.file, ...included.map((one) => one.file)]
    const drafts = tasks.map((task) => draftOf(task, files, taskFlow(task, envoy, ground), ground, source))
    return [...envoy.stories.map((story) => storyDraft(story, tasks, files, source, ground)), ...drafts]
  })

function draftOf(part: Part, files: readonly string[], flow: Flow, ground: Ground, source: Source): Draft {
  return {
    name: `envoy run ${part.name}`,
    tool: 'envoy',
    at: part.at,
    flow,
    files,
    names: [`envoy ${part.name}`, `envoy ${source.file}:${part.name}`],
    entry: true,
    here: isWorkplace(scriptsOf(part, ground)) ? 'runner' : 'unknown',
    layout: { locks: 'no' },
  }
}

function storyDraft(
  story: Part,
  tasks: readonly Part[],
  files: readonly string[],
  source: Source,
  ground: Ground,
): Draft {
  const steps: Flow[] = []
  for (const found of inside(story.body, ground).matchAll(/^[ \t]*([\w:.-]+)[ \t]*$/gm)) {
    const start = story.body.start + found.index + found[0].indexOf(found[1]!)
    const at = { file: source.file, start, end: start + found[1]!.length }
    const task = tasks.find((one) => one.name === found[1])
    steps.push(stepAt('opaque', at, found[1]!, task ? { calls: [`envoy ${source.file}:${task.name}`] } : {}))
  }
  return draftOf(story, files, { inOrder: steps }, ground, source)
}

const inside = (body: Span, ground: Ground): string =>
  ground.files.get(body.file)?.text.slice(body.start, body.end) ?? ''

const scriptsOf = (task: Part, ground: Ground): ReturnType<typeof scriptsIn> =>
  scriptsIn(ground, task.at.file).filter((script) => script.site.name === `task ${task.name}`)

/** The shell of a task, on the servers that it names. */
function taskFlow(task: Part, envoy: Envoy, ground: Ground): Flow {
  const named = [...task.options.matchAll(/["']([\w.-]+)["']/g)].map((found) => found[1]!)
  const on = named.filter((name) => envoy.servers.has(name))
  const hosts = (on.length > 0 ? on : [...envoy.servers.keys()]).flatMap((name) => envoy.servers.get(name)!)
  const host = hosts.length > 0 ? [...new Set(hosts)].join(', ') : 'the servers'
  return { inOrder: scriptsOf(task, ground).map((script) => placed(flowOf(script), host)) }
}

function placed(flow: Flow, host: string): Flow {
  if ('inOrder' in flow) return { inOrder: flow.inOrder.map((part) => placed(part, host)) }
  if (!('step' in flow)) return flow
  return flow.step.actsOn === 'the servers' ? { step: { ...flow.step, actsOn: host } } : flow
}

/** `@include('deploy/tasks.php')`, `@import(…)`: files of the project that stand in this one. */
function includesOf(source: Source, ground: Ground): readonly Source[] {
  return [...source.text.matchAll(/@(?:include|import)\(\s*(["'])([^"'\n]+)\1/g)].flatMap((found) => {
    const path = joinPath(directoryOf(source.file), found[2]!.replace(/^\.\//, ''))
    return (path === undefined ? undefined : ground.files.get(path)) ?? []
  })
}

function envoyOf(source: Source): Envoy {
  return {
    servers: serversIn(source.text),
    tasks: partsIn(source, 'task', 'endtask'),
    stories: [...partsIn(source, 'story', 'endstory'), ...partsIn(source, 'macro', 'endmacro')],
  }
}

function partsIn(source: Source, opens: string, ends: string): readonly Part[] {
  const head = new RegExp(String.raw`^[ \t]*@${opens}\(\s*(["'])([^"'\n]*)\1([^\n]*)\)[ \t]*$`, 'gm')
  return [...source.text.matchAll(head)].map((found): Part => {
    const start = found.index + found[0].length
    const stop = source.text.indexOf(`@${ends}`, start)
    return {
      name: found[2]!,
      options: found[3]!,
      at: { file: source.file, start: found.index + found[0].indexOf('@'), end: start },
      body: { file: source.file, start, end: stop === -1 ? source.text.length : stop },
    }
  })
}

/** `@servers(['web' => ['a', 'b'], 'jobs' => 'c'])`: addresses by name; a computed one is shown as written. */
function serversIn(text: string): ReadonlyMap<string, readonly string[]> {
  const servers = new Map<string, readonly string[]>()
  const list = /@servers\(\s*\[([^]*?)\]\s*\)/.exec(text)?.[1] ?? ''
  for (const [, , name = '', many, one = ''] of list.matchAll(
    /(["'])([\w.-]+)\1\s*=>\s*(?:\[([^\]]*)\]|([^,\]\n]+))/g,
  )) {
    const addresses = (many ?? one).split(',').map((address) => address.trim().replace(/^["']|["']$/g, ''))
    servers.set(
      name,
      addresses.filter((address) => address !== ''),
    )
  }
  return servers
}
