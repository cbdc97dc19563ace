import type { Label, Source } from '../../source/source.ts'
import { concat, decoder, masked, wholeFile, type Piece } from '../../source/piece.ts'
import { literalPiece, type LiteralQuote } from '../../parse/literal.ts'
import { rubyChildren, type RubyCall, type RubyNode, type RubyString } from '../../parse/ruby.ts'
import { holeBase, type Given, type ShellFacts } from '../shell/script.ts'
import type { Certainty, Origin, Value } from '../shell/value.ts'
import { valueOfText, type Reading } from './host.ts'

const sh: ShellFacts = { dialect: 'sh', flags: { errexit: false, nounset: false, pipefail: false }, interactive: false }
const mayHold = /\b(execute|run|capture|test|sudo|system|exec|sh|Open3|IO\.popen)\b|`|%x/

interface Ruby {
  readonly source: Source
  readonly reading: Reading
  readonly base: Piece
  readonly origins: Origin[]
  /** `set :name, 'text'` and `NAME = 'text'`. */
  readonly settings: ReadonlyMap<string, RubyNode>
  readonly capistrano: boolean
}

interface Around {
  readonly name: string
  readonly row: string
  readonly via: readonly Label[]
  readonly host: string
  readonly cwd: Value | undefined
  readonly given: ReadonlyMap<string, Given>
}

/** Reads Ruby: what Capistrano executes on its hosts, and what any Ruby hands to a shell. */
export function rubySites(source: Source, reading: Reading): void {
  const parse = reading.parsers.ruby as
    | ((text: string) => { tree: readonly RubyNode[]; errors: readonly { start: number; end: number; says: string }[] })
    | undefined
  if (!mayHold.test(source.text)) return
  if (!parse)
    return reading.unread(source.file, { start: 0, end: source.text.length, says: 'the Ruby parser was not loaded' })
  const { tree, errors } = parse(source.text)
  reading.read(source.file)
  for (const error of errors) reading.unread(source.file, error)
  const settings = new Map<string, RubyNode>()
  collect(tree, settings)
  const capistrano =
    /\.(cap|rake)$|Capfile$|config\/deploy|capistrano/.test(source.file) ||
    /\b(on\s+roles|fetch\(:|namespace :deploy)/.test(source.text)
  const ruby: Ruby = {
    source,
    reading,
    base: masked(wholeFile(source.file, source.text), []),
    origins: [],
    settings,
    capistrano,
  }
  const around: Around = {
    name: 'the file',
    row: `${source.file}#top`,
    via: [],
    host: 'here',
    cwd: undefined,
    given: new Map(),
  }
  for (const node of tree) walk(ruby, node, around, 0)
}

function collect(nodes: readonly RubyNode[], out: Map<string, RubyNode>): void {
  const stack = [...nodes]
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.kind === 'call' && node.name === 'set' && node.args.length === 2) {
      const key = plainText(node.args[0]!)
      if (key !== undefined) out.set(key, node.args[1]!)
    }
    if (node.kind === 'assign' && node.target.kind === 'name') {
      // Assigned twice is not known.
      out.set(
        node.target.name,
        out.has(node.target.name) ? { kind: 'literal', value: null, start: node.start, end: node.end } : node.value,
      )
    }
    stack.push(...rubyChildren(node))
  }
}

function plainText(node: RubyNode): string | undefined {
  if (node.kind !== 'string' && node.kind !== 'symbol') return undefined
  return node.parts.every((part) => part.kind === 'text')
    ? node.parts.map((part) => (part.kind === 'text' ? part.text : '')).join('')
    : undefined
}

const remote = /^(execute|capture|test|background)$/
const local = /^(system|exec|sh|spawn|popen|capture2e?|capture3)$/

function walk(ruby: Ruby, node: RubyNode, around: Around, depth: number): void {
  if (depth > 200) return
  if (node.kind === 'call') {
    const inner = call(ruby, node, around)
    for (const below of rubyChildren(node)) walk(ruby, below, inner, depth + 1)
    return
  }
  if (node.kind === 'command') put(ruby, stringPiece(ruby, node), around, node, 'a backtick string runs in sh', 'here')
  const next =
    node.kind === 'def' ? { ...around, row: `${ruby.source.file}#${node.name}`, name: `method ${node.name}` } : around
  for (const below of rubyChildren(node)) walk(ruby, below, next, depth + 1)
}

/** One call: what it runs is put down; what is around its block is given back. */
function call(ruby: Ruby, node: RubyCall, around: Around): Around {
  const [first] = node.args
  const at = { file: ruby.source.file, start: node.start, end: node.end }
  if ((node.name === 'task' || node.name === 'desc_task') && first && node.block) {
    const name = plainText(first.kind === 'hash' ? (first.pairs[0]?.key ?? first) : first) ?? 'a task'
    return {
      ...around,
      name: `task ${name}`,
      row: `${ruby.source.file}#${name}@${node.start}`,
      via: [{ at: { ...at, end: first.end }, says: `task ${name}` }],
    }
  }
  if (node.name === 'on' && node.block) return { ...around, host: 'the deploy hosts' }
  if (node.name === 'run_locally') return { ...around, host: 'here' }
  if (node.name === 'within' && first)
    return { ...around, cwd: valueOfText(textOf(ruby, first, 0).text, ruby.origins, [{ at, says: 'within' }]) }
  if (node.name === 'with' && first?.kind === 'hash' && node.block)
    return { ...around, given: environment(ruby, first, around.given) }
  if (!first || node.receiver?.kind === 'string') return around
  const method = node.name
  if (
    ruby.capistrano &&
    !node.receiver &&
    (remote.test(method) || ((method === 'run' || method === 'sudo') && !node.block))
  ) {
    // Capistrano 2's run and sudo always work on the hosts.
    const host = method === 'run' || method === 'sudo' ? 'the deploy hosts' : around.host
    if (method === 'test') return around
    const forgiving = node.args.some(
      (arg) =>
        arg.kind === 'hash' && arg.pairs.some((pair) => pair.key && plainText(pair.key) === 'raise_on_non_zero_exit'),
    )
    put(ruby, joined(ruby, node.args), around, node, `each ${method} is a shell of its own`, host, forgiving)
  } else if (
    local.test(method) &&
    (!node.receiver || (node.receiver.kind === 'name' && /^(Kernel|Open3|IO)$/.test(node.receiver.name)))
  ) {
    const words = node.args.filter((arg) => arg.kind !== 'hash')
    if (words.length === 1) put(ruby, textOf(ruby, first, 0), around, node, `${method} runs it in sh`, 'here')
  }
  return around
}

function environment(
  ruby: Ruby,
  hash: RubyNode & { kind: 'hash' },
  before: ReadonlyMap<string, Given>,
): ReadonlyMap<string, Given> {
  const out = new Map(before)
  for (const { key, value } of hash.pairs) {
    const name = key && plainText(key)
    if (name === undefined || !value) continue
    const at = { file: ruby.source.file, start: value.start, end: value.end }
    // SSHKit writes the names in capitals.
    out.set(name.toUpperCase(), {
      value: valueOfText(textOf(ruby, value, 0).text, ruby.origins, [{ at, says: `with sets ${name.toUpperCase()}` }]),
      exported: true,
    })
  }
  return out
}

/** `execute :rm, '-rf', path`: the words are joined by blanks, and the far shell reads them. */
function joined(ruby: Ruby, args: readonly RubyNode[]): Piece {
  const words = args.flatMap((arg): readonly Piece[] => {
    if (arg.kind === 'hash') return []
    const list = arg.kind === 'splat' ? arg.of : arg
    return list?.kind === 'array' ? list.items.map((item) => textOf(ruby, item, 0)) : [textOf(ruby, arg, 0)]
  })
  return concat(words, ' ')
}

function instead(ruby: Ruby, text: string, start: number, end: number): Piece {
  const out = decoder(ruby.base)
  out.turn(text, start, end)
  return out.piece(start, () => undefined)
}

/** What an expression makes as text: strings decoded, known settings, everything else a hole. */
function textOf(ruby: Ruby, node: RubyNode, depth: number): Piece {
  if (depth > 8) return holeFor(ruby, node)
  if (node.kind === 'string' || node.kind === 'symbol' || node.kind === 'command') return stringPiece(ruby, node, depth)
  if (node.kind === 'literal' && typeof node.value === 'number')
    return instead(ruby, String(node.value), node.start, node.end)
  if (node.kind === 'name') {
    const value = ruby.settings.get(node.name)
    return value?.kind === 'string' ? textOf(ruby, value, depth + 1) : holeFor(ruby, node)
  }
  if (node.kind !== 'call') return holeFor(ruby, node)
  if (node.name === '+' && node.receiver && node.args[0])
    return concat([textOf(ruby, node.receiver, depth + 1), textOf(ruby, node.args[0], depth + 1)], '')
  if (node.name === 'join' && node.receiver?.kind === 'name') return holeFor(ruby, node)
  if (node.name === 'fetch' && node.args[0]) {
    const value = ruby.settings.get(plainText(node.args[0]) ?? '')
    return value?.kind === 'string' ? textOf(ruby, value, depth + 1) : holeFor(ruby, node)
  }
  if (!node.receiver && node.args.length === 0) {
    const value = ruby.settings.get(node.name)
    return value?.kind === 'string' ? textOf(ruby, value, depth + 1) : holeFor(ruby, node)
  }
  return holeFor(ruby, node)
}

function stringPiece(ruby: Ruby, node: RubyString, depth = 0): Piece {
  const quote: LiteralQuote = /^(%q|')/.test(node.open)
    ? "'"
    : /^<</.test(node.open)
      ? node.open.includes("'")
        ? 'raw'
        : 'here'
      : '"'
  const plainPart = node.open === '' || node.open === ':'
  const pieces = node.parts.map((part) => {
    if (part.kind === 'text') {
      const text = plainPart
        ? kept(ruby, part.start, part.end)
        : literalPiece(ruby.base, part.start, part.end, 'ruby', quote)
      return text.text === part.text
        ? text
        : (dedented(text, part.text) ?? instead(ruby, part.text, part.start, part.end))
    }
    const only = part.body.length === 1 ? part.body[0]! : undefined
    const inner = only && textOf(ruby, only, depth + 1)
    if (inner && !/[\uE000-\uF8FF]/.test(inner.text)) return instead(ruby, inner.text, part.start, part.end)
    return only
      ? instead(ruby, inner!.text, part.start, part.end)
      : holeFor(ruby, { kind: 'other', type: 'code', inside: [], start: part.start, end: part.end })
  })
  return pieces.length === 0 ? instead(ruby, '', node.start, node.start) : concat(pieces, '')
}

/** A stretch of a `<<~` heredoc without the indentation that Ruby takes off each line. */
function dedented(raw: Piece, wanted: string): Piece | undefined {
  const depth = /^[ \t]*/.exec(raw.text)![0].length - /^[ \t]*/.exec(wanted)![0].length
  if (depth <= 0) return undefined
  const out = decoder(raw)
  let start = 0
  for (const line of raw.text.split(/(?<=\n)/)) {
    out.keep(start + Math.min(depth, /^[ \t]*/.exec(line)![0].length), start + line.length)
    start += line.length
  }
  return out.text === wanted ? out.piece(0, (text) => (text.includes('\n') ? undefined : text)) : undefined
}

function kept(ruby: Ruby, start: number, end: number): Piece {
  const out = decoder(ruby.base)
  out.keep(start, end)
  return out.piece(start, () => undefined)
}

const paths = /^(release_path|current_path|shared_path|deploy_path|releases_path|latest_release|deploy_to|repo_path)$/

function holeFor(ruby: Ruby, node: RubyNode): Piece {
  const name = ruby.base.text.slice(node.start, Math.min(node.end, node.start + 60)).replace(/\s+/g, ' ')
  const [empty, how] = emptiness(node)
  const known = ruby.origins.findIndex((one) => one.name === name && one.empty === empty)
  const number = known === -1 ? ruby.origins.length : known
  if (number >= 0x1800) return instead(ruby, '\uFFFD', node.start, node.end)
  if (known === -1) {
    const at = { file: ruby.source.file, start: node.start, end: node.end }
    const absolute = paths.test(name) ? { absolute: true as const } : {}
    ruby.origins.push({ kind: 'template', name, at, empty, unset: 'never', how, splits: 'maybe', ...absolute })
  }
  return instead(ruby, String.fromCharCode(holeBase + number), node.start, node.end)
}

function emptiness(node: RubyNode): readonly [Certainty, string] {
  if (node.kind === 'call') {
    if (paths.test(node.name)) return ['never', '']
    const env = node.receiver?.kind === 'name' && node.receiver.name === 'ENV'
    if (env && node.name === '[]') return ['maybe', 'is empty when the environment does not set it']
    if (node.name === 'previous_release') return ['maybe', 'is empty at the first release']
  }
  return ['unknown', '']
}

function put(
  ruby: Ruby,
  piece: Piece,
  around: Around,
  node: RubyNode,
  says: string,
  host: string,
  forgiving = false,
): void {
  if (piece.text.trim() === '' || /^[\s\uE000-\uF8FF]+$/.test(piece.text)) return
  const at = { file: ruby.source.file, start: node.start, end: node.end }
  ruby.reading.site({
    piece,
    file: ruby.source.file,
    name: around.name,
    shell: host === 'here' ? sh : { ...sh, dialect: 'bash' },
    given: around.given,
    holes: ruby.origins,
    host,
    via: [...around.via, { at, says }],
    row: host === 'here' ? `${around.row} here` : around.row,
    ...(host === 'here' ? {} : { closed: true as const }),
    ...(around.cwd ? { cwd: around.cwd } : {}),
    ...(forgiving ? { tolerated: { at, says: 'raise_on_non_zero_exit: false' } } : {}),
  })
}
