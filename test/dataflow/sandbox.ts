import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  openSync,
  closeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { answers, home, topDirectories, workingDirectory, worldFiles } from './world.ts'

/** How one run differs: which inputs it has. */
export interface Run {
  readonly env: Readonly<Record<string, string>>
  readonly args: readonly string[]
  readonly stdin: string
  /** What each stub command does; left out, it answers. */
  readonly commands: Readonly<Record<string, 'answer' | 'silent' | 'fail' | 'blank' | 'once'>>
  /** Directories that are not there. */
  readonly missing: readonly string[]
  /** Files of the job that are not there, or hold something else. */
  readonly without: readonly string[]
  readonly contents: Readonly<Record<string, string>>
  /** Started as `bash deploy.sh`, so that `$0` has no slash. */
  readonly bare: boolean
  /** How many inputs are not as they should be. */
  readonly off: number
  /** For a person: which. */
  readonly says: string
}

/** One script and the runs it is to make. */
export interface Job {
  readonly id: number
  readonly shell: 'bash' | 'dash'
  readonly text: string
  /** Files beside it, by absolute path. */
  readonly files: Readonly<Record<string, string>>
  readonly runs: readonly Run[]
  readonly trace?: boolean
}

/** A destructive command as it was called, and what only the file system knew. */
export interface Call {
  readonly name: string
  readonly cwd: string
  readonly argv: readonly string[]
  /** Directories all of whose entries are among the arguments. */
  readonly covers: readonly string[]
  /** Indices of operands with a trailing slash that are symbolic links. */
  readonly links: readonly number[]
}

export interface Ran {
  readonly rc: number | null
  /** The time limit ended it. */
  readonly late: boolean
  readonly calls: readonly Call[]
  readonly says?: string
}

/** Commands whose arguments are recorded and that do nothing. */
const recorded = [
  'rm',
  'rsync',
  'find',
  'chown',
  'chmod',
  'chgrp',
  'mv',
  'cp',
  'tar',
  'shred',
  'setfacl',
  'unlink',
  'aws',
  'gsutil',
  'rclone',
]

const record = `n=\${0##*/}; printf '%s\\0' "$#" "$n" "$PWD" "$@" >> /log/calls\n`
const mode = [
  'm=answer; f=/log/modes/${0##*/}',
  '[ ! -f "$f" ] || read -r m < "$f"',
  'case $m in silent) exit 0;; fail) exit 1;; blank) echo; exit 0;; once) echo silent > "$f";; esac\n',
].join('; ')
const cleanEnv = `env -i PATH=/stub:/usr/bin:/bin LANG=C`

const missing = `for a; do case $a in /*) t=\${a#/}; t=\${t%%/*}; [ -z "$t" ] || [ -e "/$t" ] || exit 1;; esac; done\n`

const stubs: Readonly<Record<string, string>> = {
  // Looking is allowed, and stays in the little world; deleting is recorded.
  find: `case " $* " in *" -delete "*|*" -exec"*|*" -ok"*) ${record.trim()}; exit 0;; esac\nexec /real/find "$@" -xdev\n`,
  rsync: `${mode}${record}for a; do [ -n "$a" ] || exit 1; done; exit 0\n`,
  // What stands at no top of this world is not there to be moved.
  mv: `${record}${missing}exit 0\n`,
  cp: `${record}${missing}exit 0\n`,
  git: `${mode}case " $* " in *" clean "*) ${record.trim()};; *describe*|*abbrev*) echo v42;; *toplevel*) echo /srv/app;; *rev-parse*) echo abc123;; esac; exit 0\n`,
  // Names are the same in every run, so that what was meant can be compared.
  mktemp: `${mode}d=; for a; do case $a in -*d*) d=1;; esac; done; n=1; while [ -e "/tmp/made.$n" ]; do n=$((n + 1)); done; if [ -n "$d" ]; then mkdir "/tmp/made.$n"; else : > "/tmp/made.$n"; fi; echo "/tmp/made.$n"\n`,
  busybox: `n=$1; shift; exec "/stub/$n" "$@"\n`,
  parallel: `c=; while [ $# -gt 0 ]; do case $1 in -j*|-k|-0) shift; continue;; :::) shift; for a; do $c "$a"; done; exit;; {}) ;; *) c="$c $1";; esac; shift; done; while read -r a; do $c "$a"; done\n`,
  sudo: `e=; login=; h=/root
while [ $# -gt 0 ]; do case $1 in
-E|--preserve-env*) e=1;; -u|-g|-C|-p|-h) shift;; --user=*|-n|-H|-S|-k|-b|-A) ;; -i|-s) login=1;; --) shift; break;; -*) ;; *) break;; esac; shift; done
[ -z "$login" ] || { cd /root; exec ${cleanEnv} HOME=/root bash -c "$*"; }
[ -z "$e" ] || exec env "$@"
exec ${cleanEnv} HOME=/root USER=root SUDO_USER=app "$@"\n`,
  doas: `while [ $# -gt 0 ]; do case $1 in -u) shift;; -*) ;; *) break;; esac; shift; done; exec ${cleanEnv} HOME=/root "$@"\n`,
  ssh: `${mode}while [ $# -gt 0 ]; do case $1 in -[pilFJoLR]) shift;; -*) ;; *) break;; esac; shift; done
shift; cd ${home}; [ $# -gt 0 ] || exec ${cleanEnv} HOME=${home} USER=app bash
exec ${cleanEnv} HOME=${home} USER=app bash -c "$*"\n`,
  su: `c=; l=; while [ $# -gt 0 ]; do case $1 in -|-l|--login) l=1;; -c) c=$2; shift;; esac; shift; done
[ -z "$l" ] || { cd /root; exec ${cleanEnv} HOME=/root bash -c "$c"; }; exec bash -c "$c"\n`,
  sleep: `exit 0\n`,
}

/** Whether scripts can be run apart from this machine here. */
export const sandboxed: boolean = (() => {
  const links = ['--symlink', 'usr/lib', '/lib', '--symlink', 'usr/lib64', '/lib64']
  const args = ['--unshare-all', '--tmpfs', '/', '--ro-bind', '/usr', '/usr', ...links, '/usr/bin/true']
  try {
    execFileSync('bwrap', args, { stdio: 'ignore' })
    return existsSync('/usr/bin/dash') && existsSync('/usr/bin/bash')
  } catch {
    return false
  }
})()

let made: string | undefined

/** The directory of stubs, written once per process. */
function stubDirectory(): string {
  if (made) return made
  const dir = mkdtempSync(path.join(tmpdir(), 'shiplint-stubs-'))
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }))
  mkdirSync(path.join(dir, 'answers'))
  const write = (name: string, text: string): void => {
    writeFileSync(path.join(dir, name), `#!/usr/bin/dash\n${text}`)
    chmodSync(path.join(dir, name), 0o755)
  }
  for (const name of recorded) write(name, stubs[name] ?? `${record}exit 0\n`)
  for (const [name, text] of Object.entries(stubs)) if (!recorded.includes(name)) write(name, text)
  for (const [name, text] of Object.entries(answers)) {
    writeFileSync(path.join(dir, 'answers', name), text === '' ? '' : `${text}\n`)
    write(name, `${mode}while read -r l; do printf '%s\\n' "$l"; done < /stub/answers/\${0##*/}; exit 0\n`)
  }
  return (made = dir)
}

const driver = (): string => {
  const here = path.join(import.meta.dirname, 'driver.mjs')
  return existsSync(here) ? here : path.resolve('test/dataflow/driver.mjs')
}

/** Runs many scripts in one sandbox. `limit`: milliseconds for one run. */
export async function runAll(jobs: readonly Job[], limit = 800): Promise<ReadonlyMap<number, readonly Ran[]>> {
  const out = new Map<number, readonly Ran[]>()
  if (jobs.length === 0) return out
  const work = mkdtempSync(path.join(tmpdir(), 'shiplint-run-'))
  try {
    const given = { world: worldFiles, home, cwd: workingDirectory, limit, jobs }
    writeFileSync(path.join(work, 'in.json'), JSON.stringify(given))
    const stub = stubDirectory()
    const over = [...recorded, 'busybox', 'sudo', 'ssh', 'su', 'git'].filter((name) => existsSync(`/usr/bin/${name}`))
    const tops = topDirectories.filter(
      (name) => !['usr', 'bin', 'sbin', 'lib', 'lib32', 'lib64', 'proc', 'dev'].includes(name),
    )
    const links = ['bin', 'sbin', 'lib', 'lib64'].flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`])
    const args = [
      ...['--unshare-all', '--die-with-parent', '--clearenv', '--tmpfs', '/', '--ro-bind', '/usr', '/usr', ...links],
      ...['--proc', '/proc', '--dev', '/dev', '--dir', '/log'],
      ...tops.flatMap((name) => ['--dir', `/${name}`]),
      ...['--ro-bind', '/usr/bin/find', '/real/find', '--ro-bind', process.execPath, '/real/node'],
      ...over.flatMap((name) => ['--ro-bind', path.join(stub, name), `/usr/bin/${name}`]),
      ...[
        '--ro-bind',
        stub,
        '/stub',
        '--ro-bind',
        driver(),
        '/driver.mjs',
        '--ro-bind',
        path.join(work, 'in.json'),
        '/in.json',
      ],
      ...['--chdir', '/', '/real/node', '/driver.mjs'],
    ]
    const result = path.join(work, 'out.jsonl')
    const fd = openSync(result, 'w')
    const complaint = openSync(path.join(work, 'err'), 'w')
    const code = await new Promise<number | null>((resolve, reject) => {
      const child = spawn('bwrap', args, { stdio: ['ignore', fd, complaint] })
      const total = jobs.reduce((sum, job) => sum + job.runs.length, 0)
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000 + total * (limit + 100))
      child.on('error', reject)
      child.on('exit', (status) => (clearTimeout(timer), resolve(status)))
    })
    closeSync(fd)
    closeSync(complaint)
    for (const line of readFileSync(result, 'utf8').split('\n')) {
      if (line === '') continue
      const { id, results } = JSON.parse(line) as { id: number; results: readonly Ran[] }
      out.set(id, results)
    }
    if (code !== 0)
      throw new Error(`sandbox ended with ${code}: ${readFileSync(path.join(work, 'err'), 'utf8').slice(0, 2000)}`)
    return out
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
