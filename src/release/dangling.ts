import { wordShape, type Command, type Script, type Word } from '../facts/shell/script.ts'
import { originsOf, type Origin } from '../facts/shell/value.ts'
import type { Label } from '../source/source.ts'
import type { Release, Step } from './model.ts'
import { isWithin, joined } from './path.ts'

/**
 * Whether a link is set to a release that somebody else names and nobody has looked for: `ln -sfn` takes a target that is not
 * there. The places say where the name comes from; undefined: it is made or tested before, or that cannot be told.
 */
export function unseenTarget(
  change: Step<'switch'>,
  release: Release,
  scripts: readonly Script[],
): readonly Label[] | undefined {
  const { command, detail } = change
  const { target } = detail
  if (!command || detail.how !== 'symlink' || target === undefined) return undefined
  // What a plan brings or builds itself is there, and what nobody knows may bring it.
  const brings = /^(fetch|install|build|upload|opaque|switch|roll back)$/
  if (release.steps.some((step) => brings.test(step.kind) && step !== change && release.before(change, step) !== 'yes'))
    return undefined
  const word = command.words.find((one) => joined(detail.cwd, wordShape(one)) === target)
  const given = word ? fromOutside(word) : []
  const script = scripts.find((one) => one.commands.includes(command))
  if (!word || given.length === 0 || !script || isLookedFor(command, word, target, script)) return undefined
  return given.map((origin) => ({ at: origin.at, says: `${origin.name} comes from outside` }))
}

/** What whoever starts the script says: arguments, the environment, answers. */
function fromOutside(word: Word): readonly Origin[] {
  return word.fields.flatMap(originsOf).filter((one) => /^(parameter|environment|read)$/.test(one.kind))
}

/** Whether something before goes into the directory, tests it, or makes it. */
function isLookedFor(command: Command, word: Word, target: string, script: Script): boolean {
  const before = script.commands.slice(0, script.commands.indexOf(command))
  const named = before.some(
    (one) =>
      !/^(echo|printf|logger|:)$/.test(one.name ?? '') &&
      one.words.slice(1).some((other) => isWithin(joined(cwdOf(one), wordShape(other)), target)),
  )
  if (named) return true
  // Tests that are no commands of their own: `[[ -d $x ]]`, and those of another spelling of the path.
  const text = command.piece.text.slice(0, command.start)
  const names = [...word.text.matchAll(/\$\{?(\w+)/g)].map((found) => found[1]!)
  return names.some((name) =>
    new RegExp(String.raw`(-[defhLrsx]|stat|ls|cd|readlink|realpath)\s[^\n;]*\$\{?${name}\b`).test(text),
  )
}

const cwdOf = (command: Command): string | undefined =>
  (command.cases[0]?.directories[0]?.way ?? []).map((part) => ('of' in part ? part.of.name : part.text)).join('') ||
  undefined
