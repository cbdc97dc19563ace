import { describe, expect, test } from 'vitest'
import { releasesIn, shown } from '../plan.ts'

const capfile = `require 'capistrano/setup'
require 'capistrano/deploy'
require 'capistrano/bundler'
require 'capistrano/rails/migrations'
Dir.glob('lib/capistrano/tasks/*.rake').each { |r| import r }
`
const deploy = `lock '~> 3.17'
set :application, 'shop'
set :deploy_to, "/srv/#{fetch(:application)}"
set :keep_releases, 3
append :linked_dirs, 'log', 'public/uploads'
append :linked_files, '.env'
`

describe('version 3', () => {
  test('the flow of the tool and its plugins, with the directories that are set', () => {
    const [release] = releasesIn({ Capfile: capfile, 'config/deploy.rb': deploy })
    expect(shown(release)).toEqual([
      'fetch: git:create_release',
      'share: deploy:symlink:linked_files',
      'share: deploy:symlink:linked_dirs',
      'install: bundler:install',
      'migrate: deploy:migrate',
      'switch: deploy:symlink:release',
      'clean up: deploy:cleanup',
    ])
    expect(release?.switches[0]?.detail).toMatchObject({
      link: '/srv/shop/current',
      target: '/srv/shop/releases/$release',
      atomic: true,
    })
    expect(release?.layout).toMatchObject({ live: '/srv/shop/current', keeps: { count: 3 }, rollsBack: true })
    expect(release?.layout.shared?.map((one) => one.path)).toEqual(['log', 'public/uploads', '.env'])
  })

  test('hooks, prerequisites and tasks of the project stand where they run', () => {
    const [release] = releasesIn({
      Capfile: capfile,
      'config/deploy.rb': `${deploy}
namespace :deploy do
  after :publishing, :restart
  before :updated, 'app:config'
end
after 'deploy:finished', 'app:warm'
`,
      'lib/capistrano/tasks/app.rake': `namespace :app do
  task :config do
    on roles(:app) do
      within release_path do
        execute :php, 'artisan', 'config:cache'
      end
    end
  end
  task warm: :ping do
    run_locally { execute :curl, '-f', 'https://example.org/health' }
  end
  task(:ping) { on(roles(:web)) { execute "sudo systemctl reload php8.2-fpm" } }
end
namespace :deploy do
  task :restart do
    invoke 'puma:restart'
  end
end
`,
    })
    expect(shown(release).slice(3)).toEqual([
      'install: bundler:install',
      'warm cache: php artisan config:cache',
      'migrate: deploy:migrate',
      'switch: deploy:symlink:release',
      'reload: puma:restart',
      'clean up: deploy:cleanup',
      'reload: sudo systemctl reload php8.2-fpm',
      'smoke test: curl -f https://example.org/health',
    ])
    expect(release?.steps.at(-1)?.actsOn).toBe('here')
    expect(new Set(release?.steps.slice(0, -1).map((step) => step.actsOn))).toEqual(new Set(['servers']))
    expect(release?.steps.find((step) => step.kind === 'warm cache')?.detail.cwd).toBe('/srv/shop/releases/$release')
  })

  test('loops over words make a task each, and names bound there are known', () => {
    const [release] = releasesIn({
      Capfile: capfile,
      'config/deploy.rb': `${deploy}
%w[stop start].each do |verb|
  namespace :app do
    task verb do
      on(roles(:app)) { execute "sudo systemctl #{verb} php8.2-fpm" }
    end
  end
  after 'deploy:published', "app:#{verb}"
end
`,
    })
    expect(shown(release).filter((line) => line.includes('systemctl'))).toEqual([
      'stop: systemctl stop php8.2-fpm',
      'start: systemctl start php8.2-fpm',
    ])
  })

  test('conditions, rescues and cleared tasks', () => {
    const [release] = releasesIn({
      Capfile: capfile,
      'config/deploy.rb': `${deploy}
Rake::Task['deploy:migrate'].clear
task :extra do
  on roles(:app) do
    next unless fetch(:warm)
    execute :php, 'bin/console', 'cache:warmup'
    begin
      execute 'sudo service php-fpm reload'
    rescue StandardError
      warn 'no reload'
    end
  end
end
after 'deploy:updated', 'extra'
`,
    })
    const lines = shown(release)
    expect(lines).not.toContain('migrate: deploy:migrate')
    expect(lines).toContain('warm cache: php bin/console cache:warmup [sometimes]')
    expect(lines).toContain('reload: sudo service php-fpm reload [sometimes] [goes on]')
  })

  test('plugins hook by their version', () => {
    const lock = (version: string): string =>
      `GEM\n  specs:\n    capistrano (3.17.0)\n    capistrano3-puma (${version})\n`
    const at = (version: string): number => {
      const files = {
        Capfile: `${capfile}require 'capistrano/puma'\ninstall_plugin Capistrano::Puma\n`,
        'config/deploy.rb': deploy,
      }
      const [release] = releasesIn({ ...files, 'Gemfile.lock': lock(version) })
      return shown(release).findIndex((line) => line.startsWith('reload: puma'))
    }
    expect(at('4.0.0')).toBeGreaterThan(0)
    expect(at('6.0.0')).toBe(-1)
  })

  test('a library that nobody knows is named', () => {
    const [release] = releasesIn({ Capfile: `${capfile}require 'acme/deployer'\n`, 'config/deploy.rb': deploy })
    expect(shown(release)).toContain("opaque: require 'acme/deployer'")
  })
})

describe('version 2', () => {
  test('its flow, transactions and methods that are tasks', () => {
    const [release] = releasesIn({
      Capfile: "load 'deploy'\nload 'config/deploy'\n",
      'config/deploy.rb': `require 'bundler/capistrano'
set :application, 'shop'
set(:deploy_to) { "/srv/#{application}" }
after 'deploy:update_code', 'deploy:link'
namespace :deploy do
  task :restart, :roles => :app do
    run "#{try_sudo} touch #{File.join(current_path, 'tmp', 'restart.txt')}"
  end
  task :link do
    run "ln -nfs #{shared_path}/config/database.yml #{release_path}/config/database.yml"
  end
end
after 'deploy', 'deploy:cleanup'
`,
    })
    expect(shown(release).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'fetch: deploy:strategy',
      'share: deploy:shared_children',
      'install: bundle:install',
      'share: ln',
      'switch: deploy:create_symlink',
      'reload: touch',
      'clean up:',
    ])
    expect(release?.switches[0]?.detail).toMatchObject({ link: '/srv/shop/current', atomic: false })
  })
})

describe('stages', () => {
  const files = {
    Capfile: capfile,
    'config/deploy.rb': "set :application, 'shop'\nset :deploy_to, '/srv/shop'\nset :keep_releases, 5\n",
    'config/deploy/production.rb': "server 'shop.example', roles: %w[app]\nset :branch, 'main'\n",
    'config/deploy/staging.rb': "server 'staging.example', roles: %w[app]\nset :deploy_to, '/srv/staging'\n",
  }
  const reset = `set :keep_releases, 2
namespace :staging do
  task :reset do
    on roles(:app) do
      execute "cd #{release_path} && bin/rails db:reset"
    end
  end
end
after 'deploy:updated', 'staging:reset'
`

  test('one release, where they differ by hosts and directories only', () => {
    const releases = releasesIn(files)
    expect(releases.map((one) => one.name)).toEqual(['cap deploy'])
    expect(releases[0]?.layout.live).toBe('/srv/shop/current')
  })

  test('a stage with steps of its own is a release of its own, and production has none of them', () => {
    const releases = releasesIn({ ...files, 'config/deploy/staging.rb': files['config/deploy/staging.rb'] + reset })
    expect(releases.map((one) => one.name)).toEqual(['cap production deploy', 'cap staging deploy'])
    expect(releases.map((one) => one.all('reset database').length)).toEqual([0, 1])
    expect(releases.map((one) => one.layout.keeps?.count)).toEqual([5, 2])
    expect(releases.map((one) => one.layout.live)).toEqual(['/srv/shop/current', '/srv/staging/current'])
    expect(releases[1]?.at.file).toBe('config/deploy/staging.rb')
  })

  test('a pipeline that deploys to a stage has that stage’s steps', () => {
    const line = (stage: string): string =>
      `deploy:\n  stage: deploy\n  script:\n    - bundle exec cap ${stage} deploy\n`
    const staged = { ...files, 'config/deploy/staging.rb': files['config/deploy/staging.rb'] + reset }
    const staging = releasesIn({ ...staged, '.gitlab-ci.yml': line('staging') }).find((one) => one.tool === 'gitlab')
    expect(staging?.all('reset database')).toHaveLength(1)
    const production = releasesIn({ ...staged, '.gitlab-ci.yml': line('production') })
    expect(production.find((one) => one.tool === 'gitlab')?.all('reset database')).toEqual([])
  })
})

describe('bad input', () => {
  test.each([
    ['broken Ruby', "require 'capistrano/setup'\ntask :a do\n  execute '"],
    [
      'tasks that call each other',
      "require 'capistrano/setup'\ntask(:a) { invoke 'b' }\ntask(:b) { invoke 'a' }\nafter 'deploy:published', 'a'\n",
    ],
    [
      'settings that mean each other',
      "require 'capistrano/setup'\nset :deploy_to, -> { fetch(:application) }\nset :application, -> { fetch(:deploy_to) }\n",
    ],
    [
      'methods that call themselves',
      "require 'capistrano/setup'\ndef x(a)\n  x(a)\nend\ntask(:a) { on(roles(:all)) { x 1 } }\nafter 'deploy:published', 'a'\n",
    ],
  ])('%s', (_, text) => {
    expect(() => releasesIn({ Capfile: text })).not.toThrow()
  })
})
