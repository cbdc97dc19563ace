import type { Command, Script } from '../facts/shell/script.ts'
import { holeBase, wordShape } from '../facts/shell/script.ts'
import type { Origin } from '../facts/shell/value.ts'
import type { Label, Span } from '../source/source.ts'
import { callOf, type Call } from './call.ts'
import type { Detail, Flow, Step, StepKind } from './model.ts'
import { hostIn } from './path.ts'
import { recognise, type Meaning } from './vocabulary.ts'

/** The steps of a script, in the order in which it runs them. */
export function flowOf(script: Script): Flow {
  const traps = script.commands.filter((command) => command.name === 'trap')
  const seen = new Set<string>()
  // A function's call is not a step of its own: what it does is read.
  const followed = new Set(script.commands.flatMap((command) => command.via.map((label) => label.says)))
  const told = new Set<string>()
  const steps = script.commands.flatMap((command) => {
    // Shell inside a loop's shell is read once for each round.
    const place = `${command.at.file} ${command.at.start} ${command.at.end} ${command.actsOn} ${command.via.map((label) => label.says).join()}`
    if (told.has(place)) return []
    told.add(place)
    if (followed.has(`calls ${command.name ?? ''}`)) return []
    // Shell inside of shell has holes of its own: what the outer one fills in.
    const own = command.piece.text === script.site.piece.text
    const made = stepOf(command, [], own ? script.site.holes : [])
    const found = made && { step: { ...made.step, failing: failingOf(command, script) } }
    const trap = found && traps.find((one) => isInside(command, one))
    if (!found || !trap) return found ?? []
    // A trap runs once, whatever the ways to its end: after a failure, and for EXIT at the end of a run without one.
    const key = `${command.start} ${command.end}`
    if (seen.has(key)) return []
    seen.add(key)
    const failed = { step: { ...found.step, runs: 'after a failure' as const } }
    return /\b(EXIT|0)\b/.test(trap.text) ? [found, failed] : [failed]
  })
  return { inOrder: steps }
}

// In the trap's own text, or in a function that it calls.
const isInside = (command: Command, trap: Command): boolean => {
  if (trap === command) return false
  const handler = trap.words[1] ? wordShape(trap.words[1]) : ''
  return isWithin(command.at, trap.at) || command.via.some((label) => label.says === `calls ${handler}`)
}

const isWithin = (inner: Span, outer: Span): boolean =>
  inner.file === outer.file && outer.start <= inner.start && inner.end <= outer.end

/**
 * What happens when a command of a stretch of shell fails whose host stops at a failing shell: its own end is that of the last
 * command, so what leads to it by `&&` alone stops the host too.
 */
export function failingOf(command: Command, script: Script): Step['failing'] {
  if (script.site.tolerated) return 'goes on'
  if (command.failing === 'stops') return command.failing
  const ends = !/;|\n\s*\S|\|\||[^&]&\s*$|\|/.test(command.piece.text.slice(command.end))
  if (command.piece.text === script.site.piece.text) return ends ? 'stops' : 'goes on'
  // Shell inside of shell, `ssh host "a && b"`: its end is that of the command that starts it.
  const outer = script.commands.find((one) => one.piece.text === script.site.piece.text && isAround(one, command))
  return ends && outer && outer.failing === 'stops' ? 'stops' : 'goes on'
}

const isAround = (outer: Command, inner: Command): boolean => outer !== inner && isWithin(inner.at, outer.at)

/** Whether shell runs where people work on the code: what commits, tags or publishes is no server, and pulls nothing live. */
export function isWorkplace(scripts: readonly Script[]): boolean {
  return scripts.some((script) =>
    script.commands.some((command) => {
      const [name, verb = '', to = ''] = command.words.map(wordShape)
      if (name === 'svn') return /^(commit|ci|import|copy|cp)$/.test(verb)
      if (name === 'git')
        return (
          (/^(commit|tag|push)$/.test(verb) && !/heroku|dokku|live|prod/.test(to)) ||
          (/^(checkout|switch)$/.test(verb) && /^-[bBc]$|^--orphan$/.test(to)) ||
          / commit (-|$)/.test(command.text)
        )
      return (
        /^(npm|yarn|pnpm|cargo|gem|twine|goreleaser)$/.test(name ?? '') && /^(publish|version|push|upload)$/.test(verb)
      )
    }),
  )
}

/** What a shell command does to the release; undefined: nothing. */
export function stepOf(
  command: Command,
  via: readonly Label[] = [],
  holes: readonly Origin[] = [],
): { readonly step: Step } | undefined {
  if (command.words[0]?.text.endsWith('/')) return undefined
  const call = callOf(command)
  const meaning = call && recognise(call)
  const fed = call?.name === 'ssh' ? fedScript(command, call) : undefined
  if (fed) return stepAt('opaque', command.at, filled(command.text, holes), fed.detail, fed.more(via))
  if (meaning?.kind === 'nothing') return undefined
  if (!call && command.words[0] && environmentOnly.test(wordShape(command.words[0]))) return undefined
  const cwd = call?.cwd
  return {
    step: {
      kind: meaning?.kind ?? 'opaque',
      detail: meaning?.detail ?? { ...(cwd ? { cwd } : {}), ...hint(command) },
      at: command.at,
      text: oneLine(written(command, holes)),
      via: [...via, ...command.via],
      runs: command.runs,
      failing: command.failing,
      actsOn: placeOf(filled(command.actsOn, holes), call, meaning),
      command,
    },
  }
}

/** The host that a step changes: a copy's target, a container on the host of the command, else the command's own. */
function placeOf(actsOn: string, call: Call | undefined, meaning: Meaning | undefined): string {
  if (call?.inside) return `${actsOn === 'here' ? '' : `${actsOn} `}container ${call.inside}`
  const far = meaning?.kind === 'upload' ? hostIn(meaning.detail.path ?? '') : undefined
  return actsOn === 'here' ? (far ?? actsOn) : actsOn
}

/** `ssh host 'bash -s' < deploy.sh`: the file that the far shell is fed, and where it runs. */
function fedScript(
  command: Command,
  call: Call,
): { detail: Detail; more: (via: readonly Label[]) => Partial<Step> } | undefined {
  const file = /(?<!<)<(?![<(])\s*["']?([\w./-]+)["']?\s*$/.exec(command.text)?.[1]
  if (file === undefined || !/\b(ba|da|z|k)?sh\b/.test(call.operands.slice(1).join(' '))) return undefined
  const more = (via: readonly Label[]): Partial<Step> => ({
    via: [...via, ...command.via],
    runs: command.runs,
    failing: command.failing,
    actsOn: call.operands[0] ?? command.actsOn,
    command,
  })
  return { detail: { calls: [`file ${file.replace(/^\.\//, '')}`] }, more }
}

/** A step that an extractor knows without a shell command behind it: a task of a recipe, a module. */
export function stepAt(
  kind: StepKind,
  at: Span,
  text: string,
  detail: Detail,
  more: Partial<Step> = {},
): { step: Step } {
  return {
    step: { kind, detail, at, text: oneLine(text), via: [], runs: 'always', failing: 'stops', actsOn: 'here', ...more },
  }
}

// `eval $(ssh-agent -s)`: programs that print what the shell is to set.
const environmentOnly =
  /^\$\(\s*(ssh-agent|docker-machine env|minikube|brew shellenv|\w+env init|direnv|dbus-launch|fnm env|aws ecr|gpg-agent|keychain)/

// What `eval` is given is shown by name, where it is not known.
function written(command: Command, holes: readonly Origin[]): string {
  const masked = /[\ue000-\uf8ff]/.test(command.text)
  const text = masked && holes.length === 0 ? command.words.map(wordShape).join(' ') : filled(command.text, holes)
  return /^[…\s]*$/.test(text) && command.words[0] ? `eval ${wordShape(command.words[0])}` : text
}

// Text that another language fills is masked by one character for each hole; a person reads its name.
const filled = (text: string, holes: readonly Origin[]): string =>
  text.replace(/[\ue000-\uf8ff]/g, (mask) => holes[mask.charCodeAt(0) - holeBase]?.name ?? '…')

/** A text on one line, shortened in the middle of what is too long to be read. */
export function oneLine(text: string): string {
  const line = text
    .replace(/\\\r?\n/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return line.length > 160 ? `${line.slice(0, 157)}…` : line
}

// A script or tool nobody here knows: its name may tell what it can not be.
function hint(command: Command): Detail {
  const words = command.words.map(wordShape)
  // `bash deploy.sh` runs a file as `./deploy.sh` does.
  const at = /^(ba|da|z|k)?sh$/.test(words[0] ?? '') ? words.findIndex((word, i) => i > 0 && !word.startsWith('-')) : 0
  const name = words[at] ?? command.text
  const path = name.replace(/^\.\//, '')
  const calls = /\//.test(name) || /\.(sh|bash|php|py|rb|js|pl)$/.test(name) ? { calls: [`file ${path}`] } : {}
  if (
    /notif|slack|telegram|discord|mail|log|print|echo|info|warn|error|usage|color|banner|msg|message|status|say|section|step|debug|success|fail|title|header|spinner|progress|confirm|prompt|ask/i.test(
      name,
    )
  )
    return { ...calls, could: ['notify'] }
  if (/test|check|lint|verify|valid|health|smoke/i.test(name)) return { ...calls, could: ['test', 'smoke test'] }
  if (/backup|dump|export/i.test(name)) return { ...calls, could: ['backup'] }
  return calls
}
