import { listIn, lookup, textOf, type Scope } from '../../facts/ansible/vars.ts'
import type { Span } from '../../source/source.ts'
import type { Flow, Layout, Step } from '../model.ts'
import { stepAt } from '../steps.ts'

/** The role by the names it has had. */
export const isAnsistrano = (role: string): boolean =>
  /(^|\.)ansistrano[.-]deploy$|^ansistrano$|^(carlosbuenosvinos|f500)\.ansistrano(-deploy)?$/.test(role)

/** The role that goes back. */
export const isAnsistranoRollback = (role: string): boolean => /ansistrano[.-]rollback$/.test(role)

/** The directories of a deploy, and what is linked into every release. */
export function ansistranoLayout(scope: Scope): Layout {
  const setting = (name: string, usual: string): string => textOf(lookup(name, scope)?.node, scope) ?? usual
  const to = setting('ansistrano_deploy_to', '/var/www/my-app')
  const shared = (['ansistrano_shared_paths', 'ansistrano_shared_files'] as const).map((name) => {
    const value = lookup(name, scope)
    if (value === undefined) return []
    const items = typeof value.node === 'string' ? undefined : listIn(value.node, scope)
    return items?.map((item) => ({
      path: textOf(item, scope) ?? '',
      at: { file: value.file, start: item.start, end: item.end },
    }))
  })
  const items = shared.flatMap((list, i) => (list ?? []).map((item) => (i === 1 ? { ...item, file: true } : item)))
  const keeps = lookup('ansistrano_keep_releases', scope)
  const count = Number(textOf(keeps?.node, scope) ?? '0')
  return {
    live: `${to}/${setting('ansistrano_current_dir', 'current')}`,
    shared: items,
    ...(shared.every((list) => list !== undefined) ? { sharesOnly: true } : {}),
    ...(keeps !== undefined && typeof keeps.node !== 'string' && Number.isInteger(count)
      ? { keeps: { count, at: { file: keeps.file, start: keeps.node.start, end: keeps.node.end } } }
      : {}),
    locks: 'no',
    rollsBack: true,
  }
}

/** What the role does between its hooks, its paths put into the scope; `hook` reads the project's task file for one of them. */
export function ansistranoFlow(scope: Scope, at: Span, more: Partial<Step>, hook: (variable: string) => Flow): Flow {
  const setting = (name: string, usual: string): string => textOf(lookup(name, scope)?.node, scope) ?? usual
  const layout = ansistranoLayout(scope)
  const to = setting('ansistrano_deploy_to', '/var/www/my-app')
  const release = `${to}/${setting('ansistrano_version_dir', 'releases')}/{{ ansistrano_release_version }}`
  const facts = new Map([
    ['ansistrano_release_path', release],
    ['ansistrano_release_path.stdout', release],
    ['ansistrano_shared_path', `${to}/${setting('ansistrano_shared_dir', 'shared')}`],
    ['ansistrano_shared_path.stdout', `${to}/${setting('ansistrano_shared_dir', 'shared')}`],
    ['ansistrano_releases_path', `${to}/${setting('ansistrano_version_dir', 'releases')}`],
    ['ansistrano_releases_path.stdout', `${to}/${setting('ansistrano_version_dir', 'releases')}`],
    ['ansistrano_current_dir', setting('ansistrano_current_dir', 'current')],
    ['ansistrano_deploy_to', to],
  ])
  for (const [name, node] of facts) scope.values.set(name, { node, file: '' })
  const via = setting('ansistrano_deploy_via', 'rsync')
  const step = (kind: Step['kind'], text: string, detail: Step['detail']): Flow =>
    stepAt(kind, at, `ansistrano: ${text}`, { tool: 'ansistrano', ...detail }, more)
  const around = (name: string, ...inner: readonly Flow[]): readonly Flow[] => [
    hook(`ansistrano_before_${name}_tasks_file`),
    ...inner,
    hook(`ansistrano_after_${name}_tasks_file`),
  ]
  const byRsync = /rsync|copy/.test(via)
  const update = step(byRsync ? 'upload' : 'fetch', `update code by ${via}`, {
    path: release,
    how: byRsync ? 'rsync' : /^(git|svn|hg)$/.test(via) ? 'git' : 'copy',
  })
  const shares = (layout.shared ?? []).length > 0 || !layout.sharesOnly
  const inPlace = setting('ansistrano_current_via', 'symlink') === 'rsync'
  const go = inPlace
    ? step('switch', 'rsync the release onto current', {
        how: 'rsync',
        link: layout.live!,
        target: release,
        atomic: false,
      })
    : step('switch', 'link current to the release', {
        how: 'symlink',
        link: layout.live!,
        target: release,
        atomic: true,
      })
  const clean = step('clean up', 'remove old releases', { path: `${to}/releases` })
  return {
    inOrder: [
      ...around('setup'),
      ...around('update_code', update),
      ...around('symlink_shared', ...(shares ? [step('share', 'link shared paths', { path: release })] : [])),
      ...around('symlink', go),
      ...around('cleanup', ...((layout.keeps?.count ?? 0) > 0 ? [clean] : [])),
    ],
  }
}
