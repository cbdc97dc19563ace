import { chmodSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Report } from '../../lint.ts'
import type { Diagnostic } from '../../rule/diagnostic.ts'
import { applyEdits, type Edit, type Fix } from '../../source/edit.ts'
import { overlaps, type Source } from '../../source/source.ts'
import { failure, reasonOf } from './failure.ts'
import type { Tree } from './tree.ts'

/** What fixing came to. */
export interface Fixed {
  /** All sources, those that changed with their new text. */
  readonly sources: readonly Source[]
  /** The new text of every file that changed. */
  readonly changed: ReadonlyMap<string, string>
  readonly mended: number
  /** What is left after the last round. */
  readonly report: Report
}

/** Mending one finding can bring another to light, or two can want the same characters; after this many rounds what is left stays. */
const mostRounds = 10

/** Lints, applies the first fitting fix of each finding, and lints again until nothing changes. */
export function fixRounds(
  sources: readonly Source[],
  run: (sources: readonly Source[]) => Report,
  how: 'none' | 'safe' | 'unsafe',
  focus: (file: string) => boolean,
): Fixed {
  let report = run(sources)
  const changed = new Map<string, string>()
  let mended = 0
  for (let round = 0; how !== 'none' && round < mostRounds; round++) {
    const fixes = fixesOf(report.diagnostics, how, focus)
    if (fixes.length === 0) break
    const edits = fixes.flatMap((fix) => fix.edits)
    for (const file of new Set(edits.map((edit) => edit.at.file))) {
      const text = sources.find((source) => source.file === file)?.text
      if (text !== undefined) changed.set(file, applyEdits(file, changed.get(file) ?? text, edits) ?? text)
    }
    mended += fixes.length
    sources = sources.map((source) => {
      const text = changed.get(source.file)
      return text === undefined || text === source.text ? source : { file: source.file, text }
    })
    report = run(sources)
  }
  return { sources, changed, mended, report }
}

// The first fix of each finding that may be applied and wants no character that an earlier one changes; all of a fix or nothing of it.
function fixesOf(diagnostics: readonly Diagnostic[], how: 'safe' | 'unsafe', focus: (file: string) => boolean): Fix[] {
  const taken: Edit[] = []
  const fixes: Fix[] = []
  for (const diagnostic of diagnostics) {
    if (diagnostic.allowed !== undefined) continue
    const fix = diagnostic.fixes.find((one) => how === 'unsafe' || one.safety === 'safe')
    if (!fix || fix.edits.length === 0 || !fix.edits.every((edit) => focus(edit.at.file))) continue
    if (fix.edits.some((edit) => taken.some((other) => overlaps(edit.at, other.at)))) continue
    taken.push(...fix.edits)
    fixes.push(fix)
  }
  return fixes
}

/** Writes changed files, each through a temporary file beside it and a rename: at no moment is one half written. */
export function writeFixed(tree: Tree, changed: ReadonlyMap<string, string>): void {
  const read = new Map(tree.files.map((source) => [source.file, source.text]))
  for (const [file, text] of changed) {
    const full = path.join(tree.root, file)
    if (!readFileSync(full).equals(tree.encode(file, read.get(file) ?? '')))
      throw failure(`${file} changed while it was linted; nothing was written to it`)
    replaceFile(full, tree.encode(file, text))
  }
}

/** Puts bytes in the place of a file at once, keeping its mode. */
export function replaceFile(full: string, bytes: Buffer | string): void {
  const beside = path.join(path.dirname(full), `.${path.basename(full)}.${process.pid}-${process.hrtime.bigint()}.tmp`)
  try {
    const mode = statSync(full, { throwIfNoEntry: false })?.mode
    writeFileSync(beside, bytes, { flag: 'wx' })
    if (mode !== undefined) chmodSync(beside, mode & 0o7777)
    renameSync(beside, full)
  } catch (error) {
    rmSync(beside, { force: true })
    throw failure(`cannot write ${full}: ${reasonOf(error)}`)
  }
}
