import { sqlTokens, type SqlToken } from './tokens.ts'

/** What a value is to a statement: stored in a column, compared with one, or part of an expression. */
export type Role = 'write' | 'compare' | 'other'

/** One place of a statement that a value fills. */
export interface Slot {
  readonly role: Role
  readonly column?: string
  readonly table?: string
  /** An interpolated value that stands between quotes. */
  readonly quoted?: true
}

/** A literal `'true'` or `'false'` that a statement stores or compares. */
export interface Spelled extends Slot {
  readonly text: string
  readonly start: number
  readonly end: number
}

export type Verb = 'insert' | 'update' | 'delete' | 'select' | 'call' | 'schema' | 'other'

/** A statement as far as a bind asks: its verb, its table, and what each placeholder fills. */
export interface Statement {
  readonly verb: Verb
  readonly table?: string
  /** By `:name`, by number from `0` for each `?`, and by the character of an interpolated value. */
  readonly slots: ReadonlyMap<string, Slot>
  readonly spelled: readonly Spelled[]
  /** The number of `?`. */
  readonly positional: number
}

const verbs: Readonly<Record<string, Verb>> = {
  insert: 'insert',
  replace: 'insert',
  update: 'update',
  delete: 'delete',
  select: 'select',
  with: 'select',
  call: 'call',
  create: 'schema',
  alter: 'schema',
  drop: 'schema',
  truncate: 'delete',
}

const comparing = new Set(['=', '<=>', '<>', '!=', '<', '>', '<=', '>=', 'like', 'in', 'is', 'between', 'not'])
const clauses = new Set([
  'where',
  'on',
  'having',
  'join',
  'limit',
  'order',
  'group',
  'union',
  'from',
  'select',
  'set',
  'values',
])

/** Reads one SQL statement; what it cannot tell is left out, it never throws. */
export function readSql(text: string): Statement {
  const tokens = sqlTokens(text)
  const lower = (at: number): string => (tokens[at]?.kind === 'word' ? tokens[at].text.toLowerCase() : '')
  const first = lower(0) === '' ? lower(1) : lower(0)
  const verb = verbs[first] ?? 'other'
  const table = tableOf(tokens, verb)
  const slots = new Map<string, Slot>()
  const spelled: Spelled[] = []
  let positional = 0
  const columns = verb === 'insert' ? insertColumns(tokens) : undefined
  const walk: Walk = { clause: first, depth: 0, row: -1, position: 0, start: 0 }
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!
    step(walk, tokens, i)
    const key =
      token.kind === 'placeholder' ? (token.text === '?' ? String(positional++) : token.text) : keyOfHole(token)
    const literal = token.kind === 'string' && /^(true|false)$/i.test(token.text)
    if (key === undefined && !literal) continue
    const slot = { ...slotAt(tokens, i, walk, columns), ...(table ? { table } : {}) }
    if (literal) spelled.push({ ...slot, text: token.text, start: token.start, end: token.end })
    else slots.set(key!, token.kind === 'string' ? { ...slot, quoted: true } : slot)
  }
  return { verb, ...(table ? { table } : {}), slots, spelled, positional }
}

// A hole bare in the text, or alone between quotes; inside a longer string it is text among text.
function keyOfHole(token: SqlToken): string | undefined {
  if (token.kind === 'hole') return token.text
  if (token.kind === 'string' && /^[\uE000-\uEFFF]$/.test(token.text)) return token.text
  return undefined
}

interface Walk {
  clause: string
  depth: number
  /** Depth of the row of values that the walk is in; -1: in none. */
  row: number
  position: number
  start: number
}

function step(walk: Walk, tokens: readonly SqlToken[], at: number): void {
  const token = tokens[at]!
  const word = token.kind === 'word' ? token.text.toLowerCase() : ''
  if (token.text === '(' && token.kind === 'mark') {
    walk.depth++
    if (walk.clause === 'values' && walk.row === -1)
      Object.assign(walk, { row: walk.depth, position: 0, start: at + 1 })
  } else if (token.text === ')' && token.kind === 'mark') {
    if (walk.depth === walk.row) walk.row = -1
    walk.depth--
  } else if (token.text === ',' && token.kind === 'mark') {
    if (walk.depth === walk.row) Object.assign(walk, { position: walk.position + 1, start: at + 1 })
  } else if (word === 'value' || word === 'values') {
    // `VALUES(col)` in ON DUPLICATE KEY UPDATE is a function.
    if (walk.clause !== 'duplicate') walk.clause = 'values'
  } else if (word === 'duplicate') walk.clause = 'duplicate'
  else if (clauses.has(word) && walk.clause !== 'duplicate') walk.clause = word
}

function slotAt(tokens: readonly SqlToken[], at: number, walk: Walk, columns: readonly string[] | undefined): Slot {
  const text = (i: number): string => tokens[i]?.text.toLowerCase() ?? ''
  if (walk.row !== -1) {
    const alone = walk.depth === walk.row && at === walk.start && (text(at + 1) === ',' || text(at + 1) === ')')
    const column = columns?.[walk.position]
    return alone ? { role: 'write', ...(column ? { column } : {}) } : { role: 'other' }
  }
  const before = nameBefore(tokens, at - 2)
  if ((walk.clause === 'set' || walk.clause === 'duplicate') && text(at - 1) === '=' && before) {
    const after = text(at + 1)
    const alone = after === '' || after === ',' || after === ';' || clauses.has(after)
    return alone && walk.depth === 0 ? { role: 'write', column: before } : { role: 'other' }
  }
  return comparison(tokens, at)
}

function comparison(tokens: readonly SqlToken[], at: number): Slot {
  const text = (i: number): string => tokens[i]?.text.toLowerCase() ?? ''
  const compare = (name: string | undefined): Slot => ({ role: 'compare', ...(name ? { column: name } : {}) })
  if (comparing.has(text(at - 1))) {
    let left = at - 1
    while (comparing.has(text(left))) left--
    return compare(nameBefore(tokens, left))
  }
  if (comparing.has(text(at + 1)) && text(at + 1) !== 'in') return compare(nameAt(tokens, at + 2))
  // `col IN (?, ?, …)`: back over the list to its bracket.
  let open = at - 1
  while (open > 0 && (text(open) === ',' || /placeholder|hole|string|number/.test(tokens[open]!.kind))) open--
  if (text(open) === '(' && text(open - 1) === 'in') {
    return compare(nameBefore(tokens, text(open - 2) === 'not' ? open - 3 : open - 2))
  }
  return { role: 'other' }
}

// The column's name that ends at a token: `a`, `t.a`, `` `t`.`a` `` all give `a`.
function nameBefore(tokens: readonly SqlToken[], at: number): string | undefined {
  const token = tokens[at]
  if (!token || (token.kind !== 'word' && token.kind !== 'name')) return undefined
  return token.text.toLowerCase()
}

function nameAt(tokens: readonly SqlToken[], at: number): string | undefined {
  const dotted = tokens[at + 1]?.text === '.'
  return nameBefore(tokens, dotted ? at + 2 : at)
}

function insertColumns(tokens: readonly SqlToken[]): readonly string[] | undefined {
  const open = tokens.findIndex((token) => token.kind === 'mark' && token.text === '(')
  const into = tokens.findIndex((token) => token.kind === 'word' && /^values?$|^select$|^set$/i.test(token.text))
  if (open === -1 || (into !== -1 && into < open)) return undefined
  const out: string[] = []
  for (let i = open + 1; i < tokens.length && tokens[i]!.text !== ')'; i++) {
    const token = tokens[i]!
    if (token.kind === 'word' || token.kind === 'name') out.push(token.text.toLowerCase())
    else if (token.kind === 'hole') return undefined
  }
  return out
}

function tableOf(tokens: readonly SqlToken[], verb: Verb): string | undefined {
  const after = verb === 'insert' ? ['into'] : verb === 'update' ? ['update'] : ['from']
  let at = tokens.findIndex((token) => token.kind === 'word' && after.includes(token.text.toLowerCase()))
  if (at === -1 && verb === 'insert') at = 0
  if (at === -1) return undefined
  at++
  while (/^(low_priority|ignore|delayed|high_priority)$/i.test(tokens[at]?.text ?? '')) at++
  return nameAt(tokens, at)
}
