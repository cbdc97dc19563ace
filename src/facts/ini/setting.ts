import type { Files } from '../../discover/files.ts'
import { parseIni, type IniEntry } from '../../parse/ini.ts'
import type { Source, Span, Unread } from '../../source/source.ts'

/** Where PHP reads a setting, from the weakest to the strongest. */
export const iniPlaces = ['php.ini', 'conf.d', '.user.ini', 'command line', 'pool', 'pool admin'] as const
export type IniPlace = (typeof iniPlaces)[number]

/** One setting of PHP, or of FPM itself, where it stands. */
export interface IniSetting {
  readonly name: string
  readonly value: string
  readonly at: Span
  readonly place: IniPlace
  /** The pool it is for; `global` for FPM itself. */
  readonly pool?: string
  /** By its path meant for development, tests or the command line: it says nothing of production. */
  readonly elsewhere?: true
}

/** All settings of PHP and FPM in a project. */
export interface IniSettings {
  readonly all: readonly IniSetting[]
  /** The FPM configurations, one per file. */
  readonly pools: readonly PoolFile[]
  /** The lines that decide a setting: the strongest place's; several when files disagree. Empty: PHP's default. */
  deciding(name: string): readonly IniSetting[]
}

/** An FPM configuration file: its sections with what they set. */
export interface PoolFile {
  readonly file: string
  readonly entries: readonly IniEntry[]
  readonly sections: readonly { readonly name: string; readonly start: number; readonly end: number }[]
}

const notProduction =
  /(^|[/._-])(dev|devel|development|local|localhost|test|tests|testing|ci|cli|xdebug|vagrant|debug|phpunit|blackfire)([/._-]|$)|php\.ini-development|-cli\.ini/i

/** Whether a file by its path is for development, tests or the command line. */
export function isElsewhere(file: string): boolean {
  return notProduction.test(file.replace(/(^|\/)usr\/local\//, '/'))
}

/** Collects the settings of php.ini, conf.d, .user.ini and pools; `more`: what Dockerfiles and playbooks write; `value` puts in the environment. */
export function iniSettings(
  files: Files,
  more: readonly IniSetting[],
  unread: (file: string, part: Unread) => void,
  read: (file: string) => void,
  value: (text: string) => string = (text) => text,
): IniSettings {
  const all: IniSetting[] = []
  const pools: PoolFile[] = []
  for (const source of files.of('ini', 'pool')) {
    if (/^[ \t]*(server|location\s[^\n{;]*|upstream\s[^\n{;]*)\s*\{/m.test(source.text)) continue // nginx under an FPM name
    const { tree, errors } = parseIni(source.text)
    const pool = isPool(source)
    const settings = pool ? poolSettings(source, tree.entries) : fileSettings(source, tree.entries)
    if (pool) pools.push({ file: source.file, entries: tree.entries, sections: tree.sections })
    else if (settings.length === 0) continue // An ini file of something else: not ours to read.
    read(source.file)
    for (const error of errors) unread(source.file, { ...error, says: `ini: ${error.says}` })
    all.push(...settings)
  }
  const filled = [...all, ...more].map((one) => ({ ...one, value: value(one.value) }))
  return { all: filled, pools, deciding: (name) => deciding(filled, name) }
}

function isPool(source: Source): boolean {
  return (
    (/\.conf([.-]\w+)*$/.test(source.file) || /pool\.d\//.test(source.file)) &&
    /^[ \t]*(pm(\.\w+)?|listen(\.\w+)?|process_control_timeout|catch_workers_output|php_(admin_)?(value|flag)\[[^\]]+\]|access\.log|daemonize|emergency_restart_threshold|user|group|slowlog|request_terminate_timeout|include|error_log|pid|clear_env|env\[\w+\])[ \t]*=/m.test(
      source.text,
    )
  )
}

const ours =
  /^(opcache\.\w+|realpath_cache_(ttl|size)|log_errors|error_log|display_errors|display_startup_errors|error_reporting|auto_prepend_file|open_basedir|zend_extension|extension|memory_limit|date\.timezone|upload_max_filesize|post_max_size|max_execution_time|short_open_tag|expose_php)$/

function fileSettings(source: Source, entries: readonly IniEntry[]): readonly IniSetting[] {
  const place: IniPlace = /(^|\/)\.user\.ini/.test(source.file)
    ? '.user.ini'
    : /(^|\/)php[^/]*\.ini([-.][^/]*)?$/.test(source.file) && !/conf\.d\//.test(source.file)
      ? 'php.ini'
      : 'conf.d'
  return entries
    .filter((entry) => entry.value !== undefined && ours.test(entry.key) && !/^(PATH|HOST)=/.test(entry.section ?? ''))
    .map((entry) => settingOf(source.file, entry, entry.key, place))
}

function poolSettings(source: Source, entries: readonly IniEntry[]): readonly IniSetting[] {
  return entries
    .filter((entry) => entry.value !== undefined)
    .map((entry) => {
      const admin = /^php_admin_(value|flag)$/.test(entry.key)
      const php = admin || /^php_(value|flag)$/.test(entry.key)
      const name =
        php && entry.index
          ? entry.index
          : entry.index === undefined
            ? `fpm:${entry.key}`
            : `fpm:${entry.key}[${entry.index}]`
      return { ...settingOf(source.file, entry, name, admin ? 'pool admin' : 'pool'), pool: entry.section ?? 'global' }
    })
}

function settingOf(file: string, entry: IniEntry, name: string, place: IniPlace): IniSetting {
  const at = { file, start: entry.start, end: entry.end }
  return { name, value: entry.value!, at, place, ...(isElsewhere(file) ? { elsewhere: true as const } : {}) }
}

function deciding(all: readonly IniSetting[], name: string): readonly IniSetting[] {
  const named = all.filter((setting) => setting.name === name && !setting.elsewhere)
  const strongest = Math.max(...named.map((setting) => iniPlaces.indexOf(setting.place)))
  const top = named.filter((setting) => iniPlaces.indexOf(setting.place) === strongest)
  // Within one directory the later file name wins, within one file the later line.
  const byDirectory = new Map<string, IniSetting>()
  for (const setting of top) {
    const key = `${setting.at.file.slice(0, setting.at.file.lastIndexOf('/') + 1)}\0${setting.pool ?? ''}`
    const known = byDirectory.get(key)
    if (
      !known ||
      known.at.file < setting.at.file ||
      (known.at.file === setting.at.file && known.at.start < setting.at.start)
    )
      byDirectory.set(key, setting)
  }
  return [...byDirectory.values()]
}

/** Whether PHP takes a value for true. */
export function isOn(value: string): boolean {
  return !/^(0|off|no|false|none|)$/i.test(value.trim())
}
