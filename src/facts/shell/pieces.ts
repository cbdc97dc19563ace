import type { Label } from '../../source/source.ts'
import { uniqueWays } from './state.ts'
import { mostWays, type Part, type Value } from './value.ts'

/** A part while a word is being put together: `bare` text came out of an unquoted expansion and will be split. */
export type Piecewise = Part | { readonly text: string; readonly bare: true }

/** The fields that an argument becomes. `many`: there can be none, or more than are listed. */
export interface Fields {
  readonly fields: readonly Value[]
  readonly many: boolean
}

// No path is longer, and a script that doubles a text with every line must not make us do so.
const longestText = 16_384

const mostParts = 128

/** The ways of a word that is neither split nor globbed. */
export function merged(ways: readonly (readonly Piecewise[])[]): readonly (readonly Part[])[] {
  return uniqueWays(ways.map((way) => joinWay(way)))
}

/** Neighbouring texts become one, empty ones go. */
export function joinWay(way: readonly Piecewise[]): readonly Part[] {
  if (isJoined(way)) return way
  const out: Part[] = []
  for (const part of way) {
    if (out.length >= mostParts) break
    const last = out[out.length - 1]
    if ('of' in part) out.push(part)
    else if ('glob' in part && part.glob) out.push(part)
    else if (part.text !== '') {
      if (last && !('of' in last) && !last.glob)
        out[out.length - 1] = { text: (last.text + part.text).slice(0, longestText) }
      else out.push({ text: part.text })
    }
  }
  return out
}

// Most ways are as they should be, and need no copy.
function isJoined(way: readonly Piecewise[]): way is readonly Part[] {
  if (way.length > mostParts) return false
  let text = false
  for (const part of way) {
    if ('of' in part || ('glob' in part && part.glob)) text = false
    else if (text || part.text === '' || 'bare' in part || part.text.length > longestText) return false
    else text = true
  }
  return true
}

/** The fields that the ways of an unquoted word become. */
export function splitFields(ways: readonly (readonly Piecewise[])[], because: readonly Label[]): Fields {
  const lists = ways.map(splitWay)
  // A word that is all unquoted and of which something is not known can vanish, or become several.
  const many = ways.some(
    (way) => way.some((part) => 'of' in part) && way.every((part) => ('of' in part ? part.bare : 'bare' in part)),
  )
  if (lists.length === 1) return { fields: lists[0]!.map((way) => ({ ways: [way], because })), many }
  const longest = Math.max(...lists.map((list) => list.length))
  const fields: Value[] = []
  for (let i = 0; i < longest; i++)
    fields.push({ ways: uniqueWays(lists.flatMap((list) => (i < list.length ? [list[i]!] : []))), because })
  return { fields, many: many || lists.some((list) => list.length !== longest) }
}

function splitWay(way: readonly Piecewise[]): readonly (readonly Part[])[] {
  if (!way.some((part) => 'bare' in part && 'text' in part)) return [joinWay(way)]
  const fields: Piecewise[][] = []
  let current: Piecewise[] | undefined
  for (const part of way) {
    if ('of' in part || !('bare' in part)) (current ??= []).push(part)
    else {
      const words = part.text.split(/[ \t\n]+/)
      words.forEach((word, i) => {
        if (i > 0 && current) {
          fields.push(current)
          current = undefined
        }
        if (word !== '') (current ??= []).push(...globbed(word))
      })
    }
  }
  if (current) fields.push(current)
  else if (way.length === 0) fields.push([])
  return fields.map(joinWay)
}

function globbed(text: string): readonly Part[] {
  return text
    .split(/([*?])/)
    .filter((piece) => piece !== '')
    .map((piece) => (piece === '*' || piece === '?' ? { text: piece, glob: true } : { text: piece }))
}

/** Each way of one word part followed by each way of the next. */
export function product(
  left: readonly (readonly Piecewise[])[],
  right: readonly (readonly Piecewise[])[],
): readonly (readonly Piecewise[])[] {
  if (left.length === 1 && left[0]!.length === 0) return right
  if (right.length === 1) return left.map((way) => [...way, ...right[0]!])
  const out: (readonly Piecewise[])[] = []
  for (const one of left) for (const two of right) if (out.length < mostWays * 2) out.push([...one, ...two])
  return out
}
