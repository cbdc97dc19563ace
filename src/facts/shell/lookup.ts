import type { Span } from '../../source/source.ts'
import { at, type Frame, type Run } from './frame.ts'
import { alwaysSet } from './names.ts'
import { joinWay } from './pieces.ts'
import { full, type State, uniqueWays } from './state.ts'
import { type Origin, type Part, type Value, valueOf } from './value.ts'

/** What a name stands for here. A name that nobody bound is an input from the environment. */
export function lookup(
  run: Run,
  frame: Frame,
  state: State,
  name: string,
  node?: { readonly pos: number; readonly end: number },
  unset: 'stops' | 'passes' = 'stops',
): Value {
  const stops = unset === 'stops' && state.flags.nounset
  if (/^[1-9]\d*$/.test(name)) return argumentAt(run, frame, state, Number(name), stops)
  if (/^[#?$!0\-_]$/.test(name)) return special(run, frame, name, node)
  if (name === '@' || name === '*') return allArguments(run, frame, state, node)
  run.reads.add(name)
  let binding = state.vars.get(name)
  for (let hops = 0; binding?.refersTo !== undefined && hops < 8; hops++) {
    if (!state.vars.has(binding.refersTo)) return lookup(run, frame, state, binding.refersTo, node, unset)
    binding = state.vars.get(binding.refersTo)
  }
  if (!binding) {
    const input = inputValue(run, frame, state, name, node)
    return stops && run.own.has(name) ? stopped(input) : input
  }
  if (stops && !binding.value) return valueOf(nothingOrigin(run, frame, name, 'stops', '', undefined, node))
  const all = told(run, frame, name, binding.value, node)
  const value = stops && binding.gone ? without(all, binding.gone) : all
  if (binding.since >= state.foreign) return value
  // Code that was not read ran since: it may have set something else.
  return {
    ways: uniqueWays([...value.ways, [{ of: foreignOrigin(run, frame, state, name, node) }]]),
    because: value.because,
  }
}

/** A value past a stop where it was unset: what the environment gives to a script's own name is not nothing by accident. */
export const stopped = (input: Value): Value => ({
  ...input,
  ways: input.ways.map((way) => way.map((part) => ('of' in part ? { of: full(part.of) } : part))),
})

/** A value past a stop where it was unset. `gone`: what its ways hold there. */
export function without(value: Value, gone: readonly Origin[]): Value {
  const ways = value.ways.filter((way) => !(way.length === 1 && 'of' in way[0]! && gone.includes(way[0].of)))
  return ways.length > 0 ? { ...value, ways } : stopped(value)
}

/** A value as a word sees it: where it is empty, an origin says since when. */
export function told(
  run: Run,
  frame: Frame,
  name: string,
  value: Value | undefined,
  node: { readonly pos: number; readonly end: number } | undefined,
): Value {
  if (value && !value.ways.some((way) => way.length === 0)) return value
  const since = value?.because[value.because.length - 1]?.at
  const says = value ? 'is set to nothing' : 'is unset'
  const nothing = nothingOrigin(run, frame, name, value ? 'empty' : 'unset', says, since, node)
  return {
    ways: value ? value.ways.map((way) => (way.length === 0 ? [{ of: nothing }] : way)) : [[{ of: nothing }]],
    because: value?.because ?? [],
  }
}

/** What is always empty here. `set -u` stops at what is unset: there it is as good as full. */
function nothingOrigin(
  run: Run,
  frame: Frame,
  name: string,
  why: 'empty' | 'unset' | 'stops',
  how: string,
  since: Span | undefined,
  node: { readonly pos: number; readonly end: number } | undefined,
): Origin {
  const key = `${why} ${name} ${since?.file ?? ''}${since?.start ?? ''}`
  let found = run.inputs.get(key)
  if (!found) {
    const place = since ?? (node ? at(frame, node) : at(run.root, run.uses.get(name) ?? { pos: 0, end: 0 }))
    found = {
      kind: 'empty',
      name: `$${name}`,
      at: place,
      empty: why === 'stops' ? 'never' : 'always',
      unset: why === 'unset' ? 'always' : 'never',
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

function argumentAt(run: Run, frame: Frame, state: State, index: number, stops: boolean): Value {
  const { known, open, least } = state.args
  if (index <= known.length) {
    const value = known[index - 1]!
    const given = (way: readonly Part[]): boolean =>
      !(way.length === 1 && 'of' in way[0]! && way[0].of.unset === 'always')
    if (!stops || index <= (least ?? known.length) || value.ways.every(given)) return value
    const ways = value.ways.filter(given)
    return ways.length > 0 ? { ...value, ways } : stopped(value)
  }
  if (open === undefined) {
    const how = 'is not given by the call'
    return valueOf(nothingOrigin(run, frame, String(index), stops ? 'stops' : 'unset', how, undefined, undefined))
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
    return { ways: ways.map((way) => joinWay(way)), because: [] }
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
  state: State,
  name: string,
  node: { readonly pos: number; readonly end: number } | undefined,
): Origin {
  const key = `foreign ${name} ${state.foreign}`
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

/** A name that only a file can have set that may not be there. */
function absentOrigin(
  run: Run,
  frame: Frame,
  state: State,
  name: string,
  node: { readonly pos: number; readonly end: number } | undefined,
): Origin {
  const key = `absent ${name} ${state.foreign}`
  let found = run.inputs.get(key)
  if (!found) {
    found = {
      ...inputOrigin(run, frame, name, node),
      how: 'comes from a file that may not be there: nothing else on the way here sets it',
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
  // What the host gives is there in an environment that holds nothing else, too; a shell behind it starts anew.
  const given = frame.closed === run.root.closed ? run.given.get(name) : undefined
  if (given) return given.value
  if (state.foreign > 0 && !alwaysSet.has(name))
    return valueOf(
      (state.absent && !run.assigned.has(name) ? absentOrigin : foreignOrigin)(run, frame, state, name, node),
    )
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
