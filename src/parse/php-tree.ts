/*
 * PHP as a tree of our own. Offsets are UTF-16 and exact: `text.slice(node.start, node.end)` is what was written, without
 * the semicolon that ends a statement of one expression and without parentheses around the node.
 */

/** What every node of a PHP tree has: its stretch of the text. */
interface At {
  readonly start: number
  readonly end: number
}

/** `'…'`, `"…"` without interpolation, and nowdoc; `value` is decoded, `start`–`end` holds the quotes. */
export interface PhpString extends At {
  readonly kind: 'string'
  readonly value: string
  readonly quote: "'" | '"' | 'heredoc' | 'nowdoc' | 'bare'
}

/** A string with interpolation; a part is literal text (a `string` with the quote `bare`, decoded) or an expression. */
export interface PhpTemplate extends At {
  readonly kind: 'template'
  readonly quote: '"' | 'heredoc' | '`'
  readonly parts: readonly PhpExpression[]
}

/** A name as written: `Foo`, `\Foo\Bar`, `namespace\foo`, `self`, `parent`, `static`. */
export interface PhpName extends At {
  readonly kind: 'name'
  readonly name: string
}

/** `$name`, or `$$x` / `${…}` with an expression as the name. */
export interface PhpVariable extends At {
  readonly kind: 'variable'
  readonly name: string | PhpExpression
}

/** One entry of an array literal or of a `list(…)`. */
export interface PhpItem extends At {
  readonly key?: PhpExpression
  readonly value: PhpExpression
  readonly spread: boolean
  readonly byRef: boolean
}

/** `[…]`, `array(…)`, and as the target of an assignment or loop `[…]`, `list(…)`. */
export interface PhpArray extends At {
  readonly kind: 'array'
  readonly items: readonly PhpItem[]
}

/** One argument; `f(...)` (a first-class callable) has none and says so on the call. */
export interface PhpArgument extends At {
  readonly value: PhpExpression
  readonly spread: boolean
  /** A named argument's name. */
  readonly name?: string
}

/** A call of a function, method or static method, or `new`. */
export interface PhpCall extends At {
  readonly kind: 'call'
  readonly how: 'function' | 'method' | 'static' | 'new'
  /** The object of a method, the class of `static` and `new`; for a function what is called. */
  readonly on: PhpExpression | PhpClass
  /** The method's name, or the expression that gives it; for a function called by name its name as written. */
  readonly name: string | PhpExpression | undefined
  /** Where the method's or function's name stands. */
  readonly nameAt: At
  readonly args: readonly PhpArgument[]
  readonly nullsafe: boolean
  /** `f(...)`: makes a closure, calls nothing. */
  readonly callable: boolean
}

/** `$a->b` and `$a?->b`. */
export interface PhpProperty extends At {
  readonly kind: 'property'
  readonly on: PhpExpression
  readonly name: string | PhpExpression
}

/** `A::$b` (`of: 'property'`) and `A::B`, `A::class` (`of: 'constant'`). */
export interface PhpStatic extends At {
  readonly kind: 'static'
  readonly of: 'property' | 'constant'
  readonly on: PhpExpression
  readonly name: string | PhpExpression
}

/** `$a[1]`, `$a[]`. */
export interface PhpIndex extends At {
  readonly kind: 'index'
  readonly on: PhpExpression
  readonly index?: PhpExpression
}

/** `=`, `=&` and the compound assignments, with the operator as written. */
export interface PhpAssign extends At {
  readonly kind: 'assign'
  readonly operator: string
  readonly target: PhpExpression
  readonly value: PhpExpression
}

/** A binary operator, `instanceof` included; `and`, `or`, `xor` in lower case. */
export interface PhpBinary extends At {
  readonly kind: 'binary'
  readonly operator: string
  readonly left: PhpExpression
  readonly right: PhpExpression
}

/** `!x`, `-x`, `+x`, `~x`, `++x`, `--x`, `x++`, `x--`, `@x`, `clone x`, `print x`, `&x`, `throw x`, `yield from x`. */
export interface PhpUnary extends At {
  readonly kind: 'unary'
  readonly operator: string
  readonly operand: PhpExpression
}

/** `(int) x`; the type is one of int, bool, float, string, array, object, unset. */
export interface PhpCast extends At {
  readonly kind: 'cast'
  readonly type: string
  readonly operand: PhpExpression
}

/** `a ? b : c`; without `then` it is `a ?: c`. */
export interface PhpTernary extends At {
  readonly kind: 'ternary'
  readonly test: PhpExpression
  readonly then?: PhpExpression
  readonly otherwise: PhpExpression
}

export interface PhpMatch extends At {
  readonly kind: 'match'
  readonly subject: PhpExpression
  /** Without `tests`: the default. */
  readonly arms: readonly { readonly tests?: readonly PhpExpression[]; readonly value: PhpExpression }[]
}

/** `isset(…)`, `empty(…)`, `exit(…)`, `eval(…)`, `yield`, with what they are given. */
export interface PhpConstruct extends At {
  readonly kind: 'construct'
  readonly name: 'isset' | 'empty' | 'exit' | 'eval' | 'yield'
  readonly operands: readonly PhpExpression[]
}

export interface PhpInclude extends At {
  readonly kind: 'include'
  readonly once: boolean
  readonly require: boolean
  readonly target: PhpExpression
}

/** A type as written, `?T` split up: lower-case names of builtin types, class names as written. */
export interface PhpType extends At {
  readonly names: readonly string[]
  readonly nullable: boolean
}

export interface PhpParameter extends At {
  readonly name: string
  readonly nameAt: At
  readonly type?: PhpType
  readonly byDefault?: PhpExpression
  readonly byRef: boolean
  readonly variadic: boolean
  /** A promoted constructor parameter: it is a property as well. */
  readonly promoted: boolean
}

/** A function, method, closure or arrow function (whose body is one `return`). */
export interface PhpFunction extends At {
  readonly kind: 'function'
  readonly how: 'function' | 'method' | 'closure' | 'arrow'
  readonly name?: string
  readonly nameAt?: At
  readonly parameters: readonly PhpParameter[]
  readonly uses: readonly { readonly name: string; readonly byRef: boolean }[]
  readonly returns?: PhpType
  /** Absent on an abstract method; of functions and methods read when first asked for (`'body' in f` asks nothing). */
  readonly body?: readonly PhpStatement[]
  readonly static: boolean
  readonly visibility: 'public' | 'protected' | 'private'
  /** The doc comment above it, with its delimiters. */
  readonly doc?: string
  readonly attributes: readonly PhpAttribute[]
}

export interface PhpAttribute extends At {
  readonly name: string
  readonly args: readonly PhpArgument[]
}

export interface PhpField extends At {
  readonly name: string
  readonly type?: PhpType
  readonly byDefault?: PhpExpression
  readonly static: boolean
  readonly doc?: string
  readonly attributes: readonly PhpAttribute[]
}

/** A class, interface, trait or enum; an anonymous class has no name. */
export interface PhpClass extends At {
  readonly kind: 'class'
  readonly how: 'class' | 'interface' | 'trait' | 'enum'
  readonly name?: string
  readonly extends: readonly string[]
  readonly implements: readonly string[]
  /** Traits used. */
  readonly uses: readonly string[]
  readonly constants: readonly { readonly name: string; readonly value?: PhpExpression }[]
  readonly fields: readonly PhpField[]
  readonly methods: readonly PhpFunction[]
  readonly doc?: string
  readonly attributes: readonly PhpAttribute[]
}

export interface PhpNumber extends At {
  readonly kind: 'number'
  readonly value: number
}

export interface PhpBoolean extends At {
  readonly kind: 'boolean'
  readonly value: boolean
}

export interface PhpNull extends At {
  readonly kind: 'null'
}

/** What the parser could not make sense of. */
export interface PhpUnknown extends At {
  readonly kind: 'unknown'
}

export type PhpExpression =
  | PhpString
  | PhpTemplate
  | PhpNumber
  | PhpBoolean
  | PhpNull
  | PhpName
  | PhpVariable
  | PhpArray
  | PhpCall
  | PhpProperty
  | PhpStatic
  | PhpIndex
  | PhpAssign
  | PhpBinary
  | PhpUnary
  | PhpCast
  | PhpTernary
  | PhpMatch
  | PhpConstruct
  | PhpInclude
  | PhpFunction
  | PhpUnknown

/** The statements; bodies are always lists, braces or not. A declaration (`function`, `class`) stands as itself. */
export type PhpStatement =
  | (At & { readonly kind: 'expression'; readonly expression: PhpExpression })
  | (At & { readonly kind: 'echo'; readonly expressions: readonly PhpExpression[] })
  | (At & { readonly kind: 'return'; readonly value?: PhpExpression })
  | (At & {
      readonly kind: 'if'
      readonly test: PhpExpression
      readonly then: readonly PhpStatement[]
      readonly otherwise: readonly PhpStatement[]
    })
  | (At & {
      readonly kind: 'while' | 'do'
      readonly test: PhpExpression
      readonly body: readonly PhpStatement[]
    })
  | (At & {
      readonly kind: 'for'
      readonly init: readonly PhpExpression[]
      readonly test: readonly PhpExpression[]
      readonly step: readonly PhpExpression[]
      readonly body: readonly PhpStatement[]
    })
  | (At & {
      readonly kind: 'foreach'
      readonly source: PhpExpression
      readonly key?: PhpExpression
      readonly value: PhpExpression
      readonly body: readonly PhpStatement[]
    })
  | (At & {
      readonly kind: 'switch'
      readonly test: PhpExpression
      readonly cases: readonly { readonly test?: PhpExpression; readonly body: readonly PhpStatement[] }[]
    })
  | (At & {
      readonly kind: 'try'
      readonly body: readonly PhpStatement[]
      readonly catches: readonly PhpCatch[]
      readonly always: readonly PhpStatement[]
    })
  | (At & { readonly kind: 'block'; readonly body: readonly PhpStatement[] })
  | (At & { readonly kind: 'namespace'; readonly name: string; readonly body: readonly PhpStatement[] })
  | (At & { readonly kind: 'use'; readonly imports: readonly PhpImport[] })
  | (At & { readonly kind: 'constant'; readonly name: string; readonly value?: PhpExpression })
  | (At & { readonly kind: 'globals'; readonly names: readonly string[] })
  | (At & {
      readonly kind: 'statics'
      readonly variables: readonly { readonly name: string; readonly value?: PhpExpression }[]
    })
  | (At & { readonly kind: 'unset'; readonly expressions: readonly PhpExpression[] })
  | (At & { readonly kind: 'break' | 'continue' | 'html' | 'other' })
  | PhpFunction
  | PhpClass

export interface PhpCatch extends At {
  readonly types: readonly string[]
  readonly variable?: string
  readonly body: readonly PhpStatement[]
}

/** One import of a `use` statement: the full name and the name it has here. */
export interface PhpImport {
  readonly name: string
  readonly as: string
  readonly of: 'class' | 'function' | 'constant'
}

/** A comment with its delimiters. */
export interface PhpComment extends At {
  readonly text: string
}

export type PhpNode = PhpExpression | PhpStatement

/** A whole PHP file. */
export interface PhpFile {
  readonly body: readonly PhpStatement[]
  readonly comments: readonly PhpComment[]
}
