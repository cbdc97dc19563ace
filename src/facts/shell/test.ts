import type { Shell } from '../../parse/shell.ts'
import { compare, counted, measures } from './compare.ts'
import { fieldsOf, valueOfWord } from './expand.ts'
import { at, type Context, type Run } from './frame.ts'
import { lookup, stopped, without } from './lookup.ts'
import { both, either, either2, turned, type Judge, type Operand, type Outcome, unsure } from './outcome.ts'
import { assumeEmpty, assumeFull, bind, emptiness, fork, noteGuard, type State } from './state.ts'
import { isOfProject } from './sourced.ts'
import { nameAtEnd, narrowPath, provesParts } from './there.ts'
import { literal, originsOf, showWay, textsOf, type Value } from './value.ts'

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
    return [(state) => unary(run, context, state, first.text, second, second.bare), from + 2]
  }
  return [(state) => filledOrNot(state, first), from + 1]
}

function filledOrNot(state: State, operand: Operand): Outcome {
  return either2(
    state,
    (yes) => assumeFull(yes, operand.value, operand.name),
    (no) => assumeEmpty(no, operand.value, operand.name),
  )
}

/** A test with one operand. `vanishes`: in `[`, an empty unquoted operand leaves `[ -n ]`, which is true. */
function unary(
  run: Run,
  context: Context,
  state: State,
  operator: string,
  operand: Operand,
  vanishes: boolean,
): Outcome {
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
      if (!name || !/^[A-Za-z_]\w*$/.test(name)) return unsure(state)
      return isSet(run, context, state, name)
    }
    case '-t':
    case '-o':
      return unsure(state)
    default:
      // A file of the project is there when the script that came with it runs.
      if (
        /^-[aefrs]$/.test(operator) &&
        textsOf(operand.value)?.every((text) => isOfProject(run, context, state, text))
      )
        return { holds: [fork(state)], fails: [] }
      return fileTest(context, state, operator, operand, vanishes)
  }
}

/** `-v x`: an x that is empty is set. */
function isSet(run: Run, context: Context, state: State, name: string): Outcome {
  const binding = state.vars.get(name)
  if (!binding) {
    if (!run.own.has(name)) return unsure(state)
    const value = stopped(lookup(run, context.frame, state, name, undefined, 'passes'))
    const set = fork(state)
    bind(set, name, { value, exported: true, since: ++run.tick })
    return { holds: [set], fails: [fork(state)] }
  }
  if (!binding.value) return { holds: [], fails: [fork(state)] }
  if (!binding.gone) return { holds: [fork(state)], fails: [] }
  const holds = fork(state)
  const fails = fork(state)
  bind(holds, name, { ...binding, value: without(binding.value, binding.gone) })
  bind(fails, name, { ...binding, value: undefined })
  return { holds: [holds], fails: [fails] }
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
  const told = provesParts(state, operand.value, regular, vanishes)
    ? either2(
        state,
        (yes) => narrowPath(yes, operand.value, operand.name),
        () => true,
      )
    : almost(context, state, operand, `\`${operator} ${operand.text}\` is true as well when the variable is empty`)
  const fails = vanishes ? told.fails : told.fails.filter((no) => absent(no, operand.value))
  if (!/^-[derwx]$/.test(operator)) return { holds: told.holds, fails }
  const made = new Set([...state.made, ...operand.value.ways.map((way) => showWay(way).replace(/(?<=.)\/+$/, ''))])
  return { holds: told.holds.map((one) => ({ ...one, made })), fails }
}

/** Nothing stands at this path: its last name is not empty, since the directory above, when there is none, cannot be harmed. */
function absent(state: State, value: Value): boolean {
  const name = value.ways.length === 1 ? nameAtEnd(value.ways[0]!) : undefined
  return !name || emptiness(state, name) !== 'maybe' || assumeFull(state, { ways: [[{ of: name }]], because: [] })
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
      return unary(run, context, state, expression.operator, word, vanishes)
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
