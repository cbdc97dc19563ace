import { textOf } from './value.ts'
import { textsOf } from './value.ts'
import type { Word } from './script.ts'

/** Which options of a tool take a value: short letters, and long names without `--`. */
export interface Spec {
  readonly short?: string
  readonly long?: readonly string[]
  /** Options begin with one dash and are words: find, tar's old style is not. */
  readonly words?: true
  /** What follows the first operand is no option any more (`sudo`, `env`, `ssh`). */
  readonly stopsAtOperand?: true
}

/** A command line told apart: options with their values, and operands. */
export interface Parsed {
  readonly options: ReadonlyMap<string, readonly (Word | undefined)[]>
  readonly operands: readonly Word[]
  /** Where the operands begin in the words given. */
  readonly first: number
  /** Words that may be options or operands: `$OPTS`, `"${args[@]}"`. */
  readonly unsure: readonly Word[]
}

/** The text of a word that is one known text; undefined otherwise. */
export function exact(word: Word | undefined): string | undefined {
  const value = word?.fields[0]
  return word?.fields.length === 1 && value?.ways.length === 1 ? textOf(value.ways[0]!) : undefined
}

/** The known head of a word: all that stands before its first unknown part. */
export function headOf(word: Word): string {
  let out = ''
  for (const part of word.fields[0]?.ways[0] ?? []) {
    if ('of' in part) return out
    out += part.text
  }
  return out
}

/** Tells options and operands apart as getopt_long does: bundled, with attached values, after operands, until `--`. */
export function parseOptions(words: readonly Word[], spec: Spec): Parsed {
  const options = new Map<string, (Word | undefined)[]>()
  const operands: Word[] = []
  const unsure: Word[] = []
  const add = (name: string, value: Word | undefined): void => {
    const known = options.get(name)
    if (known) known.push(value)
    else options.set(name, [value])
  }
  let first = words.length
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    const head = headOf(word)
    if (exact(word) === '--') {
      first = Math.min(first, i + 1)
      operands.push(...words.slice(i + 1))
      break
    }
    if (!head.startsWith('-') || head === '-') {
      if (head === '' && word.many && isUnknown(word)) unsure.push(word)
      first = Math.min(first, i)
      if (spec.stopsAtOperand) {
        operands.push(...words.slice(i))
        break
      }
      operands.push(word)
    } else if (head.startsWith('--')) {
      const name = /^--([^=]*)/.exec(head)![1]!
      const attached = head.includes('=')
      const takes = !attached && spec.long?.includes(name)
      add(`--${name}`, takes ? words[++i] : attached ? word : undefined)
    } else i = short(words, i, head, spec, add)
  }
  return { options, operands, first, unsure }
}

const isUnknown = (word: Word): boolean => word.fields.some((value) => textsOf(value) === undefined)

function short(
  words: readonly Word[],
  i: number,
  head: string,
  spec: Spec,
  add: (name: string, value: Word | undefined) => void,
): number {
  for (let at = 1; at < head.length; at++) {
    const letter = head[at]!
    if (!spec.short?.includes(letter)) {
      add(`-${letter}`, undefined)
      continue
    }
    // The value is the rest of this word, or the next.
    const attached = at < head.length - 1 || exact(words[i]) === undefined
    add(`-${letter}`, attached ? words[i] : words[i + 1])
    return attached ? i : i + 1
  }
  return i
}

/** Whether any of these options was given. */
export function has(parsed: Parsed, ...names: readonly string[]): boolean {
  return names.some((name) => parsed.options.has(name))
}
