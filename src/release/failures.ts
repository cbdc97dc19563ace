import { eachChild, treeOf, type Shell } from '../parse/shell.ts'
import type { Piece } from '../source/piece.ts'
import type { Label } from '../source/source.ts'
import type { Command, Script } from '../facts/shell/script.ts'
import type { StepKind } from './model.ts'
import { stepOf } from './steps.ts'

/** A step of a release whose failure does not stop it. */
export interface GoesOn {
  readonly command: Command
  /** Why nothing stops, as the end of a sentence. */
  readonly why: string
  /** The step that runs all the same; undefined: the failure is hidden whatever follows. */
  readonly next?: Command
  readonly because: readonly Label[]
  /** The stretch of the command's piece that hides the failure, as `|| true`. */
  readonly hides?: { readonly start: number; readonly end: number }
}

const critical = new Set<StepKind>([
  'fetch',
  'install',
  'build',
  'migrate',
  'upload',
  'push image',
  'switch',
  'warm cache',
])
const swallowed = new Set<StepKind>([
  'fetch',
  'install',
  'build',
  'migrate',
  'upload',
  'switch',
  'reload',
  'restart workers',
  'push image',
])
const final = new Set<StepKind>([
  'switch',
  'migrate',
  'reload',
  'restart workers',
  'upload',
  'push image',
  'maintenance off',
])

/** The steps of a script that fail without stopping the release; `after`: the stretches that the host runs next. */
export function* failuresThatGoOn(script: Script, after: readonly Script[]): Iterable<GoesOn> {
  const commands = unique(script.commands)
  const kinds = new Map(commands.map((command) => [command, releaseKind(command)]))
  const told = new Set<Piece>()
  for (const [i, command] of commands.entries()) {
    const kind = kinds.get(command)
    if (!kind || command.runs === 'after a failure') continue
    if (script.site.tolerated && swallowed.has(kind) && !told.has(script.site.piece)) {
      told.add(script.site.piece)
      yield { command, why: script.site.tolerated.says, because: [script.site.tolerated] }
      continue
    }
    if (command.failing !== 'goes on' || command.start >= command.end) continue
    const place = placeOf(command)
    if (!place || place.checked) continue
    const hidden = place.handler || !swallowed.has(kind) ? undefined : hiddenFar(command, place, commands)
    if (hidden && !told.has(command.piece)) {
      told.add(command.piece)
      yield { command, why: `\`${hidden.text}\` hides it`, because: [] }
      continue
    }
    if (place.handler) {
      if (swallowed.has(kind) && place.handler.idle)
        yield { command, why: `\`${place.handler.text}\` hides it`, because: [], hides: place.handler }
      continue
    }
    // An image that does not start is seen by whatever asks it next.
    if (!critical.has(kind) || (kind === 'switch' && stepOf(command)?.step.detail.how === 'image')) continue
    if (place.piped && !shows.test(place.into ?? '')) continue
    const piped = place.piped && !hasOption(commands, command, 'pipefail')
    if (place.piped && !piped && hasOption(commands, command, 'errexit')) continue
    // One finding for a text without `set -e`: its first step that matters.
    if (!piped && told.has(command.piece)) continue
    const rest = commands
      .slice(i + 1)
      .filter(
        (other) =>
          other.runs !== 'after a failure' &&
          !(other.piece === command.piece && apart(place, placeOf(other))) &&
          !(other.piece === command.piece && other.start < place.end && other.start >= place.start),
      )
    const last = !rest.some((other) => other.piece === command.piece)
    if (last && !piped) continue
    // Two copies, pushes or links side by side do not rest on each other.
    const rests = (other: Command): boolean => {
      const then = kinds.get(other)
      // A web server that reads its own configuration again brings no code in; what is fetched to be built beside the site neither.
      if (then === 'reload' && /\b(nginx|apache2?|httpd|caddy)\b/.test(other.text)) return false
      if (kind === 'fetch' && /\s\/tmp\//.test(command.text) && (then === 'reload' || then === 'restart workers'))
        return false
      return (
        then !== undefined &&
        final.has(then) &&
        !(then === kind && (kind === 'upload' || kind === 'push image' || kind === 'switch'))
      )
    }
    const next = rest.find((other) => rests(other) && other.at.start !== command.at.start) ?? nextOf(after)
    if (!next && !(isImage(script) && !last)) continue
    if (next && looksBetween(command, next)) continue
    if (!piped) told.add(command.piece)
    yield { command, why: reasonOf(script, command, piped), because: [], ...(next ? { next } : {}) }
  }
}

/** What hides the failure of a far command whose status is that of the `ssh` that sends it: `ssh host "a && b" || true`. */
function hiddenFar(command: Command, place: Place, commands: readonly Command[]): Place['handler'] {
  if (command.runsOn === 'here' || /[;\n|]/.test(command.piece.text.slice(command.end).trim())) return undefined
  if (place.piped) return undefined
  const sender = commands.find(
    (one) =>
      one.name === 'ssh' &&
      one.at.file === command.at.file &&
      one.at.start < command.at.start &&
      command.at.end <= one.at.end,
  )
  const handler = sender && placeOf(sender)?.handler
  return handler?.idle ? handler : undefined
}

/**
 * What a command does to a release; undefined: nothing that counts here. Packages of the system, files that are moved or copied, and
 * plain queries are not steps whose failure a release would be stopped for.
 */
function releaseKind(command: Command): StepKind | undefined {
  const step = stepOf(command)?.step
  if (!step) return undefined
  const name = command.name ?? ''
  if (
    /^(apt|apt-get|aptitude|dpkg|yum|dnf|apk|brew|pip|pip3|gem|pecl|snap|zypper|pacman|cp|mv|mysql|mariadb|psql|tar|curl|wget|unzip|zip|gzip|bzip2|xz)$/.test(
      name,
    )
  )
    return undefined
  if (step.kind === 'switch' && (step.detail.how === 'rename' || step.detail.how === 'copy')) return undefined
  if (
    /\bdb:create\b|\bcreate-project\b|\b(?:docker|podman) tag\b|\bbuildx (rm|create|use|inspect)\b|--version\b|^\S+ (?:-v|-V|version)\b|\bcreate (ns|namespace|secret)\b/.test(
      command.text,
    )
  )
    return undefined
  // An image that is not pulled is pulled by what runs it, or the one before runs on.
  if (step.kind === 'fetch' && /\bpull\b/.test(command.text) && !/\bgit\b/.test(command.text)) return undefined
  return step.kind
}

/** Whether the script looks at what a step left, and stops when it is not there, before it goes on. */
function looksBetween(command: Command, next: Command): boolean {
  if (next.piece !== command.piece) return false
  const text = command.piece.text.slice(command.end, next.start)
  return (
    /\bif\s+(?:!\s+)?(?:\[\[?|test)\s+(?:!\s+)?-[fdexs]\s[^\n]*(?:\n[^\n]*){0,4}?\b(?:exit|return|die)\b/.test(text) ||
    /(?:\[\[?|test)\s+-[fdexs]\s[^\n]*\|\|\s*(?:exit|return|die|\{[^}]*\bexit)\b/.test(text)
  )
}

/** What only shows or keeps the output of the command before: its own status says nothing of that one's. */
const shows = /^(tee|grep|egrep|sed|awk|cat|sort|head|tail|less|jq|ts|logger|wc|tr|cut|pv|column|indent|while|xargs)$/

/** Whether an option of the shell is on where a command stands: from the start, or by `set` before it. */
function hasOption(commands: readonly Command[], command: Command, option: 'pipefail' | 'errexit'): boolean {
  let on = command.shell.flags[option]
  for (const one of commands) {
    if (one.piece !== command.piece || one.start >= command.start || one.name !== 'set') continue
    const words = one.words.map((word) => word.text)
    const letters = words.filter((word) => /^[-+]\w*e/.test(word)).at(-1)
    if (option === 'errexit' && letters) on = letters.startsWith('-')
    if (words.includes(option)) on = words[words.indexOf(option) - 1]?.startsWith('-') ?? on
  }
  return on
}

/** A text that is sent is walked once for every way it can be: the same place counts once. */
function unique(commands: readonly Command[]): readonly Command[] {
  const seen = new Set<string>()
  return commands.filter((command) => {
    const key = `${command.at.file} ${command.at.start} ${command.at.end} ${command.runsOn}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

const isImage = (script: Script): boolean =>
  /(^|\/)[^/]*(Docker|Container)file[^/]*$|\.dockerfile$/i.test(script.site.file)

function nextOf(after: readonly Script[]): Command | undefined {
  // Where the host stops at a failure it is the status of the last command that counts, and that is not the one that failed.
  for (const other of after)
    for (const command of other.commands) {
      const kind = releaseKind(command)
      if (kind && final.has(kind)) return command
    }
  return undefined
}

function reasonOf(script: Script, command: Command, piped: boolean): string {
  if (piped) return 'in a pipe only the last command counts without `pipefail`'
  if (command.runsOn !== script.site.host)
    return `\`set -e\` here does not reach ${command.runsOn}: the text that runs there needs its own`
  if (hasOption(script.commands, command, 'errexit')) return '`set -e` does not count inside a `&&` list or a condition'
  return 'without `set -e` or `&&` nothing stops'
}

/** Where a command stands among those around it. */
interface Place {
  /** The list of `&&` it belongs to: what fails in it skips the rest of it. */
  readonly start: number
  readonly end: number
  /** Its status is asked for: a condition, `!`, `$?` on the next lines. */
  readonly checked: boolean
  /** It is not the last of a pipeline; `into`: the name of the command behind it. */
  readonly piped: boolean
  readonly into?: string
  /** What stands behind `||`; `idle`: it does nothing about the failure. */
  readonly handler?: { readonly start: number; readonly end: number; readonly text: string; readonly idle: boolean }
  /** The branches it stands in, as the offset of the `if` and the number of the branch. */
  readonly branches: readonly (readonly [number, number])[]
}

/** Whether a command is passed over when one before it fails: both stand in one list of `&&`. */
export function isSkipped(failed: Command, later: Command): boolean {
  if (failed.piece !== later.piece || later.start <= failed.start) return false
  const [a, b] = [placeOf(failed), placeOf(later)]
  return (
    a !== undefined &&
    b !== undefined &&
    a.start === b.start &&
    later.start < a.end &&
    b.handler?.start === a.handler?.start
  )
}

const places = new WeakMap<Piece, ReadonlyMap<number, Place>>()

function placeOf(command: Command): Place | undefined {
  let known = places.get(command.piece)
  if (!known) places.set(command.piece, (known = placesIn(command.piece.text)))
  const own = known.get(command.start)
  if (own) return own
  // A wrapper (`sudo`) begins before the command it runs.
  let found: readonly [number, Place] | undefined
  for (const [start, place] of known)
    if (start <= command.start && command.start < place.end && (!found || start > found[0])) found = [start, place]
  return found?.[1]
}

/** Whether two places can never both be reached: they stand in different branches of one `if`. */
function apart(a: Place | undefined, b: Place | undefined): boolean {
  return (
    a?.branches.some(([node, branch]) => b?.branches.some((other) => other[0] === node && other[1] !== branch)) ?? false
  )
}

type Around = Omit<Place, 'start' | 'end'> & { readonly start?: number; readonly end?: number }

function placesIn(text: string): ReadonlyMap<number, Place> {
  const out = new Map<number, Place>()
  const outside: Around = { checked: false, piped: false, branches: [] }
  const visit = (node: Shell.SyntaxNode, around: Around, depth: number): void => {
    if (depth > 100) return
    if (node.type === 'Command') {
      const asked = /^(?:[^\n]*\n){0,8}[^\n]*\$\?/.test(text.slice(node.end, node.end + 400))
      const { start = node.pos, end = node.end, ...rest } = around
      out.set(node.pos, { ...rest, start, end, checked: rest.checked || asked })
    }
    if (node.type === 'AndOr') return list(node, around, depth)
    if (node.type === 'Pipeline' && node.commands.length > 1) return pipeline(node, around, depth)
    const negated = (node as { negated?: boolean }).negated === true
    // What stands in a body is a list of its own.
    const { checked, branches } = around
    const inner: Around = isBody(node)
      ? { checked, piped: false, branches }
      : negated
        ? { ...around, checked: true }
        : around
    let count = 0
    eachChild(node, (child) => {
      const clause = (node as { clause?: Shell.SyntaxNode }).clause === child
      const own =
        node.type === 'If' || node.type === 'Case'
          ? { ...inner, branches: [...branches, [node.pos, count++] as const] }
          : inner
      visit(child, clause ? { ...own, branches, checked: true } : own, depth + 1)
    })
  }
  const pipeline = (node: Shell.Pipeline, around: Around, depth: number): void => {
    node.commands.forEach((child, i) => {
      const next = node.commands[i + 1]
      const into = next && /^\s*(?:sudo\s+)?([\w-]+)/.exec(text.slice(next.pos, next.end))?.[1]
      const piped = next !== undefined
      visit(child, { ...around, piped: around.piped || piped, ...(into ? { into } : {}) }, depth + 1)
    })
  }
  const list = (node: Shell.AndOr, around: Around, depth: number): void => {
    node.commands.forEach((child, i) => {
      const or = node.operators.indexOf('||', i)
      // `a || b || echo`: what stands last decides whether the failure is hidden.
      let to = or + 1
      while (or !== -1 && node.operators[to] === '||') to++
      const next = or === -1 ? undefined : node.commands[to]
      const words = next ? text.slice(next.pos, next.end) : ''
      const idle = /^(true|:|echo\b[^;&|]*|printf\b[^;&|]*|\/bin\/true)$/.test(words.trim())
      const shown = `|| ${words.trim().slice(0, 30)}`
      const handler = next ? { start: node.commands[or]!.end, end: next.end, text: shown, idle } : undefined
      const end = handler ? next!.pos : node.end
      const before = i > 0 && node.operators[i - 1] === '||'
      visit(
        child,
        { ...around, start: node.pos, end, checked: around.checked || before, ...(handler ? { handler } : {}) },
        depth + 1,
      )
    })
  }
  visit(treeOf(text), outside, 0)
  return out
}

const isBody = (node: Shell.SyntaxNode): boolean =>
  /^(CompoundList|BraceGroup|Subshell|If|While|For|Function|Case|CaseItem)$/.test(node.type)
