// npm run new-rule -- <id>: lays a folder for a rule out of rules/_template, draws its page and lists it.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const [id] = process.argv.slice(2)
if (!id || !/^[a-z]+(-[a-z]+)+$/.test(id)) {
  console.error('usage: npm run new-rule -- name-of-the-hazard   (words in small letters, joined by -)')
  process.exit(2)
}
const folder = path.join(root, 'rules', id)
if (existsSync(folder)) {
  console.error(`rules/${id} is there already`)
  process.exit(2)
}
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
const template = (name) => readFileSync(path.join(root, 'rules/_template', name), 'utf8')
mkdirSync(folder)
writeFileSync(path.join(folder, 'rule.ts'), template('rule.ts.txt').replace('VERSION', version))
writeFileSync(path.join(folder, 'README.md'), template('README.md').replace('# ID', `# ${id}`))
execFileSync(process.execPath, [path.join(root, 'scripts/generate.mjs')])
console.log(`rules/${id}/rule.ts    say what it asks
rules/${id}/README.md  write its examples; \`npm run pages\` draws the lines under them
npx vitest run test/rules.test.ts -t ${id}`)
