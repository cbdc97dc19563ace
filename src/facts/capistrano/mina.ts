import type { Files } from '../../discover/files.ts'
import { rubyText, type RubyNode, type RubyParser } from '../../parse/ruby.ts'
import type { Span, Unread } from '../../source/source.ts'
import { lastOf, listOf, shapeOf, type Meanings } from './values.ts'

/** What a Mina file says: its tasks by full name, its settings, and what it shares. */
export interface MinaProgram {
  readonly file: string
  readonly tasks: ReadonlyMap<string, MinaTask>
  readonly meanings: Meanings
  readonly shared: readonly { readonly text: string; readonly at: Span; readonly file: boolean }[]
  readonly keeps?: { readonly count: number; readonly at: Span }
  readonly errors: readonly Unread[]
}

/** A task: where it is named, and what it does. */
export interface MinaTask {
  readonly name: string
  readonly at: Span
  readonly body: readonly RubyNode[]
}

/** Every `config/deploy.rb` that Mina reads. */
export function minaOf(files: Files, ruby: RubyParser): readonly MinaProgram[] {
  return files.of('capistrano').flatMap((source): readonly MinaProgram[] => {
    if (!/(^|\/)config\/deploy\.rb$/.test(source.file)) return []
    if (!/^\s*require\s*\(?\s*['"]mina\b/m.test(source.text)) return []
    return [programOf(source.file, ruby(source.text))]
  })
}

function programOf(file: string, parsed: ReturnType<RubyParser>): MinaProgram {
  const tasks = new Map<string, MinaTask>()
  const settings = new Map<string, RubyNode>()
  const shared: { text: string; at: Span; file: boolean }[] = []
  let keeps: MinaProgram['keeps']
  const meanings = meaningsOf(settings)

  const walk = (nodes: readonly RubyNode[], namespace: readonly string[], depth: number): void => {
    for (const node of nodes) {
      if (depth > 20) return
      if (node.kind === 'if') walk([...node.then, ...node.else], namespace, depth + 1)
      else if (node.kind === 'begin') walk(node.body, namespace, depth + 1)
      else if (node.kind === 'case') for (const when of node.whens) walk(when.body, namespace, depth + 1)
      if (node.kind !== 'call' || node.receiver) continue
      const block = node.block?.kind === 'block' ? node.block : undefined
      const at = { file, start: node.start, end: node.nameAt.end }
      const first = node.args[0]
      const name = first?.kind === 'hash' ? rubyText(first.pairs[0]?.key) : first && rubyText(first)
      if (name === undefined) continue
      if (node.name === 'namespace' && block) walk(block.body, [...namespace, name], depth + 1)
      if (node.name === 'task' && block) {
        const full = [...namespace, name].join(':')
        tasks.set(full, { name: full, at: { ...at, end: first!.end }, body: block.body })
      }
      if (node.name !== 'set' || !node.args[1]) continue
      settings.set(name, node.args[1])
      if (/^shared_(paths|dirs|files)$/.test(name)) shared.push(...itemsIn(node.args[1], name === 'shared_files', file))
      const count = Number(rubyText(node.args[1]) ?? shapeOf(node.args[1], meanings))
      if (name === 'keep_releases' && Number.isInteger(count))
        keeps = { count, at: { file, start: node.start, end: node.end } }
    }
  }
  walk(parsed.tree, [], 0)
  return { file, tasks, meanings, shared, errors: parsed.errors, ...(keeps ? { keeps } : {}) }
}

/** `fetch(:shared_dirs, []).push('a', 'b')` and `['a', 'b']`. */
function itemsIn(value: RubyNode, isFile: boolean, file: string): { text: string; at: Span; file: boolean }[] {
  const grown = value.kind === 'call' && /^(push|concat|\+|append)$/.test(value.name) ? value.args : [value]
  return grown.flatMap((node) =>
    (listOf(node) ?? []).flatMap((item) => {
      const text = rubyText(item)
      return text === undefined ? [] : [{ text, at: { file, start: item.start, end: item.end }, file: isFile }]
    }),
  )
}

/** Names and settings of Mina 1, and of versions before it, where settings are methods. */
function meaningsOf(settings: ReadonlyMap<string, RubyNode>): Meanings {
  const open = new Set<string>()
  const setting = (asked: string): string | undefined => {
    const name = asked.replace(/[!?]$/, '')
    if (open.has(name) || open.size > 20) return undefined
    const value = settings.get(name)
    const last = value && lastOf(value)
    if (!last) return usual(name)
    open.add(name)
    const shape = shapeOf(last, meanings)
    open.delete(name)
    return shape.includes('$…') ? `$${name}` : shape
  }
  const usual = (name: string): string | undefined => {
    const base = (): string => setting('deploy_to') ?? '$deploy_to'
    switch (name) {
      case 'current_path':
      case 'shared_path':
        return `${base()}/${name.slice(0, -'_path'.length)}`
      case 'releases_path':
        return `${base()}/releases`
      case 'release_path':
        return `${base()}/releases/$version`
      case 'bundle_prefix':
        return 'bundle exec'
      case 'bundle_bin':
        return 'bundle'
      case 'rake':
      case 'rails':
        return `bundle exec ${name}`
      default:
        return undefined
    }
  }
  const meanings: Meanings = { bound: new Map(), setting, list: () => undefined }
  return meanings
}
