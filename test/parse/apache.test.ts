import { expect, test } from 'vitest'
import { parseApache, type ApacheDirective } from '../../src/parse/apache.ts'

function shown(body: readonly ApacheDirective[]): string {
  return body
    .map(
      (one) =>
        [one.name, ...one.args.map((word) => word.text)].join('|') + (one.section ? `{${shown(one.section)}}` : ';'),
    )
    .join('')
}
const errors = (text: string): readonly string[] => parseApache(text).errors.map((error) => error.says)

test('sections, quotes, continuations, comments', () => {
  const text = '# a\n<VirtualHost *:80>\n  DocumentRoot "/srv/a b"\n  Alias /x \\\n    /y\n</VirtualHost>\n'
  const { tree } = parseApache(text)
  expect(shown(tree.body)).toBe('VirtualHost|*:80{DocumentRoot|/srv/a b;Alias|/x|/y;}')
  expect(tree.comments.map((span) => text.slice(span.start, span.end))).toEqual(['# a'])
  expect(errors(text)).toEqual([])
})

test.each([
  ['<VirtualHost *:80>\nA b\n', '<VirtualHost> was not closed.'],
  ['</VirtualHost>', '</VirtualHost> without matching <VirtualHost> section'],
  ['<A x>\n<B y>\n</A>', 'Expected </B> but saw </A>'],
  ['<A x\nC d\n</A>', "<A> directive missing closing '>'"],
])('errors: %s', (text, says) => {
  expect(errors(text)[0]).toBe(says)
})

test('templates and prefixes', () => {
  const text =
    '<VirtualHost {{ ip }}:80>\n{% if x %}\nDocumentRoot {{ root }}/web\n{% endif %}\n<%= extra %>\n</VirtualHost>'
  expect(shown(parseApache(text).tree.body)).toBe('VirtualHost|{{ ip }}:80{DocumentRoot|{{ root }}/web;}')
  for (let end = 0; end <= text.length; end++) parseApache(text.slice(0, end))
})
