/** A version as one number: 7.3.6 is 70306. */
export type Version = number

/** Versions from `from` on and below `below`. */
export interface Interval {
  readonly from: Version
  readonly below: Version
}

/** A set of versions: a few intervals in order. */
export type VersionRange = readonly Interval[]

/** Above every version there is. */
export const newest: Version = 999_999

/** `7.3.6` as a number; parts that are left out count as 0; undefined when it is no version. */
export function versionOf(text: string): Version | undefined {
  const match = /^v?(\d{1,2})(?:\.(\d{1,2}))?(?:\.(\d{1,3}))?(?![\d.])/.exec(text.trim())
  if (!match) return undefined
  return Number(match[1]) * 10_000 + Number(match[2] ?? 0) * 100 + Math.min(Number(match[3] ?? 0), 99)
}

/** A version as people write it, `7.3.6`, without a patch of 0. */
export function versionText(version: Version): string {
  const [major, minor, patch] = [Math.floor(version / 10_000), Math.floor(version / 100) % 100, version % 100]
  return patch === 0 ? `${major}.${minor}` : `${major}.${minor}.${patch}`
}

/** What a composer constraint allows: `^7.4 || ~8.1.0`, `>=7.2 <8.3`, `7.4.*`, `7.2 - 7.4`; undefined when it cannot be read. */
export function rangeOf(constraint: string): VersionRange | undefined {
  const out: Interval[] = []
  for (const alternative of constraint.split(/\|\|?/)) {
    const interval = intersection(alternative.trim())
    if (!interval) return undefined
    if (interval.from < interval.below) out.push(interval)
  }
  return out.sort((a, b) => a.from - b.from)
}

function intersection(text: string): Interval | undefined {
  const hyphen = /^(\S+)\s+-\s+(\S+)$/.exec(text)
  if (hyphen) {
    const [from, to] = [simple(`>=${hyphen[1]}`), simple(parts(hyphen[2]!) < 3 ? `${hyphen[2]}.*` : `<=${hyphen[2]}`)]
    return from && to && { from: from.from, below: to.below }
  }
  let whole: Interval = { from: 0, below: newest }
  const terms = text
    .replace(/([<>=!~^]+)\s+/g, '$1')
    .split(/[\s,]+/)
    .filter((term) => term !== '')
  for (const term of terms) {
    const one = simple(term)
    if (!one) return undefined
    whole = { from: Math.max(whole.from, one.from), below: Math.min(whole.below, one.below) }
  }
  return whole
}

const parts = (text: string): number => text.replace(/^[^\d]*/, '').split('.').length

function simple(term: string): Interval | undefined {
  const everything = { from: 0, below: newest }
  if (term === '*' || term.startsWith('!=')) return everything
  const match = /^(\^|~|>=|<=|>|<|==?)?v?([\d.]+)(\.\*|\.x)?(?:[-@].*)?$/i.exec(term)
  const version = versionOf(match?.[2] ?? '')
  if (!match || version === undefined) return undefined
  const given = parts(match[2]!)
  const next = (part: number): Version => {
    const step = part <= 1 ? 10_000 : part === 2 ? 100 : 1
    return (Math.floor(version / step) + 1) * step
  }
  switch (match[1]) {
    case '^':
      return { from: version, below: next(version < 10_000 ? 2 : 1) }
    case '~':
      return { from: version, below: next(Math.max(1, given - 1)) }
    case '>=':
      return { from: version, below: newest }
    case '>':
      return { from: version + 1, below: newest }
    case '<':
      return { from: 0, below: version }
    case '<=':
      return { from: 0, below: version + 1 }
    default:
      return match[3] ? { from: version, below: next(given) } : { from: version, below: next(3) }
  }
}

/** The versions that are in both. */
export function both(a: VersionRange, b: VersionRange): VersionRange {
  return a.flatMap((one) =>
    b.flatMap((other) => {
      const [from, below] = [Math.max(one.from, other.from), Math.min(one.below, other.below)]
      return from < below ? [{ from, below }] : []
    }),
  )
}

/** Whether the range holds a version below this one. */
export function allowsBelow(range: VersionRange, version: Version): boolean {
  return range.some((interval) => interval.from < version)
}
