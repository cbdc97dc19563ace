import type { Edit, Fix } from '../../source/edit.ts'
import type { Sent } from '../server/handover.ts'
import type { Placed } from './level.ts'
import { rootPaths, type Location, type Param } from './location.ts'

/** What was found out of the two parameters, and whether nginx sees the files. */
interface Given {
  readonly script: Sent
  readonly documentRoot: Sent
  readonly sees: 'yes' | 'no' | 'unknown'
}

const title = 'Pass $realpath_root, which nginx resolves at each request'

/** The edits that make a location send both paths with links resolved; undefined: none can, or nginx must not (NGX-05). */
export function mendOf(location: Location, given: Given): Fix | undefined {
  if (given.sees === 'no' || !location.from) return undefined
  const script = location.params.get('SCRIPT_FILENAME')
  const root = location.params.get('DOCUMENT_ROOT')
  if (!script || given.script.how === 'unknown' || given.documentRoot.how === 'unknown') return undefined
  const edits: Edit[] = []
  const missing: string[] = []
  if (given.script.how === 'link') {
    const edit = replaced(script, location)
    if (edit === 'insert') missing.push(`fastcgi_param SCRIPT_FILENAME $realpath_root$fastcgi_script_name;`)
    else if (edit) edits.push(...edit)
    else return undefined
  }
  if (given.documentRoot.how !== 'real') {
    const edit = root ? replaced(root, location) : 'insert'
    if (edit && edit !== 'insert') edits.push(...edit)
    else missing.push('fastcgi_param DOCUMENT_ROOT $realpath_root;')
  }
  if (missing.length > 0) {
    const added = inserted(location, missing, [script, root])
    if (!added) return undefined
    edits.push(...added)
  }
  const sure = given.sees === 'yes' && !location.level.own.some((line) => line.name === 'alias')
  return { title, safety: sure ? 'safe' : 'unsafe', edits }
}

/** The edit of the deciding line; `insert`: it is in a file known by heart, so a line of our own must follow. */
function replaced(param: Param, location: Location): readonly Edit[] | 'insert' | undefined {
  const edits: Edit[] = []
  for (const line of param.lines) {
    if (!line.source) return 'insert'
    const word = line.source.directive.words[2]!
    const mended = mendedValue(word.text, location)
    if (mended === undefined) return undefined
    const { piece } = line.source.text
    const from = word.quoted ? word.start + 1 : word.start
    const edit = piece.edit(from, from + word.text.length, mended)
    if (!edit || piece.text.slice(from, from + word.text.length) !== word.text) return undefined
    edits.push(edit)
  }
  return edits
}

function mendedValue(value: string, location: Location): string | undefined {
  if (/\$\{?document_root\b\}?/.test(value))
    return value.replace(/\$\{document_root\}|\$document_root\b/, '$realpath_root')
  const variable = /^\$(\w+)/.exec(value)
  const set = variable && location.level.own.find((line) => line.name === 'set' && line.args[0] === variable[0])
  if (set && set.args[1] === '$document_root') return `$realpath_root${value.slice(variable[0].length)}`
  const roots = rootPaths(location)
  const root = roots.length === 1 ? roots[0]!.path.replace(/\/$/, '') : undefined
  return root && root.startsWith('/') && value.startsWith(`${root}$`)
    ? `$realpath_root${value.slice(root.length)}`
    : undefined
}

/** Lines of our own behind the last line that sets either parameter, in the spelling of the line before. */
function inserted(
  location: Location,
  lines: readonly string[],
  params: readonly (Param | undefined)[],
): readonly Edit[] | undefined {
  const { own } = location.from!
  const last = own.findLast((line) => params.some((param) => param?.lines.includes(line)))!
  const file = location.from!.at.file
  // A line known by heart stands where its include stands: the one in the location's own file, which is the outermost.
  const anchor = own.find((line) => isAt(line, last, file))
  if (!anchor?.source) return undefined
  const { piece } = anchor.source.text
  const { start, end } = anchor.source.directive
  const indent = /[ \t]*$/.exec(piece.text.slice(0, start))![0]
  const before = piece.text[start - indent.length - 1]
  const glue = before === '\n' || before === undefined ? `\n${indent}` : ' '
  const edit = piece.edit(end, end, lines.map((line) => glue + line).join(''))
  return edit ? [edit] : undefined
}

function isAt(line: Placed, last: Placed, file: string): boolean {
  if (!line.source || line.level) return false
  const place = last.source && last.at.file === file ? last.at : last.via.find((label) => label.at.file === file)?.at
  return place !== undefined && line.at.file === place.file && line.at.start === place.start
}
