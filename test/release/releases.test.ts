import { describe, expect, test } from 'vitest'
import { filesOf } from '../../src/discover/files.ts'
import { stackOf } from '../../src/facts/stack/stack.ts'
import { releasesOf } from '../../src/release/releases.ts'
import type { Release, Step } from '../../src/release/model.ts'
import { scriptOf } from './hand.ts'

function released(text: string, file = 'deploy.sh', more: Readonly<Record<string, string>> = {}): readonly Release[] {
  const others = Object.entries(more)
  const files = filesOf([{ file, text }, ...others.map(([name, content]) => ({ file: name, text: content }))])
  const scripts = [
    scriptOf(file, text),
    ...others.filter(([name]) => name.endsWith('.sh')).map(([name, t]) => scriptOf(name, t)),
  ]
  return releasesOf({ files, scripts, stack: stackOf(files), settings: {}, read: () => {}, unread: () => {} })
}

const kinds = (release: Release | undefined): readonly string[] => (release?.steps ?? []).map((step) => step.kind)
const step = (release: Release | undefined, kind: string): Step => release!.steps.find((one) => one.kind === kind)!

describe('the moment new code goes live', () => {
  test('is the link that is switched', () => {
    const [release] = released(
      [
        'git clone https://example.org/app.git /srv/app/releases/42',
        'cd /srv/app/releases/42',
        'composer install --no-dev',
        'ln -sfn /srv/app/releases/42 /srv/app/current',
        'sudo systemctl reload php8.2-fpm',
        'echo done',
      ].join('\n'),
    )
    expect(kinds(release)).toEqual(['fetch', 'install', 'switch', 'reload'])
    expect(release!.switches[0]!.detail).toMatchObject({ how: 'symlink', link: '/srv/app/current' })
    expect(release!.touchesLive(step(release, 'install'))).toBe('no')
    expect(release!.lacksAfter(release!.switches[0]!, 'reload').answer).toBe('no')
    expect(release!.lacksAfter(release!.switches[0]!, 'restart workers').answer).toBe('yes')
  })

  test('is the pull when the working copy serves', () => {
    const [release] = released('cd /var/www/app\ngit pull\ncomposer install\nphp artisan migrate --force')
    expect(kinds(release)).toEqual(['switch', 'install', 'migrate'])
    expect(release!.touchesLive(step(release, 'install'))).toBe('yes')
    expect(release!.serves(step(release, 'install'))).toBe('yes')
  })

  test('is a clone into a directory that was emptied for it', () => {
    const [release] = released('rm -rf /var/www/app\ngit clone https://example.org/app.git /var/www/app')
    expect(kinds(release)).toEqual(['clean up', 'switch'])
  })

  test('is nothing in a script that installs', () => {
    expect(
      released('apt-get install -y nginx\ngit clone https://example.org/app.git /var/www/app', 'install.sh'),
    ).toEqual([])
  })

  test('is not an upload of settings', () => {
    expect(released('scp docker-compose.yml web@host:/srv/app/docker-compose.yml')).toEqual([])
  })
})

test('a site in maintenance does not serve', () => {
  const [release] = released(
    'cd /var/www/app\nphp artisan down\ngit pull\ncomposer install\nphp artisan up\nphp artisan optimize',
  )
  expect(release!.serves(step(release, 'install'))).toBe('no')
  expect(release!.serves(step(release, 'warm cache'))).toBe('yes')
})

test('a script that another runs is read there, on the other’s host', () => {
  const all = released('@web1 ./bin/release.sh\n@web1 sudo systemctl reload php-fpm', 'deploy.sh', {
    'bin/release.sh': 'ln -sfn /srv/app/releases/7 /srv/app/current\n./bin/release.sh',
  })
  expect(all).toHaveLength(1)
  expect(kinds(all[0])).toEqual(['switch', 'opaque', 'reload'])
  expect(all[0]!.switches[0]!.actsOn).toBe('web1')
  expect(all[0]!.switches[0]!.via).toHaveLength(1)
})
