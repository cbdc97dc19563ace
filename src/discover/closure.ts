import type { Files } from './files.ts'

/** From the files that are asked about, callers are followed upwards this far; what is called or sourced is followed to its end. */
const mostUp = 2

/**
 * The files that can take part in a finding about those in focus: they themselves, what they name (sourced, called, included), and
 * what names them. A name counts wherever it stands in the text, so this errs on the side of reading more.
 */
export function closureOf(files: Files, focus: (file: string) => boolean): ReadonlySet<string> {
  const asked = files.all.filter((source) => focus(source.file)).map((source) => source.file)
  if (asked.length === files.all.length) return new Set(asked)
  const byName = new Map<string, string[]>()
  for (const { file } of files.all) {
    const name = file.slice(file.lastIndexOf('/') + 1)
    const known = byName.get(name)
    if (known) known.push(file)
    else byName.set(name, [file])
  }
  const named = new Map<string, readonly string[]>()
  const namedBy = (file: string): readonly string[] => {
    let found = named.get(file)
    if (!found) named.set(file, (found = namesIn(files.get(file)?.text ?? '', byName, file)))
    return found
  }
  const out = new Set(asked)
  const down = [...asked]
  for (let file = down.pop(); file !== undefined; file = down.pop()) {
    for (const other of namedBy(file)) {
      if (out.has(other)) continue
      out.add(other)
      down.push(other)
    }
  }
  let targets = new Set(asked)
  for (let i = 0; i < mostUp; i++) {
    const next = new Set<string>()
    for (const { file } of files.all) {
      if (out.has(file) || files.kind(file) === undefined) continue
      if (namedBy(file).some((other) => targets.has(other))) next.add(file)
    }
    for (const file of next) out.add(file)
    targets = next
  }
  return out
}

// Names too common to mean one file: they join what has nothing to do with each other.
const mostNamesakes = 8

function namesIn(text: string, byName: ReadonlyMap<string, readonly string[]>, from: string): readonly string[] {
  const out = new Set<string>()
  for (const [word] of text.slice(0, 400_000).matchAll(/[\w@%+~-][\w.@%+~-]*/g)) {
    const found = byName.get(word)
    if (!found || found.length > mostNamesakes) continue
    for (const file of found) if (file !== from) out.add(file)
  }
  return [...out]
}
