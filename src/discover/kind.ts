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

/** A row whose expression is tried only on paths that hold one of these, in lower case: most paths need none of them. */
interface PathRow extends Row {
  readonly holds: readonly string[]
}

// The first row that fits wins, so the narrow ones stand first.
const byPath: readonly PathRow[] = [
  { kind: 'github', holds: ['.github/workflows/'], path: /(^|\/)\.github\/workflows\/[^/]+\.ya?ml$/ },
  { kind: 'github', holds: ['action.y'], path: /(^|\/)action\.ya?ml$/ },
  { kind: 'gitlab', holds: ['.gitlab-ci.y'], path: /(^|\/)[^/]*\.gitlab-ci\.ya?ml$/ },
  { kind: 'gitlab', holds: ['.gitlab/'], path: /(^|\/)\.gitlab\/.*\.ya?ml$/ },
  { kind: 'compose', holds: ['compose'], path: /(^|\/)(docker-)?compose[^/]*\.ya?ml$/ },
  {
    kind: 'ansible',
    holds: ['.yml', '.yaml'],
    path: /(^|\/)(roles|tasks|handlers|playbooks?|group_vars|host_vars)\/(.*\/)?[^/]+\.ya?ml$/,
  },
  { kind: 'ansible', holds: ['.yml', '.yaml'], path: /(^|\/)(site|playbook|deploy|rollback|provision)[^/]*\.ya?ml$/ },
  { kind: 'yaml', holds: ['.yml', '.yaml'], path: /\.ya?ml$/ },
  {
    kind: 'dockerfile',
    holds: ['dockerfile', 'containerfile', '.docker'],
    path: /(^|\/)((Docker|Container)file([-._](?!(?:.*\.)?([cm]?[jt]sx?|md|json|ya?ml|py|go|rb|php|rs|html|java|dockerignore)$)[^/]*)?|[^/]+\.(docker|container)file)$/i,
  },
  {
    kind: 'makefile',
    holds: ['makefile', '.mk'],
    path: /(^|\/)((GNU)?[Mm]akefile([-._](?!([cm]?[jt]sx?|md|json|py|rb|php|rs|go)$)[^/]*)?|[^/]+\.mk)$/,
  },
  { kind: 'procfile', holds: ['procfile'], path: /(^|\/)Procfile[^/]*$/ },
  { kind: 'jenkinsfile', holds: ['jenkinsfile'], path: /(^|\/)Jenkinsfile[^/]*$/ },
  {
    kind: 'capistrano',
    holds: ['capfile', '.rb', '.cap', '.rake'],
    path: /(^|\/)(Capfile|config\/deploy\.rb|config\/deploy\/[^/]+\.rb|[^/]+\.(cap|rake))$/,
  },
  { kind: 'ruby', holds: ['.rb', 'gemfile', 'rakefile'], path: /(\.rb|(^|\/)(Gemfile|Rakefile))$/ },
  { kind: 'deployer', holds: ['.php'], path: /(^|\/)deploy(er)?[^/]*\.php$/ },
  { kind: 'nginx', holds: ['.inc'], path: /(^|\/)nginx[^/]*\/(.*\/)?[^/]+\.inc$/ },
  { kind: 'php', holds: ['.php', '.phtml', '.inc', '.module', '.install'], path: /\.(php|phtml|inc|module|install)$/ },
  { kind: 'typescript', holds: ['.js', '.ts', '.mjs', '.cjs', '.mts', '.cts'], path: /\.[cm]?[jt]sx?$/ },
  { kind: 'json', holds: ['.json', 'composer.lock'], path: /(\.json|(^|\/)composer\.lock)$/ },
  { kind: 'markdown', holds: ['.md', '.markdown'], path: /\.(md|markdown)$/i },
  { kind: 'supervisor', holds: ['supervisor'], path: /(^|\/)supervisor[^/]*(\/.*)?\.(conf|ini)$/ },
  {
    kind: 'pool',
    holds: ['fpm', 'pool.d/'],
    path: /(^|\/)(php-)?fpm[^/]*(\/.*)?\.conf$|(^|\/)pool\.d\/[^/]+\.conf$|(^|\/)php-fpm[^/]*\.conf$/,
  },
  { kind: 'ini', holds: ['.ini'], path: /(^|\/)(php[^/]*|[^/]*\/conf\.d\/[^/]*|\.user)\.ini([-.][^/]*)?$|\.ini$/ },
  { kind: 'caddy', holds: ['caddyfile'], path: /(^|\/)Caddyfile[^/]*$|\.caddyfile$/ },
  {
    kind: 'apache',
    holds: ['apache', 'httpd', 'a2', '.htaccess'],
    path: /(^|\/)(apache2?|httpd|a2)[^/]*(\/.*)?\.(conf|vhost|tpl|stpl)$|(^|\/)(httpd|apache2?)[^/]*\.conf[^/]*$|(^|\/)\.htaccess$/,
  },
  {
    kind: 'nginx',
    holds: ['nginx', 'fastcgi', 'sites-'],
    path: /(^|\/)nginx[^/]*(\/.*)?\.(conf|vhost|tpl|stpl|template|tmpl|j2|erb|inc|example|sample|dist)$|(^|\/)[^/]*nginx[^/]*\.(conf|vhost|template|tmpl|j2|erb|tpl)[^/]*$|(^|\/)(fastcgi_params|fastcgi\.conf)$|(^|\/)sites-(available|enabled)\/[^/]+$/,
  },
  { kind: 'env', holds: ['.env'], path: /(^|\/)\.env(\.[^/]+)?$|\.env$/ },
  { kind: 'systemd', holds: ['.service', '.timer'], path: /\.(service|timer)$/ },
  {
    kind: 'crontab',
    holds: ['cron'],
    path: /(^|\/)(crontabs?(\/[^/]+)?|crontab[^/]*|cron\.d\/[^/]+|[^/]+\.cron(tab)?)$/,
  },
  { kind: 'sql', holds: ['.sql'], path: /\.sql$/ },
  { kind: 'foreign shell', holds: ['sh', '.bats'], path: /\.(zsh|ksh|fish|csh|tcsh|bats)$/ },
  {
    kind: 'shell',
    holds: ['.sh', '.bash', '.dash', '.ash', '.command', '.husky/', '.profile'],
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
  const lower = file.toLowerCase()
  return byPath.find((row) => row.holds.some((part) => lower.includes(part)) && row.path.test(file))?.kind
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
