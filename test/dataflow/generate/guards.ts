import { node, type Held, type Maker, type Node, type Row } from './node.ts'

type Guard = Row<[Held, Held], readonly Node[]>

const leave = ['exit 1', 'exit', '{ echo "not set" >&2; exit 1; }', 'exit 2'] as const

function out(maker: Maker): string {
  const how = maker.pick([...leave, 'die "not set"', 'fail'] as const)
  if (how.startsWith('die'))
    maker.helpers.set(
      'die',
      node(
        maker.pick([`die() { echo "$*" >&2; exit 1; }`, `die() {\n  printf '%s\\n' "$1" >&2\n  exit 1\n}`]),
        'helper:die',
      ),
    )
  if (how === 'fail')
    maker.helpers.set('fail', node('fail() { echo failed >&2; kill $$; sleep 1; exit 1; }', 'helper:kill'))
  return how
}

/** A guard on one line or a few: `v` is the variable, `w` another one, `o` a way out. */
function row(
  tag: string,
  line: (v: string, w: string, o: string, maker: Maker, kind: Held['kind']) => string,
  more: Partial<Guard> = {},
): Guard {
  return {
    tag,
    ...more,
    make: (maker, held, other) => [node(line(held.name, other.name, out(maker), maker, held.kind), tag)],
  }
}

const helper = (maker: Maker, name: string, text: string, ...tags: readonly string[]): void =>
  void maker.helpers.set(name, node(text, ...tags))

/** Guards, true and false ones together: the shells decide which is which. */
export const guards: readonly Guard[] = [
  row('guard:-n ||', (v, _, o, maker) => `[ -n "${maker.pick([`$${v}`, `\${${v}}`, `\${${v}:-}`])}" ] || ${o}`, {
    weight: 4,
  }),
  row('guard:-z &&', (v, _, o, maker) => `[ -z "${maker.pick([`$${v}`, `\${${v}:-}`])}" ] && ${o}`, { weight: 3 }),
  row('guard:-z if', (v, _, o) => `if [ -z "$${v}" ]; then\n  ${o}\nfi`, { weight: 4 }),
  row('guard:test -n', (v, _, o) => `test -n "$${v}" || ${o}`, { weight: 2 }),
  row('guard:plain string', (v, _, o) => `[ "$${v}" ] || ${o}`),
  row(
    'guard:[[ -n',
    (v, _, o, maker) =>
      maker.pick([`[[ -n $${v} ]] || ${o}`, `[[ -n "$${v}" ]] || ${o}`, `if [[ ! -n $${v} ]]; then ${o}; fi`]),
    { bash: true, weight: 2 },
  ),
  row(
    'guard:[[ -z',
    (v, _, o, maker) =>
      maker.pick([`[[ -z $${v} ]] && ${o}`, `if [[ -z \${${v}:-} ]]; then ${o}; fi`, `[[ ! -z $${v} ]] || ${o}`]),
    { bash: true, weight: 2 },
  ),
  row('guard:[[ word', (v, _, o) => `[[ $${v} ]] || ${o}`, { bash: true, weight: 2 }),
  row(
    'guard:!=',
    (v, _, o, maker) =>
      maker.pick(
        [
          `[ "$${v}" != "" ] || ${o}`,
          `[ "$${v}" = "" ] && ${o}`,
          `if [ "x$${v}" = x ]; then ${o}; fi`,
          `[ x"$${v}" != x ] || ${o}`,
          `[[ $${v} != "" ]] || ${o}`,
        ].slice(0, maker.bash ? 5 : 4),
      ),
    { weight: 2 },
  ),
  row(
    'guard:!',
    (v, _, o, maker) =>
      maker.pick([
        `[ ! -z "$${v}" ] || ${o}`,
        `! [ -z "$${v}" ] || ${o}`,
        `if ! [ -n "$${v}" ]; then ${o}; fi`,
        `if ! test "$${v}"; then ${o}; fi`,
      ]),
    { weight: 2 },
  ),
  row(
    'guard:length',
    (v, _, o, maker) => maker.pick([`[ \${#${v}} -gt 0 ] || ${o}`, `[ "\${#${v}}" -eq 0 ] && ${o}`]),
    { weight: 2 },
  ),
  row(
    'guard:(( ))',
    (v, _, o, maker) =>
      maker.pick([`(( \${#${v}} > 0 )) || ${o}`, `(( \${#${v}} )) || ${o}`, `if (( \${#${v}} == 0 )); then ${o}; fi`]),
    { bash: true, weight: 2 },
  ),
  row(
    'guard:=~',
    (v, _, o, maker, kind) =>
      kind === 'root'
        ? `[[ $${v} =~ ^/srv/ ]] || ${o}`
        : maker.pick([
            `[[ $${v} =~ ^v[0-9]+$ ]] || ${o}`,
            `[[ "$${v}" =~ ^[a-z0-9]+$ ]] || ${o}`,
            `if [[ ! $${v} =~ ^[[:alnum:]._-]+$ ]]; then ${o}; fi`,
          ]),
    { bash: true, weight: 3 },
  ),
  row('guard:=~ may be empty', (v, _, o) => `[[ $${v} =~ ^[a-z0-9/]*$ ]] || ${o}`, { bash: true, weight: 2 }),
  row(
    'guard:[[ pattern',
    (v, _, o, maker, kind) =>
      kind === 'root'
        ? `[[ $${v} == /srv/* ]] || ${o}`
        : maker.pick([`[[ $${v} == v* ]] || ${o}`, `[[ $${v} = ?* ]] || ${o}`]),
    { bash: true, weight: 2 },
  ),
  row('guard:any pattern', (v, _, o, maker) => maker.pick([`[[ $${v} == * ]] || ${o}`, `[[ "$${v}" = ** ]] || ${o}`]), {
    bash: true,
    weight: 3,
  }),
  row('guard:= literal', (v, _, o, _maker, kind) => `[ "$${v}" = ${kind === 'root' ? '/srv/app' : 'v42'} ] || ${o}`),
  row(
    'guard:case',
    (v, _, o, maker, kind) =>
      maker.pick([
        `case "$${v}" in\n  "") ${o} ;;\nesac`,
        `case $${v} in ""|/) ${o} ;; esac`,
        kind === 'root'
          ? `case "$${v}" in /srv/?*) ;; *) ${o} ;; esac`
          : `case $${v} in v[0-9]*|site*) ;; *) ${o} ;; esac`,
        `case "$${v}" in ?*) ;; *) ${o} ;; esac`,
        `case "$${v}" in *[!a-zA-Z0-9/._-]*|'') ${o} ;; esac`,
      ]),
    { weight: 3 },
  ),
  row('guard:case may be empty', (v, _, o) => `case "$${v}" in *..*|*//*) ${o} ;; esac`),
  row(
    'guard::?',
    (v, _, _o, maker) =>
      maker.pick([`: "\${${v}:?}"`, `: \${${v}:?must be set}`, `: "\${${v}:?}" || true`, `true "\${${v}:?}"`]),
    { weight: 4 },
  ),
  row('guard:?', (v) => `: "\${${v}?}"`),
  row('guard::? assigned', (v) => `${v}=\${${v}:?}`),
  row(
    'guard::? in a subshell',
    (v, _, _o, maker) => maker.pick([`( : "\${${v}:?}" )`, `echo "\${${v}:?}" | cat`, `x=$( : "\${${v}:?}" )`]),
    { weight: 2 },
  ),
  row(
    'guard:-d',
    (v, _, o, maker) =>
      maker.pick([`[ -d "$${v}" ] || ${o}`, `if [ ! -d "$${v}" ]; then ${o}; fi`, `test -d "$${v}" || ${o}`]),
    { kind: 'root', weight: 3 },
  ),
  row('guard:[[ -d', (v, _, o) => `[[ -d $${v} ]] || ${o}`, { kind: 'root', bash: true, weight: 3 }),
  row(
    'guard:-e',
    (v, _, o, maker) => maker.pick([`[ -e "$${v}" ] || ${o}`, `[ -s "$${v}" ] || ${o}`, `[ -r "$${v}" ] || ${o}`]),
    { kind: 'root', weight: 3 },
  ),
  row('guard:-f below', (v, _, o) => `[ -f "$${v}/current.txt" ] || ${o}`, { kind: 'root', weight: 2 }),
  row(
    'guard:-d of base and part',
    (v, _, o, maker) => maker.pick([`[ -d "/srv/app/$${v}" ] || ${o}`, `[ -d "/srv/app/releases/$${v}" ] || ${o}`]),
    { kind: 'name', weight: 2 },
  ),
  row('guard:-d with a slash', (v, _, o) => `[ -d "$${v}/" ] || ${o}`, { kind: 'root', weight: 3 }),
  row('guard:-v', (v, _, o) => `[[ -v ${v} ]] || ${o}`, { bash: true, weight: 2 }),
  row('guard:+x', (v, _, o, maker) => maker.pick([`[ "\${${v}+x}" ] || ${o}`, `[ -z "\${${v}+x}" ] && ${o}`]), {
    weight: 2,
  }),
  row('guard::+x', (v, _, o) => `[ -n "\${${v}:+x}" ] || ${o}`),
  row('false:unquoted -n', (v, _, o) => `[ -n $${v} ] || ${o}`, { weight: 2 }),
  row('false:unquoted -z', (v, _, o) => `[ -z $${v} ] && ${o}`),
  row('false:unquoted -d', (v, _, o) => `[ -d $${v} ] || ${o}`, { kind: 'root', weight: 2 }),
  row('false:unquoted -e', (v, _, o) => `test -e $${v} || ${o}`, { kind: 'root', weight: 3 }),
  row('false:unquoted =', (v, _, o, maker) => maker.pick([`[ $${v} = "" ] && ${o}`, `[ $${v} != "" ] || ${o}`]), {
    weight: 2,
  }),
  row(
    'false:!= /',
    (v, _, o, maker) => maker.pick([`[ "$${v}" != / ] || ${o}`, `if [ "$${v}" = "/" ]; then ${o}; fi`]),
    { weight: 2 },
  ),
  row(
    'false:goes on',
    (v, _, _o, maker) =>
      maker.pick([
        `[ -n "$${v}" ] || echo "not set" >&2`,
        `if [ -z "$${v}" ]; then echo "not set" >&2; fi`,
        `[ -n "$${v}" ] || true`,
        `[ -z "$${v}" ] && echo warning`,
      ]),
    { weight: 2 },
  ),
  row('false:return at the top', (v) => `[ -n "$${v}" ] || return 1`),
  row('false:another variable', (_v, w, o) => `[ -n "$${w}" ] || ${o}`, { weight: 2 }),
  row(
    'false:subshell',
    (v, _, _o, maker) =>
      maker.pick([
        `( [ -n "$${v}" ] || exit 1 )`,
        `[ -n "$${v}" ] || ( echo no; exit 1 )`,
        `{ [ -n "$${v}" ] || exit 1; } | cat`,
      ]),
    { weight: 3 },
  ),
  row(
    'false:$#',
    (_v, _, o, maker) =>
      maker.pick([`[ $# -ge 1 ] || ${o}`, `if [ $# -lt 1 ]; then ${o}; fi`, `[ "$#" -eq 0 ] && ${o}`]),
    { weight: 2 },
  ),
  row('false:prompt', (_v, _, o, maker) => {
    maker.stdin.push('y')
    return `read -r answer; [ "$answer" = y ] || ${o}`
  }),
  row('guard:both &&', (v, w, o) => `[ -n "$${v}" ] && [ -n "$${w}" ] || ${o}`, { weight: 2 }),
  row('guard:either ||', (v, w, o) => `[ -n "$${v}" ] || [ -n "$${w}" ] || ${o}`, { weight: 2 }),
  row('guard:-a', (v, w, o) => `[ -n "$${v}" -a -n "$${w}" ] || ${o}`),
  row(
    'guard:-o',
    (v, w, o, maker) =>
      maker.pick([
        `[ -z "$${v}" -o -z "$${w}" ] && ${o}`,
        `if [ "$${v}" = "" -o "$${w}" = "" ]; then ${o}; fi`,
        `test -z "$${w}" -o -z "$${v}" && ${o}`,
      ]),
    { weight: 4 },
  ),
  row(
    'guard:[[ && ]]',
    (v, w, o, maker) =>
      maker.pick([
        `[[ -n $${v} && -n $${w} ]] || ${o}`,
        `if [[ -z $${v} || -z $${w} ]]; then ${o}; fi`,
        `[[ -n $${v} || -n $${w} ]] || ${o}`,
      ]),
    { bash: true, weight: 2 },
  ),
  row('guard:if ||', (v, w, o) => `if [ -z "$${v}" ] || [ -z "$${w}" ]; then ${o}; fi`, { weight: 2 }),
  row('guard:if &&', (v, w, o) => `if [ -z "$${v}" ] && [ -z "$${w}" ]; then ${o}; fi`, { weight: 2 }),
  row(
    'guard:concatenated',
    (v, w, o, maker) =>
      maker.pick([
        `[ -n "$${v}$${w}" ] || ${o}`,
        `[ -n "$${w}$${v}" ] || ${o}`,
        `: "\${both:=$${v}$${w}}" "\${both:?}"`,
      ]),
    { weight: 4 },
  ),
  row('guard:elif', (v, _w, o) => `if [ "$STAGE" = test ]; then :; elif [ -z "$${v}" ]; then ${o}; fi`, { weight: 2 }),
  row('guard:else', (v, _w, o) => `if [ -n "$${v}" ]; then :; else ${o}; fi`),
  row('guard:exec', (v) => `[ -n "$${v}" ] || exec false`),
  row('guard:kill', (v) => `[ -n "$${v}" ] || { kill $$; exit 1; }`),
  row(
    'guard:function by value',
    (v, _, _o, maker) => {
      helper(
        maker,
        'need',
        maker.pick([
          `need() { [ -n "$1" ] || exit 1; }`,
          `need() {\n  if [ -z "$1" ]; then\n    echo "missing" >&2\n    exit 1\n  fi\n}`,
          `need() { [ -z "$1" ] && { echo missing; exit 1; }; return 0; }`,
        ]),
        'helper:by value',
      )
      return `need "$${v}"`
    },
    { weight: 3 },
  ),
  row(
    'guard:function that returns',
    (v, _, o, maker) => {
      helper(maker, 'check', `check() { [ -n "$1" ] || return 1; }`, 'helper:returns')
      return maker.pick([`check "$${v}" || ${o}`, `check "$${v}"`, `if ! check "$${v}"; then ${o}; fi`])
    },
    { weight: 2 },
  ),
  row(
    'guard:function by name, eval',
    (v, _, _o, maker) => {
      helper(
        maker,
        'need_name',
        `need_name() {\n  eval "value=\\\${$1:-}"\n  [ -n "$value" ] || exit 1\n}`,
        'helper:by name',
      )
      return `need_name ${v}`
    },
    { weight: 2 },
  ),
  row(
    'guard:function by name, ${!1}',
    (v, _, _o, maker) => {
      helper(
        maker,
        'need_var',
        maker.pick([
          `need_var() { [ -n "\${!1}" ] || exit 1; }`,
          `need_var() { [[ -n \${!1:-} ]] || { echo "$1"; exit 1; }; }`,
          `need_var() { : "\${!1:?}"; }`,
        ]),
        'helper:by name',
      )
      return `need_var ${v}`
    },
    { bash: true, weight: 2 },
  ),
  row('guard:loop over names', (v, w, o) => `for n in ${v} ${w}; do [ -n "\${!n}" ] || ${o}; done`, {
    bash: true,
    weight: 2,
  }),
  row(
    'guard:loop over names, eval',
    (v, w, o) => `for n in ${v} ${w}; do eval "value=\\$$n"; [ -n "$value" ] || ${o}; done`,
  ),
  row(
    'guard:loop over names, goes on',
    (v, w) =>
      `for n in ${v} ${w}; do [ -n "\${!n}" ] || { echo "$n" >&2; missing=1; }; done\n[ -z "$missing" ] || exit 1`,
    { bash: true, weight: 2 },
  ),
  row('guard:loop over values', (v, w, o) => `for n in "$${v}" "$${w}"; do [ -n "$n" ] || ${o}; done`),
  row('guard:function in a library', (v, _, _o, maker) => {
    ;(maker.chance(50) ? maker.files : maker.beside)['/opt/site/lib.sh'] = 'require() {\n  [ -n "$1" ] || exit 1\n}\n'
    return `. ./lib.sh\nrequire "$${v}"`
  }),
  row(
    'guard:while until set',
    (v, _, _o, maker, kind) => {
      maker.stdin.push(kind === 'root' ? '/srv/app' : 'v42')
      return maker.pick([
        `while [ -z "$${v}" ]; do ${v}=${kind === 'root' ? '/srv/app' : 'v42'}; done`,
        `while [ -z "$${v}" ]; do read -r ${v} || exit 1; done`,
      ])
    },
    { weight: 2 },
  ),
  row(
    'guard:in a function that is called',
    (v, _, _o, maker) => {
      const name = maker.name('checks')
      return `${name}() {\n  [ -n "$${v}" ] || exit 1\n}\n${name}`
    },
    { weight: 2 },
  ),
  row('false:function never called', (v, _, _o, maker) => `${maker.name('checks')}() {\n  [ -n "$${v}" ] || exit 1\n}`),
  row('false:function in $( )', (v, _, _o, maker) => {
    const name = maker.name('checks')
    return `${name}() {\n  [ -n "$${v}" ] || exit 1\n}\nfine=$(${name})`
  }),
  row('guard:set -u late', () => 'set -u'),
  row('guard:set -e test', (v, _, _o, maker) => maker.pick([`set -e\n[ -n "$${v}" ]`, `set -e; test -n "$${v}"`])),
  row('guard:mkdir', (v) => `mkdir -p "$${v}" || exit 1`, { kind: 'root', weight: 3 }),
  row('guard:cd', (v) => `( cd "$${v}" ) || exit 1`, { kind: 'root', weight: 3 }),
  row(
    'guard:default when empty',
    (v, _, _o, maker, kind) =>
      maker.pick([
        `[ -n "$${v}" ] || ${v}=${kind === 'root' ? '/srv/app' : 'v42'}`,
        `if [ -z "$${v}" ]; then ${v}=${kind === 'root' ? '/srv/app' : 'v42'}; fi`,
      ]),
    { weight: 2 },
  ),
]
