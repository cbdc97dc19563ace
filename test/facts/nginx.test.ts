import { describe, expect, test } from 'vitest'
import { filesOf } from '../../src/discover/files.ts'
import { nginxConfigurations } from '../../src/facts/nginx/configurations.ts'
import { nginxHandovers } from '../../src/facts/nginx/handover.ts'
import type { Handover } from '../../src/facts/server/handover.ts'

function handovers(given: Readonly<Record<string, string>>): readonly Handover[] {
  const files = filesOf(Object.entries(given).map(([file, text]) => ({ file, text })))
  return nginxConfigurations(files, [], () => {}).mains.flatMap(nginxHandovers)
}

const real =
  'fastcgi_param SCRIPT_FILENAME $realpath_root$fastcgi_script_name; fastcgi_param DOCUMENT_ROOT $realpath_root;'
const site = (body: string, outer = ''): Record<string, string> => ({
  'nginx/site.conf': `server { root /srv/app/current/public; ${outer} location ~ \\.php$ { fastcgi_pass unix:/run/x; ${body} } }`,
})
const shown = (one: Handover | undefined): string => `${one?.script.how} ${one?.documentRoot.how}`

describe('NGX-01, NGX-02: the last line of a name wins, includes in place', () => {
  test.each([
    [`${real} include fastcgi_params;`, 'real link'],
    [`include fastcgi_params; ${real}`, 'real real'],
    [`${real} include snippets/fastcgi-php.conf;`, 'link link'],
    [`${real} include fastcgi.conf;`, 'link link'],
    [`${real} include /etc/nginx/fastcgi.conf;`, 'link link'],
    [`include snippets/fastcgi-php.conf; ${real}`, 'real real'],
    [`include fastcgi.conf; ${real}`, 'real real'],
    [
      'include snippets/fastcgi-php.conf; fastcgi_param SCRIPT_FILENAME $realpath_root$fastcgi_script_name;',
      'real link',
    ],
    ['include fastcgi_params;', 'missing link'],
    ['fastcgi_param SCRIPT_FILENAME $request_filename;', 'link missing'],
    ['fastcgi_param SCRIPT_FILENAME /srv/app/current/public/index.php;', 'link missing'],
    ['set $r $document_root; fastcgi_param SCRIPT_FILENAME $r$fastcgi_script_name;', 'link missing'],
    ['set $r $realpath_root; fastcgi_param SCRIPT_FILENAME ${r}/index.php;', 'real missing'],
    ['include php_params_elsewhere.conf;', 'unknown unknown'],
    [`${real} include php_params_elsewhere.conf;`, 'unknown unknown'],
  ])('%s', (body, expected) => {
    expect(shown(handovers(site(body))[0])).toBe(expected)
  })
})

describe('NGX-03: parameters are inherited only where a level has none of its own', () => {
  test.each([
    ['', real, 'real real'],
    ['include fastcgi.conf;', real, 'link link'],
    ['fastcgi_param HTTPS on;', real, 'missing missing'],
    ['include fastcgi_params;', real, 'missing link'],
  ])('location { %s }', (body, outer, expected) => {
    expect(shown(handovers(site(body, outer))[0])).toBe(expected)
  })
})

test('NGX-04: an include is looked for from the main file, and what it undoes is seen', () => {
  const found = handovers({
    'docker/nginx/nginx.conf': 'http { include conf.d/*.conf; }',
    'docker/nginx/conf.d/app.conf': `server { root /srv/app/current/public; location / { ${real} include php/params.conf; fastcgi_pass 127.0.0.1:9000; } }`,
    'docker/nginx/php/params.conf': 'fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;',
  })
  expect(found.map(shown)).toEqual(['link real'])
  expect(found[0]!.script.at.file).toBe('docker/nginx/php/params.conf')
  expect(found[0]!.script.because.map((label) => label.at.file)).toContain('docker/nginx/conf.d/app.conf')
})

test('a snippet is judged where it is included, with the root that holds there', () => {
  const found = handovers({
    'nginx/sites-available/a': 'server { root /srv/a/current/web; include snippets/php.conf; }',
    'nginx/sites-available/b': 'server { root /srv/b; include snippets/php.conf; }',
    'nginx/snippets/php.conf': 'location ~ \\.php$ { include fastcgi.conf; fastcgi_pass unix:/x; }',
  })
  expect(found.map((one) => one.script.paths)).toEqual([
    ['/srv/a/current/web$fastcgi_script_name'],
    ['/srv/b$fastcgi_script_name'],
  ])
})

test('variables of set and map are put in; a fragment has no root', () => {
  const found = handovers({
    'nginx/a.conf': `map $host $base { default /srv/a/current; b.org /srv/b; }
      server { set $web $base/web; root $web; location / { include fastcgi.conf; fastcgi_pass unix:/x; } }`,
    'nginx/fragment.conf': 'location ~ \\.php$ { include fastcgi.conf; fastcgi_pass php; }',
  })
  expect(found[0]!.script.paths).toEqual(['/srv/a/current/web$fastcgi_script_name', '/srv/b/web$fastcgi_script_name'])
  expect(found[1]!.script.paths).toEqual([])
})

test.each([
  ['unix:/run/php.sock', '', 'yes'],
  ['127.0.0.1:9000', '', 'yes'],
  ['localhost:9000', '', 'yes'],
  ['php:9000', '', 'no'],
  ['10.0.0.7:9000', '', 'no'],
  ['php', '', 'unknown'],
  ['php', 'upstream php { server unix:/x; }', 'yes'],
  ['php', 'upstream php { server fpm1:9000; server fpm2:9000; }', 'no'],
  ['$up', 'map $host $up { default unix:/x; }', 'yes'],
  ['{{ fpm }}', '', 'unknown'],
])('NGX-05: whether nginx sees what %s runs', (target, more, expected) => {
  const text = `http { ${more} server { root /a; location / { fastcgi_pass ${target}; include fastcgi.conf; } } }`
  expect(handovers({ 'nginx.conf': text })[0]!.sees).toBe(expected)
})

test('the mend of each spelling, and none where nginx does not see the files', () => {
  const mend = (body: string): string | undefined => {
    const given = { 'nginx/a.conf': `server {\n  root /srv/current;\n  location / {\n    ${body}\n  }\n}\n` }
    const fix = handovers(given)[0]!.mend
    const edits = [...(fix?.edits ?? [])].sort((a, b) => b.at.start - a.at.start)
    const text = edits.reduce(
      (out, edit) => out.slice(0, edit.at.start) + edit.text + out.slice(edit.at.end),
      given['nginx/a.conf'],
    )
    return fix && `${fix.safety}: ${shown(handovers({ 'nginx/a.conf': text })[0])}`
  }
  expect(mend('fastcgi_pass unix:/x;\n    include fastcgi.conf;')).toBe('safe: real real')
  expect(mend('fastcgi_pass unix:/x; include snippets/fastcgi-php.conf;')).toBe('safe: real real')
  expect(
    mend(
      'fastcgi_pass unix:/x; include fastcgi_params; fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;',
    ),
  ).toBe('safe: real real')
  expect(mend(`fastcgi_pass unix:/x; ${real} include fastcgi.conf;`)).toBe('safe: real real')
  expect(mend('fastcgi_pass unix:/x; fastcgi_param SCRIPT_FILENAME /srv/current$fastcgi_script_name;')).toBe(
    'safe: real real',
  )
  expect(mend('fastcgi_pass php; include fastcgi.conf;')).toBe('unsafe: real real')
  expect(mend('fastcgi_pass php:9000; include fastcgi.conf;')).toBeUndefined()
})
