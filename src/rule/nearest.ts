/** The known name that is nearest to a mistyped one; undefined when none is near enough to be meant. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(2, Math.floor(name.length / 3)) + 1
  for (const candidate of known) {
    const far = distance(name.toLowerCase(), candidate.toLowerCase(), least)
    if (far < least) {
      best = candidate
      least = far
    }
  }
  return best
}

/** `, did you mean X?` or nothing. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const found = nearest(name, known)
  return found === undefined ? '' : `, did you mean ${found}?`
}

// Levenshtein's distance, given up once it cannot stay below `limit`.
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let before = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      row.push(Math.min(before[j]! + 1, row[j - 1]! + 1, before[j - 1]! + same))
    }
    if (Math.min(...row) >= limit) return limit
    before = row
  }
  return before[b.length]!
}
