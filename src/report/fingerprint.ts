import type { Diagnostic } from '../rule/diagnostic.ts'
import { lineStarts, positionOf } from '../source/source.ts'
import type { Naming } from './report.ts'

/**
 * One fingerprint a finding, stable under moved lines and other indentation: the rule, the path from the project's root,
 * the text of the lines it stands on with blanks made one, and which of several alike it is.
 */
export function fingerprints(diagnostics: readonly Diagnostic[], naming: Pick<Naming, 'text'>): readonly string[] {
  const seen = new Map<string, number>()
  const starts = new Map<string, readonly number[]>()
  return diagnostics.map(({ rule, at }) => {
    const text = naming.text(at.file)
    let lines = starts.get(at.file)
    if (!lines) starts.set(at.file, (lines = lineStarts(text)))
    const from = lines[positionOf(lines, at.start).line - 1] ?? 0
    const to = lines[positionOf(lines, Math.max(at.start, at.end - 1)).line] ?? text.length
    const key = `${rule}\0${at.file}\0${text.slice(from, to).replace(/\s+/g, ' ').trim()}`
    const again = seen.get(key) ?? 0
    seen.set(key, again + 1)
    return hash(`${key}\0${again}`)
  })
}

// Two 32-bit multiplicative hashes side by side (cyrb53's mixing): 64 bits are enough to tell findings apart, and no host is asked.
function hash(text: string): string {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 2654435761)
    b = Math.imul(b ^ unit, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
}
