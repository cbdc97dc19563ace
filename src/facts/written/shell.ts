import { decoder, type Piece } from '../../source/piece.ts'
import { eachChild, treeOf, type Shell } from '../../parse/shell.ts'
import { mayWrite, type WrittenText } from './text.ts'

/** A text longer than this is not taken out of a script. */
const longest = 400_000
const mostTexts = 200

/** The configuration texts of one stretch of shell: here-documents, and long strings that are printed or kept in a variable. */
export function writtenByShell(site: { readonly piece: Piece; readonly file: string }): readonly WrittenText[] {
  const { piece, file } = site
  if (!mayWrite(piece.text) || piece.text.length > longest) return []
  const tree = treeOf(piece.text)
  const constants = constantsOf(tree, piece.text)
  const out: WrittenText[] = []
  const put = (found: Piece, to: string | undefined): void => {
    if (out.length < mostTexts && mayWrite(found.text)) out.push({ file, to, piece: found, via: [] })
  }
  const visit = (node: Shell.SyntaxNode, to: string | undefined): void => {
    let target = to
    if (node.type === 'Pipeline')
      target = node.commands.map((one) => targetOf(one, constants)).find((one) => one !== undefined) ?? to
    if (node.type === 'Command' || node.type === 'Redirected') {
      target = targetOf(node, constants) ?? to
      for (const one of node.redirects) if (one.type === 'HereDoc') put(hereDocument(piece, one, constants), target)
    }
    if (node.type === 'Command')
      for (const word of node.suffix)
        if (word.type === 'Word' && isText(word)) put(wordPiece(piece, word, constants), target)
    if (node.type === 'Assignment' && node.value.type === 'Word' && isText(node.value))
      put(wordPiece(piece, node.value, constants), undefined)
    eachChild(node, (child) => visit(child, target))
  }
  visit(tree, undefined)
  return out
}

const isText = (word: Shell.Word): boolean => word.end - word.pos > 8 && mayWrite(word.text)

/** The file that a command writes: `> file`, `tee file`. */
function targetOf(node: Shell.SyntaxNode, constants: Constants): string | undefined {
  if (node.type !== 'Command' && node.type !== 'Redirected') return undefined
  for (const one of node.redirects)
    if (one.type === 'Redirect' && /^(>>?|>\||&>)$/.test(one.operator) && one.target)
      return plain(one.target.text, constants)
  if (node.type !== 'Command') return undefined
  const words = [node.name, ...node.suffix]
    .filter((word): word is Shell.Word => word?.type === 'Word')
    .map((word) => word.text)
  const tee = words.indexOf('tee')
  const file = tee === -1 ? undefined : words.slice(tee + 1).find((word) => !word.startsWith('-'))
  return file === undefined ? undefined : plain(file, constants)
}

type Constants = ReadonlyMap<string, string>

const variable = /^\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*)|[0-9@*#?$!-]|\{[^}]*\})/

function plain(text: string, constants: Constants): string {
  return text
    .replace(/["']/g, '')
    .replace(/\$\{?([A-Za-z_]\w*)\}?/g, (whole, name: string) => constants.get(name) ?? whole)
}

/** Variables that the text assigns once, and to a plain text. */
function constantsOf(tree: Shell.SyntaxNode, text: string): Constants {
  const found = new Map<string, string | undefined>()
  const visit = (node: Shell.SyntaxNode): void => {
    if (node.type === 'Assignment') {
      const raw = node.value.type === 'Word' ? text.slice(node.value.pos, node.value.end) : undefined
      const known =
        raw !== undefined && raw.length < 400 ? /^(?:"([^"$`\\]*)"|'([^']*)'|([^\s"'$`\\()]*))$/.exec(raw) : null
      const value = known ? (known[1] ?? known[2] ?? known[3]) : raw && simple(raw, found)
      found.set(node.name, found.has(node.name) ? undefined : value || undefined)
    }
    eachChild(node, visit)
  }
  visit(tree)
  return new Map([...found].filter((entry): entry is [string, string] => entry[1] !== undefined))
}

// `"$BASE/current"` with BASE known.
function simple(raw: string, found: ReadonlyMap<string, string | undefined>): string | undefined {
  if (!/^"?[\w./${}-]+"?$/.test(raw)) return undefined
  const text = raw
    .replace(/"/g, '')
    .replace(/\$\{?([A-Za-z_]\w*)\}?/g, (whole, name: string) => found.get(name) ?? whole)
  return text.includes('$') ? undefined : text
}

function hereDocument(piece: Piece, one: Shell.HereDoc, constants: Constants): Piece {
  const { pos, end } = one.body
  const made = decoder(piece)
  let at = pos
  while (at < end) {
    // `<<-` takes the tabs away from the beginning of each line.
    if (one.operator === '<<-') while (piece.text[at] === '\t' && at < end) at++
    const line = piece.text.indexOf('\n', at)
    const stop = line === -1 || line >= end ? end : line + 1
    if (one.delimiter?.quoted) made.keep(at, stop)
    else expanded(made, piece.text, at, stop, constants, /[$`\\\n]/)
    at = stop
  }
  return made.piece(pos, one.delimiter?.quoted ? undefined : (text) => text.replace(/[$`\\]/g, '\\$&'))
}

type Making = ReturnType<typeof decoder>

/** Copies a stretch with its escapes undone and its expansions filled: known values, else one private-use character each. */
function expanded(made: Making, text: string, from: number, to: number, constants: Constants, escapes: RegExp): void {
  let at = from
  let kept = from
  const turn = (said: string, end: number): void => {
    if (at > kept) made.keep(kept, at)
    made.turn(said, at, end)
    at = kept = end
  }
  while (at < to) {
    const char = text[at]!
    if (char === '\\' && escapes.test(text[at + 1] ?? '')) turn(text[at + 1] === '\n' ? '' : text[at + 1]!, at + 2)
    else if (char === '`') turn('\uE000', Math.min(to, endOf(text, at + 1, '`') + 1))
    else if (text.startsWith('$(', at)) turn('\uE000', Math.min(to, closing(text, at + 1)))
    else if (char === '$') {
      const found = variable.exec(text.slice(at, Math.min(to, at + 200)))
      if (!found) at++
      else turn(constants.get(found[1] ?? found[2] ?? '') ?? '\uE000', at + found[0].length)
    } else at++
  }
  if (at > kept) made.keep(kept, Math.min(at, to))
}

function endOf(text: string, from: number, mark: string): number {
  const end = text.indexOf(mark, from)
  return end === -1 ? text.length : end
}

function closing(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(') depth++
    else if (text[at] === ')' && --depth === 0) return at + 1
  }
  return text.length
}

/** A word with its quotes taken off. Edits are written back only into a single pair of quotes. */
function wordPiece(piece: Piece, word: Shell.Word, constants: Constants): Piece {
  const { text } = piece
  const made = decoder(piece)
  let at = word.pos
  while (at < word.end) {
    const quote = text[at]
    if (quote === "'") {
      const end = Math.min(word.end, endOf(text, at + 1, "'"))
      made.keep(at + 1, end)
      at = end + 1
    } else if (quote === '"') {
      let end = at + 1
      while (end < word.end && text[end] !== '"') end += text[end] === '\\' ? 2 : 1
      expanded(made, text, at + 1, Math.min(end, word.end), constants, /[$`\\"\n]/)
      at = end + 1
    } else {
      let end = at
      while (end < word.end && text[end] !== '"' && text[end] !== "'") end += text[end] === '\\' ? 2 : 1
      expanded(made, text, at, Math.min(end, word.end), constants, /./s)
      at = Math.max(end, at + 1)
    }
  }
  const whole = text[word.pos]
  const one = whole === text[word.end - 1] && (whole === '"' || whole === "'")
  return made.piece(word.pos, (said) => {
    if (!one) return undefined
    return whole === "'" ? (said.includes("'") ? undefined : said) : said.replace(/[$`\\"]/g, '\\$&')
  })
}
