/** One server with one way of passing paths, one set of ini lines, and what its deploy script does around the switch. */
export interface Row {
  readonly name: string
  /** The root that SCRIPT_FILENAME and DOCUMENT_ROOT are made of. */
  readonly script: '$document_root' | '$realpath_root'
  readonly documentRoot: '$document_root' | '$realpath_root'
  readonly ini: Readonly<Record<string, string>>
  /** Lines of the deploy script before and after the switch; DIR is the row's directory. */
  readonly before?: readonly string[]
  readonly after?: readonly string[]
  /** The rule that must say it; left out: document-root-behind-symlink. */
  readonly rule?: 'stale-opcode-cache'
  /** The release that the last switch goes to, and what its files say by then; left out: 2. */
  readonly to?: string
  readonly newest?: string
  /** Also run, with ttls of seconds, by `npm test`. */
  readonly quick?: true
}

const link = { script: '$document_root', documentRoot: '$document_root' } as const
const real = { script: '$realpath_root', documentRoot: '$realpath_root' } as const
const half = { script: '$realpath_root', documentRoot: '$document_root' } as const
const other = { script: '$document_root', documentRoot: '$realpath_root' } as const

const reload = 'kill -USR2 "$(cat DIR/php-fpm.pid)"'
const reset = 'curl -fsS --unix-socket DIR/http.sock http://localhost/opcache-reset.php'
// The request that traffic would send between a reload and the switch.
const traffic =
  'for i in 1 2 3 4 5 6; do curl -fsS --unix-socket DIR/http.sock http://localhost/index.php > /dev/null; done'

const preload = { 'opcache.preload': 'DIR/current/preload.php', 'opcache.preload_user': 'nobody' }
const unchecked = { 'opcache.validate_timestamps': '0' }
// Blue and green: release 2 goes live, release 1 is written anew and goes live again under the path that it had before.
const again = {
  ...real,
  rule: 'stale-opcode-cache',
  to: '1',
  newest: '3',
  before: [
    'ln -sfn releases/2 DIR/current',
    traffic,
    "sed -i \"s/'1'/'3'/\" DIR/releases/1/*.php DIR/releases/1/public/index.php",
    'echo -n 3 > DIR/releases/1/data.txt',
  ],
} as const

/** The table of what was measured, row by row; first the settings, then the cures and what only looks like one. */
export const rows: readonly Row[] = [
  { name: 'link, defaults', ...link, ini: {}, quick: true },
  { name: 'link, validate_timestamps=0', ...link, ini: { 'opcache.validate_timestamps': '0' } },
  { name: 'link, revalidate_freq=0', ...link, ini: { 'opcache.revalidate_freq': '0' } },
  { name: 'link, revalidate_freq=60', ...link, ini: { 'opcache.revalidate_freq': '60' } },
  { name: 'link, realpath_cache_ttl=10', ...link, ini: { realpath_cache_ttl: '10' } },
  { name: 'link, realpath_cache_ttl=0', ...link, ini: { realpath_cache_ttl: '0' }, quick: true },
  { name: 'link, realpath_cache_size=0', ...link, ini: { realpath_cache_size: '0' } },
  {
    name: 'link, realpath_cache_size=0, validate_timestamps=0',
    ...link,
    ini: { realpath_cache_size: '0', 'opcache.validate_timestamps': '0' },
  },
  { name: 'link, use_cwd=0', ...link, ini: { 'opcache.use_cwd': '0' } },
  { name: 'link, opcache.enable=0', ...link, ini: { 'opcache.enable': '0' }, quick: true },
  { name: 'link, revalidate_path=1', ...link, ini: { 'opcache.revalidate_path': '1' } },
  {
    name: 'link, revalidate_path=1, validate_timestamps=0',
    ...link,
    ini: { 'opcache.revalidate_path': '1', 'opcache.validate_timestamps': '0' },
  },
  {
    name: 'link, revalidate_path=1, ttl=10, validate_timestamps=0',
    ...link,
    ini: { 'opcache.revalidate_path': '1', realpath_cache_ttl: '10', 'opcache.validate_timestamps': '0' },
  },
  {
    name: 'link, revalidate_path=1, realpath_cache_size=0',
    ...link,
    ini: { 'opcache.revalidate_path': '1', realpath_cache_size: '0' },
    quick: true,
  },
  { name: 'script real, root link, defaults', ...half, ini: {}, quick: true },
  { name: 'script real, root link, validate_timestamps=0', ...half, ini: { 'opcache.validate_timestamps': '0' } },
  { name: 'script link, root real, defaults', ...other, ini: {} },
  { name: 'real, defaults', ...real, ini: {}, quick: true },
  { name: 'real, validate_timestamps=0', ...real, ini: { 'opcache.validate_timestamps': '0' } },
  { name: 'real, opcache.enable=0', ...real, ini: { 'opcache.enable': '0' } },
  { name: 'reload after the switch', ...link, ini: {}, after: [reload], quick: true },
  { name: 'reload before the switch', ...link, ini: {}, before: [reload, 'sleep 1', traffic], quick: true },
  { name: 'reset through FPM after the switch', ...link, ini: {}, after: [reset], quick: true },
  { name: 'reset through FPM before the switch', ...link, ini: {}, before: [reset, traffic] },
  { name: 'SIGUSR1 after the switch', ...link, ini: {}, after: ['kill -USR1 "$(cat DIR/php-fpm.pid)"'], quick: true },
  {
    name: "php -r 'opcache_reset();' after the switch",
    ...link,
    ini: {},
    after: ["php -r 'opcache_reset();'"],
    quick: true,
  },
  { name: 'nginx -s reload after the switch', ...link, ini: {}, after: ['nginx -s reload -c NGINX'] },
  { name: 'touch of the new release', ...link, ini: {}, after: ['find DIR/releases/2 -name "*.php" -exec touch {} +'] },
  { name: 'real, preload, no reload', ...real, rule: 'stale-opcode-cache', ini: preload, quick: true },
  {
    name: 'real, preload, reset through FPM after the switch',
    ...real,
    rule: 'stale-opcode-cache',
    ini: preload,
    after: [reset],
  },
  {
    name: 'real, preload, reload after the switch',
    ...real,
    rule: 'stale-opcode-cache',
    ini: preload,
    after: [reload],
  },
  { name: 'real, directories used again, validate_timestamps=0', ...again, ini: unchecked, quick: true },
  { name: 'real, directories used again, validate_timestamps=0, reload', ...again, ini: unchecked, after: [reload] },
  {
    name: 'real, directories used again, validate_timestamps=0, file_cache, reload',
    ...again,
    ini: { ...unchecked, 'opcache.file_cache': 'DIR/cache' },
    after: [reload],
  },
]
