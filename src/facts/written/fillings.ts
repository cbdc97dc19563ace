import type { Files } from '../../discover/files.ts'
import { parseDockerfile } from '../../parse/dockerfile.ts'
import { entriesOf, itemsOf, yamlOf, type YamlNode } from '../../parse/yaml.ts'
import { spanOf, wholeFile } from '../../source/piece.ts'
import type { Label, Source, Span } from '../../source/source.ts'

/** One text that a name of a template can stand for, and where the project says so. */
export interface Filling {
  readonly text: string
  readonly at: Span
}

/** What the project gives for the names of its templates: Ansible's variables, and the environment of images and compose files. */
export interface Fillings {
  of(name: string): readonly Filling[]
}

/** A path with names put in, and what said so. */
export interface Filled {
  readonly text: string
  readonly because: readonly Label[]
}

const deepest = 5
const mostWays = 12
const mostNodes = 5000

type Put = (name: string, text: string, at: Span) => void

/** Reads `group_vars`, `host_vars`, `vars`, `defaults`, `.env` files, compose environments and a Dockerfile's ENV, when first asked. */
export function fillingsOf(files: Files): Fillings {
  let known: Map<string, Filling[]> | undefined
  const read = (): Map<string, Filling[]> => {
    const out = new Map<string, Filling[]>()
    const put: Put = (name, text, at) => void out.set(name, [...(out.get(name) ?? []), { text, at }])
    for (const source of files.all) {
      if (/(^|\/)(group_vars|host_vars|vars|defaults)\/([^/]+\/)?[^./]*(\.ya?ml)?$/.test(source.file))
        variables(source, put)
      else if (/(^|\/)\.?env(\.[\w.-]+)?$|(^|\/)\.?env\/(.*\/)?[\w.-]+$|\.env$/.test(source.file))
        environment(source, put)
    }
    for (const source of files.of('compose', 'yaml')) if (/environment\s*:/.test(source.text)) composed(source, put)
    for (const source of files.of('dockerfile')) built(source, put)
    return out
  }
  return { of: (name) => (known ??= read()).get(name) ?? [] }
}

function variables(source: Source, put: Put): void {
  for (const document of yamlOf(source).tree.documents)
    for (const { key, value } of entriesOf(document))
      if (value.kind === 'scalar') put(key.text, value.text, { file: source.file, start: key.start, end: value.end })
}

const pair = /^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)=(?:"([^"\n]*)"|'([^'\n]*)'|([^\n#]*))/gm

function environment({ file, text }: Source, put: Put): void {
  if (text.length > 200_000) return
  for (const found of text.matchAll(pair))
    put(found[1]!, (found[2] ?? found[3] ?? found[4] ?? '').trim(), {
      file,
      start: found.index,
      end: found.index + found[0].length,
    })
}

function composed(source: Source, put: Put): void {
  const { file } = source
  const open: YamlNode[] = [...yamlOf(source).tree.documents]
  for (let seen = 0; open.length > 0 && seen < mostNodes; seen++) {
    const node = open.pop()!
    for (const { key, value } of entriesOf(node)) {
      open.push(value)
      if (key.text !== 'environment') continue
      for (const one of entriesOf(value))
        if (one.value.kind === 'scalar')
          put(one.key.text, one.value.text, { file, start: one.key.start, end: one.value.end })
      for (const item of itemsOf(value)) {
        const said = item.kind === 'scalar' ? /^(\w+)=(.*)$/s.exec(item.text) : null
        if (said) put(said[1]!, said[2]!, { file, start: item.start, end: item.end })
      }
    }
    open.push(...itemsOf(node))
  }
}

function built(source: Source, put: Put): void {
  if (!/^\s*(ENV|ARG)\b/im.test(source.text)) return
  for (const { name, rest } of parseDockerfile(wholeFile(source.file, source.text)).tree) {
    if (name !== 'ENV' && name !== 'ARG') continue
    const single = name === 'ENV' ? /^\s*(\w+)\s+([^=\n]+)$/.exec(rest.text) : null
    const at = (start: number, end: number): Span => spanOf(rest, start, end)
    if (single) put(single[1]!, single[2]!.trim(), at(0, rest.text.length))
    else
      for (const found of rest.text.matchAll(/(\w+)=(?:"([^"]*)"|'([^']*)'|(\S*))/g))
        put(found[1]!, found[2] ?? found[3] ?? found[4] ?? '', at(found.index, found.index + found[0].length))
  }
}

const hole = /\{\{-?\s*([A-Za-z_]\w*)\s*(?:\|[^}]*)?-?\}\}|\$\{([A-Za-z_]\w*)(?::?-[^}]*)?\}/

/** The texts a templated path can be, with what the project gives for its names; the path itself when nothing does. */
export function filled(path: string, fillings: Fillings, used: readonly Filling[] = []): readonly Filled[] {
  const found = hole.exec(path)
  const name = found?.[1] ?? found?.[2]
  const ways =
    name === undefined || used.length >= deepest ? [] : fillings.of(name).filter((way) => !used.includes(way))
  if (!found || ways.length === 0) return [{ text: path, because: [] }]
  return ways
    .flatMap((way) =>
      filled(
        path.replace(found[0], () => way.text),
        fillings,
        [...used, way],
      ).map((inner) => ({
        text: inner.text,
        because: [{ at: way.at, says: `${name} is ${way.text}` }, ...inner.because],
      })),
    )
    .slice(0, mostWays)
}
