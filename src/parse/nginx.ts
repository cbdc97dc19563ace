import type { Parsed, Unread } from '../source/source.ts'
import { filledIn, templateHoleAt, templateLanguages, type TemplateLanguages } from './template.ts'
import { isDataBlock, takesBlock, takesNoBlock } from './nginx-directives.ts'

/** A word of an nginx directive: where it stands (quotes included) and what nginx reads. Template holes stay as written. */
export interface NginxWord {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly quoted: boolean
}

/** One directive, from its name to its `;` or `}`. */
export interface Directive {
  /** Empty for text that a template fills in (`{{ extra }}` on a line of its own) and for a block without a name. */
  readonly name: string
  readonly words: readonly NginxWord[]
  readonly start: number
  readonly end: number
  readonly block?: NginxBlock
  /** Under a condition of the template. */
  readonly sometimes: boolean
}

/** What stands between the braces of a directive. */
export interface NginxBlock {
  readonly start: number
  readonly end: number
  readonly body: readonly Directive[]
  /** Lua, or another language that nginx does not read itself. */
  readonly foreign?: true
}

/** An nginx file as a tree; comments are spans from `#` to the end of the line. */
export interface NginxTree {
  readonly body: readonly Directive[]
  readonly comments: readonly { readonly start: number; readonly end: number }[]
}

/** Nesting past this is not read, and that is said. */
const deepest = 60

interface Open {
  readonly words: NginxWord[]
  readonly start: number
  readonly brace: number
  readonly body: Directive[]
  readonly sometimes: boolean
}

/** Reads nginx configuration as nginx does, with its messages; where nginx would stop, it goes on and says so. */
export function parseNginx(text: string): Parsed<NginxTree> {
  return read({
    text,
    languages: templateLanguages(text),
    errors: [],
    comments: [],
    top: [],
    open: [],
    words: [],
    depth: 0,
    skipped: 0,
    at: text.charCodeAt(0) === 0xfeff ? 1 : 0,
  })
}

/** Where the reader stands: what is read, what is open, and the words of the directive that is not yet over. */
interface Reading {
  readonly text: string
  readonly languages: TemplateLanguages
  readonly errors: Unread[]
  readonly comments: { start: number; end: number }[]
  readonly top: Directive[]
  readonly open: Open[]
  words: NginxWord[]
  /** How many conditions and loops of the template are open. */
  depth: number
  /** How many blocks are passed over because they are nested too deep. */
  skipped: number
  at: number
}

function read(given: Reading): Parsed<NginxTree> {
  while (given.at < given.text.length) step(given)
  if (given.words.length > 0) {
    fail(given, 'unexpected end of file, expecting ";" or "}"', given.words[0]!.start, given.text.length)
    finish(given, given.text.length)
  }
  if (given.open.length > 0) fail(given, 'unexpected end of file, expecting "}"', given.text.length, given.text.length)
  while (given.open.length > 0) close(given, given.text.length)
  return { tree: { body: given.top, comments: given.comments }, errors: given.errors }
}

function bodyOf(given: Reading): Directive[] {
  return given.open.at(-1)?.body ?? given.top
}

function fail(given: Reading, says: string, start: number, end: number): void {
  if (given.errors.length < 100) given.errors.push({ start, end, says })
}

/** Reads what comes next between words: a blank, a mark, a comment, or a word. */
function step(given: Reading): void {
  const { text, at } = given
  const char = text[at]!
  if (isBlank(char)) given.at++
  else if (char === '#') {
    const end = lineEnd(text, at)
    given.comments.push({ start: at, end })
    checkLength(given, at, end)
    given.at = end
  } else if (passTemplate(given)) return
  else if (char === ';') {
    if (given.words.length === 0) fail(given, 'unexpected ";"', at, at + 1)
    else finish(given, at + 1)
    given.at = at + 1
  } else if (char === '{') openBlock(given)
  else if (char === '}') closeBlock(given)
  else readWord(given)
}

/** A template's condition, loop or comment counts as blank; its values are words, or lines of their own. */
function passTemplate(given: Reading): boolean {
  const hole = templateHoleAt(given.text, given.at, given.languages)
  if (!hole) return false
  if (hole.does === 'value' && !isAlone(given, given.at, hole.end)) {
    readWord(given)
    return true
  }
  if (hole.does === 'value') fill(given, given.at, hole.end)
  given.depth = Math.max(0, given.depth + hole.depth)
  given.at = hole.end
  return true
}

/** Whether a stretch that begins a directive has its line to itself: then it stands for whole directives. */
function isAlone(given: Reading, start: number, end: number): boolean {
  if (given.words.length > 0) return false
  return beginsLine(given.text, start) && endsLine(given.text, end)
}

function fill(given: Reading, start: number, end: number): void {
  const word = { start, end, text: given.text.slice(start, end), quoted: false }
  bodyOf(given).push({ name: '', words: [word], start, end, sometimes: given.depth > 0 })
}

function readWord(given: Reading): void {
  const quote = given.text[given.at] === '"' || given.text[given.at] === "'" ? given.text[given.at]! : undefined
  const found = quote ? readQuoted(given, quote) : readBare(given)
  given.at = found.end
  if (!quote && fillsLine.test(found.text) && isAlone(given, found.start, found.end)) {
    fill(given, found.start, found.end)
    return
  }
  given.words.push(found)
  if (!quote) return
  const next = given.text[given.at]
  if (next === undefined || isBlank(next) || next === ';' || next === '{' || next === ')') return
  if (!templateHoleAt(given.text, given.at, given.languages))
    fail(given, `unexpected "${next}"`, given.at, given.at + 1)
}

function readQuoted(given: Reading, quote: string): NginxWord {
  const start = given.at
  let at = start + 1
  while (at < given.text.length && given.text[at] !== quote) {
    const hole = templateHoleAt(given.text, at, given.languages)
    at = hole ? hole.end : at + (given.text[at] === '\\' ? 2 : 1)
  }
  if (at - start > buffer && at < given.text.length)
    fail(given, `too long parameter, probably missing terminating "${quote}" character`, start, at)
  if (at < given.text.length) return worded(given, start, at + 1, start + 1, at, true)
  // nginx reads to the end of the file for the quote; the rest of the line is the likelier meaning.
  const end = given.text.slice(start, lineEnd(given.text, start)).search(/[;{]?\s*$/) + start
  const long = given.text.length - start > 4096
  const says = long
    ? `too long parameter, probably missing terminating "${quote}" character`
    : 'unexpected end of file, expecting ";" or "}"'
  fail(given, says, start, end)
  return worded(given, start, Math.max(end, start + 1), start + 1, Math.max(end, start + 1), true)
}

function readBare(given: Reading): NginxWord {
  const { text } = given
  const start = given.at
  let at = start
  let dollar = -1
  while (at < text.length) {
    const char = text[at]!
    const hole = templateHoleAt(text, at, given.languages)
    if (hole) at = hole.end
    else if (char === '\\') at += 2
    else if (char === '{' && dollar === at - 1 && at > start) at++
    else if (isBlank(char) || char === ';' || char === '{') break
    else if (char === '$') dollar = at++
    else at++
  }
  at = Math.min(at, text.length)
  checkLength(given, start, at)
  return worded(given, start, at, start, at, false)
}

// nginx reads a word, and even a comment, into a buffer of this many bytes and gives up past it.
const buffer = 4096

function checkLength(given: Reading, start: number, end: number): void {
  if (end - start < buffer / 4) return
  const text = given.text.slice(start, end)
  if (new TextEncoder().encode(text).length < buffer || filledIn.test(text.slice(0, buffer))) return
  fail(given, `too long parameter "${text.slice(0, 10)}..." started`, start, end)
}

function worded(given: Reading, start: number, end: number, from: number, to: number, quoted: boolean): NginxWord {
  const raw = given.text.slice(from, to)
  const text = raw.includes('\\') ? raw.replace(/\\(["'\\trn])/g, (_, char: string) => escapes[char] ?? char) : raw
  return { start, end, text, quoted }
}

function openBlock(given: Reading): void {
  const { at } = given
  given.at = at + 1
  if (given.words.length === 0) fail(given, 'unexpected "{"', at, at + 1)
  if (given.open.length >= deepest) {
    if (given.skipped++ === 0) fail(given, `nested more than ${deepest} deep: not read`, at, at + 1)
    given.words = []
    return
  }
  const parent = given.open.at(-1)?.words[0]?.text ?? ''
  if (isDataBlock(parent)) fail(given, 'unexpected "{"', at, at + 1)
  else if (given.words.length > 0 && takesNoBlock(given.words[0]!.text, parent)) splitUnterminated(given)
  const words = given.words
  given.words = []
  const start = words[0]?.start ?? at
  if (/_by_lua_block$|^(lua|perl|js)_block$/.test(words[0]?.text ?? '')) readForeign(given, words, start, at)
  else given.open.push({ words, start, brace: at, body: [], sometimes: given.depth > 0 })
}

/** `server_name a` without its `;` and then `location / {`: two directives, as they were meant. */
function splitUnterminated(given: Reading): void {
  const [first, ...rest] = given.words
  fail(given, `directive "${first!.text}" is not terminated by ";"`, first!.start, first!.end)
  const next = rest.findIndex((word) => takesBlock(word.text, '') && beginsLine(given.text, word.start))
  if (next === -1) return
  const later = rest.slice(next)
  given.words = [first!, ...rest.slice(0, next)]
  finish(given, given.words.at(-1)!.end)
  given.words = later
}

function readForeign(given: Reading, words: NginxWord[], start: number, brace: number): void {
  const end = luaEnd(given.text, brace + 1)
  if (end === undefined) fail(given, 'Lua code block missing the closing "}"', brace, given.text.length)
  given.at = end ?? given.text.length
  const block = { start: brace, end: given.at, body: [], foreign: true as const }
  bodyOf(given).push({ name: words[0]!.text, words, start, end: given.at, block, sometimes: given.depth > 0 })
}

function closeBlock(given: Reading): void {
  const { at } = given
  given.at = at + 1
  if (given.words.length > 0) {
    fail(given, 'unexpected "}"', at, at + 1)
    finish(given, at)
  }
  if (given.skipped > 1) given.skipped--
  else if (given.skipped === 1) given.skipped = 0
  else if (given.open.length === 0) fail(given, 'unexpected "}"', at, at + 1)
  else close(given, at + 1)
}

function finish(given: Reading, end: number): void {
  const [first] = given.words
  if (!first) return
  const parent = given.open.at(-1)?.words[0]?.text ?? ''
  if (!isDataBlock(parent) && given.text[end - 1] === ';' && takesBlock(first.text, parent))
    fail(given, `directive "${first.text}" has no opening "{"`, first.start, first.end)
  const sometimes = given.depth > 0
  if (given.skipped === 0)
    bodyOf(given).push({ name: first.text, words: given.words, start: first.start, end, sometimes })
  given.words = []
}

function close(given: Reading, end: number): void {
  const { words, start, brace, body, sometimes } = given.open.pop()!
  bodyOf(given).push({ name: words[0]?.text ?? '', words, start, end, block: { start: brace, end, body }, sometimes })
}

const escapes: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n' }

// A line that a template tool replaces whole: `%extra%`, `@EXTRA@`, `__EXTRA__`, a masked hole.
const fillsLine = /^(%[\w-]+%|@\w+@|__\w+__|\$\{[A-Z]\w*\}|[\uE000-\uF8FF]+)$/

function isBlank(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\r' || char === '\n'
}

/** Whether only blanks stand between the beginning of the line and an offset. */
function beginsLine(text: string, at: number): boolean {
  let back = at - 1
  while (back >= 0 && (text[back] === ' ' || text[back] === '\t')) back--
  return back < 0 || text[back] === '\n'
}

function endsLine(text: string, at: number): boolean {
  let next = at
  while (next < text.length && isBlank(text[next]!) && text[next] !== '\n') next++
  return next >= text.length || text[next] === '\n'
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}

/** Where the Lua code that begins here ends: behind the `}` that closes it; undefined: nowhere. */
function luaEnd(text: string, from: number): number | undefined {
  let depth = 1
  const token = /--\[(=*)\[|--[^\n]*|\[(=*)\[|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[{}]/gs
  token.lastIndex = from
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const long = found[1] ?? found[2]
    if (long !== undefined) {
      const end = text.indexOf(`]${long}]`, token.lastIndex)
      if (end === -1) return undefined
      token.lastIndex = end + long.length + 2
    } else if (found[0] === '{') depth++
    else if (found[0] === '}' && --depth === 0) return token.lastIndex
  }
  return undefined
}
