import type { Directive } from '../../parse/nginx.ts'
import type { Label, Span, Unread } from '../../source/source.ts'
import { filledIn } from '../../parse/template.ts'
import { distributionFile, type KnownLine } from './distribution.ts'
import type { Includes } from './include.ts'
import { at, nginxFile, type NginxText } from './text.ts'

/** A directive where it takes effect: includes are put in place of their line. */
export interface Placed {
  readonly name: string
  readonly args: readonly string[]
  /** Its own place, or that of the include that brings a file known by heart. */
  readonly at: Span
  /** The text it stands in, with the parsed directive; absent for a file known by heart. */
  readonly source?: { readonly text: NginxText; readonly directive: Directive }
  /** The include lines that brought it, outermost first. */
  readonly via: readonly Label[]
  /** Under a condition of a template. */
  readonly sometimes: boolean
  readonly level?: Level
}

/** One block with its includes put in place. */
export interface Level {
  /** The block's directive; `main` for a whole file. */
  readonly kind: string
  readonly args: readonly string[]
  readonly parent: Level | undefined
  /** Everything in it, in the order in which nginx reads it. */
  readonly own: readonly Placed[]
  readonly at: Span
  /** Nothing in the project includes this text, and it has no server of its own: what is above it is not known. */
  readonly fragment: boolean
}

/** Nesting of includes, and directives of one whole configuration: past these it is not read, and that is said. */
const deepestInclude = 12
const mostDirectives = 20_000

/** What the expansion of one configuration needs. */
interface Run {
  readonly main: NginxText
  readonly includes: Includes
  readonly unread: (file: string, part: Unread) => void
  readonly used: Set<string>
  count: number
}

type Growing = { -readonly [Key in keyof Level]: Level[Key] } & { own: Placed[] }

/** One configuration from its main text: all levels, with includes in place. `used` gets the files it includes. */
export function expand(
  main: NginxText,
  includes: Includes,
  used: Set<string>,
  unread: (file: string, part: Unread) => void,
): Level {
  const fragment = !main.tree.body.some((one) => one.block && /^(http|server|events|stream|mail)$/.test(one.name))
  const whole = at(main, 0, Math.max(1, main.piece.text.length))
  const level: Growing = { kind: 'main', args: [], parent: undefined, own: [], at: whole, fragment }
  fill(level, main, main.tree.body, { main, includes, unread, used, count: 0 }, [], false)
  return level
}

function fill(
  level: Growing,
  text: NginxText,
  body: readonly Directive[],
  run: Run,
  via: readonly Label[],
  sometimes: boolean,
): void {
  for (const directive of body) {
    if (run.count++ > mostDirectives) {
      run.unread(text.file, {
        start: directive.start,
        end: directive.end,
        says: `more than ${mostDirectives} directives with includes: not read further`,
      })
      return
    }
    const args = directive.words.slice(1).map((word) => word.text)
    const place = at(text, directive.start, directive.block ? directive.block.start : directive.end)
    const base = { args, at: place, via, sometimes: sometimes || directive.sometimes, source: { text, directive } }
    if (directive.name === 'include') {
      level.own.push({ name: 'include', ...base })
      const path = args[0]
      if (path !== undefined) include(level, { text, path, place, via, sometimes: base.sometimes }, run)
    } else if (directive.block && !directive.block.foreign) {
      const inner: Growing = { kind: directive.name, args, parent: level, own: [], at: place, fragment: false }
      level.own.push({ name: directive.name, ...base, level: inner })
      fill(inner, text, directive.block.body, run, via, base.sometimes)
    } else level.own.push({ name: directive.name, ...base })
  }
}

/** One `include` line: what it names, where it stands, and how that place was come by. */
interface Include {
  readonly text: NginxText
  readonly path: string
  readonly place: Span
  readonly via: readonly Label[]
  readonly sometimes: boolean
}

function include(level: Growing, line: Include, run: Run): void {
  const { text, path, place, via, sometimes } = line
  const here: readonly Label[] = [...via, { at: place, says: `this include brings ${path}` }]
  const unread = (says: string): void => run.unread(text.file, { start: place.start, end: place.end, says })
  if (here.length > deepestInclude) return unread(`includes nested more than ${deepestInclude} deep: not read`)
  const found = run.includes(path, text.path, run.main.path)
  for (const source of found) {
    run.used.add(source.file)
    const inner = nginxFile(source)
    fill(level, inner, inner.tree.body, run, here, sometimes)
  }
  if (found.length > 0) return
  const known = distributionFile(path)
  if (known) for (const words of known) byHeart(level, words, { ...line, via: here }, run)
  else if (!mayBeEmpty(path)) {
    level.own.push({ name: 'include?', args: [path], at: place, via, sometimes })
    unread(`includes ${path}, which is not in the project`)
  }
}

// A glob that finds nothing is no error for nginx, and most repositories leave it to the machine.
function mayBeEmpty(path: string): boolean {
  return /[*?[]/.test(path) && !filledIn.test(path)
}

/** A line of a file that comes with nginx; what it includes may well be in the project. */
function byHeart(level: Growing, words: KnownLine, line: Include, run: Run): void {
  const [name = '', ...args] = words
  const { place, via, sometimes } = line
  if (name === 'include') include(level, { ...line, path: args[0]! }, run)
  else level.own.push({ name, args, at: place, via, sometimes })
}

/** Every level of a configuration, outer ones first. */
export function levelsOf(level: Level): readonly Level[] {
  const out: Level[] = [level]
  for (let i = 0; i < out.length; i++) for (const one of out[i]!.own) if (one.level) out.push(one.level)
  return out
}

/** A level and those around it, innermost first. */
export function upward(level: Level): readonly Level[] {
  const out: Level[] = []
  for (let here: Level | undefined = level; here; here = here.parent) out.push(here)
  return out
}
