import type { Span } from './source.ts'

/** Puts `text` where the span is. */
export interface Edit {
  readonly at: Span
  readonly text: string
}

/** A change that mends a finding. `safe`: it never changes what a working release does. */
export interface Fix {
  readonly title: string
  readonly safety: 'safe' | 'unsafe'
  readonly edits: readonly Edit[]
}

/** A file's text after edits, or undefined when two of them overlap. Edits of other files are passed over. */
export function applyEdits(file: string, text: string, edits: readonly Edit[]): string | undefined {
  const own = edits
    .filter((edit) => edit.at.file === file)
    .sort((a, b) => a.at.start - b.at.start || a.at.end - b.at.end)
  let out = ''
  let done = 0
  for (const edit of own) {
    if (edit.at.start < done) return undefined
    out += text.slice(done, edit.at.start) + edit.text
    done = edit.at.end
  }
  return out + text.slice(done)
}
