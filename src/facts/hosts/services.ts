import type { Source } from '../../source/source.ts'
import { decoder, masked, slice, spanOf, unixLines, wholeFile, type Piece } from '../../source/piece.ts'
import type { Given, ShellFacts } from '../shell/script.ts'
import { literal, type Origin } from '../shell/value.ts'
import { always, argumentsPiece, dialectOf, fill, fixed, hole, shellOf, type Filled, type Reading } from './host.ts'
import { wordsOf } from './words.ts'

const plain: ShellFacts = {
  dialect: 'sh',
  flags: { errexit: false, nounset: false, pipefail: false },
  interactive: false,
}

interface Line {
  readonly piece: Piece
  readonly start: number
  readonly end: number
}

/** The lines of a text without their ends; a backslash at the end joins lines when `joins`. */
function linesOf(base: Piece, joins: boolean): readonly Line[] {
  const out: Line[] = []
  let start = base.text.startsWith('\uFEFF') ? 1 : 0
  while (start < base.text.length) {
    const made = decoder(base)
    let at = start
    let end = start
    for (;;) {
      const found = base.text.indexOf('\n', at)
      end = found === -1 ? base.text.length : found
      const text = base.text.slice(at, end)
      const cut = joins && /\\[ \t]*$/.exec(text)
      if (!cut || found === -1) {
        made.keep(at, end)
        break
      }
      made.keep(at, at + cut.index)
      made.turn(' ', at + cut.index, end + 1)
      at = end + 1
    }
    out.push({ piece: made.piece(start, (text) => (text.includes('\n') ? undefined : text)), start, end })
    start = end + 1
  }
  return out
}

function opened(source: Source, reading: Reading): Piece {
  reading.read(source.file)
  return unixLines(masked(wholeFile(source.file, source.text), []))
}

/** Reads a Procfile: each line is `sh -c`. */
export function procfileSites(source: Source, reading: Reading): void {
  const base = opened(source, reading)
  for (const line of linesOf(base, false)) {
    const found = /^([\w-]+):\s*/.exec(line.piece.text)
    if (!found) continue
    const piece = slice(line.piece, found[0].length, line.piece.text.length)
    const at = spanOf(line.piece, 0, found[1]!.length)
    const given = new Map([['PORT', always('PORT', at)]])
    reading.site({
      piece,
      file: source.file,
      name: `process ${found[1]}`,
      shell: plain,
      given,
      holes: [],
      host: 'here',
      via: [{ at, says: `process ${found[1]}` }],
    })
  }
}

/** Reads a crontab: each entry is `sh -c` with almost nothing in its environment; `%` ends the command. */
export function crontabSites(source: Source, reading: Reading): void {
  const base = opened(source, reading)
  // System crontabs name the user; a person's own does not.
  const system = /(^|\/)(crontab|cron\.d\/[^/]+)$/.test(source.file) && !/(^|\/)crontabs?\/[^/]+$/.test(source.file)
  const given = new Map<string, Given>()
  let shell = plain
  for (const line of linesOf(base, false)) {
    const { text } = line.piece
    const at = spanOf(line.piece, 0, text.length)
    if (given.size === 0) {
      for (const name of ['LOGNAME', 'USER', 'SHELL', 'PATH']) given.set(name, always(name, at))
      given.set('HOME', always('HOME', at, true))
    }
    const variable = /^\s*["']?([A-Za-z_]\w*)["']?\s*=\s*(.*?)\s*$/.exec(text)
    if (variable) {
      const value = variable[2]!.replace(/^(["'])([^]*)\1$/, '$2')
      given.set(variable[1]!, fixed(value, at, `${variable[1]} is set in the crontab`))
      if (variable[1] === 'SHELL') shell = shellOf([value]) ?? plain
      continue
    }
    const user =
      system || /^\s*(?:@\w+|(?:\S+\s+){5})(?:root|www-data|deploy|nobody)\s+\S/.test(text)
        ? String.raw`(\S+)\s+`
        : '()'
    const entry = new RegExp(String.raw`^\s*(?:@\w+\s+|(?:[\d*,/A-Za-z-]+\s+){5})${user}(?=\S)`).exec(text)
    if (!entry || /^\s*#/.test(text)) continue
    const piece = percents(slice(line.piece, entry[0].length, text.length))
    const name = entry[1] === '' ? 'a cron job' : `a cron job of ${entry[1]}`
    reading.site({
      piece,
      file: source.file,
      name,
      shell: { ...shell, ...(entry[1] ? { user: entry[1] } : {}) },
      given: new Map(given),
      closed: true,
      holes: [],
      host: 'here',
      via: [{ at, says: 'cron starts it with almost nothing in its environment' }],
    })
  }
}

/** `\%` is `%`; a bare `%` ends the command, what follows is its input. */
function percents(piece: Piece): Piece {
  const out = decoder(piece)
  let done = 0
  for (const found of piece.text.matchAll(/\\?%/g)) {
    if (found[0] === '%') {
      out.keep(done, found.index)
      return out.piece(0, (text) => text.replaceAll('%', '\\%'))
    }
    out.keep(done, found.index)
    out.turn('%', found.index, found.index + 2)
    done = found.index + 2
  }
  out.keep(done, piece.text.length)
  return out.piece(0, (text) => text.replaceAll('%', '\\%'))
}

const systemdCommand = /^(Exec(?:Start|StartPre|StartPost|Condition|Stop|StopPost|Reload))\s*=\s*/

/** Reads a systemd unit: no shell reads `Exec…=`, but `sh -c` may stand there. */
export function systemdSites(source: Source, reading: Reading): void {
  const base = opened(source, reading)
  const lines = linesOf(base, true)
  const given = new Map<string, Given>()
  let cwd: string | undefined
  let user: string | undefined
  for (const line of lines) {
    const own = /^(Environment|WorkingDirectory|User)\s*=\s*(.*)$/s.exec(line.piece.text)
    if (!own) continue
    if (own[1] === 'WorkingDirectory') cwd = own[2]!.trim().replace(/^-/, '')
    else if (own[1] === 'User') user = own[2]!.trim()
    else
      for (const word of wordsOf(slice(line.piece, own[0].length - own[2]!.length, line.piece.text.length))) {
        const pair = /^(\w+)=([^]*)$/.exec(word.text)
        if (pair)
          given.set(
            pair[1]!,
            fixed(pair[2]!, spanOf(line.piece, 0, line.piece.text.length), `Environment= sets ${pair[1]}`),
          )
      }
  }
  const origins: Origin[] = []
  for (const line of lines) {
    const key = systemdCommand.exec(line.piece.text)
    if (!key) continue
    const prefix = /^[-@:+!|]*/.exec(line.piece.text.slice(key[0].length))![0]
    const at = spanOf(line.piece, 0, line.piece.text.length)
    const rest = slice(line.piece, key[0].length + prefix.length, line.piece.text.length)
    const found = executed(
      base,
      wordsOf(rest).map((word) => specifiers(word, given, origins)),
    )
    if (!found) continue
    reading.site({
      ...found,
      file: source.file,
      name: `${key[1]} of ${source.file.slice(source.file.lastIndexOf('/') + 1)}`,
      given,
      closed: true,
      holes: origins,
      host: 'here',
      via: [{ at, says: `${key[1]} runs without a shell, unless one is named` }],
      row: source.file,
      ...(cwd ? { cwd: literal(cwd) } : {}),
      ...(user ? { shell: { ...found.shell, user } } : {}),
      ...(prefix.includes('-')
        ? { tolerated: { at, says: 'systemd goes on when a command that begins with - fails' } }
        : {}),
    })
  }
}

/** A list of words as it runs: the script of a shell that is named, or the command itself. */
function executed(
  base: Piece,
  words: readonly Piece[],
): { readonly piece: Piece; readonly shell: ShellFacts } | undefined {
  if (words.length === 0) return undefined
  const named = words.findIndex((word) => dialectOf(word.text) !== undefined)
  const flag = words.findIndex((word, i) => i > named && /^-[a-z]*c$/.test(word.text))
  const script = named !== -1 && flag !== -1 ? words[flag + 1] : undefined
  const shell = script && shellOf(words.slice(named, flag + 1).map((word) => word.text))
  return shell ? { piece: script, shell } : { piece: argumentsPiece(base, words), shell: plain }
}

/** `$$` and `%%` are one character; `${X}` and a word `$X` are filled by systemd from the unit's environment. */
function specifiers(word: Piece, given: ReadonlyMap<string, Given>, origins: Origin[]): Piece {
  const holes: Filled[] = []
  for (const found of word.text.matchAll(/\$\$|%%|%[a-zA-Z]|\$\{(\w+)\}|^\$(\w+)$/g)) {
    const start = found.index
    const end = start + found[0].length
    const name = found[1] ?? found[2]
    if (found[0] === '$$' || found[0] === '%%') holes.push({ start, end, is: { text: found[0][0]!, escape: true } })
    else if (name === undefined)
      holes.push({
        start,
        end,
        is: {
          of: hole(
            found[0],
            spanOf(word, start, end),
            found[0] === '%i' || found[0] === '%I' ? 'maybe' : 'never',
            'is empty for a unit without an instance',
          ),
        },
      })
    else {
      const way = given.get(name)?.value.ways[0]
      const known = way?.length === 1 && 'text' in way[0]! ? way[0].text : undefined
      const is =
        known === undefined
          ? { of: hole(found[0], spanOf(word, start, end), 'maybe', 'is empty when the unit sets no such variable') }
          : { text: known }
      holes.push({ start, end, is })
    }
  }
  const escape = (text: string): string => text.replace(/[$%]/g, '$&$&')
  return holes.length === 0 ? word : fill(word, holes, origins, { layered: true, escape })
}

/** Reads supervisor's programs: no shell, unless one is named. */
export function supervisorSites(source: Source, reading: Reading): void {
  if (!/^\[(program|eventlistener|fcgi-program):/m.test(source.text)) return
  const base = opened(source, reading)
  const origins: Origin[] = []
  let section = ''
  let given = new Map<string, Given>()
  let cwd: string | undefined
  for (const line of linesOf(base, false)) {
    const { text } = line.piece
    const head = /^\s*\[([^\]]+)\]/.exec(text)
    if (head) {
      section = head[1]!
      given = new Map()
      cwd = undefined
    }
    const environment = /^\s*environment\s*=\s*(.*)$/.exec(text)
    for (const pair of environment?.[1]!.matchAll(/(\w+)\s*=\s*("[^"]*"|'[^']*'|[^,]*)/g) ?? [])
      given.set(
        pair[1]!,
        fixed(pair[2]!.replace(/^["']|["']$/g, ''), spanOf(line.piece, 0, text.length), `environment= sets ${pair[1]}`),
      )
    cwd = /^\s*directory\s*=\s*(\S+)/.exec(text)?.[1] ?? cwd
    const command = /^\s*command\s*=\s*/.exec(text)
    if (!command || !/^(program|eventlistener|fcgi-program):/.test(section)) continue
    const rest = slice(line.piece, command[0].length, text.replace(/\s;.*$/, '').length)
    const holes = [...rest.text.matchAll(/%\(([\w]+)\)[sd]|%%/g)].map((found): Filled => {
      const end = found.index + found[0].length
      if (found[0] === '%%') return { start: found.index, end, is: { text: '%', escape: true } }
      return { start: found.index, end, is: { of: hole(found[0], spanOf(rest, found.index, end), 'unknown', '') } }
    })
    const found = executed(
      base,
      wordsOf(fill(rest, holes, origins, { layered: true, escape: (edit) => edit.replaceAll('%', '%%') })),
    )
    if (!found) continue
    const at = spanOf(line.piece, 0, text.length)
    reading.site({
      ...found,
      file: source.file,
      name: section,
      given,
      holes: origins,
      host: 'here',
      via: [{ at, says: 'supervisor runs it without a shell, unless one is named' }],
      ...(cwd ? { cwd: literal(cwd) } : {}),
    })
  }
}

/** Reads Laravel Envoy's tasks: each is `bash -se` on its servers. */
export function envoySites(source: Source, reading: Reading): void {
  if (!/(^|\/)[Ee]nvoy\.blade\.php$|(^|\/)Envoy[^/]*$/.test(source.file)) return
  const base = opened(source, reading)
  const origins: Origin[] = []
  const texts = setupTexts(base.text)
  for (const found of base.text.matchAll(/^[ \t]*@task\(\s*(["'])([^"']*)\1([^\n]*)\)[ \t]*\n/gm)) {
    const start = found.index + found[0].length
    const stop = base.text.indexOf('@endtask', start)
    if (stop === -1)
      reading.unread(source.file, {
        start: found.index,
        end: base.text.length,
        says: `Envoy: the task ${found[2]} has no @endtask`,
      })
    const end = stop === -1 ? base.text.length : base.text.lastIndexOf('\n', stop) + 1
    const body = slice(base, start, Math.max(start, end))
    const local = /localhost|'local'|"local"/.test(found[3]!)
    const at = spanOf(base, found.index, found.index + found[0].trimEnd().length)
    reading.site({
      piece: blade(body, texts, base.text, origins),
      file: source.file,
      name: `task ${found[2]}`,
      shell: { dialect: 'bash', flags: { errexit: true, nounset: false, pipefail: false }, interactive: false },
      given: new Map(),
      holes: origins,
      host: local ? 'here' : 'the servers',
      ...(local ? {} : { closed: true as const }),
      via: [{ at, says: `Envoy runs the task ${found[2]}` }],
      row: source.file,
    })
  }
}

/** What `@setup` writes out: strings, and strings put together of those. A name that is set twice is not known. */
export function setupTexts(text: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  const twice = new Set<string>()
  for (const [, name = '', value = ''] of text.matchAll(/\$(\w+)\s*=(?![=>])\s*([^;\n]*);/g)) {
    const known = writtenOut(value, texts)
    if (texts.has(name) || twice.has(name) || known === undefined) {
      texts.delete(name)
      twice.add(name)
    } else texts.set(name, known)
  }
  return texts
}

/** `$path . '/releases'`, `"$path/releases"`: the text, when all of it is known. */
function writtenOut(value: string, texts: ReadonlyMap<string, string>): string | undefined {
  let out = ''
  const rest = value.replace(
    /\s*(?:'([^'\\]*)'|"([^"\\]*)"|\$(\w+))\s*(\.|$)/gy,
    (_, single?: string, double?: string, name?: string) => {
      const inner = double?.replace(/\{?\$(\w+)\}?/g, (_whole, inside: string) => texts.get(inside) ?? '\0')
      out += single ?? inner ?? texts.get(name!) ?? '\0'
      return ''
    },
  )
  return rest === '' && out !== '' && !out.includes('\0') ? out : undefined
}

/** `{{ $x }}` is filled by Envoy, which is started with `--x=…`; lines of directives go. */
function blade(body: Piece, texts: ReadonlyMap<string, string>, whole: string, origins: Origin[]): Piece {
  const holes = [
    ...body.text.matchAll(
      /\{\{--[^]*?--\}\}|\{\{\s*([^]*?)\s*\}\}|\{!!\s*([^]*?)\s*!!\}|^[ \t]*@\w+(?:[ \t]*\(.*\))?[ \t]*$/gm,
    ),
  ].map((found): Filled => {
    const { index } = found
    const end = index + found[0].length
    const inner = found[1] ?? found[2]
    if (inner === undefined) return { start: index, end, is: { text: '' } }
    const known = /^\$(\w+)$/.exec(inner)
    const text = known && texts.get(known[1]!)
    if (text) return { start: index, end, is: { text } }
    const isset =
      known === null ||
      (known && new RegExp(String.raw`\$${known[1]}\s*=[^=]|\bas\s+(?:\$\w+\s*=>\s*)?\$${known[1]}\b`).test(whole))
    const how = 'is empty when Envoy is not started with the option'
    return { start: index, end, is: { of: hole(found[0], spanOf(body, index, end), isset ? 'unknown' : 'maybe', how) } }
  })
  return holes.length === 0 ? body : fill(body, holes, origins, { layered: true })
}
