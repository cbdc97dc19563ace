import type { Parsed } from '../source/source.ts'
import type { PhpFile, PhpNode } from './php-tree.ts'

export type * from './php-tree.ts'

/**
 * The parser itself, which is heavy: a front loads it (`./php-engine.ts`) when a PHP file is there and hands it in as
 * `Project.parsers.php`. It never throws: what it could not read is in `errors`.
 */
export type PhpEngine = (text: string) => Parsed<PhpFile>

/** Text that no PHP engine is asked about: longer than any file that a person keeps. */
const longest = 2_000_000

/** Parses a PHP file, or says why it was not: no engine was handed in, too long, no PHP in it. */
export function parsePhp(text: string, engine: PhpEngine | undefined): Parsed<PhpFile> {
  const nothing = (says: string): Parsed<PhpFile> => ({
    tree: { body: [], comments: [] },
    errors: [{ start: 0, end: text.length, says }],
  })
  if (!engine) return nothing('the PHP parser was not loaded')
  if (text.length > longest) return nothing('too long to be read as PHP')
  return engine(text)
}

/** The nodes right below a node, in the order in which they are written. */
export function phpChildren(node: PhpNode): readonly PhpNode[] {
  const out: PhpNode[] = []
  const add = (one: PhpNode | undefined): void => void (one && out.push(one))
  switch (node.kind) {
    case 'template':
      return node.parts
    case 'variable':
      if (typeof node.name !== 'string') add(node.name)
      break
    case 'array':
      for (const item of node.items) [item.key, item.value].forEach(add)
      break
    case 'call':
      add(node.on)
      if (typeof node.name === 'object') add(node.name)
      for (const arg of node.args) add(arg.value)
      break
    case 'property':
    case 'static':
      add(node.on)
      if (typeof node.name !== 'string') add(node.name)
      break
    case 'index':
      add(node.on)
      add(node.index)
      break
    case 'assign':
      add(node.target)
      add(node.value)
      break
    case 'binary':
      add(node.left)
      add(node.right)
      break
    case 'unary':
    case 'cast':
      add(node.operand)
      break
    case 'ternary':
      add(node.test)
      add(node.then)
      add(node.otherwise)
      break
    case 'match':
      add(node.subject)
      for (const arm of node.arms) [...(arm.tests ?? []), arm.value].forEach(add)
      break
    case 'construct':
      return node.operands
    case 'include':
      add(node.target)
      break
    case 'function':
      for (const parameter of node.parameters) add(parameter.byDefault)
      node.body?.forEach(add)
      break
    case 'class':
      for (const constant of node.constants) add(constant.value)
      for (const field of node.fields) add(field.byDefault)
      node.methods.forEach(add)
      break
    case 'expression':
      add(node.expression)
      break
    case 'echo':
    case 'unset':
      return node.expressions
    case 'return':
    case 'constant':
      add(node.value)
      break
    case 'if':
      add(node.test)
      node.then.forEach(add)
      node.otherwise.forEach(add)
      break
    case 'while':
    case 'do':
      add(node.test)
      node.body.forEach(add)
      break
    case 'for':
      for (const list of [node.init, node.test, node.step, node.body]) list.forEach(add)
      break
    case 'foreach':
      add(node.source)
      add(node.key)
      add(node.value)
      node.body.forEach(add)
      break
    case 'switch':
      add(node.test)
      for (const one of node.cases) [one.test, ...one.body].forEach(add)
      break
    case 'try':
      node.body.forEach(add)
      for (const one of node.catches) one.body.forEach(add)
      node.always.forEach(add)
      break
    case 'block':
    case 'namespace':
      return node.body
    case 'statics':
      for (const variable of node.variables) add(variable.value)
      break
  }
  return out
}

/** Walks a tree in the order of the text; `visit` answers false to leave out what is below. The tree is finite; depth is the parser's. */
export function walkPhp(nodes: readonly PhpNode[], visit: (node: PhpNode) => unknown): void {
  const stack = [...nodes].reverse()
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (visit(node) === false) continue
    const below = phpChildren(node)
    for (let i = below.length - 1; i >= 0; i--) stack.push(below[i]!)
  }
}
