import { node, type Held, type Maker, type Node, type Row } from './node.ts'

type Change = Row<[Held], { readonly nodes: readonly Node[]; readonly held: Held }>

/** A row whose line makes `y` of `x`. */
function row(
  tag: string,
  line: (x: string, y: string, maker: Maker, kind: Held['kind']) => string,
  more: Partial<Change> = {},
): Change {
  return {
    tag,
    ...more,
    make: (maker, held) => {
      const y = maker.name(held.kind === 'root' ? 'where' : 'part')
      return { nodes: [node(line(held.name, y, maker, held.kind), tag)], held: { name: y, kind: held.kind } }
    },
  }
}

const value = (kind: Held['kind']): string => (kind === 'root' ? '/srv/app' : 'v42')

/** What a script does to a value on its way: copies and every operator of the shell. */
export const changes: readonly Change[] = [
  row('change:copy', (x, y, maker) => maker.pick([`${y}=$${x}`, `${y}="$${x}"`, `${y}="\${${x}}"`]), { weight: 3 }),
  row(
    'change:%',
    (x, y, maker) => `${y}=${maker.pick([`\${${x}%/}`, `"\${${x}%/}"`, `\${${x}%-*}`, `\${${x}%.git}`])}`,
    { weight: 2 },
  ),
  row('change:%%', (x, y, maker) => `${y}=${maker.pick([`\${${x}%%/}`, `\${${x}%%-*}`, `"\${${x}%%:*}"`])}`, {
    weight: 2,
  }),
  row('change:#', (x, y) => `${y}=\${${x}#v}`, { kind: 'name', weight: 2 }),
  row('change:##', (x, y) => `${y}="\${${x}##*/}"`, { kind: 'name', weight: 2 }),
  row('change:# on a path', (x, y) => `${y}=\${${x}#file:}`, { kind: 'root' }),
  row('change:/', (x, y, maker) => `${y}=${maker.pick([`\${${x}/ /}`, `"\${${x}/-/_}"`])}`, { bash: true, weight: 2 }),
  row(
    'change://',
    (x, y, maker) => `${y}=${maker.pick([`\${${x}// /_}`, `"\${${x}//./-}"`, `\${${x}//[^a-z0-9\\/]/}`])}`,
    { bash: true, weight: 2 },
  ),
  row('change:^', (x, y, maker) => `${y}=${maker.pick([`\${${x}^}`, `\${${x}^^}`])}`, {
    bash: true,
    kind: 'name',
    weight: 2,
  }),
  row('change:,', (x, y, maker) => `${y}=${maker.pick([`\${${x},}`, `\${${x},,}`])}`, { bash: true, weight: 2 }),
  row('change:@', (x, y, maker) => `${y}=${maker.pick([`\${${x}@L}`, `\${${x}@E}`])}`, { bash: true, weight: 2 }),
  row('change:a:b', (x, y, maker) => `${y}=${maker.pick([`\${${x}:0:40}`, `\${${x}:0}`, `"\${${x}:0:8}"`])}`, {
    bash: true,
    weight: 2,
  }),
  row(
    'change::-',
    (x, y, maker, kind) => `${y}=${maker.pick([`\${${x}:-${value(kind)}}`, `"\${${x}:-${value(kind)}}"`])}`,
    { weight: 2 },
  ),
  row('change:-', (x, y, _maker, kind) => `${y}=\${${x}-${value(kind)}}`, { weight: 2 }),
  row('change::=', (x, y, _maker, kind) => `${y}="\${${x}:=${value(kind)}}"`),
  row('change:=', (x, y, _maker, kind) => `${y}="\${${x}=${value(kind)}}"`),
  row('change::?', (x, y, maker) => `${y}=${maker.pick([`\${${x}:?}`, `"\${${x}:?is needed}"`])}`, { weight: 2 }),
  row('change:?', (x, y) => `${y}=\${${x}?}`, { weight: 2 }),
  row('change::+', (x, y, maker, kind) => `${y}=${maker.pick([`\${${x}:+$${x}}`, `\${${x}:+${value(kind)}}`])}`, {
    weight: 2,
  }),
  row('change:+', (x, y, maker, kind) => `${y}=${maker.pick([`\${${x}+$${x}}`, `\${${x}+${value(kind)}}`])}`, {
    weight: 2,
  }),
  row('change:nested default', (x, y, _maker, kind) => `${y}=\${${x}:-\${STAGE:-${value(kind)}}}`),
  row('change:default of another', (x, y) => `${y}=\${${x}:-$STAGE}`, { kind: 'name', weight: 2 }),
  row('change:suffix', (x, y, maker) => `${y}=${maker.pick([`$${x}/releases`, `"\${${x}}/cache"`])}`, {
    kind: 'root',
    weight: 2,
  }),
  row('change:prefix', (x, y, maker) => `${y}=${maker.pick([`"app-$${x}"`, `r\${${x}}`])}`, {
    kind: 'name',
    weight: 2,
  }),
  row('change:+=', (x, y) => `${y}=$${x}; ${y}+=`, { bash: true }),
  row('change:+= text', (x, y) => `${y}=$${x}; ${y}+=-new`, { bash: true, kind: 'name', weight: 2 }),
  row(
    'change:echo',
    (x, y, maker) =>
      `${y}=$(${maker.pick([`echo "$${x}"`, `printf '%s' "$${x}"`, `printf %s "$${x}" | tr A-Z a-z`, `echo $${x}`])})`,
    { weight: 2 },
  ),
  row(
    'change:sed',
    (x, y, maker) =>
      `${y}=$(echo "$${x}" | ${maker.pick(["sed 's/ //g'", 'tr -d " "', 'cut -d: -f1', "awk '{print $1}'"])})`,
    { weight: 2 },
  ),
  row('change:basename', (x, y) => `${y}=$(basename "$${x}")`, { kind: 'name', weight: 2 }),
  row('change:dirname', (x, y) => `${y}=$(dirname "$${x}/file")`, { kind: 'root' }),
  row(
    'change:realpath',
    (x, y, maker) =>
      `${y}=$(${maker.pick([`realpath "$${x}"`, `readlink -f "$${x}"`, `realpath -m "$${x}"`, `realpath "$${x}/"`])})`,
    { kind: 'root', weight: 2 },
  ),
  row('change:printf -v', (x, y) => `printf -v ${y} '%s' "$${x}"`, { bash: true }),
  row('change:read <<<', (x, y) => `read -r ${y} <<< "$${x}"`, { bash: true }),
  row('change:IFS read', (x, y) => `IFS=- read -r ${y} _ <<< "$${x}"`, { bash: true }),
  row(
    'change:array',
    (x, y, maker) =>
      maker.pick([
        `parts=("$${x}"); ${y}="\${parts[0]}"`,
        `parts=($${x}); ${y}=\${parts[0]}`,
        `parts=("$${x}"); ${y}="\${parts[@]}"`,
        `parts=(); parts+=("$${x}"); ${y}=\${parts[0]}`,
      ]),
    { bash: true, weight: 2 },
  ),
  row('change:set --', (x, y) => `set -- "$${x}"; ${y}=$1`),
  row('change:${!x}', (x, y) => `which=${x}; ${y}=\${!which}`, { bash: true }),
  row('change:declare -n', (x, y) => `declare -n link=${x}; ${y}=$link`, { bash: true }),
  row('change:eval', (x, y) => `eval "${y}=\\$${x}"`),
  row('change:export', (x, y) => `export ${y}="$${x}"`),
  row('change:readonly', (x, y) => `readonly ${y}=$${x}`),
  row('change:declare', (x, y, maker) => `declare ${maker.pick(['', '-r ', '-x ', '-l '])}${y}="$${x}"`, {
    bash: true,
  }),
  row(
    'change:if',
    (x, y, maker, kind) =>
      `if [ -n "$${x}" ]; then ${y}=$${x}; else ${y}=${maker.pick([value(kind), '', `$(${kind === 'root' ? 'get-root' : 'get-version'})`])}; fi`,
  ),
  row('change:&&', (x, y) => `[ -z "$${x}" ] || ${y}=$${x}`),
  row('change:case', (x, y, _maker, kind) => `case "$${x}" in /*|v*) ${y}=$${x} ;; *) ${y}=${value(kind)} ;; esac`),
  row('change:for', (x, y, maker) => `for ${y} in ${maker.pick([`"$${x}"`, `$${x}`])}; do :; done`),
  row('change:$( ) in a function', (x, y) => `echo_${y}() { echo "$1"; }; ${y}=$(echo_${y} "$${x}")`),
  row('change:tilde', (x, y) => `${y}=~/$${x}`, { kind: 'name' }),
]

/** What happens to a guarded value afterwards. */
export const undoings: readonly Row<[Held], readonly Node[]>[] = [
  {
    tag: 'undo:reassigned',
    weight: 2,
    make: (_maker, { name, kind }) => [
      node(`${name}=$(${kind === 'root' ? 'get-root' : 'get-version'})`, 'undo:reassigned'),
    ],
  },
  { tag: 'undo:unset', make: (_, { name }) => [node(`unset ${name}`, 'undo:unset')] },
  { tag: 'undo:emptied', make: (_, { name }) => [node(`${name}=`, 'undo:emptied')] },
  { tag: 'undo:subshell', weight: 2, make: (_, { name }) => [node(`( ${name}= )`, 'undo:subshell')] },
  { tag: 'undo:local', make: (_, { name }) => [node(`other() { local ${name}=; :; }; other`, 'undo:local')] },
  {
    tag: 'undo:global in function',
    weight: 2,
    make: (_, { name }) => [node(`other() { ${name}=; }; other`, 'undo:global in function')],
  },
  { tag: 'undo:default', make: (_, { name, kind }) => [node(`${name}=\${${name}:-${value(kind)}}`, 'undo:default')] },
  {
    tag: 'undo:read',
    make: (maker, { name, kind }) => (maker.stdin.push(value(kind)), [node(`read -r ${name}`, 'undo:read')]),
  },
  {
    tag: 'undo:sometimes',
    weight: 2,
    make: (_, { name }) => [node(`if [ "$STAGE" = test ]; then ${name}=; fi`, 'undo:sometimes')],
  },
  { tag: 'undo:to a literal', make: (_, { name, kind }) => [node(`${name}=${value(kind)}`, 'undo:to a literal')] },
]
