import type { Source, Unread } from '../source/source.ts'
import { closureOf } from '../discover/closure.ts'
import { filesOf, type Files } from '../discover/files.ts'
import type { RubyParser } from '../parse/ruby.ts'
import type { PhpEngine } from '../parse/php.ts'
import type { TypescriptEngine } from '../parse/typescript.ts'
import { hostedIn } from '../facts/hosts/sites.ts'
import type { Script } from '../facts/shell/script.ts'
import { scriptsOf } from '../facts/shell/scripts.ts'
import { stackOf, type Stack } from '../facts/stack/stack.ts'
import type { Ground } from '../release/ground.ts'
import type { Handover } from '../facts/server/handover.ts'
import { apacheOf, handoversOf, iniOf, locationsIn, nginxOf, writtenOf } from './servers.ts'
import type { IniSettings } from '../facts/ini/setting.ts'
import { absoluteIncludes, type AbsoluteInclude } from '../facts/server/absolute-include.ts'
import type { WrittenText } from '../facts/written/text.ts'
import type { ApacheFile } from '../facts/apache/handover.ts'
import type { NginxConfigurations } from '../facts/nginx/configurations.ts'
import type { Location } from '../facts/nginx/location.ts'
import type { Sent } from '../facts/php/bind.ts'
import { databaseOf, sentOf, type Database } from './databases.ts'
import type { Release, Repository } from '../release/model.ts'
import { imagesOf, releasesOf } from '../release/releases.ts'
import type { Settings } from './settings.ts'

/** What a run is given: files, settings, and the heavy parsers that the front has loaded (absent: coverage says so). */
export interface Project {
  readonly files: readonly Source[]
  readonly settings?: Settings
  readonly parsers?: Parsers
  /** Findings whose place or trail touches such a file are reported; left out: all. */
  readonly focus?: (file: string) => boolean
  /** Every rule there is, when a run asks only some of them: an allow comment may name the others. */
  readonly known?: readonly string[]
  /** Why the front could not give a file's text (its `text` is empty then); `` when it is not there at all. */
  readonly refused?: (file: string) => string | undefined
}

/** Parsers too heavy to be loaded before a file of their kind is there; the front hands them in. */
export interface Parsers {
  readonly ruby?: RubyParser
  readonly php?: PhpEngine
  readonly typescript?: TypescriptEngine
}

/** What a rule can be about. */
export interface Subjects {
  /** One stretch of shell, wherever it lives. */
  readonly script: Script
  /** One release, as an ordered plan. */
  readonly release: Release
  /** All releases, and the images that none of them builds; one subject. */
  readonly repository: Repository
  /** A `require` of PHP code by a written-out absolute path. */
  readonly 'absolute include': AbsoluteInclude
  /** A configuration text that a script, an image or a playbook writes into a file. */
  readonly written: WrittenText
  /** All nginx configuration of the project, includes in place; one subject. */
  readonly nginx: NginxConfigurations
  /** One Apache configuration file. */
  readonly apache: ApacheFile
  /** An nginx location that hands requests to a FastCGI server. */
  readonly location: Location
  /** A place where a web server hands requests to PHP. */
  readonly handover: Handover
  /** The settings of PHP and FPM; one subject. */
  readonly ini: IniSettings
  /** Which databases the project speaks, what it hands to them and how it reads them; one subject. */
  readonly database: Database
  /** A database statement that is sent. */
  readonly sent: Sent
}

/** All that a rule may ask of a project, computed when first asked. */
export interface Facts {
  readonly project: Project
  readonly files: Files
  readonly settings: Settings
  /** What the repository is built with. */
  readonly stack: Stack
  all<On extends keyof Subjects>(on: On): readonly Subjects[On][]
  /** Says that a file was read (it counts as whole unless something of it was not). */
  read(file: string): void
  /** Says that a part of a file was not read. */
  unread(file: string, part: Unread): void
  readonly coverage: ReadonlyMap<string, readonly Unread[]>
}

type Providers = { readonly [On in keyof Subjects]: (facts: Facts) => readonly Subjects[On][] }

// One line per subject: who makes it out of the project.
const providers: Providers = {
  script: (facts) => {
    const hosted = hostedIn(facts.files, facts.project.parsers)
    for (const file of hosted.read) facts.read(file)
    for (const { file, part } of hosted.unread) facts.unread(file, part)
    const near = facts.project.focus ? closureOf(facts.files, facts.project.focus) : undefined
    const scripts = scriptsOf(facts.files, hosted.sites, facts.settings.set ?? [], near)
    for (const script of scripts) {
      facts.read(script.site.file)
      for (const part of script.unread) facts.unread(script.site.file, part)
    }
    return scripts
  },
  release: (facts) => releasesOf(groundOf(facts)),
  repository: (facts) => {
    const releases = facts.all('release')
    return [{ releases, images: imagesOf(groundOf(facts), releases) }]
  },
  'absolute include': (facts) => absoluteIncludes(facts.files, facts.project.parsers?.php, facts.read),
  written: writtenOf,
  nginx: nginxOf,
  location: locationsIn,
  apache: apacheOf,
  handover: handoversOf,
  ini: iniOf,
  database: databaseOf,
  sent: sentOf,
}

/** What the release model reads of a project. */
function groundOf(facts: Facts): Ground {
  const { php, ruby } = facts.project.parsers ?? {}
  const { live, platform } = facts.settings
  return {
    files: facts.files,
    scripts: facts.all('script'),
    stack: facts.stack,
    settings: { ...(live ? { live } : {}), ...(platform ? { platform } : {}) },
    ...(php ? { php } : {}),
    ...(ruby ? { ruby } : {}),
    read: facts.read,
    unread: facts.unread,
  }
}

/** The facts of a project. Nothing is computed before a rule asks. */
export function factsOf(project: Project): Facts {
  const made = new Map<keyof Subjects, readonly unknown[]>()
  const coverage = new Map<string, Unread[]>()
  const of = (file: string): Unread[] => {
    let parts = coverage.get(file)
    if (!parts) coverage.set(file, (parts = []))
    return parts
  }
  const facts: Facts = {
    project,
    files: filesOf(project.files),
    settings: project.settings ?? {},
    get stack() {
      return stackOf(facts.files, facts.settings.stack)
    },
    all: <On extends keyof Subjects>(on: On) => {
      let subjects = made.get(on)
      if (!subjects) made.set(on, (subjects = providers[on](facts)))
      return subjects as readonly Subjects[On][]
    },
    read: (file) => void of(file),
    unread: (file, part) => {
      const parts = of(file)
      if (!parts.some((known) => known.start === part.start && known.says === part.says)) parts.push(part)
    },
    coverage,
  }
  return facts
}
