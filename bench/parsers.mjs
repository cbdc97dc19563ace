// node bench/parsers.mjs [directory…]: which parser reads real shell. Every script that `bash -n` accepts is given to unbash, which the product uses,
// and to bash-parser; and a few commands whose words are known are asked of both and of shell-quote.
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, readSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { parse as unbash } from 'unbash'

const require = createRequire(import.meta.url)
const bashParser = require('bash-parser')
const { parse: shellQuote } = require('shell-quote')
const most = 400
const roots =
  process.argv.length > 2
    ? process.argv.slice(2)
    : ['/usr/bin', '/usr/sbin', '/etc', '/usr/share', '/var/lib/dpkg/info']

function* scripts(directory) {
  let entries
  try {
    entries = readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return
  }
  for (const entry of entries) {
    const file = path.join(directory, entry.name)
    if (entry.isDirectory() && entry.name !== 'node_modules') yield* scripts(file)
    else if (entry.isFile() && head(file).match(/^#!\s*\S*\/(env\s+)?(ba|da)?sh\b/)) yield file
  }
}

function head(file) {
  let descriptor
  try {
    descriptor = openSync(file, 'r')
    const bytes = Buffer.alloc(128)
    return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, 128, 0))
  } catch {
    return ''
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

// Every n-th script, so that no directory counts for all.
const found = roots.flatMap((root) => [...scripts(root)])
const step = Math.max(1, Math.floor(found.length / most))
const texts = found
  .filter((_, i) => i % step === 0)
  .filter((file) => spawnSync('bash', ['-n', file]).status === 0)
  .map((file) => readFileSync(file, 'utf8'))
const bytes = texts.reduce((sum, text) => sum + text.length, 0)
console.log(`${texts.length} scripts that bash -n accepts, ${(bytes / 1e6).toFixed(2)} MB`)

const parsers = {
  unbash: (text) => (unbash(text).errors ?? []).length === 0,
  'bash-parser': (text) => Boolean(bashParser(text, { mode: 'bash' })),
}
for (const [name, accepts] of Object.entries(parsers)) {
  const started = performance.now()
  let accepted = 0
  for (const text of texts) {
    try {
      if (accepts(text)) accepted++
    } catch {
      // refused
    }
  }
  const seconds = (performance.now() - started) / 1000
  console.log(
    `${name.padEnd(12)} accepts ${((accepted / texts.length) * 100).toFixed(1)} %, ${(bytes / 1e6 / seconds).toFixed(2)} MB/s`,
  )
}

/** Commands and the words that bash makes of them. */
const commands = [
  ['rm -rf "$X/"', ['rm', '-rf', '"$X/"']],
  ['cat <<EOF\nrm -rf /\nEOF', ['cat']],
  ["ssh host 'rm -rf $X'", ['ssh', 'host', "'rm -rf $X'"]],
  ['tar cf - --exclude=<(echo a) .', ['tar', 'cf', '-', '--exclude=<(echo a)', '.']],
  ['cp a{1,2} "$(dirname "$0")"', ['cp', 'a{1,2}', '"$(dirname "$0")"']],
]
const words = {
  unbash: (text) =>
    [unbash(text).commands[0].command].flatMap((one) =>
      [one.name, ...one.suffix].map((word) => text.slice(word.pos, word.end)),
    ),
  'bash-parser': (text) =>
    [bashParser(text, { mode: 'bash' }).commands]
      .map(([one, ...more]) => [
        one.name.text,
        ...(one.suffix ?? []).map((word) => word.text),
        ...more.map(() => 'another command'),
      ])
      .flat(),
  'shell-quote': (text) =>
    shellQuote(text).map((word) => (typeof word === 'string' ? word : (word.op ?? word.pattern))),
}
const bare = (word) => word.replace(/^(["'])([\s\S]*)\1$/, '$2')
for (const [name, of] of Object.entries(words)) {
  const right = commands.filter(([text, expected]) => {
    try {
      return JSON.stringify(of(text).map(bare)) === JSON.stringify(expected.map(bare))
    } catch {
      return false
    }
  })
  console.log(`${name.padEnd(12)} words as bash has them: ${right.length} of ${commands.length}`)
}
