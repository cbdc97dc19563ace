import { has, type Call } from '../call.ts'
import type { Detail } from '../model.ts'
import { joined, namesCache, namesLink, namesRelease, namesShared } from '../path.ts'
import { operand, valueOf, type Row } from './row.ts'

const last = (call: Call): string => valueOf(call, '-t', '--target-directory') ?? call.operands.at(-1) ?? ''
const full = (call: Call, word: string): string => joined(call.cwd, word)

interface Link {
  readonly link: string
  readonly target: string
}

// `ln -s target link`, or into a directory, or with one operand into the working directory.
function linkOf(call: Call): Link | undefined {
  if (!has(call, '-s', '--symbolic', '-r', '--relative') || call.operands.length === 0) return undefined
  const target = call.operands[0]!
  const base = target.replace(/\/+$/, '').split('/').at(-1)!
  const into = valueOf(call, '-t', '--target-directory')
  const written = into ? `${into}/${base}` : (call.operands[1] ?? base)
  const link =
    /(^|\/)\.\.?$/.test(written) || written.endsWith('/') ? `${written.replace(/\/+$/, '')}/${base}` : written
  return { link: full(call, link), target: full(call, target) }
}

// A program of a version, a log of a run: links that no server serves.
const noRelease =
  /(^|[/}])(s?bin|lib\d*|share|man\d?|etc|include|logs?)\/[^/]+$|\.log(\.[^/]*)?$|\bLOG_?(FILE|NAME)|\.(so|jar|conf|service|timer)[\d.]*$|(^|[/}])(uploads?|storage|media|files|sessions?|vendor|node_modules|\.env[^/]*)$/

function switches(call: Call): boolean {
  const made = linkOf(call)
  if (!made || namesRelease(made.link) || namesShared(made.target) || noRelease.test(made.link)) return false
  if (isFixed(made)) return false
  return namesLink(made.link) || (namesRelease(made.target) && !/^\$\((basename|readlink)/.test(made.target))
}

/** A link that leads to the same place in every release: nothing in its target is unknown that its own path does not hold, too. */
function isFixed({ link, target }: Link): boolean {
  if (/(^|\/)(current|live|active|latest|stable)$/.test(link) || (!target.startsWith('/') && !target.startsWith('$')))
    return false
  if (/(^|[/}_.-])releases?\/|\d{3,}/.test(target)) return false
  const unknown = target.match(/\$[\w{(][^/]*|\{\{.*?\}\}|[\ue000-\uf8ff]|<%.*?%>|…/g) ?? []
  return unknown.every((one) => link.includes(one))
}

function linked(call: Call): Detail {
  const { link, target } = linkOf(call)!
  const replaces = has(call, '-f', '--force')
  const plain = has(call, '-n', '--no-dereference', '-T', '--no-target-directory')
  const platform = call.platform
  const atomic: Detail =
    platform === 'busybox' || platform === 'bsd' ? { atomic: false } : platform === 'gnu' ? { atomic: true } : {}
  return {
    link,
    target,
    how: 'symlink',
    ...(replaces ? atomic : {}),
    ...(plain ? {} : { silent: 'makes the new link inside the directory that the old one points to' }),
  }
}

// What is moved here is put away.
const aside = /[-_.](old|bak|backup|prev|previous|trash|delete|deleted|stale|orig)(\/|$|[-_.$])|~$/i

// A file whose being there keeps visitors out: `maintenance.flag`, `.maintenance`, `storage/framework/down`.
const marker =
  /(^|[/_.-])(maint(enance)?([_-]?mode)?)(\.(flag|on|enabled?|lock|active|html?|php|txt|file))?$|storage\/framework\/down$/i

const renames = (call: Call): Detail => {
  const link = full(call, last(call))
  const plain = has(call, '-T', '--no-target-directory')
  const target = full(call, call.operands[0] ?? '')
  const into = last(call).endsWith('/') || namesParent(call)
  return {
    link: into ? `${link.replace(/\/+$/, '')}/${target.split('/').at(-1)!}` : link,
    target,
    how: 'rename',
    ...(plain ? { atomic: true } : {}),
    ...(plain || into ? {} : { silent: 'moves it into the directory that is there already' }),
  }
}

// `mv releases/current /srv/app`: the same name, one directory up.
const namesParent = (call: Call): boolean => {
  const base = (call.operands[0] ?? '').split('/').at(-1)!
  const from = full(call, call.operands[0] ?? '')
  return namesLink(base) && !namesLink(last(call)) && from.startsWith(`${full(call, last(call)).replace(/\/+$/, '')}/`)
}

/** Links, copies, moves and deletes: what they do depends on what they name. */
export const files: readonly Row[] = [
  {
    example: 'touch /srv/app/maintenance.flag',
    call: 'touch|cp|ln|mv',
    kind: 'maintenance on',
    tool: 'file',
    when: (call) =>
      marker.test(last(call)) && !has(call, '-r', '-R', '-a') && !(call.name === 'touch' && call.operands.length > 1),
    detail: (call) => ({ path: full(call, last(call)) }),
  },
  {
    example: 'rm -f /srv/app/maintenance.flag',
    call: 'rm|unlink|mv',
    kind: 'maintenance off',
    tool: 'file',
    when: (call) => marker.test(call.operands[0] ?? '') && !has(call, '-r', '-R', '--recursive'),
    detail: (call) => ({ path: full(call, call.operands[0]!) }),
  },
  {
    example: 'ln -sfn /srv/app/releases/42 /srv/app/current',
    call: 'ln',
    kind: 'switch',
    tool: 'ln',
    when: switches,
    detail: linked,
  },
  {
    example: 'ln -s /srv/app/shared/uploads /srv/app/releases/42/public/uploads',
    call: 'ln',
    kind: 'share',
    tool: 'ln',
    when: (call) => linkOf(call) !== undefined,
    detail: (call) => ({ link: linkOf(call)!.link, target: linkOf(call)!.target, path: linkOf(call)!.link }),
  },
  {
    example: 'mv -T /srv/app/current.tmp /srv/app/current',
    call: 'mv',
    kind: 'switch',
    tool: 'mv',
    when: (call) =>
      call.operands.length === 2 &&
      (namesLink(last(call)) || namesParent(call)) &&
      !aside.test(last(call)) &&
      !namesRelease(full(call, last(call))),
    detail: renames,
  },
  {
    example: 'mv /srv/app/html /srv/app/html.old',
    call: 'mv',
    kind: 'backup',
    tool: 'mv',
    when: (call) => /(old|bak|backup|prev|previous|trash|delete|stale|~)\b|[-_.]\$|[-_.]\d+$/i.test(last(call)),
    detail: (call) => ({ target: full(call, call.operands[0] ?? ''), path: full(call, last(call)), how: 'rename' }),
  },
  {
    example: 'mv build /srv/app/public/assets',
    call: 'mv',
    kind: 'upload',
    tool: 'mv',
    detail: (call) => ({
      target: full(call, call.operands[0] ?? ''),
      path: full(call, last(call)),
      how: 'rename',
      live: 'perhaps',
    }),
  },
  {
    example: 'cp -a /srv/app/html /srv/backup/html',
    call: 'cp',
    kind: 'backup',
    tool: 'cp',
    when: (call) => /backup|\.(old|bak|orig|prev)\b|_(old|bak|backup)\b/i.test(last(call)),
    detail: (call) => ({ target: full(call, call.operands[0] ?? ''), path: full(call, last(call)), how: 'copy' }),
  },
  {
    example: 'cp -r dist/. /var/www/html/',
    call: 'cp|install',
    kind: 'upload',
    tool: 'cp',
    when: (call) => has(call, '-r', '-R', '-a', '--recursive', '--archive'),
    detail: (call) => ({
      target: full(call, call.operands[0] ?? ''),
      path: full(call, last(call)),
      how: 'copy',
      live: 'perhaps',
    }),
  },
  {
    example: 'cp .env.example .env',
    call: 'cp|install|mkdir|touch|chmod|chown|chgrp|setfacl|mktemp|sed|tee|truncate|rmdir|semanage|restorecon|chcon',
    kind: 'nothing',
    when: (call) => operand(call, /restart\.txt$/) === undefined,
  },
  {
    example: 'rm -rf /srv/app/var/cache/prod',
    call: 'rm',
    kind: 'clear cache',
    tool: 'rm',
    when: (call) => call.operands.some((word) => namesCache(full(call, word))),
    detail: (call) => ({
      path: full(
        call,
        call.operands.find((word) => namesCache(full(call, word)))!,
      ),
    }),
  },
  {
    example: 'rm -rf /srv/app/releases/41',
    call: 'rm|unlink',
    kind: 'clean up',
    tool: 'rm',
    detail: (call) => ({ path: call.operands.map((word) => full(call, word)).join(' ') }),
  },
  {
    example: 'find /srv/app/releases -mtime +30 -delete',
    call: 'find',
    kind: 'clean up',
    tool: 'find',
    when: (call) => /-delete|-exec(dir)?\s+(sudo\s+)?rm/.test(call.text),
    detail: (call) => ({ path: full(call, call.operands[0] ?? '') }),
  },
  { example: 'find . -type f -exec chmod 644 {} +', call: 'find|xargs|locate', kind: 'nothing' },
]
