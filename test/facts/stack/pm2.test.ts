import { expect, test } from 'vitest'
import { filesOf } from '../../../src/discover/files.ts'
import { ecosystemsOf } from '../../../src/facts/stack/pm2.ts'

function appsIn(file: string, text: string): readonly unknown[] {
  return ecosystemsOf(filesOf([{ file, text }])).flatMap(({ apps }) =>
    apps.map(({ name, script, cwd, open }) => [name, script, cwd, open === true]),
  )
}

test.each([
  [
    'ecosystem.config.js',
    "module.exports = { apps: [{ name: 'a', script: './a.js' }] }",
    ['a', './a.js', undefined, false],
  ],
  [
    'ecosystem.config.cjs',
    "module.exports = { apps: { script: 'a.js', cwd: '/srv/app/current', env: { A: '1' } } }",
    [undefined, 'a.js', '/srv/app/current', false],
  ],
  [
    'ecosystem.json',
    '{ "apps": [{ "name": "a", "script": "a.js", "cwd": "/srv/app/current" }] }',
    ['a', 'a.js', '/srv/app/current', false],
  ],
  [
    'process.yml',
    'apps:\n  - script: a.js\n    name: a\n    cwd: /srv/app/current\n',
    ['a', 'a.js', '/srv/app/current', false],
  ],
  [
    'ecosystem.config.js',
    "const at = require('path')\nmodule.exports = { apps: [{ script: 'a.js', cwd: at.resolve(__dirname) }] }",
    [undefined, 'a.js', undefined, true],
  ],
  [
    'ecosystem.config.js',
    "module.exports = { apps: [{ ...common, script: 'a.js' }] }",
    [undefined, 'a.js', undefined, true],
  ],
  ['ecosystem.config.js', "module.exports = { apps: [{ script: 'a.js', cwd }] }", [undefined, 'a.js', undefined, true]],
  [
    'ecosystem.config.js',
    'module.exports = { apps: [{ script: `${root}/a.js` }] }',
    [undefined, undefined, undefined, true],
  ],
])('%s: %s', (file, text, app) => {
  expect(appsIn(file, text)).toEqual([app])
})

test('what is no ecosystem file has no applications', () => {
  expect(appsIn('src/script.js', "run({ script: 'a.js' })")).toEqual([])
  expect(appsIn('ecosystem.config.js', 'module.exports = { apps: [{ script: ')).toEqual([])
  expect(appsIn('node_modules/x/ecosystem.config.js', "module.exports = { apps: [{ script: 'a.js' }] }")).toEqual([])
})
