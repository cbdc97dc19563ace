import type { Context } from './frame.ts'
import { filledValue } from './operators.ts'
import { wordAt } from './record.ts'
import type { Word } from './script.ts'
import type { Called } from './simple.ts'
import { uniqueWays, type State } from './state.ts'
import { showValue, textOf, textsOf, type Part, type Value } from './value.ts'
import type { Feed } from './wrappers.ts'

/** The operands of a command that `xargs` or `parallel` runs: its own, and what it is fed in their place or behind them. */
export function fedTo(context: Context, state: State, called: Called, feed: Feed): readonly Word[] {
  const own = called.unwrapped.words.slice(1)
  const fed = feed.words.length > 0 ? feed.words : fedWords(context, called, feed)
  const { replaces } = feed
  if (replaces === undefined || !own.some((word) => word.text.includes(replaces))) return [...own, ...fed]
  // A blank line runs nothing, unless lines end otherwise.
  const items = feed.empties ? fed : fed.map((word) => ({ ...word, fields: word.fields.map(filledIn(state)) }))
  return own.flatMap((word) =>
    word.text.includes(replaces) ? items.map((item) => placed(context, word, replaces, item)) : [word],
  )
}

const filledIn =
  (state: State) =>
  (value: Value): Value =>
    filledValue(state, value)

// `echo "$dir/" | xargs rm`: the words that were printed, or the text itself when the script put it together.
function fedWords(context: Context, { node }: Called, feed: Feed): readonly Word[] {
  const { text, printed } = context.input ?? {}
  if (printed && printed.words.length > 0)
    return feed.replaces === undefined && !feed.empties ? printed.words.flatMap(atBlanks) : printed.words
  if (!text || !text.ways.some((way) => way.length > 1)) return []
  return [wordAt(context.frame, { pos: node.end, end: node.end, text: showValue(text) }, text, false)]
}

// What is known of a line is taken apart at its blanks.
function atBlanks(word: Word): readonly Word[] {
  const texts = textsOf(word.fields[0]!)
  if (texts?.length !== 1 || !/\s/.test(texts[0]!)) return [word]
  return texts[0]!
    .split(/\s+/)
    .filter((text) => text !== '')
    .map((text) => ({ ...word, fields: [{ ways: [[{ text }]], because: word.fields[0]!.because }] }))
}

/** A word with every `{}` in it replaced by an item. */
function placed(context: Context, word: Word, mark: string, item: Word): Word {
  const fields = word.fields.map((field): Value => {
    const ways = field.ways.flatMap((way) => (item.fields[0]?.ways ?? [[]]).map((into) => inserted(way, mark, into)))
    return { ways: uniqueWays(ways), because: item.fields[0]?.because ?? field.because }
  })
  const text = word.text.replaceAll(mark, item.text.replace(/^"(.*)"$/, '$1'))
  return wordAt(context.frame, { pos: word.start, end: word.end, text }, fields[0]!, false)
}

function inserted(way: readonly Part[], mark: string, into: readonly Part[]): readonly Part[] {
  if (textOf(way) === mark) return into
  return way.flatMap((part): readonly Part[] => {
    if ('of' in part || !part.text.includes(mark)) return [part]
    return part.text
      .split(mark)
      .flatMap((text, i): readonly Part[] => [...(i > 0 ? into : []), ...(text === '' ? [] : [{ text }])])
  })
}
