import type { Source } from '../../source/source.ts'
import { at, entriesOf, itemsOf, textAt, type YamlMap, type YamlNode } from '../../parse/yaml.ts'
import type { Given, ShellFacts } from '../shell/script.ts'
import { always, fixed, withPlatform, type Reading } from './host.ts'
import { labelOf, openYaml, pieceIn, putSite, spanIn, type YamlHost } from './yaml-host.ts'

// https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
const set =
  'CI BITBUCKET_BUILD_NUMBER BITBUCKET_COMMIT BITBUCKET_WORKSPACE BITBUCKET_REPO_SLUG BITBUCKET_REPO_UUID BITBUCKET_REPO_FULL_NAME BITBUCKET_PIPELINE_UUID BITBUCKET_STEP_UUID BITBUCKET_GIT_HTTP_ORIGIN BITBUCKET_GIT_SSH_ORIGIN'.split(
    ' ',
  )

/** Reads a Bitbucket pipeline: the script of a step is one shell with `-e`, its after-script another. */
export function bitbucketSites(source: Source, reading: Reading): void {
  const host = openYaml(source, reading)
  if (!host) return
  let count = 0
  const step = (node: YamlNode, row: string, name: string): void => {
    if (node.kind !== 'map') return
    for (const { key, value } of entriesOf(node)) {
      if (key.text === 'step' && value.kind === 'map') stepSites(host, value, row, name, ++count)
      else if (key.text === 'parallel')
        for (const item of itemsOf(at(value, 'steps') ?? value)) step(item, `${row}/${count}`, name)
      else if (key.text === 'stage') for (const item of itemsOf(at(value, 'steps'))) step(item, row, name)
    }
  }
  for (const { key, value } of entriesOf(at(host.root, 'pipelines'))) {
    if (value.kind === 'list') for (const item of value.items) step(item, key.text, key.text)
    for (const inner of entriesOf(value))
      for (const item of itemsOf(inner.value)) step(item, `${key.text} ${inner.key.text}`, inner.key.text)
  }
}

function stepSites(host: YamlHost, node: YamlMap, row: string, pipeline: string, count: number): void {
  const given = new Map<string, Given>()
  for (const name of set) given.set(name, always(name, spanIn(host, node)))
  given.set('BITBUCKET_CLONE_DIR', always('BITBUCKET_CLONE_DIR', spanIn(host, node), true))
  if (pipeline === 'tags') given.set('BITBUCKET_TAG', always('BITBUCKET_TAG', spanIn(host, node)))
  const image =
    textAt(node, 'image') ??
    textAt(node, 'image', 'name') ??
    textAt(host.root, 'image') ??
    textAt(host.root, 'image', 'name')
  const shell: ShellFacts = {
    dialect: 'bash',
    flags: { errexit: true, nounset: false, pipefail: false },
    interactive: false,
    ...withPlatform(image),
  }
  const name = `${pipeline}, step "${textAt(node, 'name') ?? count}"`
  const common = { shell, given, via: [labelOf(host, node, `step of ${pipeline}`)], row: `${host.source.file}#${row}` }
  for (const key of ['script', 'after-script']) {
    const lines = itemsOf(at(node, key))
    const piece = pieceIn(host, lines)
    if (piece) putSite(host, { ...common, piece, name: key === 'script' ? name : `${name}, ${key}` })
    for (const line of lines) pipeSite(host, line, name, common)
  }
}

/** `pipe: atlassian/ssh-run` gives its COMMAND to the far host. */
function pipeSite(
  host: YamlHost,
  line: YamlNode,
  name: string,
  common: { readonly via: readonly { at: ReturnType<typeof spanIn>; says: string }[]; readonly row: string },
): void {
  if (!textAt(line, 'pipe')?.startsWith('atlassian/ssh-run') || textAt(line, 'variables', 'MODE') === 'script') return
  const command = at(line, 'variables', 'COMMAND')
  // The pipe's variables are expanded by Bitbucket before ssh is called: they are the step's.
  const piece = command && pieceIn(host, [command])
  if (!piece) return
  const shell: ShellFacts = {
    dialect: 'bash',
    flags: { errexit: false, nounset: false, pipefail: false },
    interactive: false,
  }
  const far = textAt(line, 'variables', 'SERVER') ?? 'the far host'
  putSite(host, {
    ...common,
    piece,
    name,
    shell,
    given: new Map([['CI', fixed('true', spanIn(host, line), 'Bitbucket sets CI')]]),
    host: far,
  })
}
