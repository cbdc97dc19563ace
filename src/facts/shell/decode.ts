import { type Shell } from '../../parse/shell.ts'
import { type Context, type Run } from './frame.ts'
import { valueOfWord } from './expand.ts'
import { holeBase } from './script.ts'
import { type State } from './state.ts'
import { type Value } from './value.ts'

/** Shell text put together out of words: each character with its place, and what the holes stand for. */
interface Text {
  text: string
  readonly map: number[]
  readonly holes: Value[]
}

/** The code that words become when a shell reads them once more. `values`: the state in which they were handed over. */
export function decode(run: Run, context: Context, values: State, words: readonly Shell.Word[]): Text {
  const out: Text = { text: '', map: [], holes: [] }
  words.forEach((word, i) => {
    if (i > 0) put(out, ' ', word.pos - 1)
    if (word.parts) decodeParts(run, context, values, word.parts, out)
    else unescape(context, word.text, word.pos, /[^]/, out)
  })
  const last = words[words.length - 1]
  out.map.push(last ? last.end : 0)
  return out
}

function put(out: Text, char: string, place: number): void {
  out.text += char
  out.map.push(place)
}

// A character of the text as it is; one that stands for a hole of the text around it stands for the same hole in this one.
function copy(context: Context, char: string, place: number, out: Text): void {
  const outer = context.frame.holes[char.charCodeAt(0) - holeBase]
  if (!outer) return put(out, char, place)
  let own = out.holes.indexOf(outer)
  if (own === -1) own = out.holes.push(outer) - 1
  put(out, String.fromCharCode(holeBase + own), place)
}

// `escapes`: what a backslash takes its meaning from.
function unescape(context: Context, text: string, from: number, escapes: RegExp, out: Text): void {
  for (let i = 0; i < text.length; i++) {
    const next = text[i + 1]
    if (text[i] === '\\' && next === '\n') {
      i++
      continue
    }
    if (text[i] === '\\' && next !== undefined && escapes.test(next)) put(out, next, from + ++i)
    else copy(context, text[i]!, from + i, out)
  }
}

function decodeParts(
  run: Run,
  context: Context,
  values: State,
  parts: readonly Shell.WordPart[],
  out: Text,
  quoted = false,
): void {
  for (const part of parts) {
    switch (part.type) {
      case 'Literal':
        unescape(context, part.text, part.pos, quoted ? /[$`"\\]/ : /[^]/, out)
        break
      case 'SingleQuoted':
        for (let i = 0; i < part.value.length; i++) copy(context, part.value[i]!, part.pos + 1 + i, out)
        break
      case 'AnsiCQuoted':
        for (let i = 0; i < part.value.length; i++) put(out, part.value[i]!, Math.min(part.pos + 2 + i, part.end - 1))
        break
      case 'DoubleQuoted':
      case 'LocaleString':
        decodeParts(run, context, values, part.parts, out, true)
        break
      case 'Glob':
      case 'ExtendedGlob':
        for (let i = 0; i < part.text.length; i++) put(out, part.text[i]!, part.pos + i)
        break
      default:
        hole(run, context, values, part, out)
    }
  }
}

// What the caller expands is a hole of the same length; known words without blanks stand there as they are.
function hole(run: Run, context: Context, values: State, part: Shell.WordPart, out: Text): void {
  const word: Shell.Word = {
    type: 'Word',
    pos: part.pos,
    end: part.end,
    text: part.text,
    value: part.text,
    parts: [part],
  }
  const value = valueOfWord(run, context, values, word)
  const text = value.ways.length === 1 ? exactWay(value) : undefined
  if (text !== undefined && text !== '' && /^[-\w./ ]+$/.test(text)) {
    for (let i = 0; i < text.length; i++) put(out, text[i]!, Math.min(part.pos + i, part.end - 1))
    return
  }
  out.holes.push(value)
  const char = String.fromCharCode(holeBase + out.holes.length - 1)
  for (let i = part.pos; i < part.end; i++) put(out, char, i)
}

function exactWay(value: Value): string | undefined {
  let out = ''
  for (const part of value.ways[0]!) {
    if ('of' in part || part.glob) return undefined
    out += part.text
  }
  return out
}
