import type { Files } from '../discover/files.ts'
import type { Stack } from '../facts/stack/stack.ts'
import type { Script } from '../facts/shell/script.ts'
import type { PhpEngine } from '../parse/php.ts'
import type { RubyParser } from '../parse/ruby.ts'
import type { Span, Unread } from '../source/source.ts'
import type { Draft } from './model.ts'

/** What releases are read from. */
export interface Ground {
  readonly files: Files
  /** Every stretch of shell in the project, interpreted. */
  readonly scripts: readonly Script[]
  readonly stack: Stack
  readonly settings: { readonly live?: readonly string[]; readonly platform?: 'gnu' | 'busybox' | 'bsd' }
  readonly php?: PhpEngine
  readonly ruby?: RubyParser
  /** Says that a file was read, or that a part of it was not. */
  read(file: string): void
  unread(file: string, part: Unread): void
}

/** Reads the plans of one tool. */
export type Extractor = (ground: Ground) => readonly Draft[]

const byFile = new WeakMap<readonly Script[], ReadonlyMap<string, readonly Script[]>>()

/** The scripts whose text stands in a stretch of a file, in the order of writing: those of one `run()` call or one task. */
export function scriptsWithin(ground: Ground, at: Span): readonly Script[] {
  return scriptsIn(ground, at.file).filter((script) => standsIn(script, at))
}

/** Whether a script's text begins in a stretch of a file. */
export function standsIn(script: Script, at: Span): boolean {
  const start = script.site.piece.spans(0, Math.min(1, script.site.piece.text.length))[0]
  return start !== undefined && start.file === at.file && start.start >= at.start && start.start < at.end
}

/** The scripts that stand in a file. */
export function scriptsIn(ground: Ground, file: string): readonly Script[] {
  let known = byFile.get(ground.scripts)
  if (!known) {
    const made = new Map<string, Script[]>()
    for (const script of ground.scripts) {
      const list = made.get(script.site.file)
      if (list) list.push(script)
      else made.set(script.site.file, [script])
    }
    byFile.set(ground.scripts, (known = made))
  }
  return known.get(file) ?? []
}
