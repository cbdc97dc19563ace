import { concat, decoder, unixLines, type Piece } from '../../source/piece.ts'
import { at, isEmpty, scalarPiece, textAt, type YamlMap, type YamlScalar } from '../../parse/yaml.ts'
import type { Given, ShellSite } from '../shell/script.ts'
import type { Origin } from '../shell/value.ts'

/** What a step with an ssh or rsync action runs. */
type Remote = Pick<ShellSite, 'piece' | 'shell' | 'given' | 'holes' | 'host' | 'closed'>

type FillIn = (piece: Piece, origins: Origin[]) => Piece

interface Action {
  /** The action's name, without its version. */
  readonly uses: RegExp
  /** The input that holds the remote script. */
  readonly script?: readonly string[]
  /** The input that names the far host. */
  readonly host: readonly string[]
  /** An rsync that the action makes of its inputs: a word is an input's name, or text as it is after `=`. */
  readonly command?: readonly string[]
}

const actions: readonly Action[] = [
  { uses: /^appleboy\/ssh-action$/, script: ['script'], host: ['host'] },
  {
    uses: /^(garygrossgarten\/github-action-ssh|fifsky\/ssh-action|D3rHase\/ssh-command-action)$/i,
    script: ['command'],
    host: ['host'],
  },
  {
    uses: /^(LuisEnMarroquin\/ssh-action|tiyee\/action-ssh|fujiwara\/ssh-action)$/i,
    script: ['script', 'command'],
    host: ['host'],
  },
  { uses: /^cross-the-world\/(ssh-scp-)?ssh-pipelines$/i, script: ['first_ssh', 'last_ssh'], host: ['host'] },
  {
    uses: /^(JimCronqvist|webfactory|appleboy|nerdenough|maddox)\/(action-)?ssh(-action|-executor|-exec)?$/i,
    script: ['command', 'script'],
    host: ['hosts', 'host'],
  },
  {
    uses: /^(burnett01|contention)\/(action-)?rsync(-deployments)?$/i,
    host: ['remote_host'],
    command: [
      '=rsync ',
      'switches',
      'flags',
      '= ',
      'path',
      '= ',
      'remote_user',
      '=@',
      'remote_host',
      '=:',
      'remote_path',
    ],
  },
  {
    uses: /^easingthemes\/ssh-deploy$/i,
    host: ['REMOTE_HOST'],
    command: ['=rsync ', 'ARGS', '= ', 'SOURCE', '= ', 'REMOTE_USER', '=@', 'REMOTE_HOST', '=:', 'TARGET'],
  },
]

/** What an ssh or rsync action of a step runs, and where; undefined: the action is none that is known. */
export function remoteOf(
  base: Piece,
  step: YamlMap,
  env: ReadonlyMap<string, Given>,
  fillIn: FillIn,
): Remote | undefined {
  const uses = textAt(step, 'uses')?.replace(/@.*$/, '')
  const action = uses && actions.find((known) => known.uses.test(uses))
  if (!action) return undefined
  const inputs = {
    ...step,
    entries: [at(step, 'with'), at(step, 'env')].flatMap((node) => (node?.kind === 'map' ? node.entries : [])),
  }
  const input = (name: string): YamlScalar | undefined => {
    const found = inputs.entries.find((entry) => entry.key.text.toLowerCase() === name.toLowerCase())?.value
    return found?.kind === 'scalar' && !isEmpty(found) ? found : undefined
  }
  const holes: Origin[] = []
  const host = action.host.map((name) => input(name)?.text).find((name) => name !== undefined) ?? 'the far host'
  const flags = { errexit: false, nounset: false, pipefail: false }
  if (action.command) {
    const piece = commandOf(base, action.command, input, (own) => fillIn(own, holes))
    return piece && { piece, holes, host: 'here', given: env, shell: { dialect: 'sh', flags, interactive: false } }
  }
  const scripts = (action.script ?? []).flatMap((name) => input(name) ?? [])
  if (scripts.length === 0) return undefined
  const piece = fillIn(unixLines(concat(scripts.map((script) => scalarPiece(base, script)))), holes)
  const stops = textAt(inputs, 'script_stop') === 'true'
  const passed = (textAt(inputs, 'envs') ?? '').split(',').map((name) => name.trim())
  const given = new Map([...env].filter(([name]) => passed.includes(name)))
  return {
    piece,
    holes,
    host,
    closed: true,
    given,
    shell: { dialect: 'bash', flags: { ...flags, errexit: stops }, interactive: false },
  }
}

/** The command line that an action makes of its inputs, each with its own place. */
function commandOf(
  base: Piece,
  words: readonly string[],
  input: (name: string) => YamlScalar | undefined,
  filled: (piece: Piece) => Piece,
): Piece | undefined {
  const parts: Piece[] = []
  let last = -1
  for (const word of words) {
    const scalar = word.startsWith('=') ? undefined : input(word)
    if (scalar) last = scalar.end
  }
  if (last === -1) return undefined
  for (const word of words) {
    if (word.startsWith('=')) {
      const made = decoder(base)
      made.turn(word.slice(1), last, last)
      parts.push(made.piece(last, () => undefined))
    } else {
      const scalar = input(word)
      if (scalar) parts.push(filled(scalarPiece(base, scalar)))
    }
  }
  return concat(parts, '')
}
