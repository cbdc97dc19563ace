/**
 * What programs print when they succeed, for `$( … )`. `sure`: they do not fail as people use them and always print.
 * `prints`: they print something or fail. Everything else can succeed in silence.
 */
const sure = new Set([
  'date',
  'pwd',
  'whoami',
  'id',
  'hostname',
  'uname',
  'nproc',
  'arch',
  'tty',
  'logname',
  'wc',
  'seq',
  'getconf',
  'dirname',
  'basename',
  'uuidgen',
  'tput',
  'md5sum',
  'sha1sum',
  'sha256sum',
  'shasum',
  'stty',
  'umask',
  'expr',
  'bc',
  'cksum',
  'printf',
  'lsb_release',
  'dpkg-architecture',
  'shuf',
  'factor',
  'numfmt',
  'openssl',
  'cygpath',
  'od',
])
const prints = new Set([
  'mktemp',
  'tempfile',
  'realpath',
  'readlink',
  'which',
  'stat',
  'base64',
  'gmktemp',
  'greadlink',
  'grealpath',
  'md5',
  'type',
  'systemd-escape',
  'getopt',
  'du',
  'df',
  'nginx',
  'php-config',
])
/** Subcommands that print or fail: `git rev-parse`, `git describe`. */
const printsWith: Readonly<Record<string, RegExp>> = {
  git: /^(rev-parse|describe|hash-object|merge-base|symbolic-ref|rev-list|write-tree|commit-tree)$/,
  command: /^-[vV]$/,
  brew: /^--(prefix|cellar|repository)/,
  npm: /^(root|prefix|bin|--version|-v)$/,
  node: /^(--version|-v)$/,
  php: /^(--version|-v)$/,
  xcode: /^-print/,
  go: /^(env|version)$/,
  mix: /^--version$/,
}
/** Programs that print a path from the root. */
const absolute = new Set(['pwd', 'mktemp', 'realpath', 'tempfile', 'gmktemp', 'grealpath'])

/** Programs whose output is empty when their input is; the value says whether they can also swallow a full input. */
const filters: Readonly<Record<string, 'never' | 'maybe' | 'unknown'>> = {
  cat: 'never',
  tr: 'unknown',
  sed: 'unknown',
  cut: 'unknown',
  awk: 'unknown',
  gawk: 'unknown',
  mawk: 'unknown',
  head: 'never',
  tail: 'never',
  sort: 'never',
  uniq: 'never',
  rev: 'never',
  tac: 'never',
  grep: 'maybe',
  egrep: 'maybe',
  fgrep: 'maybe',
  jq: 'maybe',
  yq: 'maybe',
  column: 'never',
  fold: 'never',
  nl: 'never',
  iconv: 'unknown',
  xargs: 'unknown',
  tee: 'never',
  fmt: 'never',
  perl: 'unknown',
}

/** What a program does to standard output. */
export type Output = 'sure' | 'prints' | 'maybe'

/** What a command is known to print when it succeeds. */
export function outputOf(name: string, second: string | undefined): Output {
  if (sure.has(name)) return 'sure'
  if (prints.has(name) || (second !== undefined && Object.hasOwn(printsWith, name) && printsWith[name]!.test(second)))
    return 'prints'
  return 'maybe'
}

/** Whether a command prints what it reads: can it print nothing of a full input; undefined: it is no filter. */
export function filterOf(name: string): 'never' | 'maybe' | 'unknown' | undefined {
  return Object.hasOwn(filters, name) ? filters[name] : undefined
}

/** Whether a command prints an absolute path. */
export function printsAbsolute(name: string): boolean {
  return absolute.has(name)
}

/** Commands that print nothing of their own. */
export const silentCommands: ReadonlySet<string> = new Set([
  'cd',
  'mkdir',
  'rm',
  'mv',
  'cp',
  'touch',
  'chmod',
  'chown',
  'ln',
  'true',
  'false',
  ':',
  'set',
  'export',
  'local',
  'unset',
  'test',
  '[',
  'sleep',
  'return',
  'exit',
  'shift',
  'trap',
  'umask',
  'kill',
  'pushd',
  'popd',
])
