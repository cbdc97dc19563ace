import type { Label, Source, Span } from '../../source/source.ts'
import { concat, spanOf, unixLines, type Piece } from '../../source/piece.ts'
import {
  at,
  entriesOf,
  entryAt,
  isEmpty,
  itemsOf,
  scalarPiece,
  textAt,
  yamlOf,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
} from '../../parse/yaml.ts'
import type { Given, ShellFacts } from '../shell/script.ts'
import type { Origin } from '../shell/value.ts'
import {
  deepMerge,
  farInclude,
  filesNamed,
  includedNames,
  jobsOf,
  linesOf,
  pipelineOf,
  type Pipeline,
} from './gitlab-tree.ts'
import { writtenTo } from './hand-over.ts'
import { always, fill, handedOver, valueOfText, withPlatform, type Filled, type Reading } from './host.ts'

/** Reads a pipeline: `before_script` and `script` of a job are one shell, `after_script` is another. */
export function gitlabSites(source: Source, reading: Reading): void {
  const { errors } = yamlOf(source)
  reading.read(source.file)
  for (const error of errors) reading.unread(source.file, error)
  for (const root of yamlOf(source).tree.documents)
    for (const item of itemsOf(at(root, 'include'))) {
      const far = farInclude(item)
      if (far) {
        const says = `what is included from elsewhere is not read: ${far}`
        reading.unread(source.file, { start: item.start, end: item.end, says })
      }
    }
  if (isIncluded(source.file, reading)) return
  const pipeline = pipelineOf(source, reading.files)
  for (const file of pipeline.files) reading.read(file)
  const jobs = jobsOf(pipeline)
  const handed = jobs.map(({ entry, job }) => dotenvOf(pipeline, entry, job))
  for (const { entry, job } of jobs) {
    const before = jobs.flatMap((other, i) =>
      other.job !== job && comesBefore(pipeline, other, { entry, job })
        ? [{ name: other.entry.key.text, written: handed[i]! }]
        : [],
    )
    jobSites(pipeline, entry, job, before, reading)
  }
}

function isIncluded(file: string, reading: Reading): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1)
  return reading.files.of('gitlab').some((other) => {
    if (other.file === file || !(other.text.includes(name) || /\*/.test(other.text))) return false
    return yamlOf(other).tree.documents.some((root) =>
      itemsOf(at(root, 'include')).some((item) =>
        includedNames(item).some((path) => filesNamed(path, reading.files).some((one) => one.file === file)),
      ),
    )
  })
}

interface Job {
  readonly entry: YamlEntry
  readonly job: YamlMap
}

/** Whether a job is over before another begins: by `needs`, else by its stage. */
function comesBefore(pipeline: Pipeline, one: Job, other: Job): boolean {
  const needs = at(other.job, 'needs') ?? at(other.job, 'dependencies')
  const name = one.entry.key.text
  if (needs) return itemsOf(needs).some((item) => (item.kind === 'scalar' ? item.text : textAt(item, 'job')) === name)
  const named = itemsOf(at(pipeline.root, 'stages')).flatMap((item) => (item.kind === 'scalar' ? [item.text] : []))
  const stages = ['.pre', ...(named.length > 0 ? named : ['build', 'test', 'deploy']), '.post']
  const stage = (job: Job): number => stages.indexOf(textAt(job.job, 'stage') ?? 'test')
  return stage(one) < stage(other)
}

function dotenvOf(pipeline: Pipeline, entry: YamlEntry, job: YamlMap): ReadonlyMap<string, Given> {
  const out = new Map<string, Given>()
  for (const file of itemsOf(at(job, 'artifacts', 'reports', 'dotenv'))) {
    if (file.kind !== 'scalar' || file.text === '') continue
    const name = file.text.replace(/^.*\//, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    const piece = scriptOf(pipeline, job, ['before_script', 'script'])
    for (const one of piece ? writtenTo(piece.text, new RegExp(name)) : []) {
      const place = spanOf(piece!, one.start, one.end)
      out.set(one.name, handedOver(one.name, place, `job ${entry.key.text} hands ${one.name} on through ${file.text}`))
    }
  }
  return out
}

function spanIn(pipeline: Pipeline, node: YamlNode): Span {
  const base = pipeline.baseOf.get(node)
  return base ? { ...base.spans(node.start, node.end)[0]! } : { file: pipeline.file, start: 0, end: 0 }
}

/** The value of a job's key, or what `default:` or the top of the file says. */
function inherited(pipeline: Pipeline, job: YamlMap, key: string): YamlNode | undefined {
  const own = entryAt(job, key)?.value
  if (own) return own
  const inherits = at(job, 'inherit', 'default')
  if (inherits?.kind === 'scalar' && inherits.text === 'false') return undefined
  if (inherits?.kind === 'list' && !inherits.items.some((item) => item.kind === 'scalar' && item.text === key))
    return undefined
  return at(pipeline.root, 'default', key) ?? at(pipeline.root, key)
}

function scriptOf(pipeline: Pipeline, job: YamlMap, keys: readonly string[]): Piece | undefined {
  const pieces = keys.flatMap((key) => {
    const node = key === 'script' ? at(job, key) : inherited(pipeline, job, key)
    return linesOf(pipeline, node).flatMap((line) => {
      const base = pipeline.baseOf.get(line)
      return base && line.kind === 'scalar' && !isEmpty(line) ? [unixLines(scalarPiece(base, line))] : []
    })
  })
  return pieces.length === 0 ? undefined : concat(pieces)
}

interface Before {
  readonly name: string
  readonly written: ReadonlyMap<string, Given>
}

function jobSites(
  pipeline: Pipeline,
  entry: YamlEntry,
  job: YamlMap,
  before: readonly Before[],
  reading: Reading,
): void {
  const name = entry.key.text
  const place = spanIn(pipeline, entry.key)
  const given = variablesOf(pipeline, job, place)
  for (const other of before) for (const [key, value] of other.written) given.set(key, value)
  const failure = at(job, 'allow_failure')
  const elsewhere = new Map<string, Label>()
  for (const other of entriesOf(pipeline.root))
    if (other.value !== entry.value && !/^(variables|default|include|stages|workflow)$/.test(other.key.text))
      for (const { key } of entriesOf(at(other.value, 'variables')))
        if (!given.has(key.text))
          elsewhere.set(key.text, { at: spanIn(pipeline, key), says: `the variables of ${other.key.text} are its own` })
  const common = {
    given,
    elsewhere,
    shell: shellOf(pipeline, job),
    host: 'here',
    via: [{ at: place, says: `job ${name}` }] as readonly Label[],
    row: `${pipeline.file}#${name}`,
    after: before.map((other) => `${pipeline.file}#${other.name}`),
    ...(failure?.kind === 'scalar' && failure.text === 'true'
      ? {
          tolerated: { at: spanIn(pipeline, failure), says: 'allow_failure: the pipeline goes on when this job fails' },
        }
      : {}),
    cwd: always('CI_PROJECT_DIR', place, true).value,
  }
  const main = scriptOf(pipeline, job, ['before_script', 'script'])
  const holes: Origin[] = []
  const put = (piece: Piece | undefined, says: string): void => {
    if (!piece) return
    const filled = inputs(piece, holes)
    const file = filled.spans(0, 1)[0]?.file ?? pipeline.file
    reading.site({ ...common, piece: filled, holes, file, name: says })
  }
  put(main, `job ${name}, script`)
  put(scriptOf(pipeline, job, ['after_script']), `job ${name}, after_script`)
  const hooks = at(job, 'hooks', 'pre_get_sources_script')
  if (hooks)
    put(
      scriptOf(pipeline, deepMerge(job, { ...job, entries: [{ key: entry.key, value: hooks }] }, 0), [name]),
      `job ${name}, hook`,
    )
}

/** `$[[ inputs.x ]]` of a component is filled before the pipeline is read. */
function inputs(piece: Piece, origins: Origin[]): Piece {
  const holes = [...piece.text.matchAll(/\$\[\[.*?\]\]/g)].map((found): Filled => {
    const end = found.index + found[0].length
    const says = 'is what the including pipeline gives'
    const of: Origin = {
      kind: 'template',
      name: found[0],
      at: spanOf(piece, found.index, end),
      empty: 'unknown',
      unset: 'never',
      how: says,
      splits: 'maybe',
    }
    return { start: found.index, end, is: { of } }
  })
  return holes.length === 0 && !/[\uE000-\uF8FF]/.test(piece.text) ? piece : fill(piece, holes, origins)
}

// The runner's script begins with `set -o errexit` and, where the shell has it, `set -o pipefail`.
function shellOf(pipeline: Pipeline, job: YamlMap): ShellFacts {
  const image = inherited(pipeline, job, 'image')
  const name = textAt(image) ?? textAt(image, 'name')
  const platform = withPlatform(name)
  const dialect = platform.platform === 'busybox' ? 'busybox' : 'bash'
  return { dialect, flags: { errexit: true, nounset: false, pipefail: true }, interactive: false, ...platform }
}

// https://docs.gitlab.com/ci/variables/predefined_variables/
const set =
  'CI CI_API_V4_URL CI_BUILDS_DIR CI_COMMIT_AUTHOR CI_COMMIT_BEFORE_SHA CI_COMMIT_MESSAGE CI_COMMIT_REF_NAME CI_COMMIT_REF_SLUG CI_COMMIT_SHA CI_COMMIT_SHORT_SHA CI_COMMIT_TIMESTAMP CI_COMMIT_TITLE CI_CONFIG_PATH CI_DEFAULT_BRANCH CI_JOB_ID CI_JOB_NAME CI_JOB_NAME_SLUG CI_JOB_STAGE CI_JOB_STATUS CI_JOB_TOKEN CI_JOB_URL CI_PIPELINE_ID CI_PIPELINE_IID CI_PIPELINE_SOURCE CI_PIPELINE_URL CI_PROJECT_ID CI_PROJECT_NAME CI_PROJECT_NAMESPACE CI_PROJECT_PATH CI_PROJECT_PATH_SLUG CI_PROJECT_ROOT_NAMESPACE CI_PROJECT_TITLE CI_PROJECT_URL CI_PROJECT_VISIBILITY CI_REPOSITORY_URL CI_RUNNER_ID CI_SERVER_HOST CI_SERVER_NAME CI_SERVER_URL CI_SERVER_VERSION GITLAB_CI GITLAB_USER_ID GITLAB_USER_LOGIN GITLAB_USER_NAME GITLAB_USER_EMAIL CI_REGISTRY CI_REGISTRY_IMAGE CI_REGISTRY_USER CI_REGISTRY_PASSWORD'.split(
    ' ',
  )

function variablesOf(pipeline: Pipeline, job: YamlMap, place: Span): Map<string, Given> {
  const out = new Map<string, Given>()
  for (const name of set) out.set(name, always(name, place))
  out.set('CI_PROJECT_DIR', always('CI_PROJECT_DIR', place, true))
  if (at(job, 'environment'))
    for (const name of ['CI_ENVIRONMENT_NAME', 'CI_ENVIRONMENT_SLUG']) out.set(name, always(name, place))
  const texts = new Map<string, { node: YamlNode; from: string }>()
  const take = (node: YamlNode | undefined, from: string): void => {
    for (const { key, value } of entriesOf(node))
      texts.set(key.text, { node: value.kind === 'map' ? (at(value, 'value') ?? value) : value, from })
  }
  if (textAt(job, 'inherit', 'variables') !== 'false') take(at(pipeline.root, 'variables'), 'pipeline')
  take(at(job, 'variables'), 'job')
  for (const [name, { node, from }] of texts) {
    const given = node.kind === 'scalar' && variable(pipeline, node, texts, out, 0)
    if (given)
      out.set(name, {
        ...given,
        value: {
          ...given.value,
          because: [{ at: spanIn(pipeline, node), says: `${name} is set in the ${from}'s variables` }],
        },
      })
  }
  for (const rule of itemsOf(at(job, 'rules')))
    for (const { key } of entriesOf(at(rule, 'variables')))
      out.set(key.text, handedOver(key.text, spanIn(pipeline, key), 'set by a rule'))
  for (const row of itemsOf(at(job, 'parallel', 'matrix')))
    for (const { key } of entriesOf(row))
      out.set(key.text, handedOver(key.text, spanIn(pipeline, key), 'set by the matrix'))
  for (const name of provenByRules(job)) if (!texts.has(name)) out.set(name, always(name, place))
  return out
}

/** A variable's text with the other variables that it names put in. */
function variable(
  pipeline: Pipeline,
  node: YamlNode,
  texts: ReadonlyMap<string, { node: YamlNode }>,
  set: ReadonlyMap<string, Given>,
  depth: number,
): Given | undefined {
  const base = pipeline.baseOf.get(node)
  if (node.kind !== 'scalar' || !base || depth > 8) return undefined
  const origins: Origin[] = []
  const piece = scalarPiece(base, node)
  const holes = [...piece.text.matchAll(/\$\$|\$\{(\w+)\}|\$([A-Za-z_]\w*)/g)].map((found): Filled => {
    const end = found.index + found[0].length
    if (found[0] === '$$') return { start: found.index, end, is: { text: '$' } }
    const name = (found[1] ?? found[2])!
    const other = texts.get(name)
    const value =
      other && other.node !== node ? variable(pipeline, other.node, texts, set, depth + 1)?.value : set.get(name)?.value
    const way = value?.ways[0]
    if (way?.length === 0) return { start: found.index, end, is: { text: '' } }
    const only = way?.length === 1 ? way[0]! : undefined
    if (only) return { start: found.index, end, is: 'of' in only ? { of: only.of } : { text: only.text } }
    const of: Origin = {
      kind: 'environment',
      name: `$${name}`,
      at: spanOf(piece, found.index, end),
      empty: value ? 'unknown' : 'maybe',
      unset: 'never',
      how: 'is empty when no such variable is set for the pipeline',
      splits: 'maybe',
    }
    return { start: found.index, end, is: { of } }
  })
  const filled = fill(piece, holes, origins)
  return { value: valueOfText(filled.text, origins), exported: true }
}

/** Variables without which the job does not run: every rule that starts it asks for them. */
function provenByRules(job: YamlMap): readonly string[] {
  const only = itemsOf(at(job, 'only') ?? at(job, 'only', 'refs'))
  if (only.length > 0 && only.every((item) => item.kind === 'scalar' && item.text === 'tags')) return ['CI_COMMIT_TAG']
  const rules = itemsOf(at(job, 'rules')).filter((rule) => textAt(rule, 'when') !== 'never')
  if (rules.length === 0) return []
  const sets = rules.map((rule) => provenBy(textAt(rule, 'if') ?? ''))
  return [...sets[0]!].filter((name) => sets.every((set) => set.has(name)))
}

function provenBy(condition: string): ReadonlySet<string> {
  if (condition.includes('||')) return new Set()
  const out = new Set<string>()
  for (const term of condition.split('&&')) {
    const found = /^\s*\(?\s*\$\{?(\w+)\}?\s*(?:(==|!=|=~)\s*(.*?))?\)?\s*$/.exec(term)
    if (!found) continue
    const [, name, operator, right] = found
    if (operator === undefined) out.add(name!)
    else if (operator === '==' && /^["'].+["']$/.test(right!)) out.add(name!)
    else if (operator === '!=' && /^(""|''|null)$/.test(right!)) out.add(name!)
    else if (operator === '=~') out.add(name!)
  }
  return out
}
