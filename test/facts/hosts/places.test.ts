import { describe, expect, test } from 'vitest'
import { lint } from '../../../src/lint.ts'
import type { Diagnostic } from '../../../src/rule/diagnostic.ts'
import { applyEdits } from '../../../src/source/edit.ts'
import { rules } from '../../../rules/index.ts'
import { parsers } from '../../parsers.ts'
import { places, type Place } from './places.ts'

const speaking = [
  'delete-of-empty-path',
  'runbook-without-inline-guard',
  'lost-variable',
  'change-of-empty-path',
  'sync-onto-empty-path',
]
const asked = Object.fromEntries(Object.entries(rules).filter(([id]) => speaking.includes(id)))

function found(place: Place, text: string): readonly Diagnostic[] {
  const files = [
    { file: place.file, text },
    ...Object.entries(place.beside ?? {}).map(([file, other]) => ({ file, text: other })),
  ]
  return lint({ files, parsers }, asked).diagnostics
}

const hazard = 'rm -rf /srv/releases/$VERSION'
const mended = 'rm -rf /srv/releases/${VERSION:?}'

test('there are at least sixty places', () => {
  expect(places.length).toBeGreaterThanOrEqual(60)
})

describe.each(places.map((place) => [place.name, place] as const))('%s', (_, place) => {
  const text = place.write(hazard)

  test('the hazard is found where it stands', () => {
    const own = found(place, text).filter((one) => one.rule === (place.rule ?? 'delete-of-empty-path'))
    expect(own.map((one) => one.at.file)).toEqual([place.file])
    // The place is the command as the host spells it, and nothing around it.
    const shown = text.slice(own[0]!.at.start, own[0]!.at.end)
    expect(shown).toMatch(/^rm -rf \/srv\/releases\/\\?\$?\$VERSION$/)
  })

  test('its mend is silent', () => {
    expect(found(place, place.write(mended)).map((one) => `${one.rule}: ${one.says}`)).toEqual([])
  })

  test('the fix is spelled as the host asks, and mends it', () => {
    const own = found(place, text).find((one) => one.rule === (place.rule ?? 'delete-of-empty-path'))!
    const fix = own.fixes[0]
    // A fix that cannot be written back is not offered.
    if (!fix) return
    const after = applyEdits(place.file, text, fix.edits)!
    expect(after).toBe(place.write(mended))
    expect(found(place, after).map((one) => one.says)).toEqual([])
  })
})

test('nearly every place offers the fix', () => {
  const without = places.filter((place) => !found(place, place.write(hazard)).some((one) => one.fixes.length > 0))
  expect(without.map((place) => place.name)).toEqual([])
})
