import type { Files } from '../../discover/files.ts'
import { parseDockerfile } from '../../parse/dockerfile.ts'
import { entriesOf, itemsOf, scalarPiece, textAt, yamlOf, type YamlMap, type YamlNode } from '../../parse/yaml.ts'
import { spanOf, wholeFile } from '../../source/piece.ts'
import type { Source } from '../../source/source.ts'
import { isElsewhere, type IniSetting } from '../ini/setting.ts'
import type { Script } from '../shell/script.ts'
import { placeOf } from './ini.ts'
import { writtenByShell } from './shell.ts'
import { mayWrite, type WrittenText } from './text.ts'

/** Nodes of one playbook that are looked at. */
const mostNodes = 20_000

/** Every configuration text that scripts, images and playbooks of a project write into files. */
export function writtenTexts(files: Files, scripts: readonly Script[]): readonly WrittenText[] {
  return [
    ...scripts.flatMap((script) => writtenByShell(script.site)),
    ...files.of('dockerfile').flatMap(copied),
    ...files.of('ansible', 'yaml').flatMap(played),
  ]
}

/** `COPY <<EOF /etc/nginx/conf.d/app.conf`: a file out of the Dockerfile itself. */
function copied(source: Source): readonly WrittenText[] {
  if (!mayWrite(source.text) || !source.text.includes('<<')) return []
  return parseDockerfile(wholeFile(source.file, source.text)).tree.flatMap((one) =>
    one.name === 'COPY' || one.name === 'ADD'
      ? one.heredocs.map((doc) => ({
          file: source.file,
          to: one.rest.text.trim().split(/\s+/).at(-1),
          piece: doc.body,
          via: [],
        }))
      : [],
  )
}

const contents = ['content', 'block', 'line', 'inline']
const targets = ['dest', 'path', 'destfile', 'name']

/** The texts that a playbook's `copy`, `blockinfile` and `lineinfile` write. */
function played(source: Source): readonly WrittenText[] {
  if (!mayWrite(source.text)) return []
  const base = wholeFile(source.file, source.text)
  return mapsOf(source).flatMap((map) =>
    entriesOf(map).flatMap(({ key, value }) => {
      if (value.kind !== 'scalar' || !contents.includes(key.text) || !mayWrite(value.text)) return []
      const to = targets.map((name) => textAt(map, name)).find((text) => text !== undefined)
      return [{ file: source.file, to, piece: scalarPiece(base, value), via: [] }]
    }),
  )
}

/** The settings that a playbook's `ini_file` sets: `option` and `value`. */
export function iniOptions(files: Files): readonly IniSetting[] {
  return files.of('ansible', 'yaml').flatMap((source) => {
    if (!mayWrite(source.text)) return []
    const base = wholeFile(source.file, source.text)
    return mapsOf(source).flatMap((map): readonly IniSetting[] => {
      const name = textAt(map, 'option')
      const value = textAt(map, 'value')
      const to = targets.map((one) => textAt(map, one)).find((text) => text !== undefined)
      const place = to === undefined ? undefined : placeOf(to)
      if (name === undefined || value === undefined || place === undefined) return []
      const at = spanOf(base, map.start, Math.min(map.end, map.start + 200))
      const own = place === 'pool' ? /^php_(?:admin_)?(?:value|flag)\[([\w.]+)\]$/.exec(name)?.[1] : undefined
      return [
        {
          name: own ?? (place === 'pool' ? `fpm:${name}` : name),
          value,
          at,
          place,
          ...(isElsewhere(to!) ? { elsewhere: true as const } : {}),
        },
      ]
    })
  })
}

function mapsOf(source: Source): readonly YamlMap[] {
  const open: YamlNode[] = [...yamlOf(source).tree.documents]
  const seen = new Set<YamlNode>()
  const out: YamlMap[] = []
  for (let node = open.pop(); node && seen.size < mostNodes; node = open.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    if (node.kind === 'map') out.push(node)
    open.push(...entriesOf(node).map((entry) => entry.value), ...itemsOf(node))
  }
  return out
}
