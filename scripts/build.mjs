// Bundles what the package ships: the command line (one CommonJS file, so that it starts fast), the library, the ESLint
// plugin, the heavy parsers each on their own (loaded only when a file of their kind is there), and the declarations.
import { build } from 'esbuild'
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const dist = path.join(root, 'dist')
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
const there = (file) => existsSync(path.join(root, file))

const common = {
  absWorkingDir: root,
  bundle: true,
  minifyWhitespace: true,
  minifySyntax: true,
  target: 'node20',
  metafile: true,
  logLevel: 'warning',
  define: { SHIPLINT_VERSION: JSON.stringify(version) },
}
const commonjs = {
  ...common,
  platform: 'node',
  format: 'cjs',
  define: { ...common.define, 'import.meta.url': 'importMeta.url' },
  // Made when it is asked for: most runs never do.
  banner: { js: "const importMeta = { get url() { return require('node:url').pathToFileURL(__filename).href } };" },
}
// What deploy scripts are made of: the code that reads it is compiled before anybody waits for it.
const warmingScript = `#!/bin/bash
set -euo pipefail
name=\$1
root="/srv/app/\${name:?}"
log() { printf '%s\\n' "\$*" >&2; }
if [ -d "\$root" ] && ! grep -q done "\$root/state"; then
  log "again: \$(date +%F)"
else
  mkdir -p "\$root" || exit 1
fi
for part in bin lib; do rsync -a "build/\$part/" "\$root/\$part/"; done | tee -a deploy.log
case "\$name" in old) rm -rf "\$TARGET/" ;; *) cd "\$root" || exit 1 ;; esac
ln -sfn "\$root" /srv/app/current
`

const heavy = ['php', 'ruby', 'typescript'].map((name) => `src/fronts/cli/heavy/${name}.ts`).filter(there)

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist, { recursive: true })
const made = await Promise.all([
  build({
    ...commonjs,
    entryPoints: ['src/fronts/cli/main.ts'],
    outfile: 'dist/cli.cjs',
    // Wrapped here, so that bin/load.cjs need not copy a megabyte to do it.
    banner: { js: `(function (exports, require, module, __filename, __dirname) {${commonjs.banner.js}` },
    footer: { js: '})' },
  }),
  build({
    ...common,
    platform: 'neutral',
    mainFields: ['module', 'main'],
    format: 'esm',
    entryPoints: ['src/index.ts'],
    outfile: 'dist/index.js',
  }),
  ...heavy.map((file) =>
    build({
      ...commonjs,
      entryPoints: [file],
      outfile: `dist/heavy/${path.basename(file, '.ts')}.cjs`,
      external: ['ts-morph'],
    }),
  ),
  ...(there('src/fronts/eslint/plugin.ts')
    ? [
        build({
          ...commonjs,
          entryPoints: ['src/fronts/eslint/plugin.ts'],
          outfile: 'dist/eslint.cjs',
          footer: { js: 'module.exports = module.exports.default;' },
        }),
      ]
    : []),
])
if (heavy.some((file) => file.endsWith('/ruby.ts')))
  copyFileSync(path.join(root, 'node_modules/@ruby/prism/src/prism.wasm'), path.join(dist, 'heavy/prism.wasm'))
warm()
writeFileSync(path.join(dist, 'THIRD-PARTY.txt'), notices(made.flatMap((one) => Object.keys(one.metafile.inputs))))
execFileSync(
  process.execPath,
  [path.join(root, 'node_modules/@typescript/native/bin/tsc'), '-p', 'tsconfig.build.json'],
  {
    cwd: root,
    stdio: ['ignore', 2, 2], // npm reads the packed file's name from stdout
  },
)

/**
 * Keeps the code that V8 compiles for a first run, so that a start need not compile it (bin/load.cjs). It runs in a directory of
 * its own outside any repository: what else would be read there would only make the kept code larger, and every start slower.
 */
function warm() {
  const sample = mkdtempSync(path.join(tmpdir(), 'shiplint-warm-'))
  writeFileSync(path.join(sample, 'deploy.sh'), warmingScript)
  const script = `const { load } = require(${JSON.stringify(path.join(root, 'bin/load.cjs'))})
    const file = ${JSON.stringify(path.join(dist, 'cli.cjs'))}
    const { exports, script } = load(file)
    const host = { cwd: process.cwd(), env: {}, columns: undefined, stdin: () => '', out() {}, err() {} }
    exports.run(['--no-config', 'deploy.sh'], { ...host, rules: exports.rules })
    require('node:fs').writeFileSync(file + '.cache', script.createCachedData())`
  execFileSync(process.execPath, ['-e', script], { cwd: sample, stdio: ['ignore', 2, 2] })
  rmSync(sample, { recursive: true })
}

/** The licences of the packages whose code stands in the bundles. */
function notices(inputs) {
  const names = new Set(inputs.flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []))
  const texts = [...names].sort().map((name) => {
    const directory = path.join(root, 'node_modules', name)
    const { version, license } = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8'))
    const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license', 'LICENCE'].find((one) =>
      existsSync(path.join(directory, one)),
    )
    return `${name} ${version} (${license})\n\n${file ? readFileSync(path.join(directory, file), 'utf8') : ''}`
  })
  return texts.join(`\n${'-'.repeat(80)}\n`)
}
