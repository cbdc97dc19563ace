import type { Span } from '../../source/source.ts'
import { callOfWords, type Call } from '../call.ts'
import type { Flow, Step } from '../model.ts'
import { stepAt } from '../steps.ts'
import { recognise } from '../vocabulary.ts'

/** What a call does, as a step; nothing when it leaves the release as it is. */
export function callFlow(call: Call | undefined, at: Span, text: string, more: Partial<Step>): Flow {
  const meaning = call && recognise(call)
  if (meaning?.kind === 'nothing') return { inOrder: [] }
  const host = call?.inside ? { actsOn: `${more.actsOn ?? 'here'} container ${call.inside}` } : {}
  return stepAt(meaning?.kind ?? 'opaque', at, text, meaning?.detail ?? (call?.cwd ? { cwd: call.cwd } : {}), {
    ...more,
    ...host,
  })
}

/**
 * A line whose shell nobody has interpreted, because another language made it: the simple commands between `&&` and `;`, `cd`
 * followed. Anything harder is one step, opaque when it is more than one command.
 */
export function lineFlow(line: string, at: Span, from: string | undefined, more: Partial<Step>): Flow {
  const bare = line.replace(/\$\{?\w+\}?|\{\{.*?\}\}|"[^"]*"|'[^']*'/g, 'x')
  if (/[|<`(){}]|\b(for|if|while|case)\b/.test(bare)) {
    const call = callOfWords(withoutRunner(wordsIn(line)), line, from === undefined ? {} : { cwd: from })
    if (!/[&;\n]/.test(bare.trim())) return callFlow(call, at, line, more)
    return stepAt('opaque', at, line, from === undefined ? {} : { cwd: from }, more)
  }
  let cwd = from
  const out: Flow[] = []
  for (const part of line.split(/\s*(?:&&|\|\||;|\n)\s*/)) {
    const words = withoutRunner(wordsIn(part))
    if (words.length === 0 || part.startsWith('#')) continue
    if (words[0] === 'cd' && words[1] !== undefined) {
      cwd = /^[/$~{]/.test(words[1]) || cwd === undefined ? words[1] : `${cwd}/${words[1]}`
      continue
    }
    out.push(callFlow(callOfWords(words, part, cwd === undefined ? {} : { cwd }), at, part, more))
  }
  return { inOrder: out }
}

/** The words of a simple command; a template is a part of one. */
export function wordsIn(text: string): readonly string[] {
  const found = text.match(/(?:\{\{.*?\}\}|\$\([^()]*\)|"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+/g) ?? []
  return found.map((word) =>
    word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_, a?: string, b?: string) => a ?? b ?? ''),
  )
}

/** Words without what only says how they run: `sudo`, `nice`, `RAILS_ENV=production`. */
export function withoutRunner(words: readonly string[]): readonly string[] {
  let from = 0
  while (
    from < words.length &&
    (/^(sudo|nice|nohup|env|time|exec)$/.test(words[from]!) || /^\w+=/.test(words[from]!))
  ) {
    from++
    while (from < words.length && words[from]!.startsWith('-')) from += /^-[ug]$/.test(words[from]!) ? 2 : 1
  }
  return words.slice(from)
}
