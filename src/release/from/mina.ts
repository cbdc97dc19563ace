import { minaOf, type MinaProgram } from '../../facts/capistrano/mina.ts'
import { shapeOf } from '../../facts/capistrano/values.ts'
import { rubyText, type RubyCall, type RubyNode } from '../../parse/ruby.ts'
import type { Label, Span } from '../../source/source.ts'
import type { Extractor } from '../ground.ts'
import type { Draft, Flow, Step } from '../model.ts'
import { stepAt } from '../steps.ts'
import { recognise } from '../vocabulary.ts'
import { lineFlow } from './line.ts'

/** `mina deploy` of every Mina project, and its other tasks where somebody calls them. */
export const fromMina: Extractor = (ground) => {
  if (!ground.ruby) return [] // Capistrano's reader has said so.
  return minaOf(ground.files, ground.ruby).flatMap((program) => {
    ground.read(program.file)
    for (const part of program.errors) ground.unread(program.file, part)
    return [...program.tasks.values()].map((task): Draft => {
      const flow: Flow = { inOrder: read(task.body, { program, place: start, via: [], depth: 0 }).default }
      return {
        name: `mina ${task.name}`,
        tool: 'mina',
        at: task.at,
        flow,
        files: [program.file],
        names: [`mina ${task.name}`],
        entry: task.name === 'deploy',
        here: 'unknown',
        layout: {
          live: program.meanings.setting('current_path')!,
          shared: program.shared.map(({ text, at, file }) => ({ path: text, at, ...(file ? { file: true } : {}) })),
          ...(program.keeps ? { keeps: program.keeps } : {}),
          locks: 'yes',
          rollsBack: true,
        },
      }
    })
  })
}

/** Where commands run, and which part of the script they go into. */
interface Place {
  readonly cwd?: string
  readonly host: string
  readonly runs: Step['runs']
  readonly part: Part
}

type Part = 'default' | 'build' | 'launch' | 'clean'
type Parts = Record<Part, Flow[]>

interface Reading {
  readonly program: MinaProgram
  readonly place: Place
  readonly via: readonly Label[]
  readonly depth: number
}

const start: Place = { host: 'servers', runs: 'always', part: 'default' }
const deepest = 20

const empty = (): Parts => ({ default: [], build: [], launch: [], clean: [] })

function add(to: Parts, from: Parts): void {
  for (const part of ['default', 'build', 'launch', 'clean'] as const) to[part].push(...from[part])
}

function read(nodes: readonly RubyNode[], reading: Reading): Parts {
  const out = empty()
  if (reading.depth > deepest) return out
  const inner = { ...reading, depth: reading.depth + 1 }
  for (const node of nodes) {
    if (node.kind === 'call') add(out, callOf(node, inner))
    else if (node.kind === 'if') add(out, read([...node.then, ...node.else], perhaps(inner)))
    else if (node.kind === 'case')
      add(
        out,
        read(
          node.whens.flatMap((when) => when.body),
          perhaps(inner),
        ),
      )
    else if (node.kind === 'begin') add(out, read(node.body, inner))
  }
  return out
}

const perhaps = (reading: Reading): Reading => ({ ...reading, place: { ...reading.place, runs: 'sometimes' } })

function callOf(node: RubyCall, reading: Reading): Parts {
  const { program, place } = reading
  const block = node.block?.kind === 'block' ? node.block.body : undefined
  const first = node.args[0]
  const within = (more: Partial<Place>): Parts => read(block ?? [], { ...reading, place: { ...place, ...more } })
  if (node.receiver && node.name !== 'each') return empty()
  switch (node.name) {
    case 'command':
    case 'queue':
    case 'queue!':
      return first ? commandOf(first, reading) : empty()
    case 'invoke':
      return first ? invoked(first, node, reading) : empty()
    case 'in_path':
    case 'in_directory':
    case 'within':
      return within({ cwd: shapeOf(first, program.meanings) })
    case 'on':
    case 'to': {
      const name = first && rubyText(first)
      if (/^(before|after)_hook$/.test(name ?? '')) return within({ host: 'here' })
      return /^(build|launch|clean)$/.test(name ?? '')
        ? within({ part: name as Part, ...at(name!, program) })
        : within({})
    }
    case 'run':
      return within({ host: first && rubyText(first) === 'local' ? 'here' : 'servers' })
    case 'deploy':
      return block ? { ...empty(), default: [deployed(block, node, reading)] } : empty()
    default:
      return block ? within({}) : empty()
  }
}

/** Where the parts of a deploy block run: before the switch in the build, after it in the live release. */
function at(part: string, { meanings }: MinaProgram): Partial<Place> {
  if (part === 'clean') return { runs: 'after a failure' }
  return { cwd: part === 'launch' ? meanings.setting('current_path')! : meanings.setting('release_path')! }
}

function put(flow: Flow, { place }: Reading): Parts {
  return { ...empty(), [place.part]: [flow] }
}

function commandOf(node: RubyNode, reading: Reading): Parts {
  const { program, place, via } = reading
  const line = shapeOf(node, program.meanings)
  const where: Span = { file: program.file, start: node.start, end: node.end }
  return put(lineFlow(line.trim(), where, place.cwd, { actsOn: place.host, runs: place.runs, via }), reading)
}

/** What Mina's own tasks run. */
const lines: Readonly<Record<string, string>> = {
  'bundle:install': 'bundle install --deployment --without development test',
  'bundle:clean': 'bundle clean',
  'rails:db_migrate': 'bundle exec rake db:migrate',
  'rails:db_migrate:force': 'bundle exec rake db:migrate',
  'rails:db_create': 'bundle exec rake db:create',
  'rails:db_rollback': 'bundle exec rake db:rollback',
  'rails:db_schema_load': 'bundle exec rake db:schema:load',
  'rails:assets_precompile': 'bundle exec rake assets:precompile',
  'rails:assets_precompile:force': 'bundle exec rake assets:precompile',
  'rails:assets_clean': 'bundle exec rake assets:clean',
}

function invoked(node: RubyNode, call: RubyCall, reading: Reading): Parts {
  const { program, place, via } = reading
  const name = shapeOf(node, program.meanings).replace(/\[.*$/, '')
  const where: Span = { file: program.file, start: call.start, end: call.end }
  const more: Partial<Step> = { actsOn: place.host, runs: place.runs, via }
  const own = program.tasks.get(name)
  if (own) {
    const label = { at: where, says: `invokes ${name}` }
    return read(own.body, { ...reading, via: [...via, label], depth: reading.depth + 1 })
  }
  const release = program.meanings.setting('release_path')!
  if (name === 'git:clone')
    return put(stepAt('fetch', where, name, { tool: 'git', what: 'clone', path: release }, more), reading)
  if (name === 'deploy:link_shared_paths')
    return put(stepAt('share', where, name, { tool: 'mina', path: release }, more), reading)
  if (name === 'deploy:cleanup')
    return put(stepAt('clean up', where, name, { tool: 'mina', what: 'releases' }, more), reading)
  if (
    /^(deploy|git|ssh|ssh_keyscan\w*|rbenv|rvm|ry|chruby|nvm|nodenv|asdf|environment|remote_environment|local_environment)(:|$)/.test(
      name,
    )
  )
    return empty()
  const line = lines[name]
  if (line !== undefined) return put(told(lineFlow(line, where, place.cwd ?? release, more), name), reading)
  const known = recognise({ in: 'capistrano', name, operands: [], options: new Map(), text: name })
  if (known?.kind === 'nothing') return empty()
  return put(stepAt(known?.kind ?? 'opaque', where, known ? name : `task ${name}`, known?.detail ?? {}, more), reading)
}

/** A step by the name of the task that it is. */
function told(flow: Flow, name: string): Flow {
  if ('inOrder' in flow) return { inOrder: flow.inOrder.map((part) => told(part, name)) }
  return 'step' in flow ? { step: { ...flow.step, text: name } } : flow
}

/** A `deploy` block: its commands in a directory of their own, then the link, then what is to be launched. */
function deployed(block: readonly RubyNode[], node: RubyCall, reading: Reading): Flow {
  const { program, via } = reading
  const { setting } = program.meanings
  const [release, current] = [setting('release_path')!, setting('current_path')!]
  const where: Span = { file: program.file, start: node.start, end: node.nameAt.end }
  const parts = read(block, { ...reading, place: { ...start, cwd: release } })
  const more: Partial<Step> = { actsOn: 'servers', via }
  const detail = { tool: 'mina', link: current, target: release, how: 'symlink' as const }
  return {
    inOrder: [
      stepAt('lock', where, 'deploy.lock', { tool: 'mina' }, more),
      ...parts.default,
      ...parts.build,
      stepAt('switch', where, `ln -nfs ${release} ${current}`, detail, more),
      ...parts.launch,
      stepAt('unlock', where, 'deploy.lock', { tool: 'mina' }, more),
      ...parts.clean,
    ],
  }
}
