import type { Label } from '../../source/source.ts'
import type { Edit, Fix } from '../../source/edit.ts'
import { collapseOf, type Collapse, type Reach } from './collapse.ts'
import type { Case, Command, Effect, Script } from './script.ts'
import { showWay, textOf, type Origin, type Part } from './value.ts'

/** A command whose target collapses: what a rule reports. */
export interface EmptyTarget {
  readonly at: Command['at']
  readonly says: string
  readonly because: readonly Label[]
  readonly fixes: readonly Fix[]
}

/**
 * The commands of a script that do one of these things to a target that can collapse. What people paste line by line is asked for
 * apart: there every variable may be gone, and one rule speaks of it.
 */
export function* emptyTargets(
  script: Script,
  counts: (effect: Effect) => boolean,
  how: 'run' | 'pasted' = 'run',
): Iterable<EmptyTarget> {
  if (script.site.shell.interactive !== (how === 'pasted')) return
  for (const command of script.commands) {
    const found = worst(command, counts)
    if (found)
      yield {
        at: command.at,
        says: says(command, found.collapse),
        because: trail(command, found),
        fixes: fixes(command, found.collapse),
      }
  }
}

interface Found {
  readonly collapse: Collapse
  readonly given: Case
}

function worst(command: Command, counts: (effect: Effect) => boolean): Found | undefined {
  for (const given of command.cases) {
    for (const effect of given.effects) {
      if (!counts(effect)) continue
      const collapse = collapseOf(effect, given)
      if (collapse && isNamed(collapse, given)) continue
      if (collapse && !isIntoItself(effect, collapse, given)) return { collapse, given }
    }
  }
  return undefined
}

// The directory above is a target of this very command: nothing more is lost.
function isNamed({ reach, left, empty }: Collapse, given: Case): boolean {
  const plain = (path: string): string => path.replace(/\/+/g, '/').replace(/\/\*?$/, '')
  const path = plain(left)
  return (
    reach === 'above' &&
    given.effects.some(({ does, word }) =>
      word.fields.some(
        (value) =>
          does !== 'reads' &&
          value.ways.some(
            (way) => !way.some((part) => 'of' in part && empty.includes(part.of)) && plain(showWay(way)) === path,
          ),
      ),
    )
  )
}

// `mv /opt/ /opt/jdk`: nothing is moved into what it holds.
function isIntoItself({ does }: Effect, { left }: Collapse, given: Case): boolean {
  const way = given.words[given.words.length - 1]?.fields[0]?.ways[0]
  return does === 'moves' && left.endsWith('/') && way !== undefined && showWay(way).startsWith(left)
}

/** Whatever a command does to a tree but read it. */
export const changesMuch = (effect: Effect): boolean => effect.does !== 'reads' && (effect.tree || globbed(effect))

/** A delete of a tree, or of all that a glob matches. */
export const deletesMuch = (effect: Effect): boolean => effect.does === 'deletes' && (effect.tree || globbed(effect))

const ownsMuch = (effect: Effect): boolean => effect.does === 'owns' && effect.tree

const globbed = (effect: Effect): boolean =>
  effect.word.fields.some((value) => value.ways.some((way) => way.some((part) => !('of' in part) && part.glob)))

const reaches: Readonly<Record<Reach, string>> = {
  root: 'everything on the machine',
  bucket: 'everything in the bucket',
  system: 'a system directory',
  home: 'the whole home directory',
  here: 'whatever lies in the working directory',
  above: 'the directory above, with all that lies beside the target',
}

function says(command: Command, collapse: Collapse): string {
  const names = collapse.empty.map((origin) => origin.name)
  const list = names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]!}`
  const runs = asItRuns(command, collapse)
  return `when ${list} ${names.length === 1 ? 'is' : 'are'} empty this runs \`${runs}\`: ${reaches[collapse.reach]}`
}

/** The command line as it runs when the origins are empty. */
function asItRuns(command: Command, collapse: Collapse): string {
  const head = command.text.slice(0, Math.max(0, collapse.word.start - command.start))
  const tail = command.text.slice(Math.max(0, collapse.word.end - command.start))
  const own = collapse.word.start >= command.start && collapse.word.end <= command.end
  // `find . -delete`, `git clean`: the directory that the shell stands in is the target.
  const whole = collapse.word.start <= command.start && collapse.word.end >= command.end
  const text = whole
    ? `${command.text} (in ${collapse.left})`
    : own
      ? head + collapse.left + tail
      : `${command.text} ${collapse.left}`
  return text.replace(/\s+/g, ' ').trim()
}

function trail(command: Command, { collapse, given }: Found): readonly Label[] {
  const labels: Label[] = []
  for (const origin of collapse.empty) {
    labels.push(birth(origin))
    for (const value of collapse.word.fields) labels.push(...value.because)
    labels.push(...given.knows.guards(origin))
  }
  return unique([...labels, ...command.via]).filter(
    (label) =>
      label.at.file !== command.at.file || label.at.start !== command.at.start || label.at.end !== command.at.end,
  )
}

const birth = (origin: Origin): Label => ({ at: origin.at, says: `${origin.name} ${origin.how}` })

/** Labels without repetition. */
export function unique(labels: readonly Label[]): readonly Label[] {
  const seen = new Set<string>()
  return labels.filter((label) => {
    const key = `${label.at.file} ${label.at.start} ${label.says}`
    if (label.says === '' || seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** `${X:?}` in the word itself, where the word names the variables. */
function fixes(command: Command, collapse: Collapse): readonly Fix[] {
  const edits: Edit[] = []
  for (const origin of collapse.empty) {
    const name = /^\$([A-Za-z_]\w*|\d)$/.exec(origin.name)?.[1]
    const place = name === undefined ? undefined : expansion(collapse.word.text, name)
    if (!place) return []
    const start = collapse.word.start + place[0]
    const edit = command.piece.edit(start, collapse.word.start + place[1], `\${${name!}:?}`)
    if (!edit) return []
    edits.push(edit)
  }
  const title = `stop when ${collapse.empty.map((origin) => origin.name).join(' or ')} is empty: ${edits.map((edit) => edit.text).join(', ')}`
  return edits.length > 0 ? [{ title, safety: 'safe', edits }] : []
}

function expansion(text: string, name: string): readonly [number, number] | undefined {
  const found = new RegExp(`\\$(?:\\{${name}\\}|${name}(?!\\w))`).exec(text)
  return found ? [found.index, found.index + found[0].length] : undefined
}

// What a system does not start without. Places that scripts empty on purpose (`/tmp`, `/var/log`, `/opt`) are not among them.
const needed =
  /^\/(|bin|boot|dev|etc|home|lib|lib32|lib64|proc|root|sbin|sys|usr|usr\/bin|usr\/lib|usr\/lib64|usr\/sbin|usr\/local|usr\/local\/bin|usr\/share|srv|var|var\/lib)$/

/** Deletes whose target, as written or as assigned, is a directory that the system needs. */
export function* systemTargets(script: Script): Iterable<EmptyTarget> {
  for (const command of script.commands) {
    const target = command.cases
      .flatMap((given) =>
        given.effects
          .filter((one) => (deletesMuch(one) && !one.named) || ownsMuch(one))
          .map((effect) => ({ effect, given })),
      )
      .flatMap(({ effect, given }) =>
        effect.word.fields.flatMap((value) =>
          value.ways.flatMap((way) => (isTaken(way, given) ? systemTarget(way, value.because, effect) : [])),
        ),
      )[0]
    if (!target) continue
    const because = unique([...target.because, ...command.via])
    yield {
      at: command.at,
      says: `this ${target.does} \`${target.path}\`${target.path === '~' ? ', the whole home directory' : ', which the system needs'}`,
      because,
      fixes: [],
    }
  }
}

// `/srv/app/..` is `/srv`.
function climbed(text: string): string {
  const path = text.replace(/\/+/g, '/')
  if (!path.startsWith('/') || !path.includes('/..')) return path
  const names: string[] = []
  for (const name of path.split('/')) {
    if (name === '..') names.pop()
    else if (name !== '' && name !== '.') names.push(name)
  }
  return `/${names.join('/')}`
}

// A way that is always empty and was proved not to be is not taken.
const isTaken = (way: readonly Part[], given: Case): boolean =>
  !way.some((part) => 'of' in part && part.of.empty === 'always' && given.knows.empty(part.of) === 'never')

function systemTarget(
  way: readonly Part[],
  because: readonly Label[],
  effect: Effect,
): readonly { readonly path: string; readonly does: string; readonly because: readonly Label[] }[] {
  const first = way[0]
  const home = first && 'of' in first && first.of.name === '$HOME'
  const text = textOf(home ? way.slice(1) : way)
  if (text === undefined || (text === '' && !home)) return []
  // A star in quotes is a name.
  if (way.some((part) => !('of' in part) && !part.glob && part.text.includes('*'))) return []
  const path = climbed(text)
    .replace(/(?<=.)\/(\*|\.\*?)?$/, '')
    .replace(/^\/\*$/, '/')
  // Whose the own home is, and what `/usr/local` and `/srv` hold, is set as people like it.
  if (effect.does === 'owns')
    return !home && needed.test(path) && !/^\/(home|root|srv|usr\/local.*)$/.test(path)
      ? [{ path: text, does: 'changes who may use', because }]
      : []
  if (home) return /^(\/?\*?|\/\.)$/.test(text) ? [{ path: '~', does: 'deletes', because }] : []
  return needed.test(path) ? [{ path: text, does: 'deletes', because }] : []
}
