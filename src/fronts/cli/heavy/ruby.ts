import { readFileSync } from 'node:fs'
import { rubyParser } from '../../../parse/prism.ts'

// The build lays the engine beside this bundle.
export default rubyParser(readFileSync(new URL('./prism.wasm', import.meta.url)))
