import type { Label, Span } from '../../source/source.ts'
import { eachChild, type Argument, type Shell } from '../../parse/shell.ts'
import { at, say, type Context, type Frame, type Run } from './frame.ts'
import { alwaysSet } from './names.ts'
import { replaceIn, strip } from './pattern.ts'
import { holeBase } from './script.ts'
import {
  assumeFull,
  bind,
  full,
  sameWays,
  uniqueWays,
  valueEmptiness,
  wayEmptiness,
  type State,
  assumeEmpty,
  fork,
  settleStatus,
} from './state.ts'
import {
  literal,
  mostWays,
  showValue,
  textOf,
  valueOf,
  type Origin,
  type Part,
  type Value,
  originsOf,
} from './value.ts'

/** A part while a word is being put together: `bare` text came out of an unquoted expansion and will be split. */
type Piecewise = Part | { readonly text: string; readonly bare: true }

/** The fields that an argument becomes. `many`: there can be none, or more than are listed. */
export interface Fields {
  readonly fields: readonly Value[]
  readonly many: boolean
}

/** Makes an origin, the same one for the same node of the same frame, as long as it is made of the same. */
export function born(frame: Frame, node: object, make: () => Origin): Origin {
  const known = frame.born.get(node)
  const fresh = make()
  if (
    known &&
    known.kind === fresh.kind &&
    known.empty === fresh.empty &&
    known.name === fresh.name &&
    sameMaking(known, fresh)
  )
    return known
  frame.born.set(node, fresh)
  return fresh
}

function sameMaking(a: Origin, b: Origin): boolean {
  return (
    a.madeOf === b.madeOf ||
    (a.madeOf !== undefined && b.madeOf !== undefined && sameWays(a.madeOf.ways, b.madeOf.ways))
  )
}

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
  return { ways: merged(ways), because: because.slice(-4) }
}

/** The fields that an argument of a command becomes. */
export function fieldsOf(run: Run, context: Context, state: State, given: Argument): Fields {
  const single = given.words.length === 1 ? given.words[0]! : undefined
  const list = single ? listOf(context, state, single) : undefined
  if (list) return list
  let choices: readonly (readonly Shell.WordPart[] | string)[] = []
  const because: Label[] = []
  let ways: readonly (readonly Piecewise[])[] = [[]]
  let braces: readonly (readonly (readonly Piecewise[])[])[] | undefined
  for (const word of given.words) {
    if (!word.parts) ways = product(ways, textWays(run, context, state, word.text, word.value, word))
    else if (word.parts.some((part) => part.type === 'BraceExpansion')) {
      braces = expandBraces(run, context, state, word.parts, because).map((one) => product(ways, one))
      choices = [...choices, word.parts]
    } else ways = product(ways, expandParts(run, context, state, word.parts, false, because))
  }
  const all = (braces ?? [ways]).map((one) => split(one, because.slice(-4)))
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
    return { fields: binding.elements, many: false }
  }
  return { fields: [valueOf(unknownElement(context.frame, part, `\${${part.parameter}[@]}`))], many: true }
}

function argumentsAsFields(context: Context, state: State, part: Shell.WordPart, bare: boolean): Fields {
  const { known, open } = state.args
  if (open === undefined)
    return { fields: bare ? known.filter((value) => valueEmptiness(state, value) !== 'always') : known, many: false }
  const rest = valueOf(unknownElement(context.frame, part, '$@'))
  return { fields: [...known, rest], many: true }
}

function unknownElement(frame: Frame, part: Shell.WordPart, name: string): Origin {
  return born(frame, part, () => ({
    kind: 'parameter',
    name,
    at: at(frame, part),
    empty: 'unknown',
    unset: 'unknown',
    how: 'holds what the caller gives',
    splits: 'maybe',
  }))
}

function merged(ways: readonly (readonly Piecewise[])[]): readonly (readonly Part[])[] {
  return uniqueWays(ways.map((way) => join(way)))
}

// No path is longer, and a script that doubles a text with every line must not make us do so.
const longestText = 16_384
const mostParts = 128

// Neighbouring texts become one, empty ones go.
function join(way: readonly Piecewise[]): readonly Part[] {
  const out: Part[] = []
  for (const part of way) {
    if (out.length >= mostParts) break
    const last = out[out.length - 1]
    if ('of' in part) out.push(part)
    else if ('glob' in part && part.glob) out.push(part)
    else if (part.text !== '') {
      if (last && !('of' in last) && !last.glob)
        out[out.length - 1] = { text: (last.text + part.text).slice(0, longestText) }
      else out.push({ text: part.text })
    }
  }
  return out
}

function split(ways: readonly (readonly Piecewise[])[], because: readonly Label[]): Fields {
  const lists = ways.map(splitWay)
  // A word that is all unquoted and of which something is not known can vanish, or become several.
  const many = ways.some(
    (way) => way.some((part) => 'of' in part) && way.every((part) => ('of' in part ? part.bare : 'bare' in part)),
  )
  if (lists.length === 1) return { fields: lists[0]!.map((way) => ({ ways: [way], because })), many }
  const longest = Math.max(...lists.map((list) => list.length))
  const fields: Value[] = []
  for (let i = 0; i < longest; i++)
    fields.push({ ways: uniqueWays(lists.flatMap((list) => (i < list.length ? [list[i]!] : []))), because })
  return { fields, many: many || lists.some((list) => list.length !== longest) }
}

function splitWay(way: readonly Piecewise[]): readonly (readonly Part[])[] {
  const fields: Piecewise[][] = []
  let current: Piecewise[] | undefined
  for (const part of way) {
    if ('of' in part || !('bare' in part)) (current ??= []).push(part)
    else {
      const words = part.text.split(/[ \t\n]+/)
      words.forEach((word, i) => {
        if (i > 0 && current) {
          fields.push(current)
          current = undefined
        }
        if (word !== '') (current ??= []).push(...globbed(word))
      })
    }
  }
  if (current) fields.push(current)
  else if (way.length === 0) fields.push([])
  return fields.map(join)
}

function globbed(text: string): readonly Part[] {
  return text
    .split(/([*?])/)
    .filter((piece) => piece !== '')
    .map((piece) => (piece === '*' || piece === '?' ? { text: piece, glob: true } : { text: piece }))
}

function product(
  left: readonly (readonly Piecewise[])[],
  right: readonly (readonly Piecewise[])[],
): readonly (readonly Piecewise[])[] {
  if (right.length === 1) return left.map((way) => [...way, ...right[0]!])
  const out: (readonly Piecewise[])[] = []
  for (const one of left) for (const two of right) if (out.length < mostWays * 2) out.push([...one, ...two])
  return out
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
      const value = lookup(run, frame, state, part.text.slice(1), part)
      because.push(...value.because)
      return bared(value, quoted)
    }
    case 'ParameterExpansion': {
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

function numberOrigin(frame: Frame, node: { readonly pos: number; readonly end: number }, name: string): Origin {
  return born(frame, node, () => ({
    kind: 'number',
    name,
    at: at(frame, node),
    empty: 'never',
    unset: 'never',
    how: '',
    splits: 'never',
  }))
}

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

/** What a name stands for here. A name that nobody bound is an input from the environment. */
export function lookup(
  run: Run,
  frame: Frame,
  state: State,
  name: string,
  node?: { readonly pos: number; readonly end: number },
): Value {
  if (/^[1-9]\d*$/.test(name)) return argumentAt(run, frame, state, Number(name))
  if (/^[#?$!0\-_]$/.test(name)) return special(run, frame, name, node)
  if (name === '@' || name === '*') return allArguments(run, frame, state, node)
  run.reads.add(name)
  let binding = state.vars.get(name)
  for (let hops = 0; binding?.refersTo !== undefined && hops < 8; hops++) {
    if (!state.vars.has(binding.refersTo)) return lookup(run, frame, state, binding.refersTo, node)
    binding = state.vars.get(binding.refersTo)
  }
  if (!binding) return inputValue(run, frame, state, name, node)
  const value = told(run, frame, state, name, binding.value, node)
  if (binding.since >= state.foreign) return value
  // Code that was not read ran since: it may have set something else.
  return { ways: uniqueWays([...value.ways, [{ of: foreignOrigin(run, frame, name, node) }]]), because: value.because }
}

/** A value as a word sees it: where it is empty, an origin says since when. */
function told(
  run: Run,
  frame: Frame,
  state: State,
  name: string,
  value: Value | undefined,
  node: { readonly pos: number; readonly end: number } | undefined,
): Value {
  if (value && !value.ways.some((way) => way.length === 0)) return value
  const since = value?.because[value.because.length - 1]?.at
  const says = value ? 'is set to nothing' : 'is unset'
  const nothing = nothingOrigin(run, frame, state, name, value ? 'empty' : 'unset', says, since, node)
  return {
    ways: value ? value.ways.map((way) => (way.length === 0 ? [{ of: nothing }] : way)) : [[{ of: nothing }]],
    because: value?.because ?? [],
  }
}

/** What is always empty here. `set -u` stops at what is unset: there it is as good as full. */
function nothingOrigin(
  run: Run,
  frame: Frame,
  state: State,
  name: string,
  why: 'empty' | 'unset',
  how: string,
  since: Span | undefined,
  node: { readonly pos: number; readonly end: number } | undefined,
): Origin {
  const stops = why === 'unset' && state.flags.nounset
  const key = `${stops ? 'stops' : 'nothing'} ${name} ${since?.file ?? ''}${since?.start ?? ''}`
  let found = run.inputs.get(key)
  if (!found) {
    const place = since ?? (node ? at(frame, node) : at(run.root, run.uses.get(name) ?? { pos: 0, end: 0 }))
    found = {
      kind: 'empty',
      name: `$${name}`,
      at: place,
      empty: stops ? 'never' : 'always',
      unset: 'never',
      how,
      splits: 'never',
    }
    run.inputs.set(key, found)
  }
  return found
}

function special(
  run: Run,
  frame: Frame,
  name: string,
  node: { readonly pos: number; readonly end: number } | undefined,
): Value {
  const key = `special ${name}`
  let found = run.inputs.get(key)
  if (!found) {
    const empty = name === '!' || name === '_' || name === '-' ? 'unknown' : 'never'
    const place = at(frame, node ?? { pos: 0, end: 0 })
    found = { kind: 'number', name: `$${name}`, at: place, empty, unset: 'never', how: '', splits: 'never' }
    run.inputs.set(key, found)
  }
  return valueOf(found)
}

function argumentAt(run: Run, frame: Frame, state: State, index: number): Value {
  const { known, open } = state.args
  if (index <= known.length) return known[index - 1]!
  if (open === undefined) {
    return valueOf(
      nothingOrigin(run, frame, state, String(index), 'unset', 'is not given by the call', undefined, undefined),
    )
  }
  return valueOf(parameterOrigin(run, frame, open + index - known.length - 1))
}

/** The nth argument that the caller of this script gives. */
export function parameterOrigin(run: Run, frame: Frame, index: number): Origin {
  const key = `$${index} ${frame.calls.length > 0 && frame.via.length === 0 ? frame.depth : ''}`
  let found = run.inputs.get(key)
  if (!found) {
    found = {
      kind: 'parameter',
      name: `$${index}`,
      at: at(run.root, run.uses.get(String(index)) ?? { pos: 0, end: 0 }),
      empty: 'maybe',
      unset: 'maybe',
      splits: 'maybe',
      how: `is what the caller gives as argument ${index}, and is empty when that is missing`,
    }
    run.inputs.set(key, found)
  }
  return found
}

function allArguments(
  run: Run,
  frame: Frame,
  state: State,
  node: { readonly pos: number; readonly end: number } | undefined,
): Value {
  const { known, open } = state.args
  if (open === undefined) {
    let ways: readonly (readonly Part[])[] = [[]]
    known.forEach((value, i) => {
      ways = uniqueWays(
        ways.flatMap((way) => value.ways.map((other) => [...way, ...(i > 0 ? [{ text: ' ' }] : []), ...other])),
      )
    })
    return { ways: ways.map((way) => join(way)), because: [] }
  }
  if (known.length === 0 && open === 1) {
    const key = `special @`
    let found = run.inputs.get(key)
    if (!found) {
      found = {
        kind: 'parameter',
        name: '$@',
        at: at(frame, node ?? { pos: 0, end: 0 }),
        empty: 'maybe',
        unset: 'maybe',
        splits: 'maybe',
        how: 'is what the caller gives, and is empty when it gives no argument',
      }
      run.inputs.set(key, found)
    }
    return valueOf(found)
  }
  return valueOf({
    kind: 'parameter',
    name: '$@',
    at: at(frame, node ?? { pos: 0, end: 0 }),
    empty: 'unknown',
    unset: 'unknown',
    how: '',
    splits: 'maybe',
  })
}

function foreignOrigin(
  run: Run,
  frame: Frame,
  name: string,
  node: { readonly pos: number; readonly end: number } | undefined,
): Origin {
  const key = `foreign ${name}`
  let found = run.inputs.get(key)
  if (!found) {
    found = {
      kind: 'widened',
      name: `$${name}`,
      at: at(frame, node ?? { pos: 0, end: 0 }),
      empty: 'unknown',
      unset: 'unknown',
      splits: 'unknown',
      how: 'may be set by a file that was not read',
    }
    run.inputs.set(key, found)
  }
  return found
}

/** The value of a name that nothing bound on this path. */
function inputValue(
  run: Run,
  frame: Frame,
  state: State,
  name: string,
  node: { readonly pos: number; readonly end: number } | undefined,
): Value {
  const given = frame.closed === undefined ? run.given.get(name) : undefined
  if (given) return given.value
  if (state.foreign > 0 && !alwaysSet.has(name)) return valueOf(foreignOrigin(run, frame, name, node))
  const key = `${frame.closed ?? ''} ${name}`
  let found = run.inputs.get(key)
  if (!found) run.inputs.set(key, (found = inputOrigin(run, frame, name, node)))
  return valueOf(found)
}

function inputOrigin(
  run: Run,
  frame: Frame,
  name: string,
  node: { readonly pos: number; readonly end: number } | undefined,
): Origin {
  const known = alwaysSet.get(name)
  const sure = known !== undefined || run.set.has(name)
  const how = frame.closed ?? 'comes from the environment: nothing on the way here sets it'
  return {
    kind: 'environment',
    name: `$${name}`,
    at: node ? at(frame, node) : at(run.root, run.uses.get(name) ?? { pos: 0, end: 0 }),
    empty: sure ? 'never' : 'maybe',
    unset: sure ? 'never' : 'maybe',
    how,
    splits: sure ? 'never' : 'maybe',
    ...(known?.absolute ? { absolute: true as const } : {}),
  }
}

/** `${…}` with all its operators. */
function parameter(run: Run, context: Context, state: State, part: Shell.ParameterExpansionPart): Value {
  const frame = context.frame
  const name = part.parameter
  if (part.prefix === '#') return valueOf(numberOrigin(frame, part, part.text))
  if (part.prefix === '!') return indirect(run, context, state, part)
  const subscript = part.index ? element(run, context, state, part) : undefined
  const value = subscript ?? lookup(run, frame, state, name, part)
  const operation = part.operation
  if (!operation) return value
  const plain = part.index ? undefined : name
  switch (operation.type) {
    case 'Default':
      return defaulted(run, context, state, part, operation, value, plain)
    case 'Remove': {
      const pattern = textOfWord(run, context, state, operation.operand)
      return derived(
        frame,
        part,
        value,
        pattern === undefined ? undefined : (text) => strip(text, operation.operator, pattern),
        stripped(operation.operator, pattern),
      )
    }
    case 'Replace': {
      const pattern = textOfWord(run, context, state, operation.pattern)
      const replacement = textOfWord(run, context, state, operation.replacement)
      const exact =
        pattern === undefined || replacement === undefined
          ? undefined
          : (text: string) => replaceIn(text, operation.operator, pattern, replacement)
      return derived(frame, part, value, exact, 'never')
    }
    case 'Slice': {
      const offset = Number(operation.offset.text.trim())
      const length = operation.length ? Number(operation.length.text.trim()) : undefined
      if (length === 0) return literal('')
      const sure = offset === 0 && length !== undefined && length > 0
      return derived(
        frame,
        part,
        value,
        Number.isInteger(offset) && (length === undefined || length > 0)
          ? (text) =>
              text.slice(
                offset,
                length === undefined ? undefined : (offset < 0 ? text.length + offset : offset) + length,
              )
          : undefined,
        sure ? 'never' : 'unknown',
      )
    }
    case 'CaseModification': {
      const upper = operation.operator.startsWith('^')
      return derived(
        frame,
        part,
        value,
        operation.operator.length === 2 && !operation.operand
          ? (text) => (upper ? text.toUpperCase() : text.toLowerCase())
          : undefined,
        'never',
      )
    }
    case 'Transform':
      return derived(frame, part, value, undefined, 'never')
    default:
      return valueOf(unknown(frame, part))
  }
}

// What a stripped text can still be, told for a text as people write them: `%/` and `%.git` leave something, a glob may take all.
function stripped(operator: string, pattern: string | undefined): 'never' | 'unknown' {
  if (pattern === undefined) return 'unknown'
  if (!/[*?[]/.test(pattern)) return 'never'
  return operator === '%' && /^[/.@_:-]\*$/.test(pattern)
    ? 'never'
    : operator === '#' && /^\*[/.@_:-]$/.test(pattern)
      ? 'never'
      : operator === '##' && pattern === '*/'
        ? 'never'
        : 'unknown'
}

function unknown(frame: Frame, part: Shell.ParameterExpansionPart): Origin {
  return born(frame, part, () => ({
    kind: 'widened',
    name: part.text,
    at: at(frame, part),
    empty: 'unknown',
    unset: 'unknown',
    how: 'is not followed',
    splits: 'unknown',
  }))
}

function textOfWord(run: Run, context: Context, state: State, word: Shell.Word | undefined): string | undefined {
  if (!word) return ''
  const value = valueOfWord(run, context, state, word)
  return value.ways.length === 1 ? textOf(value.ways[0]!) : undefined
}

/** A value made of another: exact where the text is known, else an origin that is empty when the other is. */
function derived(
  frame: Frame,
  node: Shell.ParameterExpansionPart,
  value: Value,
  exact: ((text: string) => string | undefined) | undefined,
  own: 'never' | 'unknown',
): Value {
  const ways: (readonly Part[])[] = []
  const open: (readonly Part[])[] = []
  for (const way of value.ways) {
    const text = textOf(way)
    const out = text === undefined ? undefined : exact?.(text)
    if (out === undefined) open.push(way)
    else ways.push(out === '' ? [] : [{ text: out }])
  }
  if (open.length > 0) {
    const single = open.length === 1 && open[0]!.length === 1 ? open[0]![0]! : undefined
    const absolute =
      own === 'never' &&
      single &&
      'of' in single &&
      single.of.absolute &&
      node.operation?.type === 'Remove' &&
      node.operation.operator.startsWith('%')
    ways.push([
      {
        of: born(frame, node, () => ({
          kind: 'derived',
          name: node.text,
          at: at(frame, node),
          empty: own,
          unset: 'never',
          madeOf: { ways: open, because: value.because },
          how: `is made of ${showValue({ ways: open, because: [] })}`,
          splits: 'maybe',
          ...(absolute ? { absolute: true as const } : {}),
        })),
      },
    ])
  }
  return { ways: uniqueWays(ways), because: value.because }
}

function defaulted(
  run: Run,
  context: Context,
  state: State,
  part: Shell.ParameterExpansionPart,
  operation: Shell.ParameterDefaultOperation,
  value: Value,
  name: string | undefined,
): Value {
  const operator = operation.operator
  const colon = operator.startsWith(':')
  const now = colon ? valueEmptiness(state, value) : unsetness(state, value, name)
  switch (operator.slice(-1)) {
    case '?':
      // The script stops here when it is empty (or, without the colon, unset).
      if (colon) {
        stopEmpty(context, state, value, name)
        return name === undefined
          ? filledValue(state, value)
          : filledValue(state, lookup(run, context.frame, state, name, part))
      }
      return value
    case '+': {
      const then = valueOfWord(run, context, state, operation.operand)
      if (now === 'never') return then
      if (now === 'always') return literal('')
      if (!colon || valueEmptiness(state, then) !== 'never')
        return { ways: uniqueWays([...then.ways, []]), because: then.because }
      return valueOf(
        born(context.frame, part, () => ({
          kind: 'derived',
          name: part.text,
          at: at(context.frame, part),
          empty: 'never',
          unset: 'never',
          madeOf: value,
          how: `is empty when ${name ? `$${name}` : 'it'} is`,
          splits: 'never',
        })),
        value.because,
      )
    }
    default: {
      if (now === 'never') return value
      const other = valueOfWord(run, context, state, operation.operand)
      const otherwise =
        now === 'always'
          ? other
          : !colon
            ? { ways: uniqueWays([...value.ways, ...other.ways]), because: other.because }
            : orElse(state, value, other)
      if (operator.endsWith('=') && name !== undefined) {
        bind(state, name, { value: otherwise, exported: state.vars.get(name)?.exported ?? false, since: ++run.tick })
      }
      return otherwise
    }
  }
}

function unsetness(state: State, value: Value, name: string | undefined): 'never' | 'maybe' | 'always' | 'unknown' {
  if (name !== undefined && state.vars.has(name) && state.vars.get(name)!.value !== undefined) return 'never'
  return valueEmptiness(state, value) === 'never' ? 'never' : 'maybe'
}

// `${x:-other}`: x where it is not empty, the other where it is. With an empty other it is x itself, and a test of it tests x.
function orElse(state: State, value: Value, other: Value): Value {
  if (valueEmptiness(state, other) === 'always') return value
  return {
    ways: uniqueWays([...filledValue(state, value).ways, ...other.ways]),
    because: [...value.because, ...other.because].slice(-4),
  }
}

// The shell ends where the value is empty: a subshell ends, and what called it goes on.
function stopEmpty(context: Context, state: State, value: Value, name: string | undefined): void {
  const stopped = fork(state)
  if (assumeEmpty(stopped, value, name)) context.exits.push(settleStatus(stopped, 'fail'))
  assumeFull(state, value, name)
}

/** A value on the paths where it is not empty. */
function filledValue(state: State, value: Value): Value {
  const ways = value.ways
    .filter((way) => wayEmptiness(state, way) !== 'always')
    .map((way) => {
      const open = way.filter((part) => 'of' in part)
      if (open.length !== 1 || way.some((part) => !('of' in part) && part.text !== '')) return way
      return way.map((part) => ('of' in part ? { ...part, of: full(part.of) } : part))
    })
  return { ways: ways.length > 0 ? ways : [[]], because: value.because }
}

function element(run: Run, context: Context, state: State, part: Shell.ParameterExpansionPart): Value {
  const binding = state.vars.get(part.parameter)
  const index = part.index!.text
  if (
    part.parameter === 'BASH_SOURCE' ||
    part.parameter === 'FUNCNAME' ||
    part.parameter === 'PIPESTATUS' ||
    part.parameter === 'BASH_REMATCH'
  ) {
    return valueOf(
      born(context.frame, part, () => ({
        kind: 'number',
        name: part.text,
        at: at(context.frame, part),
        empty: part.parameter === 'BASH_REMATCH' ? 'unknown' : 'never',
        unset: 'never',
        how: '',
        splits: 'never',
      })),
    )
  }
  if (binding?.elements) {
    if (/^\d+$/.test(index)) {
      return binding.elements[Number(index)] ?? told(run, context.frame, state, part.parameter, undefined, part)
    }
    if (index === '@' || index === '*')
      return {
        ways: uniqueWays([
          binding.elements.flatMap((value, i) => [...(i > 0 ? [{ text: ' ' }] : []), ...(value.ways[0] ?? [])]),
        ]),
        because: [],
      }
    const ways = binding.elements.flatMap((value) => value.ways)
    return ways.length === 0 ? literal('') : valueOf(unknown(context.frame, part))
  }
  // `${map[$key]}`: an empty key is none of a map's.
  if (/\$/.test(index) && index !== '@' && index !== '*') {
    const key = valueOfWord(run, context, state, part.index)
    return valueOf(
      born(context.frame, part, () => ({
        kind: 'derived',
        name: part.text,
        at: at(context.frame, part),
        empty: 'unknown',
        unset: 'unknown',
        madeOf: key,
        how: `is empty when ${showValue(key)} is`,
        splits: 'maybe',
      })),
    )
  }
  if (binding?.value && /^\d+$/.test(index) && originsOf(binding.value).some((origin) => origin.kind === 'read'))
    return binding.value
  if (binding || state.foreign > 0) return valueOf(unknown(context.frame, part))
  return valueOf(unknown(context.frame, part))
}

function indirect(run: Run, context: Context, state: State, part: Shell.ParameterExpansionPart): Value {
  if (part.operation?.type === 'Names') return valueOf(unknown(context.frame, part))
  const pointer = part.index ? undefined : lookup(run, context.frame, state, part.parameter, part)
  const name = pointer?.ways.length === 1 ? textOf(pointer.ways[0]!) : undefined
  if (name === undefined || !/^\w+$/.test(name)) return valueOf(unknown(context.frame, part))
  const value = lookup(run, context.frame, state, name, part)
  if (part.operation?.type !== 'Default') return value
  return defaulted(run, context, state, part, part.operation, value, /^[A-Za-z_]/.test(name) ? name : undefined)
}
