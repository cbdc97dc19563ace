import type { Call } from '../call.ts'
import type { Detail } from '../model.ts'
import { valueOf, type Row } from './row.ts'

// The extractor gives every task the project's directories as options: `deploy_to`, `current`, `release`, `shared`.
const path =
  (name: string) =>
  (call: Call): Detail => {
    const found = valueOf(call, name)
    return found === undefined ? {} : { path: found }
  }
const switched =
  (how: 'rename' | 'symlink', atomic: boolean) =>
  (call: Call): Detail => {
    const link = valueOf(call, 'current')
    const target = valueOf(call, 'release')
    return { how, atomic, ...(link ? { link } : {}), ...(target ? { target } : {}) }
  }
const named = (call: Call): Detail => ({ what: call.name })
const task = { in: 'capistrano' as const }

/** Capistrano's own tasks and those of its plugins, by the names under which they are invoked and hooked. */
export const capistrano: readonly Row[] = [
  // Capistrano 3
  {
    ...task,
    example: 'git:create_release',
    call: 'git:create_release|hg:create_release|svn:create_release|*:create_release',
    kind: 'fetch',
    tool: 'git',
    detail: path('release'),
  },
  {
    ...task,
    example: 'rsync:copy',
    call: 'rsync:copy',
    kind: 'upload',
    tool: 'rsync',
    detail: (call) => ({ ...path('release')(call), how: 'rsync' }),
  },
  { ...task, example: 'rsync:stage', call: 'rsync:stage|rsync:check', kind: 'nothing' },
  {
    ...task,
    example: 'deploy:symlink:linked_dirs',
    call: 'deploy:symlink:linked_dirs|deploy:symlink:linked_files',
    kind: 'share',
    tool: 'capistrano',
    detail: path('release'),
  },
  {
    ...task,
    example: 'deploy:symlink:release',
    call: 'deploy:symlink:release',
    kind: 'switch',
    tool: 'capistrano',
    detail: switched('rename', true),
  },
  {
    ...task,
    example: 'deploy:cleanup',
    call: 'deploy:cleanup',
    kind: 'clean up',
    tool: 'capistrano',
    detail: path('releases'),
  },
  {
    ...task,
    example: 'deploy:revert_release',
    call: 'deploy:revert_release|deploy:rollback_assets|deploy:cleanup_rollback',
    kind: 'roll back',
    tool: 'capistrano',
  },
  {
    ...task,
    example: 'deploy:log_revision',
    call: 'deploy:log_revision|deploy:check:*|deploy:set_current_revision*|deploy:set_previous_revision*|deploy:print_config_variables|deploy:new_release_path|git:check|git:clone|git:update|git:wrapper|git:set_current_revision*|bundler:map_bins|bundler:config|rvm:*|rbenv:*|chruby:*|asdf:*|nvm:*|load:defaults|deploy:set_rails_env|deploy:set_linked_dirs|deploy:set_symfony_env|deploy:normalize_assets|deploy:normalise_assets|deploy:cleanup_assets|deploy:assets:backup_manifest|puma:check|puma:config|puma:nginx_config|puma:make_dirs|*:setup|*:status|*:map_bins|*:install_executable|ssh_doctor:*|doctor|doctor:*|deploy:failed',
    kind: 'nothing',
  },
  // Capistrano 2
  { ...task, example: 'deploy:strategy', call: 'deploy:strategy', kind: 'fetch', tool: 'git', detail: path('release') },
  {
    ...task,
    example: 'deploy:shared_children',
    call: 'deploy:shared_children',
    kind: 'share',
    tool: 'capistrano',
    detail: path('release'),
  },
  {
    ...task,
    example: 'deploy:create_symlink',
    call: 'deploy:create_symlink',
    kind: 'switch',
    tool: 'capistrano',
    detail: switched('symlink', false),
  },
  {
    ...task,
    example: 'deploy:web:disable',
    call: 'deploy:web:disable|maintenance:enable|maintenance:on|maintenance:start',
    kind: 'maintenance on',
    tool: 'capistrano',
  },
  {
    ...task,
    example: 'deploy:web:enable',
    call: 'deploy:web:enable|maintenance:disable|maintenance:off|maintenance:stop',
    kind: 'maintenance off',
    tool: 'capistrano',
  },
  // Dependencies and assets
  {
    ...task,
    example: 'bundler:install',
    call: 'bundler:install|bundle:install|bundle:update',
    kind: 'install',
    tool: 'bundler',
    detail: path('release'),
  },
  {
    ...task,
    example: 'composer:install',
    call: 'composer:install|composer:run|symfony:composer:install|composer:update',
    kind: 'install',
    tool: 'composer',
    detail: path('release'),
  },
  {
    ...task,
    example: 'composer:dump_autoload',
    call: 'composer:dump_autoload|symfony:bootstrap:build|symfony:build_bootstrap',
    kind: 'build',
    tool: 'composer',
    detail: path('release'),
  },
  {
    ...task,
    example: 'npm:install',
    call: 'npm:install|yarn:install|bower:install|pnpm:install|npm:ci',
    kind: 'install',
    tool: 'npm',
    detail: path('release'),
  },
  { ...task, example: 'npm:prune', call: 'npm:prune|npm:rebuild|composer:self_update|bundler:clean', kind: 'nothing' },
  {
    ...task,
    example: 'deploy:assets:precompile',
    call: 'deploy:assets:precompile|deploy:compile_assets|assets:*|webpacker:*|vite:*',
    kind: 'build',
    tool: 'rails',
    what: 'assets',
    detail: path('release'),
  },
  {
    ...task,
    example: 'gulp',
    call: 'gulp|gulp:*|grunt|grunt:*|npm:run|npm:build|yarn:build|yarn:run|webpack:*',
    kind: 'build',
    tool: 'npm',
    detail: path('release'),
  },
  {
    ...task,
    example: 'symfony:assets:install',
    call: 'symfony:assets:install|symfony:assetic:dump|symfony:assets:*',
    kind: 'build',
    tool: 'symfony',
    what: 'assets',
    detail: path('release'),
  },
  {
    ...task,
    example: 'deploy:assets:symlink',
    call: 'deploy:assets:symlink|linked_files:*|laravel:storage_link',
    kind: 'share',
    tool: 'capistrano',
    detail: path('release'),
  },
  // Databases
  {
    ...task,
    example: 'deploy:migrate',
    call: 'deploy:migrate|deploy:migrating|symfony:doctrine:migrations:migrate|laravel:migrate|drupal:update*|drush:updatedb|magento:setup:upgrade|typo3:migrate*',
    kind: 'migrate',
    detail: path('release'),
  },
  {
    ...task,
    example: 'deploy:seed',
    call: 'deploy:seed|db:seed|rails:db:seed|laravel:seed',
    kind: 'reset database',
    tool: 'rails',
    what: 'seed',
  },
  { ...task, example: 'db:backup', call: 'db:backup|db:dump|backup:*|mysql:dump|postgresql:backup', kind: 'backup' },
  // Caches
  {
    ...task,
    example: 'symfony:cache:clear',
    call: 'symfony:cache:clear',
    kind: 'clear cache',
    tool: 'symfony',
    detail: path('release'),
  },
  {
    ...task,
    example: 'symfony:cache:warmup',
    call: 'symfony:cache:warmup',
    kind: 'warm cache',
    tool: 'symfony',
    detail: path('release'),
  },
  {
    ...task,
    example: 'symfony:create_cache_dir',
    call: 'symfony:create_cache_dir|symfony:set_permissions|symfony:make_console_executable|symfony:clear_controllers|deploy:set_permissions:*|laravel:resolve_*|laravel:ensure_*|laravel:upload_dotenv_file',
    kind: 'nothing',
  },
  {
    ...task,
    example: 'laravel:config_cache',
    call: 'laravel:config_cache|laravel:route_cache|laravel:view_cache|laravel:optimize',
    kind: 'warm cache',
    tool: 'laravel',
    detail: path('release'),
  },
  {
    ...task,
    example: 'laravel:cache_clear',
    call: 'laravel:cache_clear|laravel:view_clear|laravel:config_clear|cache:clear|memcached:*|deploy:clear_cache',
    kind: 'clear cache',
  },
  {
    ...task,
    example: 'opcache:reset',
    call: 'opcache:reset|cachetool:opcache:reset|cachetool:clear:opcache',
    kind: 'clear cache',
    tool: 'opcache',
    what: 'opcache',
  },
  // Servers
  {
    ...task,
    example: 'passenger:restart',
    call: 'passenger:restart',
    kind: 'reload',
    tool: 'passenger',
    detail: path('deploy_to'),
  },
  {
    ...task,
    example: 'puma:smart_restart',
    call: 'puma:restart|puma:smart_restart|puma:phased-restart|puma:hot-restart|puma:reload|puma:*restart',
    kind: 'reload',
    tool: 'puma',
    detail: named,
  },
  {
    ...task,
    example: 'puma:start',
    call: 'puma:start|unicorn:start|thin:start|server:start|deploy:start',
    kind: 'start',
    tool: 'rails',
    what: 'server',
  },
  {
    ...task,
    example: 'puma:stop',
    call: 'puma:stop|unicorn:stop|thin:stop|server:stop|deploy:stop',
    kind: 'stop',
    tool: 'rails',
    what: 'server',
  },
  {
    ...task,
    example: 'unicorn:legacy_restart',
    call: 'unicorn:*restart|unicorn:reload|unicorn:duplicate|thin:restart|server:restart|app:restart',
    kind: 'reload',
    tool: 'unicorn',
    detail: named,
  },
  {
    ...task,
    example: 'nginx:restart',
    call: 'nginx:*|apache:*|httpd:*',
    kind: 'reload',
    tool: 'web server',
    when: (call) => /:(restart|reload)$/.test(call.name),
    detail: (call) => ({ what: call.name.split(':')[0]! }),
  },
  {
    ...task,
    example: 'php_fpm:reload',
    call: 'php_fpm:*|php-fpm:*|phpfpm:*|php5_fpm:*|php7_fpm:*|php:fpm:*|php:*',
    kind: 'reload',
    tool: 'php-fpm',
    when: (call) => /re(start|load)/.test(call.name),
    detail: (call) => ({ what: call.name.split(':').at(-1)! }),
  },
  {
    ...task,
    example: 'pm2:restart',
    call: 'pm2:*|forever:restart|node:restart|foreman:restart|upstart:restart|systemd:*restart',
    kind: 'reload',
    tool: 'service',
    when: (call) => /re(start|load)/.test(call.name),
    detail: named,
  },
  { ...task, example: 'varnish:purge', call: 'varnish:*', kind: 'clear cache', tool: 'varnish' },
  // Workers
  {
    ...task,
    example: 'sidekiq:quiet',
    call: 'sidekiq:quiet|sidekiq:stop|resque:stop|delayed_job:stop|resque:scheduler:stop|sidekiq:monit:unmonitor|puma:monit:unmonitor|good_job:stop|solid_queue:stop',
    kind: 'stop',
    tool: 'rails',
    what: 'workers',
  },
  {
    ...task,
    example: 'sidekiq:restart',
    call: 'sidekiq:restart|sidekiq:start|delayed_job:restart|delayed_job:default|resque:restart|resque:scheduler:restart|good_job:restart|solid_queue:restart|shoryuken:restart|sneakers:restart|clockwork:restart|que:restart|workers:restart|supervisor*:restart|supervisord:restart|god:restart|monit:restart|eye:restart|foreman:restart_workers|*:sidekiq:restart',
    kind: 'restart workers',
    tool: 'rails',
    detail: named,
  },
  {
    ...task,
    example: 'delayed_job:start',
    call: 'delayed_job:start|resque:start|resque:scheduler:start|clockwork:start',
    kind: 'start',
    tool: 'rails',
    what: 'workers',
  },
  { ...task, example: 'sidekiq:monit:monitor', call: '*:monit:monitor', kind: 'start', tool: 'monit' },
  { ...task, example: 'whenever:update_crontab', call: 'whenever:*', kind: 'build', tool: 'cron' },
  // Telling people
  {
    ...task,
    example: 'slack:deploy:updated',
    call: 'slack:*|airbrake:*|honeybadger:*|rollbar:*|newrelic:*|hipchat:*|sentry:*|bugsnag:*|deploy:notify*|*:notify*|flowdock:*|campfire:*|appsignal:*|sidekiq:mark_deploy',
    kind: 'notify',
  },
]
