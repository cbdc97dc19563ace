import type { PhpArgument, PhpCall, PhpExpression } from '../../parse/php.ts'
import type { Span } from '../../source/source.ts'
import { arrayFunction } from './arrays.ts'
import { givesBoolean, givesNumber, givesText, inputs } from './builtin.ts'
import { interpretClosure, type Env, type Walk } from './interpret.ts'
import { placeName, read, refine } from './refine.ts'
import {
  either,
  emptyArray,
  nothing,
  number,
  ruleOut,
  select,
  textOf,
  told,
  unknown,
  withEntry,
  type Argument,
  type Call,
  type Hole,
  type Value,
} from './value.ts'

const comparisons = new Set([
  '==',
  '===',
  '!=',
  '!==',
  '<>',
  '<',
  '>',
  '<=',
  '>=',
  '&&',
  '||',
  'and',
  'or',
  'xor',
  'instanceof',
])

/** Evaluates expressions of one body: what each can be, keeping the calls met on the way. */
export function evaluator(walk: Walk): (node: PhpExpression, env: Env) => Value {
  const span = (node: { readonly start: number; readonly end: number }): Span => ({
    file: walk.unit.file,
    start: node.start,
    end: node.end,
  })
  const written = (node: { readonly start: number; readonly end: number }): string => {
    const text = walk.unit.text.slice(node.start, Math.min(node.end, node.start + 400)).replace(/\s+/g, ' ')
    return text.length > 90 ? `${text.slice(0, 87)}…` : text
  }
  const boolean = (node: PhpExpression, is: 'true' | 'false' | 'either'): Value => {
    const says = node.kind === 'boolean' ? `${is} is written here` : `${written(node)} gives a boolean`
    return [{ of: 'bool', is, because: [{ at: span(node), says }] }]
  }
  const text = (node: PhpExpression, ...parts: readonly (string | Hole)[]): Value => [
    { of: 'text', parts, at: span(node) },
  ]
  const hole = (node: PhpExpression, value: Value): Hole => ({ value, at: span(node) })
  const joined = (node: PhpExpression, value: Value): readonly (string | Hole)[] => {
    const way = value.length === 1 ? value[0]! : undefined
    if (way?.of === 'text' && way.parts.length < 60) return way.parts
    return [hole(node, value)]
  }

  const assign = (target: PhpExpression, value: Value, env: Env): void => {
    const name = placeName(target)
    if (name !== undefined) {
      env.set(name, value)
      if (name.startsWith('this->') && walk.writes.length < 500) walk.writes.push({ name: name.slice(6), value })
    } else if (target.kind === 'index') {
      const base = read(target.on, env) ?? (placeName(target.on) === undefined ? undefined : emptyArray)
      if (!base) return
      const known = target.index ? textOf(evaluate(target.index, env)) : '[]'
      assign(target.on, withEntry(base, known ?? '*', { value, at: lastValue }), env)
    } else if (target.kind === 'array') {
      target.items.forEach((item, i) => {
        const key = item.key ? textOf(evaluate(item.key, env)) : String(i)
        assign(item.value, key === undefined ? unknown : select(value, key), env)
      })
    }
  }
  // Where the value of the assignment that is being made is written: the place of the entry it makes.
  let lastValue: Span = { file: walk.unit.file, start: 0, end: 0 }

  const callOf = (node: PhpCall, env: Env): Call => {
    const on = node.how === 'function' || node.on.kind === 'class' ? unknown : receiver(node.on, env)
    const args = argumentsOf(node.args, env)
    const name = typeof node.name === 'string' ? node.name : ''
    const className = node.how === 'static' || node.how === 'new' ? classNameOf(node) : undefined
    const onText = node.how === 'method' && node.on.kind !== 'class' ? written(node.on) : (className ?? '')
    return { how: node.how, name, on, onText, class: className, args, at: span(node) }
  }
  const classNameOf = (node: PhpCall): string | undefined => {
    if (node.on.kind !== 'name') return undefined
    const { body } = walk
    return body.names.class(node.on.name, body.class?.name, body.class?.parents[0])
  }
  const receiver = (node: PhpExpression, env: Env): Value => {
    if (node.kind !== 'name') return evaluate(node, env)
    const { body } = walk
    return [{ of: 'object', class: body.names.class(node.name, body.class?.name, body.class?.parents[0]), args: [] }]
  }
  const argumentsOf = (args: readonly PhpArgument[], env: Env): readonly Argument[] =>
    args.map((arg) => ({
      value: arg.value.kind === 'function' ? (evaluate(arg.value, env), unknown) : evaluate(arg.value, env),
      at: span(arg.value),
      spread: arg.spread,
      ...(arg.name === undefined ? {} : { name: arg.name }),
    }))

  const call = (node: PhpCall, env: Env): Value => {
    if (node.callable) return unknown
    const unused = walk.unused === node
    walk.unused = undefined
    const name = typeof node.name === 'string' ? node.name : undefined
    if (name === undefined && node.how !== 'new') {
      if (node.on.kind !== 'class') evaluate(node.on, env)
      argumentsOf(node.args, env)
      return unknown
    }
    if (node.how === 'function') {
      const given = builtin(node, name!.toLowerCase().replace(/^.*\\/, ''), env)
      if (given) return given
    }
    const made = callOf(node, env)
    if (node.how === 'new') {
      if (node.on.kind === 'class') return unknown
      keep({ ...made, name: '__construct' }, node, unused)
      return made.class ? [{ of: 'object', class: made.class, args: made.args }] : unknown
    }
    keep(made, node, unused)
    return [{ of: 'call', call: made, path: [], without: 'none' }]
  }
  const keep = (made: Call, node: PhpCall, unused: boolean): void => {
    if (!walk.keeps(made.name.toLowerCase().replace(/^.*\\/, '')) || walk.events.length >= 2000) return
    walk.events.push({ call: made, text: written(node), unused, caught: walk.caught })
  }

  const builtin = (node: PhpCall, name: string, env: Env): Value | undefined => {
    if (givesBoolean.has(name)) return (argumentsOf(node.args, env), boolean(node, 'either'))
    if (givesNumber.has(name)) return (argumentsOf(node.args, env), number)
    const first = node.args[0]?.value
    if (name === 'filter_var' || name === 'filter_input') {
      const args = argumentsOf(node.args, env)
      const filter = written(node)
      if (/FILTER_VALIDATE_BOOL/.test(filter)) return boolean(node, 'either')
      if (/FILTER_VALIDATE_(INT|FLOAT)/.test(filter)) return number
      return name === 'filter_input' ? [{ of: 'input', name: filter }] : (args[0]?.value ?? unknown)
    }
    if (name === 'getenv') return [{ of: 'input', name: written(node) }]
    if (name === 'settype' && first) {
      assign(first, unknown, env)
      return nothing
    }
    if (name === 'sprintf' && node.args.length > 0) return format(node, env)
    if (givesText.has(name)) return (argumentsOf(node.args, env), text(node, hole(node, unknown)))
    return arrayFunction(name, node, {
      value: (one) => evaluate(one, env),
      variable: (one) => env.get(one),
      change: (one, value) => assign(one, value, env),
      apply: (fun, given) => (fun.kind === 'function' ? interpretClosure(walk, fun, env, given) : unknown),
      span,
      parameters: walk.body.info.parameters.length,
    })
  }

  // `sprintf('… %s …', $x)`: the text with its values in place; `%d` makes numbers.
  const format = (node: PhpCall, env: Env): Value => {
    const args = argumentsOf(node.args, env)
    const pattern = textOf(args[0]?.value ?? unknown)
    if (pattern === undefined) return text(node, hole(node, unknown))
    const parts: (string | Hole)[] = []
    let next = 1
    let done = 0
    for (const match of pattern.matchAll(/%(%|(?:(\d+)\$)?[-+0-9.' ]*([a-zA-Z]))/g)) {
      parts.push(pattern.slice(done, match.index))
      done = match.index + match[0].length
      if (match[1] === '%') parts.push('%')
      else {
        const arg = args[match[2] ? Number(match[2]) : next++]
        parts.push({ value: match[3] === 's' ? (arg?.value ?? unknown) : number, at: arg?.at ?? span(node) })
      }
    }
    return text(node, ...parts, pattern.slice(done))
  }

  const binary = (node: Extract<PhpExpression, { kind: 'binary' }>, env: Env): Value => {
    const { operator } = node
    const left = evaluate(node.left, env)
    const guarded = operator === '&&' || operator === 'and' || operator === '||' || operator === 'or'
    const right = evaluate(
      node.right,
      guarded ? refine(node.left, operator === '&&' || operator === 'and', new Map(env)) : env,
    )
    if (comparisons.has(operator)) return boolean(node, 'either')
    if (operator === '??')
      return either(
        left.filter((way) => way.of !== 'null'),
        right,
      )
    if (operator === '.') return text(node, ...joined(node.left, left), ...joined(node.right, right))
    if (operator === '+' && left.some((way) => way.of === 'array')) {
      return left.map((way) => (way.of === 'array' ? { ...way, rest: either(way.rest, right) } : way))
    }
    return number
  }

  const assignment = (node: Extract<PhpExpression, { kind: 'assign' }>, env: Env): Value => {
    const given = evaluate(node.value, env)
    if (node.value.kind === 'assign') lastValue = span(node.value)
    else lastValue = span(node.value)
    if (node.operator === '=' || node.operator === '=&') {
      const name = placeName(node.target)
      const value = node.operator === '=&' ? unknown : name === undefined ? given : taken(node, name, given)
      assign(node.target, value, env)
      return value
    }
    const before = evaluate(node.target, env)
    let value: Value = number
    if (node.operator === '??=')
      value = either(
        before.filter((way) => way.of !== 'null'),
        given,
      )
    else if (node.operator === '.=') value = text(node, ...joined(node.target, before), ...joined(node.value, given))
    else if (node.operator === '+=' && before.some((way) => way.of === 'array'))
      value = before.map((way) => (way.of === 'array' ? { ...way, rest: either(way.rest, given) } : way))
    else if (/^[&|^]=$/.test(node.operator)) value = number
    assign(node.target, value, env)
    return value
  }
  // `$x = false` is where the boolean comes from; of anything else it is one stop on the way.
  const taken = (node: Extract<PhpExpression, { kind: 'assign' }>, name: string, value: Value): Value => {
    const way = value.length === 1 ? value[0]! : undefined
    const at = span(node)
    if (node.value.kind !== 'boolean' || way?.of !== 'bool') return told(value, { at, says: `$${name} takes it here` })
    return [{ ...way, because: [{ at, says: `$${name} is ${way.is} here` }] }]
  }

  const ternary = (node: Extract<PhpExpression, { kind: 'ternary' }>, env: Env): Value => {
    const test = evaluate(node.test, env)
    const otherwise = evaluate(node.otherwise, refine(node.test, false, new Map(env)))
    if (!node.then) return either(ruleOut(test, 'false'), otherwise)
    return either(evaluate(node.then, refine(node.test, true, new Map(env))), otherwise)
  }

  const match = (node: Extract<PhpExpression, { kind: 'match' }>, env: Env): Value => {
    evaluate(node.subject, env)
    return either(
      ...node.arms.map((arm) => {
        const inner = new Map(env)
        arm.tests?.forEach((test) => evaluate(test, inner))
        if (arm.tests?.length === 1) refine(arm.tests[0]!, true, inner, node.subject)
        return evaluate(arm.value, inner)
      }),
    )
  }

  const array = (node: Extract<PhpExpression, { kind: 'array' }>, env: Env): Value => {
    let out: Value = emptyArray
    for (const item of node.items.slice(0, 300)) {
      const value = evaluate(item.value, env)
      if (item.spread) out = out.map((way) => (way.of === 'array' ? { ...way, rest: either(way.rest, value) } : way))
      else {
        const key = item.key ? (textOf(evaluate(item.key, env)) ?? '*') : '[]'
        out = withEntry(out, key, { value, at: span(item.value) })
      }
    }
    return out
  }

  const unary = (node: Extract<PhpExpression, { kind: 'unary' }>, env: Env): Value => {
    const operand = evaluate(node.operand, env)
    if (node.operator === '!') return boolean(node, 'either')
    if (node.operator === '++' || node.operator === '--') assign(node.operand, number, env)
    if (node.operator === '@' || node.operator === 'clone' || node.operator === '&') return operand
    return number
  }

  const evaluate = (node: PhpExpression, env: Env): Value => {
    if (--walk.left <= 0) return unknown
    switch (node.kind) {
      case 'boolean':
        return boolean(node, node.value ? 'true' : 'false')
      case 'null':
        return nothing
      case 'number':
        return [{ of: 'number', value: node.value }]
      case 'string':
        return text(node, node.value)
      case 'template':
        return text(
          node,
          ...node.parts.flatMap((part) => (part.kind === 'string' ? [part.value] : joined(part, evaluate(part, env)))),
        )
      case 'variable': {
        if (typeof node.name !== 'string') return unknown
        if (node.name === 'this')
          return walk.body.class ? [{ of: 'object', class: walk.body.class.name, args: [] }] : unknown
        if (inputs.has(node.name)) return [{ of: 'input', name: `$${node.name}` }]
        return env.get(node.name) ?? unknown
      }
      case 'array':
        return array(node, env)
      case 'call':
        return call(node, env)
      case 'property': {
        if (typeof node.name !== 'string') return unknown
        const own = placeName(node)
        const known = own === undefined ? undefined : env.get(own)
        if (known) return known
        const on = evaluate(node.on, env)
        return [
          { of: 'field', on, name: node.name, path: [], without: 'none', because: [{ at: span(node), says: '' }] },
        ]
      }
      case 'static': {
        if (typeof node.name !== 'string') return unknown
        const on = receiver(node.on, env)
        const way = on[0]
        const className = way?.of === 'object' ? way.class : ''
        if (node.of === 'constant') {
          const own = walk.body.class
          const known = own && className === own.name ? own.constants.get(node.name) : undefined
          return known ? boolean(node, known) : [{ of: 'constant', class: className, name: node.name }]
        }
        return [
          { of: 'field', on, name: node.name, path: [], without: 'none', because: [{ at: span(node), says: '' }] },
        ]
      }
      case 'index': {
        const on = evaluate(node.on, env)
        const key = node.index ? textOf(evaluate(node.index, env)) : '*'
        return select(on, key ?? '*')
      }
      case 'assign':
        return assignment(node, env)
      case 'binary':
        return binary(node, env)
      case 'unary':
        return unary(node, env)
      case 'cast': {
        const operand = evaluate(node.operand, env)
        if (node.type === 'bool') return boolean(node, 'either')
        if (node.type === 'int' || node.type === 'float') return number
        if (node.type === 'string') return text(node, hole(node, unknown))
        return node.type === 'array' ? operand : unknown
      }
      case 'ternary':
        return ternary(node, env)
      case 'match':
        return match(node, env)
      case 'construct': {
        node.operands.forEach((operand) => evaluate(operand, env))
        return node.name === 'isset' || node.name === 'empty' ? boolean(node, 'either') : unknown
      }
      case 'include':
        evaluate(node.target, env)
        return unknown
      case 'function':
        interpretClosure(walk, node, env)
        return unknown
      default:
        return unknown
    }
  }
  return evaluate
}
