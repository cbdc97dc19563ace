import { rubyText } from '../../parse/ruby.ts'
import type { CapistranoProgram, Wanted } from '../../facts/capistrano/program.ts'

/** A hook that the tool or a plugin has by itself. */
export interface BuiltHook {
  readonly when: 'before' | 'after'
  readonly task: string
  readonly runs: string
  /** The library that brings it. */
  readonly from: string
  readonly at?: Wanted['at']
}

/** A task that another one runs, and the line that asks for the library behind it. */
export interface BuiltCall {
  readonly task: string
  readonly at?: Wanted['at']
}

/** What the tool and its plugins do by themselves: tasks that run others, and hooks. */
export interface BuiltFlow {
  readonly tasks: ReadonlyMap<string, readonly BuiltCall[]>
  readonly hooks: readonly BuiltHook[]
  /** Libraries that nobody here knows: they can hook anything. */
  readonly unknown: readonly Wanted[]
}

interface Library {
  /** As it is required or installed. */
  readonly name: RegExp
  /** Its gem, whose version in Gemfile.lock decides. */
  readonly gem?: string
  readonly from?: number
  readonly below?: number
  readonly tasks?: Readonly<Record<string, readonly string[]>>
  /** `before task: runs` and `after task: runs`. */
  readonly hooks?: readonly string[]
  readonly brings?: readonly string[]
}

const core3: Readonly<Record<string, readonly string[]>> = {
  deploy: words(
    'deploy:starting deploy:started deploy:updating deploy:updated deploy:publishing deploy:published deploy:finishing deploy:finished',
  ),
  'deploy:updating': words('git:create_release deploy:symlink:shared'),
  'deploy:symlink:shared': words('deploy:symlink:linked_files deploy:symlink:linked_dirs'),
  'deploy:publishing': ['deploy:symlink:release'],
  'deploy:finishing': ['deploy:cleanup'],
  'deploy:finished': ['deploy:log_revision'],
  'deploy:starting': ['deploy:check'],
  'deploy:check': words('deploy:check:directories deploy:check:linked_dirs deploy:check:linked_files'),
  'deploy:rollback': words(
    'deploy:starting deploy:started deploy:reverting deploy:reverted deploy:publishing deploy:published deploy:finishing_rollback deploy:finished',
  ),
  'deploy:reverting': ['deploy:revert_release'],
  'deploy:started': [],
  'deploy:updated': [],
  'deploy:published': [],
  'deploy:reverted': [],
  'deploy:finishing_rollback': ['deploy:cleanup_rollback'],
  'deploy:restart': [],
  default: ['deploy'],
}

const core2: Readonly<Record<string, readonly string[]>> = {
  deploy: words('deploy:update deploy:restart'),
  'deploy:default': ['deploy'],
  'deploy:update': words('deploy:update_code deploy:create_symlink'),
  'deploy:update_code': words('deploy:strategy deploy:finalize_update'),
  'deploy:finalize_update': ['deploy:shared_children'],
  'deploy:symlink': ['deploy:create_symlink'],
  'deploy:migrations': words('deploy:update_code deploy:migrate deploy:create_symlink deploy:restart'),
  'deploy:cold': words('deploy:update deploy:migrate deploy:start'),
  'deploy:restart': [],
  'deploy:start': [],
  'deploy:stop': [],
}

/** Plugins by what is required. What hooks nothing by itself is listed too: it is known to do nothing. */
const libraries: readonly Library[] = [
  { name: /^capistrano\/(setup|deploy|all|version|console|doctor|dotfile|install|framework)$/ },
  {
    name: /^capistrano[-/]rsync.*$|^capistrano\/(scm\/.*|git|hg|svn|git-submodule-strategy|git-with-submodules|copy_files|scm_gitcopy|s3)$|^Capistrano::(SCM::.*|S3)$/i,
  },
  {
    name: /^capistrano\/(rvm|rbenv|rbenv_install|chruby|asdf|nvm|node|nodenv|pyenv|locally|ssh_doctor|ssh-doctor|dotenv(\/tasks|-tasks)?|figaro.*|secrets.*|rails\/console|rails_console|rails\/logs|postgresql|mysql|linked_files|upload[-_]config|config_provider|template|file-permissions|db_tasks|db-tasks|hostmenu|harrow|multiconfig.*|cookbook.*|pending|fast_deploy|touch-linked-files|data_migrate|bundle_rsync|wpcli|maintenance|thin|hook|stage|stages|tasks|ext\/multistage|nginx|nginx_unicorn|monit|pm2|foreman|systemd.*|upstart|safe_deployment.*|rails_tail_log|rake|interactive|tail|logs|shell|ask-hostnames|ssh)$/,
  },
  {
    name: /^(capistrano-db-tasks|capistrano_colors|capistrano-rbenv|capistrano-nc\/nc|capistrano3\/(unicorn|nginx|postgres|monit|ubuntu-server-prepare|ssh_keys)|rvm\/capistrano|rvm1\/capistrano3?|capistrano-unicorn|airbrussh\/capistrano|sshkit.*|dotenv.*|yaml|json|erb|rubygems|fileutils|pathname|securerandom|date|time|tempfile|net\/.*|open-uri|uri|digest.*|active_support.*|highline.*|colorize|colored|aws.*|fog.*|bundler\/setup|bundler|rake|English|set|pp|ostruct|shellwords|base64|io\/console|socket|logger|stringio|capistrano\/cli|railsless-deploy|capistrano-.*)$/,
  },
  { name: /^capistrano\/bundler$/, hooks: ['before deploy:updated: bundler:install'] },
  {
    name: /^capistrano\/rails\/assets$/,
    hooks: ['after deploy:updated: deploy:compile_assets'],
    tasks: { 'deploy:compile_assets': ['deploy:assets:precompile'] },
  },
  { name: /^capistrano\/rails\/migrations$/, hooks: ['after deploy:updated: deploy:migrate'] },
  {
    name: /^capistrano\/rails$/,
    brings: ['capistrano/bundler', 'capistrano/rails/assets', 'capistrano/rails/migrations'],
  },
  { name: /^capistrano\/(faster[-_]assets|rails_collection|local_precompile|rails\/cold_deploy)$/ },
  {
    name: /^capistrano\/passenger$/,
    hooks: ['after deploy:publishing: deploy:restart'],
    tasks: { 'deploy:restart': ['passenger:restart'] },
  },
  { name: /^capistrano\/passenger\/no_hook$/ },
  {
    name: /^capistrano\/puma$/,
    gem: 'capistrano3-puma',
    below: 3,
    hooks: ['after deploy:finished: puma:smart_restart'],
  },
  { name: /^capistrano\/puma$/ },
  {
    name: /^Capistrano::Puma$/,
    gem: 'capistrano3-puma',
    below: 5,
    hooks: ['after deploy:finished: puma:smart_restart'],
  },
  { name: /^Capistrano::Puma$/ },
  {
    name: /^Capistrano::Puma::(Daemon|Systemd)$/,
    gem: 'capistrano3-puma',
    below: 7,
    hooks: ['after deploy:finished: puma:smart_restart'],
  },
  { name: /^Capistrano::Puma::(Daemon|Systemd)$/, hooks: ['after deploy:published: puma:smart_restart'] },
  { name: /^(Capistrano::Puma::.*|capistrano\/puma\/.*|capistrano3-puma)$/ },
  { name: /^capistrano\/sidekiq$/, gem: 'capistrano-sidekiq', from: 2 },
  {
    name: /^(capistrano\/sidekiq|Capistrano::Sidekiq)$/,
    hooks: [
      'after deploy:starting: sidekiq:quiet',
      'after deploy:updated: sidekiq:stop',
      'after deploy:published: sidekiq:start',
    ],
  },
  { name: /^(Capistrano::Sidekiq::.*|capistrano\/sidekiq\/.*)$/ },
  { name: /^capistrano\/delayed[-_]job$/, hooks: ['after deploy:published: delayed_job:restart'] },
  {
    name: /^delayed\/recipes$|^capistrano-resque$|^capistrano\/(resque|shoryuken|sneakers|clockwork|good_job|solid_queue|que)$/,
  },
  {
    name: /^whenever\/capistrano$/,
    hooks: ['after deploy:updated: whenever:update_crontab', 'before deploy:finalize_update: whenever:update_crontab'],
  },
  { name: /^capistrano\/composer$/, hooks: ['before deploy:updated: composer:install'] },
  {
    name: /^capistrano\/symfony$/,
    brings: ['capistrano/composer'],
    tasks: {
      'deploy:updating': ['symfony:create_cache_dir', 'symfony:set_permissions'],
      'deploy:updated': ['symfony:cache:warmup'],
    },
  },
  {
    name: /^capistrano\/laravel$/,
    brings: ['capistrano/composer'],
    hooks: ['before deploy:updated: laravel:upload_dotenv_file', 'after composer:run: laravel:storage_link'],
    tasks: { 'composer:install': ['composer:run'] },
  },
  { name: /^capistrano\/npm$/, hooks: ['before deploy:updated: npm:install'] },
  { name: /^capistrano\/yarn$/, hooks: ['before deploy:updated: yarn:install'] },
  { name: /^capistrano\/bower$/, hooks: ['before deploy:updated: bower:install'] },
  { name: /^capistrano\/(gulp|grunt|php-fpm|php_fpm|phpfpm|cachetool|opcache)$/ },
  {
    name: /^capistrano\/(honeybadger|rollbar|newrelic|slack|slackistrano|hipchat|sentry|bugsnag|airbrake|appsignal|flowdock)|slackistrano|rollbar\/capistrano|honeybadger\/capistrano|airbrake\/capistrano|new_?relic|hipchat\/capistrano|bugsnag\/capistrano|appsignal\/capistrano|skylight|raygun|hoptoad_notifier|capistrano-?slack/i,
  },
  // Version 2
  { name: /^bundler\/capistrano$/, hooks: ['after deploy:finalize_update: bundle:install'] },
  {
    name: /^sidekiq\/capistrano$/,
    hooks: [
      'before deploy:update_code: sidekiq:quiet',
      'after deploy:stop: sidekiq:stop',
      'after deploy:start: sidekiq:start',
      'before deploy:restart: sidekiq:restart',
    ],
  },
  {
    name: /^puma\/capistrano$/,
    hooks: ['after deploy:stop: puma:stop', 'after deploy:start: puma:start', 'after deploy:restart: puma:restart'],
  },
  {
    name: /^deploy\/assets$/,
    hooks: [
      'before deploy:finalize_update: deploy:assets:symlink',
      'after deploy:update_code: deploy:assets:precompile',
    ],
  },
  {
    name: /^(capifony_symfony[12]|capifony)$/,
    hooks: [
      'after deploy:finalize_update: symfony:composer:install',
      'after symfony:composer:install: symfony:cache:warmup',
    ],
  },
]

/** The flow of a project before its own tasks and hooks. */
export function builtFlow(program: CapistranoProgram, gems: string, own: (name: string) => boolean): BuiltFlow {
  const core = program.wants.find((want) => want.name === 'capistrano/deploy')
  const called = (calls: readonly string[], want: Wanted | undefined): readonly BuiltCall[] =>
    calls.map((task) => (want ? { task, at: want.at } : { task }))
  const tasks = new Map(
    Object.entries(program.version === 2 ? core2 : core3).map(([task, calls]) => [task, called(calls, core)]),
  )
  const hooks: BuiltHook[] = []
  const unknown: Wanted[] = []
  const done = new Set<string>()
  const take = (name: string, want: Wanted, depth: number): void => {
    if (done.has(name) || depth > 5) return
    done.add(name)
    const library = libraries.find((one) => one.name.test(name) && fits(one, gems))
    if (!library) {
      if (!own(name)) unknown.push(want)
      return
    }
    for (const inner of library.brings ?? []) take(inner, want, depth + 1)
    for (const [task, calls] of Object.entries(library.tasks ?? {}))
      tasks.set(task, [...(tasks.get(task) ?? []), ...called(calls, want)])
    for (const line of library.hooks ?? []) {
      const [, when, task, runs] = /^(before|after) (\S+): (\S+)$/.exec(line)!
      hooks.push({ when: when as 'before' | 'after', task: task!, runs: runs!, from: name, at: want.at })
    }
  }
  for (const want of program.wants) take(want.name, want, 0)
  // Another way of getting the code: it takes the place of git's.
  const scm = program.settings.findLast((one) => one.name === 'scm')?.value
  const named = scm && scm.kind !== 'block' ? rubyText(scm) : undefined
  const rsync = program.wants.find((want) => /^capistrano[-/]rsync/.test(want.name))
  if (program.version === 3 && (rsync || named === 'rsync')) {
    const calls = tasks.get('deploy:updating') ?? []
    tasks.set('deploy:updating', [...called(['rsync:create_release'], rsync), ...calls.slice(1)])
    tasks.set('rsync:create_release', called(words('rsync:stage rsync:stage_done rsync:copy'), rsync))
    tasks.set('rsync:stage_done', [])
  }
  return { tasks, hooks, unknown }
}

function fits(library: Library, gems: string): boolean {
  if (library.gem === undefined) return true
  const locked = new RegExp(`^ {4}${library.gem} \\((\\d+)\\.`, 'm').exec(gems)
  if (!locked) return library.below === undefined || library.below >= 5 // without a lock file: a recent version
  const major = Number(locked[1])
  return (library.from === undefined || major >= library.from) && (library.below === undefined || major < library.below)
}

function words(text: string): readonly string[] {
  return text.split(' ')
}
