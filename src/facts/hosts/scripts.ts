import type { Label, Source } from '../../source/source.ts'
import { wholeFile } from '../../source/piece.ts'
import { directoryOf } from '../../discover/files.ts'
import { jsonOf, jsonPiece } from '../../parse/json.ts'
import { at, entriesOf, itemsOf, textAt, type YamlNode, type YamlScalar } from '../../parse/yaml.ts'
import type { Given, ShellFacts } from '../shell/script.ts'
import { literal } from '../shell/value.ts'
import { always, fixed, shellOf, type Reading } from './host.ts'

const plain: ShellFacts = {
  dialect: 'sh',
  flags: { errexit: false, nounset: false, pipefail: false },
  interactive: false,
}

/** Reads the scripts of package.json and composer.json. */
export function packageSites(source: Source, reading: Reading): void {
  const name = source.file.slice(source.file.lastIndexOf('/') + 1)
  if (name !== 'package.json' && name !== 'composer.json') return
  const { tree, errors } = jsonOf(source)
  reading.read(source.file)
  for (const error of errors) reading.unread(source.file, error)
  if (name === 'package.json') npm(source, tree, reading)
  else composer(source, tree, reading)
}

/** `npm run x` gives the script to `sh -c` in the package's directory. */
function npm(source: Source, root: YamlNode | undefined, reading: Reading): void {
  const base = wholeFile(source.file, source.text)
  const shell = shellOf([textAt(root, 'config', 'script-shell') ?? 'sh']) ?? plain
  const at0 = { file: source.file, start: 0, end: 0 }
  const given = new Map<string, Given>()
  for (const name of ['npm_package_name', 'npm_lifecycle_event', 'npm_execpath', 'npm_node_execpath', 'INIT_CWD'])
    given.set(name, always(name, at0))
  const version = textAt(root, 'version')
  if (version) given.set('npm_package_version', fixed(version, at0, 'npm sets it from package.json'))
  for (const { key, value } of entriesOf(at(root, 'scripts'))) {
    if (value.kind !== 'scalar' || value.text.trim() === '') continue
    const via = [labelOf(source, key, `npm run ${key.text}`)]
    reading.site({
      piece: jsonPiece(base, value),
      file: source.file,
      name: `script ${key.text}`,
      shell,
      given,
      holes: [],
      cwd: literal(directoryOf(source.file) || '.'),
      host: 'here',
      via,
      row: `${source.file}#${key.text}`,
      // `npm run x` runs prex, x and postx, each in a shell of its own.
      after: [`pre${key.text}`, key.text.replace(/^post/, '')].flatMap((name) =>
        name === key.text ? [] : [`${source.file}#${name}`],
      ),
    })
  }
}

function labelOf(source: Source, node: YamlNode, says: string): Label {
  return { at: { file: source.file, start: node.start, end: node.end }, says }
}

/** Composer runs each line of a script in a shell of its own and stops at the first that fails. */
function composer(source: Source, root: YamlNode | undefined, reading: Reading): void {
  const base = wholeFile(source.file, source.text)
  for (const { key, value } of entriesOf(at(root, 'scripts'))) {
    const given = new Map<string, Given>()
    const lines =
      value.kind === 'map' ? [] : itemsOf(value).filter((item): item is YamlScalar => item.kind === 'scalar')
    // Symfony Flex: only `script` entries are shell, the others are commands of the console.
    const flex = entriesOf(value).filter((entry) => textAt(entry.value) === 'script')
    const commands = value.kind === 'map' ? flex.map((entry) => entry.key) : lines
    for (const line of commands) {
      const put = /^@putenv\s+(\w+)=(.*)$/.exec(line.text)
      if (put) given.set(put[1]!, fixed(put[2]!, labelOf(source, line, '').at, `@putenv sets ${put[1]}`))
      // `@php x` runs PHP, `@composer` composer, `@other` another script, `Class::method` code.
      if (/^@|^[\w\\]+::\w+$/.test(line.text) || line.text.trim() === '') continue
      reading.site({
        piece: jsonPiece(base, line),
        file: source.file,
        name: `script ${key.text}`,
        shell: plain,
        given: new Map(given),
        holes: [],
        cwd: literal(directoryOf(source.file) || '.'),
        host: 'here',
        via: [labelOf(source, key, `composer runs ${key.text}`)],
        row: `${source.file}#${key.text}`,
      })
    }
  }
}
