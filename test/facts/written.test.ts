import { expect, test } from 'vitest'
import { opcacheOf } from '../../src/facts/ini/opcache.ts'
import { factsOf, type Facts } from '../../src/rule/facts.ts'
import { applyEdits } from '../../src/source/edit.ts'

const project = (given: Readonly<Record<string, string>>): Facts =>
  factsOf({ files: Object.entries(given).map(([file, text]) => ({ file, text })) })
const handed = (given: Readonly<Record<string, string>>): readonly string[] =>
  project(given)
    .all('handover')
    .map((one) => `${one.script.how} ${one.sees} ${one.script.paths.join('|')}`)

const site = (root: string, dollar = '$'): string => `server {
    root ${root};
    location ~ \\.php$ {
        include fastcgi_params;
        fastcgi_param SCRIPT_FILENAME ${dollar}document_root${dollar}fastcgi_script_name;
        fastcgi_pass unix:/run/php/fpm.sock;
    }
}
`

test.each<[string, Record<string, string>]>([
  [
    'a quoted here-document',
    { 'setup.sh': `#!/bin/sh\ncat > /etc/nginx/conf.d/a.conf <<'EOF'\n${site('/srv/app/current/public')}EOF\n` },
  ],
  [
    'an open here-document with escapes and a variable',
    {
      'setup.sh': `#!/bin/sh\nBASE=/srv/app\ncat <<EOF | sudo tee /etc/nginx/conf.d/a.conf\n${site('$BASE/current/public', '\\$')}EOF\n`,
    },
  ],
  [
    'a string in a variable',
    {
      'setup.sh': `#!/bin/bash\nblock="${site('/srv/app/current/public', '\\$')}"\necho "$block" > /etc/nginx/sites-available/a\n`,
    },
  ],
  [
    'COPY in a Dockerfile',
    { Dockerfile: `FROM nginx\nCOPY <<'EOF' /etc/nginx/conf.d/a.conf\n${site('/srv/app/current/public')}EOF\n` },
  ],
  [
    'RUN in a Dockerfile',
    { Dockerfile: `FROM nginx\nRUN <<'EOF' cat > /etc/nginx/conf.d/a.conf\n${site('/srv/app/current/public')}EOF\n` },
  ],
  [
    'a task of Ansible',
    {
      'roles/web/tasks/main.yml': `- copy:\n    dest: /etc/nginx/conf.d/a.conf\n    content: |\n${site('/srv/app/current/public').replace(/^/gm, '      ')}\n`,
    },
  ],
  [
    'a template of Ansible with its variables',
    {
      'group_vars/all': 'base: /srv/app\nlive: "{{ base }}/current"\n',
      'roles/web/templates/nginx.conf.j2': site('{{ live }}/public'),
    },
  ],
])('nginx in %s', (_, given) => {
  expect(handed(given)).toEqual(['link yes /srv/app/current/public$fastcgi_script_name'])
})

test.each([
  `cat > a.conf <<'EOF'\n${site('/srv/current')}EOF\n`,
  `cat > a.conf <<EOF\n${site('/srv/current', '\\$')}EOF\n`,
  `x="${site('/srv/current', '\\$')}"\n`,
])('the mend is written in the spelling of its place', (text) => {
  const given = `#!/bin/sh\n${text}`
  const fix = project({ 'a.sh': given }).all('handover')[0]!.mend!
  const mended = applyEdits('a.sh', given, fix.edits)!
  expect(project({ 'a.sh': mended }).all('handover')[0]!.script.how).toBe('real')
  expect(mended).toContain(given.includes('\\$') ? '\\$realpath_root' : '$realpath_root')
})

const off = (given: Readonly<Record<string, string>>): string => opcacheOf(project(given).all('ini')[0]!).assumed

test.each<[string, Record<string, string>]>([
  ['php.ini', { 'php.ini': 'opcache.validate_timestamps = 0\n' }],
  ['conf.d', { 'docker/conf.d/opcache.ini': 'opcache.validate_timestamps=0\n' }],
  ['a pool', { 'php-fpm/pool.d/www.conf': '[www]\nlisten = 1\nphp_admin_flag[opcache.validate_timestamps] = 0\n' }],
  [
    'a Dockerfile’s echo',
    {
      Dockerfile:
        'FROM php:8.2-fpm\nRUN echo "opcache.validate_timestamps=0" >> /usr/local/etc/php/conf.d/opcache.ini\n',
    },
  ],
  [
    'a Dockerfile’s block of echoes',
    {
      Dockerfile:
        "FROM php:8.2-fpm\nRUN { \\\n  echo 'opcache.memory_consumption=128'; \\\n  echo 'opcache.validate_timestamps=0'; \\\n } > /usr/local/etc/php/conf.d/opcache.ini\n",
    },
  ],
  [
    'printf with line ends',
    {
      'a.sh':
        '#!/bin/sh\nprintf "opcache.enable=1\\nopcache.validate_timestamps=0\\n" > /etc/php/8.2/fpm/conf.d/99.ini\n',
    },
  ],
  [
    'sed',
    {
      'a.sh':
        "#!/bin/sh\nsed -i 's/;opcache.validate_timestamps=1/opcache.validate_timestamps=0/' /etc/php/8.2/fpm/php.ini\n",
    },
  ],
  [
    'lineinfile',
    {
      'roles/a/tasks/main.yml':
        '- lineinfile:\n    path: /etc/php/8.2/fpm/php.ini\n    line: opcache.validate_timestamps=0\n',
    },
  ],
  [
    'ini_file',
    {
      'roles/a/tasks/main.yml':
        '- ini_file:\n    path: /etc/php/8.2/fpm/conf.d/10-opcache.ini\n    option: opcache.validate_timestamps\n    value: "0"\n',
    },
  ],
  [
    'the environment of an image',
    {
      'php.ini': 'opcache.validate_timestamps = ${TIMESTAMPS}\n',
      Dockerfile: 'FROM php:8.2-fpm\nENV TIMESTAMPS="0"\n',
    },
  ],
  ['php-fpm -d', { 'a.sh': '#!/bin/sh\nphp-fpm -d opcache.validate_timestamps=0 -F\n' }],
])('PHP’s settings in %s', (_, given) => {
  expect(off(given)).toBe('opcache.validate_timestamps=0')
})

test.each<[string, Record<string, string>]>([
  ['for development', { 'docker/dev/conf.d/opcache.ini': 'opcache.validate_timestamps=0\n' }],
  [
    'for the command line',
    { 'a.sh': '#!/bin/sh\necho opcache.validate_timestamps=0 > /etc/php/8.2/cli/conf.d/a.ini\n' },
  ],
  ['only asked for', { 'a.sh': '#!/bin/sh\ngrep opcache.validate_timestamps=0 /etc/php/8.2/fpm/php.ini\n' }],
  ['in a comment', { 'php.ini': ';opcache.validate_timestamps=0\n' }],
])('not PHP’s settings: %s', (_, given) => {
  expect(off(given)).toBe("PHP's default settings")
})
