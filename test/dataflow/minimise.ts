import type { Rules } from '../../src/rule/diagnostic.ts'
import { scriptOf, type Sketch } from './generate/generate.ts'
import type { Node } from './generate/node.ts'
import { proveAll, type Proof } from './prove.ts'

/** Every list of nodes that is this one less a piece: a node gone, a block replaced by what it holds. */
function smaller(nodes: readonly Node[]): readonly (readonly Node[])[] {
  const out: (readonly Node[])[] = []
  nodes.forEach((one, at) => {
    const put = (...instead: readonly Node[]): void =>
      void out.push([...nodes.slice(0, at), ...instead, ...nodes.slice(at + 1)])
    if (!one.text.startsWith('#!')) put()
    if (!one.body) return
    put(...one.body)
    for (const body of smaller(one.body)) put({ ...one, body })
  })
  return out
}

/** The smallest script near this one that shows the same disagreement; the same sandbox judges each step. */
export async function minimise(
  sketch: Sketch,
  wrong: 'miss' | 'false alarm',
  rules: Rules,
): Promise<{ sketch: Sketch; proof: Proof } | undefined> {
  let best: { sketch: Sketch; proof: Proof } | undefined
  for (let round = 0, open: readonly Sketch[] = [sketch]; round < 14 && open.length > 0; round++) {
    const proofs = await proveAll(open.map(scriptOf), rules)
    const next = open.flatMap((one, at) => {
      const proof = proofs[at]!
      return proof.wrong.includes(wrong) ? [{ sketch: one, proof }] : []
    })[0]
    if (!next) break
    best = next
    open = smaller(next.sketch.nodes)
      .map((nodes) => ({ ...next.sketch, nodes }))
      .filter((one) => scriptOf(one).sites.length > 0)
      .sort((a, b) => scriptOf(a).text.length - scriptOf(b).text.length)
  }
  return best
}
