import { Engine } from 'php-parser'
import type { Parsed, Unread } from '../source/source.ts'
import type { PhpComment, PhpEngine, PhpFile } from './php.ts'
import { list, type Raw } from './php-read.ts'
import { reader } from './php-read-statements.ts'

/** The PHP parser: php-parser behind our own tree. It is heavy to load; a front does so when it meets a PHP file. */
export const phpEngine: PhpEngine = (text) => {
  const engine = new Engine({
    parser: { suppressErrors: true, extractDoc: true, php8: true, version: '8.4' },
    ast: { withPositions: true, withSource: false },
    lexer: { short_tags: true },
  })
  bound(engine, text)
  try {
    const program = engine.parseCode(text, 'file.php') as unknown as Raw
    return readProgram(text, program)
  } catch (error) {
    // A RangeError when the text nests too deeply; anything else is a fault of the parser on hostile text.
    const says = error instanceof RangeError ? 'nests too deeply to be read' : 'could not be read as PHP'
    return { tree: { body: [], comments: [] }, errors: [{ start: 0, end: text.length, says }] }
  }
}

// On broken text php-parser can go round without an end: it is stopped after more steps than the text has characters.
function bound(engine: unknown, text: string): void {
  const { parser, lexer } = engine as Readonly<Record<'parser' | 'lexer', Steps>>
  limit(parser, ['next', 'raiseError', 'node', 'error'], text.length * 4 + 10_000)
  // An attribute that is not closed is looked for behind the end; only then is every character counted.
  if (text.includes('#[')) limit(lexer, ['input', 'unput'], text.length * 20 + 10_000)
}

type Steps = Record<string, ((...given: unknown[]) => unknown) | undefined>

function limit(steps: Steps, names: readonly string[], most: number): void {
  let left = most
  for (const name of names) {
    const own = steps[name]
    if (typeof own !== 'function') continue
    steps[name] = function (this: unknown, ...given: unknown[]) {
      if (--left < 0) throw new Error('no end')
      return own.apply(this, given)
    }
  }
}

function readProgram(text: string, program: Raw): Parsed<PhpFile> {
  const comments = commentsOf(program, text)
  const docs = comments.filter((comment) => comment.text.startsWith('/**'))
  const body = reader(text, docs).statements(program['children'])
  const errors = list(program['errors']).flatMap((error) => errorOf(error, text))
  return { tree: { body, comments }, errors }
}

function commentsOf(program: Raw, text: string): readonly PhpComment[] {
  return list(program['comments'])
    .map((comment) => {
      const start = comment.loc?.start.offset ?? 0
      const end = Math.max(start, comment.loc?.end.offset ?? start)
      const written = text.slice(start, end).replace(/\r?\n$/, '')
      return { start, end: start + written.length, text: written }
    })
    .sort((a, b) => a.start - b.start)
}

// php-parser refuses what PHP allows since 8.1: named arguments after unpacked ones.
const notAnError = /non-variadic argument after a variadic/

function errorOf(error: Raw, text: string): readonly Unread[] {
  const message = String(error['message'] ?? '')
  if (notAnError.test(message)) return []
  const start = Math.min(error.loc?.start.offset ?? 0, text.length)
  const end = Math.min(Math.max(start, error.loc?.end.offset ?? start), text.length)
  return [{ start, end, says: message.replace(/ on line \d+$/, '').replace(/^Parse Error : /, '') }]
}
