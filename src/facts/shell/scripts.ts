import type { Files } from '../../discover/files.ts'
import type { Source } from '../../source/source.ts'
import { wholeFile } from '../../source/piece.ts'
import { interpret } from './interpret.ts'
import type { Dialect, Script, ShellSite } from './script.ts'

/**
 * Every stretch of shell in the project, interpreted: script files, and the `hosted` ones of other languages.
 * `set`: variables that the settings say are always set. `near`: only what stands in these files; left out: all.
 */
export function scriptsOf(
  files: Files,
  hosted: readonly ShellSite[],
  set: readonly string[],
  near?: ReadonlySet<string>,
): readonly Script[] {
  const names = new Set(set)
  const sites = [...files.of('shell').map(fileSite), ...hosted].filter((site) => near?.has(site.file) ?? true)
  const alone = sites.map((site) => interpret(site, files, names))
  // What another script of the project sources runs with what that one has set: read alone, its inputs are not known.
  const sourced = new Set(alone.flatMap((script) => script.files.filter((file) => file !== script.site.file)))
  const loaded = alone.some((script) => script.loads)
  const isPart = (site: ShellSite): boolean => sourced.has(site.file) || (loaded && isFragment(site.piece.text))
  return alone.map((script) =>
    files.kind(script.site.file) === 'shell' && isPart(script.site)
      ? interpret(script.site, files, names, undefined, true)
      : script,
  )
}

/** A text that nobody starts by itself: it names no interpreter. */
const isFragment = (text: string): boolean => !text.startsWith('#!') && !/^#compdef|^#autoload/.test(text)

/** A script file as a site: started by somebody, with nothing set but its environment and its interpreter's options. */
export function fileSite(source: Source): ShellSite {
  const dialect = dialectOf(source)
  return {
    piece: wholeFile(source.file, source.text),
    file: source.file,
    name: source.file,
    shell: { dialect, flags: { errexit: false, nounset: false, pipefail: false }, interactive: false },
    given: new Map(),
    holes: [],
    host: 'here',
    via: [],
  }
}

function dialectOf(source: Source): Dialect {
  const first = source.text.slice(0, 200).split('\n')[0]!
  if (/busybox/.test(first)) return 'busybox'
  const name = /^#!.*?\b(bash|dash|ash|zsh|ksh|sh)\b/.exec(first)?.[1]
  if (name === 'ash') return 'busybox'
  if (name === 'dash' || name === 'ksh' || name === 'zsh' || name === 'sh') return name
  return 'bash'
}
