import { knownLinks, throughLinks, type KnownLinks, type ThroughLink } from '../../src/release/through-link.ts'
import type { Facts } from '../../src/rule/facts.ts'
import { rule } from '../../src/rule/rule.ts'

const known = new WeakMap<Facts, KnownLinks>()

export default rule({
  on: 'script',
  severity: 'error',
  finds:
    'A recursive delete whose path ends in a slash where a symbolic link stands, or an rsync that deletes behind links.',
  hazard:
    'GNU rm follows the link, deletes everything in the directory behind it (the live release, the shared uploads), keeps the link, says nothing and exits 0.',
  instead: 'Write the path without the slash: `rm -rf current` removes the link and nothing else.',
  since: '0.1.0',
  *check(script, facts) {
    let links = known.get(facts)
    if (!links) known.set(facts, (links = knownLinks(facts.all('script'), facts.all('release'))))
    for (const found of throughLinks(script, links)) {
      const { command } = found.followed
      yield { at: command.at, says: says(found), because: [...found.because, ...command.via] }
    }
  },
})

function says({ followed, does, target }: ThroughLink): string {
  const { path } = followed
  return does === 'empties'
    ? `\`${path.shown}\` is a link, and the slash behind it follows it: this deletes all that is in ${named(target)} and keeps the link`
    : `-K takes links to directories in \`${path.shown}\` for directories: --delete also deletes in ${named(target)}`
}

const named = (target: string | undefined): string =>
  target === undefined ? 'the directory it leads to' : /^(the|what) /.test(target) ? target : `\`${target}\``
