import type { Files } from '../../discover/files.ts'
import type { Unread } from '../../source/source.ts'
import { includesOf } from './include.ts'
import { expand, type Level } from './level.ts'
import { nginxFile, nginxSources, type NginxText } from './text.ts'

/** All nginx configuration of a project: whole ones from their main files, and fragments that nothing includes. */
export interface NginxConfigurations {
  readonly mains: readonly Level[]
  readonly texts: readonly NginxText[]
}

/** Reads every nginx text of a project and puts includes in place. `unread` hears of what could not be read. */
export function nginxConfigurations(
  files: Files,
  embedded: readonly NginxText[],
  unread: (file: string, part: Unread) => void,
): NginxConfigurations {
  const sources = nginxSources(files)
  const texts = [...sources.map(nginxFile), ...embedded]
  const includes = includesOf(files, sources)
  for (const text of texts)
    for (const error of text.errors) {
      const spans = text.piece.spans(error.start, Math.max(error.end, error.start))
      const place = spans[0] ?? { start: 0, end: 0 }
      unread(text.file, { start: place.start, end: place.end, says: `nginx: ${error.says}` })
    }
  const used = new Set<string>()
  const all = texts.map((text) => ({ text, level: expand(text, includes, used, unread) }))
  const mains = all.filter(({ text }) => !(used.has(text.file) && text.path === text.file)).map(({ level }) => level)
  return { mains, texts }
}
