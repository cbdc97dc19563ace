import type { Rules } from '../../rule/diagnostic.ts'

/** What the command line asks of the process it runs in; tests hand in their own. */
export interface Host {
  readonly cwd: string
  /** Every rule there is. */
  readonly rules: Rules
  readonly env: Readonly<Record<string, string | undefined>>
  /** Columns of the terminal; undefined when the output is no terminal. */
  readonly columns: number | undefined
  /** All of standard input. */
  stdin(): string
  out(text: string): void
  err(text: string): void
}
