import type { Row } from './row.ts'

/** Drupal's drush, and WordPress' wp. */
export const drupal: readonly Row[] = [
  { example: 'drush deploy -y', call: 'drush deploy', kind: 'migrate', tool: 'drupal', what: 'deploy' },
  {
    example: 'vendor/bin/drush updatedb -y',
    call: 'drush updb|updatedb|entup|entity-updates',
    kind: 'migrate',
    tool: 'drupal',
  },
  {
    example: 'drush config:import -y',
    call: 'drush cim|config:import|config-import|csim|fra|fr|features-revert|features-revert-all',
    kind: 'migrate',
    tool: 'drupal',
    what: 'config',
  },
  { example: 'drush deploy:hook -y', call: 'drush deploy:hook', kind: 'migrate', tool: 'drupal', what: 'hooks' },
  {
    example: 'drush cr',
    call: 'drush cr|cache:rebuild|cache-rebuild|rebuild|cc|cache-clear|cache:clear',
    kind: 'clear cache',
    tool: 'drupal',
  },
  { example: 'drush cache:warm', call: 'drush cache:warm', kind: 'warm cache', tool: 'drupal' },
  {
    example: 'drush state:set system.maintenance_mode 1',
    call: 'drush sset|state:set|state-set|vset system.maintenance_mode|maintenance_mode 1|TRUE|true',
    kind: 'maintenance on',
    tool: 'drupal',
  },
  {
    example: 'drush state:set system.maintenance_mode 0',
    call: 'drush sset|state:set|state-set|vset system.maintenance_mode|maintenance_mode 0|FALSE|false',
    kind: 'maintenance off',
    tool: 'drupal',
  },
  {
    example: 'drush sql-drop -y',
    call: 'drush sql-drop|sql:drop|si|site-install|site:install',
    kind: 'reset database',
    tool: 'drupal',
  },
  {
    example: 'drush sql-dump --gzip',
    call: 'drush sql-dump|sql:dump|archive-dump|ard',
    kind: 'backup',
    tool: 'drupal',
  },
  {
    example: 'drush status',
    call: 'drush st|status|en|pm:*|pm-enable|locale:*|locale-*|php-eval|ev|ws|uli|cron|core-cron|core:cron|',
    kind: 'nothing',
  },
  { example: 'wp core update-db', call: 'wp core update-db', kind: 'migrate', tool: 'wordpress' },
  { example: 'wp cache flush', call: 'wp cache flush', kind: 'clear cache', tool: 'wordpress', what: 'object' },
  {
    example: 'wp rewrite flush',
    call: 'wp rewrite|transient|w3-total-cache|super-cache|rocket|litespeed-purge|nginx-helper *',
    kind: 'clear cache',
    tool: 'wordpress',
    what: 'page',
  },
  {
    example: 'wp maintenance-mode activate',
    call: 'wp maintenance-mode activate',
    kind: 'maintenance on',
    tool: 'wordpress',
  },
  {
    example: 'wp maintenance-mode deactivate',
    call: 'wp maintenance-mode deactivate',
    kind: 'maintenance off',
    tool: 'wordpress',
  },
  {
    example: 'wp core download --version=6.4',
    call: 'wp core|plugin|theme download|install|update',
    kind: 'install',
    tool: 'wordpress',
  },
  { example: 'wp db export dump.sql', call: 'wp db export', kind: 'backup', tool: 'wordpress' },
  { example: 'wp db reset --yes', call: 'wp db reset|drop|clean|import', kind: 'reset database', tool: 'wordpress' },
  {
    example: 'wp option update blogname x',
    call: 'wp option|config|user|site|plugin|theme|language|acorn|search-replace|core|cron|eval|cli *',
    kind: 'nothing',
  },
]
