import type { Kind } from '../discover/kind.ts'
import { parseIni } from './ini.ts'
import { parseNginx } from './nginx.ts'
import { parsePhp, type PhpEngine } from './php.ts'
import { parseYaml } from './yaml.ts'

/** A comment with its marks, in offsets of the text it stands in. */
export interface Comment {
  readonly start: number
  readonly end: number
}

/** How a language opens and closes a comment that fills a line of its own; undefined: it has none. */
export function commentMarks(kind: Kind): readonly [open: string, close: string] | undefined {
  switch (kind) {
    case 'json':
      return undefined
    case 'ini':
    case 'pool':
      return ['; ', '']
    case 'php':
    case 'deployer':
    case 'typescript':
    case 'jenkinsfile':
      return ['// ', '']
    case 'sql':
      return ['-- ', '']
    case 'markdown':
      return ['<!-- ', ' -->']
    default:
      return ['# ', '']
  }
}

/** The comments of a file in its own language; what it embeds (the shell of a CI step) is not looked into. */
export function commentsIn(kind: Kind, text: string, php: PhpEngine | undefined): readonly Comment[] {
  switch (kind) {
    case 'json':
      return []
    case 'nginx':
      return parseNginx(text).tree.comments
    case 'ini':
    case 'pool':
      return parseIni(text).tree.comments
    case 'yaml':
    case 'github':
    case 'gitlab':
    case 'ansible':
    case 'compose':
      return parseYaml(text).tree.comments
    case 'php':
    case 'deployer':
      return php ? parsePhp(text, php).tree.comments : []
    case 'typescript':
    case 'jenkinsfile':
      return scan(text, { line: ['//'], block: [['/*', '*/']], quotes: '"\'`' })
    case 'sql':
      return scan(text, { line: ['--', '#'], block: [['/*', '*/']], quotes: '"\'`' })
    case 'ruby':
    case 'capistrano':
      return scan(text, { line: ['#'], block: [], quotes: '"\'`', wordStart: true })
    case 'markdown':
      return markdownComments(text)
    case 'apache':
    case 'dockerfile':
    case 'env':
    case 'systemd':
    case 'supervisor':
    case 'crontab':
    case 'procfile':
      return wholeLines(text, kind === 'systemd' || kind === 'supervisor' ? /^[ \t]*[#;]/ : /^[ \t]*#/)
    case 'makefile':
    case 'caddy':
    case 'shell':
    case 'foreign shell':
      return scan(text, { line: ['#'], block: [], quotes: kind === 'makefile' ? '' : '"\'`', wordStart: true })
  }
}

interface Syntax {
  readonly line: readonly string[]
  readonly block: readonly (readonly [string, string])[]
  /** Each of these opens a string that it also closes; `\` escapes inside. */
  readonly quotes: string
  /** A line comment begins only where a word could: after a blank or one of `;&|(){}`. */
  readonly wordStart?: true
}

// A comment is one only outside strings; where a string is left open to the end of the text, what follows is taken for the string.
function scan(text: string, syntax: Syntax): readonly Comment[] {
  const out: Comment[] = []
  const endOf = (mark: string, from: number): number => {
    const found = text.indexOf(mark, from)
    return found === -1 ? text.length : found
  }
  let at = 0
  while (at < text.length) {
    const char = text[at]!
    const block = syntax.block.find(([open]) => text.startsWith(open, at))
    const line = syntax.line.some((open) => text.startsWith(open, at))
    if (char === '\\') at += 2
    else if (syntax.quotes.includes(char)) at = stringEnd(text, at)
    else if (block) {
      const end = Math.min(text.length, endOf(block[1], at + block[0].length) + block[1].length)
      out.push({ start: at, end })
      at = end
    } else if (line && (!syntax.wordStart || at === 0 || /[\s;&|(){}]/.test(text[at - 1]!))) {
      const end = endOf('\n', at)
      out.push({ start: at, end })
      at = end
    } else at++
  }
  return out
}

function stringEnd(text: string, open: number): number {
  const quote = text[open]
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === quote) return at + 1
  }
  return text.length
}

function wholeLines(text: string, comment: RegExp): readonly Comment[] {
  const out: Comment[] = []
  let start = 0
  for (const line of text.split('\n')) {
    const open = comment.exec(line)
    if (open) out.push({ start: start + open[0].length - 1, end: start + line.replace(/\r$/, '').length })
    start += line.length + 1
  }
  return out
}

// `<!-- … -->` outside fenced blocks: inside one it is text that somebody shows.
function markdownComments(text: string): readonly Comment[] {
  const fenced: Comment[] = []
  let open: { mark: string; start: number } | undefined
  let start = 0
  for (const line of text.split('\n')) {
    const fence = /^ {0,3}(?:[-*+>] *)*(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence && !open) open = { mark: fence, start }
    else if (fence && open && fence.startsWith(open.mark)) {
      fenced.push({ start: open.start, end: start + line.length })
      open = undefined
    }
    start += line.length + 1
  }
  if (open) fenced.push({ start: open.start, end: text.length })
  return [...text.matchAll(/<!--[\s\S]*?-->/g)]
    .map((match) => ({ start: match.index, end: match.index + match[0].length }))
    .filter((comment) => !fenced.some((block) => comment.start >= block.start && comment.start < block.end))
}
