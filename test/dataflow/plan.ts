import type { Run } from './sandbox.ts'
import { answers, home, silentCommands, workingDirectory, worth } from './world.ts'

/** What a script takes from outside. Level 0 of each is that all is well. */
export interface Inputs {
  /** Variables of the environment, with their value. */
  readonly env: Readonly<Record<string, string>>
  readonly args: readonly string[]
  /** Lines that it reads from its input; undefined: it reads none. */
  readonly stdin?: string
  readonly commands: readonly string[]
  /** Directories that may not be there. */
  readonly directories: readonly string[]
  /** Files that may not be there or be empty. */
  readonly files: Readonly<Record<string, string>>
  /** Files that are always there, as the linter sees them. */
  readonly beside: Readonly<Record<string, string>>
  /** Whether it asks for its own name. */
  readonly asksName: boolean
}

const special =
  /^(HOME|PATH|PWD|OLDPWD|USER|UID|EUID|IFS|PPID|SHELL|LANG|BASH\w*|HOSTNAME|RANDOM|SECONDS|LINENO|OPT\w+|REPLY|PS\d|MAPFILE|FUNCNAME|PIPESTATUS|EPOCHSECONDS|DIRSTACK|COPROC|SHLVL|TERM|GROUPS|_)$/

/** The names of variables that a text asks for. */
export function asked(text: string): readonly string[] {
  const out = new Set<string>()
  for (const match of text.matchAll(/\$\{?[#!]?([A-Za-z_]\w*)/g)) if (!special.test(match[1]!)) out.add(match[1]!)
  for (const match of text.matchAll(/(?:-v |printenv |for \w+ in (?=[A-Z ]+;))([A-Z_ ]+)/g))
    for (const name of match[1]!.split(' ')) if (/^[A-Z_]\w*$/.test(name)) out.add(name)
  return [...out]
}

/** What a text takes from outside, told from the text alone. `given` adds what it cannot tell. */
export function inputsOf(text: string, given: Partial<Inputs> = {}): Inputs {
  const names = asked(text).filter((name) => {
    const first = text.search(new RegExp(`(^|[^\\w])${name}\\b`))
    const rest = text.slice(first).replace(/^\W/, '')
    return (
      !(
        new RegExp(`^${name}(=|\\+=|\\(|=\\()`).test(rest) &&
        !/\$\{?[!#]?$/.test(text.slice(0, first + 1)) &&
        !new RegExp(`^${name}=[^\n;]*\\$\\{?${name}\\b`).test(rest)
      ) &&
      !new RegExp(
        `\\b(for|read( -\\w+)*|local|select|declare -n|mapfile -t|getopts \\S+|printf -v) ([\\w]+ )*${name}\\b`,
      ).test(text.slice(0, first + name.length + 2))
    )
  })
  const env = given.env ?? Object.fromEntries(names.map((name) => [name, worth(name)]))
  const words: readonly string[] = text.match(/[\w.-]+/g) ?? []
  const commands = [...Object.keys(answers), 'git', 'mktemp', 'ssh', 'rsync'].filter(
    (name) => words.includes(name) && (name !== 'rsync' || /rsync[^\n]*(&&|\|\|)/.test(text)) && name !== 'ssh',
  )
  const places = [...text.matchAll(/(?:\bcd|\bpushd|-d|-e|-f|-L)[ \t]+(?:--[ \t]+)?["']?([\w./-]+)["']?/g)].map(
    (match) => match[1]!,
  )
  const absolute = places
    .filter((place) => place !== '/' && place !== '..' && place !== '.')
    .map((place) => (place.startsWith('/') ? place : `${workingDirectory}/${place}`).replace(/\/+$/, ''))
  const asksPlace = /(\bcd|\bpushd|-d|-e|-f|-s|\bls|realpath|readlink)\b[^\n;]*\$/.test(text)
  const outside = [...Object.values(env), ...(given.args ?? []), ...Object.values(given.files ?? {}), given.stdin ?? '']
  const answered = /get-root|show-toplevel|\/srv\/app/.test(text) ? ['/srv/app'] : []
  const paths = asksPlace
    ? [...answered, ...outside.flatMap((value) => value.match(/(?<=^|^--\w+=|^-\w)\/[\w./-]+$/gm) ?? [])]
    : []
  // What a value names below another, or below the home directory, may be missing as well.
  const composed = /\b(cd|pushd)\b[^\n;]*\$\{?\w+\}?["']?\/["']?\$/.test(text) ? paths.map((at) => `${at}/v42`) : []
  const below = asksPlace ? [...text.matchAll(/(?:~|\$\{?HOME\}?)["']?\/["']?([\w.-]+|\$)/g)] : []
  const homes = below.map(([, name]) => `${home}/${name === '$' ? 'v42' : name!}`)
  return {
    env: Object.fromEntries(Object.entries(env).filter(([name]) => new RegExp(`\\b${name}\\b`).test(text))),
    args: /\$[@*#1-9]|\$\{[@*#!]?[1-9@*#]|getopts|\bshift\b|\bfor \w+\s*[;\n]\s*do\b/.test(text)
      ? given.args && given.args.length > 0
        ? given.args
        : ['v42', 'site1']
      : [],
    ...(/\b(read|select|mapfile|readarray|cat)\b/.test(text) && /\b(read|select|mapfile|readarray)\b/.test(text)
      ? { stdin: given.stdin ?? 'v42\nv42\nv42\n' }
      : {}),
    commands: (given.commands ?? commands).filter((name) => words.includes(name)),
    directories: [...new Set([...(given.directories ?? [...absolute, ...paths]), ...composed, ...homes])].slice(0, 5),
    files: Object.fromEntries(
      Object.entries(given.files ?? {}).filter(([file]) => text.includes(file.replace(/^.*\//, ''))),
    ),
    beside: Object.fromEntries(
      Object.entries(given.beside ?? {}).filter(([file]) => text.includes(file.replace(/^.*\//, ''))),
    ),
    asksName: /\$0|\$\{0|BASH_SOURCE/.test(text),
  }
}

interface Dimension {
  readonly name: string
  readonly levels: readonly string[]
}

function dimensionsOf(inputs: Inputs, text: string): readonly Dimension[] {
  const twice = (name: string): boolean => text.split(name).length > 2
  const reads = /\b(read|mapfile|readarray)\b/.test(text)
  const levelsOf = (name: string): readonly string[] => {
    if (silentCommands.has(name) || name === 'mktemp' || name === 'git') return ['answers', 'fails']
    return [
      'answers',
      'fails',
      'silent',
      ...(reads ? ['prints a blank line'] : []),
      ...(twice(name) ? ['answers once'] : []),
    ]
  }
  return [
    ...Object.keys(inputs.env).map((name) => ({
      name,
      levels: ['set', 'unset', 'empty', ...(name.startsWith('STAGE') ? ['test'] : [])],
    })),
    ...inputs.args.map((_, index) => ({ name: `$${index + 1}`, levels: ['set', 'missing', 'empty'] })),
    ...inputs.commands.map((name) => ({ name, levels: levelsOf(name) })),
    ...inputs.directories.map((name) => ({ name, levels: ['there', 'not there'] })),
    ...Object.keys(inputs.files).map((name) => ({
      name,
      // A sourced file sets what it is read for: with nothing in it, it would be another file.
      levels: isSourced(name, text)
        ? ['there', 'not there']
        : ['there', 'not there', 'empty', ...(reads ? ['a blank line'] : [])],
    })),
    ...(inputs.stdin === undefined
      ? []
      : [
          {
            name: 'input',
            levels: [
              'a line',
              'end of file',
              'blank',
              ...(text.split(/\bread\b/).length > 2 ? ['a line, then blank'] : []),
              ...(/\bselect\b/.test(text) ? ['9'] : []),
            ],
          },
        ]),
    ...(inputs.asksName ? [{ name: 'name', levels: ['whole', 'bare'] }] : []),
  ]
}

const isSourced = (file: string, text: string): boolean =>
  new RegExp(
    `(^|[\\s;&|(])(\\.|source)\\s+["']?(\\./)?${file.replace(/^.*\//, '').replace(/\W/g, '\\$&')}\\b`,
    'm',
  ).test(text)

/** An argument that is there and says nothing; an option keeps its name. */
function emptied(value: string): readonly string[] {
  const long = /^(--[\w-]+=)/.exec(value)
  if (long) return [long[1]!]
  return /^-\w./.test(value) ? [value.slice(0, 2), ''] : ['']
}

const modes: Readonly<Record<string, Run['commands'][string]>> = {
  answers: 'answer',
  fails: 'fail',
  silent: 'silent',
  'prints a blank line': 'blank',
  'answers once': 'once',
}

function runOf(inputs: Inputs, dimensions: readonly Dimension[], row: readonly number[]): Run {
  const level = (name: string): string => {
    const at = dimensions.findIndex((dimension) => dimension.name === name)
    return at === -1 ? '' : dimensions[at]!.levels[row[at]!]!
  }
  const args: string[] = []
  for (const [index, value] of inputs.args.entries()) {
    const how = level(`$${index + 1}`)
    if (how === 'missing') break
    args.push(...(how === 'empty' ? emptied(value) : [value]))
  }
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(inputs.env)) {
    const how = level(name)
    if (how !== 'unset') env[name] = how === 'empty' ? '' : how === 'test' ? 'test' : value
  }
  const input = level('input')
  const file = (name: string, how: string): boolean => level(name) === how
  const names = Object.keys(inputs.files)
  return {
    env,
    args,
    commands: Object.fromEntries(inputs.commands.map((name) => [name, modes[level(name)] ?? 'answer'])),
    stdin:
      input === 'a line'
        ? inputs.stdin!
        : input === 'blank'
          ? '\n\n\n\n'
          : input === 'a line, then blank'
            ? `${inputs.stdin!.split('\n')[0]!}\n\n\n`
            : input === '9'
              ? '9\n9\n9\n'
              : '',
    missing: inputs.directories.filter((name) => level(name) === 'not there'),
    without: names.filter((name) => file(name, 'not there')),
    contents: Object.fromEntries(
      names.flatMap((name) => (file(name, 'empty') ? [[name, '']] : file(name, 'a blank line') ? [[name, '\n']] : [])),
    ),
    bare: level('name') === 'bare',
    off: row.filter((one) => one !== 0).length,
    says:
      dimensions
        .flatMap((dimension, at) => (row[at] ? [`${dimension.name} ${dimension.levels[row[at]!]}`] : []))
        .join(', ') || 'all is well',
  }
}

/** At most `most` runs: all well, each input off by itself, all off, then pairs of inputs off until every pair was met. */
export function planOf(inputs: Inputs, text: string, most = 24): readonly Run[] {
  const dimensions = dimensionsOf(inputs, text)
  const rows: number[][] = []
  const seen = new Set<string>()
  const add = (row: number[]): void => {
    if (rows.length < most && !seen.has(row.join())) {
      seen.add(row.join())
      rows.push(row)
    }
  }
  const well = dimensions.map(() => 0)
  add(well)
  for (const most of [1, 2]) add(dimensions.map((dimension) => Math.min(most, dimension.levels.length - 1)))
  dimensions.forEach((dimension, at) =>
    dimension.levels.forEach((_, level) => add(well.map((zero, i) => (i === at ? level : zero)))),
  )
  const open = new Set<string>()
  dimensions.forEach((one, i) =>
    dimensions.forEach((other, j) => {
      if (i < j) one.levels.forEach((_, a) => other.levels.forEach((_, b) => open.add(`${i} ${a} ${j} ${b}`)))
    }),
  )
  const cover = (row: readonly number[]): void => {
    row.forEach((a, i) => row.forEach((b, j) => i < j && open.delete(`${i} ${a} ${j} ${b}`)))
  }
  rows.forEach(cover)
  while (open.size > 0 && rows.length < most) {
    const [i, a, j, b] = [...open][0]!.split(' ').map(Number) as [number, number, number, number]
    const row = well.map((zero, at) => (at === i ? a : at === j ? b : zero))
    dimensions.forEach((dimension, at) => {
      if (at === i || at === j) return
      let best = 0
      let most = -1
      dimension.levels.forEach((_, level) => {
        const gain = row.filter(
          (other, k) =>
            k !== at && (open.has(`${at} ${level} ${k} ${other}`) || open.has(`${k} ${other} ${at} ${level}`)),
        ).length
        if (gain > most) [best, most] = [level, gain]
      })
      row[at] = best
    })
    cover(row)
    add(row)
  }
  return rows.map((row) => runOf(inputs, dimensions, row))
}

/** Every combination, at most `most` of them: the second look at a disagreement. */
export function allOf(inputs: Inputs, text: string, most = 243): readonly Run[] {
  const dimensions = dimensionsOf(inputs, text)
  const total = dimensions.reduce((product, dimension) => product * dimension.levels.length, 1)
  const rows: number[][] = []
  for (let n = 0; n < total && rows.length < most; n++) {
    let rest = total > most ? Math.floor((n * total) / most) : n
    rows.push(
      dimensions.map((dimension) => {
        const level = rest % dimension.levels.length
        rest = Math.floor(rest / dimension.levels.length)
        return level
      }),
    )
  }
  return [...planOf(inputs, text), ...rows.map((row) => runOf(inputs, dimensions, row))]
}
