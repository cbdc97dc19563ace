import { directoryOf } from '../discover/files.ts'
import type { Draft, Step } from './model.ts'
import { plainPath } from './path.ts'

/** Scripts of a manifest that a step runs by itself, before and after its own work, by the names of their plans. */
export interface Triggers {
  readonly first: readonly string[]
  readonly then: readonly string[]
}

const none: Triggers = { first: [], then: [] }

/** What an install runs of composer.json's and package.json's scripts. */
export function triggersOf(step: Step): Triggers {
  const { tool, what, flags = [] } = step.detail
  if (tool === 'composer' && !flags.includes('--no-scripts')) return ofComposer(step, what)
  if (step.kind !== 'install' || flags.includes('--ignore-scripts')) return none
  if (!/^(npm|yarn|pnpm|bun)$/.test(tool ?? '') || what === 'update') return none
  return { first: ['npm run preinstall'], then: ['npm run install', 'npm run postinstall', 'npm run prepare'] }
}

function ofComposer(step: Step, what: string | undefined): Triggers {
  const dump = ['composer pre-autoload-dump', 'composer post-autoload-dump']
  if (step.kind === 'build' && what === 'autoload') return { first: dump.slice(0, 1), then: dump.slice(1) }
  if (step.kind !== 'install') return none
  const command = what === 'update' ? 'update' : 'install'
  return { first: [`composer pre-${command}-cmd`], then: [...dump, `composer post-${command}-cmd`] }
}

/** Whether a plan is a script of package.json or composer.json. */
export function isManifest(draft: Draft): boolean {
  return draft.tool === 'npm' || draft.tool === 'composer'
}

/** Of the scripts of one name in several manifests, the one whose directory a step works in. */
export function manifestFor(named: readonly Draft[], step: Step): Draft | undefined {
  const where = step.detail.path ?? step.detail.cwd
  const own = named.find((one) => one.at.file === step.at.file)
  if (where === undefined && own) return own
  const at = where === undefined ? undefined : plainPath(where)
  const ends = (directory: string): boolean =>
    directory !== '' && at !== undefined && (at === directory || at.endsWith(`/${directory}`))
  const below = named
    .filter((one) => ends(directoryOf(one.at.file)))
    .sort((a, b) => b.at.file.length - a.at.file.length)[0]
  if (below) return below
  // A relative directory that is none of theirs holds another manifest, or one that is not here.
  if (at !== undefined && at !== '.' && !/^[/~$({]/.test(at)) return undefined
  return (
    named.find((one) => directoryOf(one.at.file) === '') ??
    (at === undefined && named.length === 1 ? named[0] : undefined)
  )
}
