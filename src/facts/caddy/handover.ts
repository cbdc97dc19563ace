import type { Files } from '../../discover/files.ts'
import { parseCaddy, type CaddyDirective } from '../../parse/caddy.ts'
import type { Fix } from '../../source/edit.ts'
import type { Label, Source, Span, Unread } from '../../source/source.ts'
import type { Handover, Sent } from '../server/handover.ts'

/** Imports nested deeper than this are not read. */
const deepestImport = 8

/** Every `php_fastcgi` and `php_server` of the project's Caddyfiles, snippets put in place. */
export function caddyHandovers(
  files: Files,
  read: (file: string) => void,
  unread: (file: string, part: Unread) => void,
): readonly Handover[] {
  return files.of('caddy').flatMap((source) => {
    const { tree, errors } = parseCaddy(source.text)
    read(source.file)
    for (const error of errors) unread(source.file, { ...error, says: `caddy: ${error.says}` })
    const snippets = new Map<string, CaddyDirective>()
    for (const one of tree.body) {
      const name = /^\((.+)\)$/.exec(one.words[0]?.text ?? '')?.[1]
      if (name) snippets.set(name, one)
    }
    const sites = tree.body.filter((one) => one.block && one.words.length > 0 && !/^\(/.test(one.words[0]!.text))
    const bodies = sites.length > 0 ? sites.map((site) => site.block!) : [tree.body]
    const global = tree.body.find((one) => one.block && one.words.length === 0)
    const worker = workerIn(
      source,
      global?.block?.find((one) => nameOf(one) === 'frankenphp'),
    )
    return bodies
      .flatMap((body) => handoversIn(source, expanded(body, snippets, 0)))
      .map((one) => (one.server === 'frankenphp' && worker && !one.worker ? { ...one, worker } : one))
  })
}

function expanded(
  body: readonly CaddyDirective[],
  snippets: ReadonlyMap<string, CaddyDirective>,
  depth: number,
): readonly CaddyDirective[] {
  if (depth > deepestImport) return []
  return body.flatMap((one) => {
    const snippet = one.words[0]?.text === 'import' ? snippets.get(one.words[1]?.text ?? '') : undefined
    if (snippet) return expanded(snippet.block ?? [], snippets, depth + 1)
    return one.block ? [{ ...one, block: expanded(one.block, snippets, depth + 1) }] : [one]
  })
}

const nameOf = (one: CaddyDirective): string => one.words[0]?.text ?? ''

function handoversIn(source: Source, body: readonly CaddyDirective[], above?: CaddyDirective): readonly Handover[] {
  const root = body.find((one) => nameOf(one) === 'root' && one.words.length > 1) ?? above
  return body.flatMap((one) => {
    const name = nameOf(one)
    if (name === 'php_fastcgi' || name === 'php_server') return [handoverOf(source, one, root)]
    return one.block && !/^(php|root|file_server|reverse_proxy)$/.test(name) ? handoversIn(source, one.block, root) : []
  })
}

function workerIn({ file }: Source, above: CaddyDirective | undefined): Span | undefined {
  const line = above?.block?.find((one) => nameOf(one) === 'worker')
  return line && { file, start: line.start, end: line.end }
}

function handoverOf(source: Source, line: CaddyDirective, siteRoot: CaddyDirective | undefined): Handover {
  const { file } = source
  const franken = nameOf(line) === 'php_server'
  const inside = (name: string): CaddyDirective | undefined => line.block?.find((one) => nameOf(one) === name)
  const root = inside('root') ?? siteRoot
  const resolve = inside('resolve_root_symlink')
  // FrankenPHP resolves unless told not to; php_fastcgi only when told to (OPC-13, OPC-14).
  const real = resolve ? resolve.words[1]?.text !== 'false' : franken
  const head: Span = { file, start: line.start, end: line.words.at(-1)!.end }
  const path = root?.words.at(-1)?.text
  const because: readonly Label[] = root
    ? [{ at: { file, start: root.start, end: root.end }, says: `the document root is ${path}` }]
    : []
  const target =
    line.words
      .slice(1)
      .filter((word) => !/^[*@/]/.test(word.text) || /^unix\//.test(word.text))
      .at(-1)?.text ?? ''
  const sees = franken ? 'yes' : seesFiles(target)
  const sent: Sent = {
    how: path === undefined ? 'unknown' : real ? 'real' : 'link',
    at: head,
    written: path ?? '',
    paths: path === undefined ? [] : [path],
    because,
  }
  const worker = franken ? workerIn(source, line) : undefined
  const mend = sees === 'no' || real || resolve ? undefined : mendOf(source, line, sees)
  return {
    server: franken ? 'frankenphp' : 'caddy',
    file,
    at: head,
    target,
    sees,
    script: sent,
    documentRoot: sent,
    ...(worker ? { worker } : {}),
    ...(mend ? { mend } : {}),
  }
}

function seesFiles(target: string): 'yes' | 'no' | 'unknown' {
  if (/^(unix\/|localhost\b|127\.|\[::1\])/.test(target)) return 'yes'
  return target === '' || /[{$%<]/.test(target) ? 'unknown' : 'no'
}

function mendOf({ file, text }: Source, line: CaddyDirective, sees: 'yes' | 'unknown'): Fix {
  const indent = /[ \t]*$/.exec(text.slice(0, line.start))![0]
  const inner = `${indent}${indent.includes('\t') || indent === '' ? '\t' : indent}`
  const last = line.words.at(-1)!.end
  const brace = line.block ? text.indexOf('{', last) + 1 : last
  const added = line.block ? `\n${inner}resolve_root_symlink` : ` {\n${inner}resolve_root_symlink\n${indent}}`
  return {
    title: 'Let Caddy resolve the link at each request',
    safety: sees === 'yes' ? 'safe' : 'unsafe',
    edits: [{ at: { file, start: brace, end: brace }, text: added }],
  }
}
