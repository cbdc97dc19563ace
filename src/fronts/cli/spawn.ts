import type { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'

/** `spawnSync`, loaded when it is first needed: a run outside git never is. */
export function spawn(
  command: string,
  args: readonly string[],
  options: { cwd: string; maxBuffer: number; input?: Buffer | string; env?: NodeJS.ProcessEnv },
): { readonly status: number | null; readonly stdout: Buffer; readonly stderr: Buffer; readonly error?: Error } {
  const child = createRequire(import.meta.url)('node:child_process') as { spawnSync: typeof spawnSync }
  return child.spawnSync(command, args, options)
}
