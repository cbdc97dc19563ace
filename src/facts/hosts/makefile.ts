import type { Label, Source, Span } from '../../source/source.ts'
import { concat, masked, slice, spanOf, wholeFile, type Hole, type Piece } from '../../source/piece.ts'
import { parseMakefile, references, type MakeRule, type MakeStatement, type RecipeLine } from '../../parse/makefile.ts'
import type { Given, ShellFacts } from '../shell/script.ts'
import { always, shellOf, valueOfText, type Reading } from './host.ts'
import { makeValues, type MakeValues } from './make-values.ts'

interface Makefile {
  readonly source: Source
  readonly reading: Reading
  readonly statements: readonly MakeStatement[]
  readonly values: MakeValues
  readonly rules: readonly MakeRule[]
  /** Names without which make stops before any recipe runs. */
  readonly proven: ReadonlySet<string>
  readonly shell: ShellFacts
  readonly whole: boolean
}

/** Reads a makefile: each recipe line is a shell of its own, make's own references put in first. */
export function makefileSites(source: Source, reading: Reading): void {
  const { tree, errors } = parseMakefile(wholeFile(source.file, source.text))
  reading.read(source.file)
  for (const error of errors) reading.unread(source.file, error)
  const values = makeValues(source.file, tree)
  const make: Makefile = {
    source,
    reading,
    statements: tree,
    values,
    rules: tree.filter((one) => one.kind === 'rule'),
    proven: provenAtTop(tree),
    shell: shellIn(values),
    whole: tree.some((one) => one.kind === 'rule' && one.targets.includes('.ONESHELL')),
  }
  const given = givenOf(make)
  for (const rule of make.rules) recipeSites(make, rule, given)
}

function lastText(values: MakeValues, name: string): string | undefined {
  return values.variables.get(name)?.at(-1)?.value.text
}

function shellIn(values: MakeValues): ShellFacts {
  const program = lastText(values, 'SHELL') ?? '/bin/sh'
  const words =
    `${program.replace(/\$\(shell\s+(which|command -v)\s+(\w+)\)/, '$2')} ${lastText(values, '.SHELLFLAGS') ?? '-c'}`.split(
      /\s+/,
    )
  const plain = {
    dialect: 'sh' as const,
    flags: { errexit: false, nounset: false, pipefail: false },
    interactive: false,
  }
  return shellOf(words) ?? plain
}

function givenOf(make: Makefile): ReadonlyMap<string, Given> {
  const out = new Map<string, Given>()
  const names = new Set<string>()
  const at = { file: make.source.file, start: 0, end: 0 }
  for (const one of make.statements) {
    if (one.kind === 'variable' && one.exported && !one.targets) names.add(one.name)
    if (one.kind === 'line' && /^export\b/.test(one.text)) {
      const own = one.text.split(/\s+/).slice(1)
      for (const name of own.length > 0 ? own : make.values.variables.keys()) names.add(name)
    }
  }
  for (const name of names) {
    if (!make.values.variables.has(name)) continue
    const place = make.values.variables.get(name)![0]!
    const text = make.values.expand(name, at, [], make.proven)
    const because = [
      { at: { file: make.source.file, start: place.start, end: place.end }, says: `make exports ${name}` },
    ]
    out.set(name, { value: valueOfText(text, make.values.origins, because), exported: true })
  }
  for (const name of ['MAKEFLAGS', 'MAKELEVEL']) out.set(name, always(name, at))
  return out
}

/** Names that a text refuses to go on without: `$(if $(X),,$(error …))`, `$(call check_defined, X)`. */
function demanded(text: string): readonly string[] {
  const out: string[] = []
  for (const found of text.matchAll(/\$\(if\s+\$[({](\w+)[)}]\s*,\s*,\s*\$\(error/g)) out.push(found[1]!)
  for (const found of text.matchAll(/\$\(call\s+[\w-]*(?:check|require|assert|guard|ensure)[\w-]*\s*,\s*([\w\s]+)/g))
    out.push(...found[1]!.trim().split(/\s+/))
  return out
}

/** `ifndef X` or `ifeq ($(X),)` around an `$(error …)`. */
function undefinedHere(conditions: readonly { readonly text: string; readonly holds: boolean }[]): string | undefined {
  if (conditions.length !== 1) return undefined
  const { text, holds } = conditions[0]!
  const name = /^if(n?)def\s+(\w+)$/.exec(text)
  if (name) return (name[1] === 'n') === holds ? name[2] : undefined
  const equal = /^if(n?)eq\s*\(?\s*["']?\$[({](?:strip\s+\$[({])?(\w+)[)}]*["']?\s*[, ]\s*["']{0,2}\s*\)?$/.exec(text)
  return equal && (equal[1] === '') === holds ? equal[2] : undefined
}

function provenAtTop(statements: readonly MakeStatement[]): ReadonlySet<string> {
  const out = new Set<string>()
  for (const one of statements) {
    if (one.kind !== 'line') continue
    const missing = /\$\(error\b/.test(one.text) ? undefinedHere(one.conditions) : undefined
    if (missing) out.add(missing)
    if (one.conditions.length === 0) for (const name of demanded(one.text)) out.add(name)
  }
  return out
}

/** Names that are not empty once a line of a recipe has run: it fails without them, and make stops there. */
function provenBy(line: RecipeLine): readonly string[] {
  const text = line.piece.text
  if (/^[\s@+]*-/.test(text)) return []
  const missing = /\$\(error\b/.test(text) ? undefinedHere(line.conditions) : undefined
  if (missing) return [missing]
  if (line.conditions.length > 0) return []
  const out = [...demanded(text)]
  const stops = /\b(exit\s+[1-9]\d*|false)\b/
  for (const found of text.matchAll(
    /(?:\btest|\[\[?)\s+(-n|-z)?\s*"\$[({](\w+)[)}]"\s*(?:\]\]?)?\s*(\|\||&&|;\s*then|;|$)?/g,
  )) {
    const [, flag, name, next] = found
    const after = text.slice(found.index + found[0].length)
    if (flag === '-z') {
      if ((next === '&&' || next?.includes('then')) && stops.test(after)) out.push(name!)
    } else if (next === undefined || next === '' || (next === '||' && stops.test(after))) out.push(name!)
  }
  return out
}

function provenBefore(make: Makefile, rule: MakeRule, depth: number): ReadonlySet<string> {
  const out = new Set(make.proven)
  if (depth > 5) return out
  for (const need of rule.needs.slice(0, 50)) {
    const guard = /^(?:guard|check|require|env|assert)[-_](\w+)$/.exec(need)
    if (
      guard &&
      make.rules.some((one) =>
        one.targets.some((target) => target.includes('%') && need.startsWith(target.replace(/%.*/, ''))),
      )
    )
      out.add(guard[1]!)
    for (const other of make.rules) {
      if (!other.targets.includes(need) || other === rule) continue
      for (const name of provenBefore(make, other, depth + 1)) out.add(name)
      for (const line of other.recipe) for (const name of provenBy(line)) out.add(name)
    }
  }
  return out
}

function recipeSites(make: Makefile, rule: MakeRule, given: ReadonlyMap<string, Given>): void {
  const proven = new Set(provenBefore(make, rule, 0))
  const target = rule.targets.join(' ')
  const via: Label = { at: { file: make.source.file, start: rule.start, end: rule.end }, says: `target ${target}` }
  const pieces = rule.recipe.map((line) => ({
    line,
    piece: expandedIn(make, line.piece, rule.targets, proven, () => provenBy(line)),
  }))
  const common = {
    file: make.source.file,
    given,
    holes: make.values.origins,
    host: 'here',
    via: [via],
    row: `${make.source.file}#${target}`,
  }
  if (make.whole) {
    if (pieces.length > 0)
      make.reading.site({
        ...common,
        piece: concat(pieces.map(({ piece }) => prefixOf(piece).code)),
        name: `target ${target}`,
        shell: make.shell,
      })
    return
  }
  for (const { piece } of pieces) {
    const { code, ignored } = prefixOf(piece)
    if (code.text.trim() === '') continue
    const place = spanOf(code, 0, code.text.length)
    const tolerated = ignored
      ? { tolerated: { at: place, says: 'make goes on when a line that begins with - fails' } }
      : {}
    make.reading.site({ ...common, piece: code, name: `target ${target}`, shell: make.shell, ...tolerated })
  }
}

/** A recipe line without its `@`, `-`, `+`. */
function prefixOf(piece: Piece): { readonly code: Piece; readonly ignored: boolean } {
  const prefix = /^[\s@+-]*/.exec(piece.text)![0]
  return { code: prefix === '' ? piece : slice(piece, prefix.length, piece.text.length), ignored: prefix.includes('-') }
}

/** A line with make's references put in. What the line proves holds for the lines after it. */
function expandedIn(
  make: Makefile,
  piece: Piece,
  targets: readonly string[],
  proven: Set<string>,
  proves: () => readonly string[],
): Piece {
  const holes = references(piece.text).map((one): Hole => {
    const { start, end } = one
    if (one.escape) return { start, end, text: '$', escape: true }
    const at: Span = spanOf(piece, start, end)
    // `$BUILD_DIR` is `$(B)` and the text `UILD_DIR`.
    const cut = end === start + 2 && /^[A-Za-z_]$/.test(one.inner) && /^\w/.test(piece.text.slice(end))
    const name = cut ? /^\w+/.exec(piece.text.slice(start + 1))![0] : ''
    if (cut && !make.values.variables.has(one.inner))
      return {
        start,
        end,
        text: make.values.expand(one.inner, { ...at, end: at.end + name.length - 1 }, targets, proven),
      }
    return { start, end, text: make.values.expand(one.inner, at, targets, proven) }
  })
  for (const name of proves()) proven.add(name)
  if (holes.length === 0 && !/[\uE000-\uF8FF]/.test(piece.text)) return piece
  return masked(piece, holes, { escape: (text) => (text.includes('\n') ? undefined : text.replaceAll('$', '$$$$')) })
}
