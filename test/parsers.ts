import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { rubyParser } from '../src/parse/prism.ts'
import { phpEngine } from '../src/parse/php-engine.ts'
import { typescriptEngine } from '../src/parse/typescript-engine.ts'
import type { TypescriptEngine } from '../src/parse/typescript.ts'
import type { Parsers } from '../src/rule/facts.ts'

const require = createRequire(import.meta.url)

let typescript: TypescriptEngine | undefined

/** The heavy parsers, as the command line would hand them in. */
export const parsers: Parsers = {
  php: phpEngine,
  get typescript() {
    return (typescript ??= typescriptEngine(require('ts-morph')))
  },
  ruby: rubyParser(readFileSync(require.resolve('@ruby/prism/src/prism.wasm'))),
}
