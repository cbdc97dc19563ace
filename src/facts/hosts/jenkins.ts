import type { Source } from '../../source/source.ts'
import { concat, type Piece } from '../../source/piece.ts'
import type { Token } from '../../parse/tokens.ts'
import type { Given, ShellFacts } from '../shell/script.ts'
import { literal, type Certainty, type Value } from '../shell/value.ts'
import { afterBracket, codeOf, stringPiece, textFrom, type Code } from './code.ts'
import { always, handedOver, valueOfText, type Reading } from './host.ts'

// The sh step starts `sh -xe`.
const sh: ShellFacts = { dialect: 'sh', flags: { errexit: true, nounset: false, pipefail: false }, interactive: false }
const set =
  'BRANCH_NAME BUILD_ID BUILD_NUMBER BUILD_TAG BUILD_URL JENKINS_URL JOB_NAME JOB_BASE_NAME JENKINS_HOME NODE_NAME EXECUTOR_NUMBER'.split(
    ' ',
  )

function emptinessIn(text: string): (expression: string) => readonly [Certainty, string] {
  return (expression) => {
    const parameter = /^params\.(\w+)$/.exec(expression)?.[1]
    if (parameter && new RegExp(String.raw`\b(choice|booleanParam)\s*\([^)]*['"]${parameter}['"]`).test(text))
      return ['never', '']
    if (parameter) return ['maybe', 'is empty when whoever starts the build leaves it blank']
    return ['unknown', '']
  }
}

/** Reads a Jenkinsfile: each `sh` is a shell of its own with `-e`. */
export function jenkinsSites(source: Source, reading: Reading): void {
  const code = codeOf(source, 'groovy', emptinessIn(source.text))
  reading.read(source.file)
  if (code.cut)
    reading.unread(source.file, {
      start: 0,
      end: source.text.length,
      says: 'too long: not read to its end for its shell',
    })
  const given = new Map<string, Given>()
  for (const name of set) given.set(name, always(name, { file: source.file, start: 0, end: 0 }))
  given.set('WORKSPACE', always('WORKSPACE', { file: source.file, start: 0, end: 0 }, true))
  walk(code, 0, code.tokens.length, { given, name: 'the pipeline', cwd: undefined }, reading, 0)
}

interface Around {
  readonly given: ReadonlyMap<string, Given>
  readonly name: string
  readonly cwd: Value | undefined
}

function walk(code: Code, from: number, to: number, around: Around, reading: Reading, depth: number): void {
  let here = around
  for (let i = from; i < to; i++) {
    const token = code.tokens[i]!
    if (token.kind !== 'word' || code.tokens[i - 1]?.text === '.') continue
    if (token.text === 'environment' && code.tokens[i + 1]?.text === '{') {
      const end = afterBracket(code.tokens, i + 1)
      here = { ...here, given: environmentIn(code, i + 2, end, here.given) }
      i = end - 1
    } else if (/^(stage|dir|withEnv)$/.test(token.text) && code.tokens[i + 1]?.text === '(') {
      const close = afterBracket(code.tokens, i + 1)
      if (code.tokens[close]?.text !== '{' || depth > 40) continue
      const end = afterBracket(code.tokens, close)
      walk(code, close + 1, end - 1, around1(code, token, i, here), reading, depth + 1)
      i = end - 1
    } else if (token.text === 'env' && code.tokens[i + 1]?.text === '.' && code.tokens[i + 3]?.text === '=') {
      const name = code.tokens[i + 2]!
      const at = { file: code.source.file, start: token.start, end: name.end }
      here = {
        ...here,
        given: new Map([...here.given, [name.text, handedOver(name.text, at, `env.${name.text} is set here`)]]),
      }
    } else if (token.text === 'sh') i = Math.max(i, step(code, i, here, reading))
    else if (/^(bat|powershell|pwsh)$/.test(token.text) && /^(string|template)$/.test(code.tokens[i + 1]?.kind ?? ''))
      reading.unread(code.source.file, {
        start: token.start,
        end: token.end,
        says: `a step for ${token.text === 'bat' ? 'cmd' : 'PowerShell'}: only sh, bash and their kin are read`,
      })
  }
}

function around1(code: Code, token: Token, i: number, around: Around): Around {
  const text = textFrom(code, i + 2).piece.text
  if (token.text === 'stage') return { ...around, name: `stage ${text}` }
  if (token.text === 'dir') return { ...around, cwd: valueOfText(text, code.origins) }
  const given = new Map(around.given)
  for (let at = i + 3; at < afterBracket(code.tokens, i + 1); at++) {
    const one = code.tokens[at]!
    if (one.kind !== 'string' && one.kind !== 'template') continue
    const pair = /^(\w+)=([^]*)$/.exec(stringPiece(code, one).text)
    const place = { file: code.source.file, start: one.start, end: one.end }
    if (pair)
      given.set(pair[1]!, {
        value: valueOfText(pair[2]!, code.origins, [{ at: place, says: `withEnv sets ${pair[1]}` }]),
        exported: true,
      })
  }
  return { ...around, given }
}

function environmentIn(
  code: Code,
  from: number,
  to: number,
  before: ReadonlyMap<string, Given>,
): ReadonlyMap<string, Given> {
  const given = new Map(before)
  for (let i = from; i < to; i++) {
    const name = code.tokens[i]!
    if (name.kind !== 'word' || code.tokens[i + 1]?.text !== '=') continue
    const value = code.tokens[i + 2]
    const place = { file: code.source.file, start: name.start, end: value?.end ?? name.end }
    const says = `environment sets ${name.text}`
    if (value?.kind === 'string' || value?.kind === 'template')
      given.set(name.text, {
        value: valueOfText(stringPiece(code, value).text, code.origins, [{ at: place, says }]),
        exported: true,
      })
    else
      given.set(name.text, {
        ...always(name.text, place),
        value: { ...always(name.text, place).value, because: [{ at: place, says }] },
      })
  }
  return given
}

/** `sh '…'`, `sh("…")`, `sh(script: '…', returnStdout: true)`; gives the last token that was read. */
function step(code: Code, i: number, around: Around, reading: Reading): number {
  const next = code.tokens[i + 1]
  let first = i + 1
  let end = i + 1
  if (next?.text === '(' || (next?.kind === 'word' && code.tokens[i + 2]?.text === ':')) {
    const parenthesis = next.text === '('
    const line = code.base.text.indexOf('\n', next.start)
    end = parenthesis
      ? afterBracket(code.tokens, i + 1)
      : code.tokens.findIndex(
          (token, at) =>
            at > i && (token.text === '}' || (token.start > line && line !== -1 && code.tokens[at - 1]?.text !== ',')),
        )
    if (end === -1) end = code.tokens.length
    first = parenthesis ? i + 2 : i + 1
    const named = code.tokens.findIndex(
      (token, at) => at >= first && at < end && token.text === 'script' && code.tokens[at + 1]?.text === ':',
    )
    if (named !== -1) first = named + 2
  }
  const string = code.tokens[first]
  if (string?.kind !== 'string' && string?.kind !== 'template') return i
  const found = joinedFrom(code, first)
  const status = code.tokens
    .slice(i, end)
    .some((token, at) => token.text === 'returnStatus' && code.tokens[i + at + 2]?.text === 'true')
  const place = { file: code.source.file, start: code.tokens[i]!.start, end: code.tokens[i]!.end }
  reading.site({
    piece: found.piece,
    file: code.source.file,
    name: `${around.name}, sh`,
    shell: shebang(found.piece.text) ?? sh,
    given: around.given,
    holes: code.origins,
    host: 'here',
    via: [{ at: place, says: 'each sh step is a shell of its own' }],
    row: code.source.file,
    ...(around.cwd ? { cwd: around.cwd } : { cwd: literal('.') }),
    ...(status ? { tolerated: { at: place, says: 'returnStatus: the pipeline goes on when this step fails' } } : {}),
  })
  return Math.max(found.next - 1, i)
}

/** Without parentheses a step ends with its line: strings joined by `+` only. */
function joinedFrom(code: Code, first: number): { readonly piece: Piece; readonly next: number } {
  const pieces = [stringPiece(code, code.tokens[first]!)]
  let at = first + 1
  while (code.tokens[at]?.text === '+' && code.tokens[at + 1]) {
    const token = code.tokens[at + 1]!
    if (token.kind === 'string' || token.kind === 'template') pieces.push(stringPiece(code, token))
    else pieces.push(textFrom(code, at + 1).piece)
    at += 2
  }
  return { piece: concat(pieces, ''), next: at }
}

function shebang(text: string): ShellFacts | undefined {
  const line = /^\s*#!\s*(.*)/.exec(text)?.[1]
  if (line === undefined) return undefined
  const flags = /\s-(\w+)\s*$/.exec(line)?.[1] ?? ''
  return {
    dialect: /bash/.test(line) ? 'bash' : 'sh',
    flags: { errexit: flags.includes('e'), nounset: flags.includes('u'), pipefail: false },
    interactive: false,
  }
}
