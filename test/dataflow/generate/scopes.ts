import { block, node, type Held, type Maker, type Node, type Row } from './node.ts'

/** What a scope goes around: nodes that hold a site, whose mark it may put on further lines. */
export interface Inside {
  readonly nodes: readonly Node[]
  readonly mark: string
}

type Scope = Row<[Inside], readonly Node[]>

const around = (tag: string, open: string | readonly string[], close: string, more: Partial<Scope> = {}): Scope => ({
  tag,
  make: (maker, { nodes }) => [block(typeof open === 'string' ? open : maker.pick(open), nodes, close, tag)],
  ...more,
})

const called = (tag: string, call: (name: string, maker: Maker) => string, more: Partial<Scope> = {}): Scope => ({
  tag,
  make: (maker, { nodes }) => {
    const name = maker.name(maker.pick(['deploy', 'clean', 'remove_old']))
    const open = maker.bash && maker.chance(20) ? `function ${name} {` : `${name}() {`
    return [block(open, nodes, '}', tag), node(call(name, maker), tag)]
  },
  ...more,
})

/** Where a destructive command may stand. */
export const scopes: readonly Scope[] = [
  called('scope:function', (name) => name, { weight: 4 }),
  called(
    'scope:function in a condition',
    (name, maker) =>
      maker.pick([`if ${name}; then echo done; fi`, `${name} || echo failed`, `${name} && echo done`, `! ${name}`]),
    { weight: 2 },
  ),
  called('scope:function in a subshell', (name, maker) =>
    maker.pick([`( ${name} )`, `out=$(${name})`, `${name} | cat`]),
  ),
  called('scope:main "$@"', (name) => `${name} "$@"`, { weight: 2 }),
  called('scope:function twice', (name) => `${name}; ${name}`),
  called('scope:trap function', (name, maker) => `trap ${name} ${maker.pick(['EXIT', '0', 'EXIT INT'])}`),
  around(
    'scope:if',
    ['if [ -e /srv/app ]; then', 'if check-site; then', 'if [ "$STAGE" = prod ]; then', 'if true; then'],
    'fi',
    { weight: 3 },
  ),
  around('scope:else', ['if [ "$STAGE" = test ]; then :; else', 'if ! check-site; then exit 1; else'], 'fi'),
  around('scope:elif', 'if [ "$STAGE" = test ]; then :; elif true; then', 'fi'),
  around(
    'scope:case',
    ['case "$STAGE" in prod)', 'case $STAGE in test) exit 0 ;; *)', 'case ${STAGE:-prod} in p*)'],
    ';; esac',
    { weight: 2 },
  ),
  around('scope:subshell', '(', ')', { weight: 2 }),
  around('scope:group', '{', '}', { weight: 1 }),
  around('scope:group piped', '{', '} 2>&1 | cat'),
  around('scope:subshell || exit', '(', ') || exit 1'),
  around('scope:background', ['{', '('], '} & wait', {
    make: (_, { nodes }) => [block('{', nodes, '} &\nwait', 'scope:background')],
  }),
  around(
    'scope:for words',
    ['for i in 1', 'for i in a', 'for host in web1'].map((text) => `${text}; do`),
    'done',
  ),
  around('scope:for a command', ['for r in $(list-releases); do', 'for r in `list-releases`; do'], 'done'),
  around('scope:for a glob', ['for f in /srv/app/*; do', 'for f in *.txt; do'], 'done'),
  around('scope:for arguments', ['for f in "$@"; do', 'for f; do'], 'done', {
    make: (maker, { nodes }) => (maker.arg('v42'), [block('for f in "$@"; do', nodes, 'done', 'scope:for arguments')]),
  }),
  around('scope:while read', 'list-releases | while read -r r; do', 'done'),
  around('scope:while', 'n=0; while [ $n -lt 1 ]; do n=$((n + 1))', 'done'),
  around('scope:until', 'until check-site; do check-site || break; done; if true; then', 'fi'),
  around('scope:until body', 'n=0; until [ $n -ge 1 ]; do n=$((n + 1))', 'done'),
  {
    tag: 'scope:&&',
    weight: 2,
    make: (maker, { nodes }) => [
      block(`${maker.pick(['check-site', 'true', 'cd .', '[ -d /srv ]'])} && {`, nodes, '}', 'scope:&&'),
    ],
  },
  {
    tag: 'scope:||',
    make: (maker, { nodes }) => [
      block(`${maker.pick(['check-site', 'false', '[ "$STAGE" = test ]'])} || {`, nodes, '}', 'scope:||'),
    ],
  },
  { tag: 'scope:|| true', make: (_, { nodes }) => [block('{', nodes, '} || true', 'scope:|| true')] },
  {
    tag: 'scope:set +e',
    make: (_, { nodes }) => [node('set +e', 'scope:set +e'), ...nodes, node('set -e', 'scope:set +e')],
  },
  {
    tag: 'scope:select',
    bash: true,
    make: (maker, { nodes }) => (
      maker.stdin.unshift('1'),
      [block('select s in go stop; do', nodes, 'break; done', 'scope:select')]
    ),
  },
]

const dup = (mark: string, text: string): string => `${mark}${text}`

type Change = Row<[string, string, Inside], readonly Node[]>

const cd = (
  tag: string,
  line: (A: string, B: string, maker: Maker) => string | readonly string[],
  more: Partial<Change> = {},
): Change => ({
  tag,
  make: (maker, A, B, { nodes, mark }) => {
    const made = line(A, B, maker)
    return [node(dup(mark, typeof made === 'string' ? made : maker.pick(made)), tag), ...nodes]
  },
  ...more,
})

const within = (
  tag: string,
  open: (A: string, B: string, maker: Maker) => string,
  close: string,
  more: Partial<Change> = {},
): Change => ({
  tag,
  make: (maker, A, B, { nodes, mark }) => [block(dup(mark, open(A, B, maker)), nodes, close, tag)],
  ...more,
})

/** Changes of directory before a relative target. A and B are the variables, as written. */
export const changesOfDirectory: readonly Change[] = [
  cd('cd:"$A"', (A) => [`cd "$${A}"`, `cd -- "$${A}"`, `cd "\${${A}}" 2>/dev/null`], { weight: 3 }),
  cd('cd:$A', (A) => `cd $${A}`, { weight: 2 }),
  cd('cd:"$A" || exit', (A, _, maker) => `cd "$${A}" || ${maker.pick(['exit 1', 'exit', '{ echo no; exit 1; }'])}`, {
    weight: 4,
  }),
  cd('cd:$A || exit', (A) => `cd $${A} || exit 1`, { weight: 2 }),
  cd('cd:|| true', (A) => [`cd "$${A}" || true`, `cd "$${A}" || echo no`, `cd "$${A}" || :`]),
  cd('cd:"$A/"', (A) => [`cd "$${A}/"`, `cd "$${A}/" || exit 1`]),
  cd('cd:"$A/$B"', (A, B) => [`cd "$${A}/$${B}"`, `cd "$${A}/$${B}" || exit 1`], { weight: 2 }),
  cd(
    'cd:/base/$B',
    (_, B) => [`cd /srv/app/releases/$${B} || exit 1`, `cd "/srv/app/$${B}" || exit 1`, `cd /srv/app/releases/$${B}`],
    { weight: 3 },
  ),
  cd('cd:literal', () => ['cd /srv/app', 'cd build', 'cd /var/www/site'], { weight: 2 }),
  cd(
    'cd:literal || exit',
    () => ['cd /srv/app || exit 1', 'cd build || exit 1', 'cd /srv/app || { echo no; exit 1; }'],
    { weight: 3 },
  ),
  cd('cd::?', (A) => [`cd "\${${A}:?}" || exit 1`, `cd "\${${A}:?}"`], { weight: 2 }),
  cd('cd:home', () => ['cd', 'cd ~', 'cd "$HOME"']),
  cd('cd:~/$B', (_, B) => [`cd ~/$${B} || exit 1`, `cd "$HOME/$${B}"`]),
  cd('cd:$(mktemp -d)', () => ['cd "$(mktemp -d)" || exit 1', 'cd "$(mktemp -d)"', 'cd $(mktemp -d) || exit 1']),
  cd('cd:dirname "$0"', () => [
    'cd "$(dirname "$0")" || exit 1',
    'cd "${0%/*}"',
    'cd "$(dirname "$0")"/build || exit 1',
  ]),
  cd('cd:mkdir -p', (A) => [`mkdir -p "$${A}" && cd "$${A}" || exit 1`, `mkdir -p "$${A}"\ncd "$${A}" || exit 1`]),
  cd('cd:and back', (A) => [`cd "$${A}" || exit 1; cd - > /dev/null`, `cd "$${A}" && cd ..`]),
  cd('cd:in a subshell', (A) => `( cd "$${A}" ) || exit 1`),
  cd('pushd:"$A"', (A) => [`pushd "$${A}"`, `pushd "$${A}" > /dev/null || exit 1`], { bash: true, weight: 2 }),
  cd('pushd:popd', (A) => `pushd "$${A}" > /dev/null || exit 1; popd > /dev/null`, { bash: true }),
  within('cd:"$A" &&', (A) => `cd "$${A}" && {`, '}', { weight: 3 }),
  within('cd:$A &&', (A) => `cd $${A} && {`, '}', { weight: 2 }),
  within(
    'cd:( && )',
    (A, _, maker) => `( cd ${maker.pick([`"$${A}"`, '/srv/app', 'build'])} ${maker.pick(['&&', ';', '|| exit 1;'])} {`,
    '})',
    { weight: 2 },
  ),
  within('cd:if', (A) => `if cd "$${A}"; then`, 'fi', { weight: 2 }),
  within('cd:if !', (A) => `if ! cd "$${A}"; then exit 1; else`, 'fi'),
  within('cd:-n and cd', (A) => `[ -n "$${A}" ] && cd "$${A}" && {`, '}'),
]

/** The part of a script that gives a function its variable from the caller. */
export function parameter(
  maker: Maker,
  held: Held,
  inside: (inner: Held) => { nodes: readonly Node[]; mark: string },
): readonly Node[] {
  const name = maker.name('handle')
  const inner: Held = { name: maker.name('given'), kind: held.kind }
  const { nodes, mark } = inside(inner)
  const take = maker.pick([
    `local ${inner.name}=$1`,
    `local ${inner.name}="$1"`,
    `${inner.name}=$1`,
    `local ${inner.name}="\${1:-}"`,
  ])
  const call = maker.pick([
    `${name} "$${held.name}"`,
    `${name} $${held.name}`,
    `${name} "$${held.name}" now`,
    `for each in "$${held.name}"; do ${name} "$each"; done`,
  ])
  return [
    block(`${name}() {`, [node(take, 'scope:parameter'), ...nodes], '}', 'scope:parameter'),
    node(`${mark}${call}`, 'scope:parameter'),
  ]
}

/** Loops whose variable is the value: it is empty, or there is no round. */
export function loop(maker: Maker, held: Held, inside: (inner: Held) => readonly Node[]): readonly Node[] {
  const inner: Held = { name: maker.name('each'), kind: held.kind }
  const [tag, over] = maker.pick([
    ['loop:"$x"', `"$${held.name}"`],
    ['loop:$x', `$${held.name}`],
    ['loop:words', held.kind === 'root' ? '/srv/app /var/www/site' : 'v40 v41'],
    ['loop:$( )', held.kind === 'root' ? '$(get-root)' : '$(list-releases)'],
    ['loop:"$( )"', held.kind === 'root' ? '"$(get-root)"' : '"$(get-version)"'],
    ['loop:mixed', held.kind === 'root' ? `/var/www/site "$${held.name}"` : `v41 "$${held.name}"`],
    ['loop:glob', held.kind === 'root' ? '/srv/app/releases/*' : 'v4*'],
    ['loop:"$@"', '"$@"'],
    ['loop:read', ''],
  ] as const)
  if (tag === 'loop:"$@"') maker.arg(held.kind === 'root' ? '/srv/app' : 'v42')
  if (tag === 'loop:read') {
    const from = maker.pick([held.kind === 'root' ? 'get-root' : 'list-releases', `echo "$${held.name}"`])
    return [block(`${from} | while ${maker.pick(['', 'IFS= '])}read -r ${inner.name}; do`, inside(inner), 'done', tag)]
  }
  return [block(`for ${inner.name} in ${over}; do`, inside(inner), 'done', tag)]
}
