import type { Piece } from '../source/piece.ts'
import type { Label } from '../source/source.ts'
import type { Command, Script } from '../facts/shell/script.ts'
import type { Step, StepKind } from './model.ts'
import { apart, standingOf, type Standing } from './standing.ts'
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

/** What puts new code in front of people, or tells running programs of it. */
const live = new Set<StepKind>(['switch', 'reload', 'restart workers', 'upload', 'push image', 'maintenance off'])
/** What is harmful to hide whatever else the script does. */
const grave = new Set<StepKind>(['migrate', 'upload', 'switch', 'push image'])

/** The steps of a script that fail without stopping the release; `after`: the stretches that the host runs next. */
export function* failuresThatGoOn(script: Script, after: readonly Script[]): Iterable<GoesOn> {
  const commands = unique(script.commands)
  const kindOf = (command: Command): StepKind | undefined => releaseStep(command)?.kind
  const told = new Set<Piece>()
  for (const [i, command] of commands.entries()) {
    const step = releaseStep(command)
    if (!step || command.runs === 'after a failure') continue
    const { kind } = step
    if (!critical.has(kind) && !swallowed.has(kind)) continue
    const reached = (other: Command): boolean =>
      other.piece !== command.piece || other.start <= (standingOf(command)?.until ?? Infinity)
    const around = { script, before: commands.slice(0, i), rest: commands.slice(i + 1).filter(reached), after }
    const counts = (): boolean => isHiddenIn(step, command, around)
    if (script.site.tolerated && swallowed.has(kind) && !told.has(script.site.piece)) {
      if (!counts()) continue
      told.add(script.site.piece)
      yield { command, why: script.site.tolerated.says, because: [script.site.tolerated] }
      continue
    }
    if (command.failing !== 'goes on' || command.start >= command.end) continue
    const standing = standingOf(command)
    if (!standing || standing.checked) continue
    const hidden = standing.handler || !swallowed.has(kind) ? undefined : hiddenFar(command, standing, commands)
    if (hidden && !told.has(command.piece)) {
      if (!counts()) continue
      told.add(command.piece)
      yield { command, why: `\`${hidden.text}\` hides it`, because: [] }
      continue
    }
    if (standing.handler) {
      const { handler } = standing
      if (swallowed.has(kind) && handler.idle && counts())
        yield { command, why: `\`${handler.text}\` hides it`, because: [], hides: handler }
      continue
    }
    const stops = command.shell.flags.errexit
    const lost = standing.captured !== undefined && standing.captured !== 'kept' ? standing.captured : undefined
    if (standing.captured === 'kept' && stops) continue
    // An image that does not start is seen by whatever asks it next.
    if (!critical.has(kind) || (kind === 'switch' && step.detail.how === 'image')) continue
    if (standing.piped && !shows.test(standing.into ?? '')) continue
    const piped = standing.piped && !command.shell.flags.pipefail
    if (standing.piped && !piped && stops) continue
    // One finding for a text without `set -e`: its first step that matters.
    if (!piped && told.has(command.piece)) continue
    if (rehearses(around)) continue
    const later = around.rest.filter(
      (other) =>
        other.runs !== 'after a failure' &&
        !(other.piece === command.piece && apart(standing, standingOf(other))) &&
        !(other.piece === command.piece && other.start > (standing.until ?? Infinity)) &&
        !(other.piece === command.piece && other.start < standing.end && other.start >= standing.start),
    )
    const behind = later.find((other) => other.piece === command.piece)
    if (!behind && !piped) continue
    const next =
      later.find((other) => restsOn(other, kindOf(other), command, kind) && other.at.start !== command.at.start) ??
      (standing.until === undefined ? nextOf(after) : undefined) ??
      (isImage(script) ? behind : undefined)
    if (!next || looksBetween(command, next)) continue
    if (!piped) told.add(command.piece)
    const why = lost
      ? `\`${lost.masked}\` has a status of its own, whatever the command in its \`$(…)\` did`
      : reasonOf(script, command, piped, stops)
    yield { command, why, because: [], next }
  }
}

/** What hides the failure of a far command whose status is that of the `ssh` that sends it: `ssh host "a && b" || true`. */
function hiddenFar(command: Command, standing: Standing, commands: readonly Command[]): Standing['handler'] {
  if (command.runsOn === 'here' || /[;\n|]/.test(command.piece.text.slice(command.end).trim())) return undefined
  if (standing.piped) return undefined
  const sender = commands.find(
    (one) =>
      one.name === 'ssh' &&
      one.at.file === command.at.file &&
      one.at.start < command.at.start &&
      command.at.end <= one.at.end,
  )
  const handler = sender && standingOf(sender)?.handler
  return handler?.idle ? handler : undefined
}

/** Whether a step of the release is of no use, or does harm, when the one before it failed. */
function restsOn(other: Command, then: StepKind | undefined, command: Command, kind: StepKind): boolean {
  if (then === undefined || !final.has(then)) return false
  // A web server that reads its own configuration again brings no code in; what is fetched to be built beside the site neither.
  if (then === 'reload' && /\b(nginx|apache2?|httpd|caddy)\b/.test(other.text)) return false
  if (kind === 'fetch' && /\s\/tmp\//.test(command.text) && (then === 'reload' || then === 'restart workers'))
    return false
  // Two copies, pushes, links or databases side by side do not rest on each other.
  return then !== kind
}

/**
 * Whether it harms a release that the failure of a step is hidden: always for one that changes what is live or its data; for one that
 * prepares, when something live follows; for one that tells running programs, when something new came before it.
 */
function isHiddenIn({ kind, detail }: Step, command: Command, around: Around): boolean {
  if (rehearses(around)) return false
  if (grave.has(kind)) return true
  if (kind === 'reload' || kind === 'restart workers') {
    if (detail.tool === 'web server' || /\.timer\b/.test(command.text)) return false
    // The application's own command knows of no other use.
    if (!/^(systemctl|service|rc-service|docker|docker-compose|podman|supervisorctl|pm2)$/.test(command.name ?? ''))
      return true
    return around.before.some((other) => critical.has(releaseStep(other)?.kind ?? 'opaque'))
  }
  return laterThan(around).some((other) => restsOn(other, releaseStep(other)?.kind, command, kind))
}

/** A command's script, what runs before and after it there, and the stretches that the host runs next. */
interface Around {
  readonly script: Script
  readonly before: readonly Command[]
  readonly rest: readonly Command[]
  readonly after: readonly Script[]
}

const laterThan = ({ rest, after }: Around): readonly Command[] => [
  ...rest,
  ...after.flatMap((other) => other.commands),
]

/** Names of places where people build and test, and nothing is served. */
const workshop =
  /(^|[/_.\s-])(tests?|testing|e2e|dev|devel|development|devcontainer|bootstrap|(?<!usr\/)local|localhost|vagrant|sandbox)(?=$|[/_.\s"-])/i

/**
 * Whether a script prepares no release but a test or somebody's machine: tests run after it and nothing goes live, or it says so in
 * its name.
 */
function rehearses(around: Around): boolean {
  const { file, name } = around.script.site
  const names = name.startsWith('RUN ') ? [file] : [file, name]
  if (names.some((one) => workshop.test(one) && !/deploy|release/i.test(one))) return true
  const kinds = new Set(laterThan(around).flatMap((other) => stepIn(other)?.kind ?? []))
  return kinds.has('test') && ![...kinds].some((kind) => live.has(kind))
}

const steps = new WeakMap<Command, Step | 'none'>()

function stepIn(command: Command): Step | undefined {
  let known = steps.get(command)
  if (!known) steps.set(command, (known = stepOf(command)?.step ?? 'none'))
  return known === 'none' ? undefined : known
}

/**
 * What a command does to a release; undefined: nothing that counts here. Packages of the system, files that are moved or copied, and
 * plain queries are not steps whose failure a release would be stopped for.
 */
function releaseStep(command: Command): Step | undefined {
  const step = stepIn(command)
  if (!step) return undefined
  const name = (command.name ?? '').replace(/^.*\//, '')
  if (
    /^(apt|apt-get|aptitude|dpkg|yum|dnf|apk|brew|pip|pip3|gem|pecl|snap|zypper|pacman|cp|mv|mysql|mariadb|psql|tar|curl|wget|unzip|zip|gzip|bzip2|xz)$/.test(
      name,
    )
  )
    return undefined
  if (step.kind === 'switch' && (step.detail.how === 'rename' || step.detail.how === 'copy')) return undefined
  if (/^(scp|sql)$/.test(step.detail.tool ?? '') && step.kind !== 'upload') return undefined
  if (
    /\bdb:create\b|\bdatabase (?:create|drop)\b|\bcreate-project\b|\b(?:docker|podman) tag\b|\bbuildx (rm|create|use|inspect)\b|--version\b|^\S+ (?:-v|-V|version)\b|\bcreate (ns|namespace|secret)\b|\b(?:npm|pnpm|yarn) prune\b|-m venv\b|\bkubectl patch\b(?!.*image)|--abort\b/.test(
      command.text,
    )
  )
    return undefined
  // An image that is not pulled is pulled by what runs it, or the one before runs on.
  if (step.kind === 'fetch' && /\bpull\b/.test(command.text) && !/\bgit\b/.test(command.text)) return undefined
  // A migration that fills tables too is one all the same.
  if (step.kind === 'reset database' && /\bmigrate\s/.test(command.text)) return { ...step, kind: 'migrate' }
  return step
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
      const kind = releaseStep(command)?.kind
      if (kind && final.has(kind)) return command
    }
  return undefined
}

function reasonOf(script: Script, command: Command, piped: boolean, stops: boolean): string {
  if (piped) return 'in a pipe only the last command counts without `pipefail`'
  if (command.runsOn !== script.site.host)
    return `\`set -e\` here does not reach ${command.runsOn}: the text that runs there needs its own`
  if (stops) return '`set -e` does not count inside a `&&` list or a condition'
  return 'without `set -e` or `&&` nothing stops'
}
