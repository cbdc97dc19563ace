import type { Label, Source, Span } from '../../source/source.ts'
import { concat, spanOf, unixLines, wholeFile, type Piece } from '../../source/piece.ts'
import { entriesOf, isEmpty, scalarPiece, yamlOf, type YamlNode, type YamlScalar } from '../../parse/yaml.ts'
import type { Given, ShellSite } from '../shell/script.ts'
import type { Origin } from '../shell/value.ts'
import { fill, valueOfText, type Filled, type Filling, type Reading } from './host.ts'

/** A YAML file whose scalars hold shell, with one way to fill its holes. */
export interface YamlHost {
  readonly source: Source
  readonly base: Piece
  readonly root: YamlNode
  readonly reading: Reading
  /** Every origin of the file; the masks of all its pieces count into it. */
  readonly origins: Origin[]
}

/** Opens a file; undefined when there is nothing in it. What could not be parsed is said. */
export function openYaml(source: Source, reading: Reading): YamlHost | undefined {
  const { tree, errors } = yamlOf(source)
  reading.read(source.file)
  for (const error of errors) reading.unread(source.file, error)
  const root = tree.documents[0]
  if (!root) return undefined
  return { source, base: wholeFile(source.file, source.text), root, reading, origins: [] }
}

/** Where a node stands. */
export function spanIn(host: YamlHost, node: YamlNode): Span {
  return { file: host.source.file, start: node.start, end: node.end }
}

/** A place and what is to be said of it. */
export function labelOf(host: YamlHost, node: YamlNode, says: string): Label {
  return { at: spanIn(host, node), says }
}

/** One kind of hole: a pattern, and what the text between its marks stands for; undefined: it stays as it is. */
export interface HoleKind {
  readonly pattern: RegExp
  readonly is: (found: RegExpExecArray, at: Span) => Filling | undefined
}

/** Scalars joined line by line, with their holes filled. */
export function pieceIn(
  host: YamlHost,
  nodes: readonly YamlNode[],
  kinds: readonly HoleKind[] = [],
): Piece | undefined {
  const pieces = nodes.flatMap((node) =>
    node.kind === 'scalar' && !isEmpty(node) ? [filledIn(host, unixLines(scalarPiece(host.base, node)), kinds)] : [],
  )
  return pieces.length === 0 ? undefined : concat(pieces)
}

/** A piece with every hole of these kinds filled. */
export function filledIn(host: Pick<YamlHost, 'origins'>, piece: Piece, kinds: readonly HoleKind[]): Piece {
  const holes: Filled[] = []
  for (const { pattern, is } of kinds)
    for (const found of piece.text.matchAll(pattern)) {
      const start = found.index
      const end = start + found[0].length
      const filling = is(found as RegExpExecArray, spanOf(piece, start, end))
      if (filling) holes.push({ start, end, is: filling })
    }
  holes.sort((a, b) => a.start - b.start)
  return holes.length === 0 && !/[\uE000-\uF8FF]/.test(piece.text) ? piece : fill(piece, holes, host.origins)
}

/** Puts a mapping of variables into `given`, its values filled. */
export function takeVariables(
  host: YamlHost,
  node: YamlNode | undefined,
  says: string,
  given: Map<string, Given>,
  kinds: readonly HoleKind[] = [],
): void {
  for (const { key, value } of entriesOf(node))
    if (value.kind === 'scalar') takeVariable(host, key.text, value, says, given, kinds)
}

/** Puts one variable into `given`. */
export function takeVariable(
  host: YamlHost,
  name: string,
  value: YamlScalar,
  says: string,
  given: Map<string, Given>,
  kinds: readonly HoleKind[] = [],
): void {
  const piece = filledIn(host, scalarPiece(host.base, value), kinds)
  const because = [labelOf(host, value, `${name} is set ${says}`)]
  given.set(name, { value: valueOfText(piece.text, host.origins, because), exported: true })
}

/** A site of this file with what all of them share. */
export function putSite(
  host: YamlHost,
  site: Omit<ShellSite, 'file' | 'holes' | 'host'> & { readonly host?: string },
): void {
  host.reading.site({ host: 'here', ...site, file: host.source.file, holes: host.origins })
}

/** A hole that is known by its name alone. */
export function unknownHole(name: string, at: Span): Filling {
  return { of: { kind: 'template', name, at, empty: 'unknown', unset: 'never', how: '', splits: 'maybe' } }
}

/** A hole that can be empty. */
export function maybeHole(name: string, at: Span, how: string): Filling {
  return { of: { kind: 'template', name, at, empty: 'maybe', unset: 'never', how, splits: 'maybe' } }
}
