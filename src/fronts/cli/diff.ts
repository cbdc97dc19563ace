/** A unified diff of a file's change, three lines of context around each stretch. Fixes change few lines, so lines are compared from both ends. */
export function diffOf(name: string, before: string, after: string): string {
  const [a, b] = [before.split('\n'), after.split('\n')]
  const hunks = hunksOf(a, b)
  const out = [`--- a/${name}`, `+++ b/${name}`]
  for (const { from, to, newFrom, newTo } of hunks) {
    const [top, bottom] = [Math.max(0, from - 3), Math.min(a.length, to + 3)]
    const newTop = newFrom - (from - top)
    out.push(`@@ -${top + 1},${bottom - top} +${newTop + 1},${newTo - newTop + (bottom - to)} @@`)
    out.push(...a.slice(top, from).map((line) => ` ${line}`))
    out.push(...a.slice(from, to).map((line) => `-${line}`))
    out.push(...b.slice(newFrom, newTo).map((line) => `+${line}`))
    out.push(...a.slice(to, bottom).map((line) => ` ${line}`))
  }
  return out.join('\n') + '\n'
}

interface Hunk {
  readonly from: number
  readonly to: number
  readonly newFrom: number
  readonly newTo: number
}

// Walks both texts; where they differ, looks for the nearest pair of lines at which they agree again.
function hunksOf(a: readonly string[], b: readonly string[]): readonly Hunk[] {
  const hunks: Hunk[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++
      j++
      continue
    }
    const [to, newTo] = meeting(a, b, i, j)
    hunks.push({ from: i, to, newFrom: j, newTo })
    ;[i, j] = [to, newTo]
  }
  return hunks
}

const farthest = 200

function meeting(a: readonly string[], b: readonly string[], i: number, j: number): readonly [number, number] {
  for (let far = 1; far <= farthest; far++)
    for (let x = 0; x <= far; x++) {
      const [at, to] = [i + x, j + far - x]
      if (at === a.length && to === b.length) return [at, to]
      if (at < a.length && to < b.length && a[at] === b[to] && a[at + 1] === b[to + 1]) return [at, to]
    }
  return [a.length, b.length]
}
