import { node, type Held, type Maker, type Node, type Row } from './node.ts'

interface Born {
  readonly nodes: readonly Node[]
  readonly held: Held
}

const placeNames = ['APP_DIR', 'DEPLOY_ROOT', 'BASE_DIR', 'DEST_PATH']
const partNames = ['VERSION', 'RELEASE', 'TAG', 'SITE_NAME']
const place = '/opt/site/'

const envName = (maker: Maker, kind: Held['kind']): string =>
  maker.name(maker.pick(kind === 'root' ? placeNames : partNames))
const value = (kind: Held['kind']): string => (kind === 'root' ? '/srv/app' : 'v42')
const ask = (kind: Held['kind']): string => (kind === 'root' ? 'get-root' : 'get-version')

/** A row whose lines set `x`, a fresh variable. `E`: a variable of the environment. */
function row(
  tag: string,
  lines: (x: string, E: string, maker: Maker, kind: Held['kind']) => string | readonly string[],
  more: Partial<Row<[Held['kind']], Born>> = {},
): Row<[Held['kind']], Born> {
  return {
    tag,
    ...more,
    make: (maker, kind) => {
      const x = maker.name(
        kind === 'root' ? maker.pick(['dir', 'root', 'base']) : maker.pick(['version', 'name', 'rel']),
      )
      const made = lines(x, envName(maker, kind), maker, kind)
      const list = typeof made === 'string' ? [made] : made
      return { nodes: list.map((text) => node(text, tag)), held: { name: x, kind } }
    },
  }
}

/** A file that the script reads: sometimes the linter sees it, and then it is there. */
function file(maker: Maker, name: string, text: string): string {
  if (maker.chance(50)) maker.beside[place + name] = text
  else maker.files[place + name] = text
  return name
}

const lone = (maker: Maker, name: string, text: string): string => ((maker.files[place + name] = text), name)

/** Where a variable gets its value. */
export const sources: readonly Row<[Held['kind']], Born>[] = [
  {
    tag: 'source:environment',
    weight: 6,
    make: (maker, kind) => {
      const name = envName(maker, kind)
      return { nodes: [node(`# ${name}: from the environment`, 'source:environment')], held: { name, kind } }
    },
  },
  row(
    'source:environment copied',
    (x, E, maker) => maker.pick([`${x}=$${E}`, `${x}="$${E}"`, `${x}="\${${E}}"`, `export ${x}=$${E}`]),
    { weight: 3 },
  ),
  row('source:environment :-', (x, E, maker) => `${x}=${maker.pick([`\${${E}:-}`, `"\${${E}-}"`])}`),
  row('source:default :-', (x, E, _maker, kind) => `${x}=\${${E}:-${value(kind)}}`),
  row('source:default -', (x, E, _maker, kind) => `${x}=\${${E}-${value(kind)}}`),
  row('source:default := on :', (x, E, _maker, kind) => [`: "\${${E}:=${value(kind)}}"`, `${x}=$${E}`]),
  row('source:default =', (x, E, _maker, kind) => [`: \${${E}=${value(kind)}}`, `${x}="$${E}"`]),
  row('source:default own name', (x, E, _maker, kind) => [`${E}=\${${E}:-${value(kind)}}`, `${x}=$${E}`]),
  row(
    'source:argument',
    (x, _E, maker, kind) => {
      const n = maker.arg(value(kind))
      return maker.pick([`${x}=$${n}`, `${x}="$${n}"`, `${x}="\${${n}}"`, `${x}=\${${n}:-}`, `readonly ${x}=$${n}`])
    },
    { weight: 5 },
  ),
  row('source:argument default', (x, _E, maker, kind) => `${x}="\${${maker.arg(value(kind))}:-${value(kind)}}"`),
  row('source:argument :?', (x, _E, maker, kind) => `${x}="\${${maker.arg(value(kind))}:?usage}"`),
  row('source:argument shift', (x, _E, maker, kind) => {
    if (maker.args.length > 0) return `${x}=$${maker.arg(value(kind))}`
    maker.arg(value(kind))
    return [`${x}=$1`, 'shift || true']
  }),
  row(
    'source:getopts',
    (x, _E, maker, kind) => {
      if (maker.args.length > 0) return `${x}=$${maker.arg(value(kind))}`
      maker.arg(`-d${value(kind)}`)
      return `while getopts d: opt; do case $opt in d) ${x}=$OPTARG ;; *) exit 2 ;; esac; done`
    },
    { weight: 2 },
  ),
  row(
    'source:option loop',
    (x, _E, maker, kind) => {
      if (maker.args.length > 0) return `${x}=$${maker.arg(value(kind))}`
      maker.arg(`--to=${value(kind)}`)
      return `${maker.pick(['', `${x}=\n`])}while [ $# -gt 0 ]; do case $1 in --to=*) ${x}=\${1#--to=} ;; esac; shift; done`
    },
    { weight: 2 },
  ),
  row(
    'source:command',
    (x, _E, maker, kind) =>
      maker.pick([
        `${x}=$(${ask(kind)})`,
        `${x}="$(${ask(kind)})"`,
        `${x}=\`${ask(kind)}\``,
        `${x}=$(${ask(kind)} 2>/dev/null)`,
      ]),
    { weight: 5 },
  ),
  row('source:git', (x, _E, maker, kind) =>
    kind === 'root'
      ? `${x}=$(git rev-parse --show-toplevel)`
      : maker.pick([`${x}=$(git describe --tags)`, `${x}=$(git rev-parse --short HEAD)`]),
  ),
  row('source:curl', (x) => `${x}=$(curl -fsS https://example.org/version)`, { kind: 'name', weight: 2 }),
  row('source:jq', (x) => `${x}=$(jq -r .version package.json)`, { kind: 'name' }),
  row(
    'source:pipe',
    (x, _E, maker) =>
      maker.pick([
        `${x}=$(list-releases | head -n 1)`,
        `${x}=$(list-releases | grep v41)`,
        `${x}=$(list-releases | sort | tail -n 1)`,
        `${x}=$(get-version | tr -d ' ')`,
      ]),
    { kind: 'name', weight: 2 },
  ),
  row('source:cat', (x, _E, maker, kind) => `${x}=$(cat ${lone(maker, 'VERSION', `${value(kind)}\n`)})`, { weight: 2 }),
  row('source:$(<file)', (x, _E, maker, kind) => `${x}=$(<${lone(maker, 'VERSION', `${value(kind)}\n`)})`, {
    bash: true,
  }),
  row(
    'source:command || exit',
    (x, _E, maker, kind) =>
      maker.pick([
        `${x}=$(${ask(kind)}) || exit 1`,
        `if ! ${x}=$(${ask(kind)}); then exit 1; fi`,
        `${x}=$(${ask(kind)}) || { echo failed >&2; exit 1; }`,
      ]),
    { weight: 2 },
  ),
  row('source:command || default', (x, _E, maker, kind) =>
    maker.pick([
      `${x}=$(${ask(kind)} || echo ${value(kind)})`,
      `${x}=$(${ask(kind)}) || ${x}=${value(kind)}`,
      `${x}=$(${ask(kind)}) || true`,
    ]),
  ),
  row(
    'source:declare $( )',
    (x, _E, maker, kind) => maker.pick([`export ${x}=$(${ask(kind)})`, `readonly ${x}=$(${ask(kind)})`]),
    { weight: 2 },
  ),
  row(
    'source:declare',
    (x, E, maker, kind) =>
      maker.pick([`declare ${x}="$(${ask(kind)})"`, `declare -r ${x}=${value(kind)}`, `typeset ${x}=$${E}`]),
    { bash: true },
  ),
  row('source:date', (x, _E, maker) => `${x}=$(date +${maker.pick(['%Y%m%d', '%s', '%F'])})`, {
    kind: 'name',
    weight: 2,
  }),
  row('source:hostname', (x) => `${x}=$(hostname)`, { kind: 'name' }),
  row('source:whoami', (x, _E, maker) => `${x}=$(${maker.pick(['whoami', 'id -u', 'id -un'])})`, { kind: 'name' }),
  row('source:nproc', (x) => `${x}=$(nproc)`, { kind: 'name' }),
  row('source:uname', (x) => `${x}=$(uname -s)`, { kind: 'name' }),
  row(
    'source:arithmetic',
    (x, _E, maker) => maker.pick([`${x}=$((40 + 2))`, `${x}=$(( $(date +%s) / 2 ))`, `${x}=$#`, `${x}=$$`, `${x}=$?`]),
    { kind: 'name' },
  ),
  row(
    'source:mktemp',
    (x, _E, maker) => maker.pick([`${x}=$(mktemp -d)`, `${x}="$(mktemp -d)"`, `${x}=$(mktemp -d /tmp/work.XXXXXX)`]),
    { kind: 'root', weight: 2 },
  ),
  row('source:mktemp || exit', (x) => `${x}=$(mktemp -d) || exit 1`, { kind: 'root' }),
  row('source:pwd', (x, _E, maker) => maker.pick([`${x}=$(pwd)/build`, `${x}=$PWD/build`, `${x}=$(pwd -P)/old`]), {
    kind: 'root',
  }),
  row('source:home', (x, _E, maker) => maker.pick([`${x}=$HOME/docs`, `${x}=~/docs`]), { kind: 'root' }),
  row(
    'source:script directory',
    (x, _E, maker) =>
      maker.pick([
        `${x}=$(cd "$(dirname "$0")" && pwd)/build`,
        `${x}=$(dirname "$(readlink -f "$0")")/build`,
        `${x}=\${0%/*}/build`,
      ]),
    { kind: 'root' },
  ),
  row('source:BASH_SOURCE', (x) => `${x}=$(cd "$(dirname "\${BASH_SOURCE[0]}")" && pwd)/build`, {
    kind: 'root',
    bash: true,
    weight: 2,
  }),
  row(
    'source:$(cd && pwd)',
    (x, E, maker) =>
      maker.pick([
        `${x}=$(cd "$${E}" && pwd)`,
        `${x}=$(cd /srv/app && pwd)`,
        `${x}=$(cd -- "$${E}" 2>/dev/null && pwd -P)`,
      ]),
    { kind: 'root', weight: 2 },
  ),
  row(
    'source:read',
    (x, _E, maker, kind) => {
      maker.stdin.push(value(kind))
      return maker.pick([`read ${x}`, `read -r ${x}`, `IFS= read -r ${x}`, `printf 'Which? '; read -r ${x}`])
    },
    { weight: 3 },
  ),
  row('source:read -p', (x, _E, maker, kind) => (maker.stdin.push(value(kind)), `read -rp 'Which? ' ${x}`), {
    bash: true,
  }),
  row('source:read until set', (x, _E, maker, kind) => {
    maker.stdin.push(value(kind))
    return maker.pick([
      `while [ -z "$${x}" ]; do read -r ${x} || exit 1; done`,
      `until [ -n "$${x}" ]; do read -r ${x} || break; done`,
    ])
  }),
  row('source:read < file', (x, _E, maker, kind) => `read -r ${x} < ${lone(maker, 'VERSION', `${value(kind)}\n`)}`),
  row('source:read here-document', (x, E) => `read -r ${x} <<END\n$${E}\nEND`),
  row(
    'source:read <<<',
    (x, E, maker) => maker.pick([`read -r ${x} <<< "$${E}"`, `IFS=: read -r ${x} _ <<< "$${E}:x"`]),
    { bash: true },
  ),
  row('source:read lost in a pipe', (x, _E, maker, kind) =>
    maker.pick([`${ask(kind)} | read -r ${x}`, `${ask(kind)} | while read -r line; do ${x}=$line; done`]),
  ),
  row('source:lastpipe', (x, _E, _maker, kind) => [`shopt -s lastpipe`, `${ask(kind)} | read -r ${x}`], { bash: true }),
  row('source:read loop over file', (x, _E, maker, kind) =>
    maker.pick([
      `while read -r line; do ${x}=$line; done < ${lone(maker, 'list.txt', `${value(kind)}\n`)}`,
      `while read -r ${x}; do :; done < ${lone(maker, 'list.txt', `${value(kind)}\n`)}`,
    ]),
  ),
  row(
    'source:mapfile',
    (x, _E, maker, kind) => [`mapfile -t all < ${lone(maker, 'list.txt', `${value(kind)}\n`)}`, `${x}=\${all[0]}`],
    { bash: true },
  ),
  row(
    'source:select',
    (x, _E, maker, kind) => (maker.stdin.push('1'), `select ${x} in ${value(kind)} other; do break; done`),
    { bash: true },
  ),
  row(
    'source:literal',
    (x, _E, maker, kind) =>
      maker.pick([
        `${x}=${value(kind)}`,
        `${x}='${value(kind)}'`,
        `${x}="${value(kind)}"`,
        `readonly ${x}=${value(kind)}`,
      ]),
    { weight: 3 },
  ),
  row('source:empty literal', (x) => `${x}=`),
  row(
    'source:if branches',
    (x, _E, maker, kind) => {
      const stage = maker.env('STAGE')
      const other = kind === 'root' ? '/var/www/site' : 'v41'
      return maker.pick([
        `if [ "$${stage}" = prod ]; then ${x}=${value(kind)}; else ${x}=${other}; fi`,
        `if [ "$${stage}" != test ]; then ${x}=${value(kind)}; fi`,
        `[ "$${stage}" = test ] || ${x}=${value(kind)}`,
      ])
    },
    { weight: 2 },
  ),
  row(
    'source:case branches',
    (x, _E, maker, kind) => {
      const other = kind === 'root' ? '/var/www/site' : 'v41'
      return maker.pick([
        `case "$STAGE" in prod) ${x}=${value(kind)} ;; *) ${x}=${other} ;; esac`,
        `case $STAGE in prod) ${x}=${value(kind)} ;; test) ${x}=${other} ;; esac`,
        `case $STAGE in prod) ${x}=${value(kind)} ;; *) exit 1 ;; esac`,
      ])
    },
    { weight: 2 },
  ),
  row(
    'source:array',
    (x, E, maker, kind) =>
      maker.pick([
        [`all=(${value(kind)} other)`, `${x}=\${all[0]}`],
        [`all=("$${E}")`, `${x}=\${all[0]}`],
        [`all=(one)`, `${x}=\${all[1]}`],
        ['declare -A map', `map[a]=${value(kind)}`, `${x}=\${map[a]}`],
      ]),
    { bash: true, weight: 2 },
  ),
  row('source:set --', (x, E, maker, kind) => {
    if (maker.args.length > 0) return `${x}=$${maker.arg(value(kind))}`
    maker.args.push('x', 'x')
    return [`set -- ${value(kind)} $${E}`, `${x}=$${maker.pick([1, 2])}`]
  }),
  row(
    'source:sourced file',
    (x, E, maker, kind) => {
      const name = file(maker, 'deploy.env', `${E}=${value(kind)}\nOTHER=1\n`)
      return [
        maker.pick([
          `. ./${name}`,
          `. "./${name}"`,
          `[ -f ${name} ] && . ./${name}`,
          `if [ -r ./${name} ]; then . ./${name}; fi`,
          `set -a; . ./${name}; set +a`,
        ]),
        `${x}=$${E}`,
      ]
    },
    { weight: 3 },
  ),
  row(
    'source:sourced file, source',
    (x, E, maker, kind) => [
      `source ./${file(maker, 'deploy.env', `${E}=${value(kind)}\n`)}${maker.pick(['', ' || exit 1'])}`,
      `${x}=$${E}`,
    ],
    { bash: true },
  ),
  row(
    'source:printf -v',
    (x, E, maker) => maker.pick([`printf -v ${x} '%s' "$${E}"`, `printf -v ${x} '%s-%s' "$${E}" a`]),
    { bash: true },
  ),
  row('source:declare -n', (x, E) => [`declare -n ref=${E}`, `${x}=$ref`], { bash: true }),
  row('source:${!x}', (x, E) => [`which=${E}`, `${x}=\${!which}`], { bash: true }),
  row('source:eval', (x, E, maker) => maker.pick([`eval "${x}=\\$${E}"`, `eval ${x}='"$${E}"'`])),
  row('source:printenv', (x, E) => `${x}=$(printenv ${E})`),
  row(
    'source:function output',
    (x, E, maker, kind) => {
      const body = maker.pick([`${ask(kind)}`, `echo "$${E}"`, `printf '%s\\n' ${value(kind)}`])
      return [`answer_${x}() { ${body}; }`, `${x}=$(answer_${x})`]
    },
    { weight: 2 },
  ),
  row('source:function sets', (x, E, maker, kind) => [
    `set_${x}() { ${x}=${maker.pick([`$${E}`, value(kind), `$(${ask(kind)})`, '$1'])}; }`,
    `set_${x} ${maker.pick(['', value(kind), `"$${E}"`])}`,
  ]),
  row('source:function in a subshell', (x, _E, maker, kind) =>
    maker.pick([
      `( ${x}=${value(kind)} )`,
      `{ ${x}=${value(kind)}; } | cat`,
      `true | { ${x}=${value(kind)}; }`,
      `true | { ${x}=${value(kind)}; export ${x}; }`,
      `(${x}=${value(kind)}; export ${x}; true)`,
    ]),
  ),
  row('source:ssh', (x, _E, _maker, kind) => `${x}=$(ssh web1 ${ask(kind)})`),
  row('source:sudo', (x, _E, maker, kind) => `${x}=$(sudo cat ${lone(maker, 'VERSION', `${value(kind)}\n`)})`),
]
