import type { PhpCall, PhpCatch, PhpExpression, PhpFunction, PhpParameter, PhpStatement } from '../../parse/php.ts'
import type { Span } from '../../source/source.ts'
import { evaluator } from './evaluate.ts'
import { refine } from './refine.ts'
import { parameterOf, type Body, type FunctionInfo, type ParameterInfo, type Unit } from './unit.ts'
import { boolean, either, nothing, select, unknown, type Call, type Value } from './value.ts'

/** What variables, and properties of `$this` as `this->name`, can be at one point. */
export type Env = Map<string, Value>

/** A call that may end in a database, as it stands. */
export interface Event {
  readonly call: Call
  /** The call as written, shortened. */
  readonly text: string
  /** The call stands alone: nobody looks at what it gives. */
  readonly unused: boolean
  /** The catch around it that takes database errors, when there is one. */
  readonly caught: Caught | undefined
}

export interface Caught {
  readonly at: Span
  readonly types: readonly string[]
  /** Nothing is done in it. */
  readonly empty: boolean
}

/** What one body does, as far as binds go, in terms of its parameters. */
export interface Summary {
  readonly info: FunctionInfo
  readonly class: string | undefined
  readonly events: readonly Event[]
  readonly returns: Value
  readonly writes: readonly { readonly name: string; readonly value: Value }[]
  /** A bound was reached: some of the body was not walked. */
  readonly cut: boolean
}

/** Nodes of one body that are looked at; more are in no function that a person keeps. */
const budget = 60_000

/** The state that a walk through one body shares. */
export interface Walk {
  readonly unit: Unit
  readonly body: Body
  readonly events: Event[]
  readonly writes: { name: string; value: Value }[]
  readonly returns: Value[]
  /** Names of calls that are worth keeping. */
  readonly keeps: (name: string) => boolean
  unused: PhpCall | undefined
  caught: Caught | undefined
  left: number
  /** Depth of closures inside closures. */
  depth: number
  evaluate: (node: PhpExpression, env: Env) => Value
}

/** Interprets one body by recursion over its statements; branches are walked apart and joined. */
export function interpret(unit: Unit, body: Body, keeps: (name: string) => boolean): Summary {
  const walk: Walk = {
    unit,
    body,
    events: [],
    writes: [],
    returns: [],
    keeps,
    unused: undefined,
    caught: undefined,
    left: budget,
    depth: 0,
    evaluate: () => unknown,
  }
  walk.evaluate = evaluator(walk)
  runAll(
    walk,
    body.statements ?? body.function?.body ?? [],
    parametersOf(body.info.parameters, unit.text.slice(body.info.start, body.function?.end ?? body.info.start)),
  )
  const { info, class: own } = body
  const returns = walk.returns.length > 0 ? either(...walk.returns) : nothing
  const { events, writes } = walk
  return { info, class: own?.name, events, returns, writes, cut: walk.left <= 0 }
}

/** What parameters are when a body begins: a declared boolean, else whatever the callers give. */
export function parametersOf(parameters: readonly ParameterInfo[], text: string): Env {
  const env: Env = new Map()
  parameters.forEach((parameter, index) => {
    const given: Value = [{ of: 'param', index, path: [], without: 'none', because: [] }]
    const { declared } = parameter
    const says = `$${parameter.name} is declared boolean`
    const bool = boolean(says, declared?.at ?? parameter.at, declared?.nullable === true)
    const array: Value = [{ of: 'array', entries: new Map([['*', { value: given, at: parameter.at }]]), rest: [] }]
    env.set(
      parameter.name,
      declared?.bool && !declared.mixed && (declared.native || !sentinel(parameter.name, text))
        ? bool
        : parameter.variadic
          ? array
          : given,
    )
  })
  return env
}

// `$x === false` in a function whose doc comment calls $x boolean: false stands for "not given" there, and $x is no boolean.
const sentinel = (name: string, text: string): boolean =>
  new RegExp(`\\$${name}\\s*[!=]==?\\s*false\\b|\\bfalse\\s*[!=]==?\\s*\\$${name}\\b`, 'i').test(text)

/** The values of two ways that meet. */
export function meet(a: Env | undefined, b: Env | undefined): Env | undefined {
  if (!a || !b) return a ?? b
  if (a === b) return a
  const out: Env = new Map()
  for (const [name, value] of a) {
    const other = b.get(name)
    out.set(name, other === value ? value : either(value, other ?? (name.includes('->') ? unknown : nothing)))
  }
  for (const [name, value] of b) if (!a.has(name)) out.set(name, either(value, name.includes('->') ? unknown : nothing))
  return out
}

function runAll(walk: Walk, statements: readonly PhpStatement[], start: Env): Env | undefined {
  let env: Env | undefined = start
  for (const statement of statements) {
    if (!env || walk.left <= 0) return env
    env = run(walk, statement, env)
  }
  return env
}

const copy = (env: Env): Env => new Map(env)

function run(walk: Walk, statement: PhpStatement, env: Env): Env | undefined {
  const { evaluate } = walk
  const value = (node: PhpExpression): Value => evaluate(node, env)
  walk.left--
  switch (statement.kind) {
    case 'expression': {
      const node = statement.expression
      walk.unused = alone(node)
      value(node)
      walk.unused = undefined
      return leaves(node) ? undefined : env
    }
    case 'echo':
    case 'unset':
      for (const one of statement.expressions) {
        if (statement.kind === 'echo') value(one)
        else if (one.kind === 'variable' && typeof one.name === 'string') env.set(one.name, nothing)
      }
      return env
    case 'return':
      walk.returns.push(statement.value ? value(statement.value) : nothing)
      return undefined
    case 'if': {
      value(statement.test)
      const then = runAll(walk, statement.then, refine(statement.test, true, copy(env)))
      const otherwise = runAll(walk, statement.otherwise, refine(statement.test, false, copy(env)))
      return meet(then, otherwise)
    }
    case 'while': {
      value(statement.test)
      const after = runAll(walk, statement.body, refine(statement.test, true, copy(env)))
      return refine(statement.test, false, meet(env, after) ?? env)
    }
    case 'do': {
      const after = runAll(walk, statement.body, env) ?? env
      evaluate(statement.test, after)
      return after
    }
    case 'for': {
      for (const one of [...statement.init, ...statement.test]) value(one)
      const inner = copy(env)
      const after = runAll(walk, statement.body, inner)
      for (const one of statement.step) evaluate(one, after ?? inner)
      return meet(env, after)
    }
    case 'foreach':
      return each(walk, statement, env)
    case 'switch':
      return choose(walk, statement, env)
    case 'try':
      return attempt(walk, statement, env)
    case 'block':
    case 'namespace':
      return runAll(walk, statement.body, env)
    case 'globals':
      for (const name of statement.names)
        env.set(name, [{ of: 'field', on: [], name, path: [], without: 'none', because: [] }])
      return env
    case 'statics':
      for (const one of statement.variables) env.set(one.name, either(one.value ? value(one.value) : nothing, unknown))
      return env
    case 'break':
    case 'continue':
      // Values at a `break` or `continue` are those after the loop too; walking on is the wider answer.
      return env
    default:
      return env
  }
}

// `f();`, `@f();` and `f() or die();`: the first two throw the result away.
function alone(node: PhpExpression): PhpCall | undefined {
  if (node.kind === 'unary' && node.operator === '@') return alone(node.operand)
  return node.kind === 'call' ? node : undefined
}

function leaves(node: PhpExpression): boolean {
  if (node.kind === 'unary') return node.operator === 'throw'
  return node.kind === 'construct' && node.name === 'exit'
}

type Of<Kind extends PhpStatement['kind']> = Extract<PhpStatement, { readonly kind: Kind }>

function each(walk: Walk, statement: Of<'foreach'>, env: Env): Env | undefined {
  const { evaluate } = walk
  const source = evaluate(statement.source, env)
  const inner = copy(env)
  const set = (target: PhpExpression, value: Value): void => {
    const skipped = target.kind === 'unary' && target.operator === '&' ? target.operand : target
    if (skipped.kind === 'variable' && typeof skipped.name === 'string') inner.set(skipped.name, value)
    else if (skipped.kind === 'array')
      skipped.items.forEach((item, i) => set(item.value, select(value, keyText(item.key) ?? String(i))))
  }
  set(statement.value, select(source, '*'))
  if (statement.key)
    set(statement.key, [
      { of: 'text', parts: [{ value: unknown, at: spanIn(walk, statement.key) }], at: spanIn(walk, statement.key) },
    ])
  const after = runAll(walk, statement.body, inner)
  const out = meet(env, after)
  // `foreach ($a as &$v)` and `$a[$k] = …` inside may change every entry: what they are is not known after it.
  const name =
    statement.source.kind === 'variable' && typeof statement.source.name === 'string' && statement.source.name
  const head = walk.unit.text.slice(statement.source.end, statement.value.end)
  if (out && name && (head.includes('&') || out.get(name) !== env.get(name))) out.set(name, unknown)
  return out
}

const keyText = (key: PhpExpression | undefined): string | undefined => (key?.kind === 'string' ? key.value : undefined)

const spanIn = (walk: Walk, node: { readonly start: number; readonly end: number }): Span => ({
  file: walk.unit.file,
  start: node.start,
  end: node.end,
})

function choose(walk: Walk, statement: Of<'switch'>, env: Env): Env | undefined {
  const { evaluate } = walk
  evaluate(statement.test, env)
  let through: Env | undefined
  let out: Env | undefined
  let complete = false
  for (const one of statement.cases) {
    const start = copy(env)
    if (one.test) {
      evaluate(one.test, start)
      refine(one.test, true, start, statement.test)
    } else complete = true
    const after = runAll(walk, one.body, meet(through, start) ?? start)
    const breaks = one.body.some((inner) => inner.kind === 'break')
    if (breaks) out = meet(out, after)
    through = breaks ? undefined : after
  }
  out = meet(out, through)
  return complete ? out : meet(out, env)
}

function attempt(walk: Walk, statement: Of<'try'>, env: Env): Env | undefined {
  const before = copy(env)
  const outer = walk.caught
  walk.caught = statement.catches.map((one) => caughtBy(walk, one)).find(Boolean) ?? outer
  const after = runAll(walk, statement.body, env)
  walk.caught = outer
  let out = after
  for (const one of statement.catches) {
    const start = meet(copy(before), after) ?? copy(before)
    if (one.variable) start.set(one.variable, unknown)
    out = meet(out, runAll(walk, one.body, start))
  }
  return statement.always.length > 0 ? runAll(walk, statement.always, out ?? before) && out : out
}

const takesDatabaseErrors =
  /(^|\\)(Throwable|Exception|RuntimeException|PDOException|mysqli_sql_exception|DBALException|DriverException)$/

function caughtBy(walk: Walk, one: PhpCatch): Caught | undefined {
  if (!one.types.some((type) => takesDatabaseErrors.test(type))) return undefined
  const empty = one.body.every((inner) => inner.kind === 'other' || inner.kind === 'html')
  return { at: spanIn(walk, one), types: one.types, empty }
}

/** Interprets a closure where it stands: it sees what it captures, its own parameters are what they are declared. */
export function interpretClosure(walk: Walk, node: PhpFunction, env: Env, given?: readonly Value[]): Value {
  if (walk.depth > 4 || walk.left <= 0) return unknown
  const inner: Env = node.how === 'arrow' ? copy(env) : new Map()
  for (const [name, value] of env) if (name.startsWith('this->')) inner.set(name, value)
  for (const use of node.uses) inner.set(use.name, env.get(use.name) ?? unknown)
  node.parameters.forEach((parameter, index) => {
    inner.set(parameter.name, given?.[index] ?? declaredValue(walk, parameter))
  })
  const outer = walk.returns.splice(0)
  const { unused } = walk
  walk.depth++
  walk.unused = undefined
  runAll(walk, node.body ?? [], inner)
  walk.depth--
  walk.unused = unused
  const returns = walk.returns.splice(0)
  walk.returns.push(...outer)
  return returns.length > 0 ? either(...returns) : nothing
}

function declaredValue(walk: Walk, parameter: PhpParameter): Value {
  const { declared, at } = parameterOf(walk.unit.file, parameter, undefined, walk.body.names, walk.body.class?.name)
  if (declared?.bool && !declared.mixed) return boolean(`$${parameter.name} is declared boolean`, at, declared.nullable)
  return declared ? declared.classes.map((one) => ({ of: 'object', class: one, args: [] })) : unknown
}
