import { factsOf } from '../../../src/rule/facts.ts'
import type { Command, Script } from '../../../src/facts/shell/script.ts'
import { showWay, type Certainty, type Part } from '../../../src/facts/shell/value.ts'

/** A script, and other files beside it, as interpreted. */
export function scriptOf(text: string, beside: Readonly<Record<string, string>> = {}): Script {
  const others = Object.entries(beside).map(([file, content]) => ({ file, text: content }))
  const facts = factsOf({ files: [{ file: 'deploy.sh', text }, ...others] })
  return facts.all('script').find((script) => script.site.file === 'deploy.sh')!
}

/** The last `rm` of a script: the one that a test asks about. */
export function lastDelete(text: string, beside?: Readonly<Record<string, string>>): Command | undefined {
  return scriptOf(text, beside)
    .commands.filter((command) => command.name === 'rm')
    .at(-1)
}

/** What the target of the last `rm` can be on any path, unknown parts by name, and `!` behind one that can be empty; undefined: it is not reached. */
export function targetOf(text: string, beside?: Readonly<Record<string, string>>): string | undefined {
  const command = lastDelete(text, beside)
  if (!command) return undefined
  const ways = command.cases.flatMap((given) =>
    given.effects.flatMap((effect) =>
      effect.word.fields.flatMap((value) =>
        value.ways.map((way) => showWay(way) + mark(emptinessOf(way, given.knows.empty))),
      ),
    ),
  )
  return [...new Set(ways)].sort().join(' | ')
}

const mark = (empty: Certainty): string => (empty === 'never' ? '' : empty === 'unknown' ? '?' : '!')

function emptinessOf(way: readonly Part[], of: (origin: Extract<Part, { of: unknown }>['of']) => Certainty): Certainty {
  const found = way.map((part): Certainty => ('of' in part ? of(part.of) : part.text === '' ? 'always' : 'never'))
  if (found.includes('never')) return 'never'
  if (found.includes('unknown')) return 'unknown'
  return found.includes('maybe') ? 'maybe' : 'always'
}

/** Where the last `rm` may stand; `?` behind a place where a `cd` went astray. */
export function standsIn(text: string): string {
  const places = lastDelete(text)!.cases.flatMap((given) => given.directories)
  return [...new Set(places.map((one) => showWay(one.way) + (one.lost ? '?' : '')))].sort().join(' | ')
}
