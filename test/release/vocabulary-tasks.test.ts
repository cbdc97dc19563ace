import { describe, expect, test } from 'vitest'
import { callOfWords } from '../../src/release/call.ts'
import { recognise } from '../../src/release/vocabulary.ts'
import { ansible, asShell } from '../../src/release/vocabulary/ansible.ts'
import { capistrano } from '../../src/release/vocabulary/capistrano.ts'
import { github } from '../../src/release/vocabulary/github.ts'

describe('every Capistrano task of the vocabulary is what its row says', () => {
  for (const row of capistrano) {
    test(row.example, () => {
      const options = new Map([['release', '/srv/app/releases/1']])
      const call = { in: 'capistrano' as const, name: row.example, operands: [], options, text: row.example }
      expect(recognise(call)?.kind).toBe(row.kind)
    })
  }
})

describe('every GitHub action of the vocabulary is what its row says', () => {
  const inputs = new Map([
    ['args', 'deploy'],
    ['push', 'true'],
  ])
  for (const row of github) {
    test(row.example, () => {
      const options = row.kind === 'build' ? new Map<string, string>() : inputs
      const call = { in: 'github' as const, name: row.example, operands: [], options, text: row.example }
      expect(recognise(call)?.kind).toBe(row.kind)
    })
  }
})

describe('every Ansible module of the vocabulary is what its row says', () => {
  for (const row of ansible) {
    test(row.example, () => {
      const [name = '', rest = ''] = row.example.split(': ')
      const options = new Map(rest.split(' ').map((pair) => pair.split('=') as [string, string]))
      const call = { in: 'ansible' as const, name, operands: [], options, text: row.example }
      expect(recognise(call)?.kind).toBe(row.kind)
    })
  }

  test.each([
    ['systemd', { name: 'php8.2-fpm', state: 'reloaded' }, 'reload', 'php-fpm'],
    ['service', { name: 'nginx', state: 'restarted' }, 'reload', 'web server'],
    ['supervisorctl', { name: 'worker:', state: 'restarted' }, 'restart workers', 'supervisor'],
    ['composer', { command: 'install', working_dir: '/srv/app/releases/1' }, 'install', 'composer'],
    ['npm', { path: '/srv/app', ci: 'yes' }, 'install', 'npm'],
    ['bundler', {}, 'install', 'bundler'],
  ])('%s is a command line in other words', (name, given: Record<string, string>, kind, tool) => {
    const words = asShell[name]!((key) => given[key])!
    expect(recognise(callOfWords(words, words.join(' '))!)).toMatchObject({ kind, detail: { tool } })
  })
})
