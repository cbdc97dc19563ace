import type { Source } from '../../source/source.ts'
import { spanOf, type Piece } from '../../source/piece.ts'
import { at, entriesOf, itemsOf, textAt, type YamlMap, type YamlNode } from '../../parse/yaml.ts'
import type { Given, ShellFacts } from '../shell/script.ts'
import { literal } from '../shell/value.ts'
import { writtenTo } from './hand-over.ts'
import { always, fixed, handedOver, shellOf, withPlatform, type Reading } from './host.ts'
import {
  labelOf,
  openYaml,
  pieceIn,
  putSite,
  spanIn,
  takeVariables,
  unknownHole,
  maybeHole,
  type HoleKind,
  type YamlHost,
} from './yaml-host.ts'

const set =
  'CI CIRCLECI CIRCLE_BUILD_NUM CIRCLE_JOB CIRCLE_NODE_INDEX CIRCLE_NODE_TOTAL CIRCLE_PROJECT_REPONAME CIRCLE_PROJECT_USERNAME CIRCLE_SHA1 CIRCLE_WORKFLOW_ID CIRCLE_WORKFLOW_JOB_ID BASH_ENV'.split(
    ' ',
  )
const usual: ShellFacts = {
  dialect: 'bash',
  flags: { errexit: true, nounset: false, pipefail: true },
  interactive: false,
}

/** Reads a CircleCI configuration: each `run` is `bash -eo pipefail`; what a step writes to `$BASH_ENV` the next ones have. */
export function circleSites(source: Source, reading: Reading): void {
  const host = openYaml(source, reading)
  if (!host) return
  for (const kind of ['jobs', 'commands'])
    for (const { key, value } of entriesOf(at(host.root, kind)))
      if (value.kind === 'map') jobSites(host, value, kind === 'jobs' ? `job ${key.text}` : `command ${key.text}`)
}

function parametersOf(job: YamlMap): readonly HoleKind[] {
  return [
    {
      pattern: /<<\s*(?:parameters|pipeline\.parameters)\.([\w-]+)\s*>>/g,
      is: (found, place) => {
        const declared = at(job, 'parameters', found[1]!)
        const text = textAt(declared, 'default')
        if (declared && text === undefined && at(declared, 'default'))
          return maybeHole(found[0], place, 'is empty when no caller gives it')
        return unknownHole(found[0], place)
      },
    },
    {
      pattern: /<<\s*(?:pipeline|matrix)\.(?!parameters)[\w.-]+\s*>>/g,
      is: (found, place) => unknownHole(found[0], place),
    },
  ]
}

function jobSites(host: YamlHost, job: YamlMap, name: string): void {
  const given = new Map<string, Given>()
  for (const one of set) given.set(one, always(one, spanIn(host, job)))
  const kinds = parametersOf(job)
  takeVariables(host, at(job, 'environment'), "in the job's environment", given, kinds)
  for (const docker of itemsOf(at(job, 'docker')).slice(0, 1))
    takeVariables(host, at(docker, 'environment'), "in the image's environment", given, kinds)
  const walk = (steps: YamlNode | undefined, depth: number): void => {
    for (const step of itemsOf(steps)) {
      for (const inner of ['when', 'unless']) if (depth < 5) walk(at(step, inner, 'steps'), depth + 1)
      const run = at(step, 'run')
      if (run) runSite(host, job, run, name, given, kinds)
    }
  }
  walk(at(job, 'steps'), 0)
}

function runSite(
  host: YamlHost,
  job: YamlMap,
  run: YamlNode,
  name: string,
  given: Map<string, Given>,
  kinds: readonly HoleKind[],
): void {
  const command = run.kind === 'scalar' ? run : at(run, 'command')
  const piece = command && pieceIn(host, [command], kinds)
  if (!piece) return
  const image = itemsOf(at(job, 'docker')).map((docker) => textAt(docker, 'image'))[0]
  const own = textAt(run, 'shell') ?? textAt(job, 'shell')
  const shell =
    own === undefined ? { ...usual, ...withPlatform(image) } : shellOf(own.split(/\s+/), withPlatform(image))
  if (!shell) {
    const says = `a step for ${own!.split(/\s/)[0]!.replace(/^.*[\\/]/, '')}: only sh, bash and their kin are read`
    host.reading.unread(host.source.file, { start: command.start, end: command.end, says })
    return
  }
  const env = new Map(given)
  takeVariables(host, at(run, 'environment'), "in the step's environment", env, kinds)
  const step = textAt(run, 'name')
  const directory = textAt(run, 'working_directory') ?? textAt(job, 'working_directory')
  const shown = step === undefined ? `${name}, a run` : `${name}, run "${step}"`
  putSite(host, {
    piece,
    name: shown,
    shell,
    given: env,
    via: [labelOf(host, run, name)],
    row: `${host.source.file}#${name}`,
    ...(directory ? { cwd: literal(directory) } : {}),
  })
  handOn(piece, given, shown)
}

function handOn(piece: Piece, given: Map<string, Given>, name: string): void {
  for (const one of writtenTo(
    piece.text.replace(/\bexport\s+/g, (word) => ' '.repeat(word.length)),
    /\bBASH_ENV\b/,
  )) {
    const place = spanOf(piece, one.start, one.end)
    const says = `${name} hands ${one.name} on through $BASH_ENV`
    given.set(one.name, one.value !== undefined ? fixed(one.value, place, says) : handedOver(one.name, place, says))
  }
}
