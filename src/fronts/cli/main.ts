import { readFileSync } from 'node:fs'
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
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit()
      throw error
    })
  process.exitCode = run(process.argv.slice(2), {
    cwd: process.cwd(),
    rules,
    env: process.env,
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
    stdin: () => readFileSync(0, 'utf8'),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  })
}
