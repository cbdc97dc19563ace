import { describe, expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { idioms } from './idioms.ts'
import { judgeAll, saidOf } from './prove.ts'
import { sandboxed } from './sandbox.ts'

test('there are idioms enough, of both kinds', () => {
  expect(idioms.length).toBeGreaterThanOrEqual(300)
  expect(idioms.filter((one) => !one.caught).length).toBeGreaterThan(0.4 * idioms.length)
  expect(idioms.filter((one) => one.byReading).length).toBeLessThan(0.03 * idioms.length)
})

describe.skipIf(!sandboxed)('real shells agree with the verdicts (needs bubblewrap)', () => {
  test('every verdict that can be shown', { timeout: 300_000 }, async () => {
    const half = Math.ceil(idioms.length / 2)
    const scripts = idioms.map((one) => one.script)
    const judged = (await Promise.all([judgeAll(scripts.slice(0, half)), judgeAll(scripts.slice(half))])).flat()
    const wrong = idioms.flatMap((one, at) => {
      const { verdict, because } = judged[at]![0]!
      const fine = one.caught ? verdict === 'hazard' : verdict === 'safe' || verdict === 'unreached'
      return fine || one.byReading ? [] : [`idioms.txt:${one.line} ${one.why}: ${verdict}, ${because}`]
    })
    expect(wrong).toEqual([])
  })
})

test('gaps are few, and named', () => {
  const gaps = idioms.filter((one) => one.gap)
  console.log(`${idioms.length} idioms, ${gaps.length} of them not reached yet`)
  expect(gaps.length).toBeLessThan(0.04 * idioms.length)
})

describe('the linter agrees with the verdicts', () => {
  for (const section of new Set(idioms.map((one) => one.section))) {
    test(section, () => {
      const wrong = idioms
        .filter((one) => one.section === section)
        .flatMap((one) => {
          const said = saidOf(one.script.text, one.script.inputs.beside, rules)
          const right = said.length > 0 === one.caught
          if (right && one.gap) return [`idioms.txt:${one.line} is no gap any more: ${one.why}`]
          if (right || one.gap) return []
          return [`idioms.txt:${one.line} ${one.caught ? 'missed' : 'false alarm'}: ${one.why}`]
        })
      expect(wrong).toEqual([])
    })
  }
})
