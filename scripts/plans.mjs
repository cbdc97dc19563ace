// Reads the releases of repositories laid out side by side and says how well: `node scripts/plans.mjs [--tool NAME] [--print] DIRECTORY…`
// A directory is a repository. Steps count as recognised when their kind is known, as named when they are opaque and say what they run.
// The questions are those that the rules ask after the last switch; an answer counts when it is yes or no.
import { build } from 'esbuild'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const words = process.argv.slice(2)
const tool = words.includes('--tool') ? words.splice(words.indexOf('--tool'), 2)[1].split(',') : undefined
const print = words.includes('--print') && words.splice(words.indexOf('--print'), 1).length > 0
const out = mkdtempSync(path.join(os.tmpdir(), 'plans-'))
await build({
  stdin: {
    contents: "export { factsOf } from './src/rule/facts.ts'; export { parsers } from './test/parsers.ts'",
    resolveDir: root,
  },
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile: path.join(out, 'plans.mjs'),
  logLevel: 'error',
  external: ['node:*'],
  define: { 'import.meta.url': JSON.stringify(`file://${root}/test/parsers.ts`) },
  banner: { js: `import{createRequire as c}from'node:module';const require=c('${root}/test/parsers.ts');` },
})
const { factsOf, parsers } = await import(path.join(out, 'plans.mjs'))
rmSync(out, { recursive: true })

function sourcesIn(directory) {
  const files = readdirSync(directory, { recursive: true }).filter((file) => {
    if (/(^|\/)(node_modules|\.git)\//.test(file)) return false
    const found = statSync(path.join(directory, file), { throwIfNoEntry: false })
    return found?.isFile() && found.size < 500_000
  })
  return files.map((file) => ({
    file,
    get text() {
      return readFileSync(path.join(directory, file), 'utf8')
    },
  }))
}

const asked = ['reload', 'restart workers', 'clear cache', 'smoke test', 'migrate', 'install']
const sum = { repositories: 0, crashed: 0, releases: 0, steps: 0, opaque: 0, unnamed: 0, answers: 0, known: 0 }
const unknown = new Map()
for (const directory of words) {
  sum.repositories++
  try {
    const facts = factsOf({ files: sourcesIn(directory), parsers })
    for (const release of facts.all('release')) {
      if (tool && !tool.includes(release.tool)) continue
      sum.releases++
      if (print)
        console.log(
          `\n${path.basename(directory)}: ${release.name} (${release.at.file}), live ${release.layout.live ?? '?'}`,
        )
      for (const step of release.steps) {
        sum.steps++
        if (print)
          console.log(
            `  ${step.kind === 'switch' ? '>' : ' '} ${step.kind.padEnd(15)} ${step.runs === 'always' ? '' : `[${step.runs}] `}${step.text} @${step.actsOn}`,
          )
        if (step.kind !== 'opaque') continue
        sum.opaque++
        if (step.text.trim() === '' || /^…+$/.test(step.text)) sum.unnamed++
        const name = step.text.split(' ').slice(0, 2).join(' ')
        unknown.set(name, (unknown.get(name) ?? 0) + 1)
      }
      for (const kind of asked) {
        sum.answers++
        if (release.lacksAfter(release.switches.at(-1), kind).answer !== 'unknown') sum.known++
      }
    }
  } catch (error) {
    sum.crashed++
    console.log(`crashed: ${directory}: ${error.stack}`)
  }
}
const share = (part, whole) => (whole ? `${((100 * part) / whole).toFixed(1)} %` : 'n/a')
console.log(`\n${sum.repositories} repositories, ${sum.crashed} crashed, ${sum.releases} releases, ${sum.steps} steps`)
console.log(
  `recognised ${share(sum.steps - sum.opaque, sum.steps)}, named opaque ${share(sum.opaque - sum.unnamed, sum.steps)}, neither ${share(sum.unnamed, sum.steps)}`,
)
console.log(`answered yes or no: ${share(sum.known, sum.answers)} of ${sum.answers}`)
console.log(
  [...unknown]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 30)
    .map(([name, count]) => `${count} ${name}`)
    .join('\n'),
)
