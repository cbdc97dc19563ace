import type { Held, Maker, Row } from './node.ts'

/** What a target is made of: a place, a part, and sometimes a second part. */
export interface Made {
  readonly root: Held
  readonly part: Held
}

type Target = Row<[Made], string>

const row = (
  tag: string,
  words: (A: string, B: string, maker: Maker) => string | readonly string[],
  more: Partial<Target> = {},
): Target => ({
  tag,
  ...more,
  make: (maker, { root, part }) => {
    const made = words(root.name, part.name, maker)
    return typeof made === 'string' ? made : maker.pick(made)
  },
})

/** Which variables a target uses. */
export const uses = (word: string, { root, part }: Made): readonly Held[] =>
  [root, part].filter((held) => new RegExp(`\\$\\{?${held.name}\\b`).test(word))

/** The words that a destructive command is given. */
export const targets: readonly Target[] = [
  row('target:"$A"', (A) => [`"$${A}"`, `"\${${A}}"`], { weight: 3 }),
  row('target:$A', (A) => [`$${A}`, `\${${A}}`], { weight: 2 }),
  row('target:"$A/"', (A) => [`"$${A}/"`, `"$${A}"/`, `"\${${A}}//"`], { weight: 3 }),
  row('target:$A/', (A) => [`$${A}/`, `\${${A}}/`], { weight: 2 }),
  row('target:"$A"/*', (A) => [`"$${A}"/*`, `"\${${A}}/"*`], { weight: 4 }),
  row('target:$A/*', (A) => [`$${A}/*`, `\${${A}}/*`], { weight: 3 }),
  row('target:"$A/*" quoted', (A) => `"$${A}/*"`),
  row('target:$A/literal', (A) => [`"$${A}/cache"`, `$${A}/releases`, `"$${A}"/old`, `"$${A}/shared/up"`], {
    weight: 5,
  }),
  row('target:$A/literal/*', (A) => [`"$${A}"/cache/*`, `$${A}/shared/*`], { weight: 2 }),
  row('target:$A/system name', (A) => [`"$${A}/lib"`, `"$${A}/tmp"`, `$${A}/var`, `"$${A}/bin"`], { weight: 3 }),
  row('target:$A/system name/*', (A) => [`"$${A}"/tmp/*`, `$${A}/var/*`]),
  row('target:$A/$B', (A, B) => [`"$${A}/$${B}"`, `$${A}/$${B}`, `"\${${A}}/\${${B}}"`, `"$${A}"/"$${B}"`], {
    weight: 6,
  }),
  row('target:$A/$B/*', (A, B) => [`"$${A}/$${B}"/*`, `$${A}/$${B}/*`], { weight: 2 }),
  row(
    'target:$A/literal/$B',
    (A, B) => [`"$${A}/releases/$${B}"`, `$${A}/releases/$${B}/`, `"\${${A}}/releases/\${${B}}/"*`],
    { weight: 4 },
  ),
  row('target:$A/$B/literal', (A, B) => [`"$${A}/$${B}/cache"`, `$${A}/$${B}/old`], { weight: 3 }),
  row('target:/base/$B', (_, B) => [`"/srv/app/releases/$${B}"`, `/srv/app/releases/$${B}`, `/srv/app/"$${B}"`], {
    weight: 5,
  }),
  row('target:/base/$B/', (_, B) => [`"/srv/app/releases/$${B}/"`, `/srv/app/releases/$${B}/`], { weight: 3 }),
  row('target:/base/$B/*', (_, B) => [`/srv/app/releases/$${B}/*`, `"/srv/app/releases/$${B}"/*`], { weight: 3 }),
  row('target:/base/$B*', (_, B) => [`/srv/app/releases/$${B}*`, `"/srv/app/releases/$${B}"*`], { weight: 2 }),
  row('target:/base/prefix-$B', (_, B) => [`"/srv/app/releases/app-$${B}"`, `/srv/app/r$${B}`], { weight: 3 }),
  row(
    'target:/base/$B-suffix',
    (_, B) => [`"/srv/app/releases/$${B}.tar"`, `/srv/app/\${${B}}_old`, `"/srv/app/releases/$${B}-old"`],
    { weight: 3 },
  ),
  row('target:/base/$B/literal', (_, B) => [`"/srv/app/releases/$${B}/cache"`, `/srv/app/$${B}/old`], { weight: 3 }),
  row('target:/$B', (_, B) => [`"/$${B}"`, `/$${B}/`], { weight: 2 }),
  row('target:/var/$B', (_, B) => [`"/var/backups/$${B}"`, `/var/lib/"$${B}"`]),
  row('target:$B*', (_, B) => [`"$${B}"*`, `$${B}*`], { weight: 2 }),
  row('target:$B relative', (_, B) => [`"./$${B}"`, `./$${B}/`, `"build/$${B}"`, `./"$${B}"/*`], { weight: 2 }),
  row('target:~/$B', (_, B) => [`~/"$${B}"`, `~/$${B}`], { weight: 3 }),
  row('target:$HOME/$B', (_, B) => [`"$HOME/$${B}"`, `$HOME/$${B}/`], { weight: 3 }),
  row('target:..', (A, B) => [`"$${A}/.."`, `"$${A}/$${B}/.."`, `"$${A}/$${B}/../v41"`], { weight: 2 }),
  row('target://', (A, B) => [`"$${A}//$${B}"`, `"/$${A}/"`], { weight: 2 }),
  row(
    'target:inline :?',
    (A, B) => [
      `"\${${A}:?}/$${B}"`,
      `"\${${A}:?}/\${${B}:?}"`,
      `"\${${A}:?}"/*`,
      `"$${A}/\${${B}:?}"`,
      `/srv/app/releases/\${${B}:?no version}/`,
    ],
    { weight: 4 },
  ),
  row('target:inline ?', (A, B) => [`"\${${A}?}/$${B}"`, `/srv/app/releases/\${${B}?}`]),
  row(
    'target:inline :-',
    (A, B) => [
      `"\${${A}:-/srv/app}/$${B}"`,
      `"/srv/app/releases/\${${B}:-v42}"`,
      `"\${${A}:-}/cache"/*`,
      `"\${${A}:-}"/*`,
    ],
    { weight: 3 },
  ),
  row('target:inline %', (A, B) => [`"\${${A}%/}/$${B}"`, `"\${${A}%/}/"`, `"\${${A}%/}"/*`], { weight: 3 }),
  row('target:inline ##', (_A, B) => [`"/srv/app/\${${B}##*/}"`, `"/srv/app/\${${B}#v}"`], { weight: 2 }),
  row('target:inline :+', (A, B) => [`\${${A}:+"$${A}/$${B}"}`, `"\${${A}:+$${A}/}cache"`, `\${${A}:+"$${A}"/*}`], {
    weight: 2,
  }),
  row('target:inline //', (_, B) => [`"/srv/app/\${${B}//-/}"`, `"/srv/app/\${${B}/v/r}"`], { bash: true, weight: 2 }),
  row('target:inline ^,', (_, B) => [`"/srv/app/\${${B}^^}"`, `"/srv/app/\${${B},,}"`], { bash: true, weight: 2 }),
  row('target:inline a:b', (_, B) => [`"/srv/app/\${${B}:0:4}"`, `/srv/app/"\${${B}:1}"`], { bash: true, weight: 2 }),
  row(
    'target:inline $( )',
    (A, B) => [
      `"/srv/app/$(basename "$${B}")"`,
      `"$(dirname "$${A}/x")"/cache`,
      `"$(realpath "$${A}")/$${B}"`,
      `"/srv/app/releases/$(get-version)"`,
      `"/srv/app/releases/$(cat VERSION)/"`,
    ],
    { weight: 3 },
  ),
  row('target:$(pwd)', (_, B) => [`"$(pwd)/$${B}"`, `"$PWD/$${B}"`, `"$(pwd)"/build`], { weight: 2 }),
  row('target:array', (_A, B) => [`"\${list[@]}"`, `"\${list[@]}"/*`, `"\${list[0]}/$${B}"`, `\${list[*]}`], {
    bash: true,
    weight: 3,
  }),
  row('target:braces', (A, B) => [`"$${A}"/{cache,old}`, `$${A}/{$${B},old}`, `"$${A}/"{v40,v41}/`], {
    bash: true,
    weight: 3,
  }),
  row(
    'target:two',
    (A, B) => [`"$${A}/cache" "$${A}/$${B}"`, `"$${A}"/cache "$${A}"/old`, `"/srv/app/old" "/srv/app/$${B}"`],
    { weight: 2 },
  ),
  row(
    'target:literal',
    () => ['/srv/app/cache', '"/srv/app/releases/v40"', 'build', './cache', '/srv/app/releases/*', '/tmp/x'],
    { weight: 2 },
  ),
  row(
    'target:system as written',
    () => ['/usr /lib/app', '/', '/*', '/etc/ nginx', '/var', '~', '"$HOME"', '/usr/local'],
    { weight: 1 },
  ),
  row('target:narrow glob', (A, B) => [`"$${A}"/*.log`, `"$${A}"/cache-*`, `"$${A}"/v[0-9]*.old`, `/srv/app/*-$${B}`], {
    weight: 2,
  }),
]

/** Targets for after a change of directory. */
export const relativeTargets: readonly Target[] = [
  row('target:*', () => ['*', './*'], { weight: 4 }),
  row('target:relative', () => ['cache', './old', 'releases/v40', '"cache"'], { weight: 3 }),
  row('target:relative $B', (_, B) => [`"$${B}"`, `./"$${B}"`, `releases/$${B}`, `"./$${B}/"`], { weight: 3 }),
  row('target:relative glob', () => ['v4*', '*/cache', '*.tmp'], { weight: 1 }),
  row('target:.', () => ['.', './'], { weight: 1 }),
]
