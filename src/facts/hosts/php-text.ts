import { concat, decoder, type Piece } from '../../source/piece.ts'
import { literalPiece, type LiteralQuote } from '../../parse/literal.ts'
import { walkPhp, type PhpExpression, type PhpNode, type PhpString, type PhpTemplate } from '../../parse/php.ts'
import { holeBase } from '../shell/script.ts'
import type { Certainty, Origin } from '../shell/value.ts'

/** What is needed to turn expressions of one file into text. */
export interface PhpScope {
  readonly file: string
  readonly base: Piece
  readonly origins: Origin[]
  /** What a variable was last assigned before an offset; undefined: not known. */
  assigned(name: string, before: number): PhpExpression | undefined
  /** `const X = …`, `define('X', …)`, `static::X`. */
  constant(name: string): PhpExpression | undefined
}

/** The assignments and constants of a stretch of code. */
export function scopeOf(
  file: string,
  base: Piece,
  nodes: readonly PhpNode[],
  origins: Origin[],
  outer?: PhpScope,
): PhpScope {
  const assigns = new Map<string, { at: number; value: PhpExpression; plain: boolean }[]>()
  const constants = new Map<string, PhpExpression>()
  walkPhp(nodes, (node) => {
    if (node.kind === 'assign' && node.target.kind === 'variable' && typeof node.target.name === 'string') {
      const own = assigns.get(node.target.name) ?? []
      own.push({ at: node.end, value: node.value, plain: node.operator === '=' })
      assigns.set(node.target.name, own)
    } else if (node.kind === 'constant' && node.value) constants.set(node.name, node.value)
    else if (node.kind === 'class') for (const one of node.constants) if (one.value) constants.set(one.name, one.value)
    if (node.kind === 'call' && node.name === 'define' && node.args[0]?.value.kind === 'string' && node.args[1])
      constants.set(node.args[0].value.value, node.args[1].value)
  })
  return {
    file,
    base,
    origins,
    assigned: (name, before) => {
      const own = assigns.get(name) ?? []
      if (own.length === 0) return outer?.assigned(name, before)
      const earlier = own.filter((one) => one.at <= before)
      return own.length === 1 && earlier[0]?.plain ? earlier[0].value : undefined
    },
    constant: (name) => constants.get(name) ?? outer?.constant(name),
  }
}

/** The text that an expression makes, as a piece: literals decoded, everything else a hole. Undefined: it is no text. */
export function textOfExpression(expression: PhpExpression, scope: PhpScope, depth = 0): Piece {
  if (depth > 12) return holeFor(expression, scope)
  switch (expression.kind) {
    case 'string':
      return stringPiece(expression, scope)
    case 'template':
      return templatePiece(expression, scope, depth)
    case 'number':
      return kept(expression.start, expression.end, scope)
    case 'binary':
      if (expression.operator !== '.') return holeFor(expression, scope)
      return concat(
        [textOfExpression(expression.left, scope, depth + 1), textOfExpression(expression.right, scope, depth + 1)],
        '',
      )
    case 'cast':
      return expression.type === 'string'
        ? textOfExpression(expression.operand, scope, depth + 1)
        : holeFor(expression, scope)
    case 'variable': {
      const value = typeof expression.name === 'string' ? scope.assigned(expression.name, expression.start) : undefined
      return value && isText(value) ? textOfExpression(value, scope, depth + 1) : holeFor(expression, scope)
    }
    case 'name':
    case 'static': {
      const name =
        expression.kind === 'name' ? expression.name : expression.of === 'constant' ? expression.name : undefined
      const value = typeof name === 'string' ? scope.constant(name) : undefined
      return value && isText(value) ? textOfExpression(value, scope, depth + 1) : holeFor(expression, scope)
    }
    case 'call':
      return calledText(expression, scope, depth)
    default:
      return holeFor(expression, scope)
  }
}

function isText(value: PhpExpression): boolean {
  return (
    value.kind === 'string' ||
    value.kind === 'template' ||
    value.kind === 'binary' ||
    value.kind === 'call' ||
    value.kind === 'number' ||
    value.kind === 'variable'
  )
}

function kept(start: number, end: number, scope: PhpScope): Piece {
  const out = decoder(scope.base)
  out.keep(start, end)
  return out.piece(start, () => undefined)
}

/** Text that stands for a stretch of the file and cannot be edited. */
function instead(text: string, start: number, end: number, scope: PhpScope): Piece {
  const out = decoder(scope.base)
  out.turn(text, start, end)
  return out.piece(start, () => undefined)
}

function quoteOf(node: PhpString | PhpTemplate): LiteralQuote {
  return node.quote === 'heredoc' ? 'here' : node.quote === 'nowdoc' ? 'raw' : node.quote === 'bare' ? '"' : node.quote
}

function stringPiece(node: PhpString, scope: PhpScope): Piece {
  const text = scope.base.text.slice(node.start, node.end)
  if (node.quote === 'heredoc' || node.quote === 'nowdoc') {
    const inner = hereBounds(node, scope)
    return inner
      ? hereLines(inner.start, inner.end, inner.indent, quoteOf(node), scope)
      : instead(node.value, node.start, node.end, scope)
  }
  const skip = /^b?["']/i.exec(text)?.[0].length ?? 0
  if (skip === 0) return instead(node.value, node.start, node.end, scope)
  return literalPiece(scope.base, node.start + skip, node.end - 1, 'php', node.quote === "'" ? "'" : '"')
}

/** Where a heredoc's lines are, and how far its closing name is indented. */
function hereBounds(
  node: { start: number; end: number },
  scope: PhpScope,
): { start: number; end: number; indent: number } | undefined {
  const text = scope.base.text.slice(node.start, node.end)
  const open = /^<<<[ \t]*["']?\w+["']?\r?\n/.exec(text)
  const close = /\r?\n?([ \t]*)\w+$/.exec(text)
  if (!open || !close) return undefined
  return {
    start: node.start + open[0].length,
    end: Math.max(node.start + open[0].length, node.start + close.index),
    indent: close[1]!.length,
  }
}

function hereLines(start: number, end: number, indent: number, quote: LiteralQuote, scope: PhpScope): Piece {
  const pieces: Piece[] = []
  let at = start
  while (at < end) {
    const next = scope.base.text.indexOf('\n', at)
    const to = next === -1 || next >= end ? end : next + 1
    const lead = /^[ \t]*/.exec(scope.base.text.slice(at, to))![0].length
    pieces.push(literalPiece(scope.base, at + Math.min(indent, lead), to, 'php', quote))
    at = to
  }
  return pieces.length === 0 ? instead('', start, start, scope) : concat(pieces, '')
}

function templatePiece(node: PhpTemplate, scope: PhpScope, depth: number): Piece {
  const text = scope.base.text.slice(node.start, node.end)
  const here = node.quote === 'heredoc' ? hereBounds(node, scope) : undefined
  const start = here?.start ?? node.start + (/^b?["`]/i.exec(text)?.[0].length ?? 0)
  const end = here?.end ?? node.end - 1
  const pieces: Piece[] = []
  let at = start
  const literalTo = (to: number): void => {
    if (to <= at) return
    pieces.push(
      here
        ? hereLines(at, to, at === start || scope.base.text[at - 1] === '\n' ? here.indent : 0, 'here', scope)
        : literalPiece(scope.base, at, to, 'php', quoteOf(node)),
    )
  }
  for (const part of node.parts) {
    if (part.kind === 'string' && part.quote === 'bare') continue
    const open = bracesAt(scope.base.text, part.start, part.end)
    literalTo(open.start)
    const inner = textOfExpression(part, scope, depth + 1)
    pieces.push(
      inner.text.length === 1 && inner.text.charCodeAt(0) >= holeBase
        ? instead(inner.text, open.start, open.end, scope)
        : inner,
    )
    at = open.end
  }
  literalTo(end)
  return pieces.length === 0 ? instead('', start, start, scope) : concat(pieces, '')
}

/** An interpolation with the braces around it: `{$x}`, `${x}`. */
function bracesAt(text: string, start: number, end: number): { start: number; end: number } {
  if (text[start - 1] === '{' && text[end] === '}')
    return { start: text[start - 2] === '$' ? start - 2 : start - 1, end: end + 1 }
  if (text.startsWith('${', start) && text[end - 1] !== '}' && text[end] === '}') return { start, end: end + 1 }
  return { start, end }
}

function calledText(call: PhpExpression & { kind: 'call' }, scope: PhpScope, depth: number): Piece {
  const name = typeof call.name === 'string' ? call.name.replace(/^\\/, '').toLowerCase() : ''
  const [first, ...rest] = call.args.map((arg) => arg.value)
  if (first && name === 'escapeshellarg') {
    const inner = textOfExpression(first, scope, depth + 1)
    return concat([instead("'", first.start, first.start, scope), inner, instead("'", first.end, first.end, scope)], '')
  }
  if (first && (name === 'trim' || name === 'rtrim' || name === 'strval' || name === 'parse'))
    return textOfExpression(first, scope, depth + 1)
  if (first && (name === 'sprintf' || name === 'vsprintf'))
    return formatted(first, name === 'sprintf' ? rest : undefined, scope, depth)
  if (first && (name === 'implode' || name === 'join') && first.kind === 'string' && rest[0]?.kind === 'array') {
    const items = rest[0].items.map((item) => textOfExpression(item.value, scope, depth + 1))
    const separator = instead(first.value, rest[0].start, rest[0].start, scope)
    return concat(
      items.flatMap((item, i) => (i === 0 ? [item] : [separator, item])),
      '',
    )
  }
  return holeFor(call, scope)
}

function formatted(
  format: PhpExpression,
  args: readonly PhpExpression[] | undefined,
  scope: PhpScope,
  depth: number,
): Piece {
  const text = textOfExpression(format, scope, depth + 1)
  const pieces: Piece[] = []
  let done = 0
  let next = 0
  for (const found of text.text.matchAll(/%(?:(\d+)\$)?[-+0]?\d*(?:\.\d+)?([%sdufxXc])/g)) {
    const cut = decoder(text)
    cut.keep(done, found.index)
    pieces.push(cut.piece(done, (edit) => edit.replaceAll('%', '%%')))
    done = found.index + found[0].length
    if (found[2] === '%') {
      const percent = decoder(text)
      percent.turn('%', found.index, done)
      pieces.push(percent.piece(found.index, (edit) => edit.replaceAll('%', '%%')))
      continue
    }
    const arg = args?.[found[1] ? Number(found[1]) - 1 : next++]
    pieces.push(arg ? textOfExpression(arg, scope, depth + 1) : holeFor(format, scope))
  }
  const cut = decoder(text)
  cut.keep(done, text.text.length)
  pieces.push(cut.piece(done, (edit) => edit.replaceAll('%', '%%')))
  return concat(pieces, '')
}

/** What an expression that is not known gives, as an origin. */
function holeFor(expression: PhpExpression, scope: PhpScope): Piece {
  const name = scope.base.text
    .slice(expression.start, Math.min(expression.end, expression.start + 60))
    .replace(/\s+/g, ' ')
  const [empty, how] = emptiness(expression, scope)
  const known = scope.origins.findIndex((one) => one.name === name && one.empty === empty && expression.kind !== 'call')
  const number = known === -1 ? scope.origins.length : known
  if (number >= 0x1800) return instead('\uFFFD', expression.start, expression.end, scope)
  if (known === -1) {
    const at = { file: scope.file, start: expression.start, end: expression.end }
    scope.origins.push({ kind: 'template', name, at, empty, unset: 'never', how, splits: 'maybe' })
  }
  return instead(String.fromCharCode(holeBase + number), expression.start, expression.end, scope)
}

function emptiness(expression: PhpExpression, scope: PhpScope, depth = 0): readonly [Certainty, string] {
  if (expression.kind === 'call' && expression.name === 'getenv')
    return ['maybe', 'is empty when the environment does not set it']
  if (expression.kind === 'index') {
    const of = expression.on.kind === 'variable' ? expression.on.name : ''
    if (of === '_ENV' || of === '_SERVER') {
      const key = expression.index?.kind === 'string' ? expression.index.value : ''
      if (of === '_ENV' || !/^(DOCUMENT_ROOT|SCRIPT|REQUEST|SERVER|PHP_SELF|HOME|PWD)/.test(key))
        return ['maybe', 'is empty when the environment does not set it']
    }
    if (of === 'argv' || of === '_GET' || of === '_POST' || of === '_REQUEST')
      return ['maybe', 'is empty when the caller does not give it']
  }
  if (expression.kind === 'binary' && expression.operator === '??')
    return emptiness(expression.right, scope, depth + 1)[0] === 'never' ? ['unknown', ''] : ['unknown', '']
  if (expression.kind === 'variable' && typeof expression.name === 'string' && depth < 5) {
    const value = scope.assigned(expression.name, expression.start)
    if (value) return emptiness(value, scope, depth + 1)
  }
  if (expression.kind === 'name' && /^__(DIR|FILE)__$/.test(expression.name)) return ['never', '']
  return ['unknown', '']
}
