import { parse } from 'shell-quote'
import { describe, expect, test } from 'vitest'
import { callOfWords } from '../../src/release/call.ts'
import { recognise, rows } from '../../src/release/vocabulary.ts'

/** The words of a simple command line, assignments before it taken off. */
function wordsOf(line: string): readonly string[] {
  const words: string[] = []
  for (const token of parse(line, (name) => `$${name}`)) {
    if (typeof token === 'string') words.push(token)
    else if ('pattern' in token) words.push(token.pattern)
    else break
  }
  while (/^\w+=/.test(words[0] ?? '') || words[0] === 'sudo') words.shift()
  return words
}

describe('every row of the vocabulary is what its example shows', () => {
  for (const row of rows.filter((one) => one.in === undefined)) {
    test(row.example, () => {
      const call = callOfWords(wordsOf(row.example), row.example)
      expect(call && recognise(call)).toMatchObject({
        kind: row.kind,
        detail: row.tool ? { tool: expect.any(String) as string } : {},
      })
    })
  }
})
