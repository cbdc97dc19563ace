import { parseDocument } from 'yaml'

/** Plain data out of JSON or YAML, or why not. Aliases are bounded, so that a small file cannot become a large one. */
export function parseData(file: string, text: string): { readonly data: unknown } | { readonly problem: string } {
  const own = text.startsWith('\ufeff') ? text.slice(1) : text
  try {
    if (file.endsWith('.json')) return { data: JSON.parse(own) as unknown }
    const document = parseDocument(own, { prettyErrors: true })
    const [error] = document.errors
    if (error) return { problem: error.message.split('\n')[0]! }
    return { data: document.toJS({ maxAliasCount: 100 }) as unknown }
  } catch (error) {
    return { problem: (error as Error).message }
  }
}
