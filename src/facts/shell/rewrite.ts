import type { Label } from '../../source/source.ts'
import { eachChild, treeOf, type Shell } from '../../parse/shell.ts'
import { exact, has, parseOptions } from './options.ts'
import type { Command, Directory, Script, Word } from './script.ts'
import { showValue, showWay } from './value.ts'

/** A command of a running script that changes the script's own file. */
export interface Rewrite {
  readonly command: Command
  /** The shell reads on in the middle of the new text, or goes on with the old one while the new one lies there. */
  readonly how: 'in place' | 'beside'
  /** What still runs afterwards: the first of it, and how many statements. */
  readonly next: Label
  readonly rest: number
}

/** The commands by which a script file changes itself while statements of it are still to run. */
export function* rewrites(script: Script): Iterable<Rewrite> {
  const { site } = script
  if (site.name !== site.file || site.shell.interactive) return
  // A repository that the script makes itself is another one.
  if (script.commands.some((one) => one.name === 'git' && exact(one.words[1]) === 'init')) return
  let statements: readonly Shell.Statement[] | undefined
  for (const command of script.commands) {
    const how = changes(command, site.file)
    if (!how) continue
    const place = command.via[0]?.at ?? command.at
    if (place.file !== site.file) continue
    statements ??= treeOf(site.piece.text).commands
    // Where it stands in a function, that may end the script itself.
    const own = statements.find((one) => one.pos <= command.at.start && command.at.start < one.end)
    if (command.at.file === site.file && own && hands(own, command.at.start)) continue
    const after = left(statements, place.start)
    const first = after[0]
    if (!first) continue
    const at = { file: site.file, start: first.pos, end: Math.min(first.end, lineEnd(site.piece.text, first.pos)) }
    yield { command, how, next: { at, says: '' }, rest: after.length }
    return
  }
}

const lineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end
}

/** The statements behind the one that holds an offset, unless the script is handed over or ends first. */
function left(statements: readonly Shell.Statement[], offset: number): readonly Shell.Statement[] {
  const here = statements.findIndex((one) => one.pos <= offset && offset < one.end)
  if (here === -1 || hands(statements[here]!, offset)) return []
  const after: Shell.Statement[] = []
  for (const one of statements.slice(here + 1)) {
    const { command } = one
    const name = command.type === 'Command' ? command.name?.text : undefined
    if (name === 'exit' || name === 'exec') break
    if (command.type !== 'Function' && !/^(echo|printf|:|return|true)$/.test(name ?? '')) after.push(one)
  }
  return after
}

// `git pull && exec "$0" "$@"`, or an `exit` behind it: the new text takes over, or nothing is left to run.
function hands(node: Shell.SyntaxNode, offset: number): boolean {
  if (node.pos > offset) return node.type === 'Command' && /^(exec|exit)$/.test(node.name?.text ?? '')
  if (node.end <= offset || node.type === 'Word') return false
  let found = false
  eachChild(node, (child) => {
    // A list goes on to its next statement; of a chain only `exec` behind it counts.
    const inner = child.type === 'Statement' && child.pos > offset ? child.command : child
    const list = node.type === 'CompoundList' || node.type === 'AndOr' || node.type === 'Script'
    if (child.end > offset && (child.pos <= offset || list)) found ||= hands(inner, offset)
  })
  return found
}

function changes(command: Command, file: string): Rewrite['how'] | undefined {
  const words = command.words.slice(1)
  switch (command.name) {
    case 'git': {
      const parsed = parseOptions(words, { short: 'Cc', long: ['git-dir', 'work-tree'], stopsAtOperand: true })
      const into = parsed.options.get('-C')?.[0]
      if (parsed.options.has('--git-dir') || !updates(parsed.operands)) return undefined
      const own = into ? isOwn(into.fields[0] ? showValue(into.fields[0]) : '') : standsInOwn(command)
      return own ? 'beside' : undefined
    }
    case 'cp':
      return isSelf(words.at(-1), file) ? 'in place' : undefined
    case 'rsync':
      if (!isSelf(words.at(-1), file)) return undefined
      return has(parseOptions(words, {}), '--inplace') ? 'in place' : 'beside'
    case 'curl':
    case 'wget': {
      const parsed = parseOptions(words, { short: 'oO', long: ['output', 'output-document'] })
      const outputs = ['-o', '-O', '--output', '--output-document'].flatMap((name) => parsed.options.get(name) ?? [])
      return outputs.some((word) => isSelf(word, file)) ? 'in place' : undefined
    }
    default:
      return undefined
  }
}

function updates(operands: readonly Word[]): boolean {
  const name = exact(operands[0])
  if (name === 'pull') return true
  const reset = name === 'reset' ? parseOptions(operands.slice(1), {}) : undefined
  return (
    reset !== undefined &&
    has(reset, '--hard') &&
    /^(origin|upstream)\/|^FETCH_HEAD|^@\{u/.test(showFirst(reset.operands[0]))
  )
}

const showFirst = (word: Word | undefined): string => (word?.fields[0] ? showValue(word.fields[0]) : '')

// The shell stands where its own repository is: it has gone nowhere, or to where the script lies.
function standsInOwn(command: Command): boolean {
  const directories = (command.cases[0]?.directories ?? []).filter((one: Directory) => !one.lost)
  return directories.length > 0 && directories.every((one) => isOwn(showWay(one.way)))
}

const isOwn = (directory: string): boolean =>
  /^(\.{0,2}\/?)*$/.test(directory) || /\$0\b|BASH_SOURCE|git rev-parse --show-(toplevel|cdup)/.test(directory)

function isSelf(word: Word | undefined, file: string): boolean {
  const shown = showFirst(word)
  return shown === '$0' || /^\$\{?BASH_SOURCE/.test(shown) || shown === file || shown === `./${file}`
}
