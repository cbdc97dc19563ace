import type { Label } from '../../source/source.ts'
import type { Command, Script } from './script.ts'
import { changesMuch, emptyTargets, type EmptyTarget } from './targets.ts'
import { originsOf } from './value.ts'

/**
 * The commands of a pasted line that reach another target when a variable is gone, with the lines before that were to prevent it;
 * `before`: the lines above, each pasted on its own.
 */
export function* pastedHazards(script: Script, before: readonly Script[]): Iterable<EmptyTarget> {
  const seen = new Set<number>()
  for (const found of emptyTargets(script, changesMuch, 'pasted')) {
    seen.add(found.at.start)
    const command = script.commands.find((one) => one.at.start === found.at.start && one.at.end === found.at.end)
    yield { ...found, because: [...(command ? vain(command, before) : []), ...found.because] }
  }
  // Another block is another place to begin at.
  const block = before.filter((line) => line.site.via[0]?.at.start === script.site.via[0]?.at.start)
  for (const command of script.commands) if (!seen.has(command.at.start)) yield* afterCd(command, block)
}

/** Where an earlier line sets or checks what this one needs: neither is of use when the line is pasted after a reconnect. */
function vain(command: Command, before: readonly Script[]): readonly Label[] {
  const names = new Set(
    command.words
      .flatMap((word) => word.fields.flatMap(originsOf))
      .flatMap((origin) => /^\$(\w+)$/.exec(origin.name)?.[1] ?? []),
  )
  const out: Label[] = []
  for (const name of names) {
    const set = before.findLast((line) => line.assigned.has(name))?.assigned.get(name)
    if (set) out.push({ at: set.at, says: `${name} is set on a line of its own: after a reconnect it is gone` })
    for (const line of before) {
      const guard = line.commands.find(
        (one) => one.text.includes(`\${${name}:?`) || (/^(\[|\[\[|test)\s/.test(one.text) && one.text.includes(name)),
      )
      if (guard && !guard.cases.some((one) => one.effects.length > 0))
        out.push({ at: guard.at, says: 'a guard on a line of its own: the next line is pasted all the same' })
    }
  }
  return out
}

/** `cd "$X"` on one line and `rm -rf *` on the next. */
function* afterCd(command: Command, before: readonly Script[]): Iterable<EmptyTarget> {
  const target = command.cases
    .flatMap((given) => given.effects)
    .find((effect) => effect.does === 'deletes' && /^(\.\/)?\*$|^\.$/.test(effect.word.text))
  const moved = before
    .findLast((line) => line.commands.some((one) => one.name === 'cd'))
    ?.commands.find((one) => one.name === 'cd')
  const stands = command.cases.every((given) => given.directories.every((directory) => directory.way.length === 0))
  if (!target || !moved || !stands) return
  yield {
    at: command.at,
    says: `\`${command.text}\` deletes whatever lies where the shell stands: the \`cd\` is on a line of its own, and after a reconnect or when it fails that is another directory`,
    because: [{ at: moved.at, says: 'a line of its own: when it fails the next line is pasted all the same' }],
    fixes: [],
  }
}
