import { eachChild, treeOf, type Shell } from '../../parse/shell.ts'

/** The part of a text whose deletes spare something, and the words that say what. */
export interface Kept {
  readonly node: { readonly pos: number; readonly end: number }
  readonly keeps: readonly Shell.Word[]
  readonly at: { readonly pos: number; readonly end: number }
}

/** Where a text deletes all but what some words say. */
export function keptIn(text: string): readonly Kept[] {
  const tree = treeOf(text)
  const out: Kept[] = []
  collect(tree, text, undefined, out, 0)
  return [...out, ...carried(tree, text)]
}

function collect(node: Shell.SyntaxNode, text: string, loop: string | undefined, out: Kept[], depth: number): void {
  if (depth > 120) return
  let name = loop
  if (node.type === 'For') name = node.name.text
  else if (node.type === 'While')
    name = /\bread\s+(?:-r\s+)?(\w+)/.exec(text.slice(node.clause.pos, node.clause.end))?.[1]
  if (node.type === 'For' || node.type === 'While') name = withCopies(name, text.slice(node.body.pos, node.body.end))
  if (name !== undefined && 'body' in node && (node.type === 'For' || node.type === 'While'))
    out.push(...skipped(node.body.commands, text, name))
  if (name !== undefined && node.type === 'AndOr') out.push(...guardedBy(node, text, name))
  if (name !== undefined && node.type === 'If') out.push(...branches(node, text, name))
  if (node.type === 'Pipeline') out.push(...filtered(node))
  if (node.type === 'Command') out.push(...extended(node))
  eachChild(node, (child) => collect(child, text, name, out, depth + 1))
}

/** The loop's name, and those that the body makes of it (`name=$(basename "$d")`), as a pattern. */
function withCopies(name: string | undefined, body: string): string | undefined {
  if (name === undefined) return undefined
  const copies = [...body.matchAll(new RegExp(`\\b(\\w+)=[^;\\n]*\\$\\{?${name}\\b`, 'g'))].map((match) => match[1]!)
  return `(?:${[...new Set([name, ...copies])].join('|')})`
}

/** `[ "$d" = "$keep" ] && continue`: what follows in the loop deletes all others. */
function skipped(statements: readonly Shell.Statement[], text: string, name: string): readonly Kept[] {
  const out: Kept[] = []
  const end = statements.at(-1)?.end ?? 0
  for (const { command } of statements) {
    const node = { pos: command.end, end }
    if (command.type === 'AndOr' && isSkip(command.commands.at(-1))) {
      const wanted = command.operators.at(-1) === '&&'
      for (const one of command.commands.slice(0, -1)) {
        const test = membership(one, text, name)
        if (test?.positive === wanted) out.push({ node, keeps: test.keeps, at: one })
      }
    }
    const first = command.type === 'If' ? command.clause.commands[0]?.command : undefined
    if (command.type === 'If' && first && command.then.commands.some((inner) => isSkip(inner.command))) {
      const test = testIn(first, text, name)
      if (test?.positive) out.push({ node, keeps: test.keeps, at: first })
    }
  }
  return out
}

const isSkip = (node: Shell.SyntaxNode | undefined): boolean =>
  node?.type === 'Command'
    ? node.name?.text === 'continue'
    : node?.type === 'BraceGroup'
      ? node.body.commands.some((one) => isSkip(one.command))
      : false

/** `[ "$d" = "$keep" ] || rm -rf "$d"`. */
function guardedBy(node: Shell.AndOr, text: string, name: string): readonly Kept[] {
  return node.operators.flatMap((operator, i) => {
    const test = membership(node.commands[i]!, text, name)
    return test && test.positive === (operator === '||')
      ? [{ node: node.commands[i + 1]!, keeps: test.keeps, at: node.commands[i]! }]
      : []
  })
}

function branches(node: Shell.If, text: string, name: string): readonly Kept[] {
  const first = node.clause.commands[0]?.command
  const test = first && testIn(first, text, name)
  if (!test) return []
  const branch = test.positive ? node.else : node.then
  return branch ? [{ node: branch, keeps: test.keeps, at: first }] : []
}

interface Test {
  /** It holds for what is kept. */
  readonly positive: boolean
  readonly keeps: readonly Shell.Word[]
}

const testIn = (node: Shell.SyntaxNode, text: string, name: string): Test | undefined =>
  node.type === 'AndOr' ? undefined : membership(node, text, name)

/** Whether a command asks if the loop's word is among others, and which words say what those are. */
function membership(node: Shell.SyntaxNode, text: string, name: string): Test | undefined {
  if (node.type === 'Pipeline') {
    const negated = node.prefixes.some((prefix) => prefix.type === 'Negation')
    const last = node.commands.at(-1)
    const inner = node.commands.length === 1 ? membership(last!, text, name) : listed(node, name)
    return inner && { ...inner, positive: inner.positive !== negated }
  }
  const mentions = (word: Shell.Word): boolean => new RegExp(`\\$\\{?${name}\\b`).test(word.text)
  const told = (operator: string, sides: readonly Shell.Word[]): Test | undefined => {
    const keeps = sides.filter((side) => !mentions(side) && /[$\`]/.test(side.text))
    return sides.some(mentions) && keeps.length > 0 ? { positive: operator !== '!=', keeps } : undefined
  }
  if (node.type === 'TestCommand') {
    let { expression } = node
    let negated = false
    while (expression.type === 'TestNot') {
      negated = negated !== (expression.negations.length % 2 === 1)
      expression = expression.operand
    }
    if (expression.type !== 'TestBinary' || !/^(=|==|!=|=~)$/.test(expression.operator)) return undefined
    const test = told(expression.operator, [expression.left, expression.right])
    return test && { ...test, positive: test.positive !== negated }
  }
  if (node.type !== 'Command') return undefined
  const words = node.suffix.filter((part) => part.type === 'Word')
  if (node.name?.text === '[' || node.name?.text === 'test') {
    const at = words.findIndex((word) => /^(=|==|!=)$/.test(word.text))
    const negated = words[0]?.text === '!'
    const test =
      at > 0
        ? told(
            words[at]!.text,
            [words[at - 1]!, words[at + 1]!].filter((word) => word),
          )
        : undefined
    return test && { ...test, positive: test.positive !== negated }
  }
  const fed = node.redirects.find((one) => one.type === 'HereString')?.target
  return node.name?.text === 'grep' && fed && words.some(mentions) ? { positive: true, keeps: [fed] } : undefined
}

// `echo "$keep" | grep -qx "$d"`.
function listed(node: Shell.Pipeline, name: string): Test | undefined {
  const [first, last] = [node.commands[0]!, node.commands.at(-1)!]
  if (first.type !== 'Command' || !/^(echo|printf)$/.test(first.name?.text ?? '')) return undefined
  if (last.type !== 'Command' || last.name?.text !== 'grep') return undefined
  const words = last.suffix.filter((part) => part.type === 'Word')
  if (!words.some((word) => new RegExp(`\\$\\{?${name}\\b`).test(word.text))) return undefined
  const keeps = first.suffix.filter((part) => part.type === 'Word' && /[$\`]/.test(part.text)) as Shell.Word[]
  return keeps.length > 0 ? { positive: true, keeps } : undefined
}

/** `ls | grep -vx "$keep" | xargs rm`: an empty pattern takes nothing out, as far as it must match whole lines. */
function filtered(node: Shell.Pipeline): readonly Kept[] {
  return node.commands.flatMap((command, i): readonly Kept[] => {
    if (command.type !== 'Command' || i === 0) return []
    const words = command.suffix.filter((part) => part.type === 'Word')
    const after = { pos: command.end, end: node.end }
    if (command.name?.text !== 'grep') return []
    const options = words.filter((word) => /^-/.test(word.text)).map((word) => word.text)
    const has = (letter: string, long: string): boolean =>
      options.some((one) => one === long || (/^-\w+$/.test(one) && one.includes(letter)))
    if (!has('v', '--invert-match')) return []
    const patterns = words.filter((word) => !/^-/.test(word.text) && /[$\`]|^<\(/.test(word.text))
    const whole = has('x', '--line-regexp') || has('w', '--word-regexp')
    const keeps = patterns.filter(
      (word) =>
        (has('f', '--file') && /^<\(/.test(word.text)) || (whole && !has('f', '--file')) || /^"?\^\$/.test(word.text),
    )
    return keeps.length > 0 ? [{ node: after, keeps, at: command }] : []
  })
}

/** `old=$(ls | grep -v "^$keep$")`: what deletes the words of `$old` later, or of what was made of them. */
function carried(tree: Shell.SyntaxNode, text: string): readonly Kept[] {
  const lists = new Map<string, readonly Kept[]>()
  const out: Kept[] = []
  const mentioned = (from: number, to: number): readonly Kept[] =>
    [...lists].flatMap(([name, kept]) => (new RegExp(`\\$\\{?${name}\\b`).test(text.slice(from, to)) ? kept : []))
  const visit = (node: Shell.SyntaxNode, depth: number): void => {
    if (depth > 120) return
    if (node.type === 'Assignment') {
      const own: Kept[] = []
      pipelinesIn(node, own, 0)
      const known = [...own, ...mentioned(node.pos, node.end)]
      if (known.length > 0) lists.set(node.name, known)
      return
    }
    if (lists.size > 0) {
      const last = node.type === 'Pipeline' ? node.commands.at(-1) : undefined
      if (last && node.type === 'Pipeline' && node.commands.length > 1)
        out.push(...mentioned(node.pos, last.pos).map((kept) => ({ ...kept, node: last })))
      if (node.type === 'For' && node.wordlist?.[0])
        out.push(...mentioned(node.wordlist[0].pos, node.body.pos).map((kept) => ({ ...kept, node: node.body })))
      if (node.type === 'Command') out.push(...mentioned(node.pos, node.end).map((kept) => ({ ...kept, node })))
    }
    eachChild(node, (child) => visit(child, depth + 1))
  }
  visit(tree, 0)
  return out
}

function pipelinesIn(node: Shell.SyntaxNode, out: Kept[], depth: number): void {
  if (depth > 20) return
  if (node.type === 'Pipeline') out.push(...filtered(node))
  eachChild(node, (child) => pipelinesIn(child, out, depth + 1))
}

/** `rm -rf !($keep)`. */
function extended(node: Shell.Command): readonly Kept[] {
  const keeps = node.suffix.filter((part) => part.type === 'Word' && /!\(\s*["']?[$\`][^|)]*\)/.test(part.text))
  return keeps.length > 0 ? [{ node, keeps: keeps as Shell.Word[], at: node }] : []
}
