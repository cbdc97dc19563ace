import type { Files } from '../../discover/files.ts'
import { tokensOf, type Token } from '../../parse/tokens.ts'
import { entriesOf, itemsOf, at, textAt, yamlOf, type YamlNode } from '../../parse/yaml.ts'
import type { Source, Span } from '../../source/source.ts'

/** One application of a pm2 ecosystem file. */
export interface Pm2App {
  readonly name?: string
  /** What it starts and where, as far as it is written out; `open`: some of it is computed. */
  readonly script?: string
  readonly cwd?: string
  readonly open?: true
  readonly at: Span
}

/** A file that pm2 starts applications from. */
export interface Ecosystem {
  readonly file: string
  readonly apps: readonly Pm2App[]
}

const called = /(^|\/)(ecosystem|pm2|process)[\w.-]*\.([cm]?js|json|ya?ml)$/
const known = new WeakMap<Files, readonly Ecosystem[]>()

/** The ecosystem files of a project. */
export function ecosystemsOf(files: Files): readonly Ecosystem[] {
  let found = known.get(files)
  if (!found) known.set(files, (found = read(files)))
  return found
}

function read(files: Files): readonly Ecosystem[] {
  return files.all.flatMap((source): readonly Ecosystem[] => {
    if (!called.test(source.file) || /(^|\/)(node_modules|vendor)\//.test(source.file)) return []
    if (source.text.length > 200_000 || !/\bscript\b/.test(source.text)) return []
    const apps = /ya?ml$/.test(source.file) ? fromYaml(source) : fromCode(source)
    return apps.length > 0 ? [{ file: source.file, apps }] : []
  })
}

function fromYaml(source: Source): readonly Pm2App[] {
  const { documents } = yamlOf(source).tree
  return documents.flatMap((root) =>
    itemsOf(at(root, 'apps')).flatMap((node: YamlNode): readonly Pm2App[] => {
      if (entriesOf(node).length === 0) return []
      const [name, script, cwd] = ['name', 'script', 'cwd'].map((key) => textAt(node, key))
      const place = { file: source.file, start: node.start, end: node.end }
      return script === undefined ? [] : [appOf({ name, script, cwd }, false, place)]
    }),
  )
}

type Fields = Readonly<Record<'name' | 'script' | 'cwd', string | undefined>>

function appOf({ name, script, cwd }: Fields, open: boolean, place: Span): Pm2App {
  return {
    ...(name === undefined ? {} : { name }),
    ...(script === undefined ? {} : { script }),
    ...(cwd === undefined ? {} : { cwd }),
    ...(open ? { open: true as const } : {}),
    at: place,
  }
}

interface Opened {
  readonly start: number
  readonly fields: Map<string, string | undefined>
  open: boolean
  /** Where it says what it starts. */
  script?: { readonly start: number; readonly end: number }
}

/** Objects of JavaScript or JSON that have a `script`: what is no plain string there is computed. */
function fromCode(source: Source): readonly Pm2App[] {
  const { tokens } = tokensOf(source.text, 'javascript')
  const stack: Opened[] = []
  const out: Pm2App[] = []
  tokens.forEach((token, i) => {
    if (token.text === '{') stack.push({ start: token.start, fields: new Map(), open: false })
    const top = stack.at(-1)
    if (!top) return
    if (token.text === '...') top.open = true
    if (tokens[i + 1]?.text === ':' && token.kind !== 'mark') {
      const key = plain(token) ?? token.text
      const value = tokens[i + 2]
      const whole = /^[,}]$/.test(tokens[i + 3]?.text ?? '}')
      if (/^(name|script|cwd)$/.test(key)) top.fields.set(key, value && whole ? plain(value) : undefined)
      if (key === 'script' && value) top.script = { start: token.start, end: value.end }
    } else if (/^(cwd|script)$/.test(token.text) && /^[,}]$/.test(tokens[i + 1]?.text ?? '')) top.open = true
    if (token.text !== '}') return
    stack.pop()
    if (!top.fields.has('script')) return
    const open = top.open || [...top.fields].some(([key, value]) => key !== 'name' && value === undefined)
    const [name, script, cwd] = ['name', 'script', 'cwd'].map((key) => top.fields.get(key))
    const place = top.script ?? { start: top.start, end: token.end }
    out.push(appOf({ name, script, cwd }, open, { file: source.file, ...place }))
  })
  return out
}

function plain(token: Token): string | undefined {
  if (token.kind !== 'string' && token.kind !== 'template') return undefined
  return token.parts?.some((part) => part.kind === 'code') ? undefined : token.text.slice(1, -1)
}
