import { expect, test } from 'vitest'
import { filesOf } from '../../../src/discover/files.ts'
import { signalPoolOf } from '../../../src/facts/stack/symfony-cache.ts'

function poolIn(files: Readonly<Record<string, string>>): readonly [string, boolean] | undefined {
  const pool = signalPoolOf(filesOf(Object.entries(files).map(([file, text]) => ({ file, text }))))
  return pool && [pool.lives, pool.seeded]
}

const cache = (...lines: readonly string[]): Record<string, string> => ({
  'config/packages/cache.yaml': ['framework:', '  cache:', ...lines.map((line) => `    ${line}`), ''].join('\n'),
})

test.each([
  [['app: cache.adapter.filesystem'], ['own', false]],
  [
    ['app: cache.adapter.apcu', 'prefix_seed: shop'],
    ['own', true],
  ],
  [['app: cache.adapter.redis'], ['shared', false]],
  [
    ['app: cache.adapter.redis_tag_aware', 'prefix_seed: shop'],
    ['shared', true],
  ],
  [['directory: /srv/shop/shared/pools'], ['shared', false]],
  [["directory: '%kernel.cache_dir%/pools'"], ['own', false]],
  [
    ['app: my.pool', 'pools:', '  my.pool:', '    adapter: cache.adapter.memcached'],
    ['shared', false],
  ],
  [
    [
      'app: cache.adapter.redis',
      'pools:',
      '  cache.messenger.restart_workers_signal:',
      '    adapter: cache.adapter.filesystem',
    ],
    ['own', false],
  ],
  [['app: App\\Cache\\Pool'], ['unknown', false]],
])('%j', (lines, pool) => {
  expect(poolIn(cache(...lines))).toEqual(pool)
})

test('without a line about it the defaults count, and without configuration nothing is known', () => {
  expect(poolIn({ 'config/packages/framework.yaml': 'framework:\n  secret: x\n' })).toEqual(['own', false])
  expect(poolIn({ 'deploy.php': '<?php' })).toBeUndefined()
  expect(poolIn({ ...cache('app: cache.adapter.filesystem'), 'config/packages/cache.php': '<?php' })).toBeUndefined()
})

test('production has its own lines', () => {
  const text =
    'framework:\n  cache: ~\nwhen@prod:\n  framework:\n    cache:\n      app: cache.adapter.redis\n      prefix_seed: shop\n'
  expect(poolIn({ 'config/packages/cache.yaml': text })).toEqual(['shared', true])
})
