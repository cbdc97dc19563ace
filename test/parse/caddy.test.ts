import { expect, test } from 'vitest'
import { parseCaddy, type CaddyDirective } from '../../src/parse/caddy.ts'

function shown(body: readonly CaddyDirective[]): string {
  return body
    .map((one) => one.words.map((word) => word.text).join('|') + (one.block ? `{${shown(one.block)}}` : ';'))
    .join('')
}
const errors = (text: string): readonly string[] => parseCaddy(text).errors.map((error) => error.says)

test('sites, blocks, quotes, comments, snippets', () => {
  const text =
    '{\n  admin off\n}\n(php) {\n  php_fastcgi unix//run/x {\n    resolve_root_symlink\n  }\n}\na.org, b.org {\n  root * "/srv/a b" # c\n  import php\n}\n'
  const { tree } = parseCaddy(text)
  expect(shown(tree.body)).toBe(
    '{admin|off;}(php){php_fastcgi|unix//run/x{resolve_root_symlink;}}a.org,|b.org{root|*|/srv/a b;import|php;}',
  )
  expect(tree.comments.map((span) => text.slice(span.start, span.end))).toEqual(['# c'])
  expect(errors(text)).toEqual([])
})

test('a file of one site without braces', () => {
  expect(shown(parseCaddy('a.org\nroot * /srv\nphp_server\n').tree.body)).toBe('a.org;root|*|/srv;php_server;')
})

test.each([
  ['a {\n b\n', "Unexpected EOF, expecting '}'"],
  ['}\n', "Unexpected '}' because no matching opening brace"],
  ['a "b\n', 'Unexpected EOF, expecting "'],
])('errors: %s', (text, says) => {
  expect(errors(text)[0]).toBe(says)
})

test('placeholders stay words, and no prefix throws', () => {
  const text = '{$SITE:localhost} {\n root * {$ROOT}/current/public\n respond "{http.request.uri}"\n}'
  expect(shown(parseCaddy(text).tree.body)).toContain('root|*|{$ROOT}/current/public;')
  for (let end = 0; end <= text.length; end++) parseCaddy(text.slice(0, end))
})
