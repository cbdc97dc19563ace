import type { Parsed, Unread } from '../source/source.ts'
import { templateHoleAt, templateLanguages, type TemplateLanguages } from './template.ts'
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
  return new NginxReader(text).read()
}

// A class because the reader is one long state; nothing of it is exported.
class NginxReader {
  private readonly text: string
  private readonly languages: TemplateLanguages
  private readonly errors: Unread[] = []
  private readonly comments: { start: number; end: number }[] = []
  private readonly top: Directive[] = []
  private readonly open: Open[] = []
  private words: NginxWord[] = []
  private depth = 0
  private skipped = 0
  private at = 0

  constructor(text: string) {
    this.text = text
    this.languages = templateLanguages(text)
    if (text.charCodeAt(0) === 0xfeff) this.at = 1
  }

  read(): Parsed<NginxTree> {
    while (this.at < this.text.length) this.step()
    if (this.words.length > 0) {
      this.error('unexpected end of file, expecting ";" or "}"', this.words[0]!.start, this.text.length)
      this.finish(this.text.length)
    }
    if (this.open.length > 0) this.error('unexpected end of file, expecting "}"', this.text.length, this.text.length)
    while (this.open.length > 0) this.close(this.text.length)
    return { tree: { body: this.top, comments: this.comments }, errors: this.errors }
  }

  private get body(): Directive[] {
    return this.open.at(-1)?.body ?? this.top
  }

  private error(says: string, start: number, end: number): void {
    if (this.errors.length < 100) this.errors.push({ start, end, says })
  }

  /** Reads what comes next between words: a blank, a mark, a comment, or a word. */
  private step(): void {
    const { text, at } = this
    const char = text[at]!
    if (isBlank(char)) this.at++
    else if (char === '#') {
      const end = lineEnd(text, at)
      this.comments.push({ start: at, end })
      this.at = end
    } else if (this.template()) return
    else if (char === ';') {
      if (this.words.length === 0) this.error('unexpected ";"', at, at + 1)
      else this.finish(at + 1)
      this.at = at + 1
    } else if (char === '{') this.brace()
    else if (char === '}') this.unbrace()
    else this.word()
  }

  /** A template's condition, loop or comment counts as blank; its values are words, or lines of their own. */
  private template(): boolean {
    const hole = templateHoleAt(this.text, this.at, this.languages)
    if (!hole) return false
    if (hole.does === 'value' && !this.alone(this.at, hole.end)) {
      this.word()
      return true
    }
    if (hole.does === 'value') this.fill(this.at, hole.end)
    this.depth = Math.max(0, this.depth + hole.depth)
    this.at = hole.end
    return true
  }

  /** Whether a stretch that begins a directive has its line to itself: then it stands for whole directives. */
  private alone(start: number, end: number): boolean {
    if (this.words.length > 0) return false
    const before = this.text.slice(this.text.lastIndexOf('\n', start - 1) + 1, start)
    return before.trim() === '' && this.text.slice(end, lineEnd(this.text, end)).trim() === ''
  }

  private fill(start: number, end: number): void {
    const word = { start, end, text: this.text.slice(start, end), quoted: false }
    this.body.push({ name: '', words: [word], start, end, sometimes: this.depth > 0 })
  }

  private word(): void {
    const quote = this.text[this.at] === '"' || this.text[this.at] === "'" ? this.text[this.at]! : undefined
    const found = quote ? this.quoted(quote) : this.bare()
    this.at = found.end
    if (!quote && fillsLine.test(found.text) && this.alone(found.start, found.end)) {
      this.fill(found.start, found.end)
      return
    }
    this.words.push(found)
    if (!quote) return
    const next = this.text[this.at]
    if (next === undefined || isBlank(next) || next === ';' || next === '{' || next === ')') return
    if (!templateHoleAt(this.text, this.at, this.languages)) this.error(`unexpected "${next}"`, this.at, this.at + 1)
  }

  private quoted(quote: string): NginxWord {
    const start = this.at
    let at = start + 1
    while (at < this.text.length && this.text[at] !== quote) {
      const hole = templateHoleAt(this.text, at, this.languages)
      at = hole ? hole.end : at + (this.text[at] === '\\' ? 2 : 1)
    }
    if (at < this.text.length) return this.worded(start, at + 1, start + 1, at, true)
    // nginx reads to the end of the file for the quote; the rest of the line is the likelier meaning.
    const end = this.text.slice(start, lineEnd(this.text, start)).search(/[;{]?\s*$/) + start
    const long = this.text.length - start > 4096
    const says = long
      ? `too long parameter, probably missing terminating "${quote}" character`
      : 'unexpected end of file, expecting ";" or "}"'
    this.error(says, start, end)
    return this.worded(start, Math.max(end, start + 1), start + 1, Math.max(end, start + 1), true)
  }

  private bare(): NginxWord {
    const { text } = this
    const start = this.at
    let at = start
    let dollar = -1
    while (at < text.length) {
      const char = text[at]!
      const hole = templateHoleAt(text, at, this.languages)
      if (hole) at = hole.end
      else if (char === '\\') at += 2
      else if (char === '{' && dollar === at - 1 && at > start) at++
      else if (isBlank(char) || char === ';' || char === '{') break
      else if (char === '$') dollar = at++
      else at++
    }
    at = Math.min(at, text.length)
    return this.worded(start, at, start, at, false)
  }

  private worded(start: number, end: number, from: number, to: number, quoted: boolean): NginxWord {
    const raw = this.text.slice(from, to)
    const text = raw.includes('\\') ? raw.replace(/\\(["'\\trn])/g, (_, char: string) => escapes[char] ?? char) : raw
    return { start, end, text, quoted }
  }

  private brace(): void {
    const { at } = this
    this.at = at + 1
    if (this.words.length === 0) this.error('unexpected "{"', at, at + 1)
    if (this.open.length >= deepest) {
      if (this.skipped++ === 0) this.error(`nested more than ${deepest} deep: not read`, at, at + 1)
      this.words = []
      return
    }
    const parent = this.open.at(-1)?.words[0]?.text ?? ''
    if (isDataBlock(parent)) this.error('unexpected "{"', at, at + 1)
    else if (this.words.length > 0 && takesNoBlock(this.words[0]!.text, parent)) this.unterminated()
    const words = this.words
    this.words = []
    const start = words[0]?.start ?? at
    if (/_by_lua_block$|^(lua|perl|js)_block$/.test(words[0]?.text ?? '')) this.foreign(words, start, at)
    else this.open.push({ words, start, brace: at, body: [], sometimes: this.depth > 0 })
  }

  /** `server_name a` without its `;` and then `location / {`: two directives, as they were meant. */
  private unterminated(): void {
    const [first, ...rest] = this.words
    this.error(`directive "${first!.text}" is not terminated by ";"`, first!.start, first!.end)
    const next = rest.findIndex((word) => takesBlock(word.text, '') && this.startsLine(word.start))
    if (next === -1) return
    const later = rest.slice(next)
    this.words = [first!, ...rest.slice(0, next)]
    this.finish(this.words.at(-1)!.end)
    this.words = later
  }

  private startsLine(at: number): boolean {
    return this.text.slice(this.text.lastIndexOf('\n', at - 1) + 1, at).trim() === ''
  }

  private foreign(words: NginxWord[], start: number, brace: number): void {
    const end = luaEnd(this.text, brace + 1)
    if (end === undefined) this.error('Lua code block missing the closing "}"', brace, this.text.length)
    this.at = end ?? this.text.length
    const block = { start: brace, end: this.at, body: [], foreign: true as const }
    this.body.push({ name: words[0]!.text, words, start, end: this.at, block, sometimes: this.depth > 0 })
  }

  private unbrace(): void {
    const { at } = this
    this.at = at + 1
    if (this.words.length > 0) {
      this.error('unexpected "}"', at, at + 1)
      this.finish(at)
    }
    if (this.skipped > 1) this.skipped--
    else if (this.skipped === 1) this.skipped = 0
    else if (this.open.length === 0) this.error('unexpected "}"', at, at + 1)
    else this.close(at + 1)
  }

  private finish(end: number): void {
    const [first] = this.words
    if (!first) return
    const parent = this.open.at(-1)?.words[0]?.text ?? ''
    if (!isDataBlock(parent) && this.text[end - 1] === ';' && takesBlock(first.text, parent))
      this.error(`directive "${first.text}" has no opening "{"`, first.start, first.end)
    const sometimes = this.depth > 0
    if (this.skipped === 0) this.body.push({ name: first.text, words: this.words, start: first.start, end, sometimes })
    this.words = []
  }

  private close(end: number): void {
    const { words, start, brace, body, sometimes } = this.open.pop()!
    this.body.push({ name: words[0]?.text ?? '', words, start, end, block: { start: brace, end, body }, sometimes })
  }
}

const escapes: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n' }

// A line that a template tool replaces whole: `%extra%`, `@EXTRA@`, `__EXTRA__`, a masked hole.
const fillsLine = /^(%[\w-]+%|@\w+@|__\w+__|\$\{[A-Z]\w*\}|[\uE000-\uF8FF]+)$/

function isBlank(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\r' || char === '\n'
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
