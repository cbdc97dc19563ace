import { has, type Call } from '../call.ts'
import type { Detail } from '../model.ts'
import { inDirectory, valueOf, type Row } from './row.ts'

const code = (call: Call): string => {
  const inline = valueOf(call, '-r')
  return inline ?? call.operands.join(' ')
}
const resetsOpcache = (call: Call): boolean => /opcache_reset|opcache_invalidate|apcu?_clear_cache/.test(call.text)
const ofCli: Detail = { vain: 'the command line has an opcache of its own; that of PHP-FPM keeps the old code' }

/** PHP itself, Composer, OPcache and the migration tools. */
export const php: readonly Row[] = [
  {
    example: 'cachetool opcache:reset --fcgi=/run/php/php8.2-fpm.sock',
    call: 'cachetool opcache:reset|opcache:reset:file|opcache:reset:file-cache|opcache:invalidate:*',
    kind: 'clear cache',
    tool: 'opcache',
    detail: (call) => ({ what: call.options.has('--web') || call.options.has('--web-url') ? 'http' : 'fcgi' }),
  },
  { example: 'cachetool apcu:cache:clear', call: 'cachetool apc*', kind: 'clear cache', tool: 'apcu' },
  { example: 'cachetool stat:clear', call: 'cachetool stat:clear', kind: 'clear cache', tool: 'realpath' },
  {
    example: "php -r 'opcache_reset();'",
    call: 'php',
    kind: 'clear cache',
    tool: 'opcache',
    what: 'cli',
    when: resetsOpcache,
    detail: () => ofCli,
  },
  {
    example: "php -r 'echo PHP_VERSION;'",
    call: 'php',
    kind: 'nothing',
    when: (call) =>
      call.options.has('-r') ||
      call.options.has('-v') ||
      call.options.has('-l') ||
      call.options.has('-m') ||
      code(call) === '' ||
      call.options.has('-i') ||
      call.options.has('--version'),
  },
  {
    example: 'composer update --no-dev',
    call: 'composer update|upgrade|require|u',
    kind: 'install',
    tool: 'composer',
    what: 'update',
    detail: inDirectory('-d', '--working-dir'),
  },
  {
    example: 'composer install --no-dev -o',
    call: 'composer install|i|create-project',
    kind: 'install',
    tool: 'composer',
    detail: inDirectory('-d', '--working-dir'),
  },
  {
    example: 'composer dump-autoload -o',
    call: 'composer dump-autoload|dumpautoload|dump',
    kind: 'build',
    tool: 'composer',
    what: 'autoload',
    detail: inDirectory('-d', '--working-dir'),
  },
  {
    example: 'composer dump-env prod',
    call: 'composer dump-env|symfony:dump-env',
    kind: 'warm cache',
    tool: 'composer',
    what: 'env',
    detail: inDirectory('-d', '--working-dir'),
  },
  {
    example: 'composer test',
    call: 'composer test|tests|phpunit|phpstan|cs|lint|check|audit',
    kind: 'test',
    tool: 'composer',
  },
  {
    example: 'composer validate',
    call: 'composer validate|diagnose|config|self-update|selfupdate|show|about|clear-cache|clearcache|global|why|outdated|check-platform-reqs|bump|install-vendor|',
    kind: 'nothing',
  },
  {
    example: 'composer run-script build',
    call: 'composer run-script|run',
    kind: 'opaque',
    tool: 'composer',
    detail: (call) => ({ calls: [`composer ${call.operands[1] ?? ''}`] }),
  },
  {
    example: 'composer deploy',
    call: 'composer *',
    kind: 'opaque',
    tool: 'composer',
    detail: (call) => ({ calls: [`composer ${call.operands[0] ?? ''}`] }),
  },
  { example: 'vendor/bin/phinx migrate -e production', call: 'phinx migrate', kind: 'migrate', tool: 'phinx' },
  { example: 'vendor/bin/phinx seed:run', call: 'phinx seed:run', kind: 'reset database', tool: 'phinx', what: 'seed' },
  { example: 'vendor/bin/phinx rollback', call: 'phinx rollback', kind: 'roll back', tool: 'phinx' },
  {
    example: 'vendor/bin/doctrine-migrations migrate',
    call: 'doctrine-migrations|doctrine migrate|migrations:migrate',
    kind: 'migrate',
    tool: 'doctrine',
  },
  {
    example: 'vendor/bin/doctrine orm:schema-tool:update --force',
    call: 'doctrine orm:schema-tool:update|orm:schema-tool:drop',
    kind: 'reset database',
    tool: 'doctrine',
    what: 'schema update',
    when: (call) => has(call, '--force', '-f'),
  },
  { example: 'vendor/bin/doctrine orm:generate-proxies', call: 'doctrine orm:*', kind: 'build', tool: 'doctrine' },
  {
    example: 'vendor/bin/phpunit',
    call: 'phpunit|pest|paratest|phpstan|phpcs|php-cs-fixer|psalm|behat|codecept|infection|pint|rector|parallel-lint|phpmd|larastan|grumphp|simple-phpunit',
    kind: 'test',
    tool: 'phpunit',
  },
]
