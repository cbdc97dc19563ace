import type { CommandStory, LineStory, OriginStory, WordStory } from '../facts/shell/explain.ts'
import { lineStarts, positionOf, type Span } from '../source/source.ts'
import { harmless } from './cells.ts'
import { wrap } from './frame.ts'
import type { Shown } from './report.ts'
import { findingLines, type TextView } from './text.ts'

/** What is told of a line beside its shell: findings there, and what of the line could not be read. */
export interface Explained {
  readonly story: LineStory
  /** The file as a person here would name it. */
  name(file: string): string
  /** Findings whose place or trail touches the line. */
  readonly found: readonly Shown[]
  readonly unread: readonly string[]
}

/** The story of one line for a person at a terminal. */
export function explainText({ story, name, found, unread }: Explained, view: TextView): string {
  const teller = tellerOf(story.file, name, view)
  const out: string[] = []
  const text = teller.lineOf(story.file, story.line).trim()
  out.push(`${view.paint('strong', `${harmless(name(story.file))}:${story.line}`)}  ${harmless(text)}`)
  let stood = ''
  for (const command of story.commands) {
    const stands = JSON.stringify(command.directories)
    out.push('', ...commandLines(command, teller, view, stands !== stood))
    if (command.kind === 'command') stood = stands
  }
  if (story.commands.length === 0) out.push('', '  No shell command stands on this line.')
  for (const reason of unread) out.push('', `  ${view.paint('warning', 'not read:')} ${harmless(reason)}`)
  out.push('')
  if (found.length === 0) out.push(`  ${view.paint('good', 'No rule speaks of this line.')}`)
  for (const one of found) out.push(...findingLines(one, view, false), '')
  return out
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n*$/, '\n')
}

interface Teller {
  lineOf(file: string, line: number): string
  /** `line 3`, or `lib.sh:3` in another file. */
  where(at: Span): string
}

function tellerOf(own: string, name: (file: string) => string, view: TextView): Teller {
  const starts = new Map<string, { readonly text: string; readonly lines: readonly number[] }>()
  const of = (file: string): { readonly text: string; readonly lines: readonly number[] } => {
    let known = starts.get(file)
    if (!known) {
      const text = view.text(file) ?? ''
      starts.set(file, (known = { text, lines: lineStarts(text) }))
    }
    return known
  }
  return {
    lineOf: (file, line) => {
      const { text, lines } = of(file)
      return text.slice(lines[line - 1] ?? 0, lines[line] ?? text.length).replace(/\r?\n$/, '')
    },
    where: (at) => {
      const line = positionOf(of(at.file).lines, at.start).line
      return at.file === own ? `line ${line}` : `${harmless(name(at.file))}:${line}`
    },
  }
}

function commandLines(story: CommandStory, teller: Teller, view: TextView, stands: boolean): readonly string[] {
  const { paint } = view
  const out = [`  ${paint('strong', harmless(story.text))}`]
  const fact = (name: string, says: string): void => {
    const [first = '', ...rest] = wrap(harmless(says), Math.max(30, view.width - 15))
    out.push(`    ${paint('dim', name.padEnd(10))} ${first}`, ...rest.map((line) => ' '.repeat(15) + line))
  }
  fact('runs', runsOf(story))
  if (story.via.length > 0) fact('reached', reachedBy(story, teller))
  if (story.kind === 'command' && stands)
    for (const one of story.directories)
      fact(
        'stands in',
        (one.shown === '' ? 'the directory in which it was started' : one.shown) +
          (one.lost ? `: ${one.lost.says} (${teller.where(one.lost.at)})` : ''),
      )
  for (const word of story.words) out.push(...wordLines(word, teller, view))
  for (const verdict of story.verdicts)
    fact(verdict.speaks ? 'collapses' : 'silent', `${verdict.does} \`${verdict.target}\`: ${verdict.says}`)
  if (story.kind === 'command' && story.verdicts.length === 0)
    fact('silent', 'it deletes, replaces, moves or owns no path that the rules know of')
  return out
}

function runsOf(story: CommandStory): string {
  const when = { always: 'always', sometimes: 'under a condition or in a loop', 'after a failure': 'after a failure' }
  const names: Readonly<Record<string, string>> = { errexit: 'set -e', nounset: 'set -u', pipefail: 'pipefail' }
  const on = story.options.map((option) => names[option] ?? option)
  const failing =
    story.failing === undefined
      ? 'something asks whether it fails'
      : story.failing === 'stops'
        ? 'the script stops when it fails'
        : 'the script goes on when it fails'
  const host = story.host === 'here' ? '' : ` on ${story.host}`
  return `${when[story.runs]}${host}, in ${story.dialect}${on.length > 0 ? ` with ${on.join(', ')}` : ''}; ${failing}`
}

function reachedBy(story: CommandStory, teller: Teller): string {
  const way = story.via.map((label) => `${label.says} (${teller.where(label.at)})`).join(', then ')
  return story.calls > 1 ? `${way}; ${story.calls - 1} more ways with the same outcome` : way
}

function wordLines(word: WordStory, teller: Teller, view: TextView): readonly string[] {
  const { paint } = view
  const ways = word.ways.map((way) => (way === '' ? 'nothing' : way))
  const shown = ways.join(paint('dim', ' or '))
  const many = word.many ? paint('dim', ' (none, one or many arguments)') : ''
  const out = [`    ${paint('trail', harmless(word.text))}`]
  if (word.ways.length !== 1 || word.ways[0] !== unquoted(word.text) || word.many)
    out.push(`        is ${harmless(shown)}${many}`)
  for (const label of word.because)
    out.push(`        ${harmless(label.says)} ${paint('dim', `(${teller.where(label.at)})`)}`)
  for (const origin of word.unknown) out.push(...originLines(origin, teller, view, 8))
  return out
}

const unquoted = (text: string): string => text.replace(/^"(.*)"$/s, '$1')

function originLines(origin: OriginStory, teller: Teller, view: TextView, indent: number): readonly string[] {
  const { paint } = view
  const pad = ' '.repeat(indent)
  const said = saidOf(origin, teller)
  const mark =
    origin.empty === 'maybe' || origin.empty === 'always' ? 'error' : origin.empty === 'never' ? 'good' : 'warning'
  const room = Math.max(30, view.width - indent - 2)
  const [first = '', ...rest] = wrap(harmless(said), room)
  const out = [
    `${pad}${paint(mark, origin.name)}${first.slice(origin.name.length)}`,
    ...rest.map((line) => `${pad}  ${line}`),
  ]
  for (const guard of origin.almost)
    out.push(
      ...wrap(harmless(`no proof: ${guard.says} (${teller.where(guard.at)})`), room - 2).map(
        (line) => `${pad}  ${line}`,
      ),
    )
  for (const inner of origin.madeOf) out.push(...originLines(inner, teller, view, indent + 2))
  return out
}

function saidOf(origin: OriginStory, teller: Teller): string {
  const where = ` (${teller.where(origin.at)})`
  switch (origin.empty) {
    case 'never':
      if (!origin.proved) return `${origin.name} is never empty${never(origin)}`
      return origin.name === `$(${origin.proved.says})`
        ? `${origin.name} is not empty: it has succeeded on every way here (${teller.where(origin.proved.at)})`
        : `${origin.name} is not empty: \`${origin.proved.says}\` proves it (${teller.where(origin.proved.at)})`
    case 'always':
      return `${origin.name} is empty on every way here${where}`
    case 'maybe':
      return `${origin.name} can be empty: it ${origin.how || 'is not set by anything read here'}${where}`
    case 'unknown':
      return `${origin.name} is not known: it ${origin.how || 'comes from what was not read'}${where}`
  }
}

const reasons: Readonly<Partial<Record<OriginStory['kind'], string>>> = {
  environment: ': every login sets it, or the settings say so',
  loop: ': it is a word of the loop',
  number: ': it is a number',
  substitution: ': the command prints something whenever it succeeds',
}

function never(origin: OriginStory): string {
  return /^is empty when `(.*)` fails$/.test(origin.how) ? ': the command has succeeded' : (reasons[origin.kind] ?? '')
}

/** The findings that touch a line, by the places that reports show. */
export function findingsAt(found: readonly Shown[], file: string, line: number): readonly Shown[] {
  const here = (place: { readonly file: string; readonly line: number; readonly endLine: number }): boolean =>
    place.file === file && place.line <= line && line <= place.endLine
  return found.filter((one) => here(one) || one.because.some(here))
}
