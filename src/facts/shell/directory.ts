import type { Label } from '../../source/source.ts'
import { at, type Context, type Frame, type Run } from './frame.ts'
import { lookup } from './lookup.ts'
import { exact, parseOptions } from './options.ts'
import type { Directory, Word } from './script.ts'
import type { Called } from './simple.ts'
import {
  any,
  ok,
  assumeEmpty,
  assumeFull,
  fork,
  settleStatus,
  type State,
  valueEmptiness,
  wayEmptiness,
} from './state.ts'
import { narrowPath, provesParts } from './there.ts'
import { showWay, textOf, type Origin, type Part, type Value } from './value.ts'

/** Some directory that is not known, and is absolute. */
export function directoryOrigin(
  frame: Frame,
  node: { readonly pos: number; readonly end: number },
  name: string,
): Origin {
  const known = frame.born.get(node)
  if (known) return known
  const origin: Origin = {
    kind: 'substitution',
    name,
    at: at(frame, node),
    empty: 'never',
    unset: 'never',
    how: '',
    splits: 'maybe',
    absolute: true,
  }
  frame.born.set(node, origin)
  return origin
}

/** `cd`: where the shell stands afterwards, on each way it can go. */
export function changeDirectory(
  run: Run,
  context: Context,
  state: State,
  called: Called,
  words: readonly Word[],
): readonly State[] {
  const operands = parseOptions(words, {}).operands.filter((word) => !/^[-+]\d+$/.test(exact(word) ?? ''))
  const target = operands[0]
  const frame = context.frame
  if (!target)
    return words.length === 0 && called.unwrapped.name === 'cd' && called.node.suffix.length === 0
      ? ok(goHome(run, frame, state))
      : vanished(run, context, state, called)
  const text = exact(target)
  if (text === '-') {
    state.cwd = [{ way: [{ of: directoryOrigin(frame, called.node, 'the directory before') }] }]
    return any(state)
  }
  const value = target.fields[0]!
  const out: State[] = []
  if (valueEmptiness(state, value) !== 'never' && valueEmptiness(state, value) !== 'unknown') {
    const empty = fork(state)
    const place = { at: at(frame, called.node), says: '' }
    const bare = target.many
    if (assumeEmpty(empty, value, nameIn(target))) {
      if (bare)
        empty.cwd = [
          {
            way: lookup(run, frame, state, 'HOME').ways[0]!,
            lost: {
              ...place,
              says: `\`${called.node.name!.text} ${target.text}\` goes to the home directory when ${bareText(target.text)} is empty, and succeeds`,
            },
          },
        ]
      else
        empty.cwd = lose(
          state.cwd,
          {
            ...place,
            says: `\`${called.node.name!.text} ${target.text}\` stays where it is when ${bareText(target.text)} is empty, and succeeds`,
          },
          value,
        )
      out.push(settleStatus(empty, 'ok'))
    }
  }
  const there = fork(state)
  if (!assumeFull(there, value, nameIn(target))) return out
  const ways = value.ways.filter((way) => wayEmptiness(state, way) !== 'always')
  const meant = { ...value, ways }
  if (!isOwn(meant) && !(context.captured ? isMade(state, meant) : cannotFail(state, meant))) {
    const failed = fork(there)
    failed.cwd = lose(state.cwd, {
      at: at(frame, called.node),
      says: `\`${called.node.name!.text} ${target.text}\` fails when there is no such directory, and the shell stays where it was`,
    })
    out.push(settleStatus(failed, 'fail'))
  }
  if (provesParts(there, meant, false, false)) narrowPath(there, meant, nameIn(target))
  there.made = new Set([...state.made, ...ways.map(showWay)])
  there.cwd = ways.slice(0, 4).flatMap((way) => intoDirectory(state.cwd, way))
  out.push(settleStatus(there, 'ok'))
  return out
}

const bareText = (text: string): string => text.replace(/^"(.*)"$/, '$1')

/** The variable that a word is, when it is nothing else. */
export const nameIn = (word: Word): string | undefined => /^"?\$\{?([A-Za-z_]\w*)\}?"?$/.exec(word.text)?.[1]

const lose = (directories: readonly Directory[], label: Label, without?: Value): readonly Directory[] =>
  directories.map((directory) =>
    directory.lost ? directory : { way: directory.way, lost: label, ...(without ? { without } : {}) },
  )

// `cd $X` with X empty: the word vanishes.
function vanished(run: Run, context: Context, state: State, called: Called): readonly State[] {
  const home = goHome(run, context.frame, state)
  const text = context.frame.piece.text.slice(called.node.pos, called.node.end)
  home.cwd = home.cwd.map((directory) => ({
    ...directory,
    lost: { at: at(context.frame, called.node), says: `\`${text}\` goes to the home directory: its operand is empty` },
  }))
  return ok(home)
}

function goHome(run: Run, frame: Frame, state: State): State {
  const next = fork(state)
  next.cwd = [{ way: lookup(run, frame, state, 'HOME').ways[0]! }]
  return next
}

const isMade = (state: State, value: Value): boolean => value.ways.every((way) => state.made.has(showWay(way)))

// The directory that the script lies in, or one above it: it was read from there.
const isOwn = (value: Value): boolean =>
  value.ways.every(
    ([first, ...rest]) =>
      first !== undefined &&
      'of' in first &&
      /^\$\(.*(\$0|\$\{?BASH_SOURCE)\b/.test(first.of.name) &&
      rest.every((part) => !('of' in part) && /^(\/\.\.)*\/?$/.test(part.text)),
  )

// The script's own directory, the home, `/`, `/tmp` and what mktemp made are there.
function cannotFail(state: State, value: Value): boolean {
  return value.ways.every((way) => {
    const text = textOf(way)
    if (text !== undefined)
      return (
        /^(\/|\.|\.\.|\/tmp|\/var|\/etc|\/opt|\/usr|\/root|\/srv|\/home)(\/\.\.)*\/?$/.test(text) ||
        state.made.has(text)
      )
    const shown = showWay(way)
    if (state.made.has(shown)) return true
    return (
      way.length === 1 &&
      'of' in way[0]! &&
      (/dirname|BASH_SOURCE|\$0|mktemp|pwd/.test(way[0].of.name) || /^\$(HOME|PWD)$/.test(way[0].of.name)) &&
      way[0].of.kind !== 'parameter'
    )
  })
}

function intoDirectory(directories: readonly Directory[], way: readonly Part[]): readonly Directory[] {
  const head = way[0]!
  if ('of' in head || head.text.startsWith('/')) return [{ way }]
  // Relative to where it stood; where that was not the place meant, neither is this.
  return directories.map((directory) => ({
    ...directory,
    way: directory.way.length === 0 ? way : [...directory.way, { text: '/' }, ...way],
  }))
}
