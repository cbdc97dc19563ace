#!/usr/bin/env node
'use strict'
// Answers `--version` before anything is loaded; everything else is in the bundle.
const first = process.argv[2]
if (process.argv.length === 3 && (first === '--version' || first === '-v')) {
  process.stdout.write(require('../package.json').version + '\n')
} else {
  require('./load.cjs').load(require.resolve('../dist/cli.cjs')).exports.start()
}
