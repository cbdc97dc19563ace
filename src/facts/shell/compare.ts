import { at, type Context, type Run } from './frame.ts'
import { lookup } from './lookup.ts'
import { either2, type Operand, type Outcome, unsure } from './outcome.ts'
import { expressionMatchesEmpty, matchesEmpty, patternExpression } from './pattern.ts'
import {
  assumeEmpty,
  assumeFull,
  bind,
  fork,
  noteGuard,
  noteOther,
  noteText,
  type State,
  textHere,
  wayEmptiness,
} from './state.ts'
import { textOf, textsOf, type Part, type Value } from './value.ts'

/** A comparison. In `[[` the right side of `=` is a pattern and that of `=~` an expression. */
export function compare(
  run: Run,
  context: Context,
  state: State,
  left: Operand,
  operator: string,
  right: Operand,
  patterns: boolean,
): Outcome {
  switch (operator) {
    case '!=': {
      const { holds, fails } = compare(run, context, state, left, '=', right, patterns)
      if (!left.bare || patterns) return { holds: fails, fails: holds }
      // An empty operand without quotes vanishes: that is an error, and so false.
      const empty = fork(state)
      const narrowed = fails.filter((one) => assumeFull(one, left.value, left.name))
      return { holds: narrowed, fails: assumeEmpty(empty, left.value, left.name) ? [...holds, empty] : holds }
    }
    case '=~': {
      const source = textsOf(right.value)
      const empty =
        source?.length === 1 ? expressionMatchesEmpty(right.text.replace(/^(["'])(.*)\1$/s, '$2')) : undefined
      if (empty !== false) return unsure(state)
      return either2(
        state,
        (yes) => assumeFull(yes, left.value, left.name),
        () => true,
      )
    }
    case '=':
    case '==':
      break
    case '-eq':
    case '-ne':
    case '-lt':
    case '-le':
    case '-gt':
    case '-ge':
      return numbers(run, context, state, left, operator, right, patterns)
    default:
      return unsure(state)
  }
  const pattern = patterns ? globOf(right.value) : undefined
  if (pattern !== undefined) {
    const expression = patternExpression(pattern)
    const known = textsHere(state, left.value)
    if (known && expression)
      return {
        holds: known.some((text) => expression.test(text)) ? [fork(state)] : [],
        fails: known.every((text) => expression.test(text)) ? [] : [fork(state)],
      }
    return either2(
      state,
      (yes) => matchesEmpty(pattern) || assumeFull(yes, left.value, left.name),
      (no) => !matchesEmpty(pattern) || assumeFull(no, left.value, left.name),
    )
  }
  const texts = textsOf(right.value)
  if (texts?.length === 1) return equal(state, left, texts[0]!)
  const others = textsOf(left.value)
  if (others?.length === 1) return equal(state, right, others[0]!)
  return unsure(state)
}

function textsHere(state: State, value: Value): readonly string[] | undefined {
  const out = value.ways.map((way) => textHere(state, way))
  return out.every((text) => text !== undefined) ? out : undefined
}

// The pattern of a right side that has glob parts and is otherwise known.
function globOf(value: Value): string | undefined {
  if (value.ways.length !== 1 || !value.ways[0]!.some((part) => !('of' in part) && part.glob)) return undefined
  if (value.ways[0]!.some((part) => 'of' in part)) return undefined
  return value.ways[0]!.map((part) =>
    'of' in part ? '' : part.glob ? part.text : part.text.replace(/[*?[\\]/g, '\\$&'),
  ).join('')
}

/** `x = text`: on the one side x is that text, on the other it is not. */
export function equal(
  state: State,
  left: { readonly value: Value; readonly name: string | undefined; readonly bare?: boolean },
  text: string,
): Outcome {
  // `[ $x = '' ]` with x empty is a syntax error, and so false.
  if (left.bare && text === '') return { holds: [], fails: [fork(state)] }
  const possible = left.value.ways.filter((way) => canBe(state, way, text))
  const holds = fork(state)
  const fails = fork(state)
  const outcome: { holds: State[]; fails: State[] } = { holds: [], fails: [] }
  if (possible.length > 0) {
    let feasible = true
    if (possible.length === 1) feasible = become(holds, possible[0]!, text)
    if (feasible && left.name !== undefined)
      narrowName(holds, left.name, text === '' ? [[]] : [[{ text }]], left.value, possible)
    if (feasible) outcome.holds.push(holds)
  }
  const surely = left.value.ways.every((way) => textHere(state, way) === text)
  if (!surely) {
    const rest = left.value.ways.filter((way) => textHere(state, way) !== text)
    let feasible = true
    if (text === '') feasible = left.bare ? true : assumeFull(fails, left.value, undefined)
    else if (rest.length === 1) differ(fails, rest[0]!, text)
    else assumeFull(fails, { ways: rest.map((way) => aroundText(way, text)), because: [] })
    if (feasible && left.name !== undefined && rest.length < left.value.ways.length)
      narrowName(fails, left.name, rest, left.value, rest)
    if (feasible && text === '' && left.name !== undefined) assumeFull(fails, { ways: rest, because: [] }, left.name)
    if (feasible) outcome.fails.push(fails)
  }
  return outcome
}

function narrowName(
  state: State,
  name: string,
  ways: readonly (readonly Part[])[],
  before: Value,
  kept: readonly (readonly Part[])[],
): void {
  const binding = state.vars.get(name)
  // A name with one unknown way keeps its origin, so that copies stay tied to it.
  if (!binding?.value || binding.refersTo !== undefined) return
  if (kept.length === 1 && kept[0]!.some((part) => 'of' in part) && before.ways.length === 1) {
    if (textOf(ways[0] ?? []) !== undefined && ways !== kept)
      bind(state, name, { ...binding, value: { ways, because: before.because } })
    return
  }
  bind(state, name, { ...binding, value: { ways, because: before.because } })
}

// Whether a way can be this text: its known head and tail must agree.
function canBe(state: State, way: readonly Part[], text: string): boolean {
  const own = textHere(state, way)
  if (own !== undefined) return own === text
  if (text === '') return wayEmptiness(state, way) !== 'never'
  if (wayEmptiness(state, way) === 'always') return false
  const only = way.length === 1 ? way[0]! : undefined
  if (only && 'of' in only && state.facts.get(only.of)?.isnt?.includes(text)) return false
  const [head, tail] = known(way)
  return text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail)
}

function known(way: readonly Part[]): [string, string] {
  const first = way.findIndex((part) => 'of' in part)
  let last = way.length - 1
  while (last > first && !('of' in way[last]!)) last--
  const show = (parts: readonly Part[]): string => parts.map((part) => ('of' in part ? '' : part.text)).join('')
  return [show(way.slice(0, first)), show(way.slice(last + 1))]
}

// The one unknown part of a way, when the way is this text: `"x$a" = x` says that a is empty.
function become(state: State, way: readonly Part[], text: string): boolean {
  const open = way.filter((part) => 'of' in part)
  if (open.length === 0) return true
  if (text === '') return assumeEmpty(state, { ways: [way], because: [] })
  if (open.length !== 1 || !('of' in open[0]!)) return true
  const [head, tail] = known(way)
  const middle = text.slice(head.length, text.length - tail.length)
  const one: Value = { ways: [[open[0]]], because: [] }
  if (middle === '') return assumeEmpty(state, one)
  noteText(state, open[0].of, middle)
  return assumeFull(state, one)
}

// Of `x$a` that is not `x` the part that then is not empty; of any other way, the way.
function aroundText(way: readonly Part[], text: string): readonly Part[] {
  const open = way.filter((part) => 'of' in part)
  const [head, tail] = known(way)
  return open.length === 1 && head + tail === text ? open : way
}

function differ(state: State, way: readonly Part[], text: string): void {
  const open = way.filter((part) => 'of' in part)
  const [only] = open
  if (open.length !== 1 || !only || !('of' in only)) return
  const [head, tail] = known(way)
  if (head + tail === text) assumeFull(state, { ways: [[only]], because: [] })
  else if (text.startsWith(head) && text.endsWith(tail) && text.length > head.length + tail.length)
    noteOther(state, only.of, text.slice(head.length, text.length - tail.length))
}

function numbers(
  run: Run,
  context: Context,
  state: State,
  left: Operand,
  operator: string,
  right: Operand,
  patterns: boolean,
): Outcome {
  const one = Number(textsOf(left.value)?.[0] ?? NaN)
  const two = Number(textsOf(right.value)?.[0] ?? NaN)
  if (
    textsOf(left.value)?.length === 1 &&
    textsOf(right.value)?.length === 1 &&
    Number.isInteger(one) &&
    Number.isInteger(two)
  ) {
    const holds = relations[operator]!(one, two)
    return holds ? { holds: [fork(state)], fails: [] } : { holds: [], fails: [fork(state)] }
  }
  const measured = /^"?\$\{#([A-Za-z_]\w*)\}"?$/.exec(left.text)?.[1]
  if (measured !== undefined && Number.isInteger(two)) return measures(run, context, state, measured, operator, two)
  if (left.text.replace(/["{}]/g, '') === '$#') return counted(run, context, state, left, operator, two)
  // An empty operand is no number: `[` says so and is false, `[[` reads it as 0.
  if (patterns) return unsure(state)
  return either2(
    state,
    (yes) => [left, right].every((operand) => assumeFull(yes, operand.value, operand.name)),
    () => true,
  )
}

const relations: Readonly<Record<string, (one: number, two: number) => boolean>> = {
  '-eq': (one, two) => one === two,
  '-ne': (one, two) => one !== two,
  '-lt': (one, two) => one < two,
  '-le': (one, two) => one <= two,
  '-gt': (one, two) => one > two,
  '-ge': (one, two) => one >= two,
}

/** `${#x}` against a number: the side on which a length of 0 cannot be proves that x is not empty. */
export function measures(
  run: Run,
  context: Context,
  state: State,
  name: string,
  operator: string,
  limit: number,
): Outcome {
  const value = lookup(run, context.frame, state, name)
  const empty = relations[operator]!(0, limit)
  return either2(
    state,
    (yes) => empty || assumeFull(yes, value, name),
    (no) => !empty || assumeFull(no, value, name),
  )
}

/** `$#`: it counts arguments, and an empty one counts too. */
export function counted(
  run: Run,
  context: Context,
  state: State,
  operand: Operand,
  operator: string,
  limit: number,
): Outcome {
  const { known, open, least } = state.args
  if (open === undefined && Number.isInteger(limit)) {
    const holds = relations[operator]!(known.length, limit)
    if (least !== undefined && relations[operator]!(least, limit) !== holds) return unsure(state)
    return holds ? { holds: [fork(state)], fails: [] } : { holds: [], fails: [fork(state)] }
  }
  const noted = fork(state)
  const guard = { at: at(context.frame, operand.node), says: '`$#` counts arguments: an empty one passes' }
  for (const origin of context.frame.born.values()) void origin
  for (const [key, origin] of run.inputs) if (/^\$\d/.test(key)) noteGuard(noted, origin, guard)
  return unsure(noted)
}
