import { expect, test } from 'vitest'
import { parseNginx, type Directive } from '../../src/parse/nginx.ts'

/** The tree as short text: words joined by a bar, blocks in braces. */
function shown(body: readonly Directive[]): string {
  return body
    .map((one) => one.words.map((word) => word.text).join('|') + (one.block ? `{${shown(one.block.body)}}` : ';'))
    .join('')
}
const tree = (text: string): string => shown(parseNginx(text).tree.body)
const errors = (text: string): readonly string[] => parseNginx(text).errors.map((error) => error.says)

test('directives, blocks, quotes and comments', () => {
  const text = 'server { # a\n listen 80;\n root "/srv/a b"; location ~ "\\.php$" { fastcgi_pass unix:/x; } }'
  expect(tree(text)).toBe('server{listen|80;root|/srv/a b;location|~|\\.php${fastcgi_pass|unix:/x;}}')
  expect(errors(text)).toEqual([])
  const comments = parseNginx(text).tree.comments
  expect(comments.map((span) => text.slice(span.start, span.end))).toEqual(['# a'])
})

test('spans cover exactly the words', () => {
  const text = 'set $a \'b c\';\nif ($x = "y") { return 301 ${scheme}://x; }'
  const [set, when] = parseNginx(text).tree.body
  expect(set!.words.map((word) => text.slice(word.start, word.end))).toEqual(['set', '$a', "'b c'"])
  expect(when!.words.map((word) => text.slice(word.start, word.end))).toEqual(['if', '($x', '=', '"y"', ')'])
  expect(when!.block!.body[0]!.words[2]!.text).toBe('${scheme}://x')
})

test.each([
  ['server {', 'unexpected end of file, expecting "}"'],
  ['listen 80', 'unexpected end of file, expecting ";" or "}"'],
  ['}', 'unexpected "}"'],
  ['server { listen 80 }', 'unexpected "}"'],
  [';', 'unexpected ";"'],
  ['{ }', 'unexpected "{"'],
  ['root "/a"b;', 'unexpected "b"'],
  ['root "/a;\n', 'unexpected end of file, expecting ";" or "}"'],
  ['server;', 'directive "server" has no opening "{"'],
  ['listen 80 { }', 'directive "listen" is not terminated by ";"'],
  [`server_name ${'a'.repeat(5000)};`, 'too long parameter "aaaaaaaaaa..." started'],
  [`# ${'a'.repeat(5000)}`, 'too long parameter "# aaaaaaaa..." started'],
  [`root "${'a'.repeat(5000)}";`, 'too long parameter, probably missing terminating """ character'],
  ['content_by_lua_block { if x then {', 'Lua code block missing the closing "}"'],
])('nginx’s own message: %s', (text, says) => {
  expect(errors(text)[0]).toBe(says)
})

test('what stands after an error is still read', () => {
  expect(tree('a 1\nserver { root "/x;\n listen 80; }')).toContain('listen|80;')
  expect(tree('server { listen 80 }\nserver { root /b; }')).toContain('root|/b;')
  expect(tree('server { server_name a\n location / { root /x; } }')).toBe('server{server_name|a;location|/{root|/x;}}')
})

test('Lua blocks are one foreign block, whatever braces and quotes they hold', () => {
  const text = 'location / { content_by_lua_block {\n local t = {"}", \'{\'} -- }\n local s = [[ } ]] } root /x; }'
  expect(tree(text)).toBe('location|/{content_by_lua_block{}root|/x;}')
  expect(errors(text)).toEqual([])
})

test('data blocks hold rows', () => {
  expect(errors('map $a $b { default 0; server 1; location 2; }\nupstream x { server a:9000; }')).toEqual([])
  expect(errors('map $a $b { x { } }')[0]).toBe('unexpected "{"')
})

test.each([
  ['root {{ deploy_to }}/current;', 'root|{{ deploy_to }}/current;'],
  ['{% if ssl %}\nlisten 443;\n{% else %}\nlisten 80;\n{% endif %}', 'listen|443;listen|80;'],
  ['<% if x %>\nroot <%= @root %>/public;\n<% end %>', 'root|<%= @root %>/public;'],
  ['listen %ip%:%port%;\n%extra%\nroot %docroot%;', 'listen|%ip%:%port%;%extra%;root|%docroot%;'],
  ['server_name ${NAME};\n${EXTRA}\nroot /a;', 'server_name|${NAME};${EXTRA};root|/a;'],
  ['{{if eq .Env.X "y"}}\nroot /a;\n{{end}}', 'root|/a;'],
  ['{{ extra }}\nroot /a;', '{{ extra }};root|/a;'],
  ['<?php\nserver { root <?= $root ?>/web; }', 'server{root|<?= $root ?>/web;}'],
  ['listen {{ default .Env.P "80" }};', 'listen|{{ default .Env.P "80" }};'],
])('templates: %s', (text, expected) => {
  expect(tree(text)).toBe(expected)
  expect(errors(text)).toEqual([])
})

test('what a template’s condition holds is marked', () => {
  const body = parseNginx('root /a;\n{% if x %}\nroot /b;\n{% endif %}\nindex i;').tree.body
  expect(body.map((one) => one.sometimes)).toEqual([false, true, false])
})

test('no prefix throws, and nesting has a bound that is said', () => {
  const text = 'server { location ~ "x" { a_by_lua_block { y } {{ z }} } }'
  for (let end = 0; end <= text.length; end++) parseNginx(text.slice(0, end))
  const deep = parseNginx('a {'.repeat(500) + '}'.repeat(500))
  expect(deep.errors.map((error) => error.says)).toContain('nested more than 60 deep: not read')
})
