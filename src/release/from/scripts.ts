import { directoryOf } from '../../discover/files.ts'
import { at, entriesOf, itemsOf, textAt, type YamlNode, type YamlScalar } from '../../parse/yaml.ts'
import { jsonOf } from '../../parse/json.ts'
import type { Source, Span } from '../../source/source.ts'
import { scriptsWithin, type Extractor, type Ground } from '../ground.ts'
import type { Draft, Flow, Step } from '../model.ts'
import { flowOf, isWorkplace, stepAt } from '../steps.ts'
import { lineFlow } from './line.ts'
import { scriptsOfRow } from './pipeline.ts'

// Scripts that people start to bring code to a site; all others count where a plan calls them.
const deploys = /(^|:)deploy(?!ed)|^(release|publish)(:|$)/

/** Every script of package.json and composer.json is a plan: what others run by its name, or by what they install. */
export const fromScripts: Extractor = (ground) =>
  ground.files.of('json').flatMap((source): readonly Draft[] => {
    const name = source.file.slice(source.file.lastIndexOf('/') + 1)
    if (name !== 'package.json' && name !== 'composer.json') return []
    if (/(^|\/)(node_modules|vendor)\//.test(source.file)) return []
    const scripts = entriesOf(at(jsonOf(source).tree, 'scripts'))
    if (name === 'package.json') return scripts.flatMap(({ key, value }) => npmDraft(key, value, source, ground))
    return scripts.flatMap(({ key, value }) => composerDraft(key, value, source, ground))
  })

function draftOf(tool: 'npm' | 'composer', key: YamlScalar, source: Source, flow: Flow, workplace: boolean): Draft {
  const call = tool === 'npm' ? `npm run ${key.text}` : `composer ${key.text}`
  return {
    name: `${call}${directoryOf(source.file) === '' ? '' : ` in ${directoryOf(source.file)}`}`,
    tool,
    at: { file: source.file, start: key.start, end: key.end },
    flow,
    files: [source.file],
    names: [call],
    entry: deploys.test(key.text) && !/^(pre|post)/.test(key.text),
    here: workplace ? 'runner' : 'unknown',
    layout: { locks: 'no' },
  }
}

/** npm runs `prex` and `postx` with `x`. */
function npmDraft(key: YamlScalar, value: YamlNode, source: Source, ground: Ground): readonly Draft[] {
  if (value.kind !== 'scalar' || value.text.trim() === '') return []
  const names = [`pre${key.text}`, key.text, `post${key.text}`]
  const scripts = names.flatMap((name) => scriptsOfRow(ground, `${source.file}#${name}`))
  const flow: Flow = { inOrder: scripts.map((script) => fromHere(flowOf(script), source)) }
  return [draftOf('npm', key, source, flow, isWorkplace(scripts))]
}

function composerDraft(key: YamlScalar, value: YamlNode, source: Source, ground: Ground): readonly Draft[] {
  // Symfony Flex: names of commands, and what runs them.
  const flex = entriesOf(value).map((entry) => flexFlow(entry.key, textAt(entry.value) ?? '', source, ground))
  const lines = itemsOf(value).filter((item): item is YamlScalar => item.kind === 'scalar')
  const parts = value.kind === 'map' ? flex : lines.map((line) => lineOf(line, source, ground))
  return [draftOf('composer', key, source, { inOrder: parts }, false)]
}

function flexFlow(key: YamlScalar, how: string, source: Source, ground: Ground): Flow {
  const place = { file: source.file, start: key.start, end: key.end }
  if (how === 'symfony-cmd') return lineFlow(`php bin/console ${key.text}`, place, undefined, {})
  if (how === 'php-script') return lineFlow(`php ${key.text}`, place, undefined, {})
  return shellFlow(place, source, ground)
}

/** One line of a script: shell, or what composer itself reads. */
function lineOf(line: YamlScalar, source: Source, ground: Ground): Flow {
  const place = { file: source.file, start: line.start, end: line.end }
  const [, kind, rest = ''] = /^@(\S+)\s*(.*)$/s.exec(line.text.trim()) ?? []
  if (kind === 'putenv' || kind === 'no_additional_args') return { inOrder: [] }
  if (kind === 'php' || kind === 'composer') return lineFlow(`${kind} ${rest}`, place, undefined, {})
  if (kind !== undefined) return stepAt('opaque', place, line.text, { calls: [`composer ${kind}`] })
  if (/^[\w\\]+::\w+$/.test(line.text)) return callbackFlow(line.text, place)
  return shellFlow(place, source, ground)
}

const shellFlow = (place: Span, source: Source, ground: Ground): Flow => ({
  inOrder: scriptsWithin(ground, place).map((script) => fromHere(flowOf(script), source)),
})

/** A method of PHP that composer calls: the usual ones are known by name. */
function callbackFlow(text: string, place: Span): Flow {
  if (/::clearCache$/.test(text)) return stepAt('clear cache', place, text, { tool: 'symfony', what: 'container' })
  if (/::(buildBootstrap|installAssets)$/.test(text)) return stepAt('build', place, text, { tool: 'symfony' })
  if (
    /^Illuminate\\|::(buildParameters|prepareDeploymentTarget|installRequirementsFile|removeSymfonyStandardFiles)$/.test(
      text,
    )
  )
    return { inOrder: [] }
  return stepAt('opaque', place, text, { tool: 'composer', could: ['build', 'warm cache', 'clear cache'] })
}

/** Steps as seen from the manifest's directory: where that is, the caller says. */
function fromHere(flow: Flow, source: Source): Flow {
  if ('inOrder' in flow) return { inOrder: flow.inOrder.map((part) => fromHere(part, source)) }
  if (!('step' in flow)) return flow
  const home = directoryOf(source.file) || '.'
  const { cwd, path, ...rest } = flow.step.detail
  const seen = (where: string | undefined): string | undefined => {
    if (where === undefined || where === home) return undefined
    return where.startsWith(`${home}/`) ? where.slice(home.length + 1) : where
  }
  const [from, on] = [seen(cwd), path === cwd || /^(npm|composer)$/.test(rest.tool ?? '') ? seen(path) : path]
  const detail: Step['detail'] = {
    ...rest,
    ...(from === undefined ? {} : { cwd: from }),
    ...(on === undefined ? {} : { path: on }),
  }
  return { step: { ...flow.step, detail } }
}
