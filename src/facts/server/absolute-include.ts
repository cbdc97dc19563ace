import type { Files } from '../../discover/files.ts'
import { parsePhp, walkPhp, type PhpEngine, type PhpExpression } from '../../parse/php.ts'
import type { Span } from '../../source/source.ts'

/** A `require` or `include` of PHP code by an absolute path that is written out: OPcache keeps it by that name (OPC-06). */
export interface AbsoluteInclude {
  readonly at: Span
  readonly path: string
  /** `require_once`, `include_once`: never looked at again, whatever the settings. */
  readonly once: boolean
  readonly text: string
}

// Only files that can hold one are parsed.
const gate = /\b(?:require|include)(?:_once)?\b[\s(]*['"]\//

/** The absolute includes of a project. */
export function absoluteIncludes(
  files: Files,
  engine: PhpEngine | undefined,
  read: (file: string) => void,
): readonly AbsoluteInclude[] {
  if (!engine) return []
  return files.of('php').flatMap((source) => {
    if (!gate.test(source.text)) return []
    const out: AbsoluteInclude[] = []
    read(source.file)
    walkPhp(parsePhp(source.text, engine).tree.body, (node) => {
      if (node.kind !== 'include') return
      const path = headOf(node.target)
      if (!path?.startsWith('/')) return
      const at = { file: source.file, start: node.start, end: node.end }
      out.push({ at, path, once: node.once, text: source.text.slice(node.start, node.end) })
    })
    return out
  })
}

/** The literal text that an expression begins with. */
function headOf(expression: PhpExpression): string | undefined {
  if (expression.kind === 'string') return expression.value
  if (expression.kind === 'binary' && expression.operator === '.') return headOf(expression.left)
  if (expression.kind === 'template' && expression.parts[0]) return headOf(expression.parts[0])
  return undefined
}
