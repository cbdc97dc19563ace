import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { rules } from '../../rules/index.ts'
import { run } from '../../src/fronts/cli/main.ts'
import type { ReportData } from '../../src/report/report.ts'

/** A directory with files in it. */
export function directory(files: Readonly<Record<string, string | Buffer>>): string {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'shiplint-test-')))
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    writeFileSync(path.join(root, file), text)
    if (typeof text === 'string' && text.startsWith('#!')) chmodSync(path.join(root, file), 0o755)
  }
  return root
}

/** The same as a git repository with one commit. */
export function repository(files: Readonly<Record<string, string | Buffer>>): string {
  const root = directory(files)
  git(root, 'init', '-q')
  git(root, 'add', '-A')
  git(root, 'commit', '-q', '-m', 'first')
  return root
}

/** Runs git there, as nobody in particular. */
export function git(cwd: string, ...args: readonly string[]): string {
  const who = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'core.hooksPath=/dev/null']
  const done = spawnSync('git', [...who, ...args], { cwd, encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`git ${args.join(' ')}: ${done.stderr}`)
  return done.stdout
}

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
  /** The report, when the format is JSON. */
  data(): ReportData
}

/** Runs the command line in this process. */
export function shiplint(
  cwd: string,
  args: readonly string[],
  given: { stdin?: string; env?: Record<string, string> } = {},
): Ran {
  let out = ''
  let err = ''
  const code = run(args, {
    cwd,
    rules,
    env: given.env ?? {},
    columns: undefined,
    stdin: () => given.stdin ?? '',
    out: (text) => void (out += text),
    err: (text) => void (err += text),
  })
  return { code, out, err, data: () => JSON.parse(out) as ReportData }
}

/** A script with one finding that has a safe fix, and its mended form. */
export const broken = '#!/bin/bash\nrm -rf "$TARGET/"\n'
export const mended = '#!/bin/bash\nrm -rf "${TARGET:?}/"\n'
