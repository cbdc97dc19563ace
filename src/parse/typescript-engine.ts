import type * as Morph from 'ts-morph'
import type { TsCall, TsFile, TsTest, TsValue, TypescriptEngine } from './typescript.ts'

/** Reads TypeScript through ts-morph, which the front loads and hands in: it is large, and not everybody has it. */
export function typescriptEngine(morph: typeof Morph): TypescriptEngine {
  return (sources) => {
    const project = new morph.Project({
      useInMemoryFileSystem: true,
      skipLoadingLibFiles: true,
      compilerOptions: { allowJs: true, checkJs: true, strict: true, noLib: true, target: morph.ScriptTarget.ES2022 },
    })
    const files = sources.map(({ file, text }) => project.createSourceFile(`/${file}`, text, { overwrite: true }))
    return files.map((file, i) => {
      try {
        return readFile(morph, sources[i]!.file, file)
      } catch {
        return { file: sources[i]!.file, calls: [], tests: [] } // A checker that gives up on hostile text tells nothing.
      }
    })
  }
}

/** Depth to which a value is read, a chain or an origin followed. */
const deepest = 6

function readFile(morph: typeof Morph, name: string, file: Morph.SourceFile): TsFile {
  const { Node } = morph
  const calls: TsCall[] = []
  const tests: TsTest[] = []
  const memo = new Map<Morph.Node, TsCall | undefined>()

  const typeOf = (node: Morph.Node): readonly string[] => {
    const type = node.getType()
    const members = type.isUnion() ? type.getUnionTypes() : [type]
    const out = members.slice(0, 8).map((one) => {
      if (one.isBoolean() || one.isBooleanLiteral()) return 'boolean'
      if (one.isUndefined()) return 'undefined'
      if (one.isNull()) return 'null'
      if (one.isStringLiteral()) return JSON.stringify(one.getLiteralValue())
      if (one.isString()) return 'string'
      if (one.isNumber() || one.isNumberLiteral()) return 'number'
      return one.isAny() || one.isUnknown() ? '' : 'other'
    })
    return out.includes('') ? [] : [...new Set(out)]
  }

  const plain = (node: Morph.Node): Morph.Node => {
    let one = node
    for (let depth = 0; depth < 20; depth++) {
      if (
        Node.isParenthesizedExpression(one) ||
        Node.isAsExpression(one) ||
        Node.isAwaitExpression(one) ||
        Node.isNonNullExpression(one) ||
        Node.isSatisfiesExpression(one)
      )
        one = one.getExpression()
      else break
    }
    return one
  }

  const value = (given: Morph.Node, depth = 0): TsValue => {
    const node = plain(given)
    const place = { start: given.getStart(), end: given.getEnd() }
    const base = { ...place, type: depth > deepest ? [] : typeOf(node) }
    if (Node.isTrueLiteral(node) || Node.isFalseLiteral(node)) return { ...base, kind: 'boolean', text: node.getText() }
    if (Node.isStringLiteral(node) || Node.isNoSubstitutionTemplateLiteral(node))
      return { ...base, kind: 'string', text: node.getLiteralText() }
    if (Node.isNumericLiteral(node)) return { ...base, kind: 'number', text: node.getText() }
    if (Node.isIdentifier(node)) {
      if (node.getText() === 'undefined') return { ...base, kind: 'undefined' }
      if (node.getText() === 'NaN') return { ...base, kind: 'number', text: 'NaN' }
      const from = depth < deepest ? initializer(node) : undefined
      const read = from && value(from, depth + 2)
      return read && read.kind !== 'other' ? { ...read, ...place, type: base.type } : { ...base, kind: 'other' }
    }
    if (depth > deepest) return { ...base, kind: 'other' }
    if (Node.isArrayLiteralExpression(node)) {
      const items = node
        .getElements()
        .slice(0, 200)
        .filter((one) => !Node.isSpreadElement(one))
      return { ...base, kind: 'array', items: items.map((one) => value(one, depth + 1)) }
    }
    if (Node.isObjectLiteralExpression(node)) return { ...base, kind: 'object', entries: entries(node, depth) }
    if (Node.isTemplateExpression(node)) {
      const parts: (string | TsValue)[] = [node.getHead().getLiteralText()]
      for (const span of node.getTemplateSpans())
        parts.push(value(span.getExpression(), depth + 1), span.getLiteral().getLiteralText())
      return { ...base, kind: 'template', parts }
    }
    return { ...base, kind: 'other' }
  }

  const entries = (node: Morph.ObjectLiteralExpression, depth: number): NonNullable<TsValue['entries']> =>
    node
      .getProperties()
      .slice(0, 200)
      .flatMap((one) => {
        if (Node.isPropertyAssignment(one)) {
          const key = one.getNameNode()
          const text = Node.isStringLiteral(key)
            ? key.getLiteralText()
            : Node.isIdentifier(key)
              ? key.getText()
              : undefined
          const given = one.getInitializer()
          return text !== undefined && given ? [{ key: text, value: value(given, depth + 1) }] : []
        }
        if (Node.isShorthandPropertyAssignment(one))
          return [{ key: one.getName(), value: value(one.getNameNode(), depth + 1) }]
        return []
      })

  // What a name that never changes was made of.
  const initializer = (node: Morph.Identifier): Morph.Node | undefined => {
    const declaration = declarationOf(node)
    if (!declaration || !Node.isVariableDeclaration(declaration) || !Node.isIdentifier(declaration.getNameNode()))
      return undefined
    const statement = declaration.getVariableStatement()
    return statement && statement.getDeclarationKind() !== 'const' ? undefined : declaration.getInitializer()
  }

  const declarationOf = (node: Morph.Node): Morph.Node | undefined => node.getSymbol()?.getDeclarations()[0]

  /** The module that a value comes from: by its import, what it was made of, or the type it is declared to have. */
  const moduleOf = (given: Morph.Node, depth = 0): string | undefined => {
    if (depth > deepest) return undefined
    const node = plain(given)
    if (Node.isCallExpression(node)) {
      const callee = node.getExpression()
      const first = node.getArguments()[0]
      if (callee.getText() === 'require' && first && Node.isStringLiteral(first)) return named(first.getLiteralText())
      return moduleOf(callee, depth + 1)
    }
    if (Node.isNewExpression(node)) return moduleOf(node.getExpression(), depth + 1)
    if (Node.isPropertyAccessExpression(node)) {
      const own = declarationOf(node.getNameNode())
      return (own && declared(own, depth)) ?? moduleOf(node.getExpression(), depth + 1)
    }
    if (!Node.isIdentifier(node)) return undefined
    const declaration = declarationOf(node)
    return declaration && declared(declaration, depth)
  }
  const named = (module: string): string | undefined => (module.startsWith('.') ? undefined : module)

  const declared = (declaration: Morph.Node, depth: number): string | undefined => {
    const imported = declaration.getFirstAncestor((one) => Node.isImportDeclaration(one))
    if (imported && Node.isImportDeclaration(imported)) {
      const module = imported.getModuleSpecifierValue()
      return named(module) ?? exported(declaration, depth)
    }
    if (Node.isImportDeclaration(declaration)) return named(declaration.getModuleSpecifierValue())
    if (
      Node.isVariableDeclaration(declaration) ||
      Node.isParameterDeclaration(declaration) ||
      Node.isPropertyDeclaration(declaration)
    ) {
      const type = declaration.getTypeNode()
      const from = type && typeModule(type, depth)
      const made = declaration.getInitializer()
      return from ?? (made && moduleOf(made, depth + 1))
    }
    const outer = declaration.getFirstAncestor((one) => Node.isVariableDeclaration(one))
    return outer && Node.isVariableDeclaration(outer) && outer.getInitializer()
      ? moduleOf(outer.getInitializer()!, depth + 1)
      : undefined
  }
  const typeModule = (type: Morph.Node, depth: number): string | undefined => {
    const name = type.getFirstDescendant((one) => Node.isIdentifier(one)) ?? type
    return depth > deepest ? undefined : Node.isIdentifier(name) ? moduleOf(name, depth + 1) : undefined
  }
  // What another file of the project exports under a name.
  const exported = (declaration: Morph.Node, depth: number): string | undefined => {
    const symbol = declaration.getSymbol()?.getAliasedSymbol()
    const real = symbol?.getDeclarations()[0]
    return real && real !== declaration ? declared(real, depth + 1) : undefined
  }

  const short = (text: string): string => {
    const line = text.replace(/\s+/g, ' ')
    return line.length > 60 ? `${line.slice(0, 57)}…` : line
  }

  const callOf = (node: Morph.CallExpression): TsCall | undefined => {
    if (memo.has(node)) return memo.get(node)
    memo.set(node, undefined)
    const callee = node.getExpression()
    if (!Node.isPropertyAccessExpression(callee)) return undefined
    const chain: { method: string; args: readonly TsValue[] }[] = []
    let root = plain(callee.getExpression())
    for (let depth = 0; depth < 24 && Node.isCallExpression(root); depth++) {
      const inner = root.getExpression()
      const args = root.getArguments().map((one) => value(one))
      const link = Node.isPropertyAccessExpression(inner)
      chain.push({ method: link ? inner.getName() : '', args })
      root = plain(link ? inner.getExpression() : inner)
    }
    const made: TsCall = {
      start: node.getStart(),
      end: node.getEnd(),
      method: callee.getName(),
      on: short(callee.getExpression().getText()),
      module: moduleOf(callee.getExpression()),
      args: node.getArguments().map((one) => value(one)),
      chain,
    }
    memo.set(node, made)
    return made
  }

  /** The query whose rows a value comes from, through destructuring, indexing, loops and callbacks. */
  const queryOf = (given: Morph.Node, depth = 0): TsCall | undefined => {
    if (depth > 12) return undefined
    const node = plain(given)
    if (Node.isElementAccessExpression(node)) return queryOf(node.getExpression(), depth + 1)
    if (Node.isPropertyAccessExpression(node))
      return node.getName() === 'rows' ? queryOf(node.getExpression(), depth + 1) : undefined
    if (Node.isCallExpression(node)) {
      const call = callOf(node)
      return call && queries.has(call.method) ? call : undefined
    }
    if (!Node.isIdentifier(node)) return undefined
    const declaration = declarationOf(node)
    if (!declaration) return undefined
    const loop = declaration.getFirstAncestor((one) => Node.isForOfStatement(one) || Node.isBlock(one))
    if (loop && Node.isForOfStatement(loop)) return queryOf(loop.getExpression(), depth + 1)
    if (Node.isParameterDeclaration(declaration)) return throughCallback(declaration, depth)
    const variable = Node.isVariableDeclaration(declaration)
      ? declaration
      : declaration.getFirstAncestor((one) => Node.isVariableDeclaration(one))
    const made = variable && Node.isVariableDeclaration(variable) ? variable.getInitializer() : undefined
    return made && queryOf(made, depth + 1)
  }

  const throughCallback = (parameter: Morph.ParameterDeclaration, depth: number): TsCall | undefined => {
    const fun = parameter.getParent()
    const call = fun?.getParent()
    if (!call || !Node.isCallExpression(call)) return undefined
    const callee = call.getExpression()
    if (!Node.isPropertyAccessExpression(callee)) return undefined
    if (queries.has(callee.getName())) return callOf(call)
    if (/^(map|forEach|filter|find|some|every|flatMap|then)$/.test(callee.getName()))
      return queryOf(callee.getExpression(), depth + 1)
    return undefined
  }

  const test = (node: Morph.Node, how: TsTest['how'], at: Morph.Node): void => {
    const one = plain(node)
    if (!Node.isPropertyAccessExpression(one)) return
    const query = queryOf(one.getExpression())
    if (query) tests.push({ start: at.getStart(), end: at.getEnd(), how, property: one.getName(), query })
  }

  file.forEachDescendant((node) => {
    if (Node.isCallExpression(node)) {
      const call = callOf(node)
      if (call && calls.length < 3000) calls.push(call)
    } else if (Node.isBinaryExpression(node)) {
      const operator = node.getOperatorToken().getText()
      if (operator === '===' || operator === '!==') {
        for (const [one, other] of [
          [node.getLeft(), node.getRight()],
          [node.getRight(), node.getLeft()],
        ] as const)
          if (Node.isTrueLiteral(other) || Node.isFalseLiteral(other)) test(one, 'compared', node)
      } else if (operator === '&&' || operator === '||') {
        test(node.getLeft(), 'truthy', node.getLeft())
        if (operator === '&&' && Node.isIfStatement(node.getParent())) test(node.getRight(), 'truthy', node.getRight())
      }
    } else if (Node.isIfStatement(node)) test(node.getExpression(), 'truthy', node.getExpression())
    else if (Node.isConditionalExpression(node)) test(node.getCondition(), 'truthy', node.getCondition())
    else if (Node.isPrefixUnaryExpression(node) && node.getText().startsWith('!'))
      test(node.getOperand(), 'truthy', node)
  })
  return { file: name, calls, tests }
}

const queries = new Set(['query', 'execute', 'select', 'first', 'raw', '$queryRaw', '$queryRawUnsafe', 'where'])
