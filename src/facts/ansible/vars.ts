import { at, entriesOf, itemsOf, type YamlNode } from '../../parse/yaml.ts'

/** A value and the file it stands in. */
export interface Known {
  readonly node: YamlNode | string
  readonly file: string
}

/** What names stand for at one point of a play; facts that tasks set are added as the play goes on. */
export interface Scope {
  readonly values: Map<string, Known>
}

/** A mapping of variables and its file. */
export interface Vars {
  readonly node: YamlNode | undefined
  readonly file: string
}

/** A scope with more values over it. */
export function within(scope: Scope, ...more: readonly Vars[]): Scope {
  const values = new Map(scope.values)
  for (const { node, file } of more)
    for (const { key, value } of entriesOf(node)) values.set(key.text, { node: value, file })
  return { values }
}

/** Templates inside values are followed this deep. */
const deepest = 12

/** A text with the names in `{{ … }}` put in as far as they are known; the others stay as they are written. */
export function expanded(text: string, scope: Scope, depth = 0): string {
  if (depth > deepest || !text.includes('{{')) return text
  return text.replace(/\{\{-?\s*((?:[^{}]|\{[^{}]*\})*?)\s*-?\}\}/g, (whole, inner: string) => {
    const value = evaluate(inner, scope, depth + 1)
    return value === undefined ? whole.replace(/\{\{\s*/, '{{ ').replace(/\s*\}\}/, ' }}') : value
  })
}

/** A node's text with its templates filled; undefined: a list, a mapping or nothing. */
export function textOf(node: YamlNode | string | undefined, scope: Scope, depth = 0): string | undefined {
  if (node === undefined) return undefined
  if (typeof node === 'string') return expanded(node, scope, depth)
  return node.kind === 'scalar' ? expanded(node.text, scope, depth) : undefined
}

/** The value of an expression: a name with attributes, a text, `a ~ b`, `a + b`, `x | default(y)`; other filters are passed over where they change little. */
function evaluate(expression: string, scope: Scope, depth: number): string | undefined {
  const [head = '', ...filters] = split(expression, '|')
  let value = operand(head.trim(), scope, depth)
  for (const filter of filters) {
    const [, name = '', argument] = /^\s*([\w.]+)\s*(?:\(([\s\S]*)\))?\s*$/.exec(filter) ?? []
    if (name === 'default' || name === 'd') {
      if (value === undefined || value === '') value = operand(split(argument ?? '', ',')[0]!.trim(), scope, depth)
    } else if (value !== undefined && name === 'basename') value = value.replace(/\/+$/, '').replace(/^.*\//, '')
    else if (value !== undefined && name === 'dirname') value = value.replace(/\/[^/]*$/, '')
    else if (!/^(trim|string|realpath|expanduser|quote|mandatory|bool|int|lower|regex_escape)$/.test(name))
      return undefined
  }
  return value
}

function operand(term: string, scope: Scope, depth: number): string | undefined {
  if (depth > deepest) return undefined
  for (const operator of ['~', '+']) {
    const parts = split(term, operator)
    if (parts.length < 2) continue
    const values = parts.map((part) => operand(part.trim(), scope, depth + 1))
    return values.every((value) => value !== undefined) ? values.join('') : undefined
  }
  const quoted = /^(['"])((?:(?!\1).)*)\1$/s.exec(term)
  if (quoted) return expanded(quoted[2]!, scope, depth + 1)
  if (/^\d+$/.test(term)) return term
  return textOf(lookup(term, scope)?.node, scope, depth + 1)
}

/** What a name with attributes stands for: `deploy.path`, `item['src']`, `hostvars.x`. */
export function lookup(name: string, scope: Scope): Known | undefined {
  const path = name.replace(/\[\s*(['"])([\w-]+)\1\s*\]/g, '.$2').split('.')
  if (!path.every((part) => /^[\w-]+$/.test(part))) return undefined
  const joined = scope.values.get(path.join('.'))
  if (joined !== undefined) return joined
  const first = scope.values.get(path[0]!)
  let here: YamlNode | string | undefined = first?.node
  for (const part of path.slice(1)) {
    if (here === undefined || typeof here === 'string') return undefined
    here = /^\d+$/.test(part) ? itemsOf(here)[Number(part)] : at(here, part)
  }
  return here === undefined ? undefined : { node: here, file: first!.file }
}

/** The items of a list: written out, or a name for one (`{{ services }}`, `a + b`); undefined: it cannot be told. */
export function listIn(node: YamlNode | undefined, scope: Scope, depth = 0): readonly YamlNode[] | undefined {
  if (!node || depth > deepest) return undefined
  if (node.kind === 'list') return node.items.flatMap((item) => (item.kind === 'list' ? item.items : [item]))
  if (node.kind !== 'scalar') return undefined
  const inner = /^\s*\{\{\s*([\s\S]*?)\s*\}\}\s*$/.exec(node.text)?.[1]
  if (inner === undefined) return node.text === '' ? [] : undefined
  const out: YamlNode[] = []
  for (const part of split(inner.replace(/^\(|\)$/g, ''), '+')) {
    const name = split(part, '|')[0]!.replace(/[()\s]/g, '')
    const found = lookup(name, scope)?.node
    const items = found === undefined || typeof found === 'string' ? undefined : listIn(found, scope, depth + 1)
    if (!items) return undefined
    out.push(...items)
  }
  return out
}

/** Whether a condition holds, as far as the project's own values tell; undefined: it cannot be told. */
export function holds(when: string, scope: Scope): boolean | undefined {
  const terms = when.split(/\s+and\s+/).map((term) => term.trim())
  const found = terms.map((term) => termHolds(term.replace(/^\((.*)\)$/, '$1').trim(), scope))
  if (found.includes(false)) return false
  return found.every((one) => one === true) ? true : undefined
}

function termHolds(term: string, scope: Scope): boolean | undefined {
  if (/\sor\s/.test(term)) return undefined
  if (term.startsWith('not ')) {
    const inner = termHolds(term.slice(4).trim(), scope)
    return inner === undefined ? undefined : !inner
  }
  const compared = /^([\w.]+)\s*(==|!=)\s*(['"])([^'"]*)\3$/.exec(term)
  if (compared) {
    const value = textOf(lookup(compared[1]!, scope)?.node, scope)
    if (value === undefined || value.includes('{{')) return undefined
    return (value === compared[4]) === (compared[2] === '==')
  }
  const plain = /^([\w.]+)(?:\s*\|\s*bool)?$/.exec(term)
  const value = plain && textOf(lookup(plain[1]!, scope)?.node, scope)
  if (value === undefined || value === null) return undefined
  if (/^(true|yes|on|1)$/i.test(value)) return true
  return /^(false|no|off|0|)$/i.test(value) ? false : undefined
}

/** Splits at an operator that stands outside quotes and brackets. */
function split(text: string, operator: string): readonly string[] {
  const out: string[] = []
  let from = 0
  let depth = 0
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    if (quote) {
      if (char === quote) quote = ''
    } else if (char === "'" || char === '"') quote = char
    else if ('([{'.includes(char)) depth++
    else if (')]}'.includes(char)) depth--
    else if (char === operator && depth === 0) {
      out.push(text.slice(from, i))
      from = i + 1
    }
  }
  return [...out, text.slice(from)]
}
