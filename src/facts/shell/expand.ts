import { eachChild, type Argument, type Shell } from '../../parse/shell.ts'
import type { Label } from '../../source/source.ts'
import { born, numberOrigin } from './born.ts'
import { at, say, type Context, type Frame, type Run } from './frame.ts'
import { lookup } from './lookup.ts'
import { parameter } from './operators.ts'
import { merged, product, splitFields, type Fields, type Piecewise } from './pieces.ts'
import { holeBase } from './script.ts'
import { bind, type Binding, fork, settleStatus, type State, valueEmptiness } from './state.ts'
import { literal, type Origin, type Part, type Value, valueOf } from './value.ts'

/** The value of a word where the shell neither splits nor globs: an assignment, a test of `[[`, a here-document. */
export function valueOfWord(
  run: Run,
  context: Context,
  state: State,
  word: Shell.Word | undefined,
  quoted = true,
): Value {
  if (!word) return literal('')
  const parts = word.parts
  const because: Label[] = []
  const ways = parts
    ? expandParts(run, context, state, parts, quoted, because)
    : textWays(run, context, state, word.text, word.value, word)
  return { ways: merged(ways), because: lastOf(because) }
}

const none: readonly Label[] = []

// The trail keeps its last labels; most words have none.
const lastOf = (because: readonly Label[]): readonly Label[] => (because.length === 0 ? none : because.slice(-4))

/** The fields that an argument of a command becomes. */
export function fieldsOf(run: Run, context: Context, state: State, given: Argument): Fields {
  const single = given.words.length === 1 ? given.words[0]! : undefined
  const list = single ? listOf(context, state, single) : undefined
  if (list) return list
  const because: Label[] = []
  const embedded = single ? embeddedList(run, context, state, single, because) : undefined
  if (embedded) return embedded
  let choices: readonly (readonly Shell.WordPart[] | string)[] = []
  let ways: readonly (readonly Piecewise[])[] = [[]]
  let braces: readonly (readonly (readonly Piecewise[])[])[] | undefined
  for (const word of given.words) {
    if (!word.parts) ways = product(ways, textWays(run, context, state, word.text, word.value, word))
    else if (word.parts.some((part) => part.type === 'BraceExpansion')) {
      braces = expandBraces(run, context, state, word.parts, because).map((one) => product(ways, one))
      choices = [...choices, word.parts]
    } else ways = product(ways, expandParts(run, context, state, word.parts, false, because))
  }
  const all = (braces ?? [ways]).map((one) => splitFields(one, lastOf(because)))
  const text = given.text
  const globs = !single?.parts
    ? false
    : single.parts.some((part) => part.type === 'Glob' || part.type === 'ExtendedGlob')
  return {
    fields: all.flatMap((one) => one.fields),
    many: globs || all.some((one) => one.many) || /\$@|\[@\]|\[\*\]/.test(text),
  }
}

// "$@", "${a[@]}", $* and their kin become as many fields as there are elements.
function listOf(context: Context, state: State, word: Shell.Word): Fields | undefined {
  const outer = word.parts?.length === 1 ? word.parts[0]! : undefined
  const part = outer?.type === 'DoubleQuoted' && outer.parts.length === 1 ? outer.parts[0]! : outer
  if (!part) return undefined
  if (part.type === 'SimpleExpansion' && (part.text === '$@' || (part.text === '$*' && outer === part))) {
    return argumentsAsFields(context, state, part, outer === part)
  }
  if (part.type !== 'ParameterExpansion' || part.prefix) return undefined
  if (part.parameter === '@' && !part.operation) return argumentsAsFields(context, state, part, outer === part)
  const index = part.index?.text
  if (index !== '@' && !(index === '*' && outer === part)) return undefined
  const binding = state.vars.get(part.parameter)
  if (binding?.elements && (!part.operation || part.operation.type === 'Slice')) {
    if (part.operation)
      return { fields: [valueOf(unknownElement(context.frame, part, `\${${part.parameter}[@]}`))], many: true }
    return { fields: binding.elements, many: binding.more === true }
  }
  if (!binding && state.foreign === 0 && !part.operation) return undefined
  return { fields: [valueOf(unknownElement(context.frame, part, `\${${part.parameter}[@]}`))], many: true }
}

// `"${dirs[@]}"/old`: what stands before goes to the first element, what stands behind to the last.
function embeddedList(
  run: Run,
  context: Context,
  state: State,
  word: Shell.Word,
  because: Label[],
): Fields | undefined {
  const parts = word.parts ?? []
  if (parts.length < 2) return undefined
  const at = parts.findIndex((part) => elementsIn(state, part) !== undefined)
  if (at === -1) return undefined
  const { elements = [], more } = elementsIn(state, parts[at]!)!
  const quoted = parts[at]!.type === 'DoubleQuoted'
  const before = expandParts(run, context, state, parts.slice(0, at), false, because)
  const after = expandParts(run, context, state, parts.slice(at + 1), false, because)
  const last = elements.length - 1
  const fields = elements.map((element, i) => {
    const own = product(i === 0 ? before : [[]], bared(element, quoted))
    return splitFields(i === last ? product(own, after) : own, because.slice(-4))
  })
  // Of several that a glob gives, only the last gets what stands behind.
  if (more && elements.length > 0) fields.push(splitFields(bared(elements[last]!, quoted), because.slice(-4)))
  const all = elements.length > 0 ? fields : [splitFields(product(before, after), because.slice(-4))]
  return { fields: all.flatMap((one) => one.fields), many: more === true || all.some((one) => one.many) }
}

function elementsIn(state: State, part: Shell.WordPart): Binding | undefined {
  const inner = part.type === 'DoubleQuoted' && part.parts.length === 1 ? part.parts[0]! : part
  if (inner.type !== 'ParameterExpansion' || inner.prefix || inner.operation) return undefined
  const all = inner.index?.text === '@' || (inner.index?.text === '*' && inner === part)
  const binding = all ? state.vars.get(inner.parameter) : undefined
  return binding?.elements ? binding : undefined
}

function argumentsAsFields(context: Context, state: State, part: Shell.WordPart, bare: boolean): Fields {
  const { known, open } = state.args
  if (open === undefined)
    return { fields: bare ? known.filter((value) => valueEmptiness(state, value) !== 'always') : known, many: false }
  const certainty = context.frame.depth === 0 ? 'maybe' : 'unknown'
  const element = unknownElement(context.frame, part, '$@', certainty)
  const rest: Value = { ways: [[bare ? { of: element, bare } : { of: element }]], because: [] }
  return { fields: [...known, rest], many: true }
}

function unknownElement(
  frame: Frame,
  part: Shell.WordPart,
  name: string,
  empty: 'maybe' | 'unknown' = 'unknown',
): Origin {
  return born(frame, part, () => ({
    kind: 'parameter',
    name,
    at: at(frame, part),
    empty,
    unset: empty === 'maybe' ? 'never' : 'unknown',
    how: empty === 'maybe' ? 'is what the caller gives, and one of them can be empty' : 'holds what the caller gives',
    splits: 'maybe',
  }))
}

// A word without parts: text, quotes taken off; a tilde at its head is the home directory, private-use characters are holes.
function textWays(
  run: Run,
  context: Context,
  state: State,
  text: string,
  value: string,
  node: object,
): readonly (readonly Piecewise[])[] {
  const tilde = /^~(\/|$)/.exec(text)
  if (tilde) return product(lookup(run, context.frame, state, 'HOME').ways, holed(context.frame, value.slice(1)))
  const user = /^~([\w-]+)(.*)$/s.exec(text)
  if (user) {
    const home: Origin = born(context.frame, node, () => ({
      kind: 'environment',
      name: `~${user[1]!}`,
      at: at(context.frame, node as Shell.Word),
      empty: 'never',
      unset: 'never',
      how: '',
      splits: 'never',
      absolute: true,
    }))
    return [[{ of: home }, { text: user[2]! }]]
  }
  return holed(context.frame, value)
}

/** Text with the holes of its host put in. */
function holed(frame: Frame, text: string): readonly (readonly Piecewise[])[] {
  if (frame.holes.length === 0 || !/[\uE000-\uF8FF]/.test(text)) return [[{ text }]]
  let ways: readonly (readonly Piecewise[])[] = [[]]
  for (const [piece] of text.matchAll(/([\uE000-\uF8FF])\1*|[^\uE000-\uF8FF]+/g)) {
    const code = piece.charCodeAt(0)
    const hole = code >= holeBase && code < 0xf900 ? frame.holes[code - holeBase] : undefined
    ways = product(ways, hole ? hole.ways : [[{ text: piece }]])
  }
  return ways
}

function expandParts(
  run: Run,
  context: Context,
  state: State,
  parts: readonly Shell.WordPart[],
  quoted: boolean,
  because: Label[],
): readonly (readonly Piecewise[])[] {
  let ways: readonly (readonly Piecewise[])[] = [[]]
  parts.forEach((part, i) => {
    ways = product(ways, expandPart(run, context, state, part, quoted, because, i === 0))
  })
  return ways
}

// `set -u` ends a shell of its own alone: what started it goes on.
function endUnset(run: Run, context: Context, state: State, name: string): void {
  if (!state.flags.nounset) return
  const binding = state.vars.get(name)
  const { known, open } = state.args
  if (binding ? binding.value === undefined && !binding.refersTo : Number(name) > known.length && open === undefined)
    state.over = true
  if (!context.apart) return
  if (binding ? binding.value && !binding.gone : !run.own.has(name) && !state.over) return
  const end = fork(state)
  bind(end, name, { exported: false, ...(binding ?? { since: ++run.tick }), value: undefined })
  context.exits.push(settleStatus({ ...end, over: false }, 'fail'))
}

function expandPart(
  run: Run,
  context: Context,
  state: State,
  part: Shell.WordPart,
  quoted: boolean,
  because: Label[],
  first: boolean,
): readonly (readonly Piecewise[])[] {
  const frame = context.frame
  switch (part.type) {
    case 'Literal':
      return first && !quoted && part.text.startsWith('~')
        ? textWays(run, context, state, part.text, part.value, part)
        : first && part.text.startsWith('~/') && part.value === part.text
          ? textWays(run, context, state, part.text, part.value, part)
          : holed(frame, part.value)
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return part.value === '' ? [[{ text: '' }]] : holed(frame, part.value)
    case 'DoubleQuoted':
    case 'LocaleString': {
      const inner = expandParts(run, context, state, part.parts, true, because)
      // Quotes around nothing make a field of their own.
      return inner.map((way) => (way.length === 0 ? [{ text: '' }] : way))
    }
    case 'Glob':
      return [[{ text: part.text, glob: true }]]
    case 'ExtendedGlob':
      return [[{ text: part.text, glob: true }]]
    case 'SimpleExpansion': {
      const name = part.text.slice(1)
      endUnset(run, context, state, name)
      const value = lookup(run, frame, state, name, part)
      because.push(...value.because)
      return bared(value, quoted)
    }
    case 'ParameterExpansion': {
      if (part.operation?.type !== 'Default' && !part.index && !part.prefix)
        endUnset(run, context, state, part.parameter)
      const value = parameter(run, context, state, part)
      because.push(...value.because)
      return bared(value, quoted)
    }
    case 'CommandExpansion': {
      const value = run.substitute(context, state, part)
      because.push(...value.because)
      return bared(value, quoted)
    }
    case 'ArithmeticExpansion': {
      arithmetic(run, context, state, part.expression)
      const number = /^\$\(\(\s*(\d+)\s*\)\)$/.exec(part.text)
      if (number) return [[{ text: number[1]! }]]
      return [[{ of: numberOrigin(frame, part, part.text) }]]
    }
    case 'ProcessSubstitution':
      run.substitute(context, state, part)
      return [[{ text: '/dev/fd/63' }]]
    case 'BraceExpansion':
      return quoted ? [[{ text: part.text }]] : [[{ of: numberOrigin(frame, part, part.text) }]]
  }
}

// What was assigned without quotes (`a=$1`) neither splits nor vanishes in quotes.
const unbared = (way: readonly Part[]): readonly Part[] =>
  way.some((part) => 'of' in part && part.bare) ? way.map((part) => ('of' in part ? { of: part.of } : part)) : way

const bared = (value: Value, quoted: boolean): readonly (readonly Piecewise[])[] =>
  quoted
    ? value.ways.map(unbared)
    : value.ways.map((way) =>
        way.map((part): Piecewise =>
          'of' in part
            ? part.of.splits === 'never' && part.of.empty === 'never'
              ? part
              : { ...part, bare: true }
            : part.glob
              ? part
              : { text: part.text, bare: true },
        ),
      )

/** `{a,b}` as so many ways of the words around it; ranges and nested braces are one word that is never empty. */
function expandBraces(
  run: Run,
  context: Context,
  state: State,
  parts: readonly Shell.WordPart[],
  because: Label[],
): readonly (readonly (readonly Piecewise[])[])[] {
  let fields: readonly (readonly (readonly Piecewise[])[])[] = [[[]]]
  for (const part of parts) {
    if (part.type !== 'BraceExpansion') {
      const ways = expandPart(run, context, state, part, false, because, part === parts[0])
      fields = fields.map((field) => product(field, ways))
      continue
    }
    const inside = part.text.slice(1, -1)
    const nested = /[{}]/.test(inside.replace(/\$\{[^}]*\}/g, ''))
    if (nested || !inside.includes(',')) {
      fields = fields.map((field) => product(field, [[{ of: numberOrigin(context.frame, part, part.text) }]]))
      continue
    }
    const choices: Shell.WordPart[][] = [[]]
    const texts: string[] = []
    for (const inner of part.parts ?? [
      { type: 'Literal', text: inside, value: inside, pos: part.pos + 1, end: part.end - 1 } as Shell.LiteralPart,
    ]) {
      if (inner.type !== 'Literal') {
        choices[choices.length - 1]!.push(inner)
        continue
      }
      inner.value.split(',').forEach((text, i) => {
        if (i > 0) choices.push([])
        if (text !== '') choices[choices.length - 1]!.push({ ...inner, text, value: text })
        texts.push(text)
      })
    }
    if (fields.length * choices.length > 64) {
      say(run, context.frame, part, 'a brace expansion makes more than 64 words')
      continue
    }
    fields = fields.flatMap((field) =>
      choices.map((choice) => product(field, expandParts(run, context, state, choice, false, because))),
    )
  }
  return fields
}

/** Marks what arithmetic assigns; its values are numbers and never empty. */
export function arithmetic(
  run: Run,
  context: Context,
  state: State,
  expression: Shell.ArithmeticExpression | undefined,
  depth = 0,
): void {
  if (!expression || depth > 40) return
  const assign = (target: Shell.ArithmeticExpression): void => {
    if (target.type !== 'ArithmeticWord' || !/^[A-Za-z_]\w*$/.test(target.value)) return
    setNumber(run, context, state, target.value, expression)
  }
  if (expression.type === 'ArithmeticBinary' && /^(?:[-+*/%&|^]|<<|>>)?=$/.test(expression.operator))
    assign(expression.left)
  if (expression.type === 'ArithmeticUnary' && /^(\+\+|--)$/.test(expression.operator)) assign(expression.operand)
  eachChild(expression, (child) => {
    if (child.type.startsWith('Arithmetic'))
      arithmetic(run, context, state, child as Shell.ArithmeticExpression, depth + 1)
    else if (child.type === 'CommandExpansion') run.substitute(context, state, child)
  })
}

/** Binds a name to some number. */
export function setNumber(
  run: Run,
  context: Context,
  state: State,
  name: string,
  node: { readonly pos: number; readonly end: number },
): void {
  const before = state.vars.get(name)
  const value = valueOf(numberOrigin(context.frame, node, `$${name}`))
  bind(state, name, { value, exported: before?.exported ?? false, since: ++run.tick })
}
