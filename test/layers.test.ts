import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

// Imports only go down this list; `rules/` may ask facts, the release model and the rule layer.
const layers = ['source', 'discover', 'parse', 'facts', 'release', 'rule', 'lint.ts', 'report', 'fronts']
const root = path.resolve(import.meta.dirname, '..')

function filesBelow(directory: string): readonly string[] {
  return readdirSync(path.join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(directory, file))
}

function importsOf(file: string): readonly string[] {
  const text = readFileSync(path.join(root, file), 'utf8')
  return [...text.matchAll(/(?:^(?:import|export)\b[^']*?\sfrom\s+|\bimport\()'([^'\n]+)'/gm)].map((match) => match[1]!)
}

const rank = (file: string): number => layers.indexOf(path.relative('src', file).split(path.sep)[0]!)

test('imports only go down', () => {
  const wrong: string[] = []
  for (const file of filesBelow('src')) {
    if (rank(file) === -1) continue
    for (const wanted of importsOf(file).filter((name) => name.startsWith('.'))) {
      const target = path.join(path.dirname(file), wanted)
      if (target.startsWith('rules')) {
        if (rank(file) < layers.indexOf('report')) wrong.push(`${file} imports ${target}`)
      } else if (rank(target) > rank(file)) wrong.push(`${file} imports ${target}`)
    }
  }
  expect(wrong).toEqual([])
})

test('only src/parse imports a parser, and only src/fronts imports node or a host', () => {
  const wrong: string[] = []
  for (const file of [...filesBelow('src'), ...filesBelow('rules')]) {
    for (const wanted of importsOf(file).filter((name) => !name.startsWith('.'))) {
      const layer = path.relative('src', file).split(path.sep)[0]
      if (layer !== 'parse' && layer !== 'fronts') wrong.push(`${file} imports ${wanted}`)
      if (layer === 'parse' && wanted.startsWith('node:')) wrong.push(`${file} imports ${wanted}`)
    }
  }
  expect(wrong).toEqual([])
})
