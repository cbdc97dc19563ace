import * as yaml from 'yaml'
import type { Parsed, Unread } from '../source/source.ts'
import { decoder, type Encode, type Piece } from '../source/piece.ts'
import { decodeScalar, indentationOf } from './yaml-text.ts'

export type YamlStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded'

interface Placed {
  /** Offsets of the whole node in the file, quotes and block header included, comments not. */
  readonly start: number
  readonly end: number
  readonly tag?: string
  readonly anchor?: string
}

/** A scalar: its decoded text, and its value as YAML 1.2 types it. */
export interface YamlScalar extends Placed {
  readonly kind: 'scalar'
  readonly style: YamlStyle
  readonly text: string
  readonly value: unknown
  readonly body: number
  readonly indent: number
}

/** One `key: value` of a mapping. */
export interface YamlEntry {
  readonly key: YamlScalar
  readonly value: YamlNode
  /** It comes from a `<<` merge. */
  readonly merged?: true
}

export interface YamlMap extends Placed {
  readonly kind: 'map'
  /** In the file's order; of two entries with one key the last counts, own ones count before merged ones. */
  readonly entries: readonly YamlEntry[]
}

export interface YamlList extends Placed {
  readonly kind: 'list'
  readonly items: readonly YamlNode[]
}

/** A node; an alias is the very node that its anchor names. */
export type YamlNode = YamlScalar | YamlMap | YamlList

/** A file's documents and comments. */
export interface YamlFile {
  readonly documents: readonly YamlNode[]
  /** Every comment, from its `#`. */
  readonly comments: readonly { readonly start: number; readonly end: number }[]
}

/** Files longer than this many characters are not read. */
const mostText = 4_000_000
const mostNodes = 200_000
const mostDepth = 200

const files = new WeakMap<object, Parsed<YamlFile>>()

/** Parses YAML, once per source. Broken text gives the part that could be read; nothing throws. */
export function yamlOf(source: { readonly text: string }): Parsed<YamlFile> {
  let known = files.get(source)
  if (!known) files.set(source, (known = parseYaml(source.text)))
  return known
}

/** Parses YAML text. */
export function parseYaml(text: string): Parsed<YamlFile> {
  const none: YamlFile = { documents: [], comments: [] }
  const unread = (says: string): Parsed<YamlFile> => ({ tree: none, errors: [{ start: 0, end: text.length, says }] })
  if (text.length > mostText) return unread(`longer than ${mostText} characters: not read as YAML`)
  if (text.includes('\0')) return unread('holds zero bytes: not YAML')
  if (deepest(text) > mostDepth * 2) return unread(`nested deeper than ${mostDepth * 2} brackets: not read`)
  try {
    return read(text)
  } catch (error) {
    return unread(`not readable as YAML: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Nesting of flow brackets and of block dashes, so that the parser's recursion is bounded before it begins. */
function deepest(text: string): number {
  let depth = 0
  let most = 0
  for (const bracket of text.matchAll(/[[{\]}]/g)) {
    depth = Math.max(0, depth + (bracket[0] === '[' || bracket[0] === '{' ? 1 : -1))
    if (depth > most) most = depth
  }
  for (const run of text.matchAll(/^(?:[ ]*[-?:] ){100,}/gm)) most = Math.max(most, run[0].length / 2)
  return most
}

interface Reading {
  readonly text: string
  readonly errors: Unread[]
  readonly made: Map<yaml.Node, YamlNode>
  readonly open: Set<yaml.Node>
  readonly document: yaml.Document
  nodes: number
}

function read(text: string): Parsed<YamlFile> {
  const comments: { start: number; end: number }[] = []
  const errors: Unread[] = []
  const documents: YamlNode[] = []
  const parser = new yaml.Parser()
  const composer = new yaml.Composer({
    strict: false,
    uniqueKeys: false,
    keepSourceTokens: true,
    prettyErrors: false,
    logLevel: 'silent',
    merge: false,
  })
  const tokens: yaml.CST.Token[] = []
  for (const token of parser.parse(text)) tokens.push(token)
  for (const token of tokens) commentsIn(token, comments)
  for (const document of composer.compose(tokens, true, text.length)) {
    for (const error of document.errors) {
      if (error.code === 'MULTIPLE_DOCS') continue
      errors.push({ start: error.pos[0], end: Math.max(error.pos[1], error.pos[0]), says: `YAML: ${error.message}` })
    }
    const reading: Reading = { text, errors, made: new Map(), open: new Set(), document, nodes: 0 }
    if (document.contents) documents.push(nodeOf(document.contents as yaml.Node, reading, 0))
  }
  comments.sort((a, b) => a.start - b.start)
  return { tree: { documents, comments }, errors: toldOnce(text, errors) }
}

const mostErrors = 20

/** One word for a template whose lines are none of YAML, as those of Helm, and not every error that follows from it. */
function toldOnce(text: string, errors: readonly Unread[]): readonly Unread[] {
  const first = errors[0]
  if (!first) return errors
  const template = /^[ \t]*(?:- )?(?:\{\{-? ?(?:if|else|end|range|with|define|include|template|toYaml|\/\*)|\{%)/m.exec(
    text,
  )
  if (template) {
    const end = template.index + template[0].length
    return [{ start: template.index, end, says: 'a template: it is YAML only when it is filled, and read in part' }]
  }
  if (errors.length <= mostErrors) return errors
  const more = { ...errors[mostErrors]!, says: `YAML: ${errors.length - mostErrors} more errors` }
  return [...errors.slice(0, mostErrors), more]
}

function commentsIn(token: unknown, out: { start: number; end: number }[]): void {
  const stack: unknown[] = [token]
  while (stack.length > 0) {
    const one = stack.pop()
    if (Array.isArray(one)) for (const inner of one) stack.push(inner)
    else if (one !== null && typeof one === 'object') {
      const { type, offset, source } = one as { type?: string; offset?: number; source?: string }
      if (type === 'comment') out.push({ start: offset!, end: offset! + source!.length })
      else
        for (const name of ['start', 'key', 'sep', 'value', 'items', 'end', 'props'] as const) {
          const inner = (one as Record<string, unknown>)[name]
          if (inner !== null && typeof inner === 'object') stack.push(inner)
        }
    }
  }
}

function empty(at: number): YamlScalar {
  return { kind: 'scalar', style: 'plain', text: '', value: null, start: at, end: at, body: at, indent: 0 }
}

function nodeOf(node: yaml.Node, reading: Reading, depth: number): YamlNode {
  const known = reading.made.get(node)
  if (known) return known
  const range = node.range ?? [0, 0, 0]
  const stop = (says: string): YamlNode => {
    if (!reading.errors.some((error) => error.says === says))
      reading.errors.push({ start: range[0], end: range[1], says })
    return empty(range[0])
  }
  if (depth > mostDepth) return stop(`YAML nested deeper than ${mostDepth}: the rest is not read`)
  if (reading.nodes++ > mostNodes) return stop(`more than ${mostNodes} YAML nodes: the rest is not read`)
  if (yaml.isAlias(node)) {
    const target = node.resolve(reading.document)
    if (!target) return stop(`YAML: the alias *${node.source} names nothing`)
    if (reading.open.has(target)) return stop(`YAML: the alias *${node.source} holds itself`)
    return nodeOf(target as yaml.Node, reading, depth + 1)
  }
  reading.open.add(node)
  const made = yaml.isMap(node)
    ? mapOf(node, reading, depth)
    : yaml.isSeq(node)
      ? listOf(node, reading, depth)
      : scalarOf(node as yaml.Scalar)
  reading.open.delete(node)
  reading.made.set(node, made)
  return made
}

function placeOf(node: yaml.Node): Placed {
  const range = node.range ?? [0, 0, 0]
  const { anchor, tag } = node as { anchor?: string; tag?: string }
  return {
    start: range[0],
    end: range[1],
    ...(anchor ? { anchor } : {}),
    ...(tag && (node as yaml.Node & { srcToken?: unknown }).tag ? { tag } : {}),
  }
}

function scalarOf(node: yaml.Scalar): YamlScalar {
  const place = placeOf(node)
  const token = node.srcToken as yaml.CST.FlowScalar | yaml.CST.BlockScalar | undefined
  const style: YamlStyle =
    node.type === 'QUOTE_SINGLE'
      ? 'single'
      : node.type === 'QUOTE_DOUBLE'
        ? 'double'
        : node.type === 'BLOCK_LITERAL'
          ? 'literal'
          : node.type === 'BLOCK_FOLDED'
            ? 'folded'
            : 'plain'
  const text =
    style === 'plain' ? (node.source ?? '') : typeof node.value === 'string' ? node.value : (node.source ?? '')
  let body = place.start
  let indent = 0
  if (token?.type === 'block-scalar') {
    indent = token.indent
    body = place.end - token.source.length
  }
  return { kind: 'scalar', style, text, value: node.value, body, indent, ...place }
}

function listOf(node: yaml.YAMLSeq, reading: Reading, depth: number): YamlList {
  const items = node.items.map((item) =>
    yaml.isNode(item) ? nodeOf(item, reading, depth + 1) : pairOf(item, reading, depth),
  )
  return { kind: 'list', items, ...placeOf(node) }
}

/** `[a: b]` is a list of one mapping. */
function pairOf(item: unknown, reading: Reading, depth: number): YamlNode {
  if (!yaml.isPair(item)) return empty(0)
  const entry = entryOf(item, reading, depth, 0)
  return { kind: 'map', entries: [entry], start: entry.key.start, end: entry.value.end }
}

function entryOf(pair: yaml.Pair, reading: Reading, depth: number, at: number): YamlEntry {
  const key = yaml.isNode(pair.key) ? nodeOf(pair.key, reading, depth + 1) : empty(at)
  const named: YamlScalar =
    key.kind === 'scalar' ? key : { ...empty(key.start), end: key.end, text: reading.text.slice(key.start, key.end) }
  const value = yaml.isNode(pair.value) ? nodeOf(pair.value, reading, depth + 1) : empty(named.end)
  return { key: named, value }
}

function mapOf(node: yaml.YAMLMap, reading: Reading, depth: number): YamlMap {
  const place = placeOf(node)
  const own: YamlEntry[] = []
  const merged: YamlEntry[] = []
  for (const pair of node.items) {
    const entry = entryOf(pair, reading, depth, place.start)
    if (entry.key.text === '<<' && entry.key.style === 'plain') {
      const from = entry.value.kind === 'list' ? entry.value.items : [entry.value]
      for (const map of from) if (map.kind === 'map') merged.push(...map.entries)
      if (merged.length > mostNodes) break
    } else own.push(entry)
  }
  const names = new Set(own.map((entry) => entry.key.text))
  const added: YamlEntry[] = []
  for (const entry of merged) {
    if (names.has(entry.key.text)) continue
    names.add(entry.key.text)
    added.push({ ...entry, merged: true })
  }
  return { kind: 'map', entries: added.length > 0 ? [...own, ...added] : own, ...place }
}

/** The value of a key; undefined when the node is no mapping or has no such key. */
export function at(node: YamlNode | undefined, ...keys: readonly string[]): YamlNode | undefined {
  let here = node
  for (const key of keys) here = entryAt(here, key)?.value
  return here
}

/** The entry of a key: of two with one name the last counts. */
export function entryAt(node: YamlNode | undefined, key: string): YamlEntry | undefined {
  if (node?.kind !== 'map') return undefined
  for (let i = node.entries.length - 1; i >= 0; i--) {
    const entry = node.entries[i]!
    if (entry.key.text === key && (!entry.merged || !node.entries.some((own) => !own.merged && own.key.text === key)))
      return entry
  }
  return undefined
}

/** The entries of a mapping, each key once; none for another node. */
export function entriesOf(node: YamlNode | undefined): readonly YamlEntry[] {
  if (node?.kind !== 'map') return []
  const last = new Map(node.entries.map((entry) => [entry.key.text, entry]))
  return last.size === node.entries.length ? node.entries : [...last.values()]
}

/** The items of a list; a scalar or mapping that is there stands for a list of one; an empty value for none. */
export function itemsOf(node: YamlNode | undefined): readonly YamlNode[] {
  if (!node || isEmpty(node)) return []
  return node.kind === 'list' ? node.items : [node]
}

/** A scalar's decoded text; undefined for lists, mappings and nothing. */
export function textAt(node: YamlNode | undefined, ...keys: readonly string[]): string | undefined {
  const found = at(node, ...keys)
  return found?.kind === 'scalar' && !isEmpty(found) ? found.text : undefined
}

/** Nothing was written here: `key:` alone, `~` or `null`. */
export function isEmpty(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.style === 'plain' && node.value === null
}

/**
 * A scalar as a piece of the file it stands in: every character of its text has its own characters there, and an edit is spelled
 * as the scalar is, or is not offered.
 */
export function scalarPiece(base: Piece, scalar: YamlScalar): Piece {
  const out = decodeScalar(base, scalar)
  if (out.text === scalar.text) return out.piece(scalar.start, encodeIn(base, scalar))
  // The decoder and the parser disagree: the place is the whole scalar, and nothing is edited.
  const coarse = decoder(base)
  coarse.turn(scalar.text, scalar.start, scalar.end)
  return coarse.piece(scalar.start, () => undefined)
}

function encodeIn(base: Piece, scalar: YamlScalar): Encode {
  return (text, start, end, whole) => {
    const written = spelled(base.text, scalar, text)
    if (written === undefined) return undefined
    const after = base.text.slice(0, start) + written + base.text.slice(end)
    return reads(base.text, after, scalar, whole) ? written : undefined
  }
}

function spelled(host: string, scalar: YamlScalar, text: string): string | undefined {
  if (scalar.style === 'double') return JSON.stringify(text).slice(1, -1).replaceAll('\x7f', '\\x7f')
  if (scalar.style === 'literal') {
    const end = host.includes('\r\n') ? '\r\n' : '\n'
    return text.replace(/\n(?!\n|$)/g, end + ' '.repeat(indentationOf(host, scalar)))
  }
  if (text.includes('\n')) return undefined
  return scalar.style === 'single' ? text.replaceAll("'", "''") : text
}

/** Whether the file with an edit still parses, to the same texts everywhere but in the edited scalar, and to the wanted text there. */
function reads(before: string, after: string, scalar: YamlScalar, wanted: string): boolean {
  const old = parseYaml(before)
  const now = parseYaml(after)
  if (now.errors.length > old.errors.length) return false
  const olds = scalarsOf(old.tree)
  const news = scalarsOf(now.tree)
  if (olds.length !== news.length) return false
  return olds.every((one, i) => {
    const other = news[i]!
    if (one.start === scalar.start)
      return other.start === one.start && other.text === wanted && typeof other.value === typeof one.value
    return other.text === one.text && other.style === one.style
  })
}

function scalarsOf(file: YamlFile): readonly YamlScalar[] {
  const out: YamlScalar[] = []
  const seen = new Set<YamlNode>()
  const stack: YamlNode[] = [...file.documents].reverse()
  while (stack.length > 0) {
    const node = stack.pop()!
    if (seen.has(node)) continue
    seen.add(node)
    if (node.kind === 'scalar') out.push(node)
    else if (node.kind === 'list') stack.push(...[...node.items].reverse())
    else for (const entry of [...node.entries].reverse()) stack.push(entry.value, entry.key)
  }
  return out
}
