import type { Stack } from '../facts/stack/stack.ts'
import type { Label, Span } from '../source/source.ts'
import { plainPath } from './path.ts'
import type { Release, Step } from './model.ts'

/** The last moment at which new code goes live. */
export function pivotOf(release: Release): Step<'switch'> {
  return release.switches.at(-1)!
}

/** A step as a place of a trail. */
export function told(step: Step, says: string): Label {
  return { at: step.at, says }
}

/** The calls in other files that lead to a step: the hook, the job, the script that starts it. */
export function callsTo(step: Step): readonly Label[] {
  return step.via.filter((label) => label.at.file !== step.at.file)
}

/** Where a finding about a step stands: at the command of the release that runs a script of a manifest, not in the manifest. */
export function placeOf(step: Step): Span {
  if (!/(^|\/)(composer|package)\.json$/.test(step.at.file)) return step.at
  return step.via.findLast((label) => !/(^|\/)(composer|package)\.json$/.test(label.at.file))?.at ?? step.at
}

/** Whether code is changed where it serves, and not put beside it and switched to. */
export function isInPlace(release: Release): boolean {
  const how = pivotOf(release).detail.how
  return how === 'git' || how === 'rsync' || how === 'copy'
}

/** Whether the release replaces an image or a platform’s slot as a whole. */
export function isReplaced(release: Release): boolean {
  const how = pivotOf(release).detail.how
  return how === 'image' || how === 'platform'
}

/** Steps that bring dependencies, compile, or write generated code. */
export function writesCode(step: Step): boolean {
  if (step.kind === 'install') return step.detail.tool !== 'package' && step.detail.tool !== 'gem'
  return (
    step.kind === 'build' &&
    !/^(docker|archive|cron|python)$/.test(step.detail.tool ?? '') &&
    !/^(key|database)$/.test(step.detail.what ?? '')
  )
}

/** Whether a step brings pages that were made before, documentation and the like: no framework runs them. */
export function bringsPages(step: Step): boolean {
  if (step.detail.how !== 'rsync' && step.detail.how !== 'copy') return false
  return /^(\.\/)?(.*\/)?(docs?|_site|site|book|storybook-static|api-?docs|javadoc|coverage|htmlcov)(\/(dist|build|html|site|public|_build\/html))?(\/[.*]?)?$/i.test(
    step.detail.target ?? '',
  )
}

/** Whether what is released is an application with parts that load each other, not a handful of pages. */
export function isApplication(release: Release, stack: Stack): boolean {
  if (stack.frameworks.size > 0) return true
  return release.steps.some(
    (step) => step.kind === 'migrate' || (step.kind === 'install' && step.detail.tool !== 'package'),
  )
}

/** Whether a step that removes or moves something away takes the path with it. */
export function takesAway(step: Step, path: string): boolean {
  if (step.kind !== 'clean up' && step.kind !== 'backup') return false
  const gone =
    step.kind === 'backup' ? (step.detail.how === 'rename' ? step.detail.target : undefined) : step.detail.path
  return namesIn(gone).some((one) => plainPath(one) === plainPath(path))
}

// Several operands stand in one text; one may hold a blank of its own.
const namesIn = (paths = ''): readonly string[] => [paths, ...paths.split(' ')].filter((one) => one !== '')

/** Whether a step that removes something empties a directory: the directory itself or all in it. */
export function empties(step: Step, path: string): boolean {
  if (step.kind !== 'clean up') return false
  return namesIn(step.detail.path).some((one) => {
    const all = plainPath(one.replace(/\/(\{,\.\}|\.)?\*+$/, ''))
    return one !== '' && all === plainPath(path)
  })
}

/** A worker that stays running: a step that starts, stops or restarts one. */
export function isWorker(step: Step): boolean {
  return /^(queue|messenger|delayed_job|workers|jobs|consumers|horizon|sidekiq)$/.test(step.detail.what ?? '')
}
