import { describe, expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { censusOf } from './census.ts'
import { scriptOf, scripts } from './generate/generate.ts'
import { tagsOf } from './generate/node.ts'
import { proveAll, saidOf } from './prove.ts'
import { sandboxed } from './sandbox.ts'

const interprets = saidOf('#!/bin/sh\nrm -rf /usr\n', {}, rules).length > 0

test('the same seed gives the same scripts', () => {
  const texts = (seed: number): readonly string[] => [...scripts(20, seed)].map((one) => scriptOf(one).text)
  expect(texts(7)).toEqual(texts(7))
  expect(texts(7)).not.toEqual(texts(8))
})

test('everything that is named is generated', { timeout: 60_000 }, () => {
  expect(
    censusOf(
      [...scripts(4000, 1)].map((one) => tagsOf(one.nodes)),
      5,
    ).few,
  ).toEqual([])
})

describe.skipIf(!sandboxed || !interprets)('a sample against real shells (needs bubblewrap)', () => {
  // The bounds only ever get tighter; the aim is no miss and under 1 % false alarms, which the long run measures.
  test('few misses and few false alarms', { timeout: 300_000 }, async () => {
    const proofs = await proveAll([...scripts(150, 20_261_121)].map(scriptOf), rules)
    const wrong = proofs.flatMap((proof) =>
      proof.wrong.flatMap((kind) => (kind ? [`${kind}:\n${proof.script.text}`] : [])),
    )
    const verdicts = proofs.flatMap((proof) => proof.judged.map((one) => one.verdict))
    const count = (verdict: string): number => verdicts.filter((one) => one === verdict).length
    const misses = wrong.filter((one) => one.startsWith('miss'))
    const alarms = wrong.filter((one) => one.startsWith('false alarm'))
    console.log(
      `${count('hazard')} hazards, ${misses.length} missed; ${count('safe')} safe, ${alarms.length} false alarms`,
    )
    expect(misses.length, misses.join('\n')).toBeLessThanOrEqual(0.05 * count('hazard'))
    expect(alarms.length, alarms.join('\n')).toBeLessThanOrEqual(0.05 * count('safe'))
    expect(proofs.filter((proof) => proof.failed)).toEqual([])
  })
})
