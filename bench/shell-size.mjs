// node bench/shell-size.mjs PATH… [--svg FILE]: processor time and memory against lines, for large shell scripts and for prefixes of the largest.
// Each script is linted alone, by the rules that ask for shell, in a process of its own; what was read in part is said. PATH: scripts, or
// directories of them. The target: under 1 s and 300 MB each, and linear in length.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'

const root = path.resolve(import.meta.dirname, '..')
const args = process.argv.slice(2)
const svgAt = args.indexOf('--svg')
const svg = svgAt === -1 ? undefined : args.splice(svgAt, 2)[1]
if (args.length === 0) {
  console.error('usage: shell-size.mjs PATH… [--svg FILE]')
  process.exit(2)
}

const isShell = (file) =>
  /\.(sh|bash)$/.test(file) || /^#!\s*\S*\/(env\s+)?(ba|da)?sh\b/.test(readFileSync(file, 'latin1').slice(0, 100))

function* scripts(at) {
  if (!statSync(at, { throwIfNoEntry: false })) return
  if (statSync(at).isFile()) yield at
  else
    for (const entry of readdirSync(at, { withFileTypes: true, recursive: true })) {
      const file = path.join(entry.parentPath ?? entry.path, entry.name)
      if (entry.isFile() && statSync(file).size < 2e6 && isShell(file)) yield file
    }
}

const bundle = path.join(root, 'node_modules/.cache', `shell-size-${process.pid}.mjs`)
mkdirSync(path.dirname(bundle), { recursive: true })
await build({
  stdin: {
    contents: `import { readFileSync } from 'node:fs'
import { lint } from './src/lint.ts'
import { rules } from './rules/index.ts'
const own = Object.fromEntries(Object.entries(rules).filter(([, rule]) => rule.on === 'script'))
const text = readFileSync(process.argv[2], 'utf8').split('\\n').slice(0, Number(process.argv[3] ?? 1e9)).join('\\n')
const begun = process.cpuUsage()
const { diagnostics, coverage } = lint({ files: [{ file: 'script.sh', text }] }, own)
const spent = process.cpuUsage(begun)
const took = (spent.user + spent.system) / 1000
const unread = coverage.part.flatMap((one) => one.unread.map((part) => part.says))
console.log(JSON.stringify({ took, memory: process.resourceUsage().maxRSS / 1024, lines: text.split('\\n').length, found: diagnostics.length, unread }))`,
    resolveDir: root,
    loader: 'ts',
  },
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile: bundle,
  logLevel: 'error',
  banner: {
    js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
  },
})

function measure(file, lines) {
  let best
  // The better of two: the machine may be busy with other things.
  for (let round = 0; round < 2; round++) {
    const { stdout, status } = spawnSync(process.execPath, [bundle, file, ...(lines ? [String(lines)] : [])], {
      encoding: 'utf8',
      timeout: 60_000,
    })
    if (status !== 0) return { took: Infinity, memory: NaN, lines: lines ?? 0, found: 0, unread: ['it did not end'] }
    const one = JSON.parse(stdout)
    if (!best || one.took < best.took) best = one
  }
  return best
}

const files = [...new Set(args.flatMap((at) => [...scripts(path.resolve(at))]))]
  .map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length }))
  .sort((a, b) => b.lines - a.lines)
  .slice(0, 40)
const row = (name, { took, memory, lines, found, unread }) => {
  const says = unread.length > 0 ? `  ${unread.length} parts not read or bounds reached: ${unread[0]}` : ''
  console.log(
    `${String(lines).padStart(6)} lines ${took.toFixed(0).padStart(6)} ms ${memory.toFixed(0).padStart(5)} MB ${String(found).padStart(3)} findings  ${name}${says}`,
  )
  return { name, took, memory, lines }
}
const whole = files.map(({ file }) => row(path.basename(file), measure(file)))
const largest = files[0]
const parts = []
if (largest) {
  console.log(`\nthe first lines of ${path.basename(largest.file)}:`)
  for (const share of [1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 1])
    parts.push(row('', measure(largest.file, Math.round(share * largest.lines))))
}
rmSync(bundle, { force: true })
const slow = whole.filter((one) => !(one.took < 1000 && one.memory < 300))
console.log(
  `\n${whole.length - slow.length} of ${whole.length} under 1 s and 300 MB${slow.length > 0 ? `; not: ${slow.map((one) => one.name).join(', ')}` : ''}`,
)
if (svg) writeFileSync(svg, plot(whole, parts))
process.exitCode = slow.length === 0 ? 0 : 1

/** Points of time against lines, both axes logarithmic; a straight line at 45° is linear. */
function plot(points, line) {
  const x = (lines) => 60 + (Math.log10(Math.max(lines, 10)) - 1) * 160
  const y = (took) => 360 - Math.log10(Math.max(Math.min(took, 1e5), 1)) * 80
  const text = (at, up, says, anchor = 'middle') =>
    `<text x="${at}" y="${up}" text-anchor="${anchor}" font-size="11" font-family="sans-serif">${says}</text>`
  const ticks = [10, 100, 1000, 10000].map((n) => `${text(x(n), 378, n)}<path d="M${x(n)} 360V40" stroke="#ddd"/>`)
  const marks = [1, 10, 100, 1000, 10000].map(
    (n) => `${text(52, y(n) + 4, `${n} ms`, 'end')}<path d="M60 ${y(n)}H620" stroke="#ddd"/>`,
  )
  const dots = points.map(
    (one) =>
      `<circle cx="${x(one.lines).toFixed(1)}" cy="${y(one.took).toFixed(1)}" r="3.5" fill="#06c"><title>${one.name}: ${one.lines} lines, ${one.took.toFixed(0)} ms</title></circle>`,
  )
  const path = line.map((one, i) => `${i ? 'L' : 'M'}${x(one.lines).toFixed(1)} ${y(one.took).toFixed(1)}`).join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 660 400">
<rect width="660" height="400" fill="#fff"/>
${[...ticks, ...marks].join('\n')}
${text(340, 396, 'lines of the script')}
${text(340, 24, 'Time to lint one shell script: each dot a public script, the line prefixes of the largest')}
${dots.join('\n')}
<path d="${path}" fill="none" stroke="#c30" stroke-width="1.5"/>
</svg>
`
}
