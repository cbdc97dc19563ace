import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { filesOf } from '../../../src/discover/files.ts'
import { hostedIn } from '../../../src/facts/hosts/sites.ts'
import type { ShellSite } from '../../../src/facts/shell/script.ts'
import { applyEdits } from '../../../src/source/edit.ts'
import { parsers } from '../../parsers.ts'
import { places, type Place } from './places.ts'

function sitesIn(place: Place, text: string): readonly ShellSite[] {
  const files = [
    { file: place.file, text },
    ...Object.entries(place.beside ?? {}).map(([file, other]) => ({ file, text: other })),
  ]
  return hostedIn(filesOf(files), parsers).sites
}

const hosting = places.filter((place) => sitesIn(place, place.write('rm -rf x')).length > 0)
const units = 'ab x/-=:;#%$"\'`\\{}()[]<>&|*!?@~,\té😀\u00a0'.match(/./gsu)!
const word = fc.string({ unit: fc.constantFrom(...units), maxLength: 14 })
const spelling = fc.record({ crlf: fc.boolean(), bom: fc.boolean() })

function spelled(text: string, { crlf, bom }: { crlf: boolean; bom: boolean }): string {
  return (bom ? '\uFEFF' : '') + (crlf ? text.replace(/\r?\n/g, '\r\n') : text)
}

const seed = process.env['SHIPLINT_SEED']
const seeded = seed === undefined ? {} : { seed: Number(seed) }

test('most places hold shell in another language', () => {
  expect(hosting.length).toBeGreaterThanOrEqual(85)
})

describe.each(hosting.map((place) => [place.name, place] as const))('%s', (_, place) => {
  test('every character has its place, and an edit is read back as it was meant', () => {
    fc.assert(
      fc.property(word, word, spelling, fc.nat(), fc.nat(), (before, replacement, how, from, length) => {
        const text = spelled(place.write(`ls ${before} é`), how)
        const sites = sitesIn(place, text)
        for (const [index, site] of sites.entries()) {
          if (site.file !== place.file) continue
          const { piece } = site
          let done = 0
          for (let i = 0; i < piece.text.length; i++) {
            const spans = piece.spans(i, i + 1)
            expect(spans.length).toBeGreaterThan(0)
            for (const span of spans) {
              expect(span.start).toBeGreaterThanOrEqual(0)
              expect(span.end).toBeLessThanOrEqual(text.length)
              // Plain letters stand for themselves.
              const shown = text.slice(span.start, span.end)
              if (/^[a-zé]$/.test(piece.text[i]!) && shown.length === 1) expect(shown).toBe(piece.text[i])
            }
            // The arguments of sprintf stand behind its format.
            if (spans[0]!.start < spans[0]!.end && !place.name.includes('sprintf')) {
              expect(spans[0]!.start).toBeGreaterThanOrEqual(done)
              done = spans[0]!.start
            }
          }
          const start = from % (piece.text.length + 1)
          const end = Math.min(piece.text.length, start + (length % 5))
          const edit = piece.edit(start, end, replacement)
          if (!edit) continue
          const again = sitesIn(place, applyEdits(place.file, text, [edit])!)
          const wanted = piece.text.slice(0, start) + replacement + piece.text.slice(end)
          const told = { place: place.name, text, edit, was: piece.text }
          if (wanted.trim() === '') continue
          expect({ ...told, now: again[index]?.piece.text }).toEqual({ ...told, now: wanted })
        }
      }),
      { numRuns: Number(process.env['SHIPLINT_RUNS'] ?? 60), ...seeded },
    )
  })
})
