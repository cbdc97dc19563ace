import type { Label, Source, Span, Unread } from '../../source/source.ts'
import type { Files } from '../../discover/files.ts'
import {
  concat,
  decoder,
  masked,
  mostHoles,
  slice,
  spanOf,
  type Hole,
  type Masking,
  type Piece,
} from '../../source/piece.ts'
import { holeBase, type Dialect, type Given, type ShellFacts, type ShellSite } from '../shell/script.ts'
import { literal, textOf, valueOf, type Certainty, type Origin, type Part, type Value } from '../shell/value.ts'

/** Where a host language puts what it found. */
export interface Reading {
  readonly files: Files
  /** Parsers that are loaded only when asked for: PHP, Ruby, TypeScript. */
  readonly parsers: { readonly php?: unknown; readonly ruby?: unknown; readonly typescript?: unknown }
  site(site: ShellSite): void
  /** Says that a file was read for its shell, whether or not it holds any. */
  read(file: string): void
  unread(file: string, part: Unread): void
}

/** Reads one file of a host language for the shell that it holds. */
export type Host = (source: Source, reading: Reading) => void

/** What a hole of a template is: text that is known, or what an origin gives. */
export type Filling = { readonly text: string; readonly escape?: true } | { readonly of: Origin }

/** One hole of a template and what fills it. */
export interface Filled {
  readonly start: number
  readonly end: number
  readonly is: Filling
}

/** The piece with its holes filled. Origins are added to those that are there, each once; the number of one is its place among them. */
export function fill(base: Piece, holes: readonly Filled[], origins: Origin[], masking?: Masking): Piece {
  const made = holes.map(({ start, end, is }): Hole => {
    if ('text' in is) return { start, end, ...is }
    const known = origins.indexOf(is.of)
    if (known !== -1) return { start, end, mask: known }
    if (origins.length >= mostHoles) return { start, end }
    return { start, end, mask: origins.push(is.of) - 1 }
  })
  return masked(base, made, masking)
}

/** A text whose private-use characters stand for origins, as a value. */
export function valueOfText(text: string, origins: readonly Origin[], because: readonly Label[] = []): Value {
  const parts: Part[] = []
  let plain = ''
  for (const char of text) {
    const origin = origins[char.charCodeAt(0) - holeBase]
    if (!origin) plain += char
    else {
      if (plain !== '') parts.push({ text: plain })
      plain = ''
      parts.push({ of: origin })
    }
  }
  if (plain !== '') parts.push({ text: plain })
  return { ways: [parts], because }
}

/** Whether a value can be empty, by its parts alone. */
export function emptyOf(value: Value): Certainty {
  const ways = value.ways.map((way): Certainty => {
    if (way.some((part) => !('of' in part) && part.text !== '')) return 'never'
    const own = way.map((part) => ('of' in part ? part.of.empty : 'always'))
    if (own.includes('never')) return 'never'
    if (own.includes('unknown')) return 'unknown'
    return own.every((one) => one === 'always') ? 'always' : 'maybe'
  })
  if (ways.every((one) => one === ways[0])) return ways[0] ?? 'unknown'
  return ways.includes('maybe') || ways.includes('always') ? 'maybe' : 'unknown'
}

/** An origin that a host fills. */
export function hole(name: string, at: Span, empty: Certainty, how: string): Origin {
  return { kind: 'template', name, at, empty, unset: 'never', how, splits: 'maybe' }
}

/** A variable that the host always sets to something. */
export function always(name: string, at: Span, absolute = false): Given {
  const origin: Origin = {
    kind: 'environment',
    name: `$${name}`,
    at,
    empty: 'never',
    unset: 'never',
    how: '',
    splits: 'maybe',
    ...(absolute ? { absolute: true as const } : {}),
  }
  return { value: valueOf(origin), exported: true }
}

/** A variable that another step hands over; whether it can be empty is not known here. */
export function handedOver(name: string, at: Span, says: string): Given {
  const origin: Origin = {
    kind: 'environment',
    name: `$${name}`,
    at,
    empty: 'unknown',
    unset: 'never',
    how: '',
    splits: 'maybe',
  }
  return { value: valueOf(origin, [{ at, says }]), exported: true }
}

/** A variable with a text of its own. */
export function fixed(text: string, at: Span, says: string, exported = true): Given {
  return { value: literal(text, [{ at, says }]), exported }
}

/** Shells by the name of their program. */
export function dialectOf(program: string): Dialect | undefined {
  const name = program.replace(/^.*\//, '').replace(/\.exe$/, '')
  if (name === 'bash' || name === 'sh' || name === 'dash' || name === 'ksh' || name === 'zsh') return name
  if (name === 'ash' || name === 'busybox') return 'busybox'
  return undefined
}

/** A shell by the command line that starts it, as `bash -euo pipefail {0}`; undefined: no shell that is read. */
export function shellOf(words: readonly string[], base?: Partial<ShellFacts>): ShellFacts | undefined {
  const first = words.findIndex((word) => dialectOf(word) !== undefined)
  if (first === -1) return undefined
  let errexit = false
  let nounset = false
  let pipefail = false
  for (let i = first + 1; i < words.length; i++) {
    const word = words[i]!
    if (word === '-o' || /^-[a-z]*o$/.test(word)) {
      const option = words[++i]
      if (option === 'pipefail') pipefail = true
      else if (option === 'errexit') errexit = true
      else if (option === 'nounset') nounset = true
    }
    if (/^-[a-zA-Z]+$/.test(word)) {
      errexit ||= word.includes('e')
      nounset ||= word.includes('u')
    }
  }
  return { dialect: dialectOf(words[first]!)!, flags: { errexit, nounset, pipefail }, interactive: false, ...base }
}

/** The platform that an image's or a runner's name tells. */
export function platformOf(name: string | undefined): 'gnu' | 'busybox' | 'bsd' | undefined {
  if (name === undefined) return undefined
  if (/alpine|busybox/i.test(name)) return 'busybox'
  if (/macos|freebsd|darwin/i.test(name)) return 'bsd'
  if (
    /ubuntu|debian|bookworm|bullseye|buster|trixie|jammy|focal|noble|centos|fedora|rocky|alma|amazonlinux|ubi\d/i.test(
      name,
    )
  )
    return 'gnu'
  return undefined
}

/** `platform` for a spread, since optional properties are exact. */
export function withPlatform(name: string | undefined): Partial<ShellFacts> {
  const platform = platformOf(name)
  return platform ? { platform } : {}
}

/** Words of an argument list that no shell reads, as the shell command that runs the same: each word quoted where it must be. */
export function argumentsPiece(base: Piece, words: readonly Piece[]): Piece {
  const parts = words.map((word) => {
    if (/^[\w./:=@%+,-]+$/.test(word.text)) return word
    const out = decoder(word)
    const { length } = word.text
    out.turn("'", 0, 0)
    let done = 0
    for (let at = word.text.indexOf("'"); at !== -1; at = word.text.indexOf("'", done)) {
      out.keep(done, at)
      out.turn("'\\''", at, at + 1)
      done = at + 1
    }
    out.keep(done, length)
    out.turn("'", length, length)
    return out.piece(0, (text) => (/['\\]/.test(text) ? undefined : text))
  })
  return parts.length === 0 ? slice(base, 0, 0) : concat(parts, ' ')
}

/** What stands for a variable in a text that the host itself expands. */
export type Variable = (name: string) => Value | undefined

/** Expands `$X`, `${X}`, `${X:-default}` of a text as hosts do that know no more than that; an unknown one is an origin. */
export function expanded(
  piece: Piece,
  variable: Variable,
  origins: Origin[],
  missing: (name: string, at: Span) => Origin,
): Piece {
  const holes: Filled[] = []
  for (const found of piece.text.matchAll(/\\\$|\$\$|\$\{(\w+)(?::?([-+?])([^}$]*))?\}|\$([A-Za-z_]\w*)/g)) {
    const { index } = found
    const end = index + found[0].length
    const name = found[1] ?? found[4]
    if (name === undefined) {
      holes.push({ start: index, end, is: { text: '$' } })
      continue
    }
    const value = variable(name)
    const known = value && textOfValue(value)
    if (found[2] === '-' && (value === undefined || known === ''))
      holes.push({ start: index, end, is: { text: found[3]! } })
    else if (known !== undefined) holes.push({ start: index, end, is: { text: known } })
    else {
      const only = value?.ways.length === 1 && value.ways[0]!.length === 1 ? value.ways[0]![0]! : undefined
      const place = spanOf(piece, index, end)
      const own = only && 'of' in only ? only.of : missing(name, place)
      const of =
        found[2] === '-'
          ? { ...own, empty: 'unknown' as const }
          : value && !only
            ? { ...own, empty: emptyOf(value) }
            : own
      holes.push({ start: index, end, is: { of } })
    }
  }
  return holes.length === 0 && !/[\uE000-\uF8FF]/.test(piece.text) ? piece : fill(piece, holes, origins)
}

/** The text of a value when it is one text. */
export function textOfValue(value: Value): string | undefined {
  if (value.ways.length !== 1) return undefined
  return textOf(value.ways[0]!)
}
