import type { Call, Tongue } from './call.ts'
import type { Detail, StepKind } from './model.ts'
import { ansible } from './vocabulary/ansible.ts'
import { artifacts } from './vocabulary/artifacts.ts'
import { capistrano } from './vocabulary/capistrano.ts'
import { cloud } from './vocabulary/cloud.ts'
import { compiled } from './vocabulary/compiled.ts'
import { containers } from './vocabulary/containers.ts'
import { databases } from './vocabulary/databases.ts'
import { drupal } from './vocabulary/drupal.ts'
import { files } from './vocabulary/files.ts'
import { github } from './vocabulary/github.ts'
import { laravel } from './vocabulary/laravel.ts'
import { magento } from './vocabulary/magento.ts'
import { node } from './vocabulary/node.ts'
import { nothing } from './vocabulary/nothing.ts'
import { php } from './vocabulary/php.ts'
import { python } from './vocabulary/python.ts'
import { ruby } from './vocabulary/ruby.ts'
import { runners } from './vocabulary/runners.ts'
import { services } from './vocabulary/services.ts'
import { symfony } from './vocabulary/symfony.ts'
import type { Row } from './vocabulary/row.ts'

/** What a call does to a release, and what is known of it; `nothing`: it leaves the release as it is. */
export interface Meaning {
  readonly kind: StepKind | 'nothing'
  readonly detail: Detail
}

/** Every call that is known by name, the narrow ones first. */
export const rows: readonly Row[] = [
  ...laravel,
  ...symfony,
  ...magento,
  ...drupal,
  ...php,
  ...ruby,
  ...python,
  ...compiled,
  ...node,
  ...databases,
  ...services,
  ...containers,
  ...cloud,
  ...artifacts,
  ...files,
  ...runners,
  ...ansible,
  ...capistrano,
  ...github,
  ...nothing,
]

interface Pattern {
  readonly row: Row
  readonly operands: readonly string[]
}

interface Table {
  readonly byName: ReadonlyMap<string, readonly Pattern[]>
  readonly byGlob: readonly { readonly name: string; readonly pattern: Pattern }[]
}

// Made when the first call is looked up: a run that meets no release need not wait for it.
let made: Table | undefined
const expressions = new Map<string, RegExp>()

function tableOf(all: readonly Row[]): Table {
  const byName = new Map<string, Pattern[]>()
  const byGlob: { name: string; pattern: Pattern }[] = []
  for (const row of all) {
    const [names = '', ...operands] = row.call.split(' ')
    const pattern = { row, operands }
    for (const name of names.split('|')) {
      const key = `${row.in ?? 'shell'} ${name}`
      if (name.includes('*')) byGlob.push({ name, pattern })
      else {
        const known = byName.get(key)
        if (known) known.push(pattern)
        else byName.set(key, [pattern])
      }
    }
  }
  return { byName, byGlob }
}

function matches(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*')
  if (star === -1 && !pattern.includes('|')) return pattern === text
  if (star > 0 && !pattern.includes('|') && !text.startsWith(pattern.slice(0, star))) return false
  let expression = expressions.get(pattern)
  if (!expression) {
    const source = pattern.replace(/[.+?^${}()[\]\\]/g, '\\$&').replace(/\*/g, '.*')
    expressions.set(pattern, (expression = new RegExp(`^(?:${source})$`)))
  }
  return expression.test(text)
}

/** What the table says of a call; undefined: nobody knows it. */
export function recognise(call: Call): Meaning | undefined {
  for (const { row, operands } of candidates(call.in, call.name)) {
    if (!operands.every((operand, i) => matches(operand, call.operands[i] ?? ''))) continue
    if (row.when && !row.when(call)) continue
    const { kind, tool, what } = row
    const flags = [...call.options.keys()]
    const detail: Detail = {
      ...(tool ? { tool } : {}),
      ...(what ? { what } : {}),
      ...(call.cwd ? { cwd: call.cwd } : {}),
      ...(flags.length > 0 ? { flags } : {}),
      ...row.detail?.(call),
    }
    return { kind, detail }
  }
  return undefined
}

function candidates(tongue: Tongue, name: string): readonly Pattern[] {
  const { byName, byGlob } = (made ??= tableOf(rows))
  const named = byName.get(`${tongue} ${name}`) ?? []
  const globbed = byGlob.filter((one) => (one.pattern.row.in ?? 'shell') === tongue && matches(one.name, name))
  return globbed.length > 0 ? [...named, ...globbed.map((one) => one.pattern)] : named
}
