import { scriptsIn, type Extractor } from '../ground.ts'
import type { Draft } from '../model.ts'
import { flowOf } from '../steps.ts'

const named = /(^|\/)(git|auto|github|gitlab|bitbucket)?[-_.]?(deploy|deployment|webhook|hook|pull)[-_.\w]{0,12}\.php$/i

/** A PHP page that updates the site when it is called: its shell runs on the server itself. */
export const fromWebhook: Extractor = (ground) => {
  const drafts: Draft[] = []
  for (const { file, text } of ground.files.of('php', 'deployer')) {
    if (
      !named.test(file) ||
      /(^|\/)(vendor|node_modules)\//.test(file) ||
      /namespace\s+Deployer|recipe\/|^\s*(final |abstract )?class /m.test(text)
    )
      continue
    const scripts = scriptsIn(ground, file)
    if (scripts.length === 0) continue
    drafts.push({
      name: `${file}, called over HTTP`,
      tool: 'shell',
      at: { file, start: 0, end: Math.max(0, text.indexOf('\n')) },
      flow: { inOrder: scripts.map((script) => flowOf(script)) },
      files: [file],
      names: [`file ${file}`],
      entry: true,
      here: 'server',
      layout: { locks: 'no' },
    })
  }
  return drafts
}
