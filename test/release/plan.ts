import { factsOf } from '../../src/rule/facts.ts'
import type { Release } from '../../src/release/model.ts'
import { parsers } from '../parsers.ts'

/** The releases of a small project, given as path and text. */
export function releasesIn(files: Readonly<Record<string, string>>): readonly Release[] {
  const sources = Object.entries(files).map(([file, text]) => ({ file, text }))
  return factsOf({ files: sources, parsers }).all('release')
}

/** A release as lines: the kind, the text, and what is not as usual. */
export function shown(release: Release | undefined): readonly string[] {
  return (release?.steps ?? []).map((step) => {
    const runs = step.runs === 'always' ? '' : ` [${step.runs}]`
    const failing = step.failing === 'stops' ? '' : ' [goes on]'
    return `${step.kind}: ${step.text}${runs}${failing}`
  })
}
