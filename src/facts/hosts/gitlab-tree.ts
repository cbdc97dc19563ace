import { joinPath, type Files } from '../../discover/files.ts'
import { matchesGlob } from '../../discover/glob.ts'
import type { Source } from '../../source/source.ts'
import { wholeFile, type Piece } from '../../source/piece.ts'
import {
  at,
  entriesOf,
  entryAt,
  itemsOf,
  textAt,
  yamlOf,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
} from '../../parse/yaml.ts'

/** A pipeline as GitLab sees it: its files merged, and for each node the file it stands in. */
export interface Pipeline {
  readonly file: string
  readonly root: YamlMap
  readonly baseOf: ReadonlyMap<YamlNode, Piece>
  readonly files: readonly string[]
}

const mostIncludes = 100
const mostExtends = 11

/** A pipeline with the local files that it includes; what a file says itself goes before what it includes. */
export function pipelineOf(source: Source, files: Files): Pipeline {
  const bases = new Map<YamlNode, Piece>()
  const seen = new Set<string>()
  const root = include(source, files, bases, seen)
  return { file: source.file, root, baseOf: bases, files: [...seen] }
}

const nothing: YamlMap = { kind: 'map', entries: [], start: 0, end: 0 }

function include(source: Source, files: Files, bases: Map<YamlNode, Piece>, seen: Set<string>): YamlMap {
  if (seen.has(source.file) || seen.size >= mostIncludes) return nothing
  seen.add(source.file)
  // A component has a document of its own before the pipeline.
  const own = yamlOf(source).tree.documents.findLast((document) => document.kind === 'map')
  if (own?.kind !== 'map') return nothing
  register(own, wholeFile(source.file, source.text), bases)
  let merged = nothing
  for (const item of itemsOf(at(own, 'include'))) {
    for (const name of includedNames(item)) {
      for (const found of filesNamed(name, files)) merged = deepMerge(merged, include(found, files, bases, seen), 0)
    }
  }
  return deepMerge(merged, own, 0)
}

/** The files that a local include names: one, or all that `ci/*.yml` fits. */
export function filesNamed(name: string, files: Files): readonly Source[] {
  if (name.includes('*')) {
    const glob = name.startsWith('/') ? name : `/${name}`
    return files.all.filter((source) => /\.ya?ml$/.test(source.file) && matchesGlob(glob, source.file))
  }
  const path = joinPath('', name)
  const found = path === undefined ? undefined : files.get(path)
  return found ? [found] : []
}

/** What one `include:` takes from elsewhere, as written; undefined: nothing. */
export function farInclude(item: YamlNode): string | undefined {
  if (item.kind === 'scalar') return /^https?:/.test(item.text) ? item.text : undefined
  for (const key of ['remote', 'project', 'template', 'component']) {
    const text = textAt(item, key)
    if (text !== undefined) return `${key} ${text}`
  }
  return undefined
}

/** The local files that one `include:` names. */
export function includedNames(item: YamlNode): readonly string[] {
  if (item.kind === 'scalar') return /^https?:/.test(item.text) ? [] : [item.text]
  return itemsOf(at(item, 'local')).flatMap((local) => (local.kind === 'scalar' ? [local.text] : []))
}

function register(root: YamlNode, base: Piece, bases: Map<YamlNode, Piece>): void {
  const stack: YamlNode[] = [root]
  while (stack.length > 0) {
    const node = stack.pop()!
    if (bases.has(node)) continue
    bases.set(node, base)
    if (node.kind === 'list') for (const item of node.items) stack.push(item)
    if (node.kind === 'map') for (const { key, value } of node.entries) stack.push(key, value)
  }
}

/** Mappings are merged key by key, everything else is replaced by the later one. */
export function deepMerge(before: YamlMap, after: YamlMap, depth: number): YamlMap {
  if (before.entries.length === 0) return after
  const own = new Map(entriesOf(after).map((entry) => [entry.key.text, entry]))
  const entries: YamlEntry[] = []
  for (const entry of entriesOf(before)) {
    const other = own.get(entry.key.text)
    own.delete(entry.key.text)
    if (!other) entries.push(entry)
    else if (other.value.kind === 'map' && entry.value.kind === 'map' && depth < 20)
      entries.push({ key: other.key, value: deepMerge(entry.value, other.value, depth + 1) })
    else entries.push(other)
  }
  return { ...after, entries: [...entries, ...own.values()] }
}

/** A job with all that it extends, the nearest last. */
export function extended(pipeline: Pipeline, job: YamlMap, depth = 0, seen: readonly string[] = []): YamlMap {
  const parents = itemsOf(at(job, 'extends')).flatMap((item) => (item.kind === 'scalar' ? [item.text] : []))
  if (parents.length === 0 || depth > mostExtends) return job
  let merged = nothing
  for (const name of parents) {
    const parent = at(pipeline.root, name)
    if (parent?.kind !== 'map' || seen.includes(name)) continue
    merged = deepMerge(merged, extended(pipeline, parent, depth + 1, [...seen, name]), 0)
  }
  return deepMerge(merged, job, 0)
}

/** The lines of a script: nested lists flattened, `!reference` followed. */
export function linesOf(pipeline: Pipeline, node: YamlNode | undefined, depth = 0): readonly YamlNode[] {
  if (!node || depth > 10) return []
  if (node.kind === 'list' && node.tag === '!reference') return linesOf(pipeline, referred(pipeline, node), depth + 1)
  if (node.kind === 'list') return node.items.flatMap((item) => linesOf(pipeline, item, depth + 1))
  return node.kind === 'scalar' ? [node] : []
}

function referred(pipeline: Pipeline, node: YamlNode): YamlNode | undefined {
  const path = itemsOf(node).map((item) => (item.kind === 'scalar' ? item.text : ''))
  let here: YamlNode | undefined = at(pipeline.root, path[0] ?? '')
  if (here?.kind === 'map') here = extended(pipeline, here)
  for (const key of path.slice(1)) here = entryAt(here, key)?.value
  return here
}

const reserved = new Set(
  'default include stages variables workflow image services before_script after_script cache pages:deploy spec types'.split(
    ' ',
  ),
)

/** The jobs of a pipeline; a hidden one (`.name`) counts when nothing in the project uses it. */
export function jobsOf(pipeline: Pipeline): readonly { readonly entry: YamlEntry; readonly job: YamlMap }[] {
  const used = new Set<string>()
  const all = entriesOf(pipeline.root).filter((entry) => !reserved.has(entry.key.text) && entry.value.kind === 'map')
  for (const { value } of all)
    for (const item of itemsOf(at(value, 'extends'))) if (item.kind === 'scalar') used.add(item.text)
  const referenced = (name: string): boolean =>
    [...pipeline.baseOf.keys()].some(
      (node) => node.kind === 'list' && node.tag === '!reference' && textAt(node.items[0]) === name,
    )
  return all
    .filter(
      ({ key, value }) =>
        !key.text.startsWith('.') || (!used.has(key.text) && value.anchor === undefined && !referenced(key.text)),
    )
    .map((entry) => ({ entry, job: extended(pipeline, entry.value as YamlMap) }))
}
