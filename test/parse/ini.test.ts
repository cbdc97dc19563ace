import { expect, test } from 'vitest'
import { parseIni } from '../../src/parse/ini.ts'

const pairs = (text: string): readonly string[] =>
  parseIni(text).tree.entries.map(
    (one) =>
      `${one.section ? `[${one.section}] ` : ''}${one.key}${one.index === undefined ? '' : `[${one.index}]`}` +
      (one.value === undefined ? '' : `=${one.value}`),
  )

test('php.ini: sections, quotes, comments', () => {
  const text =
    '; a\n[opcache]\nopcache.enable = 1 ; b\nopcache.preload="/srv/a;b.php"\n#old\nzend_extension=opcache\nbare\n'
  expect(pairs(text)).toEqual([
    '[opcache] opcache.enable=1',
    '[opcache] opcache.preload=/srv/a;b.php',
    '[opcache] zend_extension=opcache',
    '[opcache] bare',
  ])
  const comments = parseIni(text).tree.comments
  expect(comments.map((span) => text.slice(span.start, span.end))).toEqual(['; a', '; b', '#old'])
})

test('pools: php_admin_value[x], several sections', () => {
  expect(
    pairs('[global]\nprocess_control_timeout = 10s\n[www]\nphp_admin_value[opcache.enable] = 0\nenv[A] ='),
  ).toEqual(['[global] process_control_timeout=10s', '[www] php_admin_value[opcache.enable]=0', '[www] env[A]='])
})

test('spans cover the entry and its value', () => {
  const text = '  a.b = "c d"  ; e\r\nf = g\r\n'
  const [first, second] = parseIni(text).tree.entries
  expect(text.slice(first!.start, first!.end)).toBe('a.b = "c d"')
  expect(text.slice(first!.valueAt!.start, first!.valueAt!.end)).toBe('"c d"')
  expect(text.slice(second!.start, second!.end)).toBe('f = g')
})

test('errors are said and the rest is read', () => {
  const read = parseIni('[www\na = "b\nc = d\n')
  expect(read.errors.length).toBe(2)
  expect(pairs('three little words\na = b')).toEqual(['a=b'])
})

test('templates: lines of control are blank, values are kept', () => {
  expect(pairs('{% if x %}\na = {{ b }}\n{% endif %}\n<% if y %>\nc=<%= d %>\n<% end %>')).toEqual([
    'a={{ b }}',
    'c=<%= d %>',
  ])
})

test('no prefix throws', () => {
  const text = '[a]\nb[c] = "d\\"" ; e\n#f'
  for (let end = 0; end <= text.length; end++) parseIni(text.slice(0, end))
})
