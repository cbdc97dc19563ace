/**
 * The little world that scripts run in: a file system, commands that answer, and the values that inputs have when all is well.
 * Everything is small and fixed, so that a hazard can be judged by looking at names.
 */

/** Directories at the top of a real machine. */
export const topDirectories: readonly string[] = [
  'bin,boot,dev,etc,home,lib,lib32,lib64,media,mnt,opt,proc,root,run,sbin,srv,sys,tmp,usr,var',
].flatMap((line) => line.split(','))

/** Directories below the top that belong to the system. */
export const systemDirectories: ReadonlySet<string> = new Set([
  '/usr/bin',
  '/usr/lib',
  '/usr/local',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/share',
  '/var/lib',
  '/var/log',
  '/var/www',
  '/etc/nginx',
])

/** Where scripts are started. */
export const workingDirectory = '/opt/site'

/** The home of who starts them. */
export const home = '/home/app'

/** Every file of the world; directories are made for them. A trailing slash is an empty directory. */
export const worldFiles: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...['/srv/app', '/var/www/site'].flatMap((root) => [
      ...['v40', 'v41', 'v42'].flatMap((version) =>
        ['index.php', 'cache/a.php', 'cache/b.php', 'public/app.js', 'public/app.css', 'old/x', 'old/y'].map(
          (file) => `${root}/releases/${version}/${file}`,
        ),
      ),
      ...[
        'cache/a',
        'cache/b',
        'v42/a',
        'v42/b',
        'v42/cache/c',
        'site1/a',
        'site1/b',
        'shared/up/x',
        'shared/up/y',
      ].map((file) => `${root}/${file}`),
      `${root}/current.txt`,
    ]),
    ...['build/a', 'build/b', 'cache/a', 'cache/b', 'v42/a', 'v42/b', 'old/a', 'old/b', 'notes.txt'].map(
      (file) => `${workingDirectory}/${file}`,
    ),
    ...['docs/a', 'docs/b', 'v42/a', 'v42/b', 'mail.txt'].map((file) => `${home}/${file}`),
    ...[
      '/srv/other/a',
      '/srv/other/b',
      '/var/log/a',
      '/var/log/b',
      '/var/lib/x/y',
      '/etc/hosts',
      '/etc/nginx/a',
      '/tmp/x/y',
    ],
    ...[
      '/var/backups/v42/a',
      '/var/backups/v42/b',
      '/var/backups/v41/a',
      '/mnt/',
      '/media/',
      '/boot/',
      '/root/.profile',
    ],
  ].map((file) => [file, '']),
)

/** What a command prints when all is well. */
export const answers: Readonly<Record<string, string>> = {
  'get-version': 'v42',
  'get-name': 'site1',
  'get-root': '/srv/app',
  'list-releases': 'v40\nv41',
  'check-site': '',
  curl: 'v42',
  jq: 'v42',
  node: 'v42',
  php: 'v42',
  systemctl: '',
  composer: '',
  npm: '',
}

/** Commands that never print: they succeed or fail. */
export const silentCommands: ReadonlySet<string> = new Set(['check-site', 'systemctl', 'composer', 'npm', 'rsync'])

/** What a name is worth when nothing else says it: names of places are places, all else is a version. */
export function worth(name: string): string {
  if (/FILE/i.test(name)) return 'notes.txt'
  if (/^(YES|CONFIRM|ANSWER|OK|reply)$/i.test(name)) return 'y'
  if (/^STAGE/.test(name)) return 'prod'
  if (/(DIR|ROOT|PATH|BASE|HOME|DEST|PREFIX|WHERE)/i.test(name)) return '/srv/app'
  if (/NAME|SITE|PROJECT/i.test(name)) return 'site1'
  if (/COUNT|NUM|KEEP|PORT/i.test(name)) return '5'
  return 'v42'
}
