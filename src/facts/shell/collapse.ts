import { systemDirectories } from './names.ts'
import type { Case, Effect, Word } from './script.ts'
import { deciding, type Certainty, type Origin, type Part } from './value.ts'

/** What a target becomes when some of what it is made of is empty. */
export type Reach = 'root' | 'bucket' | 'system' | 'home' | 'here' | 'above'

/** One way in which a word becomes another target than the one it stands for. */
export interface Collapse {
  readonly word: Word
  readonly reach: Reach
  /** The target that is left, as the command would get it. */
  readonly left: string
  /** The target that was meant, unknown parts by name. */
  readonly meant: string
  /** The origins whose emptiness does it. */
  readonly empty: readonly Origin[]
}

// Stands for a text that is not known and not empty.
const some = '\u0001'

/** The way in which a word can collapse here with the fewest variables empty, the worst of those first; undefined: it cannot. */
export function collapseOf(effect: Effect, given: Case): Collapse | undefined {
  const { word, orHere, does, tree } = effect
  const found: Collapse[] = []
  for (const value of word.fields) {
    for (const way of value.ways.flatMap((one) => placed(one, given))) {
      const candidates = emptyParts(way, given)
      if (candidates === undefined) continue
      for (const empty of candidates) {
        const one = collapsed(word, way, empty, orHere === true)
        // What is put into the working directory harms nothing there.
        const adds = does === 'replaces' && !tree && one?.left === '.'
        if (one && !adds && !isSpared(effect, one)) found.push(one)
      }
    }
  }
  return found.sort((a, b) => a.empty.length - b.empty.length || order.indexOf(a.reach) - order.indexOf(b.reach))[0]
}

// A directory without -r, names that other directories do not have, and what a script has made for itself in /tmp.
const isSpared = ({ does, tree, named }: Effect, { reach, left }: Collapse): boolean =>
  (does === 'deletes' && !tree && left.endsWith('/')) ||
  (reach === 'here' && (named === 'here' || named === 'own')) ||
  (reach === 'above' && (named === 'here' || /^(\/tmp|\/var\/tmp)\/[^/*]+/.test(left)))

/** A relative way, and what it names from where the shell may stand. */
function placed(way: readonly Part[], given: Case): readonly (readonly Part[])[] {
  const first = way[0]
  if (!first || 'of' in first || /^[/~]|^[^/]*:/.test(first.text)) return [way]
  const from = given.directories.filter((directory) => directory.way.length > 0 && !directory.lost)
  const below = first.glob ? way : fromHere(first.text, way.slice(1))
  return [
    way,
    ...from.map((directory) => (below.length > 0 ? [...directory.way, { text: '/' }, ...below] : directory.way)),
  ]
}

// `./*` is what lies here, and `.` is here itself.
function fromHere(head: string, rest: readonly Part[]): readonly Part[] {
  const text = head.replace(/^(\.\/+)+/, '')
  if (text === '' || (text === '.' && rest.length === 0)) return rest
  return [{ text }, ...rest]
}

const order: readonly Reach[] = ['root', 'bucket', 'home', 'system', 'here', 'above']

/** The sets of origins to take for empty: each alone, and all together. undefined: the way cannot collapse. */
function emptyParts(way: readonly Part[], given: Case): readonly (readonly Origin[])[] | undefined {
  const open = new Set<Origin>()
  const gone = new Set<Origin>()
  for (const part of way) {
    if (!('of' in part)) continue
    const origin = deciding(part.of) ?? part.of
    const empty: Certainty = given.knows.empty(origin)
    if (empty === 'maybe') open.add(origin)
    else if (empty === 'always') gone.add(origin)
  }
  if (open.size === 0 && gone.size === 0) return undefined
  const always = [...gone]
  const sets = [...[...open].map((origin) => [...always, origin]), ...(open.size > 1 ? [[...always, ...open]] : [])]
  return gone.size > 0 ? [always, ...sets] : sets
}

function collapsed(word: Word, way: readonly Part[], empty: readonly Origin[], orHere: boolean): Collapse | undefined {
  const left = render(way, empty)
  // An unquoted operand that is gone leaves the command without one.
  if (left === '' && orHere && way.every((part) => 'of' in part && part.bare))
    return { word, reach: 'here', left: '', meant: show(way, []), empty }
  const reach = reachOf(left, way, empty)
  if (!reach) return undefined
  return { word, reach, left: show(way, empty), meant: show(way, []), empty }
}

// What a part gives when these origins are empty; undefined: what it gives otherwise.
function leftOf(origin: Origin, empty: readonly Origin[]): string | undefined {
  if (empty.includes(origin)) return ''
  const other = deciding(origin)
  return other && empty.includes(other) ? origin.instead!.text : undefined
}

const show = (way: readonly Part[], empty: readonly Origin[]): string =>
  way.map((part) => ('of' in part ? (leftOf(part.of, empty) ?? part.of.name) : part.text)).join('')

const render = (way: readonly Part[], empty: readonly Origin[]): string =>
  way
    .map((part) =>
      'of' in part
        ? (leftOf(part.of, empty) ?? (part.of.name === '$HOME' || part.of.name.startsWith('~') ? '\u0002' : some))
        : part.glob
          ? part.text
          : // A star in quotes is a name, not a glob.
            part.text.replace(/\*/g, '\u0003'),
    )
    .join('')

/** What a path that is left reaches; undefined: nothing that was not meant. */
function reachOf(whole: string, way: readonly Part[], empty: readonly Origin[]): Reach | undefined {
  if (whole === '') return undefined
  // A far path stands behind `host:` or in a bucket; an empty bucket is refused, an empty far path is the far home.
  const far = /^(?:[^/:]+:(?!\/\/)|\w+:\/\/[^/]*)/.exec(whole)?.[0] ?? ''
  if (/^\w+:\/\/$/.test(far)) return undefined
  const left = whole.slice(far.length)
  if (far.includes('//') && /^\/*\*?$/.test(left)) return left === '' ? undefined : 'bucket'
  if (left === '') return 'home'
  const contents = /(^|\/)\*?$/.test(left) && left.length > 0
  const path = left.replace(/\/+/g, '/').replace(/\/(\.\/)+/g, '/')
  const bare = path.replace(/(\/\*|\/\.|\/)$/, '')
  if (path === '/' || path === '/*' || path === '/.' || path === '/..' || path === '/.*') return 'root'
  if (path === '*' || path === '.*' || path === './*' || path === './' || path === '.') return 'here'
  if (path.startsWith('\u0002') && /^\u0002\/?\*?$/.test(path)) return 'home'
  if (systemDirectories.has(bare) && !(scratch.test(bare) && endsAsWritten(way))) return 'system'
  // `/$X` alone is a name at the top that was meant; what is left of `$A/lib` is a system's directory, and that was said above.
  // `$base/app-$x/..` is the same place without x.
  if (!contents) return dotted(path) && /(^|\/)\/\.\.?$/.test(left) ? 'above' : undefined
  if (
    path.startsWith('/') &&
    /^\/[^/\u0001]+\/?\*?$/.test(path) &&
    !systemDirectories.has(bare) &&
    headIsGone(way, empty)
  )
    return undefined
  return tailIsGone(way, empty)
    ? path.startsWith(some) || path.startsWith('/') || path.startsWith('\u0002') || path.includes('/')
      ? 'above'
      : 'here'
    : undefined
}

// Names at the top that below another root are a site's own: `$ROOT/data`.
const scratch = /^\/(mnt|media|data|private)$/

const endsAsWritten = (way: readonly Part[]): boolean => {
  const last = way[way.length - 1]
  return last !== undefined && !('of' in last)
}

const dotted = (path: string): boolean => /\/\.\.?$/.test(path)

// The last name of the path was meant to come from what is empty: `…/releases/$VERSION`, `…/$X*`, `…/$X/*`.
function tailIsGone(way: readonly Part[], empty: readonly Origin[]): boolean {
  let after = ''
  for (let i = way.length - 1; i >= 0; i--) {
    const part = way[i]!
    if ('of' in part) {
      if (!empty.includes(part.of)) return false
      // What stands between this and the slash before it must be nothing: `app-$X` keeps its head.
      const before = way[i - 1]
      const open = before === undefined || ('of' in before ? empty.includes(before.of) : before.text.endsWith('/'))
      return open || ('of' in before ? false : false)
    }
    after = part.text + after
    if (!/^\/*\*?\/*$/.test(after) && after !== '*' && after !== '/*') return false
  }
  return false
}

function headIsGone(way: readonly Part[], empty: readonly Origin[]): boolean {
  const head = way[0]
  return head !== undefined && 'of' in head && empty.includes(head.of)
}
