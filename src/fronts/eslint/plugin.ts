import { rules } from '../../../rules/index.ts'
import { pageOf } from '../../report/url.ts'
import type { Diagnostic } from '../../rule/diagnostic.ts'
import type { Rule } from '../../rule/rule.ts'
import { lineStarts, positionOf, type Span } from '../../source/source.ts'
import { version } from '../cli/version.ts'
import { see, type Seen } from './engine.ts'
import { languageOf } from './language.ts'

// What is used of ESLint's context; its own types know only JavaScript's.
interface Context {
  readonly physicalFilename: string
  readonly sourceCode: { readonly text: string; readonly ast: { readonly type: string } }
  report(problem: object): void
}

interface Fixer {
  replaceTextRange(range: readonly [number, number], text: string): unknown
}

/** For texts without a file of their own, by the language they are linted in. */
const fallbackNames: Readonly<Record<string, string>> = { shell: 'input.sh', nginx: 'nginx.conf', ini: 'php.ini' }

// One run for all rules of a file.
const seen = new WeakMap<object, Seen>()

function seenIn(context: Context): Seen {
  let found = seen.get(context.sourceCode)
  if (!found) {
    const kind = (context.sourceCode as { readonly kind?: string }).kind ?? 'shell'
    found = see(context.physicalFilename, context.sourceCode.text, fallbackNames[kind] ?? 'input.sh')
    seen.set(context.sourceCode, found)
  }
  return found
}

/** A rule of ours as ESLint takes it: it works in our languages, and over any other parser's files too. */
function ruleFor(id: string, rule: Rule): object {
  return {
    meta: {
      type: 'problem',
      docs: { description: rule.finds, url: pageOf(id), recommended: !rule.preview },
      fixable: 'code',
      hasSuggestions: true,
      schema: [],
    },
    create: (context: Context) => ({
      [context.sourceCode.ast.type]: () => {
        const { file, diagnostics } = seenIn(context)
        for (const one of diagnostics) if (one.rule === id && one.allowed === undefined) reportOne(context, file, one)
      },
    }),
  }
}

// A finding is shown where its place is; when only its trail touches this file, at that label.
function reportOne(context: Context, file: string, one: Diagnostic): void {
  const own = one.at.file === file
  const label = own ? undefined : one.because.find((candidate) => candidate.at.file === file)
  if (!own && !label) return
  const fixes = own ? one.fixes.filter((fix) => fix.edits.every((edit) => edit.at.file === file)) : []
  const apply =
    (fix: (typeof fixes)[number]) =>
    (fixer: Fixer): unknown =>
      fix.edits.map((edit) => fixer.replaceTextRange([edit.at.start, edit.at.end], edit.text))
  const first = fixes[0]?.safety === 'safe' ? fixes[0] : undefined
  context.report({
    message: label ? `${label.says} (${one.at.file}: ${one.says})` : one.says,
    loc: locOf(context.sourceCode.text, label?.at ?? one.at),
    ...(first && { fix: apply(first) }),
    suggest: fixes.filter((fix) => fix !== first).map((fix) => ({ desc: fix.title, fix: apply(fix) })),
  })
}

function locOf(text: string, { start, end }: Span): object {
  const starts = lineStarts(text)
  return { start: positionOf(starts, start), end: positionOf(starts, end) }
}

const all = Object.entries(rules)
const severities: Readonly<Record<string, string>> = { error: 'error', warning: 'warn', info: 'warn' }
const recommendedRules = Object.fromEntries(
  all.filter(([, rule]) => !rule.preview).map(([id, rule]) => [`shiplint/${id}`, severities[rule.severity]]),
)

/** The plugin: languages for shell, nginx and ini files, and every rule of the linter. */
const plugin = {
  meta: { name: 'shiplint', version, namespace: 'shiplint' },
  languages: { shell: languageOf('shell'), nginx: languageOf('nginx'), ini: languageOf('ini') },
  rules: Object.fromEntries(all.map(([id, rule]) => [id, ruleFor(id, rule)])),
  configs: {} as Record<string, readonly object[]>,
}

const files: Readonly<Record<keyof typeof plugin.languages, readonly string[]>> = {
  shell: ['**/*.sh', '**/*.bash'],
  nginx: ['**/nginx*.conf', '**/nginx/**/*.conf', '**/*.nginx'],
  ini: ['**/php*.ini', '**/.user.ini', '**/php/**/*.ini', '**/pool.d/*.conf', '**/php-fpm*.conf'],
}
plugin.configs['recommended'] = Object.entries(files).map(([language, patterns]) => ({
  name: `shiplint/recommended/${language}`,
  files: patterns,
  plugins: { shiplint: plugin },
  language: `shiplint/${language}`,
  rules: recommendedRules,
}))

export default plugin
