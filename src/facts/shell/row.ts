import type { Script } from './script.ts'

interface Rows {
  readonly of: ReadonlyMap<string, readonly Script[]>
  readonly place: ReadonlyMap<Script, number>
}

// The rows of one project's scripts, made when they are first asked for.
const made = new WeakMap<readonly Script[], Rows>()

function rowsOf(all: readonly Script[]): Rows {
  let known = made.get(all)
  if (!known) {
    const of = new Map<string, Script[]>()
    const place = new Map<Script, number>()
    for (const script of all) {
      if (script.site.row === undefined) continue
      const own = of.get(script.site.row) ?? []
      place.set(script, own.length)
      own.push(script)
      of.set(script.site.row, own)
    }
    made.set(all, (known = { of, place }))
  }
  return known
}

/** The stretches that ran before a script and are over, each in a shell of its own: of its own row, and of the rows it waits for. */
export function scriptsBefore(script: Script, all: readonly Script[]): readonly Script[] {
  const { row, after } = script.site
  if (row === undefined) return []
  const rows = rowsOf(all)
  const own = (rows.of.get(row) ?? []).slice(0, rows.place.get(script) ?? 0)
  return [...(after ?? []).flatMap((name) => rows.of.get(name) ?? []), ...own].slice(-200)
}

/** The stretches of a script's own row that come after it. */
export function scriptsAfter(script: Script, all: readonly Script[]): readonly Script[] {
  if (script.site.row === undefined) return []
  const rows = rowsOf(all)
  return (rows.of.get(script.site.row) ?? []).slice((rows.place.get(script) ?? 0) + 1)
}
