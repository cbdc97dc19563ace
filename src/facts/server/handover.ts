import type { Fix } from '../../source/edit.ts'
import type { Label, Span } from '../../source/source.ts'

/** What one FastCGI parameter says when PHP gets it. */
export interface Sent {
  /** `link`: a path as configured, so through any link in it; `real`: with links resolved at each request; `missing`: not sent. */
  readonly how: 'link' | 'real' | 'missing' | 'unknown'
  /** The line that decides it. */
  readonly at: Span
  /** As written there: `$document_root$fastcgi_script_name`. */
  readonly written: string
  /** The paths it can begin with, variables of the configuration put in; holes of templates as written. */
  readonly paths: readonly string[]
  /** Roots, variables and includes that brought it, in the order a person reads them. */
  readonly because: readonly Label[]
}

/** A place where a web server hands requests to PHP: an nginx location, an Apache handler, a Caddy directive. */
export interface Handover {
  readonly server: 'nginx' | 'apache' | 'mod_php' | 'caddy' | 'frankenphp'
  readonly file: string
  /** The line that hands over. */
  readonly at: Span
  /** Whom it is handed to, as written. */
  readonly target: string
  /** Whether the web server sees the files that PHP runs: `no` for another host or container (NGX-05). */
  readonly sees: 'yes' | 'no' | 'unknown'
  /** SCRIPT_FILENAME. */
  readonly script: Sent
  /** DOCUMENT_ROOT. */
  readonly documentRoot: Sent
  /** FrankenPHP: the line that keeps the application in memory; its file is resolved once, when the server starts (OPC-14). */
  readonly worker?: Span
  /** What makes both be sent with links resolved; absent: this server cannot, or must not. */
  readonly mend?: Fix
}
