import fc from 'fast-check'

/** A piece of a script: lines that stay together, or a block with its body. Marks `§0§` stand before what site 0 is. */
export interface Node {
  readonly text: string
  readonly tags: readonly string[]
  readonly body?: readonly Node[]
  readonly end?: string
}

/** What a script under construction may ask: chance, names, and what it takes from outside. */
export interface Maker {
  /** bash, or a plain sh that dash runs. */
  readonly bash: boolean
  pick<T>(list: readonly T[]): T
  /** True so many times of a hundred. */
  chance(percent: number): boolean
  name(base: string): string
  /** Helper functions that the top of the script defines. */
  readonly helpers: Map<string, Node>
  /** A variable of the environment. */
  env(name: string): string
  /** The next argument of the script: its number. */
  arg(value: string): number
  readonly args: string[]
  readonly files: Record<string, string>
  readonly beside: Record<string, string>
  readonly stdin: string[]
}

/** A variable that a script holds: its name, and whether it names a place or a part of one. */
export interface Held {
  readonly name: string
  readonly kind: 'root' | 'name'
}

export const node = (text: string, ...tags: readonly string[]): Node => ({ text, tags })

export const block = (text: string, body: readonly Node[], end: string, ...tags: readonly string[]): Node => ({
  text,
  body,
  end,
  tags,
})

/** The text of a script, marks left in. */
export function textOf(nodes: readonly Node[]): string {
  return nodes.map((one) => (one.body ? `${one.text}\n${textOf(one.body)}${one.end}\n` : `${one.text}\n`)).join('')
}

/** Every tag of a script, each once. */
export function tagsOf(nodes: readonly Node[]): ReadonlySet<string> {
  const out = new Set<string>()
  const visit = (one: Node): void => {
    for (const tag of one.tags) out.add(tag)
    one.body?.forEach(visit)
  }
  nodes.forEach(visit)
  return out
}

/** Chances drawn from fast-check, so that a seed gives the same scripts for ever. */
export const draws = fc.infiniteStream(fc.noBias(fc.nat(0xffff)))

/** A maker over a stream of chances. */
export function makerOf(stream: Iterator<number>): Maker {
  const next = (below: number): number => (stream.next().value as number) % below
  const used = new Map<string, number>()
  const bash = next(100) < 76
  const maker: Maker = {
    bash,
    pick: (list) => list[next(list.length)]!,
    chance: (percent) => next(100) < percent,
    name: (base) => {
      const count = (used.get(base) ?? 0) + 1
      used.set(base, count)
      return count === 1 ? base : `${base}${count}`
    },
    helpers: new Map(),
    env: (name) => name,
    arg: (value) => maker.args.push(value),
    args: [],
    files: {},
    beside: {},
    stdin: [],
  }
  return maker
}

/** One way to write something, where the shell knows it. */
export interface Row<Give extends readonly unknown[], Made> {
  readonly tag: string
  readonly bash?: true
  readonly kind?: 'root' | 'name'
  /** How often it is taken, against 1. */
  readonly weight?: number
  make(maker: Maker, ...given: Give): Made
}

/** Takes one of the rows that this shell knows and that fit the kind. */
export function take<Give extends readonly unknown[], Made>(
  maker: Maker,
  rows: readonly Row<Give, Made>[],
  kind?: 'root' | 'name',
): Row<Give, Made> {
  const fit = rows.filter((row) => (maker.bash || !row.bash) && (!row.kind || !kind || row.kind === kind))
  const all = fit.flatMap((row) => Array.from({ length: row.weight ?? 1 }, () => row))
  return maker.pick(all)
}
