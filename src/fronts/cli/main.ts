import { fstatSync, readFileSync, writeSync } from 'node:fs'
import { rules } from '../../../rules/index.ts'
import { commands, readOptions, type Options } from './options.ts'
import { isFailure } from './failure.ts'
import type { Host } from './host.ts'
import { help } from './help.ts'
import { lintCommand } from './lint.ts'
import { explainCommand, rulesCommand } from './explain.ts'
import { planCommand } from './plan.ts'
import { version } from './version.ts'

export { rules }

/** Runs a command line and gives its exit code: 0 nothing at or above --fail-on, 1 findings, 2 the run itself failed, 3 read in part under --strict. */
export function run(args: readonly string[], host: Host): number {
  try {
    const options = readOptions(args, Object.keys(host.rules))
    if (options.version) host.out(version + '\n')
    else if (options.help || (args[0] === 'help' && args.length === 1)) host.out(help())
    else return runCommand(options, host)
    return 0
  } catch (error) {
    if (isFailure(error)) host.err(`shiplint: ${error.message}\n`)
    else host.err(`shiplint: a defect of Shiplint itself, please report it: ${(error as Error)?.stack ?? error}\n`)
    return 2
  }
}

function runCommand(options: Options, host: Host): number {
  switch (options.command) {
    case 'lint':
    case 'baseline':
      return lintCommand(options, host)
    case 'rules':
      return rulesCommand(options, host)
    case 'explain':
      return explainCommand(options, host)
    case 'plan':
      return planCommand(options, host)
    default:
      return notBuilt(`the command ${options.command}`, host)
  }
}

/** Says that something of the contract is not there yet. */
function notBuilt(what: string, host: Host): number {
  const built = commands.filter((name) => !['init', 'merge', 'lsp'].includes(name))
  host.err(`shiplint: ${what} is not built yet; built are ${built.join(', ')}\n`)
  return 2
}

/** Runs in this process: what `bin/shiplint.cjs` calls. */
export function start(): void {
  process.exitCode = run(process.argv.slice(2), {
    cwd: process.cwd(),
    rules,
    env: process.env,
    columns: columns(),
    stdin: () => readFileSync(0, 'utf8'),
    out: (text) => write(1, text),
    err: (text) => write(2, text),
  })
}

// Only a character device can be a terminal; asking Node's own stream costs milliseconds.
function columns(): number | undefined {
  try {
    return fstatSync(1).isCharacterDevice() && process.stdout.isTTY ? process.stdout.columns : undefined
  } catch {
    return undefined // closed
  }
}

// Written at once, since the process ends without waiting for streams. A reader that is slow is waited for; one that has gone ends the run in peace.
function write(descriptor: 1 | 2, text: string): void {
  const bytes = Buffer.from(text)
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(descriptor, bytes, done)
    } catch (error) {
      const { code } = error as { code?: string }
      if (code === 'EPIPE') process.exit()
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}
