import { keptDirectoryLinks, linksIn, slashedDeletes, type Followed, type Link } from '../facts/shell/links.ts'
import { pathsOf } from '../facts/shell/paths.ts'
import type { Script } from '../facts/shell/script.ts'
import type { Label } from '../source/source.ts'
import type { Release } from './model.ts'

/** A delete that goes through a link, and how it is known to be one. */
export interface ThroughLink {
  readonly followed: Followed
  readonly does: 'empties' | 'replaces'
  /** Where the link leads, when that is known. */
  readonly target: string | undefined
  readonly because: readonly Label[]
}

/** What the repository knows of its links. */
export interface KnownLinks {
  readonly links: readonly Link[]
  readonly releases: readonly Release[]
  /** A tool that keeps `current` as a link deploys this. */
  readonly current: boolean
}

/** The links that a repository's scripts and releases make. */
export function knownLinks(scripts: readonly Script[], releases: readonly Release[]): KnownLinks {
  const links = linksIn(scripts)
  const named = links.some((link) => /\/current$/.test(link.path.shown))
  return {
    links,
    releases,
    current: named || releases.some((one) => one.tool === 'deployer' || one.tool === 'capistrano'),
  }
}

/** `current` as scripts, Deployer and Capistrano name it. */
const currentLink = /(^|\/)(current|\{\{\s*current_path\s*\}\}|current_path)$/

/** The commands of a script that delete through a link. */
export function* throughLinks(script: Script, known: KnownLinks): Iterable<ThroughLink> {
  for (const followed of slashedDeletes(script)) {
    const links = known.links.filter((one) => one.path.key === followed.path.key && isThere(one, script, followed))
    const link = links.find((one) => one.script === script) ?? links[0]
    if (link) yield { followed, does: 'empties', target: link.target, because: [link.at] }
    else if (known.current && currentLink.test(followed.path.shown))
      yield { followed, does: 'empties', target: 'the live release', because: [] }
    else yield* throughShared(followed, known.releases)
  }
  for (const followed of keptDirectoryLinks(script)) {
    const below = `${followed.path.key}/`
    const links = known.links.filter((one) => one.path.key.startsWith(below))
    if (links[0])
      yield { followed, does: 'replaces', target: links[0].target, because: links.slice(0, 3).map((one) => one.at) }
  }
}

/**
 * The link is there when the delete runs: it was made before, or by the last run of this very script. A path that is new on each
 * run, or a machine that is, has no last run.
 */
function isThere(link: Link, script: Script, followed: Followed): boolean {
  if (link.script !== script) return followed.path.stable
  if (link.order < followed.order) return true
  return followed.path.stable && script.site.name === script.site.file && !isMadeAnew(script, followed)
}

// What stood above it was deleted before in the same run: there is no link from the last one.
function isMadeAnew(script: Script, followed: Followed): boolean {
  return script.commands
    .slice(0, followed.order)
    .some((command) =>
      command.cases.some((given) =>
        given.effects.some(
          (effect) =>
            effect.does === 'deletes' &&
            effect.tree &&
            pathsOf(command, effect.word, given).some((path) => followed.path.key.startsWith(`${path.key}/`)),
        ),
      ),
    )
}

// `…/current/storage/` where storage is shared between the releases.
function* throughShared(followed: Followed, releases: readonly Release[]): Iterable<ThroughLink> {
  for (const release of releases)
    for (const shared of release.layout.shared ?? []) {
      const head = followed.path.shown.slice(0, -shared.path.length - 1)
      if (shared.file || shared.path === '' || !followed.path.shown.endsWith(`/${shared.path}`)) continue
      if (!currentLink.test(head)) continue
      yield {
        followed,
        does: 'empties',
        target: `what all releases share in ${shared.path}`,
        because: [{ at: shared.at, says: `${shared.path} is shared: a link in every release` }],
      }
      return
    }
}
