import type { Span } from '../../source/source.ts'
import { spanOf } from '../../source/piece.ts'
import { references, type MakeStatement, type MakeVariable } from '../../parse/makefile.ts'
import { holeBase } from '../shell/script.ts'
import type { Certainty, Origin } from '../shell/value.ts'

/** What the variables of a makefile are. Texts hold a private-use character for each origin. */
export interface MakeValues {
  /** Every origin so far; the masks in texts count into it. */
  readonly origins: Origin[]
  /** What a reference stands for, for a target. `proven`: names that cannot be empty here. */
  expand(inner: string, at: Span, targets: readonly string[], proven: ReadonlySet<string>): string
  readonly variables: ReadonlyMap<string, readonly MakeVariable[]>
}

const builtin: Readonly<Record<string, string>> = {
  MAKE: 'make',
  RM: 'rm -f',
  CC: 'cc',
  CXX: 'g++',
  AR: 'ar',
  SHELL: '/bin/sh',
  empty: '',
}
const neverEmpty = new Set(['CURDIR', 'MAKEFILE_LIST', 'MAKE_VERSION', 'MAKE_COMMAND', 'HOME', 'PWD', 'PATH', 'USER'])
const mostDepth = 20
const mostText = 4000

/** Commands whose output is not empty when they succeed. */
const speaks = /^(pwd|date|hostname|whoami|uname|nproc|basename|dirname|id|mktemp|cat VERSION)\b/

export function makeValues(file: string, statements: readonly MakeStatement[]): MakeValues {
  const variables = new Map<string, MakeVariable[]>()
  for (const one of statements) {
    if (one.kind !== 'variable') continue
    const own = variables.get(one.name)
    if (own) own.push(one)
    else variables.set(one.name, [one])
  }
  const origins: Origin[] = []
  const made = new Map<string, string>()
  const mask = (key: string, origin: () => Origin): string => {
    let known = made.get(key)
    if (known === undefined) {
      if (origins.length >= 0x1800) return '\uFFFD'
      known = String.fromCharCode(holeBase + origins.length)
      origins.push(origin())
      made.set(key, known)
    }
    return known
  }
  const emptyOf = (text: string): Certainty => {
    let found: Certainty = 'always'
    for (const char of text) {
      const origin = origins[char.charCodeAt(0) - holeBase]
      if (!origin || origin.empty === 'never') return 'never'
      if (origin.empty === 'unknown') found = 'unknown'
      else if (found === 'always' && origin.empty === 'maybe') found = 'maybe'
    }
    return found
  }

  interface Asking {
    readonly at: Span
    readonly targets: readonly string[]
    readonly proven: ReadonlySet<string>
    readonly depth: number
    readonly open: readonly string[]
  }

  const textIn = (text: string, asking: Asking): string => {
    let out = ''
    let done = 0
    for (const one of references(text)) {
      out += text.slice(done, one.start) + (one.escape ? '$' : reference(one.inner, asking))
      done = one.end
      if (out.length > mostText) break
    }
    return (out + text.slice(done)).slice(0, mostText)
  }

  const opaque = (
    inner: string,
    asking: Asking,
    empty: Certainty,
    how: string,
    kind: Origin['kind'] = 'derived',
  ): string =>
    mask(`${kind} ${inner} ${empty}`, () => ({
      kind,
      name: `$(${inner.length > 60 ? `${inner.slice(0, 57)}…` : inner})`,
      at: asking.at,
      empty,
      unset: 'never',
      how,
      splits: 'maybe',
    }))

  const variable = (name: string, asking: Asking): string => {
    if (asking.proven.has(name)) {
      const text = variables.has(name) ? value(name, asking) : undefined
      if (text !== undefined && emptyOf(text) === 'never') return text
      return opaque(name, asking, 'never', '', 'template')
    }
    if (neverEmpty.has(name)) return opaque(name, asking, 'never', '', 'template')
    const own = value(name, asking)
    if (own !== undefined) return own
    if (builtin[name] !== undefined) return builtin[name]
    const how = `is empty when neither the environment nor make's command line sets ${name}`
    return opaque(name, asking, 'maybe', how, 'template')
  }

  const value = (name: string, asking: Asking): string | undefined => {
    if (asking.depth > mostDepth || asking.open.includes(name)) return opaque(name, asking, 'unknown', '')
    const all = (variables.get(name) ?? []).filter(
      (one) => !one.targets || one.targets.some((target) => asking.targets.includes(target)),
    )
    if (all.length === 0) return undefined
    const deeper = { ...asking, depth: asking.depth + 1, open: [...asking.open, name] }
    const last = all.findLast((one) => one.operator !== '+=' && one.operator !== '?=' && one.conditions.length === 0)
    const considered = last ? all.slice(all.indexOf(last)) : all
    const texts = considered.map((one) => definition(one, deeper))
    if (considered.length === 1 && considered[0]!.conditions.length === 0) {
      // `X ?=` with nothing after it: the environment may say.
      if (texts[0] === '' && considered[0]!.operator === '?=')
        return opaque(name, asking, 'maybe', `is empty when nothing sets ${name}: its default is empty`, 'template')
      return texts[0]!
    }
    if (considered.some((one) => one.operator === '+=')) {
      const joined = texts.filter((text) => text !== '').join(' ')
      if (considered.every((one) => one.conditions.length === 0)) return joined
      return opaque(name, asking, emptyOf(texts[0] ?? '') === 'never' ? 'never' : 'unknown', '')
    }
    if (considered.every((one) => one.operator === '?=' && one.conditions.length === 0)) return texts[0]!
    const empties = texts.map(emptyOf)
    return opaque(name, asking, empties.every((one) => one === 'never') ? 'never' : 'unknown', '')
  }

  const definition = (one: MakeVariable, asking: Asking): string => {
    const place =
      one.value.text === '' ? { file, start: one.start, end: one.end } : spanOf(one.value, 0, one.value.text.length)
    if (one.operator === '!=')
      return opaque(
        `shell ${one.value.text}`,
        { ...asking, at: place },
        'maybe',
        `is empty when ${one.value.text} fails or prints nothing`,
        'substitution',
      )
    return textIn(one.value.text, { ...asking, at: place })
  }

  const reference = (inner: string, asking: Asking): string => {
    if (asking.depth > mostDepth) return opaque(inner, asking, 'unknown', '')
    if (/^[@%<?^+|*][DF]?$/.test(inner))
      return opaque(inner, asking, inner.startsWith('@') ? 'never' : 'unknown', '', 'template')
    const call = /^([a-z-]+)\s+([^]*)$/.exec(inner)
    if (call) return called(call[1]!, call[2]!, asking)
    if (/^[^\s:$(){},]+$/.test(inner)) return variable(inner, asking)
    const substitution = /^([^\s:$(){},]+):/.exec(inner)
    if (substitution)
      return opaque(inner, asking, emptyOf(variable(substitution[1]!, asking)) === 'never' ? 'never' : 'unknown', '')
    return opaque(inner, asking, 'unknown', '')
  }

  const called = (name: string, rest: string, asking: Asking): string => {
    const deeper = { ...asking, depth: asking.depth + 1 }
    const words = rest.split(',')
    switch (name) {
      case 'error':
      case 'info':
      case 'warning':
        return ''
      case 'shell': {
        const command = textIn(rest, deeper).trim()
        const how = `is empty when ${rest.trim().slice(0, 50)} fails or prints nothing`
        return opaque(`shell ${rest.trim()}`, asking, speaks.test(command) ? 'never' : 'maybe', how, 'substitution')
      }
      case 'or':
        return words.some((word) => emptyOf(textIn(word.trim(), deeper)) === 'never')
          ? opaque(`or ${rest}`, asking, 'never', '')
          : opaque(`or ${rest}`, asking, 'unknown', '')
      case 'abspath':
      case 'realpath':
      case 'dir':
      case 'notdir':
      case 'strip':
      case 'firstword':
      case 'lastword':
      case 'addprefix':
      case 'addsuffix': {
        const text = textIn(words.at(-1)!.trim(), deeper)
        if (name === 'strip' || (name === 'abspath' && text.startsWith('/'))) return text.trim()
        const empty = emptyOf(text)
        return opaque(
          `${name} ${rest}`,
          asking,
          empty === 'maybe' ? 'maybe' : 'unknown',
          'is empty when what it is made of is',
        )
      }
      default:
        return opaque(`${name} ${rest}`, asking, 'unknown', '')
    }
  }

  return {
    origins,
    variables,
    expand: (inner, at, targets, proven) => reference(inner, { at, targets, proven, depth: 0, open: [] }),
  }
}
