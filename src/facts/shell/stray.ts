import { exact } from './options.ts'
import type { Label } from '../../source/source.ts'
import type { Case, Command, Directory, Effect, Script } from './script.ts'
import { changesMuch, unique, type EmptyTarget } from './targets.ts'
import { originsOf, textOf, type Origin, type Part } from './value.ts'

/** Relative deletes and their like, where a `cd` may not have gone where it was meant to. */
export function* strayTargets(script: Script): Iterable<EmptyTarget> {
  for (const command of script.commands) {
    for (const given of command.cases) {
      const lost = nearest(given.directories, command)
      if (lost.length === 0) continue
      if (!isFed(command, given) && !given.effects.some((effect) => changesMuch(effect) && isStray(effect, command)))
        continue
      const says = `this can run in another directory than was meant: ${lost[0]!.says}`
      yield { at: command.at, says, because: unique([...lost, ...command.via]), fixes: [] }
      break
    }
  }
}

/** The changes of directory that may have gone wrong, each told once, where it stands nearest before the command. */
function nearest(directories: readonly Directory[], { at }: Command): readonly Label[] {
  const away = (label: Label): number =>
    label.at.file === at.file && label.at.start <= at.start ? at.start - label.at.start : Infinity
  const told = new Map<string, Label>()
  for (const { lost } of directories) {
    const known = lost && told.get(lost.says)
    if (lost && (!known || away(lost) < away(known))) told.set(lost.says, lost)
  }
  return [...told.values()].sort((one, other) => (away(one) === away(other) ? 0 : away(one) - away(other)))
}

// `svn status | awk '{print $2}' | xargs rm -rf`: names that nobody here can know are those of some directory.
const isFed = ({ name, wrappers, words }: Command, { effects }: Case): boolean =>
  name === 'rm' &&
  effects.length === 0 &&
  wrappers.some((one) => one === 'xargs' || one === 'parallel') &&
  words.slice(1).every((word) => exact(word)?.startsWith('-') === true)

/** Whether what an effect names from where the shell stands is there wherever that is: `*`, `.`, `.git`, and not `zlib-1.2.11`. */
export function isStray(effect: Effect, command: Command): boolean {
  return effect.word.fields.some((value) =>
    value.ways.some((way) => {
      const path = relative(way)
      if (path === undefined)
        return !/reads|moves/.test(effect.does) && isNamed(way, effect.word.text, command.piece.text)
      if (everything.test(path)) return true
      return effect.does === 'deletes' && found.test(path) && !isMade(path, command.piece.text)
    }),
  )
}

// Known text that is read from where the shell stands.
function relative(way: readonly Part[]): string | undefined {
  const text = textOf(way)
  return text === undefined || text === '' || /^[/~]|^[^/]*:/.test(text) ? undefined : text.replace(/^(\.\/)+(?=.)/, '')
}

const everything = /^(\.\.?\/)*(\*|\.\*|\*\.\*|\.|\.\.)\/*$/

// One plain name. With a number, a dash or a directory before it, it is one that other places do not have.
const found = /^\.?[A-Za-z_]{3,}(\.[A-Za-z]+)?\/?\*?$/

const makers = 'clone|wget|curl|mkdir|svn|hg|cp|ln|make|cmake|fetch'

/** What the same text clones, unpacks, loads or makes: to delete it is to clean up, wherever that happened. */
function isMade(path: string, text: string): boolean {
  const name = path.replace(/\/?\*?$/, '').replace(/[.]/g, '\\.')
  return (
    new RegExp(`\\b(${makers})\\b[^;&|\\n]*(?<![\\w.-])${name}(?!\\w)`).test(text) ||
    new RegExp(`\\b(tar|unzip|7z|unxz|gunzip|bunzip2)\\b[^;&|\\n]*(?<![\\w.])${name}`).test(text)
  )
}

// `./$name` and `build/$name`; and `"$release"` alone, where it is a name rather than a path: it is called so, it was listed by
// `ls`, or it stands behind a slash elsewhere.
function isNamed(way: readonly Part[], word: string, whole: string): boolean {
  const first = way[0]
  if (!first || way.some((part) => !('of' in part) && part.glob)) return false
  if (!('of' in first)) return textOf(way) === undefined && /^[\w.][^:]*\//.test(first.text)
  if (way.length > 1 || first.of.absolute || first.of.empty === 'always') return false
  if (isListed(first.of)) return true
  const name = /^"?\$\{?([A-Za-z_]\w*)\}?"?$/.exec(word)?.[1]
  if (name === undefined || new RegExp(`\\b(${makers})\\b[^;&|\\n]*\\$\\{?${name}\\b`).test(whole)) return false
  // What was gone into, or is unpacked here, is no name that other places have.
  const other = '(cd|pushd|tar|untar|unzip|clone|wget|curl|mkdir|download\\w*|tar\\w*_cd)'
  if (new RegExp(`\\b${other}\\b[^;&|\\n]*\\$(${name}(?!\\w)|\\{${name}\\})`, 'i').test(whole)) return false
  const names = [name, first.of.name.replace(/^\$/, '')]
  return (
    names.some((one) => /^(\w*_)?(version|release|rel|tag|name|branch|site|project|part)\d*$/i.test(one)) ||
    new RegExp(`[\\w}"]/"?\\$(${name}(?!\\w)|\\{${name}\\})`).test(whole)
  )
}

const isListed = (origin: Origin, depth = 0): boolean =>
  /^(\$\(|`)ls\b/.test(origin.name) ||
  (depth < 6 && origin.madeOf !== undefined && originsOf(origin.madeOf).some((one) => isListed(one, depth + 1)))
