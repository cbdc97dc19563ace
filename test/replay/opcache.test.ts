import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { opcacheOf, staleness } from '../../src/facts/ini/opcache.ts'
import { lint } from '../../src/lint.ts'
import type { Diagnostic } from '../../src/rule/diagnostic.ts'
import { rows } from './opcache-rows.ts'
import { ask, parts, serve, stage, type Seen, type Stage } from './opcache-servers.ts'

// `npm run replay` sets the seconds and asks for the whole table; `npm test` runs the quick rows with ttls of seconds.
const whole = process.env['SHIPLINT_REPLAY']
const seconds = whole ? Number(whole) : 9
const shorter = whole ? {} : { realpath_cache_ttl: '3', 'opcache.revalidate_freq': '1' }

const found = (...names: readonly string[]): string | undefined =>
  names.find((name) => spawnSync(name, ['-v']).status === 0)
const nginx = found('/usr/sbin/nginx', 'nginx')
const fpm = found('/usr/sbin/php-fpm8.2', '/usr/sbin/php-fpm8.3', '/usr/sbin/php-fpm8.4', 'php-fpm')
const there = nginx && fpm && process.getuid?.() === 0 && spawnSync('curl', ['--version']).status === 0

/** For each part of an answer the seconds after the switch at which an old one was last seen; Infinity: to the end. */
type Observed = Record<keyof Seen, number>

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

async function warm(one: Stage): Promise<void> {
  let good = 0
  for (let tries = 0; good < 12 && tries < 400; tries++) {
    if (await ask(one)) good++
    else await wait(25)
  }
  if (good < 12) throw new Error(`${one.row.name}: no answer`)
}

async function replay(one: Stage): Promise<Observed> {
  await new Promise<void>((done, fail) => {
    execFile(path.join(one.directory, 'deploy.sh'), { cwd: one.directory }, (error, _, err) =>
      error ? fail(new Error(`${one.row.name}: ${err}`)) : done(),
    )
  })
  const begun = Date.now()
  const last = Object.fromEntries(parts.map((part) => [part, 0])) as Observed
  const end = Object.fromEntries(parts.map((part) => [part, false])) as Record<keyof Seen, boolean>
  for (let now = 0; now < seconds;) {
    const newest = (part: keyof Seen): string => (part === 'realpath' ? (one.row.to ?? '2') : (one.row.newest ?? '2'))
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask(one)))
    now = (Date.now() - begun) / 1000
    for (const part of parts) {
      const old = answers.some((answer) => answer && answer[part] !== newest(part))
      // The first second belongs to the reload and to answers on their way.
      if (old && now > 1) last[part] = Math.max(1, Math.round(now))
      end[part] = old
    }
    await wait(whole ? 2000 : 300)
  }
  for (const part of parts) if (end[part]) last[part] = Infinity
  return last
}

interface Verdict {
  readonly diagnostic: Diagnostic | undefined
  readonly says: string
}

function verdictOf(one: Stage): Verdict {
  const id = one.row.rule ?? 'document-root-behind-symlink'
  const { diagnostics } = lint({ files: one.files }, { [id]: rules[id]! })
  const diagnostic = diagnostics.find((each) => each.rule === id)
  const about = one.row.rule ?? (/DOCUMENT_ROOT is/.test(diagnostic?.says ?? '') ? 'DOCUMENT_ROOT' : 'SCRIPT_FILENAME')
  return { diagnostic, says: diagnostic ? `${diagnostic.severity}: ${about}` : 'silent' }
}

/** Whether the rule said of a row what was seen on its server: silent, for ever, or for so many seconds. */
function agrees({ row }: Stage, observed: Observed, { diagnostic }: Verdict): boolean {
  const fresh = Math.max(observed.entry, observed.preloaded) === 0 && observed.documentRoot === 0
  if (!diagnostic) return fresh
  if (row.rule) return diagnostic.severity === 'error' && Math.max(observed.entry, observed.preloaded) === Infinity
  const said = Number(/for up to (\d+) seconds/.exec(diagnostic.says)?.[1] ?? Infinity)
  const fits = (seen: number): boolean => (said === Infinity ? seen === Infinity : seen > 0 && seen <= said * 1.4 + 5)
  if (/SCRIPT_FILENAME is/.test(diagnostic.says)) return fits(observed.entry)
  return observed.entry === 0 && fits(observed.documentRoot)
}

const shown = (value: number): string => (value === Infinity ? `>${seconds}` : String(value))

test.skipIf(!there)(
  `replays of the ${whole ? 'whole table' : 'quick rows'} agree with the rule`,
  { timeout: 600_000 },
  async () => {
    const base = mkdtempSync(path.join(os.tmpdir(), 'shiplint-replay-'))
    const main = path.join(base, 'nginx.conf')
    const chosen = rows.filter((row) => whole || row.quick)
    const stages = chosen.map((row, number) => {
      const directory = path.join(base, `row${number}`)
      mkdirSync(directory)
      return stage(row, directory, shorter, main)
    })
    const stop = serve(stages, base, main, { nginx: nginx!, fpm: fpm! })
    const lines: string[] = []
    const wrong: string[] = []
    try {
      await Promise.all(stages.map(warm))
      const seen = await Promise.all(stages.map(replay))
      stages.forEach((one, number) => {
        const observed = seen[number]!
        const verdict = verdictOf(one)
        const right = agrees(one, observed, verdict)
        lines.push(
          `| ${one.row.name} | ${parts.map((part) => shown(observed[part])).join(' | ')} | ${verdict.says} | ${right ? 'yes' : '**no**'} |`,
        )
        if (!right)
          wrong.push(
            `${one.row.name}: seen ${JSON.stringify(parts.map((part) => shown(observed[part])))}, said ${verdict.diagnostic?.says ?? 'nothing'}`,
          )
      })
    } finally {
      stop()
      await wait(500)
      rmSync(base, { recursive: true, force: true })
    }
    if (whole) writeFileSync(path.resolve(import.meta.dirname, '../../docs/replays.md'), report(lines))
    expect(wrong).toEqual([])
  },
)

function report(lines: readonly string[]): string {
  const version = (name: string, args: readonly string[]): string =>
    /[\d.]+\d/.exec(spawnSync(name, args).output.join(' '))?.[0] ?? '?'
  return `# Replays

\`npm run replay\` starts nginx ${version(nginx!, ['-v'])} and one PHP-FPM ${version(fpm!, ['-v'])} master for each row, warms two workers, runs the row's
deploy script (a switch of \`current\` by \`ln -s\` and \`mv -T\`) and asks for ${seconds} seconds. The figures are the seconds after the switch at which an answer of the
old release was last seen; 0: never. Then \`document-root-behind-symlink\` reads the very same nginx file, php.ini, FPM configuration and script.

"link" passes \`$document_root\`, "real" passes \`$realpath_root\`. *entry* is index.php itself; *DOCROOT* what it requires below \`$_SERVER['DOCUMENT_ROOT']\`; *abs* and *once* an absolute
path through \`current\` by \`require\` and \`require_once\`; *data* \`file_get_contents\` below DOCUMENT_ROOT; *realpath* PHP's own \`realpath()\` of the link; *preloaded* a class of \`opcache.preload\` (without one: as entry). In the last rows \`stale-opcode-cache\` is asked.

| row | entry | DOCROOT | abs | once | data | realpath | preloaded | the rule says | agrees |
|---|---|---|---|---|---|---|---|---|---|
${lines.join('\n')}
`
}

test('the function behind the rule gives the measured table', () => {
  const none = { all: [], pools: [], deciding: () => [] }
  const set = (ini: Record<string, string>): ReturnType<typeof opcacheOf> =>
    opcacheOf({
      ...none,
      deciding: (name) =>
        name in ini
          ? [{ name, value: ini[name]!, at: { file: 'php.ini', start: 0, end: 1 }, place: 'php.ini' as const }]
          : [],
    })
  const of = (row: (typeof rows)[number]): string => {
    const kind = (root: string): 'real' | 'link' => (root === '$realpath_root' ? 'real' : 'link')
    const { entry, documentRoot } = staleness(
      { script: kind(row.script), documentRoot: kind(row.documentRoot) },
      set({ ...row.ini }),
    )
    return `${entry} ${documentRoot}`
  }
  const table = Object.fromEntries(
    rows.filter((row) => !row.before && !row.after && !row.rule).map((row) => [row.name, of(row)]),
  )
  expect(table).toMatchObject({
    'link, defaults': 'Infinity 122',
    'link, validate_timestamps=0': 'Infinity Infinity',
    'link, realpath_cache_ttl=0': 'Infinity Infinity',
    'link, realpath_cache_size=0': 'Infinity 2',
    'link, opcache.enable=0': '120 120',
    'link, revalidate_path=1, realpath_cache_size=0': '0 0',
    'script real, root link, validate_timestamps=0': '0 Infinity',
    'real, defaults': '0 0',
  })
})
