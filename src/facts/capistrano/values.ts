import { rubyText, type RubyBlock, type RubyNode, type RubyPart } from '../../parse/ruby.ts'

/** Local names and what they stand for. */
export type Bindings = ReadonlyMap<string, RubyNode>

/** The items of a list that is written out (`%w[a b]`, `[:a, :b]`, a bound name), or of one value; undefined: it cannot be told. */
export function listOf(node: RubyNode, bound: Bindings = new Map()): readonly RubyNode[] | undefined {
  if (node.kind === 'array') return node.items.flatMap((item) => listOf(item, bound) ?? [item])
  if (node.kind === 'splat') return node.of ? listOf(node.of, bound) : undefined
  if (node.kind === 'name' || (node.kind === 'call' && !node.receiver && node.args.length === 0)) {
    const value = bound.get(node.name)
    if (!value || value === node) return undefined
    return value.kind === 'array' ? listOf(value, new Map()) : [value]
  }
  if (node.kind === 'string' || node.kind === 'symbol') return [bind(node, bound)]
  if (node.kind === 'literal') return [node]
  if (node.kind === 'call' && node.receiver && /^(to_sym|to_s|freeze|dup|uniq|flatten|compact)$/.test(node.name))
    return listOf(node.receiver, bound)
  return undefined
}

/** A string with the bound names in it put in: `"#{command}_app"` while `command` is `start`. */
function bind(node: RubyNode, bound: Bindings): RubyNode {
  if ((node.kind !== 'string' && node.kind !== 'symbol') || rubyText(node) !== undefined) return node
  const parts = node.parts.map((part) => {
    if (part.kind === 'text' || part.body.length !== 1) return part
    const text = rubyText(listOf(part.body[0]!, bound)?.[0])
    return text === undefined ? part : { kind: 'text' as const, start: part.start, end: part.end, text }
  })
  return { ...node, parts }
}

/** What names and settings stand for where an expression is read. */
export interface Meanings {
  readonly bound: Bindings
  /** A setting's or a path's text by its name (`deploy_to`, `release_path`); undefined: it cannot be told. */
  readonly setting: (name: string) => string | undefined
  /** What a setting holds, when it is a list. */
  readonly list: (name: string) => readonly string[] | undefined
}

/** The words that an argument makes, every unknown part by name (`$name`): one for most, several for lists. */
export function wordsOf(node: RubyNode, given: Meanings, depth = 0): readonly string[] {
  if (depth > 20) return ['$…']
  if (node.kind === 'array') return node.items.flatMap((item) => wordsOf(item, given, depth + 1))
  if (node.kind === 'splat') return node.of ? wordsOf(node.of, given, depth + 1) : []
  if (node.kind === 'hash') return []
  if (node.kind === 'name' || (node.kind === 'call' && !node.receiver && node.args.length === 0)) {
    const value = given.bound.get(node.name)
    if (value && value !== node) return wordsOf(value, given, depth + 1)
  }
  if (node.kind === 'call' && node.name === 'fetch' && !node.receiver) {
    const name = rubyText(node.args[0])
    const list = name === undefined ? undefined : given.list(name)
    if (list) return list
  }
  const text = shapeOf(node, given, depth)
  return text === '' && node.kind === 'literal' ? [] : [text]
}

/** An expression's text, every unknown part by name: `/srv/app/releases/$release/log`. */
export function shapeOf(node: RubyNode | undefined, given: Meanings, depth = 0): string {
  if (!node || depth > 20) return '$…'
  switch (node.kind) {
    case 'string':
    case 'symbol':
    case 'command':
      return node.parts.map((part) => partShape(part, given, depth + 1)).join('')
    case 'literal':
      return node.value === null ? '' : String(node.value)
    case 'name':
      return named(node.name, given, depth)
    case 'call':
      return callShape(node, given, depth)
    case 'array':
      return node.items.map((item) => shapeOf(item, given, depth + 1)).join(' ')
    case 'logic':
      return shapeOf(node.left, given, depth + 1)
    case 'begin':
    case 'lambda':
    case 'block':
      return shapeOf(node.body.at(-1), given, depth + 1)
    case 'if':
      return shapeOf(node.then.at(-1), given, depth + 1)
    default:
      return '$…'
  }
}

function partShape(part: RubyPart, given: Meanings, depth: number): string {
  return part.kind === 'text' ? part.text : shapeOf(part.body.at(-1), given, depth)
}

function named(name: string, given: Meanings, depth: number): string {
  const value = given.bound.get(name)
  if (value && !(value.kind === 'name' && value.name === name)) return shapeOf(value, given, depth + 1)
  return given.setting(name) ?? `$${name.replace(/^[@$]+/, '')}`
}

/** Methods that leave a text as good as it is. */
const same =
  /^(to_s|to_str|to_sym|to_path|strip|chomp|shellescape|freeze|dup|to_a|first|last|squish|html_safe|expand_path|realpath)$/

function callShape(node: RubyNode & { kind: 'call' }, given: Meanings, depth: number): string {
  const { receiver, name, args } = node
  if (!receiver) {
    if (name === 'fetch' || name === 'variables') {
      const key = rubyText(args[0])
      if (key === undefined) return '$…'
      const other = args[1] ?? (node.block?.kind === 'block' ? node.block : undefined)
      return given.setting(key) ?? (other ? shapeOf(other, given, depth + 1) : `$${key}`)
    }
    if (args.length === 0) return named(name, given, depth)
    if (/^(Pathname|String|shellescape)$/.test(name)) return shapeOf(args[0], given, depth + 1)
    return `$${name}`
  }
  const on = receiver.kind === 'name' ? receiver.name : ''
  if (on === 'File' && name === 'join') return joined(args.map((arg) => shapeOf(arg, given, depth + 1)))
  if (on === 'File' || on === 'Pathname' || on === 'Shellwords') return shapeOf(args[0], given, depth + 1)
  if (on === 'ENV') return `$${rubyText(args[0]) ?? '…'}`
  if (name === 'join') {
    const base = shapeOf(receiver, given, depth + 1)
    if (receiver.kind === 'array' || args.length !== 1) return base
    return /^\s*$|^[,;&| ]+/.test(shapeOf(args[0], given, depth + 1))
      ? base
      : joined([base, shapeOf(args[0], given, depth + 1)])
  }
  if (name === '+' || name === '/') {
    const texts = [shapeOf(receiver, given, depth + 1), shapeOf(args[0], given, depth + 1)]
    return name === '+' ? texts.join('') : joined(texts)
  }
  if (name === 'parent' || name === 'dirname') return shapeOf(receiver, given, depth + 1).replace(/\/[^/]*$/, '')
  if (name === 'basename') return shapeOf(receiver, given, depth + 1).replace(/^.*\//, '')
  if (same.test(name)) return shapeOf(receiver, given, depth + 1)
  return `$${name}`
}

function joined(parts: readonly string[]): string {
  return parts.map((part, i) => (i === 0 ? part.replace(/\/+$/, '') : part.replace(/^\/+|\/+$/g, ''))).join('/')
}

/** What a setting's value or closure gives last. */
export function lastOf(value: RubyNode | RubyBlock): RubyNode | undefined {
  if (value.kind === 'block' || value.kind === 'lambda') return value.body.at(-1)
  if (value.kind === 'call' && (value.name === 'proc' || value.name === 'lambda') && value.block?.kind === 'block')
    return value.block.body.at(-1)
  return value
}
