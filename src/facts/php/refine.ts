import type { PhpExpression } from '../../parse/php.ts'
import type { Env } from './interpret.ts'
import { either, nothing, ruleOut, select, withEntry, type Value, type Without } from './value.ts'

/**
 * What is known once a condition held (`held`) or did not: booleans that a guard rules out are gone. With `against`, the
 * condition is a `case` of a `switch` over it. The environment given is changed and returned.
 */
export function refine(test: PhpExpression, held: boolean, env: Env, against?: PhpExpression): Env {
  if (against && !(against.kind === 'boolean' && against.value)) return typeCase(test, held, env, against)
  switch (test.kind) {
    case 'unary':
      return test.operator === '!' ? refine(test.operand, !held, env) : env
    case 'binary': {
      const { operator, left, right } = test
      if (operator === '&&' || operator === 'and') return held ? refine(right, true, refine(left, true, env)) : env
      if (operator === '||' || operator === 'or') return held ? env : refine(right, false, refine(left, false, env))
      return compared(operator, left, right, held, env)
    }
    case 'construct':
      if (test.name === 'empty' && test.operands[0]) narrow(test.operands[0], held ? 'true' : 'false', env)
      return env
    case 'call': {
      const name = typeof test.name === 'string' ? test.name.toLowerCase().replace(/^\\/, '') : ''
      const first = test.args[0]?.value
      if (test.how !== 'function' || !first) return env
      if (name === 'is_bool') onlyBool(first, held, env)
      else if (
        /^is_(string|int|integer|long|numeric|float|double|array|object|null|iterable|resource)$/.test(name) &&
        held
      )
        narrow(first, 'bool', env)
      return env
    }
    case 'assign':
      return test.operator === '=' ? refine(test.target, held, env) : env
    default:
      narrow(test, held ? 'false' : 'true', env)
      return env
  }
}

function compared(operator: string, left: PhpExpression, right: PhpExpression, held: boolean, env: Env): Env {
  const equal = operator === '===' || operator === '=='
  if (!equal && operator !== '!==' && operator !== '!=' && operator !== '<>') return env
  const is = equal === held
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (other.kind === 'boolean') {
      if (is) onlyBool(one, operator.length === 3, env)
      narrow(one, is === other.value ? 'false' : 'true', env)
    } else if (other.kind === 'null' && operator.length === 3) {
      if (is) put(one, nothing, env)
    } else if ((other.kind === 'string' || other.kind === 'number') && is && operator === '===')
      narrow(one, 'bool', env)
    else if (other.kind === 'string' && /^bool(ean)?$/.test(other.value)) typeCase(other, is, env, one)
  }
  return env
}

// `gettype($x) === 'boolean'`, `switch (gettype($x)) { case 'boolean': …`.
function typeCase(test: PhpExpression, held: boolean, env: Env, against: PhpExpression): Env {
  const asks =
    against.kind === 'call' && typeof against.name === 'string' && /^\\?(gettype|get_debug_type)$/i.test(against.name)
  const subject = against.kind === 'call' && asks ? against.args[0]?.value : undefined
  if (!subject || test.kind !== 'string') return env
  const boolean = /^bool(ean)?$/.test(test.value)
  if (boolean) onlyBool(subject, held, env)
  else if (held) narrow(subject, 'bool', env)
  return env
}

function onlyBool(node: PhpExpression, held: boolean, env: Env): void {
  if (!held) return narrow(node, 'bool', env)
  const value = read(node, env)
  if (!value) return
  const kept = value.filter((way) => way.of === 'bool' || way.of === 'param' || way.of === 'call' || way.of === 'field')
  if (kept.length > 0) put(node, kept, env)
}

function narrow(node: PhpExpression, without: Without, env: Env): void {
  const value = read(node, env)
  if (value) put(node, ruleOut(value, without), env)
}

/** The variable, property of `$this` or entry of a variable that an expression is; undefined when it is none. */
export function read(node: PhpExpression, env: Env): Value | undefined {
  const name = placeName(node)
  if (name !== undefined) return env.get(name)
  if (node.kind === 'index' && node.index?.kind === 'string') {
    const base = read(node.on, env)
    return base && select(base, node.index.value)
  }
  return undefined
}

function put(node: PhpExpression, value: Value, env: Env): void {
  const name = placeName(node)
  if (name !== undefined) env.set(name, value)
  else if (node.kind === 'index' && node.index?.kind === 'string') {
    const base = read(node.on, env)
    const baseName = placeName(node.on)
    if (!base || baseName === undefined) return
    const key = node.index.value
    const known = base.find((way) => way.of === 'array' && way.entries.has(key))
    const at = known?.of === 'array' ? known.entries.get(key)!.at : { file: '', start: node.start, end: node.end }
    env.set(baseName, withEntry(base, key, { value: either(value), at }))
  }
}

/** The name under which an environment keeps a variable or a property of `$this`. */
export function placeName(node: PhpExpression): string | undefined {
  if (node.kind === 'variable' && typeof node.name === 'string') return node.name
  if (node.kind === 'property' && typeof node.name === 'string') {
    const own = node.on.kind === 'variable' && node.on.name === 'this'
    return own ? `this->${node.name}` : undefined
  }
  return undefined
}
