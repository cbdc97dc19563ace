/** Where the package's sources are published. */
export const home = 'https://github.com/shiplint/shiplint'

/** The page of a rule, or of what is said about the allowing comments themselves. */
export function pageOf(rule: string): string {
  return metaRules.has(rule) ? `${home}#allowing-a-finding` : `${home}/blob/main/rules/${rule}/README.md`
}

/** Findings about comments and not about releases; they have no page of their own. */
export const metaRules: ReadonlySet<string> = new Set(['allow-without-reason', 'unknown-rule', 'unused-allow'])
