import type { Parsed, Unread } from '../source/source.ts'
import { decoder, type Decoder, type Piece } from '../source/piece.ts'
import type { YamlEntry, YamlNode, YamlScalar } from './yaml.ts'

/** Nesting past this is not read. */
const mostDepth = 200

const files = new WeakMap<object, Parsed<YamlNode | undefined>>()

/** Parses JSON, once per source. */
export function jsonOf(source: { readonly text: string }): Parsed<YamlNode | undefined> {
  let known = files.get(source)
  if (!known) files.set(source, (known = parseJson(source.text)))
  return known
}

interface Reader {
  readonly text: string
  at: number
  readonly errors: Unread[]
}

/**
 * Parses JSON, with comments and trailing commas as tools allow them, into the same nodes as YAML has (strings are `double` scalars).
 * What comes after an error is left out, and that is said.
 */
export function parseJson(text: string): Parsed<YamlNode | undefined> {
  const reader: Reader = { text, at: text.startsWith('\uFEFF') ? 1 : 0, errors: [] }
  const tree = valueOf(reader, 0)
  blanks(reader)
  if (reader.at < text.length && reader.errors.length === 0) fail(reader, 'text after the end of the JSON value')
  return { tree, errors: reader.errors }
}

function fail(reader: Reader, says: string): undefined {
  if (reader.errors.length === 0)
    reader.errors.push({ start: reader.at, end: reader.text.length, says: `JSON: ${says}` })
  reader.at = reader.text.length
  return undefined
}

function blanks(reader: Reader): void {
  const blank = /(?:[\s\uFEFF]|\/\/[^\n]*|\/\*[^]*?\*\/)*/y
  blank.lastIndex = reader.at
  blank.exec(reader.text)
  reader.at = blank.lastIndex
}

function valueOf(reader: Reader, depth: number): YamlNode | undefined {
  blanks(reader)
  if (depth > mostDepth) return fail(reader, `nested deeper than ${mostDepth}`)
  const char = reader.text[reader.at]
  if (char === '{') return mapOf(reader, depth)
  if (char === '[') return listOf(reader, depth)
  if (char === '"') return stringOf(reader)
  const plain = /[-+.\w]+/y
  plain.lastIndex = reader.at
  const found = plain.exec(reader.text)
  if (!found) return fail(reader, reader.at >= reader.text.length ? 'the text ends too early' : `unexpected ${char}`)
  const start = reader.at
  reader.at += found[0].length
  return scalar('plain', found[0], found[0] === 'null' ? null : plainValue(found[0]), start, reader.at)
}

function plainValue(text: string): unknown {
  return text === 'true' ? true : text === 'false' ? false : Number(text)
}

function scalar(style: 'plain' | 'double', text: string, value: unknown, start: number, end: number): YamlScalar {
  return { kind: 'scalar', style, text, value, start, end, body: start, indent: 0 }
}

function stringOf(reader: Reader): YamlScalar | undefined {
  const start = reader.at
  const string = /"(?:[^"\\\n]|\\[^\n])*"/y
  string.lastIndex = start
  const found = string.exec(reader.text)
  if (!found) return fail(reader, 'a string without its end')
  reader.at = string.lastIndex
  const text = decoded({ text: reader.text } as Piece, start, reader.at).text
  return scalar('double', text, text, start, reader.at)
}

function mapOf(reader: Reader, depth: number): YamlNode | undefined {
  const start = reader.at++
  const entries: YamlEntry[] = []
  for (;;) {
    blanks(reader)
    if (reader.text[reader.at] === '}') break
    if (reader.text[reader.at] !== '"') {
      fail(reader, 'a key was expected')
      break
    }
    const key = stringOf(reader)
    blanks(reader)
    if (!key || reader.text[reader.at] !== ':') {
      fail(reader, 'a colon was expected')
      break
    }
    reader.at++
    const value = valueOf(reader, depth + 1)
    if (!value) break
    entries.push({ key, value })
    blanks(reader)
    if (reader.text[reader.at] === ',') reader.at++
    else if (reader.text[reader.at] !== '}') {
      fail(reader, 'a comma was expected')
      break
    }
  }
  reader.at = Math.min(reader.text.length, reader.at + 1)
  return { kind: 'map', entries, start, end: reader.at }
}

function listOf(reader: Reader, depth: number): YamlNode | undefined {
  const start = reader.at++
  const items: YamlNode[] = []
  for (;;) {
    blanks(reader)
    if (reader.text[reader.at] === ']') break
    const item = valueOf(reader, depth + 1)
    if (!item) break
    items.push(item)
    blanks(reader)
    if (reader.text[reader.at] === ',') reader.at++
    else if (reader.text[reader.at] !== ']') {
      fail(reader, 'a comma was expected')
      break
    }
  }
  reader.at = Math.min(reader.text.length, reader.at + 1)
  return { kind: 'list', items, start, end: reader.at }
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/** A JSON string's text by its quotes' offsets. */
function decoded(base: Piece, start: number, end: number): Decoder {
  const out = decoder(base)
  let done = start + 1
  for (let at = base.text.indexOf('\\', done); at !== -1 && at < end - 1; at = base.text.indexOf('\\', done)) {
    out.keep(done, at)
    const next = base.text[at + 1]!
    const code = next === 'u' ? /^[0-9a-f]{4}/i.exec(base.text.slice(at + 2, at + 6))?.[0] : undefined
    done = code === undefined ? at + 2 : at + 6
    out.turn(code === undefined ? (escapes[next] ?? next) : String.fromCharCode(parseInt(code, 16)), at, done)
  }
  out.keep(done, end - 1)
  return out
}

/** A JSON string as a piece of the text it stands in; an edit is escaped as JSON. */
export function jsonPiece(base: Piece, string: YamlScalar): Piece {
  if (string.style !== 'double') {
    const out = decoder(base)
    out.keep(string.start, string.end)
    return out.piece(string.start, () => undefined)
  }
  return decoded(base, string.start, string.end).piece(string.start + 1, (text) => JSON.stringify(text).slice(1, -1))
}
