import type { Label } from '../../source/source.ts'
import { levelsOf, upward, type Level, type Placed } from './level.ts'

/** One text that an nginx value can be. `$document_root`, `$realpath_root` and what a request brings stay as names. */
export interface NginxWay {
  readonly text: string
  readonly because: readonly Label[]
}

/** At most so many ways are told apart; past that the value counts as not known. */
const mostWays = 8
const deepestVariable = 8

const name = /\$(?:\{([a-z_]\w*)\}|([a-z_]\w*))/gi

/** The texts a value can be where a level uses it: variables of `set` and `map` put in, the others left as they are; undefined: too many. */
export function nginxValue(value: string, level: Level, depth = 0): readonly NginxWay[] | undefined {
  let ways: readonly NginxWay[] = [{ text: '', because: [] }]
  let done = 0
  for (const found of value.matchAll(name)) {
    const before = value.slice(done, found.index)
    done = found.index + found[0].length
    const inside = depth < deepestVariable ? variable(found[1] ?? found[2]!, level, depth) : undefined
    ways = ways.flatMap((way) =>
      (inside ?? [{ text: plainName(found[0]), because: [] }]).map((more) => ({
        text: way.text + before + more.text,
        because: [...way.because, ...more.because],
      })),
    )
    if (ways.length > mostWays) return undefined
  }
  return ways.map((way) => ({ ...way, text: way.text + value.slice(done) }))
}

// nginx's own variables in one spelling; `${ROOT}` in capitals is a template's and keeps its braces.
function plainName(written: string): string {
  return /^\$\{[A-Z][A-Z0-9_]*\}$/.test(written) ? written : written.replace(/[{}]/g, '')
}

/** The texts that a variable of the configuration can hold; undefined: it is nginx's own, or a request brings it. */
function variable(wanted: string, level: Level, depth: number): readonly NginxWay[] | undefined {
  const out: NginxWay[] = []
  for (const here of upward(level)) {
    // What an inner level sets runs after what the outer one set; an `if` may or may not run.
    let sure = false
    for (const set of [...here.own].reverse()) {
      if (set.name === 'set' && set.args[0]?.replace(/[{}]/g, '') === `$${wanted}`) {
        out.push(...waysOf(set, set.args[1] ?? '', here, depth))
        if (!set.sometimes) {
          sure = true
          break
        }
      } else if (set.name === 'if' && set.level)
        for (const inner of set.level.own)
          if (inner.name === 'set' && inner.args[0] === `$${wanted}`)
            out.push(...waysOf(inner, inner.args[1] ?? '', here, depth))
    }
    if (sure) return out
  }
  const map = mapOf(wanted, level)
  if (map)
    for (const row of map.level!.own)
      if (!/^(hostnames|volatile|include\??)$/.test(row.name)) out.push(...waysOf(row, row.args[0] ?? '', level, depth))
  return out.length > 0 ? out : undefined
}

function waysOf(line: Placed, value: string, level: Level, depth: number): readonly NginxWay[] {
  const label = {
    at: line.at,
    says: `${line.name === 'set' ? 'set here' : 'mapped here'} to ${value === '' ? "''" : value}`,
  }
  const ways = nginxValue(value, level, depth + 1) ?? [{ text: '$?', because: [] }]
  return ways.map((way) => ({ text: way.text, because: [...way.because, label] }))
}

function mapOf(wanted: string, level: Level): Placed | undefined {
  for (const here of upward(level))
    for (const one of here.own)
      if ((one.name === 'map' || one.name === 'geo') && one.level && one.args.at(-1) === `$${wanted}`) return one
  return undefined
}

/** The upstream of a name, wherever in the configuration it stands. */
export function upstreamOf(wanted: string, level: Level): Placed | undefined {
  const main = upward(level).at(-1)!
  for (const here of levelsOf(main))
    for (const one of here.own) if (one.name === 'upstream' && one.args[0] === wanted && one.level) return one
  return undefined
}
