import type { Label, Span } from '../../source/source.ts'
import { eachChild, treeOf, type Shell } from '../../parse/shell.ts'
import type { Piece } from '../../source/piece.ts'
import { spanOf } from '../../source/piece.ts'
import type { Command, Script } from './script.ts'
import { originsOf, type Origin } from './value.ts'

/** A variable that was set in one shell and is asked for in another that does not have it. */
export interface Lost {
  readonly command: Command
  /** Without the `$`. */
  readonly name: string
  readonly use: Origin
  /** Where it was set. */
  readonly set: Label
  /** Why it is not there, as the end of a sentence. */
  readonly why: string
  /** It is part of something that the command deletes, replaces, moves or changes. */
  readonly destroys: boolean
}

/** Variables that every system or login sets, whatever a shell before may have done to them. */
const everywhere =
  /^(HOME|PWD|OLDPWD|PATH|USER|LOGNAME|SHELL|HOSTNAME|TERM|LANG|LC_\w+|TZ|TMPDIR|IFS|UID|EUID|RANDOM|SECONDS|LINENO|REPLY|OPTARG|OPTIND|PS\d|DEBIAN_FRONTEND|CI|EDITOR|MAIL|SSH_\w+|DISPLAY|XDG_\w+|CFLAGS|CXXFLAGS|LDFLAGS|LD_LIBRARY_PATH|PKG_CONFIG_PATH|PYTHONPATH|NODE_ENV|MAKEFLAGS|BASH_\w+|PIPESTATUS|FUNCNAME|_)$/

/** The variables that a script asks for and has lost; `before`: the scripts that ran before it, each in a shell of its own. */
export function* lostIn(script: Script, before: readonly Script[]): Iterable<Lost> {
  let made: ReadonlyMap<string, Isolated> | undefined
  const shells = (): ReadonlyMap<string, Isolated> => (made ??= isolated(script.site.piece))
  const seen = new Set<string>()
  for (const command of script.commands) {
    for (const { origin, destroys } of asked(command)) {
      const name = /^\$(\w+)$/.exec(origin.name)?.[1]
      if (origin.kind !== 'environment' || name === undefined || everywhere.test(name) || /^\d/.test(name)) continue
      const known = script.site.given.get(name)
      if ((known && command.runsOn === script.site.host) || reckonsWith(command, name, destroys)) continue
      const found =
        inScript(script, command, origin, name, shells) ??
        (known || !isHere(script, command, origin)
          ? undefined
          : (inRow(script, name, before) ?? fromHost(script, name)))
      const key = `${command.at.file} ${command.at.start} ${command.at.end} ${name}`
      if (!found || seen.has(key)) continue
      seen.add(key)
      yield { command, name, use: origin, destroys, ...found }
    }
  }
}

/**
 * Whether the text itself says what is to happen when the name is empty: `${X:-main}`, `${X:+--tag $X}`, `${X:?}`, `[ -z "$X" ]`. An
 * empty word in a delete's target is not meant, even as `${X:-}`.
 */
function reckonsWith(command: Command, name: string, destroys: boolean): boolean {
  if (/^(\[|test)$/.test(command.name ?? '') && /^\S+\s+(!\s+)?(-[nz]\s+)?"?\$\{?\w+\}?"?\s*\]?$/.test(command.text))
    return true
  const uses = new RegExp(String.raw`\$(?:${name}\b|\{${name}\b(:?[-+=?])?(\}?))`, 'g')
  const own = [...command.text.matchAll(uses)]
  const all = own.length > 0 ? own : [...command.piece.text.matchAll(uses)]
  return all.length > 0 && all.every((use) => use[1] !== undefined && !(destroys && use[2] === '}'))
}

/** The origins that a command's words speak of and that can be empty there. */
function asked(command: Command): readonly { readonly origin: Origin; readonly destroys: boolean }[] {
  const out = new Map<Origin, boolean>()
  for (const given of command.cases) {
    const touched = new Set(
      given.effects
        .filter((effect) => effect.does !== 'reads')
        .flatMap((effect) => effect.word.fields.flatMap(originsOf)),
    )
    for (const word of [...given.words, ...given.effects.map((effect) => effect.word)])
      for (const origin of word.fields.flatMap(originsOf)) {
        const empty = given.knows.empty(origin)
        if (empty === 'never' || out.get(origin)) continue
        out.set(origin, touched.has(origin))
      }
  }
  return [...out].map(([origin, destroys]) => ({ origin, destroys }))
}

type Found = Pick<Lost, 'set' | 'why'>

const within = (inner: Span, outer: Span): boolean =>
  inner.file === outer.file && inner.start >= outer.start && inner.end <= outer.end

function inScript(
  script: Script,
  command: Command,
  origin: Origin,
  name: string,
  shells: () => ReadonlyMap<string, Isolated>,
): Found | undefined {
  const set = script.assigned.get(name)
  if (!set) return undefined
  // What the interpreter says of a shell that starts without the variable: ssh, sudo, su, a container, a child.
  if (
    /hands no variable over|is not handed over|is not exported|environment of its own|is not set there/.test(origin.how)
  ) {
    const asked = origin.at.end === 0 ? command.at : origin.at
    // What a child prints comes back in other words, and it may set the name by itself.
    const named = command.text.includes(`$${name}`) || command.text.includes(`\${${name}`)
    if (origin.at.end === 0 && (set.at.file !== command.at.file || !named)) return undefined
    if ((set.at.start > asked.start && !within(set.at, command.at)) || hands(script, command, name)) return undefined
    return { set, why: origin.how }
  }
  const outer = senderOf(script, command, origin, set)
  if (outer)
    return {
      set: { at: set.at, says: `${name} is set on the far side` },
      why: `is expanded on the near side, before \`${outer.name}\` sends the text in which it is set`,
    }
  const own = origin.at.file === script.site.file ? shells().get(name) : undefined
  if (own && own.end <= origin.at.start)
    return {
      set: { at: own.at, says: `${name} is set in ${own.what}` },
      why: `was set in ${own.what}, which is a shell of its own`,
    }
  return undefined
}

/** The command that sends a text in which a name is set, and used although the near side has filled it already. */
function senderOf(script: Script, command: Command, origin: Origin, set: Label): Command | undefined {
  if (command.runsOn === script.site.host || set.at.start > command.at.start || set.at.file !== origin.at.file)
    return undefined
  const senders = script.commands.filter(
    (one) => one !== command && one.runsOn === script.site.host && /^(ssh|su|docker|kubectl)$/.test(one.name ?? ''),
  )
  const last = senders.findLast((one) => one.at.file === command.at.file && one.at.start <= command.at.start)
  return last && last.at.start <= set.at.start && last.at.start <= origin.at.start ? last : undefined
}

/** Whether a name is asked for by the script's own shell. What a far one asks for is told by the interpreter. */
const isHere = (script: Script, command: Command, origin: Origin): boolean =>
  (command.runsOn === script.site.host || origin.how.startsWith('comes from the environment')) &&
  !fills.test(script.site.piece.text)

function inRow(script: Script, name: string, before: readonly Script[]): Found | undefined {
  for (let i = before.length - 1; i >= 0; i--) {
    const other = before[i]!
    const set = other.assigned.get(name)
    if (!set) continue
    const same = other.site.row === script.site.row
    return {
      set: { at: set.at, says: `${name} is set in ${other.site.name}` },
      why: same
        ? `was set in ${other.site.name}, and ${script.site.name} is a shell of its own`
        : `was set in ${other.site.name}, which another machine may run`,
    }
  }
  return undefined
}

/** What the host sets for another step, stage or job, and not for this one. */
function fromHost(script: Script, name: string): Found | undefined {
  const set = script.site.elsewhere?.get(name)
  return set && { set, why: `is not set here: ${set.says}` }
}

/** Text that sets variables whose names it does not show. */
const fills =
  /\beval\b(?!\s+["']?(?:\$\(|`)\s*ssh-agent\b)|\bexport\s+["']?\$\(|\b(?:source|\.)\s+<\(|\bdeclare\s+["']?\$\(|\bset\s+-a\b/

/** Whether a command hands a name over itself: `sudo X="$X" …`, `docker exec -e X=…`, `env X=…`. */
function hands(script: Script, command: Command, name: string): boolean {
  const given = new RegExp(String.raw`(?:^|\s)(?:-e\s*|--env[=\s])?["']?${name}=|(?:-e|--env)[=\s]+${name}(?:\s|$)`)
  return script.commands.some((one) => {
    if (!within(command.at, one.at) || !/\b(sudo|env|docker|podman|kubectl|ssh|su|docker-compose)\b/.test(one.text))
      return false
    const quoted = one.text.search(/-c\s+['"]/)
    return given.test(quoted === -1 ? one.text : one.text.slice(0, quoted))
  })
}

/** Where a name is set in a subshell or a part of a pipeline, and nowhere else. */
interface Isolated {
  readonly at: Span
  /** Where that shell ends, in the file. */
  readonly end: number
  readonly what: string
}

function isolated(piece: Piece): ReadonlyMap<string, Isolated> {
  const out = new Map<string, Isolated>()
  if (!/\||\(/.test(piece.text)) return out
  const open = new Set<string>()
  const tree = treeOf(piece.text)
  const visit = (
    node: Shell.SyntaxNode,
    shell: { readonly node: Shell.SyntaxNode; readonly what: string } | undefined,
    depth: number,
  ): void => {
    if (depth > 100) return
    for (const { name, pos, end } of setBy(node)) {
      if (!shell) open.add(name)
      else if (!out.has(name))
        out.set(name, {
          at: spanOf(piece, pos, end),
          end: spanOf(piece, shell.node.pos, Math.min(piece.text.length, shell.node.end)).end,
          what: shell.what,
        })
    }
    const last = node.type === 'Pipeline' ? node.commands.length - 1 : -1
    eachChild(node, (child) => {
      const own =
        node.type === 'Pipeline' && last > 0
          ? { node, what: 'a part of a pipeline' }
          : child.type === 'Subshell'
            ? { node: child, what: 'a subshell' }
            : shell
      visit(child, shell ?? own, depth + 1)
    })
  }
  visit(tree, undefined, 0)
  for (const name of open) out.delete(name)
  return out
}

function setBy(
  node: Shell.SyntaxNode,
): readonly { readonly name: string; readonly pos: number; readonly end: number }[] {
  if (node.type !== 'Command') return []
  const alone = node.name === undefined
  const out = alone
    ? node.prefix.flatMap((one) =>
        one.type === 'Assignment' && one.name ? [{ name: one.name, pos: one.pos, end: one.end }] : [],
      )
    : []
  const name = node.name?.text
  if (name === 'read' || name === 'mapfile' || name === 'readarray')
    for (const word of node.suffix)
      if (word.type === 'Word' && /^[A-Za-z_]\w*$/.test(word.text))
        out.push({ name: word.text, pos: word.pos, end: word.end })
  if (name === 'export' || name === 'declare' || name === 'readonly' || name === 'typeset')
    for (const word of node.suffix) {
      const found = /^([A-Za-z_]\w*)=/.exec(piecesText(word))
      if (found) out.push({ name: found[1]!, pos: word.pos, end: word.end })
    }
  return out
}

function piecesText(node: Shell.SyntaxNode): string {
  return 'text' in node && typeof node.text === 'string' ? node.text : ''
}
