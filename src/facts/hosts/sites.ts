import type { Source, Unread } from '../../source/source.ts'
import type { Files } from '../../discover/files.ts'
import type { Kind } from '../../discover/kind.ts'
import type { ShellSite } from '../shell/script.ts'
import type { Host, Reading } from './host.ts'
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
      let own = 0
      const reading: Reading = {
        files,
        parsers,
        site: (site) => void (own++ < mostSites && sites.push(site)),
        read: (file) => void read.add(file),
        unread: (file, part) => void unread.push({ file, part }),
      }
      guarded(ask, source, reading)
      if (own > mostSites)
        reading.unread(source.file, {
          start: 0,
          end: 0,
          says: `more than ${mostSites} stretches of shell: the rest is not read`,
        })
    }
  }
  return { sites, read, unread }
}

/** A reader that fails has not read its file, and nothing else is lost. */
function guarded(ask: Host, source: Source, reading: Reading): void {
  try {
    ask(source, reading)
  } catch (error) {
    const says = `not read for its shell: ${error instanceof Error ? error.message : String(error)}`
    reading.unread(source.file, { start: 0, end: source.text.length, says })
  }
}

/** Every stretch of shell that stands in a file of another language. */
export function sitesOf(files: Files, parsers: Reading['parsers'] = {}): readonly ShellSite[] {
  return hostedIn(files, parsers).sites
}
