import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** A MariaDB of our own on a socket in a temporary directory. */
export interface MariaDb {
  readonly socket: string
  /** Runs SQL and gives the last value it prints. */
  sql(text: string): string
  stop(): Promise<void>
}

const found = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0

/** What of Debian's packages is not there, or nothing. */
export function missing(): readonly string[] {
  const commands = ['mariadbd', 'mariadb-install-db', 'mariadb', 'php'].filter((command) => !found(command))
  if (commands.length > 0) return commands
  const modules = spawnSync('php', ['-m'], { encoding: 'utf8' }).stdout
  return ['pdo_mysql', 'mysqli'].filter((module) => !modules.includes(module))
}

/** Whether a PHP library of Debian's is there. */
export function hasLibrary(file: string): boolean {
  return spawnSync('test', ['-f', file]).status === 0
}

/** Starts a MariaDB; the caller stops it. */
export async function startMariaDb(): Promise<MariaDb> {
  // In memory where there is such a place: each row makes its table anew.
  const home = mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'shiplint-mariadb-'))
  const data = path.join(home, 'data')
  const socket = path.join(home, 's')
  const user = process.getuid?.() === 0 ? ['--user=root'] : []
  const quiet = { stdio: 'ignore' } as const
  const first = ['--no-defaults', `--datadir=${data}`, '--skip-test-db', '--auth-root-authentication-method=normal']
  execFileSync('mariadb-install-db', [...first, ...user], quiet)
  const options = [
    '--no-defaults',
    `--datadir=${data}`,
    `--socket=${socket}`,
    '--skip-networking',
    `--pid-file=${home}/pid`,
  ]
  const speed = ['--innodb-flush-log-at-trx-commit=0', '--innodb-buffer-pool-size=16M', '--skip-log-bin']
  const server = spawn('mariadbd', [...options, ...speed, ...user], quiet)
  const sql = (text: string): string => {
    const client = ['--no-defaults', `--socket=${socket}`, '-uroot', '-N', '-B', '-e', text]
    return execFileSync('mariadb', client, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
  }
  for (let tries = 0; ; tries++) {
    try {
      sql('CREATE DATABASE IF NOT EXISTS replay')
      break
    } catch (error) {
      if (tries > 200) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  const stop = async (): Promise<void> => {
    const gone = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGTERM')
    await gone
    rmSync(home, { recursive: true, force: true })
  }
  return { socket, sql, stop }
}
