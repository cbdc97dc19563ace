import { decodePhp } from './php-string.ts'
import type {
  PhpArgument,
  PhpAttribute,
  PhpCall,
  PhpClass,
  PhpComment,
  PhpExpression,
  PhpField,
  PhpFunction,
  PhpItem,
  PhpParameter,
  PhpStatement,
  PhpType,
} from './php.ts'

// php-parser's nodes, as far as they are read here. Its own types are out of step with what it gives.
/** A node of php-parser, read with suspicion. */
export interface Raw {
  readonly kind: string
  readonly loc?: { readonly start: { readonly offset: number }; readonly end: { readonly offset: number } } | null
  readonly leadingComments?: readonly Raw[] | null
  // The fields differ by kind; each is checked where it is used.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly [field: string]: any
}

/** The nodes of a list, its gaps left out. */
export function list(value: unknown): readonly Raw[] {
  return Array.isArray(value) ? (value as (Raw | null)[]).filter((one): one is Raw => one !== null) : []
}

const hows: Readonly<Record<string, PhpFunction['how']>> = { method: 'method', closure: 'closure', arrowfunc: 'arrow' }

const casts: Readonly<Record<string, string>> = {
  boolean: 'bool',
  integer: 'int',
  double: 'float',
  real: 'float',
  binary: 'string',
}

/** Turns php-parser's expressions and declarations into ours; `statements` reads the bodies of functions. */
export function expressionReader(
  text: string,
  docs: readonly PhpComment[],
  statements: (raws: unknown) => readonly PhpStatement[],
) {
  type At = { readonly start: number; readonly end: number }

  const startOf = (raw: Raw): number => Math.min(raw.loc?.start.offset ?? 0, text.length)
  // A statement of one expression leaves its semicolon (and blanks before it) in the expression's place.
  const endOf = (raw: Raw): number => {
    const start = startOf(raw)
    let end = Math.min(Math.max(start, raw.loc?.end.offset ?? start), text.length)
    if (text.charCodeAt(end - 1) === 59 && end > start) {
      end--
      while (end > start && text.charCodeAt(end - 1) <= 32) end--
    }
    return end
  }
  const at = (raw: Raw): At => ({ start: startOf(raw), end: endOf(raw) })
  const whole = (raw: Raw): At => ({ start: startOf(raw), end: Math.max(endOf(raw), raw.loc?.end.offset ?? 0) })

  const docOf = (start: number): { readonly doc?: string } => {
    let low = 0
    let high = docs.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (docs[middle]!.end <= start) low = middle + 1
      else high = middle
    }
    const doc = docs[low - 1]
    // Between a doc comment and what it speaks of stand only attributes and modifiers.
    return doc && /^[^;{}]*$/.test(text.slice(doc.end, start).replace(/#\[[^\n]*\]/g, '')) ? { doc: doc.text } : {}
  }

  const nameOf = (raw: Raw | string | null | undefined): string => {
    if (!raw) return ''
    if (typeof raw === 'string') return raw
    const name = raw['name']
    if (raw.kind === 'selfreference') return 'self'
    if (raw.kind === 'parentreference') return 'parent'
    if (raw.kind === 'staticreference') return 'static'
    if (raw['resolution'] === 'rn') return `namespace\\${name}`
    return typeof name === 'string' ? name : nameOf(name as Raw)
  }

  const typeOf = (raw: Raw | null | undefined, nullable: unknown): { readonly type?: PhpType } => {
    if (!raw || !raw.kind) return {}
    const parts = raw['types'] ? list(raw['types']) : [raw]
    const names = parts.flatMap((part) => (part['types'] ? list(part['types']) : [part])).map(nameOf)
    const isNull = names.some((name) => name.toLowerCase() === 'null')
    return { type: { ...at(raw), names, nullable: nullable === true || isNull } }
  }

  const args = (raws: unknown): readonly PhpArgument[] =>
    list(raws).flatMap((raw): readonly PhpArgument[] => {
      if (raw.kind === 'variadicplaceholder') return []
      if (raw.kind === 'variadic') return [{ ...at(raw), value: expression(raw['what']), spread: true }]
      if (raw.kind === 'namedargument')
        return [{ ...at(raw), value: expression(raw['value']), spread: false, name: String(raw['name']) }]
      const value = expression(raw)
      return [{ start: value.start, end: value.end, value, spread: false }]
    })

  const attributes = (groups: unknown): readonly PhpAttribute[] =>
    list(groups).flatMap((group) =>
      list(group['attrs']).map((raw) => ({ ...at(raw), name: nameOf(raw['name']), args: args(raw['args']) })),
    )

  const member = (raw: Raw | null | undefined): string | PhpExpression => {
    if (!raw) return ''
    if (raw.kind === 'identifier' || raw.kind === 'constref') return nameOf(raw)
    if (raw.kind === 'encapsedpart') return expression(raw['expression'])
    return expression(raw)
  }

  const call = (raw: Raw): PhpCall => {
    const callable = list(raw['arguments']).some((one) => one.kind === 'variadicplaceholder')
    const base = { ...at(raw), kind: 'call' as const, args: args(raw['arguments']), callable }
    const what = raw['what'] as Raw
    const lookup = what['parenthesizedExpression'] ? '' : what.kind
    if (lookup === 'propertylookup' || lookup === 'nullsafepropertylookup') {
      const nullsafe = lookup !== 'propertylookup'
      const offset = what['offset'] as Raw
      return {
        ...base,
        how: 'method',
        on: expression(what['what']),
        name: member(offset),
        nameAt: at(offset),
        nullsafe,
      }
    }
    if (lookup === 'staticlookup') {
      const offset = what['offset'] as Raw
      const on = expression(what['what'])
      return { ...base, how: 'static', on, name: member(offset), nameAt: at(offset), nullsafe: false }
    }
    const on = expression(what)
    const name = on.kind === 'name' ? on.name : undefined
    return { ...base, how: 'function', on, name, nameAt: { start: on.start, end: on.end }, nullsafe: false }
  }

  const items = (raws: unknown): readonly PhpItem[] =>
    list(raws).flatMap((raw): readonly PhpItem[] => {
      if (raw.kind === 'noop') return []
      if (raw.kind !== 'entry') {
        const spread = raw.kind === 'variadic'
        return [{ ...at(raw), value: expression(spread ? raw['what'] : raw), spread, byRef: false }]
      }
      const value = expression(raw['value'])
      const flags = { spread: raw['unpack'] === true, byRef: raw['byRef'] === true }
      return [{ ...at(raw), ...(raw['key'] ? { key: expression(raw['key']) } : {}), value, ...flags }]
    })

  const parameter = (raw: Raw): PhpParameter => ({
    ...at(raw),
    name: nameOf(raw['name']),
    nameAt: at(raw['name'] as Raw),
    ...typeOf(raw['type'], raw['nullable']),
    ...(raw['value'] ? { byDefault: expression(raw['value']) } : {}),
    byRef: raw['byref'] === true,
    variadic: raw['variadic'] === true,
    promoted: Number(raw['flags'] ?? 0) !== 0 || raw['readonly'] === true,
  })

  const fun = (raw: Raw): PhpFunction => {
    const how = hows[raw.kind] ?? 'function'
    const lazy = how === 'function' || how === 'method'
    const place = raw.kind === 'function' || raw.kind === 'method' ? whole(raw) : at(raw)
    const returns = typeOf(raw['type'], raw['nullable']).type
    const body = (): readonly PhpStatement[] => {
      if (how !== 'arrow') return statements(raw['body'])
      const value = expression(raw['body'])
      return [{ kind: 'return', start: value.start, end: value.end, value }]
    }
    const visibility =
      raw['visibility'] === 'private' || raw['visibility'] === 'protected' ? raw['visibility'] : 'public'
    const made: PhpFunction = {
      ...place,
      kind: 'function',
      how,
      ...(raw['name'] ? { name: nameOf(raw['name']) } : {}),
      ...(raw['name']?.loc ? { nameAt: at(raw['name'] as Raw) } : {}),
      parameters: list(raw['arguments']).map(parameter),
      uses: list(raw['uses']).map((use) => ({ name: nameOf(use), byRef: use['byref'] === true })),
      ...(returns ? { returns } : {}),
      ...(raw['body'] && !lazy ? { body: body() } : {}),
      static: raw['isStatic'] === true,
      visibility,
      ...(how === 'function' || how === 'method' ? docOf(place.start) : {}),
      attributes: attributes(raw['attrGroups']),
    }
    if (!lazy || !raw['body']) return made
    // Most bodies are never looked at: they are read when first asked for.
    let read: readonly PhpStatement[] | undefined
    const get = (): readonly PhpStatement[] => {
      try {
        return (read ??= body())
      } catch {
        return (read = [{ kind: 'other', start: made.start, end: made.end }]) // It nests too deeply.
      }
    }
    return Object.defineProperty(made, 'body', { enumerable: true, get })
  }

  const fields = (raw: Raw): readonly PhpField[] =>
    list(raw['properties']).map((property) => ({
      ...at(property),
      name: nameOf(property['name']),
      ...typeOf(property['type'], property['nullable']),
      ...(property['value'] ? { byDefault: expression(property['value']) } : {}),
      static: raw['isStatic'] === true,
      ...docOf(at(raw).start),
      attributes: attributes(property['attrGroups']),
    }))

  const classOf = (raw: Raw): PhpClass => {
    const body = list(raw['body'])
    const own = (kind: string): readonly Raw[] => body.filter((one) => one.kind === kind)
    const parents = Array.isArray(raw['extends']) ? list(raw['extends']) : raw['extends'] ? [raw['extends'] as Raw] : []
    const constants = [...own('classconstant').flatMap((one) => list(one['constants'])), ...own('enumcase')]
    return {
      ...whole(raw),
      kind: 'class',
      how: raw.kind === 'interface' || raw.kind === 'trait' || raw.kind === 'enum' ? raw.kind : 'class',
      ...(raw['name'] ? { name: nameOf(raw['name']) } : {}),
      extends: parents.map(nameOf),
      implements: list(raw['implements']).map(nameOf),
      uses: own('traituse').flatMap((use) => list(use['traits']).map(nameOf)),
      constants: constants.map((one) => ({
        name: nameOf(one['name']),
        ...(one['value']?.kind ? { value: expression(one['value']) } : {}),
      })),
      fields: own('propertystatement').flatMap(fields),
      methods: own('method').map(fun),
      ...docOf(at(raw).start),
      attributes: attributes(raw['attrGroups']),
    }
  }

  const string = (raw: Raw): PhpExpression => {
    const start = startOf(raw)
    const end = endOf(raw)
    if (raw.kind === 'nowdoc') return { kind: 'string', start, end, value: String(raw['value']), quote: 'nowdoc' }
    const quote = raw['isDoubleQuote'] ? '"' : "'"
    const inner = text.slice(text.indexOf(quote, start) + 1, end - 1)
    return { kind: 'string', start, end, value: decodePhp(inner, quote), quote }
  }

  const template = (raw: Raw): PhpExpression => {
    const place = at(raw)
    const quote = raw['type'] === 'shell' ? '`' : raw['type'] === 'heredoc' ? 'heredoc' : '"'
    const parts = list(raw['value']).map((part): PhpExpression => {
      const of = (part['expression'] ?? part) as Raw
      if (of.kind !== 'string') return expression(of)
      const value = quote === 'heredoc' ? String(of['value']) : decodePhp(String(of['raw'] ?? of['value']), quote)
      return { start: at(part).start, end: part.loc?.end.offset ?? at(part).end, kind: 'string', value, quote: 'bare' }
    })
    if (quote === 'heredoc' && parts.every((part) => part.kind === 'string')) {
      return {
        ...place,
        kind: 'string',
        value: parts.map((part) => ('value' in part ? part.value : '')).join(''),
        quote,
      }
    }
    return { ...place, kind: 'template', quote, parts }
  }

  const unary = (raw: Raw, operator: string, operand: Raw): PhpExpression => ({
    ...at(raw),
    kind: 'unary',
    operator,
    operand: expression(operand),
  })

  const variable = (raw: Raw): PhpExpression => {
    let start = startOf(raw)
    // By reference: `&$x` begins at the ampersand.
    if (text.charCodeAt(start) === 38) {
      start++
      while (text.charCodeAt(start) <= 32) start++
    }
    const name = raw['name'] as string | Raw
    return { kind: 'variable', start, end: endOf(raw), name: typeof name === 'string' ? name : expression(name) }
  }

  const maybe = <Key extends string>(key: Key, raw: Raw | null | undefined | false) =>
    (raw ? { [key]: expression(raw) } : {}) as { readonly [key in Key]?: PhpExpression }

  const expression = (raw: Raw | null | undefined): PhpExpression => {
    if (!raw?.kind) return { kind: 'unknown', start: 0, end: 0 }
    switch (raw.kind) {
      case 'variable':
        return variable(raw)
      case 'string':
      case 'nowdoc':
        return string(raw)
      case 'call':
        return call(raw)
      case 'name':
        return { kind: 'name', start: startOf(raw), end: endOf(raw), name: nameOf(raw) }
    }
    return lessCommon(raw, at(raw))
  }

  const lessCommon = (raw: Raw, place: At): PhpExpression => {
    switch (raw.kind) {
      case 'encapsed':
        return template(raw)
      case 'encapsedpart':
        return expression(raw['expression'])
      case 'number':
        return { ...place, kind: 'number', value: numberOf(String(raw['value'])) }
      case 'boolean':
        return { ...place, kind: 'boolean', value: raw['value'] === true }
      case 'nullkeyword':
        return { ...place, kind: 'null' }
      case 'magic':
        return { ...place, kind: 'name', name: String(raw['value']) }
      case 'identifier':
      case 'typereference':
      case 'selfreference':
      case 'parentreference':
      case 'staticreference':
        return { ...place, kind: 'name', name: nameOf(raw) }
      case 'array':
      case 'list':
        return { ...place, kind: 'array', items: items(raw['items']) }
      case 'new': {
        const what = raw['what'] as Raw
        const on = what.kind === 'class' ? classOf(what) : expression(what)
        const nameAt = { start: on.start, end: on.end }
        const name = on.kind === 'name' ? on.name : undefined
        const given = args(raw['arguments'])
        return { ...place, kind: 'call', how: 'new', on, name, nameAt, args: given, nullsafe: false, callable: false }
      }
      case 'propertylookup':
      case 'nullsafepropertylookup':
        return { ...place, kind: 'property', on: expression(raw['what']), name: member(raw['offset']) }
      case 'staticlookup': {
        const offset = raw['offset'] as Raw
        const of = offset.kind === 'variable' ? ('property' as const) : ('constant' as const)
        const name = of === 'property' && typeof offset['name'] === 'string' ? offset['name'] : member(offset)
        return { ...place, kind: 'static', of, on: expression(raw['what']), name }
      }
      case 'offsetlookup': {
        const on = expression(raw['what'])
        // php-parser begins `$a[]` at the bracket.
        return {
          start: Math.min(on.start, place.start),
          end: place.end,
          kind: 'index',
          on,
          ...maybe('index', raw['offset']),
        }
      }
      case 'assign':
      case 'assignref': {
        const operator = raw.kind === 'assignref' ? '=&' : String(raw['operator'])
        const target = expression(raw['left'])
        const start = Math.min(target.start, place.start)
        return { start, end: place.end, kind: 'assign', operator, target, value: expression(raw['right']) }
      }
      case 'bin': {
        const operator = String(raw['type']).toLowerCase()
        const left = expression(raw['left'])
        const start = Math.min(left.start, place.start)
        return { start, end: place.end, kind: 'binary', operator, left, right: expression(raw['right']) }
      }
      case 'unary':
        return unary(raw, String(raw['type']), raw['what'])
      case 'pre':
      case 'post': {
        const one = unary(raw, String(raw['type']).repeat(2), raw['what'])
        return 'operand' in one ? { ...one, start: Math.min(one.start, one.operand.start) } : one
      }
      case 'silent':
        return unary(raw, '@', raw['expr'])
      case 'clone':
      case 'throw':
        return unary(raw, raw.kind, raw['what'])
      case 'print':
        return unary(raw, 'print', raw['expression'])
      case 'byref':
        return unary(raw, '&', raw['what'])
      case 'yieldfrom':
        return unary(raw, 'yield from', raw['value'])
      case 'cast': {
        const type = String(raw['type']).toLowerCase()
        return { ...place, kind: 'cast', type: casts[type] ?? type, operand: expression(raw['expr']) }
      }
      case 'retif': {
        const test = expression(raw['test'])
        const start = Math.min(test.start, place.start)
        const otherwise = expression(raw['falseExpr'])
        return { start, end: place.end, kind: 'ternary', test, ...maybe('then', raw['trueExpr']), otherwise }
      }
      case 'match': {
        const arms = list(raw['arms']).map((arm) => ({
          ...(arm['conds'] ? { tests: list(arm['conds']).map(expression) } : {}),
          value: expression(arm['body']),
        }))
        return { ...place, kind: 'match', subject: expression(raw['cond']), arms }
      }
      case 'isset':
        return { ...place, kind: 'construct', name: 'isset', operands: list(raw['variables']).map(expression) }
      case 'empty':
      case 'exit':
        return {
          ...place,
          kind: 'construct',
          name: raw.kind,
          operands: list([raw['expression'] ?? null]).map(expression),
        }
      case 'eval':
        return { ...place, kind: 'construct', name: 'eval', operands: [expression(raw['source'])] }
      case 'yield': {
        const operands = list([raw['key'] ?? null, raw['value'] ?? null]).map(expression)
        return { ...place, kind: 'construct', name: 'yield', operands }
      }
      case 'include': {
        const flags = { once: raw['once'] === true, require: raw['require'] === true }
        return { ...place, kind: 'include', ...flags, target: expression(raw['target']) }
      }
      case 'closure':
      case 'arrowfunc':
        return fun(raw)
      default:
        return { ...place, kind: 'unknown' }
    }
  }

  return { expression, nameOf, fun, classOf, at, whole }
}

function numberOf(written: string): number {
  const plain = written.replace(/_/g, '')
  return Number(/^0[0-7]+$/.test(plain) ? `0o${plain.slice(1)}` : plain)
}
