import {
  ConfigCommentParser,
  Directive,
  TextSourceCodeBase,
  VisitNodeStep,
  type DirectiveType,
} from '@eslint/plugin-kit'
import type { Kind } from '../../discover/kind.ts'
import { commentsIn } from '../../parse/comments.ts'
import { lineStarts, positionOf } from '../../source/source.ts'

/** The only node of our languages: the rules look at the whole file. */
export interface Root {
  readonly type: 'ShiplintFile'
  readonly range: readonly [number, number]
  readonly loc: Location
}

interface Location {
  readonly start: { readonly line: number; readonly column: number }
  readonly end: { readonly line: number; readonly column: number }
}

/** A comment as ESLint reads its directives from. */
interface CommentNode {
  readonly type: 'Comment'
  readonly value: string
  readonly range: readonly [number, number]
  readonly loc: Location
}

const parser = new ConfigCommentParser()

/** A file as ESLint holds it: its text, and the comments that may carry `eslint-disable`. */
export class ShiplintSourceCode extends TextSourceCodeBase {
  readonly visitorKeys = { ShiplintFile: [] }
  readonly hasBOM: boolean
  /** Which of our languages it is. */
  readonly kind: Kind
  readonly #comments: readonly CommentNode[]

  constructor(kind: Kind, text: string, hasBOM: boolean, ast: Root) {
    super({ text, ast })
    this.hasBOM = hasBOM
    this.kind = kind
    const starts = lineStarts(text)
    this.#comments = commentsIn(kind, text, undefined).map(({ start, end }) => ({
      type: 'Comment',
      value: text.slice(start, end).replace(/^[#;/*\s]+/, ''),
      range: [start, end],
      loc: { start: positionOf(starts, start), end: positionOf(starts, end) },
    }))
  }

  override getLoc(node: object): Location {
    return (node as CommentNode | Root).loc
  }

  override getRange(node: object): [number, number] {
    const [start, end] = (node as CommentNode | Root).range
    return [start, end]
  }

  override getParent(): undefined {
    return undefined
  }

  override traverse(): Iterable<VisitNodeStep> {
    return [
      new VisitNodeStep({ target: this.ast, phase: 1, args: [this.ast] }),
      new VisitNodeStep({ target: this.ast, phase: 2, args: [this.ast] }),
    ]
  }

  getInlineConfigNodes(): readonly CommentNode[] {
    return this.#comments.filter((comment) => /^eslint(-|\s|$)/.test(comment.value))
  }

  getDisableDirectives(): { directives: Directive[]; problems: { ruleId: null; message: string; loc: Location }[] } {
    const directives: Directive[] = []
    const problems: { ruleId: null; message: string; loc: Location }[] = []
    for (const node of this.getInlineConfigNodes()) {
      const parsed = parser.parseDirective(node.value)
      const type = /^eslint-(disable(?:-next-line|-line)?|enable)$/.exec(parsed?.label ?? '')?.[1]
      if (!parsed || !type) continue
      if (type === 'disable-line' && node.loc.start.line !== node.loc.end.line)
        problems.push({ ruleId: null, message: 'eslint-disable-line cannot span several lines', loc: node.loc })
      directives.push(
        new Directive({ type: type as DirectiveType, node, value: parsed.value, justification: parsed.justification }),
      )
    }
    return { directives, problems }
  }

  applyInlineConfig(): { configs: { config: { rules: object }; loc: Location }[]; problems: unknown[] } {
    const configs: { config: { rules: object }; loc: Location }[] = []
    const problems: unknown[] = []
    for (const node of this.getInlineConfigNodes()) {
      const parsed = parser.parseDirective(node.value)
      if (parsed?.label !== 'eslint') continue
      const result = parser.parseJSONLikeConfig(parsed.value)
      if (result.ok) configs.push({ config: { rules: result.config }, loc: node.loc })
      else problems.push({ ruleId: null, message: result.error.message, loc: node.loc })
    }
    return { configs, problems }
  }

  // Core rules that somebody switches on for all files ask for these; without them they throw.
  getAllComments(): readonly never[] {
    return []
  }

  getScope(): object {
    return { type: 'global', variables: [], references: [], through: [], childScopes: [], set: new Map(), upper: null }
  }

  readonly scopeManager = { scopes: [], globalScope: null }
  readonly parserServices = {}
}

/** A language whose files are texts with comments; what is in them is read by the linter itself. */
export function languageOf(kind: Kind): object {
  return {
    fileType: 'text',
    lineStart: 1,
    columnStart: 1,
    nodeTypeKey: 'type',
    visitorKeys: { ShiplintFile: [] },
    defaultLanguageOptions: { parserOptions: {} },
    // Global options of other languages (`globals`, `parser`) must not make this one throw.
    validateLanguageOptions() {},
    parse(file: { readonly body: string }) {
      const text = file.body
      const end = positionOf(lineStarts(text), text.length)
      const ast: Root = { type: 'ShiplintFile', range: [0, text.length], loc: { start: { line: 1, column: 1 }, end } }
      return { ok: true, ast }
    },
    createSourceCode(file: { readonly body: string; readonly bom: boolean }, { ast }: { readonly ast: Root }) {
      return new ShiplintSourceCode(kind, file.body, file.bom, ast)
    },
  }
}
