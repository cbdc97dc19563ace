import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { ESLint, RuleTester, type Linter } from 'eslint'
import tseslint from 'typescript-eslint'
import { expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import plugin from '../../src/fronts/eslint/plugin.ts'

const js = createRequire(import.meta.url)('@eslint/js') as { configs: Record<string, Linter.Config> }
const recommended = plugin.configs['recommended'] as Linter.Config[]
const id = 'document-root-behind-symlink'

const broken = `server {
  root /srv/site/current/public;
  location ~ \\.php$ {
    include fastcgi_params;
    fastcgi_param DOCUMENT_ROOT $realpath_root;
    fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
    fastcgi_pass unix:/run/php/php-fpm.sock;
  }
}
`

function project(files: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'shiplint-eslint-')))
  mkdirSync(path.join(root, '.git'))
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    writeFileSync(path.join(root, file), text)
  }
  return root
}

async function linted(
  files: Readonly<Record<string, string>>,
  options: ESLint.Options = {},
): Promise<ESLint.LintResult[]> {
  const root = project(files)
  const eslint = new ESLint({ cwd: root, overrideConfigFile: true, overrideConfig: recommended, ...options })
  return eslint.lintFiles(['.'])
}

const messages = (results: readonly ESLint.LintResult[]): readonly string[] =>
  results.flatMap((one) =>
    one.messages.map((message) => `${path.basename(one.filePath)}:${message.line}:${message.column} ${message.ruleId}`),
  )

test('there is a rule for each of ours, with its page', () => {
  expect(Object.keys(plugin.rules)).toEqual(Object.keys(rules))
})

test('a finding stands where its place is', async () => {
  expect(messages(await linted({ 'nginx.conf': broken }))).toEqual([`nginx.conf:6:5 shiplint/${id}`])
})

test('eslint-disable comments are heeded, and unused ones reported', async () => {
  const line = '    fastcgi_param SCRIPT'
  const disabled = broken.replace(line, `    # eslint-disable-next-line shiplint/${id} -- a drill\n${line}`)
  expect(messages(await linted({ 'nginx.conf': disabled }))).toEqual([])
  const unused = `# eslint-disable shiplint/${id}\nserver { }\n`
  const options = [{ linterOptions: { reportUnusedDisableDirectives: 'error' as const } }]
  const results = await linted({ 'nginx.conf': unused }, { overrideConfig: [...recommended, ...options] })
  expect(results[0]!.messages.map((message) => message.message)).toEqual([
    expect.stringContaining('Unused eslint-disable'),
  ])
  const fixed = await linted({ 'nginx.conf': unused }, { overrideConfig: [...recommended, ...options], fix: true })
  expect(fixed[0]!.output).not.toContain('eslint-disable')
})

test('a rule can be off, and another severity', async () => {
  const off = [...recommended, { files: ['**/*.conf'], rules: { [`shiplint/${id}`]: 'off' as const } }]
  expect(messages(await linted({ 'nginx.conf': broken }, { overrideConfig: off }))).toEqual([])
})

test('--fix writes the safe fix', async () => {
  const [result] = await linted({ 'nginx.conf': broken }, { fix: true })
  expect(result!.output).toContain('$realpath_root$fastcgi_script_name')
  expect(result!.messages).toEqual([])
})

test('the text in the editor is linted, not the file on disk', async () => {
  const root = project({ 'nginx.conf': 'server { }\n' })
  const eslint = new ESLint({ cwd: root, overrideConfigFile: true, overrideConfig: recommended })
  const results = await eslint.lintText(broken, { filePath: path.join(root, 'nginx.conf') })
  expect(messages(results)).toHaveLength(1)
  expect(readFileSync(path.join(root, 'nginx.conf'), 'utf8')).toBe('server { }\n')
})

test('configurations of other languages that apply to all files do not crash ours', async () => {
  const globally: Linter.Config[] = [
    js.configs['recommended']!,
    js.configs['all']!,
    ...(tseslint.configs.recommended as Linter.Config[]),
    { languageOptions: { globals: { window: 'readonly' } } } as Linter.Config,
    ...recommended,
  ]
  const results = await linted(
    { 'nginx.conf': broken, 'deploy.sh': '#!/bin/sh\necho\n', 'php.ini': 'a = 1\n' },
    { overrideConfig: globally },
  )
  expect(results).toHaveLength(3)
  expect(messages(results).filter((message) => message.includes('shiplint/'))).toHaveLength(1)
})

test('empty files, CRLF and a BOM', async () => {
  const results = await linted({
    'a.sh': '',
    'nginx.conf': `\ufeff${broken.replace(/\n/g, '\r\n')}`,
    'php.ini': ';\r\n',
  })
  expect(messages(results)).toEqual([`nginx.conf:6:5 shiplint/${id}`])
})

test('RuleTester takes the rules', () => {
  const tester = new RuleTester({ plugins: { shiplint: plugin as never }, language: 'shiplint/nginx' } as never)
  tester.run(id, plugin.rules[id] as never, {
    valid: [broken.replace('$document_root', '$realpath_root')],
    invalid: [{ code: broken, errors: 1, output: broken.replace('$document_root', '$realpath_root') }],
  })
})
