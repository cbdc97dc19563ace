import { describe, expect, test } from 'vitest'
import { releasesIn, shown } from '../plan.ts'

const one = `require 'mina/rails'
require 'mina/git'

set :deploy_to, '/srv/shop'
set :shared_dirs, fetch(:shared_dirs, []).push('log', 'public/uploads')
set :shared_files, ['.env']
set :keep_releases, 3

task :deploy do
  invoke :'git:ensure_pushed'
  deploy do
    invoke :'git:clone'
    invoke :'deploy:link_shared_paths'
    invoke :'bundle:install'
    invoke :'rails:db_migrate'
    command %{npm ci} if ENV['FULL']
    invoke :'deploy:cleanup'
    on :launch do
      in_path(fetch(:current_path)) do
        command %{touch tmp/restart.txt}
      end
      invoke :'workers:restart'
      invoke :'acme:warm'
    end
    on :clean do
      command %{rm -rf tmp/half}
    end
  end
end

namespace :workers do
  task :restart do
    command "sudo systemctl restart shop-worker"
  end
end
`

describe('Mina', () => {
  const releases = releasesIn({ 'config/deploy.rb': one })

  test('the block, the link, and what is launched after it', () => {
    expect(releases.map((release) => release.name)).toEqual(['mina deploy'])
    expect(shown(releases[0])).toEqual([
      'lock: deploy.lock',
      'fetch: git:clone',
      'share: deploy:link_shared_paths',
      'install: bundle:install',
      'migrate: rails:db_migrate',
      'install: npm ci [sometimes]',
      'clean up: deploy:cleanup',
      'switch: ln -nfs /srv/shop/releases/$version /srv/shop/current',
      'reload: touch tmp/restart.txt',
      'restart workers: sudo systemctl restart shop-worker',
      'opaque: task acme:warm',
      'unlock: deploy.lock',
      'clean up: rm -rf tmp/half [after a failure]',
    ])
  })

  test('its layout, and where commands stand', () => {
    const [release] = releases
    expect(release?.layout).toMatchObject({ live: '/srv/shop/current', keeps: { count: 3 }, locks: 'yes' })
    expect(release?.layout.shared?.map(({ path, file }) => [path, file === true])).toEqual([
      ['log', false],
      ['public/uploads', false],
      ['.env', true],
    ])
    expect(release?.all('reload')[0]?.detail.cwd).toBe('/srv/shop/current')
    expect(release?.all('restart workers')[0]?.via.map((label) => label.says)).toEqual(['invokes workers:restart'])
  })

  test('versions before 1: queue, to, and settings that are methods', () => {
    const [release] = releasesIn({
      'config/deploy.rb': `require 'mina/bundler'
require 'mina/git'
set :deploy_to, '/srv/blog'
task :deploy => :environment do
  deploy do
    invoke :'git:clone'
    invoke :'bundle:install'
    queue "#{bundle_prefix} jekyll build"
    to :launch do
      queue "touch #{deploy_to}/tmp/restart.txt"
      invoke :'puma:phased_restart'
    end
  end
end
`,
    })
    expect(shown(release)).toEqual([
      'lock: deploy.lock',
      'fetch: git:clone',
      'install: bundle:install',
      'build: bundle exec jekyll build',
      'switch: ln -nfs /srv/blog/releases/$version /srv/blog/current',
      'reload: touch /srv/blog/tmp/restart.txt',
      'reload: puma:phased_restart',
      'unlock: deploy.lock',
    ])
  })

  test('a pipeline that runs it has its steps', () => {
    const found = releasesIn({
      'config/deploy.rb': one,
      '.gitlab-ci.yml': 'deploy:\n  stage: deploy\n  script:\n    - bundle exec mina deploy\n',
    })
    expect(found.map((release) => release.tool)).toEqual(['gitlab'])
    expect(found[0]?.switches).toHaveLength(1)
  })

  test('what is broken, cut short or goes in circles is read as far as it goes', () => {
    for (let at = 0; at < one.length; at += 31)
      expect(() => releasesIn({ 'config/deploy.rb': one.slice(0, at) })).not.toThrow()
    const circle =
      "require 'mina/git'\nset :a, -> { fetch(:a) }\ntask(:deploy) { deploy { invoke :'x' } }\ntask(:x) { invoke :'x' }\n"
    expect(() => releasesIn({ 'config/deploy.rb': circle })).not.toThrow()
  })
})
