import type { Label, Source, Span } from '../../source/source.ts'
import { concat, slice, wholeFile, type Piece } from '../../source/piece.ts'
import { parseDockerfile, type Instruction } from '../../parse/dockerfile.ts'
import { jsonPiece, parseJson } from '../../parse/json.ts'
import type { Given, ShellFacts } from '../shell/script.ts'
import { literal, type Origin, type Value } from '../shell/value.ts'
import {
  always,
  argumentsPiece,
  dialectOf,
  expanded,
  shellOf,
  valueOfText,
  withPlatform,
  type Reading,
  textOfValue,
} from './host.ts'

/** What an image is while its instructions are followed. */
interface Stage {
  readonly name: string
  readonly image: string
  shell: ShellFacts
  cwd: Value
  user: string | undefined
  /** `ENV`: there in every later `RUN` and in the running container. */
  readonly env: Map<string, Given>
  /** `ARG`: there while the image is built, and nowhere after. */
  readonly args: Map<string, Given>
  readonly row: string
}

interface Following {
  readonly source: Source
  readonly base: Piece
  readonly reading: Reading
  readonly stages: Map<string, Stage>
  /** `ARG` before the first `FROM`. */
  readonly global: Map<string, Given>
}

// Set by official images whose files are not here.
const setByImages =
  'PATH HOME HOSTNAME PHP_INI_DIR PHP_VERSION PHPIZE_DEPS GOPATH GOROOT JAVA_HOME JAVA_VERSION CATALINA_HOME NODE_VERSION YARN_VERSION PYTHON_VERSION GEM_HOME BUNDLE_APP_CONFIG RUBY_VERSION RUSTUP_HOME CARGO_HOME NGINX_VERSION PGDATA PG_MAJOR CONDA_DIR HTTPD_PREFIX'.split(
    ' ',
  )

/** Reads a Dockerfile: each `RUN` is a shell of its own, with the stage's `SHELL`, `ENV`, `ARG`, `WORKDIR` and `USER`. */
export function dockerfileSites(source: Source, reading: Reading): void {
  const base = wholeFile(source.file, source.text)
  const { tree, errors } = parseDockerfile(base)
  reading.read(source.file)
  for (const error of errors) reading.unread(source.file, error)
  const following: Following = { source, base, reading, stages: new Map(), global: new Map() }
  let stage: Stage | undefined
  for (const one of tree) {
    if (one.name === 'FROM') stage = stageOf(one, following)
    else if (!stage) {
      if (one.name === 'ARG') declare(one, following.global, following.global, following)
    } else instruction(one, stage, following)
  }
}

function placeOf(one: Instruction, following: Following): Span {
  return { file: following.source.file, start: one.start, end: one.end }
}

function stageOf(one: Instruction, following: Following): Stage {
  const words = one.rest.text
    .trim()
    .split(/\s+/)
    .filter((word) => !word.startsWith('--'))
  const image = textOfValue(valueIn(one.rest, following.global)) ?? words[0] ?? ''
  const parent = following.stages.get((words[0] ?? '').toLowerCase())
  const named = /\bas\s+(\S+)/i.exec(one.rest.text)?.[1]
  const number = String([...following.stages.keys()].filter((key) => /^\d+$/.test(key)).length)
  const real = parent?.image ?? image
  const stage: Stage = {
    name: named ?? (following.stages.size === 0 ? 'the image' : `stage ${number}`),
    image: real,
    shell: parent?.shell ?? {
      dialect: 'sh',
      flags: { errexit: false, nounset: false, pipefail: false },
      interactive: false,
      ...withPlatform(real),
      user: 'root',
    },
    cwd: parent?.cwd ?? literal('/'),
    user: parent?.user,
    env: new Map(
      parent?.env ?? setByImages.map((name) => [name, always(name, placeOf(one, following), name.endsWith('HOME'))]),
    ),
    args: new Map(),
    row: `${following.source.file}#${number}`,
  }
  following.stages.set(number, stage)
  if (named) following.stages.set(named.toLowerCase(), stage)
  return stage
}

function missing(name: string, at: Span): Origin {
  const how = 'is empty: neither ENV nor ARG sets it'
  return { kind: 'environment', name: `$${name}`, at, empty: 'maybe', unset: 'maybe', how, splits: 'maybe' }
}

function valueIn(piece: Piece, env: ReadonlyMap<string, Given>, because: readonly Label[] = []): Value {
  const origins: Origin[] = []
  return valueOfText(expanded(unquoted(piece), (name) => env.get(name)?.value, origins, missing).text, origins, because)
}

/** A value of ENV or ARG without the quotes around it. */
function unquoted(piece: Piece): Piece {
  const found = /^(["'])([^]*)\1$/.exec(piece.text)
  return found ? slice(piece, 1, piece.text.length - 1) : piece
}

/** `NAME=value` pairs of an ENV or ARG, and the old `ENV NAME value`. */
function pairsOf(rest: Piece): readonly { readonly name: string; readonly value: Piece | undefined }[] {
  const old = /^\s*([A-Za-z_]\w*)\s+([^=\s][^]*)$/.exec(rest.text)
  if (old && !/^\s*\w+\s+\w+=/.test(rest.text)) {
    const start = rest.text.length - old[2]!.length
    return [{ name: old[1]!, value: slice(rest, start, rest.text.trimEnd().length) }]
  }
  return [...rest.text.matchAll(/([A-Za-z_]\w*)(?:=((?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])*))?/g)].map((pair) => {
    const start = pair.index + pair[1]!.length + 1
    return { name: pair[1]!, value: pair[2] === undefined ? undefined : slice(rest, start, start + pair[2].length) }
  })
}

function declare(
  one: Instruction,
  into: Map<string, Given>,
  env: ReadonlyMap<string, Given>,
  following: Following,
  global?: ReadonlyMap<string, Given>,
): void {
  for (const { name, value } of pairsOf(one.rest)) {
    const at = placeOf(one, following)
    if (value) {
      into.set(name, { value: valueIn(value, env, [{ at, says: `${one.name} sets ${name}` }]), exported: true })
    } else if (one.name === 'ARG' && global?.has(name)) into.set(name, global.get(name)!)
    else if (one.name === 'ARG' && !/^(TARGET|BUILD)(PLATFORM|OS|ARCH)$|_proxy$/i.test(name)) {
      const how = 'is empty when the build is not given --build-arg'
      const origin: Origin = {
        kind: 'environment',
        name: `$${name}`,
        at,
        empty: 'maybe',
        unset: 'maybe',
        how,
        splits: 'maybe',
      }
      into.set(name, {
        value: { ways: [[{ of: origin }]], because: [{ at, says: `ARG ${name} has no default` }] },
        exported: true,
      })
    } else if (one.name === 'ARG') into.set(name, always(name, at))
  }
}

function instruction(one: Instruction, stage: Stage, following: Following): void {
  const env = new Map([...stage.args, ...stage.env])
  switch (one.name) {
    case 'ARG':
      return declare(one, stage.args, env, following, following.global)
    case 'ENV':
      return declare(one, stage.env, env, following)
    case 'WORKDIR': {
      const to = valueIn(trimmed(one.rest), env, [{ at: placeOf(one, following), says: 'WORKDIR' }])
      const text = textOfValue(to)
      const before = textOfValue(stage.cwd)
      const absolute = text === undefined ? true : text.startsWith('/')
      stage.cwd = absolute || before === undefined ? to : literal(`${before.replace(/\/$/, '')}/${text}`, to.because)
      return
    }
    case 'USER':
      stage.user = one.rest.text.trim().replace(/:.*/, '')
      return
    case 'SHELL': {
      const words = stringsOf(one.rest).map((piece) => piece.text)
      const shell = shellOf(words, withPlatform(stage.image))
      if (shell) stage.shell = shell
      return
    }
    case 'RUN':
      return put(one, stage, following, env)
    case 'CMD':
    case 'ENTRYPOINT':
    case 'HEALTHCHECK':
      return put(one, stage, following, stage.env)
    default:
  }
}

function trimmed(piece: Piece): Piece {
  const start = piece.text.length - piece.text.trimStart().length
  return slice(piece, start, Math.max(start, piece.text.trimEnd().length))
}

function stringsOf(rest: Piece): readonly Piece[] {
  const parsed = parseJson(rest.text)
  if (parsed.errors.length > 0 || parsed.tree?.kind !== 'list') return []
  return parsed.tree.items.flatMap((item) => (item.kind === 'scalar' ? [jsonPiece(rest, item)] : []))
}

function put(one: Instruction, stage: Stage, following: Following, given: ReadonlyMap<string, Given>): void {
  const found = codeOf(one, stage)
  if (!found) return
  const first = found.piece.text.trim().split(/\s+/).slice(0, 3).join(' ')
  following.reading.site({
    piece: found.piece,
    file: following.source.file,
    name: `${one.name} ${first} (${stage.name})`,
    shell: { ...found.shell, ...(stage.user ? { user: stage.user } : {}) },
    given,
    holes: [],
    cwd: stage.cwd,
    host: 'here',
    via: [
      {
        at: placeOf(one, following),
        says: one.name === 'RUN' ? 'each RUN is a shell of its own' : `${one.name} of ${stage.name}`,
      },
    ],
    row: stage.row,
    elsewhere: elsewhereOf(one, stage, following, given),
  })
}

/** ARGs that do not reach an instruction: before the first FROM, of another stage, or in the running container. */
function elsewhereOf(
  one: Instruction,
  stage: Stage,
  following: Following,
  given: ReadonlyMap<string, Given>,
): ReadonlyMap<string, Label> {
  const out = new Map<string, Label>()
  const take = (names: ReadonlyMap<string, Given>, says: (name: string) => string): void => {
    for (const [name, value] of names) {
      const at = value.value.because[0]?.at
      if (at && !given.has(name) && !out.has(name)) out.set(name, { at, says: says(name) })
    }
  }
  if (one.name !== 'RUN')
    take(stage.args, (name) => `ARG ${name} is there while the image is built, and gone in the container`)
  take(following.global, (name) => `ARG ${name} before FROM is not seen in a stage that does not repeat it`)
  for (const other of new Set(following.stages.values()))
    if (other !== stage)
      take(
        new Map([...other.args, ...other.env]),
        (name) => `${name} is set in ${other.name}, and each stage has its own`,
      )
  return out
}

/** The shell code of a RUN, CMD, ENTRYPOINT or HEALTHCHECK, and the shell that reads it. */
function codeOf(one: Instruction, stage: Stage): { piece: Piece; shell: ShellFacts } | undefined {
  const flags =
    one.name === 'HEALTHCHECK' ? /^\s*(?:--[\w-]+(?:=\S+)?\s+)*(?:CMD|NONE)\b/i : /^\s*(?:--[\w-]+(?:=\S+)?\s+)*/
  const skipped = flags.exec(one.rest.text)?.[0].length ?? 0
  const rest = trimmed(slice(one.rest, skipped, one.rest.text.length))
  const here = one.heredocs[0]
  if (here && rest.text.trim() === one.rest.text.slice(here.at, here.at + here.length)) {
    const line = /^#!\s*(.*)/.exec(here.body.text)?.[1]
    const shell = line === undefined ? stage.shell : shellOf(line.split(/\s+/), withPlatform(stage.image))
    return shell && { piece: here.body, shell }
  }
  if (rest.text.startsWith('[')) {
    const words = stringsOf(rest)
    if (words.length > 0) return executed(rest, words, stage)
  }
  const bodies = one.heredocs.flatMap((doc) => [doc.body, textPiece(rest, `${doc.name}\n`)])
  return rest.text === ''
    ? undefined
    : { piece: bodies.length > 0 ? concat([rest, concat(bodies, '')]) : rest, shell: stage.shell }
}

/** Text that stands nowhere in the file. */
function textPiece(base: Piece, text: string): Piece {
  return { text, spans: () => base.spans(base.text.length, base.text.length), edit: () => undefined }
}

/** The exec form: no shell reads it, unless it starts one. */
function executed(rest: Piece, words: readonly Piece[], stage: Stage): { piece: Piece; shell: ShellFacts } {
  const flag = words.findIndex((word, i) => i > 0 && /^-[a-z]*c$/.test(word.text))
  const script = words[flag + 1]
  if (flag > 0 && script && dialectOf(words[0]!.text)) {
    const shell = shellOf(
      words.slice(0, flag + 1).map((word) => word.text),
      withPlatform(stage.image),
    )
    if (shell) return { piece: script, shell }
  }
  return { piece: argumentsPiece(rest, words), shell: stage.shell }
}
