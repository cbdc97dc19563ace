import type { Extractor } from '../ground.ts'
import type { Draft } from '../model.ts'
import { flowOf, isWorkplace } from '../steps.ts'

// Scripts that people run on their own machine, whatever they are called.
const elsewhere = /(^|\/)(test|tests|spec|examples?|fixtures|node_modules|vendor|\.husky|docs?)\//

/** Every shell file is a plan; those that another plan runs are put in their places there. */
export const fromShell: Extractor = (ground) => {
  const drafts: Draft[] = []
  for (const script of ground.scripts) {
    const file = script.site.file
    if (ground.files.kind(file) !== 'shell') continue
    drafts.push({
      name: script.site.name,
      tool: 'shell',
      at: { file, start: 0, end: Math.max(0, ground.files.get(file)?.text.indexOf('\n') ?? 0) },
      flow: flowOf(script),
      files: script.files,
      names: [`file ${file}`],
      entry: !elsewhere.test(file),
      here: isWorkplace([script]) ? 'runner' : 'unknown',
      layout: { locks: 'no' },
    })
  }
  return drafts
}
