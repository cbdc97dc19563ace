import { expect, test } from 'vitest'
import { parseApache } from '../../src/parse/apache.ts'
import { parseCaddy } from '../../src/parse/caddy.ts'
import { parseIni } from '../../src/parse/ini.ts'
import { parseNginx } from '../../src/parse/nginx.ts'

const seeds = [
  '{{',
  '{%',
  '<?php ',
  '<%',
  '"',
  "'",
  'a {\n',
  '}\n',
  '%a%;',
  '%a%\n',
  '$',
  '\\',
  '# a\n',
  'a=b\n',
  'a = "\n',
  '[',
  '<A x>\n',
  '</A>\n',
  'a b {\n}\n',
  '`',
  'x_by_lua_block {',
  '\0',
  '\uFEFF',
  'set $a "$b";\n',
]

// 400 kB of any of these: a parser that looks to the end of the text at each of them would take minutes.
test.each(seeds)('a long row of %j is read in time, and nothing throws', { timeout: 20_000 }, (seed) => {
  const text = seed.repeat(Math.ceil(400_000 / seed.length))
  const begun = performance.now()
  for (const parse of [parseNginx, parseApache, parseCaddy, parseIni]) parse(text)
  expect(performance.now() - begun).toBeLessThan(8_000)
})
