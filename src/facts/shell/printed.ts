import { noteAssigned } from './assign.ts'
import type { Context, Run } from './frame.ts'
import { exact } from './options.ts'
import { printWays } from './program.ts'
import type { Word } from './script.ts'
import type { Called } from './simple.ts'
import { ok, bind, type State, uniqueWays } from './state.ts'
import { literal, type Part, type Value } from './value.ts'

/** `echo`: its words, with a blank between each two. */
export function printWords(context: Context, state: State, words: readonly Word[]): void {
  if (!context.captured || context.quiet) return
  let ways: readonly (readonly Part[])[] = [[]]
  words.forEach((word, i) => {
    const value = word.fields[0] ?? literal('')
    ways = uniqueWays(
      ways.flatMap((way) => value.ways.map((more) => [...way, ...(i > 0 ? [{ text: ' ' }] : []), ...more])),
    )
  })
  printWays(state, ways, '\n')
}

/** `printf`: onto the output, or into the name of `-v`. */
export function printfBuiltin(
  run: Run,
  context: Context,
  state: State,
  called: Called,
  words: readonly Word[],
): readonly State[] {
  const into = exact(words[0]) === '-v' ? exact(words[1]) : undefined
  const [format, ...rest] =
    into === undefined ? words.filter((word, i) => !(i === 0 && exact(word) === '--')) : words.slice(2)
  const printed = formatted(exact(format), rest, format)
  if (into !== undefined) {
    noteAssigned(run, context, into, called.node)
    bind(state, into, { value: printed, exported: state.vars.get(into)?.exported ?? false, since: ++run.tick })
  } else if (context.captured && !context.quiet) {
    printWays(state, printed.ways, '')
    const words = printedWords(format, rest)
    if (words) notePrinted(run, context, called, words, words)
  }
  return ok(state)
}

/** Keeps the words that are printed one by one, for a shell or an `xargs` behind a pipe. `given`: as written, options too. */
export function notePrinted(
  run: Run,
  context: Context,
  called: Called,
  given: readonly Word[],
  shown: readonly Word[],
): void {
  const escapes = given.length > shown.length ? /e/.test(exact(given[0]) ?? '') : false
  const plain = !escapes || !shown.some((word) => word.text.includes('\\'))
  run.printed = plain ? [...run.printed, { frame: context.frame, node: called.node, words: shown }] : []
}

// The words of `printf '%s\n' …`, and a format that is the text itself.
function printedWords(format: Word | undefined, rest: readonly Word[]): readonly Word[] | undefined {
  const text = exact(format)
  if (format && text !== undefined && !/[%\\]/.test(text)) return [format]
  if (format && text === undefined && !/[%\\]/.test(format.text)) return [format]
  return text !== undefined && /^%[sb](\\n|\\0| |\n)?$/.test(text) ? rest : undefined
}

// `%s` puts a word in; what is more than that is text that is not empty.
function formatted(format: string | undefined, words: readonly Word[], whole: Word | undefined): Value {
  if (format === undefined) return whole?.fields[0] ?? literal('')
  let ways: readonly (readonly Part[])[] = [[]]
  let next = 0
  const append = (value: Value): void => {
    ways = uniqueWays(ways.flatMap((way) => value.ways.map((more) => [...way, ...more])))
  }
  for (const [piece] of format.matchAll(/%[-0-9.*]*[a-zA-Z%]|\\[nt\\]|[^%\\]+|[^]/g)) {
    if (piece === '%s' || piece === '%b' || piece === '%q') append(words[next++]?.fields[0] ?? literal(''))
    else if (piece.startsWith('%') && piece !== '%%') append(literal('0'))
    else if (piece === '\\n') continue
    else append(literal(piece === '%%' ? '%' : piece))
  }
  return { ways, because: [] }
}
