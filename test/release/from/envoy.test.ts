import { describe, expect, test } from 'vitest'
import { setupTexts } from '../../../src/facts/hosts/services.ts'
import { releasesIn, shown } from '../plan.ts'

const file = `@servers(['web' => ['deploy@web1.example', 'deploy@web2.example'], 'jobs' => 'deploy@jobs.example', 'local' => '127.0.0.1'])

@setup
    $root = '/srv/app';
    $releases = $root . '/releases';
    $release = $releases . '/' . date('YmdHis');
@endsetup

@story('deploy', ['on' => 'web'])
    fetch
    install
    {{-- tables first --}}
    migrate
    switch
    workers
    nobody
@endstory

@task('fetch', ['on' => 'web'])
    git clone --depth 1 git@git.example:app.git {{ $release }}
@endtask

@task('install', ['on' => ['web']])
    cd {{ $release }}
    composer install --no-dev
@endtask

@task('migrate', ['on' => 'web'])
    cd {{ $release }}
    @if ($migrate)
        {{ $php }} artisan migrate --force
    @endif
@endtask

@task('switch', ['on' => 'web', 'parallel' => true])
    ln -sfn {{ $release }} {{ $root }}/current
@endtask

@task('workers', ['on' => 'jobs'])
    sudo supervisorctl restart queue:*
@endtask

@task('logs', ['on' => 'web'])
    tail -n 50 {{ $root }}/shared/log/app.log
@endtask
`

describe('an Envoy file', () => {
  const releases = releasesIn({ 'Envoy.blade.php': file })

  test('a story is a release, and its tasks stand in their places', () => {
    expect(releases.map((one) => one.name)).toEqual(['envoy run deploy'])
    expect(shown(releases[0])).toEqual([
      'fetch: git clone --depth 1 git@git.example:app.git {{ $release }}',
      'install: composer install --no-dev',
      'migrate: {{ $php }} artisan migrate --force',
      'switch: ln -sfn {{ $release }} /srv/app/current',
      'restart workers: sudo supervisorctl restart queue:*',
      'opaque: nobody',
    ])
  })

  test('hosts are those of @servers, and the story is on the trail', () => {
    const [release] = releases
    expect(release?.switches[0]?.actsOn).toBe('deploy@web1.example, deploy@web2.example')
    expect(release?.all('restart workers')[0]?.actsOn).toBe('deploy@jobs.example')
    expect(release?.switches[0]?.via.map((label) => label.says)).toContain('`switch` runs envoy run switch')
    expect(release?.layout.live).toBe('/srv/app/current')
  })

  test('whoever runs the story has its steps', () => {
    const [release, ...more] = releasesIn({
      'Envoy.blade.php': file,
      '.gitlab-ci.yml': 'deploy:\n  stage: deploy\n  script:\n    - vendor/bin/envoy run deploy --branch=main\n',
    })
    expect(more).toEqual([])
    expect(release?.tool).toBe('gitlab')
    expect(release?.switches).toHaveLength(1)
  })

  test('what is broken or cut short is read as far as it goes', () => {
    for (let at = 0; at < file.length; at += 23)
      expect(() => releasesIn({ 'Envoy.blade.php': file.slice(0, at) })).not.toThrow()
  })
})

test('@setup: strings, and strings put together of those', () => {
  const texts = setupTexts(
    "$a = '/srv'; $b = $a . '/x'; $c = \"$b/y\"; $d = \"{$b}/z\"; $e = date('Y'); $f = $a . $e; $g = 1;\n$h = 'x'; $h = 'y';",
  )
  expect(Object.fromEntries(texts)).toEqual({ a: '/srv', b: '/srv/x', c: '/srv/x/y', d: '/srv/x/z' })
})
