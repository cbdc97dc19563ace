import type { Rules } from '../../src/rule/diagnostic.ts'
import { scriptOf, type Sketch } from './generate/generate.ts'
import type { Node } from './generate/node.ts'
import { proveAll, type Proof } from './prove.ts'

/** Takes a node out, or puts what it holds in its place. */
interface Cut {
  readonly node: Node
  readonly how: 'remove' | 'unwrap'
}

function cutsOf(nodes: readonly Node[]): readonly Cut[] {
  return nodes.flatMap((node): readonly Cut[] => [
    ...(node.text.startsWith('#!') || node.tags.some((tag) => tag.startsWith('helper:'))
      ? []
      : [{ node, how: 'remove' as const }]),
    ...(node.body ? [{ node, how: 'unwrap' as const }, ...cutsOf(node.body)] : []),
  ])
}

function cut(nodes: readonly Node[], cuts: readonly Cut[]): readonly Node[] {
  return nodes.flatMap((node): readonly Node[] => {
    const mine = cuts.filter((one) => one.node === node)
    if (mine.some((one) => one.how === 'remove')) return []
    if (!node.body) return [node]
    const body = cut(node.body, cuts)
    if (mine.length > 0) return body
    return [
      body.length === node.body.length && body.every((one, at) => one === node.body![at]) ? node : { ...node, body },
    ]
  })
}

interface Least {
  readonly sketch: Sketch
  readonly proof: Proof
}

/** The smallest script near this one that shows the same disagreement; the same sandbox judges each step. */
export async function minimise(
  sketch: Sketch,
  wrong: 'miss' | 'false alarm',
  rules: Rules,
): Promise<Least | undefined> {
  const holding = async (sketches: readonly Sketch[]): Promise<readonly (Least | undefined)[]> => {
    const proofs = await proveAll(sketches.map(scriptOf), rules, 'few')
    return proofs.map((proof, at) => (proof.wrong.includes(wrong) ? { sketch: sketches[at]!, proof } : undefined))
  }
  const [first] = await holding([sketch])
  if (!first) return undefined
  let best: Least = first
  for (let round = 0; round < 5; round++) {
    const given: Sketch = best.sketch
    const make = (cuts: readonly Cut[]): Sketch => ({ ...given, nodes: cut(given.nodes, cuts) })
    const cuts = cutsOf(given.nodes).filter((one) => scriptOf(make([one])).sites.length > 0)
    const alone = await holding(cuts.map((one) => make([one])))
    const good = cuts.filter((_, at) => alone[at])
    if (good.length === 0) break
    // Cuts that work alone may work together: all of them, halves, quarters; else the one that leaves least.
    const groups = [1, 2, 4].flatMap((parts) =>
      Array.from({ length: parts }, (_, at) => good.filter((_, i) => i % parts === at)),
    )
    const joint = (await holding(groups.filter((group) => group.length > 1).map(make))).concat(alone)
    best = joint
      .flatMap((one) => (one ? [one] : []))
      .sort((a, b) => a.proof.script.text.length - b.proof.script.text.length)[0]!
  }
  const text = (nodes: readonly Node[]): string => scriptOf({ ...best.sketch, nodes }).text
  const idle = best.sketch.nodes.filter(
    (node) => node.tags.some((tag) => tag.startsWith('helper:')) && !called(node.text, text(best.sketch.nodes)),
  )
  best = { ...best, sketch: { ...best.sketch, nodes: best.sketch.nodes.filter((node) => !idle.includes(node)) } }
  // The last word has the whole look.
  const [last] = await proveAll([scriptOf(best.sketch)], rules)
  return last!.wrong.includes(wrong) ? { sketch: best.sketch, proof: last! } : undefined
}

/** Whether a script calls the function that a text defines. */
function called(definition: string, text: string): boolean {
  const name = /^\w+/.exec(definition)?.[0] ?? ''
  return new RegExp(`\\b${name}\\b(?!\\(\\))`).test(text)
}
