import type { Label, Source, Span } from '../../source/source.ts'
import { spanOf, unixLines, wholeFile, type Piece } from '../../source/piece.ts'
import {
  at,
  entriesOf,
  isEmpty,
  itemsOf,
  scalarPiece,
  textAt,
  yamlOf,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
} from '../../parse/yaml.ts'
import type { Given, ShellFacts, ShellSite } from '../shell/script.ts'
import type { Origin, Value } from '../shell/value.ts'
import { evaluate, marks, type Known } from './expression.ts'
import { inputsOf, lookupIn, matrixOf, triggersOf, type Call, type Contexts, type Outputs } from './github-contexts.ts'
import { writtenTo } from './hand-over.ts'
import {
  always,
  emptyOf,
  fill,
  fixed,
  handedOver,
  hole,
  shellOf,
  valueOfText,
  withPlatform,
  type Filled,
  type Reading,
} from './host.ts'
import { remoteOf } from './github-remote.ts'

/** Reads a workflow or a composite action: every `run`, and the remote scripts that ssh actions are given. */
export function githubSites(source: Source, reading: Reading): void {
  const { tree, errors } = yamlOf(source)
  reading.read(source.file)
  for (const error of errors) reading.unread(source.file, error)
  const root = tree.documents[0]
  if (!root) return
  const base = wholeFile(source.file, source.text)
  const calls = callsOf(source.file, reading)
  const inputs = inputsOf(root, calls)
  const triggers = triggersOf(root)
  const top: Level = { source, base, reading, root, triggers, inputs }
  const outputs = new Map<string, Outputs>()
  for (const { key, value } of entriesOf(at(root, 'jobs'))) {
    outputs.set(key.text.toLowerCase(), outputsOf(value))
  }
  for (const { key, value } of entriesOf(at(root, 'jobs'))) {
    if (value.kind === 'map') jobSites(top, key, value, outputs)
  }
  if (textAt(root, 'runs', 'using') === 'composite') compositeSites(top)
}

interface Level {
  readonly source: Source
  readonly base: Piece
  readonly reading: Reading
  readonly root: YamlNode
  readonly triggers: ReadonlySet<string>
  readonly inputs: ReadonlyMap<string, Known>
}

/** One job while its steps are walked. */
interface Job extends Level {
  readonly name: string
  readonly label: Label
  readonly job: YamlNode
  readonly needs: ReadonlyMap<string, Outputs>
  readonly matrix: ReadonlyMap<string, Known>
  /** Outputs of the steps so far by the step's id. */
  readonly steps: Map<string, Known>
  /** What the `env` of other jobs and of earlier steps sets: it is not handed on. */
  readonly elsewhere: Map<string, Label>
  /** What earlier steps wrote to `$GITHUB_ENV`. */
  readonly handed: Map<string, Given>
}

/** What `with:` gives in each call of this workflow or action from another file of the project. */
function callsOf(file: string, reading: Reading): readonly Call[] {
  const out: Call[] = []
  const action = /^(?:(.*)\/)?action\.ya?ml$/.exec(file)
  const own = action ? (action[1] ?? '') : file
  const name = own.slice(own.lastIndexOf('/') + 1)
  const add = (from: string, node: YamlNode): void => {
    if (textAt(node, 'uses')?.replace(/^\.\//, '').replace(/\/$/, '') !== own) return
    const given = at(node, 'with')
    out.push({ from, given: given?.kind === 'map' ? given : undefined })
  }
  for (const other of reading.files.of('github')) {
    if (!other.text.includes('uses:') || !other.text.includes(name)) continue
    const root = yamlOf(other).tree.documents[0]
    for (const { value } of entriesOf(at(root, 'jobs'))) {
      if (!action) add(other.file, value)
      else for (const step of itemsOf(at(value, 'steps'))) add(other.file, step)
    }
    if (action) for (const step of itemsOf(at(root, 'runs', 'steps'))) add(other.file, step)
  }
  return out
}

function outputsOf(job: YamlNode): Outputs {
  if (textAt(job, 'uses') !== undefined) return 'any'
  return new Map(entriesOf(at(job, 'outputs')).map((entry) => [entry.key.text.toLowerCase(), unknown]))
}

const unknown: Known = { empty: 'unknown', how: '' }

function jobSites(level: Level, key: YamlScalar, job: YamlMap, outputs: ReadonlyMap<string, Outputs>): void {
  const needed = itemsOf(at(job, 'needs')).flatMap((item) => (item.kind === 'scalar' ? [item.text] : []))
  const far = at(job, 'uses')
  if (far?.kind === 'scalar' && !far.text.startsWith('./')) {
    const says = `a workflow of another repository: ${far.text} is not read`
    level.reading.unread(level.source.file, { start: far.start, end: far.end, says })
  }
  const walked: Job = {
    ...level,
    name: key.text,
    label: { at: spanIn(level, key), says: `job ${key.text}` },
    job,
    needs: new Map(needed.map((name) => [name, outputs.get(name.toLowerCase()) ?? 'any'])),
    matrix: matrixOf(job),
    steps: new Map(),
    handed: new Map(),
    elsewhere: new Map(),
  }
  for (const other of entriesOf(at(level.root, 'jobs')))
    if (other.value !== job) takeNames(walked, at(other.value, 'env'), `the env of job ${other.key.text} is its own`)
  for (const step of itemsOf(at(job, 'steps'))) if (step.kind === 'map') stepSites(walked, step)
}

function compositeSites(level: Level): void {
  const runs = at(level.root, 'runs')!
  const label = { at: { file: level.source.file, start: runs.start, end: runs.start }, says: 'composite action' }
  const walked: Job = {
    ...level,
    name: textAt(level.root, 'name') ?? 'action',
    label,
    job: runs,
    needs: new Map(),
    matrix: new Map(),
    steps: new Map(),
    handed: new Map(),
    elsewhere: new Map(),
  }
  for (const step of itemsOf(at(runs, 'steps'))) if (step.kind === 'map') stepSites(walked, step)
}

function takeNames(job: Job, env: YamlNode | undefined, says: string): void {
  for (const { key } of entriesOf(env)) job.elsewhere.set(key.text, { at: spanIn(job, key), says })
}

function spanIn(level: Level, node: YamlNode): Span {
  return { file: level.source.file, start: node.start, end: node.end }
}

function contextsOf(job: Job, env: ReadonlyMap<string, Given>): Contexts {
  const known = new Map<string, Known>()
  for (const [name, given] of env) {
    const empty = emptyOf(given.value)
    const text = given.value.ways.length === 1 ? given.value.ways[0]! : undefined
    const plain = text?.every((part) => 'text' in part)
      ? text.map((part) => ('text' in part ? part.text : '')).join('')
      : undefined
    const how = text?.flatMap((part) => ('of' in part ? [part.of.how] : []))[0] ?? 'is empty as written'
    known.set(name, plain === undefined ? { empty, how } : { texts: [plain], empty, how })
  }
  const { triggers, inputs, matrix, steps, needs } = job
  return { triggers, inputs, matrix, steps, needs, env: known }
}

function stepSites(job: Job, step: YamlMap): void {
  const env = environmentOf(job, step)
  const fillIn = (piece: Piece, origins: Origin[]): Piece => fillMarks(piece, contextsOf(job, env), origins)
  const run = at(step, 'run')
  const name = textAt(step, 'name') ?? textAt(step, 'id')
  const shown = name === undefined ? `job ${job.name}, a step` : `job ${job.name}, step "${name}"`
  const condition = at(step, 'if') ?? at(job.job, 'if')
  const goesOn = at(step, 'continue-on-error')
  const common = {
    file: job.source.file,
    name: shown,
    via: [job.label],
    row: `${job.source.file}#${job.name}`,
    ...(job.needs.size > 0 ? { after: [...job.needs.keys()].map((name) => `${job.source.file}#${name}`) } : {}),
    ...(goesOn?.kind === 'scalar' && goesOn.text !== 'false'
      ? { tolerated: { at: spanIn(job, goesOn), says: 'continue-on-error: the job goes on when this step fails' } }
      : {}),
    ...(condition ? { condition: { at: spanIn(job, condition), says: 'only under this condition' } } : {}),
  }
  if (run?.kind === 'scalar' && !isEmpty(run)) {
    const shell = shellFor(job, step)
    if (shell) {
      const holes: Origin[] = []
      const piece = fillIn(unixLines(scalarPiece(job.base, run)), holes)
      const cwd = directoryOf(job, step, fillIn)
      const elsewhere = new Map(job.elsewhere)
      const site: ShellSite = {
        ...common,
        elsewhere,
        piece,
        shell,
        given: env,
        holes,
        host: 'here',
        ...(cwd ? { cwd } : {}),
      }
      job.reading.site(site)
      handOn(job, piece, shown)
    } else job.reading.unread(job.source.file, { start: run.start, end: run.end, says: notRead(job, step) })
  } else if (at(step, 'uses')) {
    const remote = remoteOf(job.base, step, env, fillIn)
    if (remote) job.reading.site({ ...common, ...remote })
    else handOnByAction(job, step, shown)
  }
  if (run) takeNames(job, at(step, 'env'), `the env of ${shown} is its own`)
  const id = textAt(step, 'id')
  if (id !== undefined) job.steps.set(id.toLowerCase(), outputOf(step))
}

/** What the outputs of a step can be: a skipped step has none. */
function outputOf(step: YamlMap): Known {
  const condition = at(step, 'if')
  const text = condition?.kind === 'scalar' ? condition.text : undefined
  if (text !== undefined && !/\b(always|success)\(\)/.test(text))
    return { empty: 'maybe', how: `is empty when the step is skipped (if: ${text.slice(0, 60)})` }
  return unknown
}

/**
 * Variables that an action can set for the steps after it: those that a composite action of the project writes to `$GITHUB_ENV`, and
 * names that its inputs or its `env` speak of, as those that load secrets do.
 */
function handOnByAction(job: Job, step: YamlMap, shown: string): void {
  const uses = at(step, 'uses')!
  const path = /^\.\/(.+?)\/?$/.exec(textAt(step, 'uses') ?? '')?.[1]
  const own = path && (job.reading.files.get(`${path}/action.yml`) ?? job.reading.files.get(`${path}/action.yaml`))
  for (const inner of own ? itemsOf(at(yamlOf(own).tree.documents[0], 'runs', 'steps')) : [])
    for (const { name } of writtenTo(textAt(inner, 'run') ?? '', /\bGITHUB_ENV\b|set-env/))
      job.handed.set(name, handedOver(name, spanIn(job, uses), `${shown} hands ${name} on through $GITHUB_ENV`))
  const spoken = [at(step, 'with'), at(step, 'env')].flatMap((node) =>
    node
      ? [...job.source.text.slice(node.start, node.end).matchAll(/\b[A-Z][A-Z0-9_]{2,}\b/g)].map(([name]) => name)
      : [],
  )
  for (const name of spoken)
    if (!job.handed.has(name))
      job.handed.set(name, handedOver(name, spanIn(job, uses), `${shown} may set ${name} for the steps after it`))
}

/** Variables that a step's text writes to `$GITHUB_ENV` are there from the next step on. */
function handOn(job: Job, piece: Piece, name: string): void {
  // A script of the project that the step runs may do it for the step.
  for (const [path] of piece.text.matchAll(/(?<![\w/-])[\w./-]+\.(?:sh|bash|py|[cm]?js|ts|rb|php|pl)\b/g)) {
    const script = job.reading.files.get(path.replace(/^\.\//, ''))
    if (!script?.text.includes('GITHUB_ENV')) continue
    const place = spanOf(piece, 0, piece.text.length)
    for (const [, own] of script.text.matchAll(/\b([A-Za-z_]\w*)(?:=|<<)/g))
      job.handed.set(own!, handedOver(own!, place, `${name} may hand ${own!} on through $GITHUB_ENV`))
  }
  for (const one of writtenTo(piece.text, /\bGITHUB_ENV\b|set-env/)) {
    const place = piece.spans(one.start, one.end)[0]!
    const says = `${name} hands ${one.name} on through $GITHUB_ENV`
    job.handed.set(
      one.name,
      one.value !== undefined ? fixed(one.value, place, says) : handedOver(one.name, place, says),
    )
  }
}

// https://docs.github.com/actions/reference/workflows-and-actions/variables#default-environment-variables
const set =
  'CI GITHUB_ACTION GITHUB_ACTIONS GITHUB_ACTOR GITHUB_ACTOR_ID GITHUB_API_URL GITHUB_ENV GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_GRAPHQL_URL GITHUB_JOB GITHUB_OUTPUT GITHUB_PATH GITHUB_REF GITHUB_REF_NAME GITHUB_REF_TYPE GITHUB_REPOSITORY GITHUB_REPOSITORY_ID GITHUB_REPOSITORY_OWNER GITHUB_RUN_ATTEMPT GITHUB_RUN_ID GITHUB_RUN_NUMBER GITHUB_SERVER_URL GITHUB_SHA GITHUB_STEP_SUMMARY GITHUB_TRIGGERING_ACTOR GITHUB_WORKFLOW GITHUB_WORKFLOW_REF RUNNER_ARCH RUNNER_NAME RUNNER_OS'.split(
    ' ',
  )
const directories = 'GITHUB_WORKSPACE RUNNER_TEMP RUNNER_TOOL_CACHE HOME'.split(' ')

function environmentOf(job: Job, step: YamlNode): ReadonlyMap<string, Given> {
  const out = new Map<string, Given>()
  const where = job.label.at
  for (const name of set) out.set(name, always(name, where))
  for (const name of directories) out.set(name, always(name, where, true))
  const take = (node: YamlNode | undefined, level: string): void => {
    for (const { key, value } of entriesOf(node)) {
      if (value.kind !== 'scalar') continue
      const origins: Origin[] = []
      const piece = fillMarks(scalarPiece(job.base, value), contextsOf(job, out), origins)
      const because = [{ at: spanIn(job, value), says: `${key.text} is set in the ${level}'s env` }]
      out.set(key.text, { value: valueOfText(piece.text, origins, because), exported: true })
    }
  }
  if (job.job !== at(job.root, 'runs')) take(at(job.root, 'env'), 'workflow')
  take(at(job.job, 'env'), 'job')
  for (const [name, given] of job.handed) out.set(name, given)
  take(at(step, 'env'), 'step')
  return out
}

/** Fills every `${{ … }}` of a piece by what the contexts say. */
function fillMarks(piece: Piece, contexts: Contexts, origins: Origin[]): Piece {
  const lookup = lookupIn(contexts)
  const holes = marks(piece.text).map((mark): Filled => {
    const known = evaluate(mark.inner, lookup)
    // What is always empty keeps its name, so that a finding can say why.
    if (known.texts?.length === 1 && known.texts[0] !== '' && !known.logical)
      return { ...mark, is: { text: known.texts[0]! } }
    const place = piece.spans(mark.start, mark.end)
    const whole = { ...place[0]!, end: place.at(-1)!.end }
    return { ...mark, is: { of: hole(piece.text.slice(mark.start, mark.end), whole, known.empty, known.how) } }
  })
  return holes.length === 0 && !/[\uE000-\uF8FF]/.test(piece.text) ? piece : fill(piece, holes, origins)
}

const ownShell = (job: Job, step: YamlNode): string | undefined =>
  textAt(step, 'shell') ?? textAt(job.job, 'defaults', 'run', 'shell') ?? textAt(job.root, 'defaults', 'run', 'shell')

/** Why a step's text is not read: it is no shell, or one of another family. */
function notRead(job: Job, step: YamlNode): string {
  const own = ownShell(job, step)
  return own === undefined
    ? 'a step on Windows, whose shell is PowerShell: not read'
    : `a step for ${own.split(/\s/)[0]}: only sh, bash and their kin are read`
}

/** The shell of a step: its own, the job's default, the workflow's default, else the runner's. */
function shellFor(job: Job, step: YamlNode): ShellFacts | undefined {
  const own = ownShell(job, step)
  const runner = itemsOf(at(job.job, 'runs-on')).flatMap((item) => (item.kind === 'scalar' ? [item.text] : []))
  const image = textAt(job.job, 'container', 'image') ?? textAt(job.job, 'container')
  const platform = withPlatform(image ?? runner.join(' '))
  const flags = { errexit: true, nounset: false, pipefail: false }
  if (own === undefined) {
    if (runner.some((name) => /windows/i.test(name))) return undefined
    return { dialect: image === undefined ? 'bash' : 'sh', flags, interactive: false, ...platform }
  }
  if (own === 'bash') return { dialect: 'bash', flags: { ...flags, pipefail: true }, interactive: false, ...platform }
  if (own === 'sh') return { dialect: 'sh', flags, interactive: false, ...platform }
  return /\{0\}/.test(own) ? shellOf(own.replace('{0}', '').trim().split(/\s+/), platform) : undefined
}

function directoryOf(job: Job, step: YamlNode, fillIn: (piece: Piece, origins: Origin[]) => Piece): Value | undefined {
  for (const node of [
    at(step, 'working-directory'),
    at(job.job, 'defaults', 'run', 'working-directory'),
    at(job.root, 'defaults', 'run', 'working-directory'),
  ]) {
    if (node?.kind !== 'scalar' || isEmpty(node)) continue
    const origins: Origin[] = []
    const piece = fillIn(scalarPiece(job.base, node), origins)
    return valueOfText(piece.text, origins, [{ at: spanIn(job, node), says: 'working-directory' }])
  }
  return undefined
}
