import type { Files } from '../../discover/files.ts'
import { at, entriesOf, entryAt, textAt, yamlOf, type YamlNode } from '../../parse/yaml.ts'
import type { Label } from '../../source/source.ts'

/** Where Symfony keeps the pool that `messenger:stop-workers` leaves its signal in. */
export interface SignalPool {
  /** `own`: in each release's own directory or process; `shared`: where other releases read it, too. */
  readonly lives: 'own' | 'shared' | 'unknown'
  /** Its names are the same in all releases: `prefix_seed` is set; by default they hold the release's directory. */
  readonly seeded: boolean
  /** What says so; without a line of configuration: the defaults. */
  readonly because: readonly Label[]
  /** The files that were read for it. */
  readonly files: readonly string[]
}

const configuration = /(^|\/)(config\/(packages\/)?(prod\/)?|app\/config\/)[\w.-]+\.ya?ml$/
const inCode = /(^|\/)config\/packages\/(prod\/)?(cache|framework)\.php$/
const signal = 'cache.messenger.restart_workers_signal'

/** Reads the cache settings of a Symfony application; undefined: its configuration is not in the project, or is code. */
export function signalPoolOf(files: Files): SignalPool | undefined {
  const sources = files.all.filter(({ file }) => configuration.test(file) && !/(^|\/)(vendor|tests?)\//.test(file))
  if (sources.length === 0 || files.all.some(({ file }) => inCode.test(file))) return undefined
  const because: Label[] = []
  const read: string[] = []
  let adapter: string | undefined
  let app: string | undefined
  let directory: string | undefined
  let seeded = false
  const pools = new Map<string, string>()
  for (const source of sources) {
    if (!/\bframework\b/.test(source.text)) continue
    read.push(source.file)
    for (const cache of cachesIn(yamlOf(source).tree.documents)) {
      const told = (key: string, says: string): void => {
        const entry = entryAt(cache, key)
        if (entry) because.push({ at: { file: source.file, start: entry.key.start, end: entry.value.end }, says })
      }
      if (entryAt(cache, 'prefix_seed')) seeded = true
      app = textAt(cache, 'app') ?? app
      directory = textAt(cache, 'directory') ?? directory
      told('app', 'the pool that holds the signal')
      told('directory', 'where the pool is kept')
      for (const { key, value } of entriesOf(at(cache, 'pools'))) {
        const kind = textAt(value, 'adapter') ?? textAt(value, 'adapters')
        if (kind !== undefined) pools.set(key.text, kind)
      }
    }
  }
  adapter = pools.get(signal) ?? app ?? 'cache.adapter.filesystem'
  if (adapter === 'cache.app') adapter = app ?? 'cache.adapter.filesystem'
  adapter = pools.get(adapter) ?? adapter
  return { lives: livesIn(adapter, directory), seeded, because, files: read }
}

/** `framework.cache` of all environments and of production. */
function cachesIn(documents: readonly YamlNode[]): readonly YamlNode[] {
  return documents
    .flatMap((root) => [at(root, 'framework', 'cache'), at(root, 'when@prod', 'framework', 'cache')])
    .flatMap((node) => node ?? [])
}

function livesIn(adapter: string, directory: string | undefined): SignalPool['lives'] {
  if (/^cache\.adapter\.(redis|memcached|pdo|doctrine_dbal|couchbase)/.test(adapter)) return 'shared'
  if (/^cache\.adapter\.(apcu|array|system)$/.test(adapter)) return 'own'
  if (!/^cache\.adapter\.(filesystem|php_?files)/.test(adapter)) return 'unknown'
  if (directory === undefined || /%kernel\.(cache_dir|project_dir|build_dir)%/.test(directory)) return 'own'
  return 'shared'
}
