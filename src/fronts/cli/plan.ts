import type { Host } from './host.ts'
import type { Options } from './options.ts'

/** `shiplint plan`: each release as read, step by step. */
export function planCommand(_options: Options, host: Host): number {
  host.err('shiplint: the command plan is not built yet\n')
  return 2
}
