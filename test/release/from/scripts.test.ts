import { describe, expect, test } from 'vitest'
import { releasesIn, shown } from '../plan.ts'

const deploy = (...lines: readonly string[]): string => ['#!/bin/bash', 'set -e', ...lines, ''].join('\n')
const pull = 'git -C /srv/app/current pull'
const json = (value: unknown): string => JSON.stringify(value, undefined, 2)

function planOf(files: Readonly<Record<string, string>>): readonly string[] {
  return shown(releasesIn(files)[0])
}

describe('npm', () => {
  test('a script stands where it is called, with those before and after it', () => {
    const plan = planOf({
      'deploy.sh': deploy('cd /srv/app/current', 'git pull', 'npm run build', 'sudo systemctl restart app'),
      'package.json': json({
        scripts: {
          prebuild: 'rimraf dist',
          build: 'cross-env NODE_ENV=production webpack',
          postbuild: 'husky install',
        },
      }),
    })
    expect(plan).toEqual([
      'switch: git pull',
      'clean up: rimraf dist',
      'build: cross-env NODE_ENV=production webpack',
      'reload: sudo systemctl restart app',
    ])
  })

  test('the call is on the trail, and the directory is the caller’s', () => {
    const [release] = releasesIn({
      'deploy.sh': deploy('cd /srv/app/current', 'git pull', 'npm --prefix client run build', 'npm run migrate'),
      'package.json': json({ scripts: { migrate: 'knex migrate:latest', build: 'tsc' } }),
      'client/package.json': json({ scripts: { build: 'cd admin && vite build' } }),
    })
    const step = release?.all('build')[0]
    expect(step?.text).toBe('vite build')
    expect(step?.via.map((label) => label.says)).toEqual([
      '`npm --prefix client run build` runs npm run build in client',
      'npm run build',
    ])
    expect(step?.detail.cwd).toBe('client/admin')
    expect(release?.all('migrate')[0]?.detail.cwd).toBe('/srv/app/current')
  })

  test('a program of the project that nobody knows does what the script’s name says', () => {
    const plan = planOf({
      'deploy.sh': deploy(pull, 'cd /srv/app/current', 'yarn build'),
      'package.json': json({ scripts: { build: 'node scripts/build.js' } }),
    })
    expect(plan.at(-1)).toBe('build: node scripts/build.js')
  })

  test('an install runs postinstall, unless it is told not to', () => {
    const scripts = { scripts: { postinstall: 'prisma generate && prisma migrate deploy' } }
    const files = { 'package.json': json(scripts) }
    expect(planOf({ ...files, 'deploy.sh': deploy(pull, 'cd /srv/app/current', 'npm ci') }).slice(1)).toEqual([
      'install: npm ci',
      'build: prisma generate',
      'migrate: prisma migrate deploy',
    ])
    expect(
      planOf({ ...files, 'deploy.sh': deploy(pull, 'cd /srv/app/current', 'npm ci --ignore-scripts') }),
    ).toHaveLength(2)
  })

  test('scripts call scripts, by pattern too, and a circle ends', () => {
    const plan = planOf({
      'deploy.sh': deploy(pull, 'cd /srv/app/current', 'pnpm run all'),
      'package.json': json({
        scripts: {
          all: 'run-s build:* again',
          'build:css': 'sass a b',
          'build:js': 'vite build',
          again: 'npm run all',
        },
      }),
    })
    expect(plan.slice(1)).toEqual(['build: sass a b', 'build: vite build', 'opaque: npm run all'])
  })

  test('a script that deploys is a release by itself', () => {
    const [release] = releasesIn({
      'package.json': json({
        scripts: { build: 'vite build', deploy: 'npm run build && rsync -a dist/ web@www.example.org:/var/www/html/' },
      }),
    })
    expect(release?.name).toBe('npm run deploy')
    expect(shown(release)).toEqual(['build: vite build', 'switch: rsync -a dist/ web@www.example.org:/var/www/html/'])
  })
})

describe('composer', () => {
  const scripts = {
    'auto-scripts': {
      'cache:clear': 'symfony-cmd',
      'assets:install %PUBLIC_DIR%': 'symfony-cmd',
      'bin/stamp.sh': 'script',
    },
    'post-install-cmd': ['@auto-scripts', 'App\\Build\\Handler::write'],
    'post-autoload-dump': [
      'Illuminate\\Foundation\\ComposerScripts::postAutoloadDump',
      '@php artisan package:discover --ansi',
    ],
    deploy: ['@composer install --no-dev', '@migrate'],
    migrate: '@php bin/console doctrine:migrations:migrate -n',
  }

  test('an install runs its events in their order', () => {
    const plan = planOf({
      'deploy.sh': deploy(pull, 'cd /srv/app/current', 'composer install --no-dev'),
      'composer.json': json({ scripts }),
    })
    expect(plan.slice(1)).toEqual([
      'install: composer install --no-dev',
      'warm cache: php artisan package:discover --ansi',
      'clear cache: php bin/console cache:clear',
      'build: php bin/console assets:install %PUBLIC_DIR%',
      'opaque: bin/stamp.sh',
      'opaque: App\\Build\\Handler::write',
    ])
  })

  test('without scripts it runs none', () => {
    const plan = planOf({
      'deploy.sh': deploy(pull, 'cd /srv/app/current', 'composer install --no-dev --no-scripts'),
      'composer.json': json({ scripts }),
    })
    expect(plan.slice(1)).toEqual(['install: composer install --no-dev --no-scripts'])
  })

  test('a script by name, and what it calls', () => {
    const plan = planOf({
      'deploy.sh': deploy(pull, 'cd /srv/app/current', 'composer run-script deploy'),
      'composer.json': json({ scripts: { deploy: scripts.deploy, migrate: scripts.migrate } }),
    })
    expect(plan.slice(1)).toEqual([
      'install: composer install --no-dev',
      'migrate: php bin/console doctrine:migrations:migrate -n',
    ])
  })

  test('Deployer’s deploy:vendors is an install like any other', () => {
    const plan = planOf({
      'deploy.php':
        "<?php\nnamespace Deployer;\nrequire 'recipe/symfony.php';\nhost('www.example.org')->set('deploy_path', '/srv/app');\n",
      'composer.json': json({
        scripts: { 'auto-scripts': { 'cache:clear': 'symfony-cmd' }, 'post-install-cmd': ['@auto-scripts'] },
      }),
    })
    const install = plan.findIndex((line) => line.startsWith('install'))
    expect(plan[install + 1]).toBe('clear cache: php bin/console cache:clear')
  })
})
