import { has, type Call } from '../call.ts'
import { joined } from '../path.ts'
import { inDirectory, type Row } from './row.ts'

const script = (call: Call): { calls: readonly string[]; path?: string } => {
  const name = /^(run|run-script)$/.test(call.operands[0] ?? '') ? call.operands[1] : call.operands[0]
  return { calls: [`npm run ${name ?? ''}`], ...inDirectory('--prefix', '-C', '--cwd', '--dir')(call) }
}
const names =
  (pattern: RegExp) =>
  (call: Call): boolean =>
    pattern.test((/^(run|run-script)$/.test(call.operands[0] ?? '') ? call.operands[1] : call.operands[0]) ?? '')

/** Node: package managers, build tools and process managers. */
export const node: readonly Row[] = [
  {
    example: 'npm ci',
    call: 'npm ci|clean-install',
    kind: 'install',
    tool: 'npm',
    detail: inDirectory('--prefix', '-C'),
  },
  {
    example: 'npm install -g pm2',
    call: 'npm|yarn|pnpm|bun install|i|add|global',
    kind: 'nothing',
    when: (call) => call.options.has('-g') || call.options.has('--global') || call.operands[0] === 'global',
  },
  {
    example: 'npm update',
    call: 'npm|pnpm|yarn|bun update|upgrade|up',
    kind: 'install',
    tool: 'npm',
    what: 'update',
    detail: inDirectory('--prefix', '-C'),
  },
  {
    example: 'npm install --production',
    call: 'npm|pnpm|bun install|i|add',
    kind: 'install',
    tool: 'npm',
    what: 'install',
    detail: inDirectory('--prefix', '-C', '--dir'),
  },
  {
    example: 'yarn --version',
    call: 'npm|yarn|pnpm|bun ',
    kind: 'nothing',
    when: (call) => has(call, '--version', '-v', '--help'),
  },
  {
    example: 'yarn install --frozen-lockfile',
    call: 'yarn install|add|',
    kind: 'install',
    tool: 'yarn',
    detail: inDirectory('--cwd'),
  },
  {
    example: 'npm prune --production',
    call: 'npm|pnpm prune|dedupe|rebuild',
    kind: 'install',
    tool: 'npm',
    detail: inDirectory('--prefix', '-C'),
  },
  { example: 'npm test', call: 'npm|yarn|pnpm|bun test|t|audit|lint', kind: 'test', tool: 'npm' },
  {
    example: 'npm run test:unit',
    call: 'npm|yarn|pnpm|bun',
    kind: 'test',
    tool: 'npm',
    when: names(
      /^(test|lint|check|typecheck|type-check|e2e|cypress|jest|coverage|format|prettier|eslint|stylelint|audit|tsc)\b/,
    ),
  },
  { example: 'npm publish', call: 'npm|yarn|pnpm publish|pack', kind: 'upload', tool: 'npm' },
  {
    example: 'npm config set registry https://registry.example',
    call: 'npm|yarn|pnpm|corepack|nvm|n|volta|fnm config|cache|version|login|whoami|use|enable|prepare|root|bin|store|set|view|ls|list|outdated|why|info|help|workspaces|licenses|exec|-v|lts|latest|run|install|',
    kind: 'nothing',
    when: (call) => !/^(npm|yarn|pnpm)$/.test(call.name) || !/^(run|install|)$/.test(call.operands[0] ?? ''),
  },
  {
    example: 'npm run build',
    call: 'npm|yarn|pnpm|bun',
    kind: 'build',
    tool: 'npm',
    when: names(
      /^(build|prod|production|compile|dist|bundle|generate|encore|gulp|webpack|assets|export|css|js|sass|dev|development|watch|postinstall|prepare|make|ssr)\b/,
    ),
    detail: script,
  },
  {
    example: 'npm run db:migrate',
    call: 'npm|yarn|pnpm|bun',
    kind: 'migrate',
    tool: 'npm',
    when: names(/^(db:|prisma:|knex:|typeorm:|sequelize:)?migrat(e|ions?)(:(latest|up|run|deploy|prod(uction)?))?$/),
    detail: script,
  },
  {
    example: 'npm start',
    call: 'npm|yarn|pnpm|bun',
    kind: 'start',
    tool: 'npm',
    when: names(/^(start|serve|preview)\b/),
    detail: script,
  },
  { example: 'npm run deploy', call: 'npm|yarn|pnpm|bun', kind: 'opaque', tool: 'npm', detail: script },
  {
    example: 'run-s clean build:*',
    call: 'run-s|run-p|npm-run-all|npm-run-all2',
    kind: 'opaque',
    tool: 'npm',
    detail: (call) => ({ calls: call.operands.map((name) => `npm run ${name}`) }),
  },
  {
    example: 'npx rimraf dist',
    call: 'rimraf|del-cli|del',
    kind: 'clean up',
    tool: 'rm',
    detail: (call) => ({ path: call.operands.map((one) => joined(call.cwd, one)).join(' ') }),
  },
  {
    example: 'husky install',
    call: 'husky|simple-git-hooks|lefthook|is-ci|shx|mkdirp|cpx|copyfiles|ncp|wait-on|opencollective|opencollective-postinstall|only-allow|check-node-version|npm-check-updates|ncu|depcheck',
    kind: 'nothing',
  },
  { example: 'patch-package', call: 'patch-package|ngcc|node-gyp|svg-sprite', kind: 'build', tool: 'node' },
  {
    example: 'npx vite build',
    call: 'vite|webpack|gulp|grunt|encore|mix|rollup|esbuild|tsc|next|nuxt|ng|parcel|sass|tailwindcss|bower|postcss|turbo|nx|lerna|astro|hugo|jekyll|gatsby|eleventy|vue-cli-service|react-scripts|babel|mkdocs|mdbook|middleman|nanoc|zola|sphinx-build|browserify|svelte-kit|remix|uglifyjs|cleancss|lessc|svgo',
    kind: 'build',
    tool: 'node',
    detail: inDirectory(),
  },
  { example: 'npx prisma migrate deploy', call: 'prisma migrate deploy', kind: 'migrate', tool: 'prisma' },
  { example: 'npx prisma migrate reset --force', call: 'prisma migrate reset', kind: 'reset database', tool: 'prisma' },
  {
    example: 'npx prisma db push',
    call: 'prisma db push|seed',
    kind: 'reset database',
    tool: 'prisma',
    what: 'schema update',
  },
  { example: 'npx prisma generate', call: 'prisma *', kind: 'build', tool: 'prisma' },
  {
    example: 'npx knex migrate:latest',
    call: 'knex|sequelize|sequelize-cli|typeorm|typeorm-ts-node-commonjs|node-pg-migrate|db-migrate|mikro-orm|drizzle-kit|ace migrate:latest|db:migrate|migration:run|up|migration:up|migrate|migration:migrate',
    kind: 'migrate',
    tool: 'node',
  },
  {
    example: 'npx knex seed:run',
    call: 'knex|sequelize|sequelize-cli seed:run|db:seed|db:seed:all',
    kind: 'reset database',
    tool: 'node',
    what: 'seed',
  },
  {
    example: 'npx jest',
    call: 'jest|mocha|vitest|cypress|playwright|eslint|stylelint|prettier|ava|karma|xo|biome',
    kind: 'test',
    tool: 'node',
  },
  {
    example: 'pm2 reload ecosystem.config.js --env production',
    call: 'pm2 reload|restart|startOrReload|startOrRestart|gracefulReload|startOrGracefulReload',
    kind: 'restart workers',
    tool: 'pm2',
    detail: (call) => ({ what: call.operands[1] ?? 'all' }),
  },
  {
    example: 'pm2 start app.js',
    call: 'pm2 start',
    kind: 'start',
    tool: 'pm2',
    detail: (call) => ({ what: call.operands[1] ?? 'all' }),
  },
  { example: 'pm2 stop all', call: 'pm2 stop|delete|kill|del', kind: 'stop', tool: 'pm2' },
  { example: 'pm2 save', call: 'pm2 *', kind: 'nothing' },
  { example: 'forever restart app.js', call: 'forever restart|restartall', kind: 'restart workers', tool: 'forever' },
  { example: 'forever stopall', call: 'forever stop|stopall', kind: 'stop', tool: 'forever' },
  { example: 'forever list', call: 'forever list|logs|columns|cleanlogs', kind: 'nothing' },
  { example: 'forever start app.js', call: 'forever|nodemon|supervisor *', kind: 'start', tool: 'forever' },
]
