import type { Files } from '../../discover/files.ts'
import { parseNginx, type NginxTree } from '../../parse/nginx.ts'
import { spanOf, wholeFile, type Piece } from '../../source/piece.ts'
import type { Label, Source, Span, Unread } from '../../source/source.ts'

/** One stretch of nginx configuration: a file, or what a provisioning script writes into one. */
export interface NginxText {
  readonly file: string
  /** Where a script puts it; for a file, the file itself. Includes are resolved from here. */
  readonly path: string
  readonly piece: Piece
  readonly tree: NginxTree
  readonly errors: readonly Unread[]
  /** How it comes to be written, when it stands inside another file. */
  readonly via: readonly Label[]
}

const trees = new WeakMap<Source, NginxText>()

/** A file as nginx configuration; read once. */
export function nginxFile(source: Source): NginxText {
  let known = trees.get(source)
  if (!known) {
    const piece = wholeFile(source.file, source.text)
    known = nginxText(piece, source.file, source.file, [])
    trees.set(source, known)
  }
  return known
}

/** A piece as nginx configuration. */
export function nginxText(piece: Piece, file: string, path: string, via: readonly Label[]): NginxText {
  const { tree, errors } = parseNginx(piece.text)
  return { file, path, piece, tree, errors, via }
}

/** The host's characters behind a stretch of an nginx text. */
export function at(text: NginxText, start: number, end: number): Span {
  return spanOf(text.piece, start, end)
}

/** Whether a text reads like nginx: a block that only nginx has, or its parameters. */
export function looksLikeNginx(text: string): boolean {
  return (
    /^[ \t]*(server|location\s[^{\n;]+|upstream\s+\S+|http)\s*\{/m.test(text) ||
    /^[ \t]*fastcgi_(pass|param)\s[^;\n]*;/m.test(text)
  )
}

const otherServer = /^[ \t]*<(VirtualHost|Directory|IfModule|Location|Proxy)\b/im
const poolLike = /^[ \t]*\[[\w.$%{}<>= -]+\][ \t]*$/m

/** The project's nginx files. A name can lie (`php-fpm/nginx.conf`), so where it names another server the text decides. */
export function nginxSources(files: Files): readonly Source[] {
  return [
    ...files
      .of('nginx')
      .filter(
        (source) => !otherServer.test(source.text) && !(poolLike.test(source.text) && !looksLikeNginx(source.text)),
      ),
    ...files.of('pool', 'apache').filter((source) => looksLikeNginx(source.text) && !otherServer.test(source.text)),
    ...files.of('php').filter((source) => source.text.length < 100_000 && phpTemplate(source.text)),
  ]
}

// nginx configuration under a PHP mark: a template, or a file named for the wrong language.
function phpTemplate(text: string): boolean {
  return text.includes('fastcgi_pass') && /^[ \t]*server\s*\{/m.test(text) && /^[ \t]*location\s[^;\n]*\{/m.test(text)
}
