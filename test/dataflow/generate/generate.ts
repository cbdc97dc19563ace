import fc from 'fast-check'
import type { Inputs } from '../plan.ts'
import { inputsOf } from '../plan.ts'
import type { Script, Site } from '../prove.ts'
import { worth } from '../world.ts'
import { changes, undoings } from './changes.ts'
import { commands, syncs, wrappers } from './commands.ts'
import { guards } from './guards.ts'
import { block, draws, makerOf, node, take, textOf, type Held, type Maker, type Node } from './node.ts'
import { changesOfDirectory, loop, parameter, scopes } from './scopes.ts'
import { sources } from './sources.ts'
import { relativeTargets, targets, uses, type Made } from './targets.ts'

/** A script as it was made: its pieces, from which it is written, shrunk and counted. */
export interface Sketch {
  readonly nodes: readonly Node[]
  readonly keys: readonly string[]
  readonly bash: boolean
  readonly given: Partial<Inputs>
}

const headers = [
  '',
  '',
  '',
  '',
  '',
  '',
  '',
  'set -e',
  'set -u',
  'set -eu',
  'set -o errexit',
  'set -o nounset',
  'set -ex',
] as const
const bashHeaders = [
  ...headers,
  'set -euo pipefail',
  'set -euo pipefail',
  'set -Eeuo pipefail',
  'set -o pipefail',
  'set -e -o pipefail',
] as const

function headerOf(maker: Maker): readonly Node[] {
  const shebang = maker.bash
    ? maker.pick([
        '#!/bin/bash',
        '#!/bin/bash',
        '#!/bin/bash',
        '#!/bin/bash',
        '#!/usr/bin/env bash',
        '#!/usr/bin/env bash',
        '#!/bin/bash -e',
        '#!/bin/bash -eu',
      ])
    : maker.pick(['#!/bin/sh', '#!/bin/sh', '#!/bin/sh -e', '#!/usr/bin/env sh'])
  const options = maker.pick(maker.bash ? bashHeaders : headers)
  const flagTags = [
    ...(/-\w*e|errexit/.test(`${options} ${shebang.split(' ')[1] ?? ''}`) ? ['set:-e'] : []),
    ...(/-\w*u|nounset/.test(`${options} ${shebang.split(' ')[1] ?? ''}`) ? ['set:-u'] : []),
    ...(options.includes('pipefail') ? ['set:pipefail'] : []),
  ]
  return [
    node(
      shebang,
      maker.bash ? 'shell:bash' : 'shell:sh',
      ...(shebang.includes(' -') ? ['set:by the first line'] : []),
      ...(options ? [] : flagTags),
    ),
    ...(options ? [node(options, ...flagTags)] : []),
  ]
}

interface Chain {
  readonly nodes: Node[]
  readonly names: Held[]
}

function chainOf(maker: Maker, kind: Held['kind']): Chain {
  const born = take(maker, sources, kind).make(maker, kind)
  const chain: Chain = { nodes: [...born.nodes], names: [born.held] }
  if (born.nodes.length === 0) chain.nodes.push(...[])
  for (const percent of [45, 20]) {
    if (!maker.chance(percent)) break
    const change = take(maker, changes, kind).make(maker, chain.names.at(-1)!)
    chain.nodes.push(...change.nodes)
    chain.names.push(change.held)
  }
  return chain
}

function guardsOf(maker: Maker, chain: Chain, other: Chain): readonly Node[] {
  const out: Node[] = []
  for (const percent of [52, 12]) {
    if (!maker.chance(percent)) continue
    const held = maker.chance(60) ? chain.names.at(-1)! : maker.pick(chain.names)
    const guard = take(maker, guards, held.kind)
    out.push(...guard.make(maker, held, other.names.at(-1)!))
  }
  if (out.length > 0 && maker.chance(14))
    out.push(...take(maker, undoings).make(maker, maker.chance(70) ? chain.names.at(-1)! : maker.pick(chain.names)))
  return out
}

/** A destructive command in its wrapper, every line of it marked as site `at`. */
function siteOf(
  maker: Maker,
  at: number,
  words: string,
  made: Made,
  taken: Set<string>,
  keys: string[],
): readonly Node[] {
  const command = take(maker, maker.chance(14) ? syncs : commands)
  const before = new Set(taken)
  const drawn = command.make(maker, words, taken)
  // The calls of two sites are told apart by their keys.
  const destroyer = before.has(drawn.key) ? commands[0]!.make(maker, words, taken) : drawn
  keys[at] = destroyer.key
  const wrapper = take(maker, wrappers)
  const wrapped = wrapper.make(
    maker,
    destroyer,
    uses(words, made).map((held) => held.name),
  )
  const plain = wrapped.text === destroyer.text && wrapped.before === undefined
  const text = wrapped.text
    .split('\n')
    .map((line) => `§${at}§${line}`)
    .join('\n')
  return [
    ...(wrapped.before ? [node(wrapped.before, wrapper.tag)] : []),
    node(text, command.tag, plain ? 'wrapper:none' : wrapper.tag),
  ]
}

function scoped(maker: Maker, nodes: readonly Node[], mark: string, percent: number): readonly Node[] {
  let out = nodes
  for (const chance of [percent, percent / 3]) {
    if (!maker.chance(chance)) break
    out = take(maker, scopes).make(maker, { nodes: out, mark })
  }
  return out
}

/** One script out of a stream of chances. */
export function make(stream: Iterator<number>): Sketch {
  const maker = makerOf(stream)
  const header = headerOf(maker)
  const keys: string[] = []
  const taken = new Set<string>()
  const root = chainOf(maker, 'root')
  const part = chainOf(maker, 'name')
  const body: Node[] = []
  const sites = maker.chance(14) ? 2 : 1
  const used = new Set<Chain>()
  const late: Node[] = []
  for (let at = 0; at < sites; at++) {
    const mark = `§${at}§`
    const ends = { root: root.names.at(-1)!, part: part.names.at(-1)! }
    const change = maker.chance(27) ? take(maker, changesOfDirectory) : undefined
    const target = take(maker, change ? relativeTargets : targets)
    const words = target.make(maker, ends)
    const from = change ? textOf(change.make(maker, ends.root.name, ends.part.name, { nodes: [], mark })) : ''
    const mine = [
      ...(uses(`${words} ${from}`, ends).includes(ends.root) ? [root] : []),
      ...(uses(`${words} ${from}`, ends).includes(ends.part) ? [part] : []),
    ]
    // The second draw of the same change must be the same change: it is made once more below with the real body.
    const tagged = (nodes: readonly Node[]): readonly Node[] =>
      nodes.map((one) => (one.text.includes(mark) ? { ...one, tags: [...one.tags, target.tag] } : one))
    const guardian = mine.flatMap((chain) => guardsOf(maker, chain, chain === root ? part : root))
    const direct = (inner: Made): readonly Node[] => {
      const given =
        target.tag === 'target:array'
          ? [
              node(
                maker.pick([
                  `list=("$${inner.root.name}" "$${inner.root.name}/$${inner.part.name}")`,
                  `list=("$${inner.root.name}/$${inner.part.name}")`,
                  `list=("$${inner.root.name}"/*)`,
                  `list=(/srv/app/cache "$${inner.root.name}/old")`,
                ]),
                'target:array',
              ),
            ]
          : []
      if (target.tag === 'target:array') for (const chain of [root, part]) if (!mine.includes(chain)) mine.push(chain)
      const own = renamed(renamed(words, ends.root.name, inner.root.name), ends.part.name, inner.part.name)
      const composed = !change && /^"[^"* ]*"$/.test(own) && maker.chance(22) ? maker.name('target') : undefined
      const site = tagged(
        siteOf(
          maker,
          at,
          composed ? `"$${composed}"` : own,
          composed ? { root: { name: composed, kind: 'root' }, part: inner.part } : inner,
          taken,
          keys,
        ),
      )
      const nodes = [...given, ...(composed ? [node(`${composed}=${own}`, 'target:composed')] : []), ...site]
      return change ? [...changed(maker, change, inner, nodes, mark)] : nodes
    }
    const through =
      mine.length > 0 && !change && !/\$\(|list\[/.test(words)
        ? maker.pick(['', '', '', '', '', 'parameter', 'parameter', 'loop'] as const)
        : ''
    let nodes: readonly Node[]
    if (through === '') nodes = direct(ends)
    else {
      const chain = maker.pick(mine)
      const outer = chain.names.at(-1)!
      const inside = (inner: Held): readonly Node[] => [
        ...(maker.chance(25) ? guardsOf(maker, { nodes: [], names: [inner] }, chain === root ? part : root) : []),
        ...direct(chain === root ? { ...ends, root: inner } : { ...ends, part: inner }),
      ]
      nodes =
        through === 'loop'
          ? loop(maker, outer, inside)
          : parameter(maker, outer, (inner) => ({ nodes: inside(inner), mark }))
    }
    for (const chain of mine) {
      if (used.has(chain)) continue
      used.add(chain)
      body.push(...chain.nodes)
    }
    const inside = maker.chance(30)
    late.push(
      ...(inside ? scoped(maker, [...guardian, ...nodes], mark, 70) : [...guardian, ...scoped(maker, nodes, mark, 40)]),
    )
  }
  // A guard may speak of the variable that no target uses: it is born too.
  for (const chain of [root, part]) {
    const speaks = chain.names.some((held) => new RegExp(`\\b${held.name}\\b`).test(textOf(late)))
    if (!used.has(chain) && speaks) body.push(...chain.nodes)
  }
  const all = [...body, ...late]
  const nodes = [
    ...header,
    ...maker.helpers.values(),
    ...(maker.chance(20) ? [block('main() {', all, '}', 'scope:main'), node('main "$@"', 'scope:main')] : all),
  ]
  return {
    nodes,
    keys,
    bash: maker.bash,
    given: { args: maker.args, files: maker.files, beside: maker.beside, stdin: `${maker.stdin.join('\n')}\n` },
  }
}

function changed(
  maker: Maker,
  change: (typeof changesOfDirectory)[number],
  made: Made,
  nodes: readonly Node[],
  mark: string,
): readonly Node[] {
  return change.make(maker, made.root.name, made.part.name, { nodes, mark })
}

const inputNames = /\b(APP_DIR|DEPLOY_ROOT|BASE_DIR|DEST_PATH|VERSION|RELEASE|TAG|SITE_NAME|STAGE)\d*\b/g

/** The script that pieces stand for: what is run and linted. */
export function scriptOf({ nodes, keys, bash, given }: Sketch): Script {
  const marked = textOf(nodes)
  const text = marked.replace(/§\d§/g, '')
  const lines = marked.split('\n')
  const sites = keys.flatMap((key, at): Site[] => {
    const mine = lines.flatMap((line, index) => (line.includes(`§${at}§`) ? [index + 1] : []))
    return mine.length > 0 ? [{ key, lines: mine }] : []
  })
  const inferred = inputsOf(text, given)
  const named = [...new Set(text.match(inputNames) ?? [])].filter(
    (name) => name !== 'VERSION' || /[$=]\{?VERSION|VERSION=|printenv VERSION/.test(text),
  )
  const env = Object.fromEntries([...Object.keys(inferred.env), ...named].map((name) => [name, worth(name)]))
  return { text, shell: bash ? 'bash' : 'dash', sites, inputs: inputsOf(text, { ...given, env }) }
}

/** Scripts from a seed, always the same. */
export function* scripts(count: number, seed: number): Generator<Sketch> {
  for (const stream of fc.sample(draws, { numRuns: count, seed })) yield make(stream)
}

// Names that are expanded, and no path that holds the same letters.
function renamed(words: string, from: string, to: string): string {
  return words.replace(new RegExp(`(\\$\\{?[!#]?)${from}\\b`, 'g'), (_, head: string) => head + to)
}
