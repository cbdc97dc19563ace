import type {
  PhpClass,
  PhpExpression,
  PhpFile,
  PhpFunction,
  PhpParameter,
  PhpStatement,
  PhpType,
} from '../../parse/php.ts'
import type { Span } from '../../source/source.ts'

/** What a declaration says of a value: that it is boolean, or of which classes; nothing when it says neither. */
export interface Declared {
  readonly bool: boolean
  /** Strings or numbers are allowed beside the boolean: `string|false`. */
  readonly mixed: boolean
  readonly nullable: boolean
  /** The language checks it; otherwise a doc comment only says so. */
  readonly native: boolean
  readonly classes: readonly string[]
  readonly at: Span
}

export interface ParameterInfo {
  readonly name: string
  readonly at: Span
  readonly declared: Declared | undefined
  readonly byDefault: 'true' | 'false' | 'other' | undefined
  readonly variadic: boolean
}

/** A function or method as declared. */
export interface FunctionInfo {
  readonly id: string
  readonly file: string
  readonly start: number
  readonly end: number
  readonly name: string
  readonly class: string | undefined
  readonly parameters: readonly ParameterInfo[]
  readonly returns: Declared | undefined
  readonly abstract: boolean
}

/** A class as declared. */
export interface ClassInfo {
  readonly name: string
  readonly file: string
  readonly how: PhpClass['how']
  readonly parents: readonly string[]
  readonly fields: ReadonlyMap<string, Declared | undefined>
  readonly methods: ReadonlyMap<string, FunctionInfo>
  /** Constants that are booleans. */
  readonly constants: ReadonlyMap<string, 'true' | 'false'>
}

/** A body to interpret: a function's, or the statements of a file outside of any. */
export interface Body {
  readonly info: FunctionInfo
  readonly function: PhpFunction | undefined
  /** Of a file's own body; a function has its statements itself. */
  readonly statements?: readonly PhpStatement[]
  readonly class: ClassInfo | undefined
  readonly names: Names
}

/** The declarations of one file, and the bodies in it. */
export interface Unit {
  readonly file: string
  readonly text: string
  readonly classes: readonly ClassInfo[]
  readonly functions: readonly FunctionInfo[]
  readonly bodies: readonly Body[]
}

/** Makes full names of names as written: by `use` and namespace. */
export interface Names {
  class(name: string, self?: string, parent?: string): string
}

const builtin = new Set(
  'bool boolean int integer float double string array object mixed void never null callable iterable resource scalar true false numeric self static parent $this number'.split(
    ' ',
  ),
)

function namesOf(namespace: string, imports: ReadonlyMap<string, string>): Names {
  return {
    class: (name, self, parent) => {
      const lower = name.toLowerCase()
      if ((lower === 'self' || lower === 'static' || lower === '$this') && self) return self
      if (lower === 'parent' && parent) return parent
      if (name.startsWith('\\')) return name.slice(1)
      const first = name.split('\\', 1)[0]!
      if (first.toLowerCase() === 'namespace') return join(namespace, name.slice(first.length + 1))
      const imported = imports.get(first.toLowerCase())
      if (imported) return imported + name.slice(first.length)
      return join(namespace, name)
    },
  }
}

const join = (namespace: string, name: string): string => (namespace ? `${namespace}\\${name}` : name)

/** The declarations and bodies of a parsed file. */
export function unitOf(file: string, text: string, tree: PhpFile): Unit {
  const classes: ClassInfo[] = []
  const functions: FunctionInfo[] = []
  const bodies: Body[] = []
  let imports = new Map<string, string>()
  let namespace = ''
  const names = (): Names => namesOf(namespace, imports)

  const addClass = (node: PhpClass): void => {
    const own = names()
    const name = node.name ? join(namespace, node.name) : `class@${file}:${node.start}`
    const info = classOf(file, node, name, own)
    classes.push(info)
    for (const method of node.methods) {
      const found = info.methods.get(method.name?.toLowerCase() ?? '')
      if (found && 'body' in method) bodies.push({ info: found, function: method, class: info, names: own })
    }
  }
  const addFunction = (node: PhpFunction): void => {
    const own = names()
    const info = functionOf(file, node, undefined, undefined, own)
    functions.push({ ...info, name: join(namespace, info.name) })
    bodies.push({ info, function: node, class: undefined, names: own })
  }
  const declarations = (statements: readonly PhpStatement[], depth: number): void => {
    for (const one of statements) {
      if (one.kind === 'class') addClass(one)
      else if (one.kind === 'function') addFunction(one)
      else if (depth < 8) {
        if (one.kind === 'block') declarations(one.body, depth + 1)
        else if (one.kind === 'if') declarations([...one.then, ...one.otherwise], depth + 1)
        else if (one.kind === 'try') declarations(one.body, depth + 1)
      }
    }
  }
  const stretch = (statements: readonly PhpStatement[]): void => {
    for (const one of statements)
      if (one.kind === 'use')
        for (const item of one.imports) if (item.of === 'class') imports.set(item.as.toLowerCase(), item.name)
    declarations(statements, 0)
    const rest = statements.filter((one) => one.kind !== 'class' && one.kind !== 'function' && one.kind !== 'use')
    if (rest.some((one) => one.kind !== 'html' && one.kind !== 'other')) {
      const start = rest[0]!.start
      const end = rest.at(-1)!.end
      const info = { id: `${file}:${start}:main`, file, start, end, name: '', class: undefined, parameters: [] }
      const main = { ...info, returns: undefined, abstract: false }
      bodies.push({ info: main, function: undefined, statements: rest, class: undefined, names: names() })
    }
  }
  const outside: PhpStatement[] = []
  const namespaces = tree.body.filter((one) => one.kind === 'namespace')
  for (const one of tree.body) if (one.kind !== 'namespace') outside.push(one)
  if (outside.length > 0) stretch(outside)
  for (const one of namespaces) {
    namespace = one.name.replace(/^\\/, '')
    imports = new Map()
    stretch(one.body)
  }
  return { file, text, classes, functions, bodies }
}

/** The declaration of an anonymous class inside a body. */
export function classOf(file: string, node: PhpClass, name: string, names: Names): ClassInfo {
  const parents = [...node.extends, ...node.uses, ...node.implements].map((one) => names.class(one))
  const fields = new Map<string, Declared | undefined>()
  for (const field of node.fields) {
    const at = { file, start: field.start, end: field.end }
    fields.set(field.name, declared(field.type, tagged(field.doc, 'var'), at, names, name))
  }
  const methods = new Map<string, FunctionInfo>()
  for (const method of node.methods) {
    const info = functionOf(file, method, name, parents[0], names)
    methods.set(info.name.toLowerCase(), info)
    method.parameters.forEach((parameter, index) => {
      if (parameter.promoted) fields.set(parameter.name, info.parameters[index]!.declared)
    })
  }
  const constants = new Map<string, 'true' | 'false'>()
  for (const constant of node.constants)
    if (constant.value?.kind === 'boolean') constants.set(constant.name, constant.value.value ? 'true' : 'false')
  return { name, file, how: node.how, parents, fields, methods, constants }
}

function functionOf(
  file: string,
  node: PhpFunction,
  self: string | undefined,
  _parent: string | undefined,
  names: Names,
): FunctionInfo {
  const at = { file, start: node.start, end: node.nameAt?.end ?? node.start }
  return {
    id: `${file}:${node.start}`,
    file,
    start: node.start,
    end: node.end,
    name: node.name ?? '',
    class: self,
    parameters: node.parameters.map((one) => parameterOf(file, one, node.doc, names, self)),
    returns: declared(node.returns, tagged(node.doc, 'return'), at, names, self),
    abstract: !('body' in node),
  }
}

/** A parameter as declared, its doc comment included. */
export function parameterOf(
  file: string,
  node: PhpParameter,
  doc: string | undefined,
  names: Names,
  self: string | undefined,
): ParameterInfo {
  const at = { file, start: node.start, end: node.end }
  return {
    name: node.name,
    at,
    declared: declared(node.type, tagged(doc, 'param', node.name), at, names, self),
    byDefault: node.byDefault && literal(node.byDefault),
    variadic: node.variadic,
  }
}

const literal = (node: PhpExpression): 'true' | 'false' | 'other' =>
  node.kind === 'boolean' ? (node.value ? 'true' : 'false') : 'other'

const tag = /@(param|var|return)\s+([\w\\|?[\]]+)(?:\s+(?:&|\.\.\.)*\$(\w+))?/g

// The type that a doc comment gives: `@param bool $x`, `@var ?Foo`, `@return bool`.
function tagged(doc: string | undefined, wanted: 'param' | 'var' | 'return', name?: string): string | undefined {
  if (!doc?.includes('@')) return undefined
  tag.lastIndex = 0
  for (let match = tag.exec(doc); match; match = tag.exec(doc))
    if (match[1] === wanted && (wanted !== 'param' || match[3] === name)) return match[2]
  return undefined
}

function declared(
  type: PhpType | undefined,
  doc: string | undefined,
  at: Span,
  names: Names,
  self: string | undefined,
): Declared | undefined {
  const written = type?.names ?? doc?.replace(/^\?/, '').split('|') ?? []
  const lower = written.map((one) => one.toLowerCase())
  const bool = lower.some((one) => one === 'bool' || one === 'boolean' || (one === 'false' && lower.includes('true')))
  const mixed = lower.some((one) => !['bool', 'boolean', 'false', 'true', 'null', 'int', 'integer'].includes(one))
  const own = lower.includes('self') || lower.includes('static') || lower.includes('$this')
  const classes = written
    .filter((one) => !builtin.has(one.toLowerCase()) && /^[\\\w]+$/.test(one))
    .map((one) => names.class(one))
  if (own && self) classes.push(self)
  const nullable = type ? type.nullable : lower.includes('null') || doc?.startsWith('?') === true
  return bool || classes.length > 0 ? { bool, mixed, nullable, native: type !== undefined, classes, at } : undefined
}
