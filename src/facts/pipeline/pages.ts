import { masked, wholeFile } from '../../source/piece.ts'
import type { Source, Span } from '../../source/source.ts'
import { fencesOf, type Fence } from '../../parse/markdown.ts'

/** A pipeline that a page shows for people to copy. */
export interface PagePipeline {
  readonly kind: 'github' | 'gitlab'
  /** The page up to the block's end, with everything before the block blanked out: its places are the page's own. */
  readonly source: Source
  readonly at: Span
}

/** Words by which a page or its headings speak of releases. */
const concerned = /deploy|releas|roll[\s-]?back|rollout|upgrad|maintenance|operation|runbook|migrat/i

/** Whether a block of a page has to do with a release: by the page's path, a heading above it, or ssh and sudo in it. */
export function isRunbook(file: string, fence: Fence): boolean {
  return (
    concerned.test(file) ||
    fence.headings.some((heading) => concerned.test(heading)) ||
    /\b(ssh|sudo)\s/.test(fence.body.text)
  )
}

const known = new WeakMap<Source, readonly PagePipeline[]>()

/** The pipelines in a page's `yaml` blocks. */
export function pipelinesIn(page: Source): readonly PagePipeline[] {
  let found = known.get(page)
  if (!found) known.set(page, (found = /^\s*(script|jobs):/m.test(page.text) ? read(page) : []))
  return found
}

function read(page: Source): readonly PagePipeline[] {
  return fencesOf(masked(wholeFile(page.file, page.text), [])).flatMap((fence): PagePipeline[] => {
    const { body } = fence
    const kind = /^ya?ml$/.test(fence.language) ? kindOf(body.text) : undefined
    // A README shows how a tool is used; a page about releases shows what is done.
    if (!kind || !concerned.test(page.file)) return []
    const end = body.spans(body.text.length - 1, body.text.length).at(-1)?.end ?? fence.end
    const text = blank(page.text.slice(0, fence.end)) + page.text.slice(fence.end, end)
    return [{ kind, source: { file: page.file, text }, at: { file: page.file, start: fence.end, end } }]
  })
}

function kindOf(text: string): PagePipeline['kind'] | undefined {
  if (/^\s*jobs:\s*$/m.test(text)) return /^\s+(runs-on|uses|steps):/m.test(text) ? 'github' : undefined
  return /^\s+script:/m.test(text) ? 'gitlab' : undefined
}

const blank = (text: string): string => text.replace(/[^\r\n]/g, ' ')
