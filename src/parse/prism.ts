import { parsePrism } from '@ruby/prism/src/parsePrism.js'
import * as prism from '@ruby/prism/src/nodes.js'
import type { Parsed, Unread } from '../source/source.ts'
import type { RubyBlock, RubyNode, RubyPair, RubyParser, RubyPart, RubyString, RubyWhen } from './ruby.ts'

type Given = prism.Node | null | undefined

/** As much of the WebAssembly interface as is needed here; the DOM's types are not. */
interface Engine {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: Exports }
}
type Exports = Readonly<Record<string, (...given: number[]) => number>>
const { WebAssembly: web } = globalThis as unknown as { readonly WebAssembly: Engine }

/** Ruby is read this deep; what is nested deeper is said to be not read. */
const deepest = 400
/** Larger files are not Ruby that somebody wrote. */
const largest = 4_000_000

/** Makes a Ruby parser of prism's WebAssembly (`@ruby/prism/src/prism.wasm`). It runs synchronously and never throws. */
export function rubyParser(wasm: Uint8Array): RubyParser {
  const module = new web.Module(wasm)
  let engine: Exports | undefined
  return (text) => {
    if (text.length > largest)
      return { tree: [], errors: [{ start: 0, end: text.length, says: 'Ruby file of more than 4 MB: not read' }] }
    try {
      engine ??= start(module)
      return convert(text, parsePrism(engine, text, { partial_script: true }))
    } catch {
      engine = undefined // a trap leaves its memory in an unknown state
      return { tree: [], errors: [{ start: 0, end: text.length, says: 'Ruby nested too deeply to be read' }] }
    }
  }
}

/** The engine asks its system for nothing while it parses; whatever it asked for would fail. */
function start(module: object): Exports {
  const system = new Proxy(
    {},
    {
      get: (_, name) => () => {
        if (name === 'proc_exit') throw new Error('prism gave up')
        return 8 // EBADF
      },
    },
  )
  const { exports } = new web.Instance(module, { wasi_snapshot_preview1: system })
  exports['_initialize']?.()
  return exports
}

function convert(text: string, parsed: ReturnType<typeof parsePrism>): Parsed<readonly RubyNode[]> {
  const offset = utf16(text)
  const errors: Unread[] = parsed.errors.map((error) => ({
    start: offset(error.location.startOffset),
    end: offset(error.location.startOffset + error.location.length),
    says: `Ruby: ${error.message}`,
  }))
  const nul = text.indexOf('\0') // to Ruby, the end of the file
  if (nul !== -1) errors.push({ start: nul, end: text.length, says: 'Ruby: a NUL character ends the file here' })
  const reader = readerOf(text, offset, errors)
  return { tree: reader.list(parsed.value.statements, 0), errors }
}

/** From prism's offsets in UTF-8 bytes to offsets in UTF-16 units. */
function utf16(text: string): (byte: number) => number {
  let ascii = true
  for (let i = 0; ascii && i < text.length; i++) ascii = text.charCodeAt(i) < 0x80
  if (ascii) return (byte) => Math.min(byte, text.length)
  const units = new Uint32Array(text.length * 3 + 1)
  let byte = 0
  for (let i = 0; i < text.length;) {
    const code = text.codePointAt(i)!
    const width = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    for (let k = 0; k < width; k++) units[byte + k] = i
    byte += width
    i += code < 0x10000 ? 1 : 2
  }
  return (at) => (at >= byte ? text.length : units[at]!)
}

interface Reader {
  list(node: Given, depth: number): readonly RubyNode[]
}

function readerOf(text: string, offset: (byte: number) => number, errors: Unread[]): Reader {
  const place = (at: prism.Location): { start: number; end: number } => ({
    start: offset(at.startOffset),
    end: offset(at.startOffset + at.length),
  })
  const written = (at: prism.Location | null): string => {
    if (!at) return ''
    const { start, end } = place(at)
    return text.slice(start, end)
  }

  const one = (node: prism.Node, depth: number): RubyNode => {
    const at = place(node.location)
    if (depth > deepest) {
      errors.push({ ...at, says: 'Ruby nested too deeply to be read' })
      return { ...at, kind: 'other', type: 'too deep', inside: [] }
    }
    return convertNode(node, at, depth + 1)
  }
  const maybe = (node: Given, depth: number): RubyNode | undefined => (node ? one(node, depth) : undefined)
  const list = (node: Given, depth: number): readonly RubyNode[] => {
    if (!node) return []
    if (node instanceof prism.StatementsNode) return node.body.map((inner) => one(inner, depth))
    if (node instanceof prism.ArgumentsNode) return node.arguments_.map((inner) => one(inner, depth))
    if (node instanceof prism.ElseNode) return list(node.statements, depth)
    if (node instanceof prism.ParenthesesNode) return list(node.body, depth)
    return [one(node, depth)]
  }

  const params = (node: Given): readonly string[] => {
    const inner = node instanceof prism.BlockParametersNode ? node.parameters : node
    if (!(inner instanceof prism.ParametersNode)) return []
    return [...inner.requireds, ...inner.optionals, ...inner.posts, ...inner.keywords].flatMap((param) =>
      'name' in param && typeof param.name === 'string' ? [param.name] : [],
    )
  }

  const parts = (nodes: readonly prism.Node[], depth: number): readonly RubyPart[] =>
    nodes.flatMap((node): readonly RubyPart[] => {
      if (node instanceof prism.StringNode)
        return [{ kind: 'text', ...place(node.contentLoc), text: node.unescaped.value }]
      if (node instanceof prism.InterpolatedStringNode) return parts(node.parts, depth)
      const at = place(node.location)
      if (node instanceof prism.EmbeddedStatementsNode)
        return [{ kind: 'code', ...at, body: list(node.statements, depth) }]
      if (node instanceof prism.EmbeddedVariableNode)
        return [{ kind: 'code', ...at, body: [one(node.variable, depth)] }]
      return [{ kind: 'code', ...at, body: [one(node, depth)] }]
    })

  const stringNode = (node: prism.Node, at: { start: number; end: number }, depth: number): RubyString | undefined => {
    const plain = (kind: RubyString['kind'], content: prism.Location | null, value: string): RubyString => {
      const { openingLoc, closingLoc } = node as prism.StringNode
      const [open, close] = [written(openingLoc), written(closingLoc)]
      return { ...at, kind, open, close, parts: content ? [{ kind: 'text', ...place(content), text: value }] : [] }
    }
    const mixed = (kind: RubyString['kind'], given: readonly prism.Node[]): RubyString => {
      const { openingLoc, closingLoc } = node as prism.InterpolatedStringNode
      return { ...at, kind, open: written(openingLoc), close: written(closingLoc), parts: parts(given, depth) }
    }
    if (node instanceof prism.StringNode) return plain('string', node.contentLoc, node.unescaped.value)
    if (node instanceof prism.XStringNode) return plain('command', node.contentLoc, node.unescaped.value)
    if (node instanceof prism.SymbolNode) return plain('symbol', node.valueLoc, node.unescaped.value)
    if (node instanceof prism.InterpolatedStringNode) return mixed('string', node.parts)
    if (node instanceof prism.InterpolatedXStringNode) return mixed('command', node.parts)
    if (node instanceof prism.InterpolatedSymbolNode) return mixed('symbol', node.parts)
    return undefined
  }

  const pair = (node: prism.Node, depth: number): RubyPair =>
    node instanceof prism.AssocNode
      ? { ...place(node.location), key: one(node.key, depth), value: one(node.value, depth) }
      : { ...place(node.location), key: undefined, value: maybe((node as prism.AssocSplatNode).value, depth) }

  const blockOf = (node: Given, depth: number): RubyBlock | RubyNode | undefined => {
    if (node instanceof prism.BlockNode)
      return { ...place(node.location), kind: 'block', params: params(node.parameters), body: list(node.body, depth) }
    if (node instanceof prism.BlockArgumentNode) return maybe(node.expression, depth)
    return maybe(node, depth)
  }

  const when = (node: prism.Node, depth: number): RubyWhen => {
    const at = place(node.location)
    if (node instanceof prism.WhenNode)
      return { ...at, tests: node.conditions.map((test) => one(test, depth)), body: list(node.statements, depth) }
    if (node instanceof prism.InNode)
      return { ...at, tests: [one(node.pattern, depth)], body: list(node.statements, depth) }
    return { ...at, tests: [], body: [one(node, depth)] }
  }

  const convertNode = (node: prism.Node, at: { start: number; end: number }, depth: number): RubyNode => {
    const string = stringNode(node, at, depth)
    if (string) return string
    if (node instanceof prism.CallNode)
      return {
        ...at,
        kind: 'call',
        receiver: maybe(node.receiver, depth),
        name: node.name,
        nameAt: node.messageLoc ? place(node.messageLoc) : { start: at.start, end: at.start },
        args: list(node.arguments_, depth),
        block: blockOf(node.block, depth),
      }
    if (node instanceof prism.ArrayNode)
      return { ...at, kind: 'array', items: node.elements.map((item) => one(item, depth)) }
    if (node instanceof prism.HashNode || node instanceof prism.KeywordHashNode)
      return { ...at, kind: 'hash', pairs: node.elements.map((element) => pair(element, depth)) }
    if (node instanceof prism.SplatNode) return { ...at, kind: 'splat', of: maybe(node.expression, depth) }
    if (node instanceof prism.TrueNode || node instanceof prism.FalseNode)
      return { ...at, kind: 'literal', value: node instanceof prism.TrueNode }
    if (node instanceof prism.NilNode) return { ...at, kind: 'literal', value: null }
    if (node instanceof prism.IntegerNode || node instanceof prism.FloatNode)
      return { ...at, kind: 'literal', value: Number(node.value) }
    if (node instanceof prism.ParenthesesNode) {
      const body = list(node.body, depth)
      return body.length === 1 ? body[0]! : begin(at, body)
    }
    return named(node, at) ?? flow(node, at, depth) ?? assignment(node, at, depth) ?? other(node, at, depth)
  }

  const named = (node: prism.Node, at: { start: number; end: number }): RubyNode | undefined => {
    if (
      node instanceof prism.LocalVariableReadNode ||
      node instanceof prism.InstanceVariableReadNode ||
      node instanceof prism.GlobalVariableReadNode ||
      node instanceof prism.ClassVariableReadNode ||
      node instanceof prism.ConstantReadNode
    )
      return { ...at, kind: 'name', name: node.name }
    if (
      node instanceof prism.ConstantPathNode ||
      node instanceof prism.SelfNode ||
      node instanceof prism.SourceFileNode
    )
      return { ...at, kind: 'name', name: text.slice(at.start, at.end) }
    if (node instanceof prism.ItLocalVariableReadNode) return { ...at, kind: 'name', name: 'it' }
    return undefined
  }

  const flow = (node: prism.Node, at: { start: number; end: number }, depth: number): RubyNode | undefined => {
    if (node instanceof prism.IfNode || node instanceof prism.UnlessNode)
      return {
        ...at,
        kind: 'if',
        test: one(node.predicate, depth),
        negated: node instanceof prism.UnlessNode,
        then: list(node.statements, depth),
        else: list(node instanceof prism.IfNode ? node.subsequent : node.elseClause, depth),
      }
    if (node instanceof prism.CaseNode || node instanceof prism.CaseMatchNode)
      return {
        ...at,
        kind: 'case',
        of: maybe(node.predicate, depth),
        whens: node.conditions.map((condition) => when(condition, depth)),
        else: list(node.elseClause, depth),
      }
    if (node instanceof prism.WhileNode || node instanceof prism.UntilNode)
      return { ...at, kind: 'loop', test: [one(node.predicate, depth)], body: list(node.statements, depth) }
    if (node instanceof prism.ForNode)
      return { ...at, kind: 'loop', test: [one(node.collection, depth)], body: list(node.statements, depth) }
    if (node instanceof prism.AndNode || node instanceof prism.OrNode)
      return {
        ...at,
        kind: 'logic',
        operator: node instanceof prism.AndNode ? '&&' : '||',
        left: one(node.left, depth),
        right: one(node.right, depth),
      }
    if (node instanceof prism.BeginNode) {
      const rescues: (readonly RubyNode[])[] = []
      for (let clause = node.rescueClause; clause; clause = clause.subsequent)
        rescues.push(list(clause.statements, depth))
      const body = list(node.statements, depth)
      return begin(at, body, rescues, list(node.elseClause, depth), list(node.ensureClause?.statements, depth))
    }
    if (node instanceof prism.RescueModifierNode)
      return begin(at, [one(node.expression, depth)], [[one(node.rescueExpression, depth)]])
    if (node instanceof prism.DefNode)
      return { ...at, kind: 'def', name: node.name, params: params(node.parameters), body: list(node.body, depth) }
    if (node instanceof prism.ClassNode || node instanceof prism.ModuleNode)
      return {
        ...at,
        kind: node instanceof prism.ClassNode ? 'class' : 'module',
        name: written(node.constantPath.location),
        body: list(node.body, depth),
      }
    if (node instanceof prism.LambdaNode)
      return { ...at, kind: 'lambda', params: params(node.parameters), body: list(node.body, depth) }
    if (node instanceof prism.ReturnNode || node instanceof prism.NextNode || node instanceof prism.BreakNode) {
      const word = node instanceof prism.ReturnNode ? 'return' : node instanceof prism.NextNode ? 'next' : 'break'
      return { ...at, kind: 'jump', word, value: list(node.arguments_, depth) }
    }
    return undefined
  }

  const begin = (
    at: { start: number; end: number },
    body: readonly RubyNode[],
    rescues: readonly (readonly RubyNode[])[] = [],
    otherwise: readonly RubyNode[] = [],
    ensure: readonly RubyNode[] = [],
  ): RubyNode => ({ ...at, kind: 'begin', body, rescues, else: otherwise, ensure })

  // All of prism's writes: `XWriteNode`, `XOrWriteNode`, `XAndWriteNode`, `XOperatorWriteNode`, `MultiWriteNode`.
  const assignment = (node: prism.Node, at: { start: number; end: number }, depth: number): RubyNode | undefined => {
    if (node instanceof prism.MultiWriteNode)
      return {
        ...at,
        kind: 'assign',
        target: { ...at, kind: 'array', items: node.lefts.map((left) => one(left, depth)) },
        operator: '=',
        value: one(node.value, depth),
      }
    if (!('operatorLoc' in node || 'binaryOperatorLoc' in node) || !('value' in node)) return undefined
    const value = node.value as Given
    if (!value || typeof value !== 'object' || !('location' in value)) return undefined
    const operatorAt = (node as { operatorLoc?: prism.Location }).operatorLoc
    const operator = operatorAt ? written(operatorAt) : `${(node as prism.IndexOperatorWriteNode).binaryOperator}=`
    const receiver = 'receiver' in node ? maybe(node.receiver as Given, depth) : undefined
    const nameAt = (node as { nameLoc?: prism.Location; messageLoc?: prism.Location | null }).nameLoc
    const name = nameAt ? written(nameAt) : ((node as prism.CallOrWriteNode).readName ?? '[]')
    const spot = nameAt ? place(nameAt) : { start: at.start, end: at.start }
    const target: RubyNode = nameAt
      ? { ...spot, kind: 'name', name }
      : {
          ...at,
          kind: 'call',
          receiver,
          name,
          nameAt: spot,
          args: 'arguments_' in node ? list(node.arguments_ as Given, depth) : [],
          block: undefined,
        }
    return { ...at, kind: 'assign', target, operator, value: one(value, depth) }
  }

  const other = (node: prism.Node, at: { start: number; end: number }, depth: number): RubyNode => ({
    ...at,
    kind: 'other',
    type: node.toJSON().type.replace(/Node$/, ''),
    inside: (node.compactChildNodes() as prism.Node[]).flatMap((inner) => list(inner, depth)),
  })

  return { list }
}
