import { exact, parseOptions, type Spec } from './options.ts'
import type { Command, Script, Word } from './script.ts'
import { originsOf, showWay, type Part } from './value.ts'

/** A run and the rehearsal that is nearest to it, which was of another command. */
export interface Rehearsal {
  readonly dry: Command
  readonly run: Command
  /** Words that only one of them has, as written there. */
  readonly onlyRun: readonly string[]
  readonly onlyDry: readonly string[]
  /** The words are written alike and hold other values. */
  readonly changed: readonly string[]
  /** Variables that can be gone between the two, since they are pasted apart. */
  readonly losable: readonly string[]
}

/** How a tool is told only to say what it would do. */
const dryFlags = /^(--dry-?run(=.*)?|--simulate|--just-print|--pretend)$/
const alsoDry: Readonly<Record<string, readonly string[]>> = {
  rsync: ['-n'],
  rclone: ['-n'],
  git: ['-n'],
  'ansible-playbook': ['--check', '-C'],
}
/** Options that only change what is told. */
const telling =
  /^(-[vqhiP]|--(verbose|quiet|progress|stats|human-readable|itemize-changes|list-only|no-motd|diff|info|debug|out-format|log-file)(=.*)?)$/
/** Tools that change much at once, and whose rehearsal people look at. `patch --dry-run` only asks whether it would go. */
const tools = new Set([
  ...[
    'rsync',
    'rclone',
    'aws',
    'gsutil',
    'git',
    'ansible-playbook',
    'helm',
    'kubectl',
    'lftp',
    'unison',
    'restic',
    'borg',
  ],
  ...['duplicity', 'php', 'cap', 'dep', 'drush', 'wp', 'certbot', 'mysql', 'terraform', 'flyway', 'gcloud', 'find'],
])
/** Tools whose first operand says what they do. */
const withVerb = new Set([
  'git',
  'aws',
  'gsutil',
  'helm',
  'kubectl',
  'rclone',
  'php',
  'composer',
  'npm',
  'gcloud',
  'wp',
  'drush',
])
/** Tools that are told what to do in two words: `wp plugin update`, `aws s3 cp`. */
const twoWords = new Set(['aws', 'wp', 'kubectl', 'gcloud', 'php'])
/** What is shown goes on to another program: it makes something, and rehearses nothing. */
const feeding = /^(-o|--output|--out-format)(=.*)?$/

interface Told {
  readonly command: Command
  readonly order: number
  readonly dry: boolean
  readonly verb: string
  readonly options: readonly Item[]
  readonly operands: readonly Item[]
}

interface Item {
  readonly text: string
  /** Equal for equal values: text, and the origins of what is not known. */
  readonly key: string
}

/** The runs of a script that were rehearsed as another command, there or in what ran `before` it. */
export function* otherRehearsals(script: Script, before: readonly Script[]): Iterable<Rehearsal> {
  const own = toldIn(script)
  const dry = [...before.flatMap(toldIn).map((one) => ({ ...one, order: -1 })), ...own].filter((one) => one.dry)
  if (dry.length === 0) return
  const pasted = script.site.shell.interactive
  for (const run of own) {
    if (run.dry) continue
    const rehearsals = dry
      .filter((one) => akin(one, run))
      .map((one) => differences(one, run, pasted))
      .sort((a, b) => weight(a) - weight(b))
    const nearest = rehearsals[0]
    if (nearest && (weight(nearest) > 0 || nearest.losable.length > 0)) yield nearest
  }
}

const toldIn = (script: Script): readonly Told[] =>
  script.commands.flatMap((command, order) => {
    const one = tell(command, order)
    return one ? [one] : []
  })

/** The variables of a command that can be empty when it is pasted: a reconnect in between, and they are. */
function losableIn(command: Command): readonly string[] {
  const given = command.cases[0]
  const names = (given?.words ?? []).flatMap((word) =>
    word.fields.flatMap((value) =>
      originsOf(value).flatMap((origin) => (given!.knows.empty(origin) === 'maybe' ? [origin.name] : [])),
    ),
  )
  return [...new Set(names)]
}

function tell(command: Command, order: number): Told | undefined {
  const { name } = command
  if (name === undefined || !tools.has(name) || command.words.length < 2) return undefined
  const spec: Spec = name === 'rsync' ? { short: 'efBTM', long: ['exclude', 'include', 'filter', 'rsh'] } : {}
  const words = command.words.slice(1)
  const parsed = parseOptions(words, spec)
  const texts = words.flatMap(letters)
  const flags = alsoDry[name] ?? []
  const dry = texts.some((one) => dryFlags.test(one.text) || flags.includes(one.text))
  if (dry && texts.some((one) => feeding.test(one.text))) return undefined
  const count = withVerb.has(name) ? (twoWords.has(name) ? 2 : 1) : 0
  const verb = parsed.operands
    .slice(0, count)
    .map((word) => exact(word) ?? '')
    .join(' ')
  if (flags.includes('-n') && name === 'git' && verb !== 'clean') return undefined
  const operands = parsed.operands.map(itemOf)
  const keys = new Set(operands.map((one) => one.key))
  return {
    command,
    order,
    dry,
    verb,
    operands: operands.slice(count),
    options: texts.filter(
      (one) => !keys.has(one.key) && !dryFlags.test(one.text) && !flags.includes(one.text) && !telling.test(one.text),
    ),
  }
}

// `-avn` is three options.
function letters(word: Word): readonly Item[] {
  const text = exact(word)
  if (text === undefined || !/^-[A-Za-z]{2,}$/.test(text)) return [itemOf(word)]
  return [...text.slice(1)].map((letter) => ({ text: `-${letter}`, key: `-${letter}` }))
}

function itemOf(word: Word): Item {
  const ways = word.fields.flatMap((value) => value.ways)
  return {
    text: ways.length === 1 ? showWay(ways[0]!) : word.text,
    key: ways
      .map((way) => way.map(keyOf).join(''))
      .sort()
      .join(' or '),
  }
}

const keyOf = (part: Part): string =>
  'of' in part
    ? `${part.of.name}@${/^(environment|widened)$/.test(part.of.kind) ? '' : `${part.of.at.file}:${part.of.at.start}`}`
    : part.text

// A rehearsal of this run, and not of another: the tool, what it does, and one of the paths are the same; written the same counts as well.
function akin(dry: Told, run: Told): boolean {
  if (dry.command.name !== run.command.name || dry.verb !== run.verb) return false
  if (dry.order > run.order && dry.command.runs === 'always') return false
  if (dry.operands.length === 0 || run.operands.length === 0) return dry.operands.length === run.operands.length
  const written = new Set([...dry.operands.map((one) => one.key), ...operandTexts(dry).slice(verbLength(dry))])
  written.delete('')
  return [...run.operands.map((one) => one.key), ...operandTexts(run).slice(verbLength(run))].some((text) =>
    written.has(text),
  )
}

const verbLength = (told: Told): number => (told.verb === '' ? 0 : told.verb.split(' ').length)

const operandTexts = (told: Told): readonly string[] =>
  parseOptions(told.command.words.slice(1), {}).operands.map((word) => word.text)

function differences(dry: Told, run: Told, pasted: boolean): Rehearsal {
  const without = (some: readonly Item[], others: readonly Item[]): readonly Item[] =>
    some.filter((one) => !others.some((other) => other.key === one.key))
  const [inDry, inRun] = [
    [...dry.options, ...dry.operands],
    [...run.options, ...run.operands],
  ]
  const onlyDry = without(inDry, inRun)
  const onlyRun = without(inRun, inDry)
  const texts = new Set(operandTexts(dry))
  const changed = operandTexts(run).filter((text) => texts.has(text) && /\$/.test(text))
  const sameText =
    changed.length > 0 && onlyRun.length > 0 && onlyRun.length === onlyDry.length && onlyRun.length <= changed.length
  return {
    dry: dry.command,
    run: run.command,
    onlyRun: onlyRun.map((one) => one.text),
    onlyDry: onlyDry.map((one) => one.text),
    changed: sameText && operandTexts(run).every((text) => texts.has(text)) ? changed : [],
    losable: pasted ? losableIn(run.command) : [],
  }
}

const weight = (one: Rehearsal): number => one.onlyRun.length + one.onlyDry.length
