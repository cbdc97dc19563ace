import type { Label } from '../../source/source.ts'
import { has, parseOptions, type Spec } from './options.ts'
import { pathsOf, under, type Path } from './paths.ts'
import type { Command, Script, Word } from './script.ts'

/** A symbolic link that a script makes. */
export interface Link {
  readonly path: Path
  readonly target: string
  readonly at: Label
  readonly script: Script
  /** Its place among the script's commands. */
  readonly order: number
}

/** The links that scripts make: with `ln -s`, and those that they move to another place. Directories that they make are none. */
export function linksIn(scripts: readonly Script[]): readonly Link[] {
  const directories = new Set<string>()
  for (const script of scripts)
    for (const command of script.commands)
      if (command.name === 'mkdir')
        for (const word of parseOptions(command.words.slice(1), { short: 'mZ', long: ['mode'] }).operands)
          for (const path of paths(command, word)) directories.add(path.key)
  const out: Link[] = []
  for (const script of scripts)
    script.commands.forEach((command, order) => {
      for (const [path, target] of madeBy(command, directories))
        out.push({ path, target, at: { at: command.at, says: `makes \`${path.shown}\` a link` }, script, order })
      if (command.name === 'mv') out.push(...moved(command, order, script, out))
    })
  return out.filter((link) => !directories.has(link.path.key))
}

const lnSpec: Spec = { short: 'tS', long: ['target-directory', 'suffix'] }

function* madeBy(command: Command, directories: ReadonlySet<string>): Iterable<readonly [Path, string]> {
  if (command.name !== 'ln') return
  const parsed = parseOptions(command.words.slice(1), lnSpec)
  if (!has(parsed, '-s', '--symbolic')) return
  const into = parsed.options.get('-t')?.[0] ?? parsed.options.get('--target-directory')?.[0]
  const last = parsed.operands[parsed.operands.length - 1]
  const targets = into ? parsed.operands : parsed.operands.slice(0, -1)
  const place = into ?? last
  if (!place || targets.length === 0) return
  for (const path of paths(command, place))
    for (const target of targets)
      for (const shown of paths(command, target).map((one) => one.shown)) {
        const name = shown.slice(shown.lastIndexOf('/') + 1)
        const inside = into !== undefined || targets.length > 1 || path.slash || directories.has(path.key)
        if (!inside) yield [path, shown]
        else if (name !== '' && !name.includes('$')) yield [under(path, name), shown]
      }
}

// `ln -s new tmp && mv -T tmp current`: the link is where it was moved to.
function* moved(command: Command, order: number, script: Script, links: readonly Link[]): Iterable<Link> {
  const { operands } = parseOptions(command.words.slice(1), lnSpec)
  if (operands.length !== 2) return
  const from = new Set(paths(command, operands[0]!).map((path) => path.key))
  const link = links.find((one) => from.has(one.path.key))
  if (!link) return
  for (const path of paths(command, operands[1]!))
    yield {
      path,
      target: link.target,
      at: { at: command.at, says: `moves a link to \`${path.shown}\`` },
      script,
      order,
    }
}

const paths = (command: Command, word: Word): readonly Path[] =>
  command.cases[0] ? pathsOf(command, word, command.cases[0]) : []

/** A recursive delete that follows a link at the end of its path. */
export interface Followed {
  readonly command: Command
  readonly path: Path
  readonly order: number
}

/** Deletes whose path ends in a slash: GNU tools then follow a link there and delete what it leads to. */
export function* slashedDeletes(script: Script): Iterable<Followed> {
  if (script.site.shell.platform === 'busybox' || script.site.shell.dialect === 'busybox') return
  for (const [order, command] of script.commands.entries()) {
    const seen = new Set<string>()
    for (const given of command.cases)
      for (const effect of given.effects) {
        if (effect.does !== 'deletes' || !effect.tree || (command.name !== 'rm' && command.name !== 'find')) continue
        for (const path of pathsOf(command, effect.word, given)) {
          if (!path.slash || seen.has(path.key)) continue
          seen.add(path.key)
          yield { command, path, order }
        }
      }
  }
}

/** `rsync -K --delete`: it follows links to directories at its destination and deletes behind them. */
export function* keptDirectoryLinks(script: Script): Iterable<Followed> {
  for (const [order, command] of script.commands.entries()) {
    if (command.name !== 'rsync') continue
    const parsed = parseOptions(command.words.slice(1), {})
    if (!has(parsed, '-K', '--keep-dirlinks')) continue
    for (const given of command.cases)
      for (const effect of given.effects)
        if (effect.does === 'replaces')
          for (const path of pathsOf(command, effect.word, given)) yield { command, path, order }
  }
}
