import { describe, expect, test } from 'vitest'
import { releasesIn, shown } from './plan.ts'

const head = '<?php\nnamespace Deployer;\n'
const composer = (version: string): string => JSON.stringify({ 'require-dev': { 'deployer/deployer': version } })

function lines(body: string, version = '^7.0', more: Readonly<Record<string, string>> = {}): readonly string[] {
  return shown(releasesIn({ 'deploy.php': head + body, 'composer.json': composer(version), ...more })[0])
}

const kinds = (list: readonly string[]): readonly string[] => list.map((line) => line.replace(/^[^:]+: /, ''))

describe('the recipes of each version', () => {
  test('version 6 lists every step and warms Symfony before the switch', () => {
    expect(kinds(lines("require 'recipe/symfony4.php';", '^6.8'))).toEqual([
      'deploy:lock',
      'deploy:update_code',
      'deploy:shared',
      'deploy:vendors',
      'deploy:cache:clear',
      'deploy:cache:warmup',
      'deploy:symlink',
      'deploy:unlock',
      'cleanup',
    ])
  })

  test('version 7 migrates Laravel before the switch', () => {
    expect(kinds(lines("require 'recipe/laravel.php';", '^7.5'))).toContain('artisan:migrate')
    expect(kinds(lines("require 'recipe/laravel.php';", '^7.5'))).not.toContain('artisan:reload')
  })

  test('version 8 reloads Laravel where its version can', () => {
    const laravel = (version: string): Readonly<Record<string, string>> => ({
      'composer.lock': JSON.stringify({ packages: [{ name: 'laravel/framework', version }] }),
    })
    expect(kinds(lines("require 'recipe/laravel.php';", '^8.0', laravel('v12.50.0')))).toContain('artisan:reload')
    expect(kinds(lines("require 'recipe/laravel.php';", '^8.0', laravel('v11.9.0')))).not.toContain('artisan:reload')
  })

  test('the words of the file tell the version when no manifest does', () => {
    const [release] = releasesIn({
      'deploy.php': `${head}require 'recipe/common.php';\ntask('deploy', ['deploy:prepare', 'deploy:publish']);`,
    })
    expect(kinds(shown(release))).toEqual([
      'deploy:lock',
      'deploy:update_code',
      'deploy:shared',
      'deploy:symlink',
      'deploy:unlock',
      'deploy:cleanup',
    ])
    expect(release!.layout.keeps?.count).toBe(10)
  })
})

describe('what the project writes', () => {
  test('hooks stand where they are hung, those for failures run after one', () => {
    const got = lines(`require 'recipe/common.php';
task('fpm', function () { run('sudo systemctl reload php8.2-fpm'); });
after('deploy:symlink', 'fpm');
before('deploy:symlink', 'check');
task('check', fn () => run('php bin/console doctrine:migrations:migrate'));
fail('deploy', 'deploy:unlock');`)
    expect(got).toEqual([
      'lock: deploy:lock',
      'fetch: deploy:update_code',
      'share: deploy:shared',
      'migrate: php bin/console doctrine:migrations:migrate',
      'switch: deploy:symlink',
      'reload: sudo systemctl reload php8.2-fpm',
      'unlock: deploy:unlock',
      'clean up: deploy:cleanup',
      'unlock: deploy:unlock [after a failure]',
    ])
  })

  test('what is commented out or disabled does not run', () => {
    const got = lines(`require 'recipe/common.php';
// after('deploy:symlink', 'artisan:queue:restart');
task('deploy:shared')->disable();`)
    expect(kinds(got)).not.toContain('artisan:queue:restart')
    expect(kinds(got)).not.toContain('deploy:shared')
  })

  test('a list of tasks in a variable is read', () => {
    const got = lines(`require 'recipe/common.php';
$steps = ['deploy:release', 'deploy:update_code', 'deploy:symlink'];
task('deploy', $steps);`)
    expect(kinds(got)).toEqual(['deploy:update_code', 'deploy:symlink'])
  })

  test('files that it requires are part of it, settings fill placeholders in', () => {
    const got = lines(
      "require 'recipe/common.php';\nrequire __DIR__ . '/deploy/tasks.php';\nset('service', 'php8.2-fpm');",
      '^7.0',
      {
        'deploy/tasks.php': `${head}task('fpm', function () { run('sudo systemctl reload {{service}}'); });\nafter('deploy:symlink', 'fpm');`,
      },
    )
    expect(got).toContain('reload: sudo systemctl reload {{service}}')
  })

  test('shared paths and kept releases come from the project, then from the recipe', () => {
    const [release] = releasesIn({
      'deploy.php': `${head}require 'recipe/laravel.php';\nadd('shared_dirs', ['public/uploads']);\nset('keep_releases', 3);`,
      'composer.json': composer('^7.0'),
    })
    expect(release!.layout.shared!.map((one) => one.path)).toEqual(['storage', 'public/uploads', '.env'])
    expect(release!.layout.keeps!.count).toBe(3)
  })

  test('a page that is no Deployer project is none', () => {
    expect(releasesIn({ 'deploy.php': '<?php\necho "hello";\n' })).toEqual([])
  })
})

test('deploy.yaml says the same in other words', () => {
  const [release] = releasesIn({
    'deploy.yaml': `import:
  - recipe/laravel.php
config:
  keep_releases: 2
tasks:
  build:
    - cd: '{{release_path}}'
    - run: 'npm run build'
after:
  deploy:vendors: build
  deploy:symlink: artisan:queue:restart
`,
  })
  const got = shown(release)
  expect(got).toContain('build: npm run build')
  expect(got.indexOf('restart workers: artisan:queue:restart')).toBeGreaterThan(got.indexOf('switch: deploy:symlink'))
  expect(release!.layout.keeps!.count).toBe(2)
})

test('a pipeline that calls dep is one release with it', () => {
  const all = releasesIn({
    'deploy.php': `${head}require 'recipe/common.php';`,
    'composer.json': composer('^7.0'),
    '.gitlab-ci.yml':
      'deploy:\n  script:\n    - composer install\n    - vendor/bin/dep deploy production\n    - curl -fsS https://www.example.org/health\n',
  })
  expect(all).toHaveLength(1)
  expect(shown(all[0]).at(0)).toMatch(/^install: composer install/)
  expect(shown(all[0]).at(-1)).toMatch(/^smoke test/)
})
