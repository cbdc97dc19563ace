import { pivotOf, told } from '../../src/release/ask.ts'
import { shown } from '../../src/release/frameworks.ts'
import type { Release, Step } from '../../src/release/model.ts'
import { rule, type Finding } from '../../src/rule/rule.ts'

export default rule({
  on: 'release',
  severity: 'warning',
  finds: 'After this release the one before cannot be restored.',
  hazard:
    'When the new code fails, the only way is forward: the site stays broken for as long as a new release takes; requests that still run in the old directory die with it.',
  instead:
    'Keep at least two releases, pin packages and images to a version that stays available, and know the command that goes back.',
  since: '0.1.0',
  *check(release) {
    yield* keptTooFew(release)
    yield* removedAtOnce(release)
    yield* withoutVersion(release)
  },
})

function* keptTooFew({ layout }: Release): Iterable<Finding> {
  if (!layout.keeps || layout.keeps.count !== 1) return
  yield {
    at: layout.keeps.at,
    says: 'only one release is kept: the one before is deleted as soon as the new one is live',
  }
}

function* removedAtOnce(release: Release): Iterable<Finding> {
  const pivot = pivotOf(release)
  if (pivot.detail.how !== 'symlink' && pivot.detail.how !== 'rename') return
  for (const step of release.all('clean up')) {
    if (step.runs === 'after a failure' || !removesAll(step) || release.before(pivot, step) !== 'yes') continue
    yield {
      at: step.at,
      says: `${shown(step)} deletes ${/readlink/.test(step.detail.path ?? '') ? 'the release before' : 'every old release'} right after the switch: there is nothing to go back to, and requests still running in the old one die`,
      because: [told(pivot, 'the new release is live from here on')],
    }
  }
}

/** All but the newest: no count of what is kept. */
function removesAll(step: Step): boolean {
  if (!step.command) return false
  const path = step.detail.path ?? ''
  const text = step.command.piece.text.slice(Math.max(0, step.command.start - 300), step.command.end)
  // A list of all but the newest: nothing older is kept.
  if (/NR\s*>\s*1\b|tail\s+-n\s*\+2\b/.test(text) && /releases?\b/i.test(path + (step.detail.cwd ?? ''))) return true
  if (
    !/(^|\/|\})releases?(\/|\s|$)|old[-_]?releases?|releases?[-_.]old|\$\{?\w*(OLD|PREV)\w*|\$\(readlink\b/i.test(path)
  )
    return false
  if (/tail\s+(-n\s*)?\+?-?\d|head\s+-n|keep|-mtime|-mmin|sort|ls -1?t/i.test(text)) return false
  return (
    /releases?\/\*|releases\/?\s*$|old|\$\(readlink\b/i.test(path) ||
    (step.detail.tool === 'find' && !/-newer/.test(step.text))
  )
}

function* withoutVersion(release: Release): Iterable<Finding> {
  for (const step of release.switches) {
    if (step.runs === 'after a failure') continue
    if (step.detail.how === 'package' && !/[=<>]|-\d/.test(step.detail.target ?? '')) {
      yield {
        at: step.at,
        says: `${shown(step)} installs whatever is newest: a repository that keeps only the newest has no package to go back to`,
      }
    } else if (step.detail.how === 'image' && /:latest\b/.test(step.text)) {
      yield {
        at: step.at,
        severity: 'info',
        says: `${shown(step)} names a tag that moves: the image before has no name to go back to`,
      }
    }
  }
}
