const width = 16
const bits = 4

type Node = readonly unknown[]

/** The numbers that keys go by, shared by all maps that were forked from one. */
interface Names<Key> {
  readonly numbers: Map<Key, number>
  readonly keys: Key[]
}

/**
 * A map that is free to fork and cheap to compare with a fork: a tree of small arrays, of which a change copies one path. A
 * class, since a script forks it a hundred thousand times and compares most of the forks.
 */
export class Layers<Key, Value> {
  private readonly names: Names<Key>
  private root: Node | undefined
  /** So many levels of nodes; they grow with the keys. */
  private height: number

  constructor(names: Names<Key> = { numbers: new Map(), keys: [] }, root?: Node, height = 1) {
    this.names = names
    this.root = root
    this.height = height
  }

  get(key: Key): Value | undefined {
    const number = this.names.numbers.get(key)
    return number === undefined ? undefined : this.at(number)
  }

  private at(number: number): Value | undefined {
    if (number >> (this.height * bits) !== 0) return undefined
    let node: Node | undefined = this.root
    for (let level = this.height - 1; level > 0; level--) {
      if (node === undefined) return undefined
      node = node[(number >> (level * bits)) & (width - 1)] as Node | undefined
    }
    return node?.[number & (width - 1)] as Value | undefined
  }

  has(key: Key): boolean {
    return this.get(key) !== undefined
  }

  /** Sets a key; undefined takes it out. */
  set(key: Key, value: Value | undefined): void {
    let number = this.names.numbers.get(key)
    if (number === undefined) {
      number = this.names.keys.push(key) - 1
      this.names.numbers.set(key, number)
    }
    while (number >> (this.height * bits) !== 0) this.grow()
    this.root = changed(this.root, number, value, this.height - 1)
  }

  private grow(): void {
    if (this.root !== undefined) this.root = [this.root, ...new Array<unknown>(width - 1).fill(undefined)]
    this.height++
  }

  /** A second map that starts as this one. */
  fork(): Layers<Key, Value> {
    return new Layers(this.names, this.root, this.height)
  }

  /** A map of the same keys that holds nothing. */
  cleared(): Layers<Key, Value> {
    return new Layers(this.names)
  }

  /** An object of its own for what this map holds now: whoever keeps something by it need not ask again. */
  get stamp(): object {
    return this.root ?? this.names
  }

  /** Whether both are known to be alike without looking at what they hold. */
  is(other: Layers<Key, Value>): boolean {
    return this.root === other.root
  }

  /** Calls back for every key, in the order in which keys were first set. */
  each(visit: (key: Key, value: Value) => void): void {
    this.names.keys.forEach((key, number) => {
      const value = this.at(number)
      if (value !== undefined) visit(key, value)
    })
  }

  /** The keys in which two forks differ. */
  differing(other: Layers<Key, Value>): readonly Key[] {
    const out: Key[] = []
    while (this.height < other.height) this.grow()
    while (other.height < this.height) other.grow()
    collect(this.root, other.root, 0, this.height - 1, (number) => out.push(this.names.keys[number]!))
    return out
  }
}

function changed(node: Node | undefined, number: number, value: unknown, level: number): Node {
  const copy: unknown[] = node === undefined ? new Array<unknown>(width).fill(undefined) : node.slice()
  const index = (number >> (level * bits)) & (width - 1)
  copy[index] = level === 0 ? value : changed(copy[index] as Node | undefined, number, value, level - 1)
  return copy
}

function collect(
  one: Node | undefined,
  two: Node | undefined,
  from: number,
  level: number,
  found: (number: number) => void,
): void {
  if (one === two) return
  for (let i = 0; i < width; i++) {
    const left = one?.[i]
    const right = two?.[i]
    if (left === right) continue
    if (level === 0) found(from + i)
    else collect(left as Node | undefined, right as Node | undefined, from + (i << (level * bits)), level - 1, found)
  }
}
