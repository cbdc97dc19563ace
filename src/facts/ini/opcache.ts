import type { Label } from '../../source/source.ts'
import { isOn, type IniSetting, type IniSettings } from './setting.ts'

/** The settings of OPcache and the realpath cache that decide how long old code is served; seconds where they are times. */
export interface Opcache {
  readonly enable: boolean
  readonly validateTimestamps: boolean
  readonly revalidateFreq: number
  readonly revalidatePath: boolean
  /** Infinity for `realpath_cache_ttl=0`, which means never (OPC-04); 0 when the cache is off. */
  readonly realpathTtl: number
  readonly preload: IniSetting | undefined
  readonly fileCache: IniSetting | undefined
  /** The lines that make it differ from PHP's defaults, to be told. */
  readonly because: readonly Label[]
  /** Whether any file of the project says how timestamps are checked. */
  readonly told: boolean
  /** As a person says it: `opcache.validate_timestamps=0`; `PHP's default settings`. */
  readonly assumed: string
}

const defaults: Readonly<Record<string, string>> = {
  'opcache.enable': '1',
  'opcache.validate_timestamps': '1',
  'opcache.revalidate_freq': '2',
  'opcache.revalidate_path': '0',
  'opcache.use_cwd': '1',
  'opcache.preload': '',
  'opcache.file_cache': '',
  realpath_cache_ttl: '120',
  realpath_cache_size: '4096K',
  open_basedir: '',
}

/** What the servers' OPcache does, by php.ini, conf.d and pools; what no file says, or several say differently, is PHP's default. */
export function opcacheOf(settings: IniSettings): Opcache {
  const told: IniSetting[] = []
  const lines = new Map<string, IniSetting>()
  for (const name of Object.keys(defaults)) {
    const deciding = settings.deciding(name).filter((one) => !/[{$%<]/.test(one.value))
    const agreed = new Set(deciding.map((one) => normal(one.value))).size === 1
    if (!agreed) continue
    lines.set(name, deciding[0]!)
    if (normal(deciding[0]!.value) !== normal(defaults[name]!)) told.push(deciding[0]!)
  }
  const value = (name: string): string => lines.get(name)?.value ?? defaults[name]!
  const seconds = (name: string): number => Number.parseInt(value(name), 10) || 0
  const off = seconds('realpath_cache_size') === 0 || value('open_basedir') !== ''
  const ttl = seconds('realpath_cache_ttl')
  return {
    enable: isOn(value('opcache.enable')),
    validateTimestamps: isOn(value('opcache.validate_timestamps')),
    revalidateFreq: seconds('opcache.revalidate_freq'),
    revalidatePath: isOn(value('opcache.revalidate_path')),
    realpathTtl: off ? 0 : ttl === 0 ? Infinity : ttl,
    preload: value('opcache.preload') === '' ? undefined : lines.get('opcache.preload'),
    fileCache: value('opcache.file_cache') === '' ? undefined : lines.get('opcache.file_cache'),
    because: [...lines.values()].flatMap((one) => {
      const says =
        remark(one) ??
        (told.includes(one) ? `${one.name} is ${one.value === '' ? 'empty' : one.value} here` : undefined)
      return says === undefined ? [] : [{ at: one.at, says }]
    }),
    told: lines.has('opcache.validate_timestamps') || lines.has('opcache.enable'),
    assumed: told.length > 0 ? told.map((one) => `${one.name}=${one.value}`).join(', ') : "PHP's default settings",
  }
}

// Settings that people take for cures of old code, and what they do.
function remark({ name, value }: IniSetting): string | undefined {
  const on = isOn(value)
  if (name === 'realpath_cache_ttl' && Number(value) === 0)
    return 'no cure: realpath_cache_ttl=0 means that entries never expire; realpath_cache_size=0 turns the cache off'
  if (name === 'opcache.validate_timestamps' && on)
    return 'no cure: validate_timestamps=1 looks at the old release’s file, which has not changed'
  if (name === 'opcache.revalidate_freq' && Number(value) === 0)
    return 'no cure: revalidate_freq=0 looks at the old release’s file more often'
  if (name === 'opcache.enable' && !on) return 'no cure: without OPcache the realpath cache still keeps the old path'
  return undefined
}

function normal(value: string): string {
  const plain = value.trim().toLowerCase()
  return /^(1|on|yes|true)$/.test(plain) ? '1' : /^(0|off|no|false|none)$/.test(plain) ? '0' : plain
}

/** How long after a switch old code can still be answered, in seconds: by the front controller, and by what is read below DOCUMENT_ROOT. */
export interface Staleness {
  readonly entry: number
  readonly documentRoot: number
}

/**
 * The table of FACTS §1.1 as a function, measured on real servers: through the link the front controller comes from the
 * cache by its unresolved name, which neither timestamps nor time refresh; only `revalidate_path` asks the realpath cache.
 */
export function staleness(
  sent: { readonly script: 'link' | 'real'; readonly documentRoot: 'link' | 'real' },
  opcache: Opcache,
): Staleness {
  const { enable, revalidatePath, validateTimestamps, realpathTtl, revalidateFreq } = opcache
  const byPath = !enable || revalidatePath
  const included = byPath ? realpathTtl : validateTimestamps ? realpathTtl + revalidateFreq : Infinity
  return {
    entry: sent.script === 'real' ? 0 : byPath ? realpathTtl : Infinity,
    documentRoot: sent.documentRoot === 'real' ? 0 : included,
  }
}
