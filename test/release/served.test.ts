import { describe, expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { lint } from '../../src/lint.ts'
import { goesThrough, throughCurrent } from '../../src/release/served.ts'

describe('a path and a link as a script names it', () => {
  test.each([
    ['/srv/app/current/public', '/srv/app/current', true],
    ['/srv/app/current/public', '/srv/app/current/', true],
    ['/srv/app/current/public', '$BASE/current', true],
    ['/srv/app/current/public', 'current', true],
    ['/srv/app/current/public', '{{deploy_path}}/current', true],
    ['/srv/app/current/public', '{{current_path}}', true],
    ['{{ app_dir }}/current/web', '/srv/app/current', true],
    ['/srv/other/current/public', '/srv/app/current', false],
    ['/srv/app/public', '/srv/app/current', false],
    ['/srv/app/current-old/public', '/srv/app/current', false],
    ['/srv/current/current/public', '/srv/current', true],
    ['/srv/app/live/public', '/srv/app/live', true],
  ])('%s through %s: %s', (path, link, expected) => {
    expect(goesThrough(path, link)).toBe(expected)
  })
  test.each([
    ['/srv/app/current/public', true],
    ['{{ current_path }}/public', true],
    ['/srv/currently/public', false],
    ['/srv/app/concurrent', false],
  ])('the name alone: %s %s', (path, expected) => {
    expect(throughCurrent(path)).toBe(expected)
  })
})

const nginx =
  'server {\n root /srv/app/current/public;\n location ~ \\.php$ { include fastcgi.conf; fastcgi_pass unix:/run/php.sock; }\n}\n'
const deploy = (before: string, after: string): string =>
  `#!/bin/bash\nset -euo pipefail\nrel=/srv/app/releases/$(date +%s)\ngit clone https://example.org/app.git "$rel"\n${before}\nln -sfn "$rel" /srv/app/current\n${after}\n`

function verdict(before: string, after: string): string {
  const files = [
    { file: 'nginx/app.conf', text: nginx },
    { file: 'deploy.sh', text: deploy(before, after) },
  ]
  const id = 'document-root-behind-symlink'
  return lint({ files }, { [id]: rules[id]! }).diagnostics.find((one) => one.rule === id)?.severity ?? 'silent'
}

describe('what ends old code after a switch', () => {
  test.each([
    'systemctl reload php8.2-fpm',
    'sudo systemctl restart php-fpm.service',
    'service php7.4-fpm reload',
    '/etc/init.d/php-fpm reload',
    'kill -USR2 "$(cat /run/php/php8.2-fpm.pid)"',
    'pkill -USR2 php-fpm',
    'supervisorctl restart php-fpm',
    'docker compose restart php',
    'docker compose exec -T php kill -USR2 1',
    'cachetool opcache:reset --fcgi=/run/php/fpm.sock',
    'php cachetool.phar opcache:reset --fcgi=127.0.0.1:9000',
    'curl -fsS https://example.org/opcache-reset.php',
  ])('a cure: %s', (line) => {
    expect(verdict('', line)).toBe('silent')
  })
  test.each([
    'true',
    "php -r 'opcache_reset();'",
    'nginx -s reload',
    'systemctl reload nginx',
    'apachectl graceful',
    'kill -USR1 "$(cat /run/php/php8.2-fpm.pid)"',
    'supervisorctl restart queue-worker',
    'php artisan cache:clear',
    'echo "systemctl reload php8.2-fpm"',
    '# systemctl reload php8.2-fpm',
    'touch /srv/app/current/public/index.php',
  ])('no cure: %s', (line) => {
    expect(verdict('', line)).toBe('error')
  })
  test.each(['systemctl reload php8.2-fpm', 'cachetool opcache:reset --fcgi=/run/php/fpm.sock'])(
    'no cure before the switch: %s',
    (line) => {
      expect(verdict(line, '')).toBe('error')
    },
  )
})
