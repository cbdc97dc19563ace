import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { parseNginx } from '../../src/parse/nginx.ts'
import { lineStarts, positionOf } from '../../src/source/source.ts'
import { configuration, mutated } from './nginx-configurations.ts'

const binary = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', 'nginx'].find(
  (name) => spawnSync(name, ['-v']).status === 0,
)

/** What nginx says of a file: nothing, or its first error and the line where it stands. */
interface Verdict {
  readonly says?: string
  readonly line?: number
}

// The errors that nginx's reader makes of the text alone; all others need its modules.
const syntax =
  /^(unexpected |directive "[^"]*" (is not terminated|has no opening)|too long parameter|Lua code block missing)/

async function judge(file: string, directory: string): Promise<Verdict> {
  const said = await new Promise<string>((done) => {
    execFile(binary!, ['-t', '-p', directory, '-c', file, '-e', 'stderr'], (_, out, err) => done(out + err))
  })
  const found = /\[emerg\] (?:\d+#\d+: )?(.*?)(?: in (\S+):(\d+))?$/m.exec(said)
  return found ? { says: found[1]!, ...(found[3] ? { line: Number(found[3]) } : {}) } : {}
}

/** Where the two disagree, as a sentence; undefined: they agree. */
function disagreement(text: string, verdict: Verdict): string | undefined {
  const first = parseNginx(text).errors[0]
  const line = first ? positionOf(lineStarts(text), first.start).line : undefined
  if (verdict.says === undefined) return first ? `nginx accepts, we say: ${first.says} (line ${line})` : undefined
  if (!syntax.test(verdict.says)) {
    // nginx stopped at something else: we must not have found a syntax error before that line.
    return first && verdict.line !== undefined && line! < verdict.line - lag(first.says)
      ? `nginx says ${verdict.says} (line ${verdict.line}), we say before it: ${first.says} (line ${line})`
      : undefined
  }
  return first?.says === verdict.says
    ? undefined
    : `nginx says ${verdict.says} (line ${verdict.line}), we say ${first?.says} (line ${line})`
}

// An error that nginx tells at the end of a directive, and we at its beginning.
const lag = (says: string): number => (/not terminated|expecting/.test(says) ? 1e9 : 0)

async function disagreements(texts: readonly (readonly [string, string])[]): Promise<readonly string[]> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'shiplint-nginx-'))
  const out: string[] = []
  const queue = [...texts.entries()]
  const work = async (): Promise<void> => {
    for (let next = queue.pop(); next; next = queue.pop()) {
      const [number, [name, text]] = next
      const file = path.join(directory, `${number}.conf`)
      writeFileSync(file, `${text}`)
      const wrong = disagreement(text, await judge(file, directory))
      if (wrong) out.push(`${name}: ${wrong}`)
    }
  }
  await Promise.all([work(), work(), work(), work()])
  rmSync(directory, { recursive: true, force: true })
  return out
}

test.skipIf(!binary)('nginx and we agree on 600 configurations, whole and mutated', { timeout: 120_000 }, async () => {
  const count = Number(process.env['SHIPLINT_RUNS'] ?? 600)
  const texts = Array.from({ length: count }, (_, seed): [string, string] => {
    const text = configuration(seed % 97)
    return [`seed ${seed}`, seed % 10 === 0 ? text : mutated(text, seed)]
  })
  expect(await disagreements(texts)).toEqual([])
})

test.skipIf(!binary)('nginx and we agree on the configurations of this machine', { timeout: 60_000 }, async () => {
  const etc = '/etc/nginx'
  let names: readonly string[] = []
  try {
    names = readdirSync(etc, { recursive: true, encoding: 'utf8' })
  } catch {
    return
  }
  const files = names.map((name) => path.join(etc, name)).filter((file) => /(\.conf|params|default|types)$/.test(file))
  const texts = files.flatMap((file): [string, string][] => {
    try {
      return [[file, readFileSync(file, 'utf8')]]
    } catch {
      return []
    }
  })
  const mutants = texts.flatMap(([name, text]): [string, string][] =>
    [1, 2, 3].map((seed) => [`${name} #${seed}`, mutated(text, seed)]),
  )
  expect(await disagreements([...texts, ...mutants])).toEqual([])
})
