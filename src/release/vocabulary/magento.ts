import type { Row } from './row.ts'

/** Magento 2 and Adobe Commerce. */
export const magento: readonly Row[] = [
  {
    example: 'php bin/magento maintenance:enable',
    call: 'magento maintenance:enable',
    kind: 'maintenance on',
    tool: 'magento',
  },
  {
    example: 'php bin/magento maintenance:disable',
    call: 'magento maintenance:disable',
    kind: 'maintenance off',
    tool: 'magento',
  },
  {
    example: 'bin/magento setup:upgrade --keep-generated',
    call: 'magento setup:upgrade|setup:db-schema:upgrade|setup:db-data:upgrade',
    kind: 'migrate',
    tool: 'magento',
  },
  {
    example: 'bin/magento app:config:import',
    call: 'magento app:config:import',
    kind: 'migrate',
    tool: 'magento',
    what: 'config',
  },
  {
    example: 'bin/magento setup:di:compile',
    call: 'magento setup:di:compile|setup:di:compile-multi-tenant',
    kind: 'build',
    tool: 'magento',
    what: 'di',
  },
  {
    example: 'bin/magento setup:static-content:deploy -f',
    call: 'magento setup:static-content:deploy|s:s:d|dev:source-theme:deploy',
    kind: 'build',
    tool: 'magento',
    what: 'static',
  },
  {
    example: 'bin/magento cache:flush',
    call: 'magento cache:flush|c:f|cache:clean|c:c',
    kind: 'clear cache',
    tool: 'magento',
  },
  {
    example: 'bin/magento cache:enable',
    call: 'magento cache:enable|deploy:mode:set|config:set|module:enable|module:disable|index:*|indexer:*|catalog:*|module:*',
    kind: 'build',
    tool: 'magento',
  },
  { example: 'bin/magento cron:remove', call: 'magento cron:remove', kind: 'stop', tool: 'magento', what: 'cron' },
  { example: 'bin/magento cron:install', call: 'magento cron:install', kind: 'start', tool: 'magento', what: 'cron' },
  {
    example: 'bin/magento queue:consumers:restart',
    call: 'magento queue:consumers:restart',
    kind: 'restart workers',
    tool: 'magento',
    what: 'consumers',
  },
  {
    example: 'bin/magento queue:consumers:start async.operations.all',
    call: 'magento queue:consumers:start',
    kind: 'start',
    tool: 'magento',
    what: 'consumers',
  },
  {
    example: 'bin/magento --version',
    call: 'magento |setup:db:status|maintenance:status|cache:status|module:status|deploy:mode:show',
    kind: 'nothing',
  },
  {
    example: 'n98-magerun2 cache:flush',
    call: 'n98-magerun|n98-magerun2 cache:flush|cache:clean',
    kind: 'clear cache',
    tool: 'magento',
  },
  {
    example: 'n98-magerun sys:setup:run',
    call: 'n98-magerun|n98-magerun2 sys:setup:*',
    kind: 'migrate',
    tool: 'magento',
  },
]
