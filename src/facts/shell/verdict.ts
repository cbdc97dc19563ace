import { collapseOf, type Reach } from './collapse.ts'
import type { Case, Command, Effect } from './script.ts'
import { isStray } from './stray.ts'
import { originsOf, showWay, type Origin, type Part } from './value.ts'

/** What a command does to one path that it names, and what becomes of that path when something is empty. */
export interface Verdict {
  readonly does: Effect['does']
  readonly target: string
  /** It can become another target: rules that ask about this effect speak. */
  readonly speaks: boolean
  /** Why. */
  readonly says: string
}

const reaches: Readonly<Record<Reach, string>> = {
  root: 'everything on the machine',
  bucket: 'everything in the bucket',
  system: 'a system directory',
  home: 'the whole home directory',
  here: 'the working directory',
  above: 'the directory above what was meant',
}

/** The verdicts on a command, each said once. */
export function verdictsOf(command: Command): readonly Verdict[] {
  const out = new Map<string, Verdict>()
  for (const given of command.cases)
    for (const effect of given.effects) {
      const verdict = verdictOn(effect, given, command)
      const key = `${verdict.does} ${verdict.target}`
      // What one path can lose counts, whatever the others say.
      if (verdict.speaks || !out.has(key)) out.set(key, verdict)
    }
  return [...out.values()]
}

function verdictOn(effect: Effect, given: Case, command: Command): Verdict {
  const target = effect.word.fields.map((value) => value.ways.map(showWay).join(' or ')).join(' ') || effect.word.text
  const collapse = collapseOf(effect, given)
  const base = { does: effect.does, target }
  if (collapse) {
    const names = collapse.empty.map((origin) => origin.name).join(' and ')
    const left = collapse.left === '' ? 'no path is left' : `\`${collapse.left}\` is left`
    return { ...base, speaks: true, says: `when ${names} is empty ${left}: ${reaches[collapse.reach]}` }
  }
  const lost = given.directories.find((one) => one.lost)?.lost
  if (lost && isStray(effect, command)) return { ...base, speaks: true, says: `the path is relative, and ${lost.says}` }
  return { ...base, speaks: false, says: whySilent(effect, given) }
}

function whySilent({ word }: Effect, given: Case): string {
  const origins = word.fields.flatMap((value) => originsOf(value))
  if (origins.length === 0) return 'it is the same on every run'
  const open = origins.filter((origin) => /maybe|always/.test(given.knows.empty(origin)))
  if (open.length > 0)
    return harmless(
      word.fields.flatMap((value) => value.ways),
      open,
    )
  const unknown = origins.filter((origin) => given.knows.empty(origin) === 'unknown')
  const names = (some: readonly Origin[]): string => [...new Set(some.map((origin) => origin.name))].join(', ')
  return unknown.length > 0
    ? `what ${names(unknown)} can be is not known, and rules do not guess`
    : `${names(origins)} cannot be empty here`
}

function harmless(ways: readonly (readonly Part[])[], open: readonly Origin[]): string {
  const way = ways.find((one) => one.some((part) => 'of' in part && open.includes(part.of))) ?? []
  const left = showWay(way.filter((part) => !('of' in part && open.includes(part.of))))
  const names = [...new Set(open.map((origin) => origin.name))].join(' and ')
  return left === ''
    ? `when ${names} is empty nothing is left of the path, and the command then touches nothing`
    : `when ${names} is empty \`${left}\` is left, which is neither above what was meant nor a directory of the system`
}
