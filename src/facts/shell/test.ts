import type { Shell } from '../../parse/shell.ts'
import { at, type Context, type Run } from './frame.ts'
import { fieldsOf, lookup, valueOfWord } from './expand.ts'
import { systemDirectories } from './names.ts'
import { expressionMatchesEmpty, matchesEmpty, patternExpression } from './pattern.ts'
import { assumeEmpty, assumeFull, bind, emptiness, fork, noteGuard, wayEmptiness, type State } from './state.ts'
import { literal, originsOf, showWay, textOf, textsOf, type Origin, type Part, type Value } from './value.ts'

/** One operand of a test: its value, the variable it is when it is nothing else, and whether it can vanish. */
interface Operand {
  readonly value: Value
  readonly name: string | undefined
  /** Expanded outside quotes in `[`: it vanishes when it is empty. */
  readonly bare: boolean
  readonly node: { readonly pos: number; readonly end: number }
  readonly text: string
}

/** What a test tells: the states in which it holds and those in which it does not. */
export interface Outcome {
  readonly holds: readonly State[]
  readonly fails: readonly State[]
}

type Judge = (state: State) => Outcome

/** `[ … ]` and `test …`, their operands as the shell hands them over. */
export function testCommand(run: Run, context: Context, state: State, words: readonly Shell.Word[]): Outcome {
  const operands = words.map((word) => operandOf(run, context, state, word))
  const [judge] = parseOr(run, context, operands, 0, operands.length)
  return judge(state)
}

function operandOf(run: Run, context: Context, state: State, word: Shell.Word): Operand {
  const single = word.parts?.length === 1 ? word.parts[0]! : undefined
  const bare =
    word.parts?.some((part) => /Expansion$/.test(part.type)) === true &&
    word.parts.every((part) => part.type !== 'DoubleQuoted' && part.type !== 'SingleQuoted' && part.type !== 'Literal')
  let value: Value
  if (bare && !/^\$[@*]$/.test(word.text)) value = valueOfWord(run, context, state, word)
  else {
    const { fields } = fieldsOf(run, context, state, { pos: word.pos, end: word.end, text: word.text, words: [word] })
    value = fields.length === 1 ? fields[0]! : valueOfWord(run, context, state, word)
  }
  return { value, name: nameOf(single) ?? pointedName(run, context, state, single), bare, node: word, text: word.text }
}

/** The variable that `${!name}` stands for, when the pointer is known. */
function pointedName(run: Run, context: Context, state: State, part: Shell.WordPart | undefined): string | undefined {
  if (part?.type === 'DoubleQuoted') {
    return part.parts.length === 1 ? pointedName(run, context, state, part.parts[0]) : undefined
  }
  if (part?.type !== 'ParameterExpansion' || part.prefix !== '!' || part.index) return undefined
  const plain = !part.operation || (part.operation.type === 'Default' && part.operation.operand.text === '')
  const pointer = plain ? textsOf(lookup(run, context.frame, state, part.parameter, part)) : undefined
  return pointer?.length === 1 && /^[A-Za-z_]\w*$/.test(pointer[0]!) ? pointer[0] : undefined
}

function nameOf(part: Shell.WordPart | undefined): string | undefined {
  if (part?.type === 'DoubleQuoted') return part.parts.length === 1 ? nameOf(part.parts[0]) : undefined
  if (part?.type === 'SimpleExpansion') return /^\$[A-Za-z_]\w*$/.test(part.text) ? part.text.slice(1) : undefined
  if (part?.type !== 'ParameterExpansion' || part.prefix || part.index) return undefined
  const operation = part.operation
  return !operation ||
    (operation.type === 'Default' && operation.operand.text === '' && operation.operator.endsWith('-'))
    ? part.parameter
    : undefined
}

const binary = new Set(['=', '==', '!=', '=~', '<', '>', '-eq', '-ne', '-lt', '-le', '-gt', '-ge', '-nt', '-ot', '-ef'])

function parseOr(run: Run, context: Context, operands: readonly Operand[], from: number, to: number): [Judge, number] {
  let [judge, next] = parseAnd(run, context, operands, from, to)
  while (next < to && operands[next]!.text === '-o') {
    const left = judge
    const [right, after] = parseAnd(run, context, operands, next + 1, to)
    judge = either(left, right)
    next = after
  }
  return [judge, next]
}

function parseAnd(run: Run, context: Context, operands: readonly Operand[], from: number, to: number): [Judge, number] {
  let [judge, next] = parseNot(run, context, operands, from, to)
  while (next < to && operands[next]!.text === '-a') {
    const left = judge
    const [right, after] = parseNot(run, context, operands, next + 1, to)
    judge = both(left, right)
    next = after
  }
  return [judge, next]
}

function parseNot(run: Run, context: Context, operands: readonly Operand[], from: number, to: number): [Judge, number] {
  const first = operands[from]
  if (!first || from >= to) return [(state) => ({ holds: [], fails: [state] }), from]
  if (first.text === '!' && from + 1 < to) {
    const [judge, next] = parseNot(run, context, operands, from + 1, to)
    return [(state) => turned(judge(state)), next]
  }
  if (first.text === '(' || first.text === '\\(') {
    const [judge, next] = parseOr(run, context, operands, from + 1, to)
    return [judge, Math.min(next + 1, to)]
  }
  const second = operands[from + 1]
  if (second && from + 2 < to && binary.has(second.text)) {
    return [(state) => compare(run, context, state, first, second.text, operands[from + 2]!, false), from + 3]
  }
  if (/^-[a-zA-Z]$/.test(first.text) && second && from + 1 < to && !/^-[ao]$/.test(second.text)) {
    return [(state) => unary(context, state, first.text, second, second.bare), from + 2]
  }
  return [(state) => filledOrNot(state, first), from + 1]
}

const turned = (outcome: Outcome): Outcome => ({ holds: outcome.fails, fails: outcome.holds })

const both =
  (left: Judge, right: Judge): Judge =>
  (state) => {
    const one = left(state)
    const two = one.holds.map(right)
    return {
      holds: two.flatMap((outcome) => outcome.holds),
      fails: [...one.fails, ...two.flatMap((outcome) => outcome.fails)],
    }
  }

const either =
  (left: Judge, right: Judge): Judge =>
  (state) => {
    const one = left(state)
    const two = one.fails.map(right)
    return {
      holds: [...one.holds, ...two.flatMap((outcome) => outcome.holds)],
      fails: two.flatMap((outcome) => outcome.fails),
    }
  }

function either2(
  state: State,
  narrowHolds: (state: State) => boolean,
  narrowFails: (state: State) => boolean,
): Outcome {
  const holds = fork(state)
  const fails = fork(state)
  return { holds: narrowHolds(holds) ? [holds] : [], fails: narrowFails(fails) ? [fails] : [] }
}

const unsure = (state: State): Outcome => ({ holds: [fork(state)], fails: [fork(state)] })

function filledOrNot(state: State, operand: Operand): Outcome {
  return either2(
    state,
    (yes) => assumeFull(yes, operand.value, operand.name),
    (no) => assumeEmpty(no, operand.value, operand.name),
  )
}

/** A test with one operand. `vanishes`: in `[`, an empty unquoted operand leaves `[ -n ]`, which is true. */
function unary(context: Context, state: State, operator: string, operand: Operand, vanishes: boolean): Outcome {
  switch (operator) {
    case '-z':
      return turned(filledOrNot(state, operand))
    case '-n':
      if (vanishes)
        return almost(
          context,
          state,
          operand,
          `\`-n ${operand.text}\` without quotes is true when ${operand.text} is empty`,
        )
      return filledOrNot(state, operand)
    case '-v':
    case '-R': {
      const name = textsOf(operand.value)?.[0]
      return name && /^\w+$/.test(name) && state.vars.get(name)?.value
        ? { holds: [fork(state)], fails: [] }
        : unsure(state)
    }
    case '-t':
    case '-o':
      return unsure(state)
    default:
      return fileTest(context, state, operator, operand, vanishes)
  }
}

function almost(context: Context, state: State, operand: Operand, says: string): Outcome {
  const open = originsOf(operand.value).filter((origin) => emptiness(state, origin) === 'maybe')
  if (open.length > 0) {
    state = fork(state)
    const guard = { at: at(context.frame, operand.node), says }
    for (const origin of open) noteGuard(state, origin, guard)
  }
  return unsure(state)
}

/** `-d`, `-f`, `-e` and their kin prove a variable only when the path without it cannot be such a thing. */
function fileTest(context: Context, state: State, operator: string, operand: Operand, vanishes: boolean): Outcome {
  const regular = /^-[fhLpSb]$/.test(operator)
  const names = regular ? operand.value.ways.map(nameAtEnd) : []
  // Without its last name the path is a directory, and that is no file.
  if (names.length > 0 && names.every((name) => name !== undefined)) {
    return either2(
      state,
      (yes) => names.every((name) => assumeFull(yes, { ways: [[{ of: name! }]], because: [] })),
      () => true,
    )
  }
  let proves = operand.value.ways.length > 0
  for (const way of operand.value.ways) {
    if (wayEmptiness(state, way) === 'always' && !vanishes) continue
    const open = way.flatMap((part) => ('of' in part && emptiness(state, part.of) === 'maybe' ? [part.of] : []))
    if (new Set(open).size !== 1) {
      if (open.length > 0) proves = false
      continue
    }
    const shortest = way.map((part) => ('of' in part ? (part.of === open[0] ? '' : '\u0001') : part.text)).join('')
    const gone = shortest === '' ? !vanishes : (regular && shortest.endsWith('/')) || absentAtTop(shortest)
    if (!gone) proves = false
  }
  const told = proves
    ? either2(
        state,
        (yes) => narrowPath(yes, operand),
        () => true,
      )
    : almost(context, state, operand, `\`${operator} ${operand.text}\` is true as well when the variable is empty`)
  if (operator !== '-d') return told
  const made = new Set([...state.made, ...operand.value.ways.map(showWay)])
  return { holds: told.holds.map((one) => ({ ...one, made })), fails: told.fails }
}

function nameAtEnd(way: readonly Part[]): Origin | undefined {
  const last = way[way.length - 1]
  const before = way[way.length - 2]
  return last && 'of' in last && before && !('of' in before) && before.text.endsWith('/') ? last.of : undefined
}

// A name at the top of the file system that no system has: `/releases`, `/plugins`.
function absentAtTop(path: string): boolean {
  if (!path.startsWith('/') || path.includes('\u0001')) return false
  const first = /^\/+([^/]+)/.exec(path)
  return first !== null && !systemDirectories.has(`/${first[1]!}`)
}

function narrowPath(state: State, operand: Operand): boolean {
  const ways = operand.value.ways.filter((way) => wayEmptiness(state, way) !== 'always')
  if (ways.length === 0) return false
  for (const way of ways.length === 1 ? ways : []) {
    for (const part of way) {
      if ('of' in part && emptiness(state, part.of) === 'maybe') assumeFull(state, { ways: [[part]], because: [] })
    }
  }
  return ways.length === 1 || assumeFull(state, operand.value, operand.name)
}

/** A comparison. In `[[` the right side of `=` is a pattern and that of `=~` an expression. */
function compare(
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
    const known = textsOf(left.value)
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
  const surely = left.value.ways.every((way) => textOf(way) === text)
  if (!surely) {
    const rest = left.value.ways.filter((way) => textOf(way) !== text)
    let feasible = true
    if (text === '') feasible = left.bare ? true : assumeFull(fails, { ways: rest, because: [] }, undefined)
    else if (rest.length === 1) differ(fails, rest[0]!, text)
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
  const own = textOf(way)
  if (own !== undefined) return own === text
  if (text === '') return wayEmptiness(state, way) !== 'never'
  if (wayEmptiness(state, way) === 'always') return false
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
  return middle === '' ? assumeEmpty(state, one) : assumeFull(state, one)
}

function differ(state: State, way: readonly Part[], text: string): void {
  const open = way.filter((part) => 'of' in part)
  if (open.length !== 1) return
  const [head, tail] = known(way)
  if (head + tail === text) assumeFull(state, { ways: [[open[0]!]], because: [] })
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
function measures(run: Run, context: Context, state: State, name: string, operator: string, limit: number): Outcome {
  const value = lookup(run, context.frame, state, name)
  const empty = relations[operator]!(0, limit)
  return either2(
    state,
    (yes) => empty || assumeFull(yes, value, name),
    (no) => !empty || assumeFull(no, value, name),
  )
}

/** `$#`: it counts arguments, and an empty one counts too. */
function counted(run: Run, context: Context, state: State, operand: Operand, operator: string, limit: number): Outcome {
  const { known, open } = state.args
  if (open === undefined && Number.isInteger(limit)) {
    const count = known.length
    const holds = relations[operator]!(count, limit)
    return holds ? { holds: [fork(state)], fails: [] } : { holds: [], fails: [fork(state)] }
  }
  const noted = fork(state)
  const guard = { at: at(context.frame, operand.node), says: '`$#` counts arguments: an empty one passes' }
  for (const origin of context.frame.born.values()) void origin
  for (const [key, origin] of run.inputs) if (/^\$\d/.test(key)) noteGuard(noted, origin, guard)
  return unsure(noted)
}

/** `[[ … ]]`: no word is split, and patterns are matched. */
export function extendedTest(
  run: Run,
  context: Context,
  state: State,
  expression: Shell.TestExpression,
  depth = 0,
): Outcome {
  if (depth > 60) return unsure(state)
  const operand = (word: Shell.Word): Operand => ({
    value: valueOfWord(run, context, state, word),
    name:
      nameOf(word.parts?.length === 1 ? word.parts[0] : undefined) ??
      pointedName(run, context, state, word.parts?.length === 1 ? word.parts[0] : undefined),
    bare: false,
    node: word,
    text: word.text,
  })
  switch (expression.type) {
    case 'TestGroup':
      return extendedTest(run, context, state, expression.expression, depth + 1)
    case 'TestNot': {
      const inner = extendedTest(run, context, state, expression.operand, depth + 1)
      return expression.negations.length % 2 === 1 ? turned(inner) : inner
    }
    case 'TestLogical': {
      const judges = expression.operands.map(
        (one): Judge =>
          (from) =>
            extendedTest(run, context, from, one, depth + 1),
      )
      return judges
        .slice(1)
        .reduce(
          (left, right) => (expression.operator === '&&' ? both(left, right) : either(left, right)),
          judges[0]!,
        )(state)
    }
    case 'TestUnary': {
      const word = operand(expression.operand)
      // BusyBox reads `[[` as `[`: an empty unquoted operand vanishes there (SH-04).
      const vanishes =
        context.frame.shell.dialect === 'busybox' &&
        expression.operand.parts?.some((part) => /Expansion$/.test(part.type)) === true
      return unary(context, state, expression.operator, word, vanishes)
    }
    case 'TestBinary':
      return compare(
        run,
        context,
        state,
        operand(expression.left),
        expression.operator,
        operand(expression.right),
        true,
      )
  }
}

/** The branches of a `case`: for each pattern list the states that take it, and what is left for the next. */
export function matchCase(
  run: Run,
  context: Context,
  state: State,
  word: Shell.Word,
  patterns: readonly Shell.Word[],
): Outcome {
  const value = valueOfWord(run, context, state, word)
  const name = nameOf(word.parts?.length === 1 ? word.parts[0] : undefined)
  const operand: Operand = { value, name, bare: false, node: word, text: word.text }
  let rest: readonly State[] = [state]
  const holds: State[] = []
  for (const pattern of patterns) {
    const wanted: Operand = {
      value: valueOfWord(run, context, state, pattern, false),
      name: undefined,
      bare: false,
      node: pattern,
      text: pattern.text,
    }
    const outcomes = rest.map((one) =>
      isEverything(wanted.value)
        ? { holds: [fork(one)], fails: [] }
        : compare(run, context, one, refreshed(run, context, one, operand, word), '=', wanted, true),
    )
    holds.push(...outcomes.flatMap((outcome) => outcome.holds))
    rest = outcomes.flatMap((outcome) => outcome.fails)
  }
  return { holds, fails: rest }
}

// The value after earlier patterns have narrowed the variable.
function refreshed(run: Run, context: Context, state: State, operand: Operand, word: Shell.Word): Operand {
  return operand.name === undefined ? operand : { ...operand, value: valueOfWord(run, context, fork(state), word) }
}

const isEverything = (value: Value): boolean =>
  value.ways.length === 1 &&
  value.ways[0]!.length > 0 &&
  value.ways[0]!.every((part) => !('of' in part) && part.glob === true && part.text === '*')

/** `(( … ))` as a condition: on its true side a compared variable is a number, which proves nothing about texts. */
export function arithmeticTest(
  run: Run,
  context: Context,
  state: State,
  body: string,
  node: { readonly pos: number; readonly end: number },
): Outcome {
  const count = /^\s*(?:\$#|#)\s*(<|>|<=|>=|==|!=)\s*(\d+)\s*$/.exec(body)
  if (count) {
    const operator = { '<': '-lt', '>': '-gt', '<=': '-le', '>=': '-ge', '==': '-eq', '!=': '-ne' }[count[1]!]!
    return counted(
      run,
      context,
      state,
      { value: literal(''), name: undefined, bare: false, node, text: '$#' },
      operator,
      Number(count[2]),
    )
  }
  const length = /^\s*\$\{#([A-Za-z_]\w*)\}\s*(?:(<|>|<=|>=|==|!=)\s*(\d+)\s*)?$/.exec(body)
  if (length) {
    const operator = { '<': '-lt', '>': '-gt', '<=': '-le', '>=': '-ge', '==': '-eq', '!=': '-ne' }[length[2] ?? '!=']!
    return measures(run, context, state, length[1]!, operator, Number(length[3] ?? 0))
  }
  const constant = /^\s*(\d+)\s*$/.exec(body)
  if (constant)
    return Number(constant[1]) !== 0 ? { holds: [fork(state)], fails: [] } : { holds: [], fails: [fork(state)] }
  return unsure(state)
}
