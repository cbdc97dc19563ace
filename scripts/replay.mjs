// Replays the whole table on real servers and writes docs/replays.md: `npm run replay [-- SECONDS]`. Needs nginx, php-fpm, opcache, curl and root.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const seconds = process.argv[2] ?? '160'
mkdirSync(path.join(root, 'docs'), { recursive: true })
const { status } = spawnSync(
  process.execPath,
  [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'test/replay/opcache.test.ts'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, SHIPLINT_REPLAY: seconds },
  },
)
process.exit(status ?? 1)
