import type { Source } from '../../source/source.ts'
import { spanOf, type Piece } from '../../source/piece.ts'
import { at, entriesOf, itemsOf, textAt, type YamlMap, type YamlNode, type YamlScalar } from '../../parse/yaml.ts'
import type { Given, ShellFacts } from '../shell/script.ts'
import { literal } from '../shell/value.ts'
import { always, handedOver, type Filling, type Reading } from './host.ts'
import {
  labelOf,
  openYaml,
  pieceIn,
  putSite,
  spanIn,
  takeVariable,
  takeVariables,
  unknownHole,
  type HoleKind,
  type YamlHost,
} from './yaml-host.ts'

const set =
  'AGENT_BUILDDIRECTORY AGENT_HOMEDIRECTORY AGENT_TEMPDIRECTORY AGENT_TOOLSDIRECTORY AGENT_WORKFOLDER BUILD_ARTIFACTSTAGINGDIRECTORY BUILD_BINARIESDIRECTORY BUILD_REPOSITORY_LOCALPATH BUILD_SOURCESDIRECTORY BUILD_STAGINGDIRECTORY PIPELINE_WORKSPACE SYSTEM_ARTIFACTSDIRECTORY SYSTEM_DEFAULTWORKINGDIRECTORY'.split(
    ' ',
  )
const words =
  'AGENT_ID AGENT_NAME AGENT_OS BUILD_BUILDID BUILD_BUILDNUMBER BUILD_DEFINITIONNAME BUILD_REASON BUILD_REPOSITORY_NAME BUILD_REQUESTEDFOR BUILD_SOURCEBRANCH BUILD_SOURCEBRANCHNAME BUILD_SOURCEVERSION SYSTEM_TEAMPROJECT TF_BUILD'.split(
    ' ',
  )
// Neither `script` nor `bash` stops at a failing line.
const usual: ShellFacts = {
  dialect: 'bash',
  flags: { errexit: false, nounset: false, pipefail: false },
  interactive: false,
}

/** Reads an Azure pipeline or template: each `script` and `bash` step is a shell of its own, without `-e`. */
export function azureSites(source: Source, reading: Reading): void {
  const host = openYaml(source, reading)
  if (!host) return
  const given = new Map<string, Given>()
  variablesOf(host, host.root, 'pipeline', given)
  walk(host, host.root, given, 'pipeline', 0)
}

function variablesOf(host: YamlHost, node: YamlNode, level: string, given: Map<string, Given>): void {
  const variables = at(node, 'variables')
  const kinds = kindsIn(given)
  if (variables?.kind === 'map')
    for (const { key, value } of entriesOf(variables)) take(host, key.text, value, level, given, kinds)
  for (const one of itemsOf(variables?.kind === 'list' ? variables : undefined)) {
    const name = textAt(one, 'name')
    const value = at(one, 'value')
    if (name !== undefined && value) take(host, name, value, level, given, kinds)
  }
}

/** A variable `a.b` is `$(a.b)` in the pipeline and `$A_B` in the shell. */
function take(
  host: YamlHost,
  name: string,
  value: YamlNode,
  level: string,
  given: Map<string, Given>,
  kinds: readonly HoleKind[],
): void {
  if (value.kind === 'scalar') takeVariable(host, shellName(name), value, `in the ${level}'s variables`, given, kinds)
}

const shellName = (name: string): string => name.replace(/[.\s]/g, '_').toUpperCase()

/** `$(name)` is filled before the shell starts; `${{ … }}` before anything runs. */
function kindsIn(given: ReadonlyMap<string, Given>): readonly HoleKind[] {
  return [
    {
      pattern: /\$\(([A-Za-z_][\w.]*)\)/g,
      is: (found, place): Filling | undefined => {
        const value = given.get(shellName(found[1]!))?.value
        const way = value?.ways.length === 1 ? value.ways[0]! : undefined
        if (way?.length === 0) return { text: '' }
        if (way?.length === 1) return 'of' in way[0]! ? { of: way[0].of } : { text: way[0]!.text }
        // Not one of the pipeline's names: it stays, and the shell runs it.
        return value || found[1]!.includes('.') ? unknownHole(found[0], place) : undefined
      },
    },
    { pattern: /\$\{\{.*?\}\}/g, is: (found, place) => unknownHole(found[0], place) },
  ]
}

function walk(host: YamlHost, node: YamlNode, given: ReadonlyMap<string, Given>, row: string, depth: number): void {
  if (depth > 12) return
  const own = new Map(given)
  if (depth > 0) variablesOf(host, node, 'job', own)
  for (const key of ['stages', 'jobs']) {
    for (const item of itemsOf(at(node, key)))
      walk(
        host,
        item,
        own,
        `${row}/${textAt(item, 'stage') ?? textAt(item, 'job') ?? textAt(item, 'deployment') ?? 'part'}`,
        depth + 1,
      )
  }
  for (const phase of ['preDeploy', 'deploy', 'routeTraffic', 'postRouteTraffic'])
    for (const way of ['runOnce', 'rolling', 'canary']) steps(host, at(node, 'strategy', way, phase, 'steps'), own, row)
  steps(host, at(node, 'steps'), own, row)
}

function steps(host: YamlHost, list: YamlNode | undefined, given: Map<string, Given>, row: string): void {
  for (const step of itemsOf(list)) {
    if (step.kind !== 'map') continue
    const found = scriptOf(step)
    const piece = found && pieceIn(host, [found.script], kindsIn(given))
    if (!piece) {
      const other = at(step, 'powershell') ?? at(step, 'pwsh') ?? powershellTask(step)
      if (other)
        host.reading.unread(host.source.file, {
          start: other.start,
          end: other.end,
          says: 'a step for PowerShell: only sh, bash and their kin are read',
        })
      // `${{ if … }}:` holds a list of steps.
      for (const { key, value } of entriesOf(step))
        if (key.text.startsWith('${{') && value.kind === 'list') steps(host, value, given, row)
      continue
    }
    const env = new Map(given)
    for (const name of set) env.set(name, always(name, spanIn(host, step), true))
    for (const name of words) env.set(name, always(name, spanIn(host, step)))
    takeVariables(host, at(step, 'env'), "in the step's env", env, kindsIn(given))
    const name = textAt(step, 'displayName') ?? textAt(step, 'name')
    const goesOn = at(step, 'continueOnError')
    const directory = textAt(step, 'workingDirectory') ?? textAt(step, 'inputs', 'workingDirectory')
    putSite(host, {
      piece,
      name: name === undefined ? `${row}, a step` : `${row}, step "${name}"`,
      shell: usual,
      given: env,
      via: [labelOf(host, step, row)],
      row: `${host.source.file}#${row}`,
      ...(found.far ? { host: 'the far host', closed: true as const } : {}),
      ...(directory && !directory.includes('$(') ? { cwd: literal(directory) } : {}),
      ...(goesOn?.kind === 'scalar' && goesOn.text === 'true'
        ? { tolerated: labelOf(host, goesOn, 'continueOnError: the job goes on when this step fails') }
        : {}),
    })
    handOn(piece, given)
  }
}

const powershellTask = (step: YamlMap): YamlNode | undefined =>
  /^PowerShell@/.test(textAt(step, 'task') ?? '') ? at(step, 'task') : undefined

function scriptOf(step: YamlMap): { readonly script: YamlScalar; readonly far?: true } | undefined {
  const own = at(step, 'bash') ?? at(step, 'script')
  if (own?.kind === 'scalar') return { script: own }
  const task = textAt(step, 'task') ?? ''
  const inputs = at(step, 'inputs')
  if (/^Bash@/.test(task) || /^CmdLine@/.test(task)) {
    const script = at(inputs, 'script')
    return script?.kind === 'scalar' ? { script } : undefined
  }
  if (/^SSH@/.test(task)) {
    const script = at(inputs, 'inline') ?? at(inputs, 'commands')
    return script?.kind === 'scalar' ? { script, far: true } : undefined
  }
  return undefined
}

function handOn(piece: Piece, given: Map<string, Given>): void {
  for (const found of piece.text.matchAll(/##vso\[task\.setvariable variable=([\w.]+)[^\]]*\]/g)) {
    const place = spanOf(piece, found.index, found.index + found[0].length)
    given.set(
      shellName(found[1]!),
      handedOver(shellName(found[1]!), place, `${found[1]} is handed on by task.setvariable`),
    )
  }
}
