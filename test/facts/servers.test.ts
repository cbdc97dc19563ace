import { expect, test } from 'vitest'
import { filesOf } from '../../src/discover/files.ts'
import { apacheFiles, apacheHandovers } from '../../src/facts/apache/handover.ts'
import { caddyHandovers } from '../../src/facts/caddy/handover.ts'
import type { Handover } from '../../src/facts/server/handover.ts'
import { applyEdits } from '../../src/source/edit.ts'

const none = (): void => {}
const shown = (one: Handover): string => `${one.server} ${one.script.how} ${one.sees} ${one.script.paths.join()}`

function apache(given: Readonly<Record<string, string>>): readonly string[] {
  const files = filesOf(Object.entries(given).map(([file, text]) => ({ file, text })))
  return apacheHandovers(apacheFiles(files, none, none)).map(shown)
}
function caddy(text: string): readonly Handover[] {
  return caddyHandovers(filesOf([{ file: 'Caddyfile', text }]), none, none)
}

test.each([
  [
    'DocumentRoot /srv/current/web\n<FilesMatch \\.php$>\nSetHandler "proxy:unix:/run/x.sock|fcgi://localhost"\n</FilesMatch>',
    'apache link yes /srv/current/web',
  ],
  [
    'DocumentRoot /srv/current/web\nProxyPassMatch ^/(.*\\.php)$ fcgi://127.0.0.1:9000/srv/current/web/$1',
    'apache link yes /srv/current/web/index.php',
  ],
  ['DocumentRoot /srv/current/web\nSetHandler "proxy:fcgi://php:9000"', 'apache link no /srv/current/web'],
  ['DocumentRoot "/srv/current/web"\nphp_admin_value memory_limit 1G', 'mod_php link yes /srv/current/web'],
  [
    'Define BASE /srv/current\nDocumentRoot ${BASE}/web\nAddHandler application/x-httpd-php .php',
    'mod_php link yes /srv/current/web',
  ],
])('Apache: %s', (body, expected) => {
  expect(apache({ 'apache/site.conf': `<VirtualHost *:80>\n${body}\n</VirtualHost>\n` })).toEqual([expected])
})

test('Apache: a handler outside all hosts is every host’s; a host without PHP hands nothing over', () => {
  const host = '<VirtualHost *:80>\nDocumentRoot /srv/current\n</VirtualHost>\n'
  expect(apache({ 'apache/a.conf': host })).toEqual([])
  expect(
    apache({
      'apache/a.conf': host,
      'apache/php.conf': '<FilesMatch x>\nSetHandler proxy:fcgi://127.0.0.1:9000\n</FilesMatch>',
    }),
  ).toContain('apache link yes /srv/current')
})

test.each([
  ['a.org {\n root * /srv/current/web\n php_fastcgi unix//run/x\n}', 'caddy link yes /srv/current/web'],
  ['a.org {\n root * /srv/current/web\n php_fastcgi php:9000\n}', 'caddy link no /srv/current/web'],
  [
    'a.org {\n php_fastcgi 127.0.0.1:9000 {\n  root /srv/current/web\n  resolve_root_symlink\n }\n}',
    'caddy real yes /srv/current/web',
  ],
  ['(p) {\n php_fastcgi unix//run/x\n}\na.org {\n root /srv/current\n import p\n}', 'caddy link yes /srv/current'],
  ['a.org {\n root * /srv/current\n route {\n  php_fastcgi unix//run/x\n }\n}', 'caddy link yes /srv/current'],
  ['a.org\nroot * /srv/current\nphp_server', 'frankenphp real yes /srv/current'],
  [
    'a.org {\n root * /srv/current\n php_server {\n  resolve_root_symlink false\n }\n}',
    'frankenphp link yes /srv/current',
  ],
])('Caddy: %s', (text, expected) => {
  expect(caddy(text).map(shown)).toEqual([expected])
})

test.each([
  'a.org {\n\troot * /srv/current\n\tphp_fastcgi unix//run/x\n}\n',
  'a.org {\n\troot * /srv/current\n\tphp_fastcgi unix//run/x {\n\t\tindex index.php\n\t}\n}\n',
])('Caddy: the mend resolves the link', (text) => {
  const mended = applyEdits('Caddyfile', text, caddy(text)[0]!.mend!.edits)!
  expect(caddy(mended).map((one) => one.script.how)).toEqual(['real'])
})
