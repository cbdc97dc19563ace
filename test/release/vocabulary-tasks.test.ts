import { describe, expect, test } from 'vitest'
import { recognise } from '../../src/release/vocabulary.ts'
import { capistrano } from '../../src/release/vocabulary/capistrano.ts'
import { github } from '../../src/release/vocabulary/github.ts'

describe('every Capistrano task of the vocabulary is what its row says', () => {
  for (const row of capistrano) {
    test(row.example, () => {
      const options = new Map([['release', '/srv/app/releases/1']])
      const call = { in: 'capistrano' as const, name: row.example, operands: [], options, text: row.example }
      expect(recognise(call)?.kind).toBe(row.kind)
    })
  }
})

describe('every GitHub action of the vocabulary is what its row says', () => {
  const inputs = new Map([
    ['args', 'deploy'],
    ['push', 'true'],
  ])
  for (const row of github) {
    test(row.example, () => {
      const options = row.kind === 'build' ? new Map<string, string>() : inputs
      const call = { in: 'github' as const, name: row.example, operands: [], options, text: row.example }
      expect(recognise(call)?.kind).toBe(row.kind)
    })
  }
})
