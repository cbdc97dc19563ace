import type { Files } from '../../discover/files.ts'
import { entriesOf, yamlOf } from '../../parse/yaml.ts'
import type { Label } from '../../source/source.ts'

/** One text that a name of a template can stand for, and where the project says so. */
export interface Filling {
  readonly text: string
  readonly at: Label['at']
}

/** What the project gives for the names of its templates: Ansible's variable files. */
export type Fillings = (name: string) => readonly Filling[]

const deepest = 5
const mostWays = 12

/** Reads the variables of `group_vars`, `host_vars`, `vars` and `defaults`. */
export function fillingsOf(files: Files): Fillings {
  let known: Map<string, Filling[]> | undefined
  const read = (): Map<string, Filling[]> => {
    const out = new Map<string, Filling[]>()
    for (const source of files.all) {
      if (!/(^|\/)(group_vars|host_vars|vars|defaults)\/[^.]*(\.ya?ml)?$/.test(source.file)) continue
      for (const document of yamlOf(source).tree.documents)
        for (const { key, value } of entriesOf(document))
          if (value.kind === 'scalar')
            out.set(key.text, [
              ...(out.get(key.text) ?? []),
              { text: value.text, at: { file: source.file, start: key.start, end: value.end } },
            ])
    }
    return out
  }
  return (name) => (known ??= read()).get(name) ?? []
}

const hole = /\{\{-?\s*([A-Za-z_]\w*)\s*(?:\|[^}]*)?-?\}\}/

/** The texts a templated path can be, with what the project gives for its names; the path itself when nothing does. */
export function filled(
  path: string,
  fillings: Fillings,
  depth = 0,
): readonly { readonly text: string; readonly because: readonly Label[] }[] {
  const found = hole.exec(path)
  const ways = found && depth < deepest ? fillings(found[1]!) : []
  if (!found || ways.length === 0) return [{ text: path, because: [] }]
  return ways
    .flatMap((way) =>
      filled(
        path.replace(found[0], () => way.text),
        fillings,
        depth + 1,
      ).map((inner) => ({
        text: inner.text,
        because: [{ at: way.at, says: `${found[1]} is ${way.text}` }, ...inner.because],
      })),
    )
    .slice(0, mostWays)
}
