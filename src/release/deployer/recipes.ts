/** The versions whose recipes differ: 4, 5 and 6 list every step, 7 and 8 wrap them in `deploy:prepare` and `deploy:publish`. */
export type Era = 4 | 6 | 7 | 8

/** What a recipe brings: facts about Deployer, by version. */
export interface Recipe {
  readonly uses: readonly string[]
  /** Tasks made of other tasks. */
  readonly groups: Readonly<Record<string, readonly string[]>>
  readonly hooks: readonly (readonly ['before' | 'after' | 'fail', string, string])[]
  readonly sharedDirs: readonly string[]
  readonly sharedFiles: readonly string[]
  /** Framework that its caches belong to. */
  readonly keeps?: number
}

interface Row {
  /** Between `deploy:update_code` and `deploy:symlink`, in versions 4 to 6; a star stands for the whole list. */
  readonly old?: string
  readonly old4?: string
  /** Between `deploy:prepare` and `deploy:publish`, in versions 7 and 8. */
  readonly now?: string
  readonly now8?: string
  /** After `deploy:publish` in version 8. */
  readonly last8?: string
  readonly uses?: string
  readonly groups?: Readonly<Record<string, string>>
  readonly groups6?: Readonly<Record<string, string>>
  readonly hooks?: readonly (readonly ['before' | 'after' | 'fail', string, string])[]
  readonly hooks6?: readonly (readonly ['before' | 'after' | 'fail', string, string])[]
  readonly dirs?: string
  readonly dirs6?: string
  readonly dirs8?: string
  readonly files?: string
}

const plain = 'deploy:shared deploy:vendors deploy:writable'

const rows: Readonly<Record<string, Row>> = {
  composer: { old: plain, now: 'deploy:vendors' },
  common: { now: '' },
  cakephp: {
    old: `${plain} deploy:init deploy:run_migrations`,
    now: 'deploy:vendors deploy:init deploy:run_migrations',
    dirs: 'logs tmp',
    files: 'config/app.php',
  },
  codeigniter: { old: plain, now: 'deploy:vendors', dirs: 'application/cache application/logs' },
  codeigniter4: { now: 'deploy:vendors spark:optimize spark:migrate', dirs: 'writable', files: '.env' },
  contao: {
    uses: 'symfony',
    now: 'deploy:vendors contao:maintenance:enable contao:migrate contao:maintenance:disable',
    dirs: 'assets/images contao-manager files {{public_path}}/share system/config var/backups var/logs',
    files: 'config/parameters.yml',
  },
  craftcms: {
    now: 'deploy:vendors craft:clear-caches/compiled-classes craft:migrate/all craft:project-config/apply craft:gc craft:clear-caches/all',
    dirs: 'storage web/assets',
    files: '.env',
  },
  drupal7: {
    old: 'deploy:shared deploy:writable',
    now: '',
    dirs: 'sites/{{drupal_site}}/files',
    files: 'sites/{{drupal_site}}/settings.php',
  },
  drupal8: {
    old: 'deploy:shared deploy:writable',
    now: '',
    dirs: 'sites/{{drupal_site}}/files',
    files: 'sites/{{drupal_site}}/settings.php',
  },
  flow_framework: {
    old: 'deploy:vendors deploy:shared deploy:writable deploy:run_migrations deploy:publish_resources',
    now: 'deploy:vendors deploy:run_migrations deploy:publish_resources',
    dirs: 'Data/Persistent Data/Logs Configuration/{{flow_context}}',
  },
  fuelphp: { old: plain, now: 'deploy:vendors', dirs: 'fuel/app/cache fuel/app/logs' },
  joomla: { old: 'deploy:shared deploy:writable', now: '', dirs: 'images', files: 'configuration.php' },
  laravel: {
    old: `${plain} artisan:storage:link artisan:view:cache artisan:config:cache artisan:optimize`,
    old4: `${plain} artisan:view:clear artisan:cache:clear artisan:config:cache artisan:optimize`,
    now: 'deploy:vendors artisan:storage:link artisan:config:cache artisan:route:cache artisan:view:cache artisan:event:cache artisan:migrate',
    now8: 'deploy:vendors artisan:storage:link artisan:optimize artisan:migrate',
    last8: 'artisan:reload',
    dirs: 'storage',
    files: '.env',
  },
  magento: {
    old: 'deploy:shared deploy:writable deploy:cache:clear',
    now: 'deploy:cache:clear',
    dirs: 'var media',
    files: 'app/etc/local.xml',
  },
  magento2: {
    uses: 'cachetool',
    old: 'deploy:shared deploy:vendors deploy:writable deploy:clear_paths deploy:magento',
    now: 'deploy:vendors deploy:clear_paths deploy:magento',
    groups: {
      'deploy:magento':
        'magento:build magento:maintenance:enable-if-needed magento:config:import magento:upgrade:db magento:maintenance:disable',
      'magento:build': 'magento:compile magento:deploy:assets',
      'artifact:build':
        'build:prepare build:remove-generated deploy:vendors magento:compile magento:deploy:assets artifact:package',
      'artifact:prepare':
        'deploy:info deploy:setup deploy:lock deploy:release artifact:upload artifact:extract deploy:additional-shared deploy:shared deploy:writable',
      'artifact:finish': 'magento:cache:flush cachetool:clear:opcache deploy:cleanup deploy:unlock deploy:success',
      'artifact:deploy':
        'artifact:prepare magento:maintenance:enable-if-needed magento:config:import magento:upgrade:db magento:maintenance:disable deploy:symlink artifact:finish',
    },
    groups6: {
      'deploy:magento':
        'magento:compile magento:deploy:assets magento:maintenance:enable magento:upgrade:db magento:cache:flush magento:maintenance:disable',
    },
    hooks: [
      ['after', 'deploy:symlink', 'magento:cache:flush'],
      ['after', 'deploy:failed', 'magento:maintenance:disable'],
      ['fail', 'artifact:deploy', 'deploy:failed'],
    ],
    hooks6: [['after', 'deploy:failed', 'magento:maintenance:disable']],
    dirs: 'var/composer_home var/log var/export var/report var/import var/import_history var/session var/importexport var/backups var/tmp pub/sitemap pub/media pub/static/_cache',
    dirs6:
      'var/composer_home var/log var/cache var/export var/report var/import_history var/session var/importexport var/backups var/tmp pub/sitemaps pub/media',
    files: 'app/etc/env.php var/.maintenance.ip',
  },
  pimcore: {
    uses: 'symfony',
    groups: { 'pimcore:deploy': 'pimcore:rebuild-classes pimcore:cache_clear' },
    hooks: [['after', 'deploy:vendors', 'pimcore:deploy']],
    dirs: 'public/var var/email var/recyclebin var/versions',
    files: 'config/local/database.yaml',
  },
  prestashop: {
    old: plain,
    dirs: 'img log download upload translations mails',
    files: 'config/settings.inc.php .htaccess',
  },
  shopware: {
    now: 'sw:writable:jwt sw:deploy deploy:clear_paths sw:cache:warmup',
    groups: {
      'sw:deploy':
        'sw:database:migrate sw:plugin:refresh sw:theme:refresh sw:scheduled-task:register sw:cache:clear sw:plugin:update:all sw:cache:clear',
      'sw-build-without-db': 'sw-build-without-db:get-remote-config sw-build-without-db:build',
    },
    hooks: [['before', 'deploy:update_code', 'sw-build-without-db']],
    dirs: 'config/jwt files var/log public/media public/thumbnail public/sitemap',
    dirs8: 'config/jwt files var/log public/media public/plugins public/thumbnail public/sitemap',
    files: '.env.local install.lock public/.htaccess public/.user.ini',
  },
  silverstripe: {
    old: 'deploy:vendors deploy:shared deploy:writable silverstripe:buildflush',
    now: 'deploy:vendors silverstripe:buildflush',
    dirs: 'public/assets',
  },
  spiral: { now: 'deploy:vendors spiral:encrypt-key spiral:configure deploy:download-rr', dirs: 'runtime' },
  statamic: {
    uses: 'laravel',
    now: 'deploy:vendors artisan:storage:link artisan:cache:clear statamic:stache:clear statamic:stache:warm',
  },
  sulu: {
    uses: 'symfony',
    hooks: [
      ['after', 'deploy:cache:clear', 'deploy:website:cache:clear'],
      ['after', 'deploy:website:cache:clear', 'deploy:website:cache:warmup'],
    ],
    dirs: 'var/indexes var/sitemaps var/uploads public/uploads',
  },
  symfony: {
    old: 'deploy:clear_paths deploy:create_cache_dir deploy:shared deploy:assets deploy:vendors deploy:assets:install deploy:assetic:dump deploy:cache:clear deploy:cache:warmup deploy:writable',
    old4: 'deploy:clear_paths deploy:create_cache_dir deploy:shared deploy:assets deploy:vendors deploy:assets:install deploy:assetic:dump deploy:cache:warmup deploy:writable',
    now: 'deploy:vendors deploy:cache:clear',
    dirs: 'var/log',
    dirs6: 'app/logs',
    files: '.env.local',
  },
  symfony3: { uses: 'symfony', dirs: 'var/logs var/sessions' },
  symfony4: {
    old: `${plain} deploy:cache:clear deploy:cache:warmup`,
    dirs: 'var/log var/sessions',
    files: '.env.local.php .env.local',
  },
  typo3: {
    old: plain,
    now: 'deploy:vendors',
    now8: 'deploy:vendors typo3:install:fixfolderstructure typo3:extension:setup typo3:language:update typo3:cache:flush typo3:cache:warmup',
    dirs: '{{typo3_webroot}}/fileadmin {{typo3_webroot}}/typo3temp {{typo3_webroot}}/uploads',
    dirs8:
      '{{typo3/public_dir}}/fileadmin {{typo3/public_dir}}/typo3temp/assets var/lock var/log var/session var/spool',
  },
  wordpress: { old: 'deploy:shared deploy:writable', now: '', dirs: 'wp-content/uploads', files: 'wp-config.php' },
  yii: { old: plain, now: 'deploy:vendors deploy:migrate', dirs: 'runtime' },
  'yii2-app-basic': { old: `${plain} deploy:migrate`, dirs: 'runtime' },
  'yii2-app-advanced': {
    old: 'deploy:vendors deploy:init deploy:shared deploy:writable deploy:migrate',
    dirs: 'frontend/runtime backend/runtime console/runtime',
  },
  zend_framework: { old: plain, now: 'deploy:vendors' },
  sulu2: { uses: 'symfony4', hooks: [['after', 'deploy:cache:clear', 'deploy:website:cache:clear']] },
  rsync: {},
  provision: {},
  cachetool: {},
  npm: {},
  yarn: {},
  phinx: {},
  'php-fpm': {},
  crontab: {},
  webpack_encore: { uses: 'npm yarn' },
  'supervisord-monitor': {},
}

const chats =
  /^(bugsnag|chat|chatwork|cimonitor|cloudflare|cpanel|directadmin|discord|grafana|hangouts|hipchat|ispmanager|mattermost|ms-teams|newrelic|ntfy|rabbit|raygun|rocketchat|rollbar|sentry|slack|telegram|workplace|yammer)$/

/** A recipe by its name, as a version has it; undefined: Deployer has no such recipe. */
export function recipeOf(name: string, era: Era): Recipe | undefined {
  if (chats.test(name)) return empty
  const row = rows[name]
  if (!row) return undefined
  const before = era < 7
  const list = (text: string | undefined): readonly string[] => (text ? text.split(' ') : [])
  const groups = Object.entries((before ? (row.groups6 ?? row.groups) : row.groups) ?? {})
  const deploy = before ? oldDeploy(row, era) : newDeploy(row, era)
  return {
    uses: [...list(row.uses), ...(name === 'common' ? [] : ['common'])],
    groups: {
      ...(name === 'common' && !before ? common : {}),
      ...Object.fromEntries(groups.map(([task, tasks]) => [task, list(tasks)])),
      ...(deploy ? { deploy } : {}),
    },
    hooks: [
      ...((before ? row.hooks6 : undefined) ?? row.hooks ?? []),
      ...(name === 'common' ? [['fail', 'deploy', 'deploy:failed'] as const] : []),
    ],
    sharedDirs: list((before ? row.dirs6 : era === 8 ? row.dirs8 : undefined) ?? row.dirs),
    sharedFiles: list(row.files),
    ...(name === 'common' ? { keeps: before ? 5 : 10 } : {}),
  }
}

const empty: Recipe = { uses: ['common'], groups: {}, hooks: [], sharedDirs: [], sharedFiles: [] }

const common: Readonly<Record<string, readonly string[]>> = {
  'deploy:prepare':
    'deploy:info deploy:setup deploy:lock deploy:release deploy:update_code deploy:env deploy:shared deploy:writable'.split(
      ' ',
    ),
  'deploy:publish': 'deploy:symlink deploy:unlock deploy:cleanup deploy:success'.split(' '),
}

function oldDeploy(row: Row, era: Era): readonly string[] | undefined {
  const middle = era === 4 ? (row.old4 ?? row.old) : row.old
  if (middle === undefined) return undefined
  return `deploy:prepare deploy:lock deploy:release deploy:update_code ${middle} deploy:symlink deploy:unlock cleanup`.split(
    ' ',
  )
}

function newDeploy(row: Row, era: Era): readonly string[] | undefined {
  const middle = era === 8 ? (row.now8 ?? row.now) : row.now
  if (middle === undefined) return undefined
  const last = era === 8 ? row.last8 : undefined
  return `deploy:prepare ${middle} deploy:publish ${last ?? ''}`.split(' ').filter((task) => task !== '')
}
