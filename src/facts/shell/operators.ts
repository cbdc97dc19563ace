import type { Shell } from '../../parse/shell.ts'
import { born, notFollowed, numberOrigin } from './born.ts'
import { valueOfWord } from './expand.ts'
import { at, type Context, type Frame, type Run } from './frame.ts'
import { chosen, nothingFor } from './choice.ts'
import { lookup, stopped, told, without } from './lookup.ts'
import { replaceIn, strip } from './pattern.ts'
import {
  assumeEmpty,
  assumeFull,
  bind,
  fork,
  full,
  sameWays,
  settleStatus,
  type State,
  uniqueWays,
  valueEmptiness,
  wayEmptiness,
} from './state.ts'
import {
  type Certainty,
  literal,
  type Origin,
  originsOf,
  showValue,
  textOf,
  type Part,
  type Value,
  valueOf,
} from './value.ts'

/** `${…}` with all its operators. */
export function parameter(run: Run, context: Context, state: State, part: Shell.ParameterExpansionPart): Value {
  const frame = context.frame
  const name = part.parameter
  if (part.prefix === '#') return valueOf(numberOrigin(frame, part, part.text))
  if (part.prefix === '!') return indirect(run, context, state, part)
  const subscript = part.index ? element(run, context, state, part) : undefined
  const value =
    subscript ?? lookup(run, frame, state, name, part, part.operation?.type === 'Default' ? 'passes' : 'stops')
  const operation = part.operation
  if (!operation) return value
  if (operation.type === 'Default')
    return defaulted(run, context, state, part, operation, value, part.index ? undefined : name)
  const made = operated(run, context, state, part, operation, value)
  return made.ways.length > 1
    ? { ways: chosen(state, made.ways, `${frame.file} ${part.pos}`), because: made.because }
    : made
}

function operated(
  run: Run,
  context: Context,
  state: State,
  part: Shell.ParameterExpansionPart,
  operation: Exclude<NonNullable<Shell.ParameterExpansionPart['operation']>, Shell.ParameterDefaultOperation>,
  value: Value,
): Value {
  const frame = context.frame
  switch (operation.type) {
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
      return valueOf(notFollowed(frame, part))
  }
}

// What a stripped text can still be, told for a text as people write them: `%/` and `%.git` leave something, a glob may take all.
function stripped(operator: string, pattern: string | undefined): Certainty {
  if (pattern === undefined) return 'unknown'
  // `--to=` is an option that was given, and given nothing.
  if (operator.startsWith('#') && (pattern === '*=' || /^[^*?[]*=$/.test(pattern))) return 'maybe'
  if (!/[*?[]/.test(pattern)) return 'never'
  return operator === '%' && /^[/.@_:-]\*$/.test(pattern)
    ? 'never'
    : operator === '#' && /^\*[/.@_:-]$/.test(pattern)
      ? 'never'
      : operator === '##' && pattern === '*/'
        ? 'never'
        : 'unknown'
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
  own: Certainty,
): Value {
  const ways: (readonly Part[])[] = []
  const open: (readonly Part[])[] = []
  for (const way of value.ways) {
    const text = textOf(way)
    const out = text === undefined ? undefined : exact?.(text)
    if (out === undefined) open.push(way)
    else if (out !== '') ways.push([{ text: out }])
    // Of nothing nothing is left, and it is told why.
    else ways.push(way.some((part) => 'of' in part) ? way : [])
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
  const by = `${context.frame.file} ${part.pos}`
  switch (operator.slice(-1)) {
    case '?':
      // The script stops here when it is empty (or, without the colon, unset).
      if (colon) {
        stopEmpty(context, state, value, name)
        return name === undefined
          ? filledValue(state, value)
          : filledValue(state, lookup(run, context.frame, state, name, part))
      }
      return stopUnset(run, context, state, value, name, now)
    case '+': {
      const then = valueOfWord(run, context, state, operation.operand)
      if (now === 'never') return then
      if (now === 'always') return literal('')
      const gone = colon ? undefined : goneOf(state, name)
      if (gone) {
        const unset = value.ways.filter((way) => way.length === 1 && 'of' in way[0]! && gone.includes(way[0].of))
        return { ways: uniqueWays([...chosen(state, then.ways, by), ...unset]), because: then.because }
      }
      // `${x+$x}` is x, but for an x that is unset, and that is as empty.
      if (sameWays(then.ways, value.ways)) return value
      if (!colon || valueEmptiness(state, then) !== 'never')
        return {
          ways: uniqueWays([...chosen(state, then.ways, by), ...nothingFor(state, value, by)]),
          because: then.because,
        }
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
      if (
        valueEmptiness(state, other) === 'always' &&
        !operator.endsWith('=') &&
        valueEmptiness(state, value) !== 'unknown'
      )
        return value
      const own = name !== undefined && !state.vars.has(name) && run.own.has(name)
      const set = colon ? value : own ? stopped(value) : without(value, goneOf(state, name) ?? [])
      const otherwise =
        now === 'always'
          ? other
          : !colon
            ? {
                ways: uniqueWays([...chosen(state, set.ways, by), ...chosen(state, other.ways, by, value)]),
                because: other.because,
              }
            : orElse(state, value, other, by)
      if (operator.endsWith('=') && name !== undefined) {
        bind(state, name, { value: otherwise, exported: state.vars.get(name)?.exported ?? false, since: ++run.tick })
      }
      return otherwise
    }
  }
}

function unsetness(state: State, value: Value, name: string | undefined): Certainty {
  const binding = name === undefined ? undefined : state.vars.get(name)
  if (binding) return binding.value === undefined ? 'always' : binding.gone ? 'maybe' : 'never'
  return valueEmptiness(state, value) === 'never' ? 'never' : 'maybe'
}

// What the ways of a name hold where it is unset.
const goneOf = (state: State, name: string | undefined): readonly Origin[] | undefined =>
  name === undefined ? undefined : state.vars.get(name)?.gone

// `${x?}`: the shell ends where x is unset; an empty x passes.
function stopUnset(
  run: Run,
  context: Context,
  state: State,
  value: Value,
  name: string | undefined,
  now: Certainty,
): Value {
  if (now === 'never') return value
  const binding = name === undefined ? undefined : state.vars.get(name)
  if (!binding) return name !== undefined && run.own.has(name) ? stopped(value) : value
  context.exits.push(settleStatus(fork(state), 'fail'))
  const set = binding.gone ? without(value, binding.gone) : stopped(value)
  bind(state, name!, { ...binding, value: set })
  return set
}

// `${x:-other}`: x where it is not empty, the other where it is. With an empty other it is x itself, and a test of it tests x.
function orElse(state: State, value: Value, other: Value, by: string): Value {
  if (valueEmptiness(state, other) === 'always') return value
  return {
    ways: uniqueWays([...filledValue(state, value).ways, ...chosen(state, other.ways, by, value)]),
    because: [...value.because, ...other.because].slice(-4),
  }
}

// The shell ends where the value is empty: a subshell ends, and what called it goes on.
function stopEmpty(context: Context, state: State, value: Value, name: string | undefined): void {
  const ends = fork(state)
  if (assumeEmpty(ends, value, name)) context.exits.push(settleStatus(ends, 'fail'))
  if (assumeFull(state, value, name) || name === undefined) return
  // Nothing comes past this: what follows is told as if the value were there.
  const binding = state.vars.get(name)
  if (binding) bind(state, name, { ...binding, value: stopped(value) })
}

/** A value on the paths where it is not empty. */
export function filledValue(state: State, value: Value): Value {
  const ways = value.ways
    .filter((way) => wayEmptiness(state, way) !== 'always')
    .map((way) => {
      const open = way.filter((part) => 'of' in part)
      if (open.length !== 1 || way.some((part) => !('of' in part) && part.text !== '')) return way
      return way.map((part) => ('of' in part ? { ...part, of: full(part.of) } : part))
    })
  return ways.length > 0 ? { ways, because: value.because } : stopped(value)
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
      return binding.elements[Number(index)] ?? told(run, context.frame, part.parameter, undefined, part)
    }
    if (index === '@' || index === '*')
      return {
        ways: uniqueWays([
          binding.elements.flatMap((value, i) => [...(i > 0 ? [{ text: ' ' }] : []), ...(value.ways[0] ?? [])]),
        ]),
        because: [],
      }
    const ways = binding.elements.flatMap((value) => value.ways)
    return ways.length === 0 ? literal('') : valueOf(notFollowed(context.frame, part))
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
  // An array that nobody set: at most a variable of the environment, which is its only element.
  if (!binding && state.foreign === 0 && /^([@*]|\d+)$/.test(index) && !/^(BASH|COMP|DIRSTACK)/.test(part.parameter)) {
    return /^([@*]|0)$/.test(index)
      ? lookup(run, context.frame, state, part.parameter, part)
      : told(run, context.frame, part.parameter, undefined, part)
  }
  return valueOf(notFollowed(context.frame, part))
}

function indirect(run: Run, context: Context, state: State, part: Shell.ParameterExpansionPart): Value {
  if (part.operation?.type === 'Names') return valueOf(notFollowed(context.frame, part))
  const pointer = part.index ? undefined : lookup(run, context.frame, state, part.parameter, part)
  const name = pointer?.ways.length === 1 ? textOf(pointer.ways[0]!) : undefined
  if (name === undefined || !/^\w+$/.test(name)) return valueOf(notFollowed(context.frame, part))
  const passes = part.operation?.type === 'Default' ? 'passes' : 'stops'
  const value = lookup(run, context.frame, state, name, part, passes)
  if (part.operation?.type !== 'Default') return value
  return defaulted(run, context, state, part, part.operation, value, /^[A-Za-z_]/.test(name) ? name : undefined)
}
