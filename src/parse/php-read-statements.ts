import type { PhpCatch, PhpComment, PhpImport, PhpStatement } from './php.ts'
import { expressionReader, list, type Raw } from './php-read.ts'

/** Turns php-parser's statements into ours. */
export function reader(text: string, docs: readonly PhpComment[]) {
  const { expression, nameOf, fun, classOf, at, whole } = expressionReader(text, docs, (raws) => statements(raws))

  const maybe = <Key extends string>(key: Key, raw: Raw | null | undefined | false) =>
    (raw ? { [key]: expression(raw) } : {}) as { readonly [key in Key]?: ReturnType<typeof expression> }

  const statements = (raws: unknown): readonly PhpStatement[] => {
    if (!raws) return []
    if (Array.isArray(raws)) return list(raws).flatMap(statement)
    const one = raws as Raw
    return one.kind === 'block' ? list(one['children']).flatMap(statement) : statement(one)
  }

  const imports = (raw: Raw): readonly PhpImport[] =>
    list(raw['items']).map((item) => {
      const own = nameOf(item['name']).replace(/^\\/, '')
      const prefix = raw['name'] ? `${nameOf(raw['name']).replace(/^\\/, '')}\\` : ''
      const type = item['type'] ?? raw['type']
      const of = type === 'function' ? 'function' : type === 'const' ? 'constant' : 'class'
      const as = item['alias'] ? nameOf(item['alias']) : own.slice(own.lastIndexOf('\\') + 1)
      return { name: prefix + own, as, of }
    })

  const caught = (raw: Raw): PhpCatch => ({
    ...whole(raw),
    types: list(raw['what']).map(nameOf),
    ...(raw['variable'] ? { variable: nameOf(raw['variable']) } : {}),
    body: statements(raw['body']),
  })

  const statement = (raw: Raw): readonly PhpStatement[] => {
    const place = whole(raw)
    switch (raw.kind) {
      case 'expressionstatement':
        return [{ ...place, kind: 'expression', expression: expression(raw['expression']) }]
      case 'echo':
        return [{ ...place, kind: 'echo', expressions: list(raw['expressions']).map(expression) }]
      case 'return':
        return [{ ...place, kind: 'return', ...maybe('value', raw['expr']) }]
      case 'if': {
        const [then, otherwise] = [statements(raw['body']), statements(raw['alternate'])]
        return [{ ...place, kind: 'if', test: expression(raw['test']), then, otherwise }]
      }
      case 'while':
      case 'do':
        return [{ ...place, kind: raw.kind, test: expression(raw['test']), body: statements(raw['body']) }]
      case 'for': {
        const [init, test, step] = ['init', 'test', 'increment'].map((field) => list(raw[field]).map(expression))
        return [{ ...place, kind: 'for', init: init!, test: test!, step: step!, body: statements(raw['body']) }]
      }
      case 'foreach': {
        const [source, value] = [expression(raw['source']), expression(raw['value'])]
        return [
          { ...place, kind: 'foreach', source, ...maybe('key', raw['key']), value, body: statements(raw['body']) },
        ]
      }
      case 'switch': {
        const cases = list(raw['body']?.children).map((one) => ({
          ...maybe('test', one['test']),
          body: statements(one['body']),
        }))
        return [{ ...place, kind: 'switch', test: expression(raw['test']), cases }]
      }
      case 'try': {
        const [body, always] = [statements(raw['body']), statements(raw['always'])]
        return [{ ...place, kind: 'try', body, catches: list(raw['catches']).map(caught), always }]
      }
      case 'block':
        return [{ ...place, kind: 'block', body: statements(raw) }]
      case 'declare':
        return raw['children']?.length ? [{ ...place, kind: 'block', body: statements(raw['children']) }] : []
      case 'namespace':
        return [{ ...place, kind: 'namespace', name: nameOf(raw['name']), body: statements(raw['children']) }]
      case 'usegroup':
        return [{ ...place, kind: 'use', imports: imports(raw) }]
      case 'constantstatement':
        return list(raw['constants']).map((one) => ({
          ...at(one),
          kind: 'constant',
          name: nameOf(one['name']),
          ...maybe('value', one['value']),
        }))
      case 'global':
        return [{ ...place, kind: 'globals', names: list(raw['items']).map(nameOf) }]
      case 'static': {
        const variables = list(raw['variables']).map((one) => ({
          name: nameOf(one['variable']),
          ...maybe('value', one['defaultValue']),
        }))
        return [{ ...place, kind: 'statics', variables }]
      }
      case 'unset':
        return [{ ...place, kind: 'unset', expressions: list(raw['variables']).map(expression) }]
      case 'break':
      case 'continue':
        return [{ ...place, kind: raw.kind }]
      case 'inline':
        return [{ ...place, kind: 'html' }]
      case 'function':
        return [fun(raw)]
      case 'class':
      case 'interface':
      case 'trait':
      case 'enum':
        return [classOf(raw)]
      case 'noop':
      case 'label':
      case 'goto':
      case 'halt':
        return [{ ...place, kind: 'other' }]
      default: {
        // php-parser leaves some expressions without a statement around them (`throw`, `static fn`).
        const one = expression(raw)
        return [{ ...place, kind: 'expression', expression: one }]
      }
    }
  }

  return { statements }
}
