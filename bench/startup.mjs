// node bench/startup.mjs [rounds]: how long a start takes against `node -e 0`, as medians of pairs that run right after each other.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const bin = path.resolve(import.meta.dirname, '../bin/shiplint.cjs')
const rounds = Number(process.argv[2] ?? 31)
const cwd = mkdtempSync(path.join(os.tmpdir(), 'shiplint-bench-'))
writeFileSync(path.join(cwd, 'deploy.sh'), script())
// A certificate file, where one is set, costs every start of Node some 28 ms, and would make us look better than we are.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env

function once(args) {
  const start = process.hrtime.bigint()
  const done = spawnSync(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  if (done.status !== 0) throw new Error(`${args.join(' ')} exits ${done.status}`)
  return Number(process.hrtime.bigint() - start) / 1e6
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]

function against(name, args, most) {
  const ratios = []
  const times = []
  for (let round = 0; round < rounds; round++) {
    const bare = once(['-e', '0'])
    const own = once(args)
    times.push(own)
    ratios.push(own / bare)
  }
  const ratio = median(ratios)
  console.log(
    `${name.padEnd(28)} ${median(times).toFixed(0).padStart(4)} ms  ${ratio.toFixed(2)} × node -e 0  (at most ${most})${ratio > most ? '  TOO SLOW' : ''}`,
  )
  return ratio <= most
}

/** Fifty lines as deploy scripts have them. */
function script() {
  const lines = [
    '#!/bin/bash',
    'set -euo pipefail',
    'VERSION=${1:?usage: deploy.sh VERSION}',
    'RELEASE="/srv/site/releases/$VERSION"',
  ]
  for (let i = 0; lines.length < 48; i++)
    lines.push(
      `if [ -f "$RELEASE/step${i}.sh" ]; then`,
      `  bash "$RELEASE/step${i}.sh" --env production | tee -a "/var/log/deploy-${i}.log"`,
      'fi',
      `rsync -a "build/part${i}/" "$RELEASE/part${i}/" || exit 1`,
    )
  return [...lines, 'ln -sfn "$RELEASE" /srv/site/current', 'echo done', ''].join('\n')
}

const fine = [
  against('--version', [bin, '--version'], 1.3),
  against('a script of 50 lines', [bin, '--fail-on', 'never', 'deploy.sh'], 2),
]
rmSync(cwd, { recursive: true })
process.exitCode = fine.every(Boolean) ? 0 : 1
