import { rubyText, type RubyNode } from '../../parse/ruby.ts'
import type { Span } from '../../source/source.ts'
import type { CapistranoProgram, Setting } from './program.ts'
import { lastOf, listOf, shapeOf, type Bindings, type Meanings } from './values.ts'

/** A list's item and where it is written. */
export interface Item {
  readonly text: string
  readonly at: Span
}

/** What the settings of a program come to. */
export interface CapistranoSettings {
  /** The names and settings as an expression sees them. */
  meanings(bound?: Bindings): Meanings
  /** The items of a list setting after every `set`, `append` and `remove`; `whole`: nothing in it is unknown. */
  list(name: string): { readonly items: readonly Item[]; readonly whole: boolean; readonly set: boolean }
  /** The last `set` of a name: the stages' files come after `deploy.rb`. */
  last(name: string): Setting | undefined
}

/** Reads a program's settings; of a program with stages, those of the stage that it is read as. */
export function settingsOf(program: CapistranoProgram): CapistranoSettings {
  const own = program.settings.filter((one) => one.stage === undefined || one.stage === program.stage)
  const last = (name: string): Setting | undefined =>
    own.findLast((one) => one.name === name && one.how === 'set') ?? own.findLast((one) => one.name === name)
  const open = new Set<string>()

  const text = (name: string): string | undefined => {
    if (open.has(name) || open.size > 20) return undefined
    const found = last(name)
    const value = found?.value && lastOf(found.value)
    if (!value || found?.how === 'append') return pathText(name)
    if (value.kind === 'array' || value.kind === 'hash') return undefined
    open.add(name)
    const shape = shapeOf(value, meanings())
    open.delete(name)
    return shape.includes('$…') ? `$${name}` : shape.replace(/([^:])\/{2,}/g, '$1/').replace(/(.)\/$/, '$1')
  }

  const pathText = (name: string): string | undefined => {
    const base = (): string => text('deploy_to') ?? '$deploy_to'
    const directory = (setting: string, usual: string): string =>
      `${base()}/${own.some((one) => one.name === setting) ? (text(setting) ?? usual) : usual}`
    switch (name) {
      case 'deploy_path':
        return base()
      case 'deploy_to':
        if (own.some((one) => one.name === 'deploy_to')) return '$deploy_to'
        return `${program.version === 2 ? '/u/apps' : '/var/www'}/${text('application') ?? '$application'}`
      case 'current_path':
        return directory(program.version === 2 ? 'current_dir' : 'current_directory', 'current')
      case 'releases_path':
        return directory(program.version === 2 ? 'version_dir' : 'releases_directory', 'releases')
      case 'shared_path':
        return directory(program.version === 2 ? 'shared_dir' : 'shared_directory', 'shared')
      case 'release_path':
      case 'latest_release':
      case 'current_release':
        return `${pathText('releases_path')}/$release`
      case 'previous_release':
        return `${pathText('releases_path')}/$previous`
      case 'repo_path':
        return `${base()}/repo`
      case 'try_sudo':
      case 'sudo':
        return ''
      default:
        return undefined
    }
  }

  const meanings = (bound: Bindings = new Map()): Meanings => ({
    bound,
    setting: text,
    list: (name) => {
      const found = listing(name)
      return found.set && found.whole ? found.items.map((item) => item.text) : undefined
    },
  })

  const listing = (name: string): ReturnType<CapistranoSettings['list']> => {
    let items: Item[] = []
    let whole = true
    let set = false
    for (const one of own.filter((other) => other.name === name)) {
      const nodes = one.how === 'set' || one.how === 'default' ? (one.value ? [one.value] : []) : one.items
      const added = nodes.map((node) => itemsIn(node as RubyNode, name, one.at.file))
      const known = added.flatMap((part) => part.items)
      if (added.some((part) => !part.whole)) whole = false
      const grows = added.some((part) => part.grows)
      if (one.how === 'remove') items = items.filter((item) => !known.some((gone) => gone.text === item.text))
      else if (one.how === 'append' || grows) items = [...items, ...known]
      else {
        items = known
        whole = added.every((part) => part.whole)
      }
      set = true
    }
    return { items, whole, set }
  }

  // `fetch(:linked_dirs, []).push('a')`, `fetch(:linked_dirs) + %w[a]` grow what was set before.
  const itemsIn = (
    node: RubyNode,
    name: string,
    file: string,
  ): { items: readonly Item[]; whole: boolean; grows: boolean } => {
    const value = lastOf(node) ?? node
    const one = (inner: RubyNode): Item[] => {
      const text = shapeOf(inner, meanings())
      return [{ text, at: { file, start: inner.start, end: inner.end } }]
    }
    const listed = listOf(value)
    if (listed) return { items: listed.flatMap(one), whole: true, grows: false }
    if (value.kind === 'call') {
      if (value.name === 'fetch' && rubyText(value.args[0]) === name) return { items: [], whole: true, grows: true }
      if (!value.receiver && value.args.length === 0 && value.name === name)
        return { items: [], whole: true, grows: true }
      if (value.receiver && /^(push|concat|append|\+|\||<<|union|uniq|compact|flatten|dup|to_a)$/.test(value.name)) {
        const parts = [value.receiver, ...value.args].map((part) => itemsIn(part, name, file))
        return {
          items: parts.flatMap((part) => part.items),
          whole: parts.every((part) => part.whole),
          grows: parts.some((part) => part.grows),
        }
      }
    }
    if (value.kind === 'splat' && value.of) return itemsIn(value.of, name, file)
    return { items: [], whole: false, grows: false }
  }

  return { meanings, list: listing, last }
}
