// npm run ecosystem [-- --progress] [-- --json FILE] [-- DIRECTORY…]: lints every shell script, web server and PHP configuration on this machine, each shell
// script as a project of its own (servers' directories as one), and prints counts, coverage, crashes, timings and findings.
import { closeSync, fstatSync, openSync, readFileSync, readSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const { lint, rules, kindOf } = await import('../dist/index.js')
const args = process.argv.slice(2)
const option = (name) => {
  const at = args.indexOf(name)
  return at === -1 ? undefined : args.splice(at, 2)[1]
}
const json = option('--json')
const given = args.filter((one) => !one.startsWith('--'))
const roots = given.length > 0 ? given : ['/usr', '/etc', '/var/lib/dpkg/info', '/opt', '/lib', '/bin', '/sbin']
const mostBytes = 4 << 20
const read = new Set(['shell', 'nginx', 'apache', 'caddy', 'ini', 'pool'])

/** Every regular file below the roots that is of a kind to be read. */
function* candidates() {
  const seen = new Set()
  const open = [...roots]
  while (open.length > 0) {
    const directory = open.pop()
    let entries
    try {
      entries = readdirSync(directory, { withFileTypes: true })
    } catch {
      continue
    }
    for (const entry of entries) {
      const file = path.join(directory, entry.name)
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && !file.startsWith('/usr/share/doc-base')) open.push(file)
      } else if (entry.isFile()) {
        const kind = kindOf(file, headOf(file))
        if (read.has(kind) && !seen.has(file)) {
          seen.add(file)
          yield { file, kind }
        }
      }
    }
  }
}

function headOf(file) {
  let descriptor
  try {
    descriptor = openSync(file, 'r')
    const bytes = Buffer.alloc(4096)
    return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, 4096, 0))
  } catch {
    return ''
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

function textOf(file) {
  const descriptor = openSync(file, 'r')
  try {
    if (fstatSync(descriptor).size > mostBytes) return undefined
    const bytes = readFileSync(descriptor)
    return bytes.subarray(0, 8192).includes(0) ? undefined : bytes.toString('utf8')
  } finally {
    closeSync(descriptor)
  }
}

const files = [...candidates()].sort((a, b) => (a.file < b.file ? -1 : 1))
const projects = new Map()
for (const { file, kind } of files) {
  // A server's configuration is one thing; a script stands for itself.
  const key = kind === 'shell' ? file : `${kind} ${file.split('/').slice(0, 3).join('/')}`
  projects.set(key, [...(projects.get(key) ?? []), { file: file.slice(1), full: file, kind }])
}

const counts = { files: files.length, whole: 0, part: 0, skipped: 0, bytes: 0, lines: 0 }
const crashes = []
const times = []
const reasons = new Map()
const findings = []
const started = performance.now()
for (const [key, own] of projects) {
  const sources = own.flatMap(({ file, full }) => {
    const text = textOf(full)
    if (text === undefined) {
      counts.skipped++
      return []
    }
    counts.bytes += text.length
    counts.lines += text.split('\n').length
    return [{ file, text }]
  })
  if (sources.length === 0) continue
  const from = performance.now()
  if (args.includes('--progress')) console.error(key)
  try {
    const { diagnostics, coverage } = lint({ files: sources }, rules)
    counts.whole += coverage.whole.length
    counts.part += coverage.part.length
    counts.skipped += coverage.skipped.length
    for (const { unread } of coverage.part)
      for (const { says } of unread)
        reasons.set(says.replace(/[`“"].*/, '…'), (reasons.get(says.replace(/[`“"].*/, '…')) ?? 0) + 1)
    const texts = new Map(sources.map((source) => [source.file, source.text]))
    for (const one of diagnostics) {
      const text = texts.get(one.at.file) ?? ''
      const line = text.slice(0, one.at.start).split('\n').length
      findings.push({ ...one, line, code: text.split('\n')[line - 1]?.trim() ?? '' })
    }
  } catch (error) {
    crashes.push(`${key}: ${error.stack?.split('\n').slice(0, 3).join(' | ')}`)
  }
  times.push([performance.now() - from, key])
  // Said at once, so that a hang can be told from a long run.
  if (performance.now() - from > 2000) console.error(`${((performance.now() - from) / 1000).toFixed(1)} s: ${key}`)
}
const total = performance.now() - started

for (const one of findings)
  console.log(
    `/${one.at.file}:${one.line} ${one.severity}[${one.rule}] ${one.says.replace(/\s+/g, ' ')}\n    ${one.code.slice(0, 160)}`,
  )
const by = (pick) =>
  [...findings.reduce((map, one) => map.set(pick(one), (map.get(pick(one)) ?? 0) + 1), new Map())].sort(
    (a, b) => b[1] - a[1],
  )
const kinds = files.reduce((map, { kind }) => map.set(kind, (map.get(kind) ?? 0) + 1), new Map())
console.log(
  `\n${counts.files} files: ${[...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ')}; ${counts.lines} lines, ${(counts.bytes / 1e6).toFixed(1)} MB`,
)
const asked = counts.whole + counts.part + counts.skipped
console.log(
  `read whole ${counts.whole}, in part ${counts.part}, not read ${counts.skipped}, of no concern to any rule ${counts.files - asked}; crashes ${crashes.length}`,
)
for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 12))
  console.log(`  in part: ${count} × ${reason}`)
for (const crash of crashes) console.log(`  CRASH ${crash}`)
console.log(
  `${findings.length} findings: ${by((one) => one.severity)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')}`,
)
for (const [rule, count] of by((one) => one.rule)) console.log(`  ${String(count).padStart(5)} ${rule}`)
console.log(
  `${(total / 1000).toFixed(1)} s, ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB at most; slowest:`,
)
for (const [time, key] of times.sort((a, b) => b[0] - a[0]).slice(0, 8))
  console.log(`  ${time.toFixed(0).padStart(5)} ms ${key}`)
if (json)
  writeFileSync(
    json,
    JSON.stringify(
      findings.map(({ at, rule, severity, says, line, code }) => ({
        file: `/${at.file}`,
        line,
        rule,
        severity,
        says,
        code,
      })),
      undefined,
      1,
    ),
  )
process.exitCode = crashes.length === 0 ? 0 : 1
