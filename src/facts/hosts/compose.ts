import type { Source } from '../../source/source.ts'
import { slice, unixLines, type Piece } from '../../source/piece.ts'
import { at, entriesOf, isEmpty, itemsOf, scalarPiece, textAt, type YamlNode } from '../../parse/yaml.ts'
import type { Given, ShellFacts } from '../shell/script.ts'
import { argumentsPiece, dialectOf, fill, fixed, shellOf, withPlatform, type Filled, type Reading } from './host.ts'
import {
  labelOf,
  maybeHole,
  openYaml,
  putSite,
  spanIn,
  takeVariables,
  unknownHole,
  type YamlHost,
} from './yaml-host.ts'
import { spanOf } from '../../source/piece.ts'
import { wordsOf } from './words.ts'

const plain: ShellFacts = {
  dialect: 'sh',
  flags: { errexit: false, nounset: false, pipefail: false },
  interactive: false,
}

/** Reads a compose file: `command`, `entrypoint` and health checks. Only a shell that is named, and `CMD-SHELL`, is a shell. */
export function composeSites(source: Source, reading: Reading): void {
  const host = openYaml(source, reading)
  if (!host) return
  for (const { key, value } of entriesOf(at(host.root, 'services'))) {
    const given = new Map<string, Given>()
    const environment = at(value, 'environment')
    takeVariables(host, environment, `in the environment of ${key.text}`, given)
    for (const item of environment?.kind === 'list' ? environment.items : []) {
      const pair = item.kind === 'scalar' ? /^(\w+)=(.*)$/s.exec(item.text) : null
      if (pair && !pair[2]!.includes('$'))
        given.set(pair[1]!, fixed(pair[2]!, spanIn(host, item), `${pair[1]} is set in the environment of ${key.text}`))
    }
    const shell = { ...plain, ...withPlatform(textAt(value, 'image')) }
    for (const name of ['entrypoint', 'command'] as const)
      put(host, at(value, name), `service ${key.text}, ${name}`, shell, given, false)
    put(host, at(value, 'healthcheck', 'test'), `service ${key.text}, health check`, shell, given, true)
  }
}

function put(
  host: YamlHost,
  node: YamlNode | undefined,
  name: string,
  shell: ShellFacts,
  given: ReadonlyMap<string, Given>,
  check: boolean,
): void {
  if (!node || isEmpty(node)) return
  let words: readonly Piece[]
  if (node.kind === 'scalar') {
    const piece = interpolated(host, unixLines(scalarPiece(host.base, node)))
    if (check) return putSite(host, { piece, name, shell, given, via: [labelOf(host, node, name)] })
    words = wordsOf(piece)
  } else
    words = itemsOf(node).flatMap((item) =>
      item.kind === 'scalar' ? [interpolated(host, unixLines(scalarPiece(host.base, item)))] : [],
    )
  const first = words[0]?.text
  if (first === undefined || first === 'NONE') return
  const common = { name, given, via: [labelOf(host, node, name)] }
  if (first === 'CMD-SHELL' && words[1]) return putSite(host, { ...common, piece: words[1], shell })
  const own = first === 'CMD' ? words.slice(1) : words
  const flag = own.findIndex((word, i) => i > 0 && /^-[a-z]*c$/.test(word.text))
  const started =
    flag > 0 && own[flag + 1] && dialectOf(own[0]!.text)
      ? shellOf(
          own.slice(0, flag + 1).map((word) => word.text),
          shell,
        )
      : undefined
  if (started) {
    const { dialect, flags } = started
    putSite(host, {
      ...common,
      piece: own[flag + 1]!,
      shell: { ...shell, dialect: dialectOf(own[0]!.text) ?? dialect, flags },
    })
  } else putSite(host, { ...common, piece: argumentsPiece(host.base, own), shell })
}

/** Compose fills `$X` from its own environment before the container starts; `$$` is a `$` for the container. */
function interpolated(host: YamlHost, piece: Piece): Piece {
  const holes: Filled[] = []
  for (const found of piece.text.matchAll(/\$\$|\$\{(\w+)(?:(:?[-?+])([^}]*))?\}|\$([A-Za-z_]\w*)/g)) {
    const start = found.index
    const end = start + found[0].length
    const place = spanOf(piece, start, end)
    if (found[0] === '$$') holes.push({ start, end, is: { text: '$', escape: true } })
    else if (found[2] === ':?' || (found[2]?.endsWith('-') && found[3] !== ''))
      holes.push({ start, end, is: unknownHole(found[0], place) })
    else
      holes.push({
        start,
        end,
        is: maybeHole(found[0], place, 'is empty when neither .env nor the environment of compose sets it'),
      })
  }
  const escape = (text: string): string => text.replaceAll('$', '$$$$')
  return holes.length === 0 && !/[\uE000-\uF8FF]/.test(piece.text)
    ? slice(piece, 0, piece.text.length)
    : fill(piece, holes, host.origins, { escape })
}
