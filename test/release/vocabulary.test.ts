import { describe, expect, test } from 'vitest'
import { callOfWords } from '../../src/release/call.ts'
import { recognise, rows } from '../../src/release/vocabulary.ts'
import { wordsOf } from './hand.ts'

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
