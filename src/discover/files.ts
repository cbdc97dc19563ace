import type { Source } from '../source/source.ts'
import { kindOf, kindOfPath, wantsFirstLine, type Kind } from './kind.ts'

/** The project's files by path and by kind. Texts are read only when somebody asks for them. */
export interface Files {
  readonly all: readonly Source[]
  get(file: string): Source | undefined
  kind(file: string): Kind | undefined
  of(...kinds: readonly Kind[]): readonly Source[]
}

/** Looks up files by path and kind; each kind is told once. */
export function filesOf(sources: readonly Source[]): Files {
  const byPath = new Map(sources.map((source) => [source.file, source]))
  const kinds = new Map<string, Kind | undefined>()
  const kind = (file: string): Kind | undefined => {
    if (kinds.has(file)) return kinds.get(file)
    let found = kindOfPath(file)
    const source = byPath.get(file)
    if ((!found || found === 'shell') && source && wantsFirstLine(file))
      found = kindOf(file, source.head ?? source.text.slice(0, 4096))
    // A workflow that is kept elsewhere: as a template, or for another repository.
    if ((found === 'yaml' || found === 'ansible') && source && isWorkflow(source.head ?? source.text.slice(0, 4096)))
      found = 'github'
    // A GitLab pipeline of another name, or kept as a page that is nothing else.
    if ((found === 'yaml' || found === 'ansible' || (found === 'markdown' && mayBePipeline.test(file))) && source)
      if (isPipeline(source.head ?? source.text.slice(0, 4096))) found = 'gitlab'
    kinds.set(file, found)
    return found
  }
  const byKind = new Map<string, readonly Source[]>()
  return {
    all: sources,
    get: (file) => byPath.get(file),
    kind,
    of: (...wanted) => {
      const key = wanted.join()
      let found = byKind.get(key)
      if (!found) {
        found = sources.filter((source) => {
          const own = kind(source.file)
          return own !== undefined && wanted.includes(own)
        })
        byKind.set(key, found)
      }
      return found
    },
  }
}

/** Whether YAML begins as a GitHub workflow does. */
function isWorkflow(head: string): boolean {
  return /^["']?on["']?:/m.test(head) && /^jobs:/m.test(head)
}

const mayBePipeline = /(ci|pipeline|deploy)[^/]*$/i

/** Whether a text begins as a GitLab pipeline does: its stages at the top, and a job with a script. */
function isPipeline(head: string): boolean {
  if (!/^(\s*(#.*)?\n)*(---\s*\n)?(stages|image|variables|default|include|workflow|before_script):/.test(head))
    return false
  return /^stages:/m.test(head) && /^[\w.][^\n]*:\s*\n([ \t]+.*\n|\s*\n)*?[ \t]+(script|extends):/m.test(head)
}

/** A path made of a directory and a relative path, `.` and `..` undone; undefined when it leaves the project. */
export function joinPath(directory: string, relative: string): string | undefined {
  const out: string[] = []
  const parts = relative.startsWith('/') ? relative.split('/') : [...directory.split('/'), ...relative.split('/')]
  for (const part of parts) {
    if (part === '' || part === '.') continue
    if (part === '..') {
      if (out.length === 0) return undefined
      out.pop()
    } else out.push(part)
  }
  return out.join('/')
}

/** The directory a file is in; `` for the project's root. */
export function directoryOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : ''
}
