/** The languages that Shiplint reads, as whole files. */
export type Kind =
  | 'shell'
  | 'nginx'
  | 'apache'
  | 'caddy'
  | 'ini'
  | 'pool'
  | 'yaml'
  | 'github'
  | 'gitlab'
  | 'ansible'
  | 'compose'
  | 'dockerfile'
  | 'makefile'
  | 'json'
  | 'php'
  | 'deployer'
  | 'ruby'
  | 'capistrano'
  | 'typescript'
  | 'markdown'
  | 'env'
  | 'crontab'
  | 'systemd'
  | 'procfile'
  | 'jenkinsfile'
  | 'supervisor'
  | 'sql'
  | 'foreign shell' // zsh, ksh, fish, csh, bats: said to be not read

interface Row {
  readonly kind: Kind
  /** Tested against the whole path, with `/`. */
  readonly path: RegExp
}

// The first row that fits wins, so the narrow ones stand first.
const byPath: readonly Row[] = [
  { kind: 'github', path: /(^|\/)\.github\/workflows\/[^/]+\.ya?ml$/ },
  { kind: 'github', path: /(^|\/)action\.ya?ml$/ },
  { kind: 'gitlab', path: /(^|\/)[^/]*\.gitlab-ci\.ya?ml$/ },
  { kind: 'gitlab', path: /(^|\/)\.gitlab\/.*\.ya?ml$/ },
  { kind: 'compose', path: /(^|\/)(docker-)?compose[^/]*\.ya?ml$/ },
  { kind: 'ansible', path: /(^|\/)(roles|tasks|handlers|playbooks?|group_vars|host_vars)\/(.*\/)?[^/]+\.ya?ml$/ },
  { kind: 'ansible', path: /(^|\/)(site|playbook|deploy|rollback|provision)[^/]*\.ya?ml$/ },
  { kind: 'yaml', path: /\.ya?ml$/ },
  {
    kind: 'dockerfile',
    path: /(^|\/)((Docker|Container)file([-._](?!(?:.*\.)?([cm]?[jt]sx?|md|json|ya?ml|py|go|rb|php|rs|html|java|dockerignore)$)[^/]*)?|[^/]+\.(docker|container)file)$/i,
  },
  {
    kind: 'makefile',
    path: /(^|\/)((GNU)?[Mm]akefile([-._](?!([cm]?[jt]sx?|md|json|py|rb|php|rs|go)$)[^/]*)?|[^/]+\.mk)$/,
  },
  { kind: 'procfile', path: /(^|\/)Procfile[^/]*$/ },
  { kind: 'jenkinsfile', path: /(^|\/)Jenkinsfile[^/]*$/ },
  { kind: 'capistrano', path: /(^|\/)(Capfile|config\/deploy\.rb|config\/deploy\/[^/]+\.rb|[^/]+\.(cap|rake))$/ },
  { kind: 'ruby', path: /(\.rb|(^|\/)(Gemfile|Rakefile))$/ },
  { kind: 'deployer', path: /(^|\/)deploy(er)?[^/]*\.php$/ },
  { kind: 'nginx', path: /(^|\/)nginx[^/]*\/(.*\/)?[^/]+\.inc$/ },
  { kind: 'php', path: /\.(php|phtml|inc|module|install)$/ },
  { kind: 'typescript', path: /\.[cm]?[jt]sx?$/ },
  { kind: 'json', path: /(\.json|(^|\/)composer\.lock)$/ },
  { kind: 'markdown', path: /\.(md|markdown)$/i },
  { kind: 'supervisor', path: /(^|\/)supervisor[^/]*(\/.*)?\.(conf|ini)$/ },
  { kind: 'pool', path: /(^|\/)(php-)?fpm[^/]*(\/.*)?\.conf$|(^|\/)pool\.d\/[^/]+\.conf$|(^|\/)php-fpm[^/]*\.conf$/ },
  { kind: 'ini', path: /(^|\/)(php[^/]*|[^/]*\/conf\.d\/[^/]*|\.user)\.ini([-.][^/]*)?$|\.ini$/ },
  { kind: 'caddy', path: /(^|\/)Caddyfile[^/]*$|\.caddyfile$/ },
  {
    kind: 'apache',
    path: /(^|\/)(apache2?|httpd|a2)[^/]*(\/.*)?\.(conf|vhost|tpl|stpl)$|(^|\/)(httpd|apache2?)[^/]*\.conf[^/]*$|(^|\/)\.htaccess$/,
  },
  {
    kind: 'nginx',
    path: /(^|\/)nginx[^/]*(\/.*)?\.(conf|vhost|tpl|stpl|template|tmpl|j2|erb|inc|example|sample|dist)$|(^|\/)[^/]*nginx[^/]*\.(conf|vhost|template|tmpl|j2|erb|tpl)[^/]*$|(^|\/)(fastcgi_params|fastcgi\.conf)$|(^|\/)sites-(available|enabled)\/[^/]+$/,
  },
  { kind: 'env', path: /(^|\/)\.env(\.[^/]+)?$|\.env$/ },
  { kind: 'systemd', path: /\.(service|timer)$/ },
  { kind: 'crontab', path: /(^|\/)(crontabs?(\/[^/]+)?|crontab[^/]*|cron\.d\/[^/]+|[^/]+\.cron(tab)?)$/ },
  { kind: 'sql', path: /\.sql$/ },
  { kind: 'foreign shell', path: /\.(zsh|ksh|fish|csh|tcsh|bats)$/ },
  {
    kind: 'shell',
    path: /\.(sh|bash|dash|ash|command)(\.(dist|example|sample|tpl|j2|erb))?$|(^|\/)\.husky\/[^/.]+$|(^|\/)\.(bashrc|bash_profile|profile|bash_aliases)$/,
  },
]

// For names that say nothing: the interpreter line, and what the first lines look like.
const byFirstLine: readonly Row[] = [
  { kind: 'shell', path: /^#!\s*\S*\/(env\s+(-S\s*)?)?(\S*\/)?(ba|da|a)?sh\b/ },
  { kind: 'shell', path: /^#!\s*\S*busybox\s+a?sh\b/ },
  { kind: 'foreign shell', path: /^#!.*\b(zsh|m?ksh\w*|fish|t?csh|bats)\b/ },
  { kind: 'php', path: /^#!.*\bphp|^<\?php\b/ },
  { kind: 'typescript', path: /^#!.*\b(node|tsx|zx|deno|bun)\b/ },
  { kind: 'ruby', path: /^#!.*\bruby\b/ },
  { kind: 'makefile', path: /^#!.*\bmake\b/ },
]

/** The kind that the path alone tells; undefined: ask the first line. */
export function kindOfPath(file: string): Kind | undefined {
  return byPath.find((row) => row.path.test(file))?.kind
}

// What is never text of ours: looked at by nobody, so not opened either.
const assets =
  /\.(png|jpe?g|gif|ico|svg|webp|avif|bmp|tiff?|psd|css|scss|sass|less|html?|map|woff2?|ttf|otf|eot|pdf|zip|gz|bz2|xz|zst|tgz|tar|jar|war|class|so|a|o|pyc?|rs|go|java|kt|c|h|cc|cpp|hpp|cs|swift|vue|svelte|lock|csv|tsv|xml|xsd|po|mo|mp[34]|webm|ogg|wav|wasm|db|sqlite3?|exe|dll|dylib|bin|rpm|deb|snap)$/i

/** Whether the first line may tell the kind of a file whose name does not: no ending, or one that says nothing. */
export function wantsFirstLine(file: string): boolean {
  return !assets.test(file)
}

// Names under which servers' configuration stands without saying so.
function mayBeServer(file: string): boolean {
  return !/\.[A-Za-z][A-Za-z0-9]*$/.test(file) || /\.(conf|tpl|stpl|template|j2|erb|dist|example|in|cgi|d)$/.test(file)
}

/** The kind of a file by its path, then by its first characters (an interpreter line, an nginx or Apache block); undefined: not one of ours. */
export function kindOf(file: string, head: string): Kind | undefined {
  const path = kindOfPath(file)
  if (path && path !== 'shell') return path
  const first = head.slice(0, head.indexOf('\n') === -1 ? head.length : head.indexOf('\n'))
  const line = byFirstLine.find((row) => row.path.test(first))?.kind
  // `deploy.sh` that begins with `#!/bin/zsh` is zsh.
  if (path) return line === 'foreign shell' ? line : path
  if (line) return line
  if (!mayBeServer(file)) return undefined
  if (/^\s*<(VirtualHost|Directory|IfModule|Proxy)\b/im.test(head)) return 'apache'
  if (/^\s*(server|http|upstream\s+\S+|location\s[^{\n]*)\s*\{/m.test(head)) return 'nginx'
  return undefined
}
