import { parse } from 'shell-quote'
import type { Command, Script, ShellFacts, Word } from '../../src/facts/shell/script.ts'
import { literal } from '../../src/facts/shell/value.ts'
import { wholeFile } from '../../src/source/piece.ts'

const shell: ShellFacts = {
  dialect: 'bash',
  flags: { errexit: true, nounset: false, pipefail: false },
  interactive: false,
}

/** A script made by hand, one simple command a line; `@host ` before a line runs it there. */
export function scriptOf(file: string, text: string, cwd = '/srv/work'): Script {
  const piece = wholeFile(file, text)
  const commands: Command[] = []
  let start = 0
  let place = cwd
  for (const line of text.split('\n')) {
    const host = /^@(\S+) /.exec(line)
    const command = host ? line.slice(host[0].length) : line
    const words = wordsOf(command)
    const at = { file, start, end: start + line.length }
    const knows = { empty: () => 'never' as const, guards: () => [] }
    if (words[0] === 'cd') place = words[1]!.startsWith('/') ? words[1]! : `${place}/${words[1]!}`
    else if (words.length > 0) {
      const made = words.map((word): Word => ({
        at,
        start,
        end: start,
        text: word,
        fields: [literal(word)],
        many: false,
      }))
      commands.push({
        at,
        text: command,
        piece,
        start: at.start,
        end: at.end,
        name: words[0]!.split('/').at(-1)!,
        words: made,
        wrappers: [],
        cases: [{ words: made, effects: [], directories: [{ way: [{ text: place }] }], knows }],
        shell,
        runs: 'always',
        failing: 'stops',
        runsOn: host?.[1] ?? 'here',
        actsOn: host?.[1] ?? 'here',
        via: [],
      })
    }
    start += line.length + 1
  }
  const site = { piece, file, name: file, shell, given: new Map(), holes: [], host: 'here', via: [] }
  return { site, commands, assigned: new Map(), reads: new Set(), unread: [], files: [file] }
}

/** The words of a simple command line, assignments before it taken off. */
export function wordsOf(line: string): readonly string[] {
  const words: string[] = []
  for (const token of parse(line, (name) => `$${name}`)) {
    if (typeof token === 'string') words.push(token)
    else if ('pattern' in token) words.push(token.pattern)
    else break
  }
  while (/^\w+=/.test(words[0] ?? '') || words[0] === 'sudo') words.shift()
  return words
}
