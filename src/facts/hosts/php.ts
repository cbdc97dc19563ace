import type { Label, Source } from '../../source/source.ts'
import { masked, spanOf, wholeFile, type Piece } from '../../source/piece.ts'
import {
  parsePhp,
  phpChildren,
  walkPhp,
  type PhpCall,
  type PhpExpression,
  type PhpFile,
  type PhpFunction,
  type PhpNode,
} from '../../parse/php.ts'
import type { Given, ShellFacts } from '../shell/script.ts'
import type { Origin, Value } from '../shell/value.ts'
import { argumentsPiece, fill, hole, valueOfText, type Filled, type Reading } from './host.ts'
import { scopeOf, textOfExpression, type PhpScope } from './php-text.ts'

const plain: ShellFacts = {
  dialect: 'sh',
  flags: { errexit: false, nounset: false, pipefail: false },
  interactive: false,
}

/** Files that cannot hold shell are not parsed. */
const mayHold =
  /\b(?:exec|shell_exec|system|passthru|popen|proc_open|fromShellCommandline|runLocally|run|taskExec|_exec|within)\s*\(|\bnew\s+Process\b|=\s*`|\bProcess::|\becho\s*`|\(\s*`/

/** Reads a PHP file: what it hands to a shell, and the commands of Deployer. */
export function phpSites(source: Source, reading: Reading): void {
  if (/\.blade\.php$/.test(source.file) || !mayHold.test(source.text)) return
  const parsed = parsePhp(source.text, reading.parsers.php as Parameters<typeof parsePhp>[1])
  reading.read(source.file)
  for (const error of parsed.errors) reading.unread(source.file, error)
  const base = masked(wholeFile(source.file, source.text), [])
  const origins: Origin[] = []
  const deployer = isDeployer(source)
  const scope = scopeOf(source.file, base, topLevel(parsed.tree), origins)
  const file: PhpReading = {
    source,
    reading,
    base,
    origins,
    deployer,
    settings: settingsOf(parsed.tree, deployer),
    tree: parsed.tree,
  }
  block(file, parsed.tree.body, scope, { row: `${source.file}#top`, name: 'the file', via: [] })
}

interface PhpReading {
  readonly source: Source
  readonly reading: Reading
  readonly base: Piece
  readonly origins: Origin[]
  readonly deployer: boolean
  /** `set('name', value)` of Deployer. */
  readonly settings: ReadonlyMap<string, PhpExpression>
  readonly tree: PhpFile
}

/** Where code runs: which row its stretches belong to, and in which directory. */
interface Place {
  readonly row: string
  readonly name: string
  readonly via: readonly Label[]
  readonly cwd?: Value
}

function isDeployer(source: Source): boolean {
  return /\bnamespace\s+Deployer\b|\brecipe\/[\w-]+\.php\b|\buse\s+function\s+Deployer\\|Deployer\\(run|task)\b/.test(
    source.text,
  )
}

/** The file without what stands in functions: those have scopes of their own. */
function topLevel(tree: PhpFile): readonly PhpNode[] {
  return tree.body.filter((node) => node.kind !== 'function' && node.kind !== 'class')
}

function settingsOf(tree: PhpFile, deployer: boolean): ReadonlyMap<string, PhpExpression> {
  const out = new Map<string, PhpExpression>()
  if (!deployer) return out
  walkPhp(tree.body, (node) => {
    const [key, value] = node.kind === 'call' && node.name === 'set' ? node.args.map((arg) => arg.value) : []
    if (key?.kind === 'string' && value) out.set(key.value, value)
  })
  return out
}

/** Walks statements in their order; a closure or function is a place of its own. */
function block(file: PhpReading, nodes: readonly PhpNode[], scope: PhpScope, place: Place): void {
  let here = place
  const walk = (node: PhpNode): void => {
    if (node.kind === 'function') return inFunction(file, node, scope, here)
    if (node.kind === 'class') return void node.methods.forEach((method) => inFunction(file, method, scope, here))
    if (node.kind === 'call') {
      const next = call(file, node, scope, here)
      if (next === 'done') return
      if (next) here = next
    }
    if (node.kind === 'template' && node.quote === '`')
      put(file, node, scope, here, { says: 'a backtick string runs in sh' })
    for (const below of phpChildren(node)) walk(below)
  }
  for (const node of nodes) walk(node)
}

function inFunction(file: PhpReading, node: PhpFunction, scope: PhpScope, place: Place): void {
  if (!node.body) return
  const inner = scopeOf(
    file.source.file,
    file.base,
    node.body,
    file.origins,
    node.how === 'arrow' || node.uses.length > 0 || file.deployer ? scope : undefined,
  )
  const own = node.name ?? ''
  const row = own === '' ? `${place.row}/${node.start}` : `${file.source.file}#${own}`
  const { cwd: _, ...rest } = place
  const kept = node.how === 'arrow' || node.how === 'closure' ? place : rest
  block(file, node.body, inner, { ...kept, row, name: own === '' ? place.name : `function ${own}` })
}

/** One call: `done` when its arguments hold nothing more to read, a new place when it moves (`cd`). */
function call(file: PhpReading, node: PhpCall, scope: PhpScope, place: Place): Place | 'done' | undefined {
  const name = typeof node.name === 'string' ? node.name.replace(/^\\?(Deployer\\)?/, '') : ''
  const first = node.args[0]?.value
  if (file.deployer && node.how === 'function') {
    const own = deployerCall(file, node, name, scope, place)
    if (own !== undefined) return own
  }
  if (!first) return undefined
  const span = { file: file.source.file, start: node.start, end: node.end }
  if (node.how === 'function' && /^(exec|shell_exec|system|passthru|popen|proc_open)$/i.test(name)) {
    put(file, first, scope, place, { says: `${name}() runs it in sh`, at: span })
  } else if (name === 'fromShellCommandline')
    put(file, first, scope, place, { says: 'Process runs it in sh', at: span })
  else if (
    node.how === 'new' &&
    /(^|\\)Process$/.test(classOf(node)) &&
    file.source.text.includes('Symfony\\Component\\Process')
  )
    put(file, first, scope, place, { says: 'Process runs it', at: span })
  else if (node.how === 'static' && /(^|\\)Process$/.test(classOf(node)) && name === 'run')
    put(file, first, scope, place, { says: 'Process runs it', at: span })
  else if (node.how === 'method' && /^(taskExec|_exec|taskExecStack)$/.test(name))
    put(file, first, scope, place, { says: 'Robo runs it', at: span })
  return undefined
}

function classOf(node: PhpCall): string {
  return node.on.kind === 'name' ? node.on.name : ''
}

const deployerShell: ShellFacts = { ...plain, dialect: 'bash' }

function deployerCall(
  file: PhpReading,
  node: PhpCall,
  name: string,
  scope: PhpScope,
  place: Place,
): Place | 'done' | undefined {
  const [first, second] = node.args.map((arg) => arg.value)
  const span = { file: file.source.file, start: node.start, end: node.end }
  if (name === 'task' && first?.kind === 'string') {
    const at = { file: file.source.file, start: first.start, end: first.end }
    const task: Place = {
      row: `${file.source.file}#task ${first.value}`,
      name: `task ${first.value}`,
      via: [{ at, says: `task ${first.value}` }],
    }
    for (const arg of node.args.slice(1)) if (arg.value.kind === 'function') inTask(file, arg.value, scope, task)
    return 'done'
  }
  if ((name === 'within' || name === 'cd') && first) {
    const origins = file.origins
    const piece = placeholders(file, textOfExpression(first, scope))
    const cwd = valueOfText(piece.text, origins, [{ at: span, says: `${name}()` }])
    if (name === 'cd') return { ...place, cwd }
    if (second?.kind === 'function') inTask(file, second, scope, { ...place, cwd })
    return 'done'
  }
  if ((name === 'run' || name === 'runLocally') && first) {
    const remote = name === 'run'
    const forgiving = node.args.find(
      (arg) => /^no_?throw$/i.test(arg.name ?? '') && arg.value.kind === 'boolean' && arg.value.value,
    )
    put(file, first, scope, place, {
      says: remote ? 'each run() is a shell of its own on the host' : 'each runLocally() is a shell of its own',
      at: span,
      shell: deployerShell,
      host: remote ? 'the deploy host' : 'here',
      ...(forgiving
        ? {
            tolerated: {
              at: { ...span, start: forgiving.start, end: forgiving.end },
              says: 'nothrow: the task goes on when this fails',
            },
          }
        : {}),
      ...(remote ? {} : { elsewhere: true }),
      env: environmentOf(node, file, scope),
    })
    return undefined
  }
  return undefined
}

/** A task's body: its `run`s are one row, closures inside it included. */
function inTask(file: PhpReading, node: PhpFunction, scope: PhpScope, place: Place): void {
  if (!node.body) return
  block(file, node.body, scopeOf(file.source.file, file.base, node.body, file.origins, scope), place)
}

/** `run('…', env: ['X' => 'y'])` and `['env' => […]]`, with what `set('env', […])` says. */
function environmentOf(node: PhpCall, file: PhpReading, scope: PhpScope): ReadonlyMap<string, Given> {
  const out = new Map<string, Given>()
  const take = (list: PhpExpression | undefined): void => {
    if (list?.kind !== 'array') return
    for (const { key, value } of list.items) {
      if (key?.kind !== 'string') continue
      const piece = placeholders(file, textOfExpression(value, scope))
      const at = { file: file.source.file, start: value.start, end: value.end }
      out.set(key.value, {
        value: valueOfText(piece.text, file.origins, [{ at, says: `${key.value} is given to the shell` }]),
        exported: true,
      })
    }
  }
  take(file.settings.get('env'))
  for (const arg of node.args) {
    if (arg.name === 'env') take(arg.value)
    else if (arg.value.kind === 'array')
      for (const item of arg.value.items) if (item.key?.kind === 'string' && item.key.value === 'env') take(item.value)
  }
  return out
}

interface Way {
  readonly says: string
  readonly at?: { readonly file: string; readonly start: number; readonly end: number }
  readonly shell?: ShellFacts
  readonly host?: string
  readonly tolerated?: Label
  readonly elsewhere?: true
  readonly env?: ReadonlyMap<string, Given>
}

function put(file: PhpReading, expression: PhpExpression, scope: PhpScope, place: Place, way: Way): void {
  const words =
    expression.kind === 'array' ? expression.items.map((item) => textOfExpression(item.value, scope)) : undefined
  const text = words ? argumentsPiece(file.base, words) : textOfExpression(expression, scope)
  const piece = file.deployer ? placeholders(file, text) : text
  if (piece.text.trim() === '') return
  // A command that is a hole alone says nothing.
  if (/^[\s\uE000-\uF8FF]+$/.test(piece.text)) return
  const at = way.at ?? spanOf(piece, 0, piece.text.length)
  file.reading.site({
    piece,
    file: file.source.file,
    name: place.name,
    shell: way.shell ?? plain,
    given: way.env ?? new Map(),
    holes: file.origins,
    host: way.host ?? 'here',
    via: [...place.via, { at, says: way.says }],
    row: way.elsewhere ? `${place.row} here` : place.row,
    ...(place.cwd ? { cwd: place.cwd } : {}),
    ...(way.host && way.host !== 'here' ? { closed: true as const } : {}),
    ...(way.tolerated ? { tolerated: way.tolerated } : {}),
  })
}

const absolutes = new Set([
  'deploy_path',
  'release_path',
  'current_path',
  'release_or_current_path',
  'bin/php',
  'bin/composer',
])

/** Fills Deployer's `{{name}}`: what the file sets to a text is that text; the rest is set by recipes, hosts or closures. */
function placeholders(file: PhpReading, piece: Piece): Piece {
  const holes = [...piece.text.matchAll(/\{\{\s*([\w./:-]+)\s*\}\}/g)].map((found): Filled => {
    const start = found.index
    const end = start + found[0].length
    const name = found[1]!
    const value = file.settings.get(name)
    if (value?.kind === 'string' && !value.value.includes('{{')) return { start, end, is: { text: value.value } }
    const empty =
      value?.kind === 'string' && value.value === ''
        ? 'always'
        : absolutes.has(name)
          ? 'never'
          : name === 'previous_release'
            ? 'maybe'
            : 'unknown'
    const of = hole(
      found[0],
      spanOf(piece, start, end),
      empty,
      name === 'previous_release' ? 'is empty at the first release' : '',
    )
    const known = file.origins.find((origin) => origin.name === found[0])
    return { start, end, is: { of: known ?? (absolutes.has(name) ? { ...of, absolute: true } : of) } }
  })
  return holes.length === 0 ? piece : fill(piece, holes, file.origins, { layered: true })
}
