import { createRequire } from 'node:module'
import { typescriptEngine } from '../../../parse/typescript-engine.ts'
import type { TypescriptEngine } from '../../../parse/typescript.ts'

// ts-morph is larger than all the rest together and not bundled: where it is not installed, coverage says so.
function engine(): TypescriptEngine | undefined {
  try {
    return typescriptEngine(createRequire(import.meta.url)('ts-morph'))
  } catch {
    return undefined
  }
}

export default engine()
