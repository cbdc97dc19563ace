import type { Framework } from '../../src/facts/stack/stack.ts'
import { pivotOf, told } from '../../src/release/ask.ts'
import { shown } from '../../src/release/frameworks.ts'
import type { Release } from '../../src/release/model.ts'
import type { Facts } from '../../src/rule/facts.ts'
import { rule } from '../../src/rule/rule.ts'
import type { Label } from '../../src/source/source.ts'

export default rule({
  on: 'release',
  severity: 'error',
  finds: 'Data that users make lies inside the release’s directory and is not among what all releases share.',
  hazard:
    'The next switch leads to a directory without it: uploads, sessions or the whole database are gone from the site, and deleted with the old release.',
  instead: 'Share the directory (`shared_dirs`, `linked_dirs`), or keep the data outside the releases.',
  since: '0.1.0',
  *check(release, facts) {
    const { how } = pivotOf(release).detail
    if (!release.layout.sharesOnly || (how !== 'symlink' && how !== 'rename')) return
    for (const data of dataOf(facts)) {
      if (isShared(release, data.path)) continue
      const pivot = pivotOf(release)
      yield {
        at: pivot.at,
        says: `${data.what} in \`${data.path}\` stay${data.what.endsWith('s') ? '' : 's'} behind in the old release at ${shown(pivot)}: the path is not shared`,
        because: [
          data.because,
          ...release
            .all('clean up')
            .slice(0, 1)
            .map((step) => told(step, 'and is deleted with it here')),
        ],
      }
    }
  },
})

interface Data {
  readonly path: string
  readonly what: string
  readonly because: Label
}

const byFramework: Readonly<Partial<Record<Framework, { readonly path: string; readonly what: string }>>> = {
  laravel: { path: 'storage', what: 'uploads, sessions and logs' },
  wordpress: { path: 'wp-content/uploads', what: 'uploads' },
  magento: { path: 'pub/media', what: 'product images' },
}

// What a framework keeps by its own defaults, and a database file that the settings name.
function dataOf(facts: Facts): readonly Data[] {
  const out: Data[] = []
  for (const [framework, seen] of facts.stack.frameworks) {
    const known = byFramework[framework]
    if (known && seen && !(framework === 'wordpress' && facts.stack.version('roots/wordpress')))
      out.push({ ...known, because: seen })
  }
  for (const name of ['.env', '.env.prod', '.env.production']) {
    const source = facts.files.get(name)
    const found = source && /^DATABASE_URL=["']?sqlite:\/{3}%kernel\.project_dir%\/([\w./-]+)/m.exec(source.text)
    if (found) {
      const at = { file: name, start: found.index, end: found.index + found[0].length }
      out.push({
        path: found[1]!,
        what: 'the database',
        because: { at, says: 'the database is a file inside the release' },
      })
    }
  }
  return out
}

const isShared = (release: Release, path: string): boolean =>
  (release.layout.shared ?? []).some(
    (one) =>
      path === one.path ||
      path.startsWith(`${one.path}/`) ||
      one.path.endsWith(path) ||
      one.path.startsWith(`${path}/`) ||
      one.path.includes('{{'),
  )
