/** A rule's page read as a test: the projects under `## Caught` and `## Clean`, each a set of fenced files with carets as expectation. */
export interface PageFile {
  readonly language: string
  readonly path: string
  /** The text with the caret lines taken out: what is linted. */
  readonly text: string
  /** Line of the page on which the file's first line stands, zero-based. */
  readonly line: number
  /** How many lines of the page it takes, drawn lines included. */
  readonly lines: number
  /** The file after the fixes, when a block marked `fixed` shows it, and where that block stands. */
  readonly fixed?: { readonly text: string; readonly line: number; readonly lines: number }
  readonly marks: readonly Mark[]
}

/** One drawn line: `^^^^ words` is the finding, `~~~~ words` a place of its trail. */
export interface Mark {
  readonly kind: '^' | '~'
  /** Zero-based line and column of the file without carets. */
  readonly line: number
  readonly column: number
  readonly length: number
  readonly says: string
}

export interface Example {
  readonly title: string
  readonly files: readonly PageFile[]
}

export interface Page {
  /** The rule's three sentences: finds, hazard, instead. */
  readonly sentences: readonly string[]
  readonly caught: readonly Example[]
  readonly clean: readonly Example[]
}

const fence = /^(`{3,})(\S+)(?: (\S+))?(?: (fixed))?\s*$/
// A drawn line: blanks, then one run of one mark, then its words.
const drawn = /^(\s*)(\^+|~+)(?:\s+(.*))?$/

/** Reads a page. */
export function readPage(text: string): Page {
  const lines = text.split('\n')
  const sentences: string[] = []
  const caught: Example[] = []
  const clean: Example[] = []
  let section: Example[] | undefined
  let title = ''
  let files: PageFile[] = []
  let heading = false
  const close = (): void => {
    if (section && files.length > 0) section.push({ title, files })
    files = []
  }
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!
    const open = fence.exec(line)
    if (open) {
      const end = lines.findIndex((other, at) => at > i && other.startsWith(open[1]!))
      if (section && open[3]) {
        const file = readFile(lines.slice(i + 1, end), open[2]!, open[3], i + 1)
        const before = files.findIndex((known) => known.path === open[3])
        if (open[4] && before !== -1)
          files[before] = { ...files[before]!, fixed: { text: file.text, line: file.line, lines: file.lines } }
        else files.push(file)
      }
      i = end
    } else if (line.startsWith('## ')) {
      close()
      section = line === '## Caught' ? caught : line === '## Clean' ? clean : undefined
      title = ''
      heading = true
    } else if (line.startsWith('### ')) {
      close()
      title = line.slice(4)
    } else if (!heading && line.trim() !== '' && !line.startsWith('# ')) sentences.push(line.trim())
  }
  close()
  return { sentences, caught, clean }
}

function readFile(lines: readonly string[], language: string, path: string, line: number): PageFile {
  const kept: string[] = []
  const marks: Mark[] = []
  for (const text of lines) {
    const mark = drawn.exec(text)
    if (mark && kept.length > 0) {
      const kind = mark[2]![0] as '^' | '~'
      marks.push({ kind, line: kept.length - 1, column: mark[1]!.length, length: mark[2]!.length, says: mark[3] ?? '' })
    } else kept.push(text)
  }
  return { language, path, text: kept.join('\n') + '\n', line, lines: lines.length, marks }
}

/** A file with its marks drawn under its lines; marks of one line stand in their order. */
export function drawFile(text: string, marks: readonly Mark[]): readonly string[] {
  const lines = text.replace(/\n$/, '').split('\n')
  return lines.flatMap((line, at) => [
    line,
    ...marks
      .filter((mark) => mark.line === at)
      .map((mark) => {
        // Tabs stay tabs, so that the mark stands under its place however wide they are shown.
        const indent = line.slice(0, mark.column).replace(/[^\t]/g, ' ').padEnd(mark.column)
        return `${indent}${mark.kind.repeat(mark.length)} ${mark.says}`.trimEnd()
      }),
  ])
}

/** A page with other lines in the place of some: what the update mode writes back. Prose and order stay. */
export function redraw(
  page: string,
  changes: readonly { line: number; lines: number; text: readonly string[] }[],
): string {
  const out = page.split('\n')
  for (const change of [...changes].sort((a, b) => b.line - a.line))
    out.splice(change.line, change.lines, ...change.text)
  return out.join('\n')
}
