import type { Files } from '../../discover/files.ts'
import { parseApache, type ApacheDirective } from '../../parse/apache.ts'
import type { Label, Source, Span, Unread } from '../../source/source.ts'
import type { Handover, Sent } from '../server/handover.ts'

/** An Apache file of the project as read. */
export interface ApacheFile {
  readonly file: string
  readonly body: readonly ApacheDirective[]
}

/** The project's Apache files, each reported as read, and what could not be. */
export function apacheFiles(
  files: Files,
  read: (file: string) => void,
  unread: (file: string, part: Unread) => void,
): readonly ApacheFile[] {
  return files
    .of('apache')
    .filter(isApache)
    .map((source) => {
      const { tree, errors } = parseApache(source.text)
      read(source.file)
      for (const error of errors) unread(source.file, { ...error, says: `apache: ${error.says}` })
      return { file: source.file, body: tree.body }
    })
}

// A name can lie: an nginx file in a directory named for Apache is read as nginx.
function isApache(source: Source): boolean {
  return !/^[ \t]*(server|location\s[^\n{;]+|upstream\s+\S+)\s*\{/m.test(source.text)
}

/** One line that gives scripts to PHP, and the section it stands in. */
interface Handler {
  readonly file: string
  readonly line: ApacheDirective
  readonly target: string
  readonly server: 'apache' | 'mod_php'
  /** The path that a ProxyPassMatch spells out. */
  readonly path?: string
}

/** Every virtual host of the project that hands requests to PHP: by its own handler, else by one that stands outside all hosts. */
export function apacheHandovers(files: readonly ApacheFile[]): readonly Handover[] {
  const outside = files.flatMap((one) =>
    handlersIn(
      one,
      one.body.filter((line) => !isHost(line)),
    ),
  )
  return files.flatMap((one) => {
    const defined = definesIn(one.body)
    const main = rootIn(one.body.filter((line) => !isHost(line)))
    const hosts = one.body.flatMap((line) => hostsIn(line))
    const places: readonly (readonly ApacheDirective[])[] =
      hosts.length > 0 ? hosts.map((host) => host.section ?? []) : [one.body]
    return places.flatMap((body) => {
      const root = rootIn(body) ?? main
      const own = handlersIn(one, body)
      const handlers = own.length > 0 ? own : hosts.length > 0 && root ? outside.slice(0, 1) : []
      return handlers.map((handler) => handoverOf(one.file, handler, root, defined))
    })
  })
}

const isNamed = (line: ApacheDirective, ...names: readonly string[]): boolean => names.includes(line.name.toLowerCase())
const isHost = (line: ApacheDirective): boolean => isNamed(line, 'virtualhost')

function hostsIn(line: ApacheDirective): readonly ApacheDirective[] {
  return isHost(line) ? [line] : (line.section ?? []).flatMap(hostsIn)
}

/** Every directive in a body and in the sections inside it. */
export function allIn(body: readonly ApacheDirective[]): readonly ApacheDirective[] {
  return body.flatMap((line) => [line, ...allIn(line.section ?? [])])
}

function rootIn(body: readonly ApacheDirective[]): ApacheDirective | undefined {
  return allIn(body).findLast((line) => isNamed(line, 'documentroot') && line.args.length > 0)
}

function definesIn(body: readonly ApacheDirective[]): ReadonlyMap<string, string> {
  const lines = allIn(body).filter((line) => isNamed(line, 'define') && line.args.length > 1)
  return new Map(lines.map((line) => [line.args[0]!.text, line.args[1]!.text]))
}

function handlersIn({ file }: ApacheFile, body: readonly ApacheDirective[]): readonly Handler[] {
  const out: Handler[] = []
  for (const line of allIn(body)) {
    const words = line.args.map((word) => word.text)
    if (isNamed(line, 'sethandler', 'addhandler')) {
      const [handler = ''] = words
      if (/^proxy:.*fcgi:/i.test(handler)) out.push({ file, line, target: handler.slice(6), server: 'apache' })
      else if (/^(application\/x-httpd-php|php\d*-script)/i.test(handler))
        out.push({ file, line, target: 'mod_php', server: 'mod_php' })
    } else if (isNamed(line, 'proxypassmatch', 'proxypass')) {
      const target = words.find((word) => /fcgi:\/\//i.test(word))
      const path = target && /fcgi:\/\/[^/]*(\/.*)$/i.exec(target)?.[1]
      if (target) out.push({ file, line, target, server: 'apache', ...(path && path.length > 3 ? { path } : {}) })
    } else if (isNamed(line, 'php_admin_value', 'php_admin_flag', 'php_value', 'php_flag'))
      out.push({ file, line, target: 'mod_php', server: 'mod_php' })
  }
  const proxied = out.filter((one) => one.server === 'apache')
  return (proxied.length > 0 ? proxied : out).slice(0, 1)
}

function handoverOf(
  file: string,
  handler: Handler,
  root: ApacheDirective | undefined,
  defined: ReadonlyMap<string, string>,
): Handover {
  const span = (from: string, line: ApacheDirective): Span => ({ file: from, start: line.start, end: line.end })
  const at = span(handler.file, handler.line)
  const filled = (text: string): string =>
    text.replace(/\$\{(\w+)\}/g, (whole, name: string) => defined.get(name) ?? whole)
  const said = root ? filled(root.args[0]!.text) : undefined
  const because: readonly Label[] = [
    ...(root ? [{ at: span(file, root), says: `the document root is ${said}` }] : []),
    { at, says: handler.server === 'mod_php' ? 'PHP runs inside Apache' : `requests for PHP go to ${handler.target}` },
  ]
  const place = root && !handler.path ? span(file, root) : at
  const sent = (path: string | undefined, written: string): Sent =>
    path === undefined
      ? { how: 'unknown', at: place, written, paths: [], because }
      : {
          how: 'link',
          at: place,
          written,
          paths: [path],
          because: because.filter((label) => label.at.start !== place.start || label.at.file !== place.file),
        }
  return {
    server: handler.server,
    file: at.file,
    at,
    target: handler.target,
    sees: handler.server === 'mod_php' ? 'yes' : seesFiles(handler.target),
    script: handler.path
      ? sent(filled(handler.path).replace(/\$\d$/, 'index.php'), handler.path)
      : sent(said, said ?? ''),
    documentRoot: sent(said, said ?? ''),
  }
}

function seesFiles(target: string): 'yes' | 'no' | 'unknown' {
  if (/^unix:/i.test(target) || /fcgi:\/\/(localhost|127\.|\[::1\])/i.test(target)) return 'yes'
  return /[{$%<]/.test(target) ? 'unknown' : 'no'
}
