import type { Source } from '../../source/source.ts'
import type { ShellFacts } from '../shell/script.ts'
import { concat, type Piece } from '../../source/piece.ts'
import type { Certainty } from '../shell/value.ts'
import { afterBracket, codeOf, instead, stringPiece, textFrom, type Code } from './code.ts'
import type { Reading } from './host.ts'

const sh: ShellFacts = { dialect: 'sh', flags: { errexit: false, nounset: false, pipefail: false }, interactive: false }
// zx begins each command with `set -euo pipefail`.
const zx: ShellFacts = { dialect: 'bash', flags: { errexit: true, nounset: true, pipefail: true }, interactive: false }

/** Files that cannot hold shell are not split into tokens. */
const mayHold = /child_process|\bexeca\b|\bzx\b|shelljs|\bBun\b|\bexecSync\s*\(|\$`|\bpromisify\(exec/

function emptiness(expression: string): readonly [Certainty, string] {
  if (/^process\.env(\.\w+|\[.*\])$/.test(expression))
    return ['maybe', 'is empty when the environment sets it to nothing, and `undefined` when it does not set it']
  if (/^process\.env\.\w+\s*(\|\||\?\?)\s*(''|""|``)$/.test(expression))
    return ['maybe', 'is empty when the environment does not set it']
  return ['unknown', '']
}

/** Reads a JavaScript or TypeScript file for what it hands to a shell. */
export function javascriptSites(source: Source, reading: Reading): void {
  if (source.text.length > 2_000_000 || !mayHold.test(source.text)) return
  const code = codeOf(source, 'javascript', emptiness)
  reading.read(source.file)
  if (code.cut)
    reading.unread(source.file, {
      start: 0,
      end: source.text.length,
      says: 'too long: not read to its end for its shell',
    })
  const imports = importsOf(source.text)
  code.tokens.forEach((token, i) => {
    if (token.kind !== 'word') return
    const next = code.tokens[i + 1]
    if (next?.kind === 'template' && isTag(token.text, imports, code, i)) tagged(code, next, imports, reading)
    else if (next?.text === '(') called(code, i, imports, reading)
  })
}

interface Imports {
  readonly childProcess: boolean
  readonly zx: boolean
  readonly execa: boolean
  readonly shelljs: boolean
}

function importsOf(text: string): Imports {
  return {
    childProcess: /child_process/.test(text),
    zx: /['"]zx(\/\w+)?['"]|\bzx\b/.test(text.slice(0, 400)) || /from\s*['"]bun['"]/.test(text),
    execa: /['"]execa['"]/.test(text),
    shelljs: /['"]shelljs(\/global)?['"]/.test(text),
  }
}

function isTag(name: string, imports: Imports, code: Code, i: number): boolean {
  if (name === '$' || name === '$$') return imports.zx || imports.execa || code.tokens[i - 1]?.text === '.'
  return (name === 'execaCommand' || name === 'execa') && imports.execa
}

/** `` $`…` ``: what is put in is quoted by zx and execa. */
function tagged(code: Code, template: NonNullable<Code['tokens'][number]>, imports: Imports, reading: Reading): void {
  const piece = stringPiece(code, template, 0, true)
  put(
    code,
    piece,
    template.start,
    template.end,
    imports.zx ? zx : sh,
    imports.zx ? 'zx runs it in bash, what is put in is quoted' : 'execa runs it without a shell',
    reading,
  )
}

function called(code: Code, i: number, imports: Imports, reading: Reading): void {
  const name = code.tokens[i]!.text
  const before = code.tokens[i - 1]?.text
  const owner = before === '.' ? code.tokens[i - 2]?.text : undefined
  const end = afterBracket(code.tokens, i + 1)
  const inside = code.base.text.slice(code.tokens[i]!.start, code.tokens[end - 1]?.end ?? code.base.text.length)
  const process = imports.childProcess && (owner === undefined || /^(cp|child_?process|childProcess)$/i.test(owner))
  const shelljs = imports.shelljs && (owner === 'shell' || owner === 'sh' || owner === undefined)
  if (before === 'function' || before === 'async') return
  if (
    (name === 'execSync' || name === 'exec' || name === 'execAsync' || name === 'execP' || name === 'execPromise') &&
    (process || shelljs)
  )
    return put(
      code,
      textFrom(code, i + 2).piece,
      code.tokens[i]!.start,
      code.tokens[i]!.end,
      shellIn(inside),
      `${name}() runs it in sh`,
      reading,
    )
  if ((name === 'spawn' || name === 'spawnSync' || name === 'execFile' || name === 'execFileSync') && process)
    spawned(code, i, inside, reading)
  if (
    (name === 'execa' ||
      name === 'execaSync' ||
      name === 'execaCommand' ||
      name === 'execaCommandSync' ||
      name === 'command') &&
    imports.execa &&
    /shell\s*:\s*(true|['"])/.test(inside)
  )
    put(
      code,
      textFrom(code, i + 2).piece,
      code.tokens[i]!.start,
      code.tokens[i]!.end,
      sh,
      'execa with `shell` runs it in sh',
      reading,
    )
}

function shellIn(inside: string): ShellFacts {
  return /shell\s*:\s*['"`][^'"`]*bash/.test(inside) ? { ...sh, dialect: 'bash' } : sh
}

/** `spawn(command, [arguments], { shell: true })`: the arguments are joined by blanks, unquoted; `spawn('sh', ['-c', '…'])`. */
function spawned(code: Code, i: number, inside: string, reading: Reading): void {
  const first = textFrom(code, i + 2)
  const open = code.tokens[first.next]?.text === ',' ? first.next + 1 : -1
  const words: Piece[] = []
  if (open !== -1 && code.tokens[open]?.text === '[') {
    for (let at = open + 1; at < code.tokens.length && code.tokens[at]!.text !== ']';) {
      const item = textFrom(code, at)
      words.push(item.piece)
      at = code.tokens[item.next]?.text === ',' ? item.next + 1 : Math.max(item.next, at + 1)
      if (code.tokens[item.next]?.text === ']') break
    }
  }
  const { start, end } = code.tokens[i]!
  const script = /^(?:\/(?:usr\/)?bin\/)?(ba|da|z|k)?sh$/.test(first.piece.text)
    ? words.findIndex((word) => /^-[a-z]*c$/.test(word.text))
    : -1
  if (script !== -1 && words[script + 1]) {
    const shell: ShellFacts = first.piece.text.endsWith('bash') ? { ...sh, dialect: 'bash' } : sh
    return put(code, words[script + 1]!, start, end, shell, `${first.piece.text} -c runs it`, reading)
  }
  if (!/shell\s*:\s*(true|['"])/.test(inside)) return
  const blank = instead(code, ' ', end, end)
  const all = [first.piece, ...words]
  put(
    code,
    concat(
      all.flatMap((word, at) => (at === 0 ? [word] : [blank, word])),
      '',
    ),
    start,
    end,
    shellIn(inside),
    'spawn with `shell` runs it in sh',
    reading,
  )
}

function put(
  code: Code,
  piece: Piece,
  start: number,
  end: number,
  shell: ShellFacts,
  says: string,
  reading: Reading,
): void {
  if (piece.text.trim() === '' || /^[\s'\uE000-\uF8FF]+$/.test(piece.text)) return
  const at = { file: code.source.file, start, end }
  reading.site({
    piece,
    file: code.source.file,
    name: `${code.source.file.slice(code.source.file.lastIndexOf('/') + 1)}, ${piece.text.trim().split(/\s+/)[0]}`,
    shell,
    given: new Map(),
    holes: code.origins,
    host: 'here',
    via: [{ at, says }],
    row: code.source.file,
  })
}
