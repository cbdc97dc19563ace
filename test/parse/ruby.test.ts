import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rubyNodes, rubyText, type RubyNode } from '../../src/parse/ruby.ts'
import { parsers } from '../parsers.ts'

const ruby = parsers.ruby!

const only = <Kind extends RubyNode['kind']>(text: string, kind: Kind): RubyNode & { kind: Kind } => {
  const parsed = ruby(text)
  expect(parsed.errors).toEqual([])
  const found = [...rubyNodes(parsed.tree)].find((node) => node.kind === kind)
  if (!found) throw new Error(`no ${kind}`)
  return found as RubyNode & { kind: Kind }
}

describe('calls', () => {
  test('a task with a block, roles and execute', () => {
    const text = "task :restart do |t, args|\n  on roles(:app), in: :sequence do\n    execute :touch, 'x'\n  end\nend\n"
    const task = only(text, 'call')
    expect(task.name).toBe('task')
    expect(task.args.map(rubyText)).toEqual(['restart'])
    expect(task.block).toMatchObject({ kind: 'block', params: ['t', 'args'] })
    const names = [...rubyNodes(ruby(text).tree)].flatMap((node) => (node.kind === 'call' ? [node.name] : []))
    expect(names).toEqual(['task', 'on', 'roles', 'execute'])
  })

  test('hash arguments, procs passed with & and receivers', () => {
    expect(only('set :x, a: 1, "b" => [2]', 'hash').pairs).toHaveLength(2)
    expect(only('roles(:app).each(&block)', 'call')).toMatchObject({ name: 'each', receiver: { name: 'roles' } })
    expect(only('release_path.join("a")', 'call')).toMatchObject({ receiver: { kind: 'call', name: 'release_path' } })
  })

  test('assignments of every kind', () => {
    expect(only('a ||= 1', 'assign')).toMatchObject({ operator: '||=', target: { kind: 'name', name: 'a' } })
    expect(only('x[:y] += 1', 'assign')).toMatchObject({ operator: '+=', target: { kind: 'call' } })
    expect(only('a, b = c', 'assign')).toMatchObject({ target: { kind: 'array' } })
    expect(only('x.y = 1', 'call')).toMatchObject({ name: 'y=' })
  })

  test('rescue, ensure and modifiers', () => {
    expect(only('begin; a; rescue; b; rescue X; c; else; d; ensure; e; end', 'begin')).toMatchObject({
      body: [{ name: 'a' }],
      rescues: [[{ name: 'b' }], [{ name: 'c' }]],
      else: [{ name: 'd' }],
      ensure: [{ name: 'e' }],
    })
    expect(only('run "x" unless done', 'if')).toMatchObject({ negated: true, then: [{ name: 'run' }] })
  })
})

describe('strings', () => {
  const shown = (text: string): string => {
    const node = only(text, 'string')
    return node.parts
      .map((part) => (part.kind === 'text' ? part.text : `<${text.slice(part.start, part.end)}>`))
      .join('')
  }
  test('text, code and here-documents', () => {
    expect(shown('"a #{b} c"')).toBe('a <#{b}> c')
    expect(shown('run <<-CMD\n  cd #{x} &&\n  ls\nCMD\n')).toBe('  cd <#{x}> &&\n  ls\n')
    expect(shown('run <<~CMD\n  cd x &&\n    ls\nCMD\n')).toBe('cd x &&\n  ls\n')
    expect(shown("'a' 'b'")).toBe('ab')
    expect(shown('%q(a b)')).toBe('a b')
  })

  test('positions are UTF-16 units after wide characters', () => {
    const text = "# déploiement 🚀 …\nset :x, 'é🚀y'\nrun 'z'\n"
    const call = [...rubyNodes(ruby(text).tree)].filter((node) => node.kind === 'string')
    expect(call.map((node) => text.slice(node.start, node.end))).toEqual(["'é🚀y'", "'z'"])
  })

  test('a byte order mark and CRLF keep positions', () => {
    const text = '\uFEFFrun "a"\r\nrun "b"\r\n'
    const found = [...rubyNodes(ruby(text).tree)].filter((node) => node.kind === 'string')
    expect(found.map((node) => text.slice(node.start, node.end))).toEqual(['"a"', '"b"'])
  })
})

describe('bad input', () => {
  test('broken syntax gives errors and what could be read', () => {
    const parsed = ruby("task :a do\n  execute 'x'\n")
    expect(parsed.errors.length).toBeGreaterThan(0)
    expect([...rubyNodes(parsed.tree)].some((node) => node.kind === 'call' && node.name === 'execute')).toBe(true)
  })

  test.each([
    ['brackets', '['.repeat(50_000)],
    ['nested calls', 'a('.repeat(20_000)],
    ['blocks', 'a {'.repeat(20_000)],
    ['interpolations', '"#{'.repeat(20_000)],
    ['binary', String.fromCharCode(...Array.from({ length: 4000 }, (_, i) => (i * 7919) % 65536))],
  ])('%s neither throw nor hang, and the next file is read', (_, text) => {
    expect(ruby(text).errors.length).toBeGreaterThan(0)
    expect(ruby('execute :ls').tree).toHaveLength(1)
  })

  test('no text throws, and every node lies inside the text', () => {
    const word = fc.constantFrom(
      'task ',
      ':a',
      ' do\n',
      'end\n',
      '"',
      "'",
      '#{',
      '}',
      'é',
      '🚀',
      '\ud800',
      '(',
      ')',
      '<<~X\n',
      'X\n',
      ', ',
      '%w(',
      '\n',
      '=',
      'if ',
      '\\',
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), (words) => {
        const text = words.join('')
        const parsed = ruby(text)
        for (const node of rubyNodes(parsed.tree)) {
          expect(node.start).toBeGreaterThanOrEqual(0)
          expect(node.end).toBeLessThanOrEqual(text.length)
        }
      }),
      { numRuns: 500 },
    )
  })
})
