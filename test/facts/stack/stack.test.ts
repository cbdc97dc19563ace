import { expect, test } from 'vitest'
import { filesOf } from '../../../src/discover/files.ts'
import { stackOf, type Stack } from '../../../src/facts/stack/stack.ts'

const stack = (files: Readonly<Record<string, string>>, given: readonly string[] = []): Stack =>
  stackOf(filesOf(Object.entries(files).map(([file, text]) => ({ file, text }))), given)

test('frameworks are told by manifests, by files of their own, and by the settings', () => {
  expect([...stack({ 'composer.json': '{"require":{"laravel/framework":"^11"}}' }).frameworks.keys()]).toEqual([
    'laravel',
  ])
  expect([...stack({ Gemfile: "gem 'rails', '7.1'\n" }).frameworks.keys()]).toEqual(['rails'])
  expect([...stack({ 'manage.py': '' }).frameworks.keys()]).toEqual(['django'])
  expect([...stack({}, ['symfony', 'nonsense']).frameworks.keys()]).toEqual(['symfony'])
  expect(stack({ 'vendor/a/b/composer.json': '{"require":{"laravel/framework":"^11"}}' }).frameworks.size).toBe(0)
})

test('a lock file knows the version better than the manifest', () => {
  const got = stack({
    'composer.json': '{"require":{"laravel/framework":"^11"}}',
    'composer.lock': '{"packages":[{"name":"laravel/framework","version":"v11.9.2"}]}',
  })
  expect(got.version('laravel/framework')).toBe('11.9.2')
  expect(got.version('nobody/nothing')).toBeUndefined()
})

test('workers are seen in packages and in what starts them; comments start nothing', () => {
  const names = (files: Readonly<Record<string, string>>): readonly string[] =>
    stack(files).workers.map((one) => one.name)
  expect(names({ Gemfile: "gem 'sidekiq'\n" })).toEqual(['Sidekiq'])
  expect(names({ Procfile: 'web: puma\nworker: bundle exec sidekiq -C config/sidekiq.yml\n' })).toEqual(['sidekiq'])
  expect(names({ 'docker/worker.conf': '; command=php artisan queue:work\n' })).toEqual([])
  expect(names({ 'docker/worker.conf': '[program:q]\ncommand=php artisan queue:work\n' })).toEqual([
    'artisan queue:work',
  ])
})

test('composer and npm scripts are there by name; broken JSON tells nothing', () => {
  const got = stack({
    'composer.json': '{"scripts":{"auto-scripts":{"cache:clear":"symfony-cmd"},"post-install-cmd":["@auto-scripts"]}}',
    'package.json': '{"scripts":{"deploy":"rsync -a dist/ host:/srv"}}',
  })
  expect(got.composerScripts.get('auto-scripts')).toEqual(['cache:clear'])
  expect(got.npmScripts.get('deploy')).toBe('rsync -a dist/ host:/srv')
  expect(stack({ 'composer.json': '{' }).frameworks.size).toBe(0)
})
