import type { Parsed } from '../source/source.ts'

/** Reads Ruby. The engine is heavy (`prism.ts`): a front loads it when a Ruby file is there and hands it in as `Project.parsers.ruby`. */
export type RubyParser = (text: string) => Parsed<readonly RubyNode[]>

interface Placed {
  /** UTF-16 offsets in the file. */
  readonly start: number
  readonly end: number
}

/** A stretch of a string: known text (unescaped, with what stands in the file at `start`–`end`), or code between `#{` and `}`. */
export type RubyPart =
  | (Placed & { readonly kind: 'text'; readonly text: string })
  | (Placed & { readonly kind: 'code'; readonly body: readonly RubyNode[] })

/** A string, `%w` word, symbol or backtick command. */
export interface RubyString extends Placed {
  readonly kind: 'string' | 'symbol' | 'command'
  /** As it is opened in the file: `"`, `'`, `%q(`, `<<~EOF`, `:`, `` ` ``; empty for a word of `%w` and for `key:`. */
  readonly open: string
  readonly close: string
  readonly parts: readonly RubyPart[]
}

/** A block or lambda: what it takes and does. */
export interface RubyBlock extends Placed {
  readonly kind: 'block'
  readonly params: readonly string[]
  readonly body: readonly RubyNode[]
}

/** A call with or without a receiver: `execute :rm, path`, `fetch(:x)`, `on roles(:app) do … end`, `a == b`, `a[b]`. */
export interface RubyCall extends Placed {
  readonly kind: 'call'
  readonly receiver: RubyNode | undefined
  readonly name: string
  /** Where the name stands; `start` of the call when it has none (`a.()`). */
  readonly nameAt: Placed
  readonly args: readonly RubyNode[]
  /** `do … end`, `{ … }`, or what `&x` passes. */
  readonly block: RubyBlock | RubyNode | undefined
}

/** One `when` or `in` of a case. */
export interface RubyWhen extends Placed {
  readonly tests: readonly RubyNode[]
  readonly body: readonly RubyNode[]
}

/** Ruby as far as a release needs it; anything else is `other`, with what is inside it. */
export type RubyNode =
  | RubyString
  | RubyBlock
  | RubyCall
  | (Placed & { readonly kind: 'array'; readonly items: readonly RubyNode[] })
  | (Placed & { readonly kind: 'hash'; readonly pairs: readonly RubyPair[] })
  | (Placed & { readonly kind: 'splat'; readonly of: RubyNode | undefined })
  | (Placed & { readonly kind: 'literal'; readonly value: number | boolean | null })
  /** A variable or constant: `x`, `@x`, `$x`, `SSHKit::Command`. */
  | (Placed & { readonly kind: 'name'; readonly name: string })
  /** `x = …`, `x ||= …`, `x += …`; `target` may be a name, a call (`a.b =`, `a[b] =`) or an array of them. */
  | (Placed & {
      readonly kind: 'assign'
      readonly target: RubyNode
      readonly operator: string
      readonly value: RubyNode
    })
  /** `if`, `unless` (`negated`), modifiers and `?:`. */
  | (Placed & {
      readonly kind: 'if'
      readonly test: RubyNode
      readonly negated: boolean
      readonly then: readonly RubyNode[]
      readonly else: readonly RubyNode[]
    })
  | (Placed & {
      readonly kind: 'case'
      readonly of: RubyNode | undefined
      readonly whens: readonly RubyWhen[]
      readonly else: readonly RubyNode[]
    })
  | (Placed & { readonly kind: 'loop'; readonly test: readonly RubyNode[]; readonly body: readonly RubyNode[] })
  | (Placed & {
      readonly kind: 'logic'
      readonly operator: '&&' | '||'
      readonly left: RubyNode
      readonly right: RubyNode
    })
  | (Placed & {
      readonly kind: 'begin'
      readonly body: readonly RubyNode[]
      readonly rescues: readonly (readonly RubyNode[])[]
      readonly else: readonly RubyNode[]
      readonly ensure: readonly RubyNode[]
    })
  | (Placed & {
      readonly kind: 'def'
      readonly name: string
      readonly params: readonly string[]
      readonly body: readonly RubyNode[]
    })
  | (Placed & { readonly kind: 'class' | 'module'; readonly name: string; readonly body: readonly RubyNode[] })
  | (Placed & { readonly kind: 'lambda'; readonly params: readonly string[]; readonly body: readonly RubyNode[] })
  | (Placed & {
      readonly kind: 'jump'
      readonly word: 'return' | 'next' | 'break'
      readonly value: readonly RubyNode[]
    })
  | (Placed & { readonly kind: 'other'; readonly type: string; readonly inside: readonly RubyNode[] })

/** One `key => value` of a hash; a `**splat` has no key. */
export interface RubyPair extends Placed {
  readonly key: RubyNode | undefined
  readonly value: RubyNode | undefined
}

/** A string's or symbol's text when no code is in it. */
export function rubyText(node: RubyNode | undefined): string | undefined {
  if (!node || (node.kind !== 'string' && node.kind !== 'symbol' && node.kind !== 'command')) return undefined
  let out = ''
  for (const part of node.parts) {
    if (part.kind === 'code') return undefined
    out += part.text
  }
  return out
}

/** Every node directly inside a node, in the order of the file. */
export function rubyChildren(node: RubyNode): readonly RubyNode[] {
  switch (node.kind) {
    case 'string':
    case 'symbol':
    case 'command':
      return node.parts.flatMap((part) => (part.kind === 'code' ? part.body : []))
    case 'call':
      return [...some(node.receiver), ...node.args, ...some(node.block)]
    case 'array':
      return node.items
    case 'hash':
      return node.pairs.flatMap((pair) => [...some(pair.key), ...some(pair.value)])
    case 'splat':
      return some(node.of)
    case 'assign':
      return [node.target, node.value]
    case 'if':
      return [node.test, ...node.then, ...node.else]
    case 'case':
      return [...some(node.of), ...node.whens.flatMap((when) => [...when.tests, ...when.body]), ...node.else]
    case 'loop':
      return [...node.test, ...node.body]
    case 'logic':
      return [node.left, node.right]
    case 'begin':
      return [...node.body, ...node.rescues.flat(), ...node.else, ...node.ensure]
    case 'block':
    case 'lambda':
    case 'def':
    case 'class':
    case 'module':
      return node.body
    case 'jump':
      return node.value
    case 'other':
      return node.inside
    case 'literal':
    case 'name':
      return []
  }
}

/** Every node of a tree, outer before inner, in the order of the file. */
export function* rubyNodes(body: readonly RubyNode[]): Generator<RubyNode> {
  for (const node of body) {
    yield node
    yield* rubyNodes(rubyChildren(node))
  }
}

const some = (node: RubyNode | undefined): readonly RubyNode[] => (node ? [node] : [])
