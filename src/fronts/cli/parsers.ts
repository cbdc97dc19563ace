import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Files } from '../../discover/files.ts'
import type { Kind } from '../../discover/kind.ts'
import type { Parsers } from '../../rule/facts.ts'

const neededBy: Readonly<Record<keyof Parsers, readonly Kind[]>> = {
  php: ['php', 'deployer'],
  ruby: ['ruby', 'capistrano'],
  typescript: ['typescript'],
}

/** The heavy parsers, each loaded when it is first asked for and only where a file of its kind is there. */
export function parsersFor(files: () => Files): Parsers {
  const made: Partial<Record<keyof Parsers, unknown>> = {}
  const get = (name: keyof Parsers): unknown => {
    if (name in made) return made[name]
    if (files().of(...neededBy[name]).length === 0) return (made[name] = undefined)
    const bundle = fileURLToPath(new URL(`./heavy/${name}.cjs`, import.meta.url))
    const load = createRequire(import.meta.url) as (file: string) => { readonly default: unknown }
    return (made[name] = existsSync(bundle) ? load(bundle).default : undefined)
  }
  return {
    get php() {
      return get('php')
    },
    get ruby() {
      return get('ruby')
    },
    get typescript() {
      return get('typescript')
    },
  } as Parsers
}
