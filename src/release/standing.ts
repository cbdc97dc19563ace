import { eachChild, treeOf, type Shell } from '../parse/shell.ts'
import type { Piece } from '../source/piece.ts'
import type { Command } from '../facts/shell/script.ts'

/** Where a command stands among those around it. */
export interface Standing {
  /** The list of `&&` it belongs to: what fails in it skips the rest of it. */
  readonly start: number
  readonly end: number
  /** Its status is asked for: a condition, `!`, `$?` on the next lines. */
  readonly checked: boolean
  /** It is not the last of a pipeline; `into`: the name of the command behind it. */
  readonly piped: boolean
  readonly into?: string
  /** What stands behind `||`; `idle`: it does nothing about the failure. */
  readonly handler?: { readonly start: number; readonly end: number; readonly text: string; readonly idle: boolean }
  /** The branches it stands in, as the offset of the `if` and the number of the branch. */
  readonly branches: readonly (readonly [number, number])[]
  /**
   * It stands in `$(…)`, and its status is that of the assignment (`kept`) or lost: in `local x=$(…)`, as a word of a command
   * (`masked`: that command's name).
   */
  readonly captured?: 'kept' | { readonly masked: string }
  /** Where an `exit` stands behind it in the same branch: nothing after that is reached. */
  readonly until?: number
}

const known = new WeakMap<Piece, ReadonlyMap<number, Standing>>()

/** Where a command stands in its text. */
export function standingOf(command: Command): Standing | undefined {
  let all = known.get(command.piece)
  if (!all) known.set(command.piece, (all = standingsIn(command.piece.text)))
  const own = all.get(command.start)
  if (own) return own
  // A wrapper (`sudo`) begins before the command it runs.
  let found: readonly [number, Standing] | undefined
  for (const [start, standing] of all)
    if (start <= command.start && command.start < standing.end && (!found || start > found[0]))
      found = [start, standing]
  return found?.[1]
}

/** Whether two can never both be reached: they stand in different branches of one `if`. */
export function apart(a: Standing | undefined, b: Standing | undefined): boolean {
  return (
    a?.branches.some(([node, branch]) => b?.branches.some((other) => other[0] === node && other[1] !== branch)) ?? false
  )
}

/** Whether a command is passed over when one before it fails: both stand in one list of `&&`. */
export function isSkipped(failed: Command, later: Command): boolean {
  if (failed.piece !== later.piece || later.start <= failed.start) return false
  const [a, b] = [standingOf(failed), standingOf(later)]
  return (
    a !== undefined &&
    b !== undefined &&
    a.start === b.start &&
    later.start < a.end &&
    b.handler?.start === a.handler?.start
  )
}

type Around = Omit<Standing, 'start' | 'end'> & { readonly start?: number; readonly end?: number }

function standingsIn(text: string): ReadonlyMap<number, Standing> {
  const out = new Map<number, Standing>()
  const outside: Around = { checked: false, piped: false, branches: [] }
  const visit = (node: Shell.SyntaxNode, around: Around, depth: number): void => {
    if (depth > 100) return
    if (node.type === 'AndOr') return list(node, around, depth)
    if (node.type === 'Pipeline' && node.commands.length > 1) return pipeline(node, around, depth)
    if (node.type === 'Command') {
      const asked = isAsked(text.slice(node.end, node.end + 400))
      const { start = node.pos, end = node.end, ...rest } = around
      out.set(node.pos, { ...rest, start, end, checked: rest.checked || asked })
      const captured = capturing(node)
      eachChild(node, (child) => visit(child, captured ? { ...around, captured } : around, depth + 1))
      return
    }
    if (node.type === 'CommandExpansion') return body(node, around, depth)
    if (node.type === 'Subshell' || node.type === 'BraceGroup') return body(node, around, depth)
    const negated = (node as { negated?: boolean }).negated === true
    const inner = isBody(node) ? bare(around) : negated ? { ...around, checked: true } : around
    if (node.type === 'CompoundList') {
      // In a branch; what stands at the top of a text ends there anyway.
      const leaves = around.branches.length > 0 ? node.commands.findLast((one) => exits(one.command)) : undefined
      for (const child of node.commands) {
        const own = leaves && child.end <= leaves.pos ? { ...inner, until: leaves.pos } : inner
        visit(child, own, depth + 1)
      }
      return
    }
    let count = 0
    eachChild(node, (child) => {
      const clause = (node as { clause?: Shell.SyntaxNode }).clause === child
      const branches =
        node.type === 'If' || node.type === 'Case' ? [...inner.branches, [node.pos, count++] as const] : inner.branches
      visit(child, clause ? { ...inner, checked: true } : { ...inner, branches }, depth + 1)
    })
  }
  // The status of `( a; b )` and of `$(a; b)` is that of what stands last in it.
  const body = (node: Shell.SyntaxNode, around: Around, depth: number): void => {
    const statements = statementsOf(node)
    if (!statements) return eachChild(node, (child) => visit(child, bare(around), depth + 1))
    const { captured } = around
    const inside = captured ? { ...bare(around), captured: masked(captured) } : bare(around)
    statements.forEach((child, i) => visit(child, i === statements.length - 1 ? around : inside, depth + 1))
  }
  const pipeline = (node: Shell.Pipeline, around: Around, depth: number): void => {
    node.commands.forEach((child, i) => {
      const next = node.commands[i + 1]
      const into = next && /^\s*(?:sudo\s+)?([\w-]+)/.exec(text.slice(next.pos, next.end))?.[1]
      const piped = next !== undefined
      visit(child, { ...around, piped: around.piped || piped, ...(into ? { into } : {}) }, depth + 1)
    })
  }
  const list = (node: Shell.AndOr, around: Around, depth: number): void => {
    node.commands.forEach((child, i) => {
      const or = node.operators.indexOf('||', i)
      // `a || b || echo`: what stands last decides whether the failure is hidden.
      let to = or + 1
      while (or !== -1 && node.operators[to] === '||') to++
      const next = or === -1 ? undefined : node.commands[to]
      const words = next ? text.slice(next.pos, next.end) : ''
      const idle = /^(true|:|echo\b[^;&|]*|printf\b[^;&|]*|\/bin\/true)$/.test(words.trim())
      const shown = `|| ${words.trim().slice(0, 30)}`
      const handler = next ? { start: node.commands[or]!.end, end: next.end, text: shown, idle } : undefined
      const end = handler ? next!.pos : node.end
      const before = i > 0 && node.operators[i - 1] === '||'
      const noted = node.commands
        .slice(i + 1)
        .some((other, j) => node.operators[i + j] === '&&' && isNoted(other, text))
      const inner = { ...around, start: node.pos, end, checked: around.checked || before || noted }
      visit(child, handler ? { ...inner, handler } : inner, depth + 1)
    })
  }
  visit(treeOf(text), outside, 0)
  return out
}

/** `try && done=1`: what is asked of the variable further on is whether it went well. */
function isNoted(node: Shell.SyntaxNode, text: string): boolean {
  if (node.type !== 'Command' || node.name !== undefined || node.prefix.length !== 1) return false
  const name = /^\w+(?==)/.exec(text.slice(node.pos, node.end))?.[0]
  return name !== undefined && new RegExp(String.raw`\$\{?${name}\b`).test(text.slice(node.end))
}

/** Whether `$?` is asked before another command has a status of its own; what only prints in between is passed over. */
function isAsked(after: string): boolean {
  const [own = '', ...lines] = after.split('\n', 9)
  if (own.includes('$?')) return true
  for (const line of lines) {
    if (line.includes('$?')) return true
    if (
      !/^\s*(#|$|echo\b|printf\b|log\w*\b|fi\b|done\b|else\b|then\b|\}|\)|set [-+]e|(local |export )?\w+=)/.test(line)
    )
      return false
  }
  return false
}

/** What the substitutions in a command's words do with the status of what they run. */
function capturing(node: Shell.Command): Standing['captured'] {
  if (node.name === undefined) return 'kept'
  return { masked: node.name.text }
}

const exits = (node: Shell.SyntaxNode): boolean =>
  node.type === 'Command' &&
  (/^(exit|die|fail|abort)$/.test(node.name?.text ?? '') || (node.name?.text === 'exec' && node.suffix.length > 0))

const masked = (captured: NonNullable<Standing['captured']>): { readonly masked: string } =>
  captured === 'kept' ? { masked: '' } : captured

// What stands in a body is a list of its own.
const bare = ({ checked, branches, until }: Around): Around => ({
  checked,
  piped: false,
  branches,
  ...(until === undefined ? {} : { until }),
})

function statementsOf(node: Shell.SyntaxNode): readonly Shell.SyntaxNode[] | undefined {
  if (node.type === 'Subshell' || node.type === 'BraceGroup') return node.body.commands
  if (node.type === 'CommandExpansion') return node.script?.commands
  return undefined
}

const isBody = (node: Shell.SyntaxNode): boolean =>
  /^(CompoundList|If|While|For|Function|Case|CaseItem)$/.test(node.type)
