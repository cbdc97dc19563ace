import type { Label, Span } from '../../source/source.ts'

/** How sure a fact is. `unknown`: a bound was reached or a file is missing; rules are silent on it, `maybe` is evidence. */
export type Certainty = 'never' | 'maybe' | 'always' | 'unknown'

export type OriginKind =
  | 'environment' // never assigned here
  | 'parameter' // $1, $@ of the script or of a function nobody here calls
  | 'substitution' // $( … )
  | 'derived' // made of other values: ${x%/}, $(basename "$x")
  | 'read' // read, mapfile, select, getopts
  | 'loop' // a word of a for loop
  | 'number' // arithmetic, $#, $?, $$
  | 'template' // a hole that another language fills: ${{ … }}, {{ … }}
  | 'empty' // set to nothing, unset, not given
  | 'widened' // a bound was reached, or what sets it was not read

/** Where one unknown text was born: one assignment, input or substitution. Copies share it, so a guard on one copy guards all. */
export interface Origin {
  readonly kind: OriginKind
  /** As a person would name it: `$VERSION`, `$(git describe)`. */
  readonly name: string
  readonly at: Span
  /** Whether it can be empty when all it is made of is not. */
  readonly empty: Certainty
  /** Whether it can be unset (what `set -u` and `${x?}` stop). */
  readonly unset: Certainty
  /** It is empty when all of these are: `${x%/}` is when x is. */
  readonly madeOf?: Value
  /** It is never empty, but another text stands there when this is: `dirname ""` prints a dot. */
  readonly instead?: { readonly when: Value; readonly text: string }
  /** How it can be empty, as the end of a sentence about it: `is empty when git fails`. */
  readonly how: string
  /** Whether its text can hold blanks or glob characters. */
  readonly splits: Certainty
  /** It is this origin in one way among several of a value: what is proved of that way holds for it there and nowhere else. */
  readonly taken?: Origin
  /** Its way is taken only when this is empty: `y` in `${x:-$y}`. */
  readonly unless?: Value
  /** Always begins with a slash when it is not empty: `$HOME`, `$PWD`, `$(pwd)`, `$(mktemp -d)`. */
  readonly absolute?: true
}

/** A stretch of a word: known text, or what an origin gives. `bare`: expanded outside quotes, so it can vanish, split and glob. */
export type Part = { readonly text: string; readonly glob?: true } | { readonly of: Origin; readonly bare?: true }

/** What a word can be: at most `mostWays` ways, else widened. `because` tells how it got its value. */
export interface Value {
  readonly ways: readonly (readonly Part[])[]
  readonly because: readonly Label[]
}

/** A value is told apart in this many ways; past that it is widened, and that is said. */
export const mostWays = 8

/** A value that is exactly this text. */
export function literal(text: string, because: readonly Label[] = []): Value {
  return { ways: [text === '' ? [] : [{ text }]], because }
}

/** A value that is what one origin gives. */
export function valueOf(origin: Origin, because: readonly Label[] = []): Value {
  return { ways: [[{ of: origin }]], because }
}

/** The exact text of a way, or undefined when a part of it is not known. What is always empty is known. */
export function textOf(way: readonly Part[]): string | undefined {
  let out = ''
  for (const part of way) {
    if (!('of' in part)) out += part.text
    else if (part.of.empty !== 'always') return undefined
  }
  return out
}

/** All texts a value can be, or undefined when one of its ways is not known exactly. */
export function textsOf(value: Value): readonly string[] | undefined {
  const out: string[] = []
  for (const way of value.ways) {
    const text = textOf(way)
    if (text === undefined) return undefined
    out.push(text)
  }
  return out
}

/** A way as a person reads it, unknown parts by name: `/srv/$NAME/current`. */
export function showWay(way: readonly Part[]): string {
  return way.map((part) => ('of' in part ? (part.of.empty === 'always' ? '' : part.of.name) : part.text)).join('')
}

/** A value as a person reads it; several ways are joined by ` | `. */
export function showValue(value: Value): string {
  return value.ways.map(showWay).join(' | ')
}

/** The origin that decides whether an origin gives another text than the one meant. */
export function deciding(origin: Origin): Origin | undefined {
  const ways = origin.instead?.when.ways
  const part = ways?.length === 1 && ways[0]!.length === 1 ? ways[0]![0]! : undefined
  return part && 'of' in part ? part.of : undefined
}

/** Every origin a value speaks of, each once. */
export function originsOf(value: Value): readonly Origin[] {
  const out = new Set<Origin>()
  for (const way of value.ways) for (const part of way) if ('of' in part) out.add(part.of)
  return [...out]
}
