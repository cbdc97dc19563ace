import type { Label, Span } from '../source/source.ts'
import { callOfWords } from './call.ts'
import type { Flow, Step } from './model.ts'
import { joined } from './path.ts'
import { stepAt } from './steps.ts'
import { recognise } from './vocabulary.ts'

/**
 * The steps of a plain command line: for what a tool's own recipes run, and for shell that no script was made of.
 * It knows quotes, `&&`, `||`, `;`, pipes and `cd`, and nothing of variables: real shell is read by the interpreter.
 */
export function stepsOfLine(
  line: string,
  at: Span,
  given: {
    readonly cwd?: string
    readonly actsOn?: string
    readonly via?: readonly Label[]
    readonly runs?: Step['runs']
  } = {},
): readonly Flow[] {
  const out: Flow[] = []
  let cwd = given.cwd
  let runs = given.runs ?? 'always'
  for (const { words, after, text } of commandsOf(line)) {
    if (after === '||') runs = 'after a failure'
    if (/^(if|elif|while|then|test|\[|\[\[)$/.test(words[0] ?? '')) runs = runs === 'always' ? 'sometimes' : runs
    const plain = words.slice(
      words.findIndex(
        (word) => !/^(\w+=.*|sudo|if|then|else|do|!|time|exec|nohup|command|env|-[EHn]|fi|done)$/.test(word),
      ),
    )
    if (plain.length === 0 || /^(\w+=|fi$|done$)/.test(plain[0]!)) continue
    if (plain[0] === 'cd') {
      cwd = joined(cwd, plain[1] ?? '')
      continue
    }
    const call = callOfWords(plain, text, cwd ? { cwd } : {})
    const meaning = call && recognise(call)
    if (meaning?.kind === 'nothing') continue
    out.push(
      stepAt(meaning?.kind ?? 'opaque', at, text, meaning?.detail ?? (cwd ? { cwd } : {}), {
        actsOn: given.actsOn ?? 'here',
        via: given.via ?? [],
        runs,
      }),
    )
  }
  return out
}

interface Simple {
  readonly words: readonly string[]
  readonly after: string
  readonly text: string
}

const token = /\s+|&&|\|\||[;|&\n]|\{\{[^}]*\}\}|'[^']*'|"(?:[^"\\]|\\.)*"|\\.|\$\([^)]*\)|[^\s;&|'"\\{$]+|./gs

function commandsOf(line: string): readonly Simple[] {
  const out: Simple[] = []
  let words: string[] = []
  let word: string | undefined
  let text = ''
  let after = ''
  const end = (next: string): void => {
    if (word !== undefined) words.push(word)
    if (words.length > 0) out.push({ words, after, text: text.trim() })
    words = []
    word = undefined
    text = ''
    after = next
  }
  for (const [part] of line.matchAll(token)) {
    if (part === '&&' || part === '||' || part === ';' || part === '|' || part === '&' || /^\n/.test(part)) end(part)
    else {
      text += part
      if (/^\s+$/.test(part)) {
        if (word !== undefined) words.push(word)
        word = undefined
      } else word = (word ?? '') + (/^['"]/.test(part) && part.length > 1 ? part.slice(1, -1) : part.replace(/^\\/, ''))
    }
  }
  end('')
  return out
}
