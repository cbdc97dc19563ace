/** A stretch that a template language fills before the text is used. */
export interface TemplateHole {
  readonly end: number
  /** `value`: text is put here; `control`: nothing is (a condition, a loop, a comment). */
  readonly does: 'value' | 'control'
  /** How many conditions or loops it opens (1), closes (-1) or neither. */
  readonly depth: number
}

/** Which template languages a text speaks, asked once so that plain files pay nothing. */
export interface TemplateLanguages {
  readonly braces: boolean
  readonly angle: boolean
  /** Where each closing mark was found last, so that a row of openers is not searched to the end for each. */
  readonly next: Map<string, { readonly from: number; readonly at: number }>
}

function nextOf(text: string, mark: string, from: number, given: TemplateLanguages): number {
  const known = given.next.get(mark)
  if (known && known.from <= from && from <= known.at) return known.at
  const found = text.indexOf(mark, from)
  const at = found === -1 ? Infinity : found
  given.next.set(mark, { from, at })
  return at
}

/** Looks for the marks of Jinja, Go templates, Handlebars, ERB, EJS and PHP. */
export function templateLanguages(text: string): TemplateLanguages {
  return { braces: /\{\{|\{%/.test(text), angle: /<%|<\?(php\b|=)/.test(text), next: new Map() }
}

/** No template opens one hole over more characters than this: a stray `{{` must not eat a file. */
const longestHole = 4000

/** The hole that opens at an offset, or undefined. `{{ }}` `{% %}` `{# #}` `<% %>` `<?php ?>`. */
export function templateHoleAt(text: string, at: number, given: TemplateLanguages): TemplateHole | undefined {
  if (given.braces && text[at] === '{') {
    if (text[at + 1] === '{') return closed(text, at, text[at + 2] === '{' ? '}}}' : '}}', bracesDo, given)
    if (text[at + 1] === '%') return closed(text, at, '%}', jinjaDoes, given)
    if (text[at + 1] === '#') return closed(text, at, '#}', () => ({ does: 'control', depth: 0 }), given)
  }
  if (given.angle && text[at] === '<') {
    if (text[at + 1] === '%') return closed(text, at, '%>', erbDoes, given)
    if (text[at + 1] === '?' && /^<\?(php\b|=)/.test(text.slice(at, at + 6))) return phpHole(text, at, given)
  }
  return undefined
}

type Does = Pick<TemplateHole, 'does' | 'depth'>

function closed(
  text: string,
  at: number,
  end: string,
  does: (inside: string) => Does,
  given: TemplateLanguages,
): TemplateHole | undefined {
  const close = nextOf(text, end, at + 2, given)
  if (close - at > longestHole) return undefined
  const inside = text.slice(at + 2, close).replace(/^[-+~=]/, (mark) => (mark === '=' ? mark : ' '))
  return { end: close + end.length, ...does(inside.trim()) }
}

// `{{ }}` is a value in Jinja; Go templates and Handlebars also write their conditions so.
function bracesDo(inside: string): Does {
  if (/^(if|range|with|define|block|#\w+|\^\w+)\b/.test(inside)) return { does: 'control', depth: 1 }
  if (/^(end|\/\w+)\b/.test(inside)) return { does: 'control', depth: -1 }
  if (/^(else\b|!|\/\*|\$\w+\s*:?=|\/\/)/.test(inside)) return { does: 'control', depth: 0 }
  return { does: 'value', depth: 0 }
}

function jinjaDoes(inside: string): Does {
  if (/^end\w+/.test(inside)) return { does: 'control', depth: -1 }
  if (/^(if|for|block|macro|call|filter|raw)\b/.test(inside)) return { does: 'control', depth: 1 }
  return { does: 'control', depth: 0 }
}

function erbDoes(inside: string): Does {
  if (inside.startsWith('=')) return { does: 'value', depth: 0 }
  if (/^(end\b|\}$)/.test(inside)) return { does: 'control', depth: -1 }
  if (/^(if|unless|for|while|case)\b|\bdo(\s*\|[^|]*\|)?$|\{$/.test(inside)) return { does: 'control', depth: 1 }
  return { does: 'control', depth: 0 }
}

function phpHole(text: string, at: number, given: TemplateLanguages): TemplateHole {
  const close = nextOf(text, '?>', at, given)
  const next = Math.min(nextOf(text, '<?php', at + 2, given), nextOf(text, '<?=', at + 2, given))
  // A file that begins with `<?php` and goes on as something else: the mark is the hole, with the remarks behind it.
  if (close === Infinity || next < close) {
    const mark = /^<\?(=|php\b)(\s*\/\/[^\n]*)*/.exec(text.slice(at, at + longestHole))![0]
    return { end: at + mark.length, does: 'control', depth: 0 }
  }
  const inside = text.slice(at + 2, close)
  if (/^=|^php\s+(echo|print)\b/.test(inside)) return { end: close + 2, does: 'value', depth: 0 }
  const depth = /\b(if|foreach|for|while)\b[^;]*:\s*$/.test(inside)
    ? 1
    : /\bend(if|foreach|for|while)\b/.test(inside)
      ? -1
      : 0
  return { end: close + 2, does: 'control', depth }
}

/** Text that somebody fills in later, as it looks in a decoded word: `{{ x }}`, `<%= x %>`, `${X}`, `%x%`, `@X@`, `__X__`, a masked hole. */
export const filledIn =
  /\{\{.*?\}\}|<%.*?%>|<\?.*?\?>|\$\{[A-Z][A-Z0-9_]*\}|%[a-z_]+%|@[A-Z_]+@|__[A-Z_]+__|[\uE000-\uF8FF]/s
