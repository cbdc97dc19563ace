import type { Severity } from '../../rule/rule.ts'
import { didYouMean } from '../../rule/nearest.ts'
import { failure } from './failure.ts'

/** What a first word can be; `lint` when there is none. */
export const commands = ['lint', 'explain', 'rules', 'plan', 'init', 'baseline', 'merge', 'lsp'] as const
export type CommandName = (typeof commands)[number]

/** The formats of a report. */
export const formats = [
  'text',
  'json',
  'sarif',
  'github',
  'gitlab',
  'junit',
  'checkstyle',
  'rdjson',
  'html',
  'mermaid',
] as const
export type Format = (typeof formats)[number]

/** A command line as understood. */
export interface Options {
  readonly command: CommandName
  readonly paths: readonly string[]
  readonly format: Format
  readonly failOn: Severity | 'never'
  readonly only: readonly string[]
  readonly skip: readonly string[]
  readonly fix: 'none' | 'safe' | 'unsafe'
  readonly dryRun: boolean
  readonly staged: boolean
  readonly since: string | undefined
  readonly baseline: string | undefined
  /** A settings file by name; false: none is looked for. */
  readonly config: string | false | undefined
  readonly stdinFilename: string | undefined
  readonly strict: boolean
  readonly quiet: boolean
  readonly color: 'auto' | 'always' | 'never'
  readonly output: string | undefined
  readonly shard: readonly [number, number] | undefined
  readonly stats: boolean
  readonly help: boolean
  readonly version: boolean
}

interface Flag {
  /** What follows: nothing, one value, or one or several rules. */
  readonly takes?: 'value' | 'rules'
  readonly of?: readonly string[]
}

const flags: Readonly<Record<string, Flag>> = {
  format: { takes: 'value', of: formats },
  'fail-on': { takes: 'value', of: ['error', 'warning', 'info', 'never'] },
  only: { takes: 'rules' },
  skip: { takes: 'rules' },
  fix: {},
  'fix-unsafe': {},
  'dry-run': {},
  staged: {},
  since: { takes: 'value' },
  baseline: { takes: 'value' },
  config: { takes: 'value' },
  'no-config': {},
  'stdin-filename': { takes: 'value' },
  strict: {},
  quiet: {},
  color: { takes: 'value', of: ['auto', 'always', 'never'] },
  output: { takes: 'value' },
  shard: { takes: 'value' },
  stats: {},
  help: {},
  version: {},
}
const short: Readonly<Record<string, string>> = {
  '-h': '--help',
  '-v': '--version',
  '-q': '--quiet',
  '-o': '--output',
  '-f': '--format',
}

/** Reads a command line; a mistake is a `failure` that names the nearest right word. `ruleIds`: what `--only` and `--skip` take. */
export function readOptions(args: readonly string[], ruleIds: readonly string[]): Options {
  const given = new Map<string, string[]>()
  const paths: string[] = []
  const [first] = args
  const named = commands.find((name) => name === first)
  const rest = named ? args.slice(1) : args.slice()
  for (let i = 0; i < rest.length; i++) {
    const word = short[rest[i]!] ?? rest[i]!
    if (word === '--') {
      paths.push(...rest.slice(i + 1))
      break
    }
    if (!word.startsWith('-') || word === '-') {
      paths.push(word)
      continue
    }
    const equals = word.indexOf('=')
    const name = word.slice(2, equals === -1 ? undefined : equals)
    const flag = word.startsWith('--') ? flags[name] : undefined
    if (!flag)
      throw failure(
        `unknown option ${word}${didYouMean(
          `--${name}`,
          Object.keys(flags).map((one) => `--${one}`),
        )}`,
      )
    if (!flag.takes) {
      if (equals !== -1) throw failure(`--${name} takes no value`)
      given.set(name, [])
      continue
    }
    const value = equals === -1 ? rest[++i] : word.slice(equals + 1)
    if (value === undefined) throw failure(`--${name} needs a value`)
    const values = flag.takes === 'rules' ? value.split(',').filter((one) => one !== '') : [value]
    // `--only a b`: more rules may follow; a path that is named like a rule is written ./rule.
    while (flag.takes === 'rules' && rest[i + 1] !== undefined && ruleIds.includes(rest[i + 1]!))
      values.push(rest[++i]!)
    if (flag.of && !flag.of.includes(value))
      throw failure(`--${name} ${value}: not one of ${flag.of.join(', ')}${didYouMean(value, flag.of)}`)
    given.set(name, flag.takes === 'rules' ? [...(given.get(name) ?? []), ...values] : values)
  }
  const value = (name: string): string | undefined => given.get(name)?.[0]
  return {
    command: named ?? 'lint',
    paths,
    format: (value('format') ?? 'text') as Format,
    failOn: (value('fail-on') ?? 'warning') as Options['failOn'],
    only: rulesOf('only', given.get('only') ?? [], ruleIds),
    skip: rulesOf('skip', given.get('skip') ?? [], ruleIds),
    fix: given.has('fix-unsafe') ? 'unsafe' : given.has('fix') ? 'safe' : 'none',
    dryRun: given.has('dry-run'),
    staged: given.has('staged'),
    since: value('since'),
    baseline: value('baseline'),
    config: given.has('no-config') ? false : value('config'),
    stdinFilename: value('stdin-filename'),
    strict: given.has('strict'),
    quiet: given.has('quiet'),
    color: (value('color') ?? 'auto') as Options['color'],
    output: value('output'),
    shard: shardOf(value('shard')),
    stats: given.has('stats'),
    help: given.has('help'),
    version: given.has('version'),
  }
}

function rulesOf(flag: string, names: readonly string[], known: readonly string[]): readonly string[] {
  for (const name of names)
    if (!known.includes(name)) throw failure(`--${flag} ${name}: there is no such rule${didYouMean(name, known)}`)
  return names
}

function shardOf(text: string | undefined): readonly [number, number] | undefined {
  if (text === undefined) return undefined
  const match = /^(\d+)\/(\d+)$/.exec(text)
  const [part, of] = [Number(match?.[1]), Number(match?.[2])]
  if (!match || part < 1 || part > of) throw failure(`--shard ${text}: write it as 2/5, the second of five parts`)
  return [part, of]
}
