import type { Source, Unread } from '../../source/source.ts'
import type { Files } from '../../discover/files.ts'
import type { Kind } from '../../discover/kind.ts'
import type { ShellSite } from '../shell/script.ts'
import type { Host, Reading } from './host.ts'
import { verified, type Found, type ReadAgain } from './verified.ts'
import { composeSites } from './compose.ts'
import { dockerfileSites } from './dockerfile.ts'
import { githubSites } from './github.ts'
import { gitlabSites } from './gitlab.ts'
import { makefileSites } from './makefile.ts'
import { markdownSites } from './markdown.ts'
import { phpSites } from './php.ts'
import { packageSites } from './scripts.ts'
import { jenkinsSites } from './jenkins.ts'
import { javascriptSites } from './javascript.ts'
import { rubySites } from './ruby.ts'
import { crontabSites, envoySites, procfileSites, supervisorSites, systemdSites } from './services.ts'
import { yamlSites } from './yaml.ts'

/** Which reader finds the shell in which kind of file; a file may be asked by several. */
const hosts: readonly { readonly kinds: readonly Kind[]; readonly read: Host }[] = [
  { kinds: ['github'], read: githubSites },
  { kinds: ['gitlab'], read: gitlabSites },
  { kinds: ['dockerfile'], read: dockerfileSites },
  { kinds: ['makefile'], read: makefileSites },
  { kinds: ['json'], read: packageSites },
  { kinds: ['php', 'deployer'], read: phpSites },
  { kinds: ['yaml', 'ansible'], read: yamlSites },
  { kinds: ['compose'], read: composeSites },
  { kinds: ['procfile'], read: procfileSites },
  { kinds: ['markdown'], read: markdownSites },
  { kinds: ['crontab'], read: crontabSites },
  { kinds: ['systemd'], read: systemdSites },
  { kinds: ['supervisor'], read: supervisorSites },
  { kinds: ['php'], read: envoySites },
  { kinds: ['jenkinsfile'], read: jenkinsSites },
  { kinds: ['typescript'], read: javascriptSites },
  { kinds: ['capistrano', 'ruby'], read: rubySites },
]

/** What the host languages of a project hold. */
export interface Hosted {
  readonly sites: readonly ShellSite[]
  /** Files that were read for their shell, whether or not they hold any. */
  readonly read: ReadonlySet<string>
  readonly unread: readonly { readonly file: string; readonly part: Unread }[]
}

/** At most this many stretches of one file are read; past that it is said. */
const mostSites = 5000

/** Every stretch of shell that stands in a file of another language, and what of those files could not be read. */
export function hostedIn(files: Files, parsers: Reading['parsers'] = {}): Hosted {
  let known = made.get(files)
  if (!known) made.set(files, (known = readHosts(files, parsers)))
  return known
}

// What was read once for the coverage is not read again for the scripts.
const made = new WeakMap<Files, Hosted>()

function readHosts(files: Files, parsers: Reading['parsers']): Hosted {
  const sites: ShellSite[] = []
  const read = new Set<string>()
  const unread: { file: string; part: Unread }[] = []
  for (const { kinds, read: ask } of hosts) {
    for (const source of files.of(...kinds)) {
      const own = readOne(ask, source, files, parsers, read)
      const all = (): Found => ({ pieces: own.sites.map((site) => site.piece), unread: own.unread.length })
      const again: ReadAgain = (edited, others) => {
        const now = readOne(ask, edited, others, parsers, new Set())
        return { pieces: now.sites.map((site) => site.piece), unread: now.unread.length }
      }
      own.sites.forEach((site, i) => {
        sites.push({ ...site, piece: verified(site.piece, i, source, files, all, again) })
      })
      unread.push(...own.unread)
    }
  }
  return { sites, read, unread }
}

interface One {
  readonly sites: readonly ShellSite[]
  readonly unread: readonly { readonly file: string; readonly part: Unread }[]
}

/** What one reader finds in one file. A reader that fails has not read its file, and nothing else is lost. */
function readOne(ask: Host, source: Source, files: Files, parsers: Reading['parsers'], read: Set<string>): One {
  const sites: ShellSite[] = []
  const unread: { file: string; part: Unread }[] = []
  let count = 0
  const not = (end: number, says: string): void =>
    void unread.push({ file: source.file, part: { start: 0, end, says } })
  const reading: Reading = {
    files,
    parsers,
    site: (site) => void (count++ < mostSites && sites.push(site)),
    read: (file) => void read.add(file),
    unread: (file, part) => void unread.push({ file, part }),
  }
  try {
    ask(source, reading)
  } catch (error) {
    not(source.text.length, `not read for its shell: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (count > mostSites) not(0, `more than ${mostSites} stretches of shell: the rest is not read`)
  return { sites, unread }
}
