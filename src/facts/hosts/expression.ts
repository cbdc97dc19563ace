import type { Certainty } from '../shell/value.ts'

/** What is known of an expression's result: every text it can be, or only whether it can be empty. */
export interface Known {
  readonly texts?: readonly string[]
  readonly empty: Certainty
  /** How it can be empty, as the end of a sentence about it. */
  readonly how: string
  /** A boolean: `false` is false without being empty. */
  readonly logical?: true
}

/** What a context's property is: `['steps', 'build', 'outputs', 'path']`. */
export type Lookup = (path: readonly string[]) => Known

/** One `${{ … }}` in a text. */
export interface Marked {
  readonly start: number
  readonly end: number
  readonly inner: string
}

/** Every `${{ … }}` of a text; a quoted `}}` does not end one. */
export function marks(text: string): readonly Marked[] {
  const out: Marked[] = []
  for (let start = text.indexOf('${{'); start !== -1; start = text.indexOf('${{', start)) {
    let at = start + 3
    let quoted = false
    while (at < text.length && (quoted || !text.startsWith('}}', at))) {
      if (text[at] === "'") quoted = !quoted
      at++
    }
    if (at >= text.length) break
    out.push({ start, end: at + 2, inner: text.slice(start + 3, at).trim() })
    start = at + 2
  }
  return out
}

const unknown: Known = { empty: 'unknown', how: '' }
const flag: Known = { texts: ['true', 'false'], empty: 'never', how: '', logical: true }

/** What an expression of GitHub Actions can be. What cannot be read is unknown. */
export function evaluate(expression: string, lookup: Lookup): Known {
  const tokens = expression.match(/'(?:[^']|'')*'|[\w-]+(?:\.\d+)?|&&|\|\||[=!<>]=|[<>!().,[\]*]|\S/g) ?? []
  if (tokens.length > 400) return unknown
  const reader = { tokens, at: 0, lookup, depth: 0 }
  const found = either(reader)
  return reader.at === tokens.length ? found : unknown
}

interface Reader {
  readonly tokens: readonly string[]
  at: number
  readonly lookup: Lookup
  depth: number
}

function either(reader: Reader): Known {
  let left = both(reader)
  while (reader.tokens[reader.at] === '||') {
    reader.at++
    left = or(left, both(reader))
  }
  return left
}

function both(reader: Reader): Known {
  let left = compared(reader)
  while (reader.tokens[reader.at] === '&&') {
    reader.at++
    left = and(left, compared(reader))
  }
  return left
}

const falsy = (known: Known, text: string): boolean => text === '' || (known.logical === true && text === 'false')

function or(a: Known, b: Known): Known {
  if (a.texts && b.texts) {
    const truthy = a.texts.filter((text) => !falsy(a, text))
    const texts = truthy.length === a.texts.length ? truthy : [...new Set([...truthy, ...b.texts])]
    return known(texts, b.how)
  }
  if (a.empty === 'never' && !a.logical) return a
  if (a.empty === 'always') return b
  return { empty: b.empty === 'always' ? (a.logical ? 'maybe' : a.empty) : b.empty, how: b.how || a.how }
}

function and(a: Known, b: Known): Known {
  if (a.texts && b.texts) {
    const kept = a.texts.filter((text) => falsy(a, text))
    return { ...known([...new Set([...kept, ...b.texts])], b.how), ...(a.logical ? { logical: true } : {}) }
  }
  if (a.empty === 'never') return a.logical ? { empty: b.empty, how: b.how, logical: true } : b
  if (a.empty === 'always') return a
  return { empty: a.empty === 'unknown' ? 'unknown' : 'maybe', how: a.how }
}

function known(texts: readonly string[], how: string): Known {
  const empties = texts.filter((text) => text === '').length
  return { texts, empty: empties === 0 ? 'never' : empties === texts.length ? 'always' : 'maybe', how }
}

function compared(reader: Reader): Known {
  const left = single(reader)
  if (!['==', '!=', '<', '>', '<=', '>='].includes(reader.tokens[reader.at] ?? '')) return left
  reader.at++
  single(reader)
  return flag
}

function single(reader: Reader): Known {
  const token = reader.tokens[reader.at]
  if (token === undefined || reader.depth > 40) return unknown
  reader.at++
  if (token === '!') return (single(reader), flag)
  if (token === '(') {
    reader.depth++
    const inner = either(reader)
    reader.depth--
    if (reader.tokens[reader.at] === ')') reader.at++
    return inner
  }
  if (token.startsWith("'")) return known([token.slice(1, -1).replaceAll("''", "'")], 'is empty as written')
  if (token === 'true' || token === 'false') return { texts: [token], empty: 'never', how: '', logical: true }
  if (token === 'null') return { texts: [''], empty: 'always', how: 'is null' }
  if (/^-?\d/.test(token)) return { texts: [token], empty: 'never', how: '' }
  return reader.tokens[reader.at] === '(' ? called(token.toLowerCase(), reader) : property(token, reader)
}

function property(first: string, reader: Reader): Known {
  const path = [first.toLowerCase()]
  for (;;) {
    const token = reader.tokens[reader.at]
    if (token === '.') {
      path.push((reader.tokens[reader.at + 1] ?? '').toLowerCase())
      reader.at += 2
    } else if (token === '[') {
      const key = reader.tokens[reader.at + 1] ?? ''
      const simple = reader.tokens[reader.at + 2] === ']'
      if (!simple) {
        reader.at++
        reader.depth++
        either(reader)
        reader.depth--
        if (reader.tokens[reader.at] === ']') reader.at++
        path.push('*')
      } else {
        path.push(key.startsWith("'") ? key.slice(1, -1).toLowerCase() : /^\d/.test(key) ? key : '*')
        reader.at += 3
      }
    } else break
  }
  return path.includes('*') ? unknown : reader.lookup(path)
}

function called(name: string, reader: Reader): Known {
  reader.at++
  const given: Known[] = []
  reader.depth++
  while (reader.tokens[reader.at] !== undefined && reader.tokens[reader.at] !== ')') {
    given.push(either(reader))
    if (reader.tokens[reader.at] === ',') reader.at++
    else if (reader.tokens[reader.at] !== ')') return unknown
  }
  reader.depth--
  reader.at++
  if (['contains', 'startswith', 'endswith', 'always', 'success', 'failure', 'cancelled'].includes(name)) return flag
  if (name === 'tojson') return { empty: 'never', how: '' }
  if (name === 'hashfiles') return { empty: 'maybe', how: 'is empty when no file matches' }
  if (name === 'format') return formatted(given)
  return unknown
}

function formatted(given: readonly Known[]): Known {
  const pattern = given[0]?.texts?.[0]
  if (pattern === undefined) return unknown
  if (pattern.replace(/\{\d+\}/g, '') !== '') return { empty: 'never', how: '' }
  const used = [...pattern.matchAll(/\{(\d+)\}/g)].map((hole) => given[Number(hole[1]) + 1])
  return used.length === 1 && used[0] ? used[0] : unknown
}
