import type { Piece } from '../../source/piece.ts'
import type { Label } from '../../source/source.ts'

/** A text that a script, an image or a playbook writes into a file. */
export interface WrittenText {
  /** The file it stands in. */
  readonly file: string
  /** Where it is written to, as far as it is known: `/etc/nginx/conf.d/app.conf`. */
  readonly to: string | undefined
  /** The text as it is written; what a variable fills is its value, or a private-use character. */
  readonly piece: Piece
  readonly via: readonly Label[]
}

/** Whether a text can hold configuration that anybody here asks for; most scripts hold none and are not parsed for it. */
export function mayWrite(text: string): boolean {
  return /fastcgi_(pass|param)|opcache\.|realpath_cache|php_admin_|process_control_timeout|DocumentRoot|php_fastcgi|log_errors|catch_workers_output|SetHandler|Passenger/i.test(
    text,
  )
}
