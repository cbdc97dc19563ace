import { isElsewhere, type IniPlace, type IniSetting } from '../ini/setting.ts'
import { wordShape, wordText, type Script } from '../shell/script.ts'
import { spanOf } from '../../source/piece.ts'
import type { Span } from '../../source/source.ts'
import type { WrittenText } from './text.ts'

// One setting on a line of its own; `echo` and `printf` write line ends as `\n`.
const line =
  /(?:^|\n|\\n)[ \t]*(php_(?:admin_)?(?:value|flag)\[([\w.]+)\]|[a-z_]+(?:\.[a-z_]+)?)[ \t]*=[ \t]*("?)([^"\n;\\]*)\3/g

/** The PHP and FPM settings in a text that is written into a file of theirs; empty: it is another file. */
export function iniWritten(text: WrittenText): readonly IniSetting[] {
  const place = text.to === undefined ? undefined : placeOf(text.to)
  if (!place) return []
  const out: IniSetting[] = []
  for (const found of text.piece.text.matchAll(line)) {
    const [all, key, index, , value] = found
    const start = found.index + all.search(/[a-z]/)
    const at = spanOf(
      text.piece,
      start === found.index && all.startsWith('\\n') ? start + 2 : start,
      found.index + all.length,
    )
    const admin = key!.startsWith('php_admin')
    const name = index ?? (place === 'pool' ? `fpm:${key!}` : key!)
    out.push({
      name,
      value: value!.trim(),
      at,
      place: place === 'pool' && admin ? 'pool admin' : place,
      ...(isElsewhere(text.to!) || isElsewhere(text.file) ? { elsewhere: true as const } : {}),
    })
  }
  return out
}

/** What kind of PHP configuration a path names; undefined: none. */
export function placeOf(path: string): IniPlace | undefined {
  if (/\.user\.ini/.test(path)) return '.user.ini'
  if (/pool\.d\/|php-fpm\.d\/|php-?fpm[\w.-]*\.conf|(^|\/)www\.conf|fpm\/[^/]*\.conf|zz-[\w-]*\.conf/.test(path))
    return 'pool'
  if (/(^|\/)php[^/]*\.ini/.test(path) && !/conf\.d/.test(path)) return 'php.ini'
  return /\.ini\b|conf\.d\/|PHP_INI_DIR|mods-available/.test(path) ? 'conf.d' : undefined
}

/** The settings that commands change in place (`sed -i`) or give on the command line (`php-fpm -d`). */
export function iniCommanded(scripts: readonly Script[]): readonly IniSetting[] {
  return scripts.flatMap((script) =>
    script.commands.flatMap((command): readonly IniSetting[] => {
      const words = command.words.map((word) => wordText(word) ?? wordShape(word))
      if (command.name === 'sed') return substituted(command.at, words, script.site.file)
      if (!/^php-fpm/.test(command.name ?? '')) return []
      return words.flatMap((word, i) => {
        const set = /^(?:-d)?([a-z_]+(?:\.[a-z_]+)?)=(.*)$/.exec(
          word === '-d' ? '' : word.startsWith('-d') || words[i - 1] === '-d' ? word : '',
        )
        return set ? [{ name: set[1]!, value: set[2]!, at: command.at, place: 'command line' as const }] : []
      })
    }),
  )
}

function substituted(at: Span, words: readonly string[], file: string): readonly IniSetting[] {
  const to = words.slice(1).findLast((word) => placeOf(word) !== undefined && !/^s\W/.test(word))
  const place = to === undefined ? undefined : placeOf(to)
  if (!place) return []
  return words.flatMap((word) => {
    const by = /^s([^\w\s])/.exec(word)?.[1]
    const put = by === undefined ? undefined : word.split(by)[2]
    const set =
      put === undefined
        ? null
        : /^\s*(php_admin_(?:value|flag)\[([\w.]+)\]|[a-z_]+(?:\.[a-z_]+)?)\s*=\s*(.*)$/.exec(put)
    if (!set) return []
    const elsewhere = isElsewhere(to!) || isElsewhere(file) ? { elsewhere: true as const } : {}
    return [
      {
        name: set[2] ?? (place === 'pool' ? `fpm:${set[1]!}` : set[1]!),
        value: set[3]!.trim(),
        at,
        place,
        ...elsewhere,
      },
    ]
  })
}
