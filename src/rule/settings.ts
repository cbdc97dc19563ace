import type { Severity } from './rule.ts'

/** Facts about the release that no file of the repository tells, severities, and what is not read. Data only; nothing is executed. */
export interface Settings {
  /** Variables that are always set and not empty where the scripts run. */
  readonly set?: readonly string[]
  /** Paths that serve: the switched link, the document root. */
  readonly live?: readonly string[]
  /** The PHP version range that production runs: `8.2`, `>=7.4 <8.3`. */
  readonly php?: string
  /** What `ln`, `rm`, `mv` are on the servers. */
  readonly platform?: 'gnu' | 'busybox' | 'bsd'
  /** Frameworks when composer.json and its kin do not show them: `symfony`, `laravel`, … */
  readonly stack?: readonly string[]
  /** Severity by rule, or off. */
  readonly rules?: Readonly<Record<string, Severity | 'off'>>
  /** Severity by rule for the files that a glob matches; later entries win. */
  readonly overrides?: readonly {
    readonly files: readonly string[]
    readonly rules: Readonly<Record<string, Severity | 'off'>>
  }[]
  /** Globs of files that are not read. */
  readonly ignore?: readonly string[]
}
