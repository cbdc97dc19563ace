import type { Source } from '../../source/source.ts'
import { directoryOf } from '../../discover/files.ts'
import { slice, unixLines, type Piece } from '../../source/piece.ts'
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
import type { Given, ShellFacts } from '../shell/script.ts'
import { argumentsPiece, dialectOf, valueOfText, type Filling, type Reading } from './host.ts'
import {
  filledIn,
  labelOf,
  maybeHole,
  openYaml,
  putSite,
  unknownHole,
  type HoleKind,
  type YamlHost,
} from './yaml-host.ts'

const plain: ShellFacts = {
  dialect: 'sh',
  flags: { errexit: false, nounset: false, pipefail: false },
  interactive: false,
}

/** The variables that plays, roles and inventories of a project set to plain text. */
type Variables = ReadonlyMap<string, YamlScalar>

/** Reads a playbook or a file of tasks: each `shell` is a shell of its own on the play's hosts. */
export function ansibleSites(source: Source, reading: Reading): void {
  if (!/\b(shell|command|raw|script)\b/.test(source.text))
    return void (looksAnsible(source) && reading.read(source.file))
  if (!looksAnsible(source)) return
  const host = openYaml(source, reading)
  if (host?.root.kind !== 'list') return
  const shared = variablesNear(source, reading)
  for (const item of host.root.items) {
    if (item.kind !== 'map') continue
    if (at(item, 'hosts')) play(host, item, shared)
    else task(host, item, { hosts: 'the managed host', variables: shared, row: source.file, depth: 0, inherited: [] })
  }
}

/** Plays, task files and handlers; group_vars and defaults hold no tasks. */
function looksAnsible(source: Source): boolean {
  return /^\s*-\s+(hosts|name|shell|command|raw|block|ansible\.|include|import|when|become|register|args|environment)\b/m.test(
    source.text,
  )
}

/** Plain variables of the same role or playbook directory: `vars/`, `defaults/`, `group_vars/all`. */
function variablesNear(source: Source, reading: Reading): Variables {
  const out = new Map<string, YamlScalar>()
  const role = /^(.*?\/?)(?:tasks|handlers)\/[^/]+$/.exec(source.file)?.[1]?.replace(/\/$/, '')
  const base = role ?? directoryOf(source.file)
  const under = base === '' ? '' : `${base}/`
  const names = ['defaults/main', 'vars/main', 'group_vars/all', 'group_vars/all/main', 'group_vars/all/vars']
  for (const name of names.flatMap((one) => [`${under}${one}.yml`, `${under}${one}.yaml`])) {
    const file = reading.files.get(name)
    if (file) take(yamlOf(file).tree.documents[0], out)
  }
  return out
}

function take(node: YamlNode | undefined, out: Map<string, YamlScalar>): void {
  for (const { key, value } of entriesOf(node)) if (value.kind === 'scalar') out.set(key.text, value)
}

interface Around {
  readonly hosts: string
  readonly variables: Variables
  readonly row: string
  readonly depth: number
  /** The play and blocks around, nearest last: their `environment`, `become`, `when`, `ignore_errors` hold below. */
  readonly inherited: readonly YamlMap[]
}

function play(host: YamlHost, node: YamlMap, shared: Variables): void {
  const variables = new Map(shared)
  take(at(node, 'vars'), variables)
  for (const prompt of itemsOf(at(node, 'vars_prompt'))) {
    const name = textAt(prompt, 'name')
    if (name !== undefined) variables.delete(name)
  }
  const local = textAt(node, 'connection') === 'local' || textAt(node, 'hosts') === 'localhost'
  const around: Around = {
    hosts: local ? 'here' : (textAt(node, 'hosts') ?? 'the managed host'),
    variables,
    row: `${host.source.file}#${node.start}`,
    depth: 0,
    inherited: [node],
  }
  for (const key of ['pre_tasks', 'tasks', 'post_tasks', 'handlers'])
    for (const item of itemsOf(at(node, key))) if (item.kind === 'map') task(host, item, around)
}

const modules = /^(?:ansible\.(?:builtin|legacy)\.)?(shell|command|raw|script)$/

function task(host: YamlHost, node: YamlMap, around: Around): void {
  if (around.depth > 10) return
  for (const key of ['block', 'rescue', 'always'])
    for (const item of itemsOf(at(node, key)))
      if (item.kind === 'map')
        task(host, item, { ...around, depth: around.depth + 1, inherited: [...around.inherited, node] })
  const entry = entriesOf(node).find(({ key }) => modules.test(key.text))
  const action = entry ? undefined : actionOf(node)
  const module = entry ? modules.exec(entry.key.text)![1]! : action?.module
  const value = entry?.value ?? action?.value
  // `script:` runs a local file on the far host: the file itself is read as what it is.
  if (!module || !value || module === 'script') return
  const local = new Map(around.variables)
  take(at(node, 'vars'), local)
  const kinds = jinja(host, local)
  const found = commandOf(host, value, node, module, kinds)
  if (!found || found.piece.text.trim() === '') return
  const chain = [...around.inherited, node]
  const name = textAt(node, 'name')
  const ignored = chain
    .map((one) => at(one, 'ignore_errors'))
    .findLast((one) => one && textAt(one) !== 'false' && textAt(one) !== 'no')
  const failed = at(node, 'failed_when')
  const forgiving = ignored ?? (textAt(failed) === 'false' ? failed : undefined)
  const condition = at(node, 'when')
  const become = chain.map((one) => textAt(one, 'become')).findLast((one) => one !== undefined)
  const user = chain.map((one) => textAt(one, 'become_user')).findLast((one) => one !== undefined)
  const delegated = textAt(node, 'delegate_to')
  const hosts =
    delegated === 'localhost' || delegated === '127.0.0.1' || at(node, 'local_action')
      ? 'here'
      : (delegated ?? around.hosts)
  putSite(host, {
    piece: found.piece,
    name: name === undefined ? `a task with ${module}` : `task "${name}"`,
    shell: {
      ...plain,
      ...(found.executable ? { dialect: dialectOf(found.executable) ?? 'sh' } : {}),
      ...(become === 'true' || become === 'yes' ? { user: user ?? 'root' } : {}),
    },
    given: environmentOf(host, chain, kinds),
    host: hosts,
    ...(hosts === 'here' ? {} : { closed: true as const }),
    via: [labelOf(host, node, `each ${module} task is a shell of its own`)],
    row: around.row,
    ...(found.chdir ? { cwd: valueOfText(found.chdir.text, host.origins) } : {}),
    ...(forgiving ? { tolerated: labelOf(host, forgiving, 'the play goes on when this task fails') } : {}),
    ...(condition ? { condition: labelOf(host, condition, 'only under this condition') } : {}),
  })
}

/** `action: shell x` and `local_action: shell x`. */
function actionOf(node: YamlMap): { readonly module: string; readonly value: YamlNode } | undefined {
  const own = at(node, 'action') ?? at(node, 'local_action')
  if (own?.kind === 'map') {
    const module = modules.exec(textAt(own, 'module') ?? '')?.[1]
    return module ? { module, value: own } : undefined
  }
  const module = modules.exec(/^\S+/.exec(textAt(own) ?? '')?.[0] ?? '')?.[1]
  return module && own ? { module, value: own } : undefined
}

interface Found {
  readonly piece: Piece
  readonly chdir?: Piece
  readonly executable?: string
}

function commandOf(
  host: YamlHost,
  value: YamlNode,
  node: YamlMap,
  module: string,
  kinds: readonly HoleKind[],
): Found | undefined {
  const args = at(node, 'args')
  const textOf = (scalar: YamlNode | undefined): Piece | undefined =>
    scalar?.kind === 'scalar' && !isEmpty(scalar)
      ? filledIn(host, unixLines(scalarPiece(host.base, scalar)), kinds)
      : undefined
  const chdir = textOf(at(args, 'chdir') ?? at(value, 'chdir'))
  const executable = textAt(args, 'executable') ?? textAt(value, 'executable')
  const rest = { ...(chdir ? { chdir } : {}), ...(executable ? { executable } : {}) }
  const list = at(value, 'argv') ?? at(args, 'argv')
  if (list) {
    const words = itemsOf(list).flatMap((item) => textOf(item) ?? [])
    return words.length === 0 ? undefined : { piece: argumentsPiece(host.base, words), ...rest }
  }
  const written = textOf(value.kind === 'scalar' ? value : (at(value, 'cmd') ?? at(value, '_raw_params')))
  if (!written) return undefined
  const free =
    value.kind === 'scalar'
      ? freeForm(written, at(node, 'action') || at(node, 'local_action') ? true : false)
      : { piece: written }
  const found = { ...rest, ...free }
  if (module === 'command') return noShell(host, found)
  return found
}

/** `shell: chdir=/srv creates=/x make`: options may stand before or after the command. */
function freeForm(written: Piece, action: boolean): Found {
  let start = action ? /^\s*\S+\s*/.exec(written.text)![0].length : 0
  let end = written.text.length
  let chdir: Piece | undefined
  let executable: string | undefined
  const take = (name: string, from: number, to: number): void => {
    const quote = /^["']/.test(written.text.slice(from, to)) ? 1 : 0
    if (name === 'chdir') chdir = slice(written, from + quote, to - quote)
    if (name === 'executable') executable = written.text.slice(from + quote, to - quote)
  }
  const option = String.raw`(chdir|creates|removes|executable|warn|stdin)=("[^"]*"|'[^']*'|\S+)`
  for (
    let found = new RegExp(`^\\s*${option}\\s*`).exec(written.text.slice(start));
    found;
    found = new RegExp(`^\\s*${option}\\s*`).exec(written.text.slice(start))
  ) {
    const at0 = start + found[0].indexOf(found[2]!)
    take(found[1]!, at0, at0 + found[2]!.length)
    start += found[0].length
  }
  for (
    let found = new RegExp(`\\s${option}\\s*$`).exec(written.text.slice(start, end));
    found;
    found = new RegExp(`\\s${option}\\s*$`).exec(written.text.slice(start, end))
  ) {
    const at0 = start + found.index + found[0].indexOf(found[2]!)
    take(found[1]!, at0, at0 + found[2]!.length)
    end = start + found.index
  }
  const piece = start === 0 && end === written.text.length ? written : slice(written, start, end)
  return { piece, ...(chdir ? { chdir } : {}), ...(executable ? { executable } : {}) }
}

/** `command` runs no shell: nothing is expanded, piped or chained. What only a shell would read is quoted. */
function noShell(host: YamlHost, found: Found): Found {
  if (!/[|&;<>()$`*?~]/.test(found.piece.text)) return found
  const words = [...found.piece.text.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map((word) => {
    const quoted = word[3] === undefined ? 1 : 0
    return slice(found.piece, word.index + quoted, word.index + word[0].length - quoted)
  })
  return { ...found, piece: argumentsPiece(host.base, words) }
}

function environmentOf(
  host: YamlHost,
  chain: readonly YamlMap[],
  kinds: readonly HoleKind[],
): ReadonlyMap<string, Given> {
  const out = new Map<string, Given>()
  for (const one of chain)
    for (const { key, value } of entriesOf(at(one, 'environment'))) {
      if (value.kind !== 'scalar') continue
      const piece = filledIn(host, scalarPiece(host.base, value), kinds)
      const because = [labelOf(host, value, `${key.text} is set in environment`)]
      out.set(key.text, { value: valueOfText(piece.text, host.origins, because), exported: true })
    }
  return out
}

/** `{{ … }}` is filled by Ansible, which stops at a variable that is not defined; `{% … %}` is left out, both ways being read. */
function jinja(host: YamlHost, variables: Variables): readonly HoleKind[] {
  return [
    { pattern: /\{%[^]*?%\}|\{#[^]*?#\}/g, is: () => ({ text: '' }) },
    {
      pattern: /\{\{-?\s*([^]*?)\s*-?\}\}/g,
      is: (found, place) => meaning(found[0], found[1]!, place, variables, host, 0),
    },
  ]
}

function meaning(
  name: string,
  inner: string,
  place: { file: string; start: number; end: number },
  variables: Variables,
  host: YamlHost,
  depth: number,
): Filling {
  const plainName = /^[A-Za-z_]\w*$/.exec(inner)
  const value = plainName ? variables.get(inner) : undefined
  if (value && depth < 4) {
    const nested = /^\{\{\s*([^{}]*?)\s*\}\}$/.exec(value.text)
    if (nested) return meaning(name, nested[1]!, place, variables, host, depth + 1)
    if (!value.text.includes('{{'))
      return isEmpty(value) ? maybeHole(name, place, 'is empty: the variable has no value') : { text: value.text }
    return unknownHole(name, place)
  }
  const fallback = /\|\s*(?:default|d)\(\s*(''|""|omit)?\s*(?:,[^)]*)?\)\s*$/.exec(inner)
  if (fallback) return maybeHole(name, place, 'is empty when the variable is not defined: its default is empty')
  if (/^lookup\(\s*['"]env['"]/.test(inner))
    return maybeHole(name, place, 'is empty when the environment of the controller does not set it')
  if (/\.stdout(_lines)?$/.test(inner))
    return maybeHole(name, place, 'is empty when the command it was registered from printed nothing')
  return unknownHole(name, place)
}
