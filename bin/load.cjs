'use strict'
// Loads the bundle with the code that V8 compiled when it was built; V8 itself refuses what does not fit (another Node,
// another file) and compiles anew. It cuts a start by a third: see bench/startup.mjs.
const { readFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const path = require('node:path')
const vm = require('node:vm')

/** The bundle's exports, and its script for whoever writes the cache. The bundle is one function expression that takes what a module is given. */
exports.load = function load(file) {
  // esbuild escapes everything beyond ASCII, so the cheapest encoding will do.
  const source = readFileSync(file, 'latin1')
  let cachedData
  try {
    cachedData = readFileSync(`${file}.cache`)
  } catch {
    // built without: it only takes longer
  }
  const script = new vm.Script(source, { filename: file, cachedData })
  const module = { exports: {} }
  const run = script.runInThisContext()
  run.call(module.exports, module.exports, createRequire(file), module, file, path.dirname(file))
  return { exports: module.exports, script }
}
