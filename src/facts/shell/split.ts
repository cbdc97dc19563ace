import type { Label } from '../../source/source.ts'
import type { Edit, Fix } from '../../source/edit.ts'
import type { Case, Command, Script, Word } from './script.ts'
import type { Origin, Part } from './value.ts'

/** A recursive delete that takes a value from outside apart at its blanks. */
export interface SplitTarget {
  readonly command: Command
  readonly origin: Origin
  /** The command line as it runs when the value is two words. */
  readonly runs: string
  readonly because: readonly Label[]
  readonly fixes: readonly Fix[]
}

/** The deletes of a script whose target is split when what somebody gives or types has a blank in it. */
export function* splitTargets(script: Script): Iterable<SplitTarget> {
  for (const command of script.commands) {
    const found = calledByNobody(command) ? undefined : firstSplit(command)
    if (found && !isChecked(script, found.origin, found.word)) yield tell(command, found)
  }
}

// What nothing here calls is called with what nobody here can know.
const calledByNobody = ({ via, piece }: Command): boolean =>
  via[0] !== undefined &&
  (/^\s*\(\s*\)/.test(piece.text.slice(via[0].at.end)) || /\bfunction\s+$/.test(piece.text.slice(0, via[0].at.start)))

interface Found {
  readonly word: Word
  readonly way: readonly Part[]
  readonly origin: Origin
  readonly given: Case
}

function firstSplit(command: Command): Found | undefined {
  for (const given of command.cases)
    for (const effect of given.effects) {
      if (effect.does !== 'deletes' || !effect.tree || /["'].*\$.*["']/.test(effect.word.text)) continue
      for (const value of effect.word.fields)
        for (const way of value.ways)
          for (const [i, part] of way.entries())
            if ('of' in part && part.bare && isOutside(part.of) && beginsName(way[i - 1]))
              return { word: effect.word, way, origin: part.of, given }
    }
  return undefined
}

// `app-$version`: what is cut off there is still a name that nobody else has.
const beginsName = (before: Part | undefined): boolean =>
  before === undefined || (!('of' in before) && /(^|\/)$/.test(before.text))

// What a person typed or another program handed over. Variables of the environment are the machine's own, and paths of the system have no blanks.
const isOutside = (origin: Origin): boolean =>
  (origin.kind === 'read' || origin.kind === 'parameter') && origin.splits !== 'never'

// A pattern that the value was held against is taken to forbid blanks.
function isChecked(script: Script, origin: Origin, word: Word): boolean {
  if (script.commands.some((command) => /valid|verif|sanit|format/i.test(command.name ?? ''))) return true
  const names = [
    origin.name,
    ...(/\$\{?(\w+)/
      .exec(word.text)
      ?.slice(1)
      .map((name) => `$${name}`) ?? []),
  ]
  // Lines of a list are not typed by anybody.
  if (origin.kind === 'read' && /\b(while|until)\b[^\n]*\bread\b/.test(script.site.piece.text)) return true
  const any = names.map((name) => `\\$\\{?${name.slice(1).replace(/\W/g, '\\$&')}\\b`).join('|')
  return new RegExp(
    `(\\bcase\\s+["']?(${any})|(${any})["}']*\\s*=~|(${any})["}']*\\s*\\|\\s*(grep|tr)\\b|<<<\\s*["']?(${any}))`,
  ).test(script.site.piece.text)
}

function tell(command: Command, { word, way, origin, given }: Found): SplitTarget {
  const target = way.map((part) => ('of' in part ? (part.of === origin ? 'a b' : part.of.name) : part.text)).join('')
  const own = word.start >= command.start && word.end <= command.end
  const head = own ? command.text.slice(0, word.start - command.start) : `${command.text} `
  const tail = own ? command.text.slice(word.end - command.start) : ''
  return {
    command,
    origin,
    runs: `${head}${target}${tail}`.replace(/\s+/g, ' ').trim(),
    because: [
      { at: origin.at, says: `${origin.name} ${origin.how}` },
      ...word.fields.flatMap((value) => value.because),
      ...given.knows.guards(origin),
      ...command.via,
    ],
    fixes: own ? quoted(command, word) : [],
  }
}

function quoted(command: Command, word: Word): readonly Fix[] {
  const edits: Edit[] = []
  for (const match of word.text.matchAll(/\$(\{\w+\}|\w+|[@*])/g)) {
    const start = word.start + match.index
    const text = match[0] === '$*' ? '$@' : match[0]
    const edit = command.piece.edit(start, start + match[0].length, `"${text}"`)
    if (!edit) return []
    edits.push(edit)
  }
  return edits.length > 0
    ? [{ title: `quote it: ${edits.map((edit) => edit.text).join(', ')}`, safety: 'unsafe', edits }]
    : []
}
