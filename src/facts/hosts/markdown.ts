import type { Source } from '../../source/source.ts'
import { decoder, masked, slice, spanOf, wholeFile, type Piece } from '../../source/piece.ts'
import { fencesOf, type Fence } from '../../parse/markdown.ts'
import { isRunbook, pipelinesIn } from '../pipeline/pages.ts'
import { parseShell } from '../../parse/shell.ts'
import type { Given, ShellFacts } from '../shell/script.ts'
import type { Origin } from '../shell/value.ts'
import { githubSites } from './github.ts'
import { gitlabSites } from './gitlab.ts'
import { always, fill, shellOf, type Filled, type Reading } from './host.ts'

const languages = new Set(['sh', 'bash', 'shell', 'console', 'shell-session', 'shellsession', 'terminal', 'zsh'])
const pasted: ShellFacts = {
  dialect: 'bash',
  flags: { errexit: false, nounset: false, pipefail: false },
  interactive: true,
}

/**
 * Reads a runbook: people paste its lines one by one, so that each line stands for itself: after a reconnect what a line before has
 * set is gone. Blocks that have nothing to do with a release and use neither ssh nor sudo are left out. A `yaml` block that is a
 * pipeline is read as one.
 */
export function markdownSites(source: Source, reading: Reading): void {
  reading.read(source.file)
  for (const { kind, source: block } of pipelinesIn(source)) {
    if (kind === 'github') githubSites(block, reading)
    else gitlabSites(block, reading)
  }
  const base = masked(wholeFile(source.file, source.text), [])
  for (const fence of fencesOf(base)) {
    if (!isShell(fence) || !isRunbook(source.file, fence)) continue
    if (fence.body.text.startsWith('#!')) {
      scriptIn(source, fence, reading)
      continue
    }
    const prompted = withoutPrompts(fence)
    const origins: Origin[] = []
    const piece = placeholders(prompted, origins)
    const lines = linesOf(piece)
    if (lines === undefined) {
      reading.unread(source.file, { start: fence.start, end: fence.end, says: 'a block that is no shell: not read' })
      continue
    }
    const at = { file: source.file, start: fence.start, end: fence.end }
    const given = new Map<string, Given>()
    for (const name of ['USER', 'LOGNAME', 'SHELL']) given.set(name, always(name, at))
    for (const name of ['HOME', 'PWD']) given.set(name, always(name, at, true))
    for (const { start, end } of lines) {
      const line = slice(piece, start, end)
      const heading = fence.headings.at(-1)
      reading.site({
        piece: line,
        file: source.file,
        name: heading === undefined ? 'a block' : `"${heading}"`,
        shell: pasted,
        given,
        holes: origins,
        host: 'here',
        via: [{ at, says: 'people paste this block line by line' }],
        row: source.file,
      })
    }
  }
}

/** A block that begins with an interpreter is a file to be saved: it runs whole, as a script does. */
function scriptIn(source: Source, fence: Fence, reading: Reading): void {
  const line = /^#!\s*(.*)/.exec(fence.body.text)![1]!
  const shell = shellOf(line.split(/\s+/))
  const at = { file: source.file, start: fence.start, end: fence.end }
  if (!shell) {
    reading.unread(source.file, { start: at.start, end: at.end, says: 'a block that is no shell: not read' })
    return
  }
  const origins: Origin[] = []
  const heading = fence.headings.at(-1)
  reading.site({
    piece: placeholders(fence.body, origins),
    file: source.file,
    name: heading === undefined ? 'a script' : `the script of "${heading}"`,
    shell,
    given: new Map(),
    holes: origins,
    host: 'here',
    via: [{ at, says: 'a script of this page' }],
  })
}

/** A block without a language is shell when every line of it that begins something begins with a prompt. */
function isShell(fence: Fence): boolean {
  if (fence.language !== '') return languages.has(fence.language)
  return /^\s*\$ \S/.test(fence.body.text)
}

/** `$ command` and what it prints: only what stands after a prompt is pasted. */
function withoutPrompts(fence: Fence): Piece {
  const prompt =
    /^(?:\([\w-]+\)\s*)?(?:[\w.-]+@[\w.-]+[^$#%\n]*|~?[\w./-]*)?\s*[$%]\s+(?=\S)|^(?:root@[\w.-]+[^#\n]*)#\s+(?=\S)/
  const { text } = fence.body
  if (!text.split('\n').some((line) => prompt.test(line))) return fence.body
  const out = decoder(fence.body)
  let start = 0
  let goesOn = false
  for (const line of text.split('\n')) {
    const end = start + line.length
    const found = prompt.exec(line)
    const more = goesOn ? /^\s*>?\s?/.exec(line)![0].length : undefined
    const own = /^\s*#\s*shiplint-allow/.test(line) ? start : undefined
    const from = found ? start + found[0].length : more !== undefined ? start + more : own
    if (from !== undefined) {
      out.keep(from, end)
      out.turn('\n', end, Math.min(text.length, end + 1))
      goesOn = /\\$/.test(line)
    }
    start = end + 1
  }
  return out.piece(0)
}

/** `<version>` is to be replaced by whoever pastes it. */
function placeholders(piece: Piece, origins: Origin[]): Piece {
  const holes = [...piece.text.matchAll(/<[A-Za-z][\w .-]*>|\{\{[^}\n]*\}\}/g)].map((found): Filled => {
    const end = found.index + found[0].length
    const at = spanOf(piece, found.index, end)
    return {
      start: found.index,
      end,
      is: { of: { kind: 'template', name: found[0], at, empty: 'unknown', unset: 'never', how: '', splits: 'maybe' } },
    }
  })
  return holes.length === 0 ? piece : fill(piece, holes, origins, { layered: true })
}

/** The lines as a shell takes them: a command over several lines is one, several on one line are one. Undefined: this is no shell. */
function linesOf(piece: Piece): readonly { readonly start: number; readonly end: number }[] | undefined {
  const { tree, errors } = parseShell(piece.text)
  if (errors.length > 0) return undefined
  const out: { start: number; end: number }[] = []
  for (const node of tree.commands) {
    const last = out.at(-1)
    const end = Math.max(node.end, node.pos)
    if (last && !piece.text.slice(last.end, node.pos).includes('\n')) last.end = end
    else out.push({ start: node.pos, end })
  }
  const ends = out.map((line) => hereEnd(piece.text, line.end, out))
  // Comments above a line belong to it.
  return ends.map((end, i) => ({ start: i === 0 ? 0 : ends[i - 1]!, end }))
}

/** A here-document's body stands after its command. */
function hereEnd(text: string, end: number, lines: readonly { readonly start: number }[]): number {
  const next = lines.find((line) => line.start >= end)?.start ?? text.length
  return /<<-?\s*["']?\w/.test(text.slice(0, end).split('\n').at(-1)!) || text.slice(end, next).trim() !== ''
    ? text.slice(0, next).trimEnd().length
    : end
}
