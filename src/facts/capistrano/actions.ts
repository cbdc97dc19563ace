import { rubyText, type RubyCall, type RubyNode, type RubyString } from '../../parse/ruby.ts'
import type { Label, Span } from '../../source/source.ts'
import type { CapistranoProgram, TaskBlock } from './program.ts'
import type { CapistranoSettings } from './settings.ts'
import { listOf, shapeOf, wordsOf, type Bindings, type Meanings } from './values.ts'

interface Ran {
  readonly at: Span
  /** As written, on one line. */
  readonly text: string
  /** `servers`: those of the release, whatever their role; `here`; or a host as written. */
  readonly host: string
  readonly cwd?: string
  readonly runs: 'always' | 'sometimes' | 'after a failure'
  readonly failing: 'stops' | 'goes on'
  readonly via: readonly Label[]
}

/** One thing that a task does. */
export type Action = Ran &
  (
    | { readonly kind: 'words'; readonly words: readonly string[] }
    /** A text for the shell; `string` is where it stands when it is one string of the file. */
    | { readonly kind: 'shell'; readonly line: string; readonly string?: RubyString; readonly bound: Bindings }
    | { readonly kind: 'invoke'; readonly task: string; readonly args: readonly string[] }
    | { readonly kind: 'upload'; readonly from: string; readonly to: string }
    | { readonly kind: 'opaque' }
  )

interface Place {
  readonly file: string
  readonly host: string
  readonly cwd: string | undefined
  readonly runs: Ran['runs']
  readonly failing: Ran['failing']
  readonly bound: Bindings
  readonly via: readonly Label[]
  readonly depth: number
  readonly namespace: string
}

const mostActions = 2000

/** What the blocks of a task do, in order, helpers put in place. `text` reads a file's characters. */
export function actionsOf(
  block: TaskBlock,
  program: CapistranoProgram,
  settings: CapistranoSettings,
  text: (at: Span) => string,
  taskName: string,
): readonly Action[] {
  const out: Action[] = []
  const old = program.version === 2
  // Version 2 runs on its servers whatever is said; version 3 runs here until `on`.
  const start: Place = {
    file: block.at.file,
    host: old ? 'servers' : 'here',
    cwd: undefined,
    runs: 'always',
    failing: 'stops',
    bound: block.bound,
    via: [],
    depth: 0,
    namespace: taskName.includes(':') ? taskName.slice(0, taskName.lastIndexOf(':')) : '',
  }

  const meanings = (place: Place): Meanings => settings.meanings(place.bound)
  const spanOf = (node: { start: number; end: number }, place: Place): Span => ({
    file: place.file,
    start: node.start,
    end: node.end,
  })
  const ran = (node: { start: number; end: number }, place: Place): Ran => {
    const at = spanOf(node, place)
    return {
      at,
      text: text(at).replace(/\s+/g, ' ').trim().slice(0, 200),
      host: place.host,
      runs: place.runs,
      failing: place.failing,
      via: place.via,
      ...(place.cwd !== undefined ? { cwd: place.cwd } : {}),
    }
  }
  const add = (action: Action): void => {
    if (out.length < mostActions) out.push(action)
  }

  /** Walks statements in order; gives the place as it is after them (`next unless …` makes the rest conditional). */
  const body = (nodes: readonly RubyNode[], given: Place): void => {
    let place = given
    for (const node of nodes) place = statement(node, place)
  }

  const statement = (node: RubyNode, place: Place): Place => {
    if (place.depth > 40) return place
    const inner = { ...place, depth: place.depth + 1 }
    switch (node.kind) {
      case 'call':
        call(node, inner)
        return place
      case 'command':
        add({
          ...ran(node, { ...inner, host: 'here' }),
          kind: 'shell',
          line: shapeOf(node, meanings(inner)),
          string: node,
          bound: inner.bound,
        })
        return place
      case 'assign': {
        statement(node.value, inner)
        if (node.target.kind !== 'name') return place
        const bound = new Map(place.bound)
        const value = asked(node.value) ? undefined : node.value
        if (value && node.operator !== '+=' && node.operator !== '<<')
          bound.set(node.target.name, substituted(value, place.bound))
        else bound.delete(node.target.name)
        return { ...place, bound }
      }
      case 'if': {
        statement(node.test, inner)
        const jumps = (list: readonly RubyNode[]): boolean => list.some((one) => one.kind === 'jump')
        if (jumps(node.then) && node.then.length === 1) return { ...place, runs: worse(place.runs) }
        body(node.then, { ...inner, runs: worse(place.runs) })
        body(node.else, { ...inner, runs: worse(place.runs) })
        return place
      }
      case 'case':
        for (const when of node.whens) body(when.body, { ...inner, runs: worse(place.runs) })
        body(node.else, { ...inner, runs: worse(place.runs) })
        return place
      case 'logic':
        statement(node.left, inner)
        statement(node.right, { ...inner, runs: worse(place.runs) })
        return place
      case 'loop':
        body(node.body, { ...inner, runs: worse(place.runs) })
        return place
      case 'begin': {
        const tolerant = node.rescues.some((rescue) => !rescue.some(leaves))
        body(node.body, tolerant && node.rescues.length > 0 ? { ...inner, failing: 'goes on' } : inner)
        for (const rescue of node.rescues) body(rescue, { ...inner, runs: 'after a failure' })
        body(node.else, inner)
        body(node.ensure, inner)
        return place
      }
      default:
        return place
    }
  }

  const each = (node: RubyCall, over: RubyNode, place: Place): void => {
    const block = node.block?.kind === 'block' ? node.block : undefined
    if (!block) return
    const name = over.kind === 'call' && over.name === 'fetch' ? rubyText(over.args[0]) : undefined
    const items = listOf(over, place.bound)?.slice(0, 40)
    const words = name !== undefined ? settings.meanings(place.bound).list(name) : undefined
    if (items) {
      for (const item of items) body(block.body, { ...place, bound: withName(place.bound, block.params[0], item) })
    } else if (words) {
      for (const word of words) {
        const item: RubyString = {
          kind: 'string',
          open: "'",
          close: "'",
          start: node.start,
          end: node.end,
          parts: [{ kind: 'text', text: word, start: node.start, end: node.end }],
        }
        body(block.body, { ...place, bound: withName(place.bound, block.params[0], item) })
      }
    } else body(block.body, { ...place, runs: worse(place.runs) })
  }

  const call = (node: RubyCall, place: Place): void => {
    const block = node.block?.kind === 'block' ? node.block : undefined
    if (node.receiver) return callOn(node, node.receiver, place)
    const done = commands(node, place)
    if (done) return
    if (block && blocks[node.name]) return body(block.body, blocks[node.name]!(node, place))
    if (ignored.test(node.name)) {
      if (block && !/^(set|ask|raise|on_rollback)$/.test(node.name)) body(block.body, place)
      return
    }
    const method = program.methods.get(node.name)
    if (method && place.depth < 12) {
      let bound: Bindings = place.bound
      method.params.forEach((param, i) => {
        const arg = node.args[i]
        if (arg) bound = withName(bound, param, substituted(arg, place.bound))
      })
      const via = [...place.via, { at: spanOf(node, place), says: `calls ${node.name}` }]
      return body(method.body, { ...place, file: method.file, bound, via, depth: place.depth + 3 })
    }
    const task = taskNamed(node.name, place)
    if (task !== undefined && (old || node.args.length > 0)) {
      add({ ...ran(node, place), kind: 'invoke', task, args: [] })
      return
    }
    if (block) return body(block.body, place)
    if (node.args.length > 0 && (place.host !== 'here' || old)) add({ ...ran(node, place), kind: 'opaque' })
  }

  const taskNamed = (name: string, place: Place): string | undefined => {
    for (let space = place.namespace; ; space = space.includes(':') ? space.slice(0, space.lastIndexOf(':')) : '') {
      const full = space ? `${space}:${name}` : name
      if (program.tasks.has(full) || (old && builtIn2.has(full))) return full
      if (space === '') return undefined
    }
  }

  const callOn = (node: RubyCall, receiver: RubyNode, place: Place): void => {
    const block = node.block?.kind === 'block' ? node.block : undefined
    const on = receiver.kind === 'call' && receiver.name === '[]' ? receiver.receiver : undefined
    if (on?.kind === 'name' && /^(Rake::)?Task$/.test(on.name)) {
      const task = receiver.kind === 'call' ? rubyText(listOf(receiver.args[0]!, place.bound)?.[0]) : undefined
      if (/^(invoke|execute)!?$/.test(node.name) && task !== undefined)
        add({ ...ran(node, place), kind: 'invoke', task, args: node.args.map((arg) => shapeOf(arg, meanings(place))) })
      return
    }
    if (/^(each|each_with_index|each_pair|map|each_slice)$/.test(node.name)) return each(node, receiver, place)
    if (block && /^(tap|times|then|with_index|select|reject|detect|any\?|all\?)$/.test(node.name))
      return body(block.body, { ...place, runs: worse(place.runs) })
    // Version 2 calls tasks as methods of their namespaces: `deploy.web.disable`.
    const path = pathOf(receiver)
    if (path && (old || program.tasks.has(`${path}:${node.name}`))) {
      const name = [...path.split(':').filter((part) => part !== 'top'), node.name].join(':')
      if (program.tasks.has(name) || builtIn2.has(name))
        add({ ...ran(node, place), kind: 'invoke', task: name, args: [] })
      return
    }
    statement(receiver, place)
    if (block) body(block.body, place)
  }

  /** The methods that run something; true when the call was one of them. */
  const commands = (node: RubyCall, place: Place): boolean => {
    const { name } = node
    const quiet = node.args.some(
      (arg) => arg.kind === 'hash' && arg.pairs.some((pair) => rubyText(pair.key) === 'raise_on_non_zero_exit'),
    )
    const at = quiet ? { ...place, failing: 'goes on' as const } : place
    if (/^(invoke|invoke!|find_and_execute_task|execute_task)$/.test(name)) {
      const task = node.args[0] && rubyText(listOf(node.args[0], place.bound)?.[0])
      if (task === undefined) add({ ...ran(node, place), kind: 'opaque' })
      else
        add({
          ...ran(node, at),
          kind: 'invoke',
          task: taskNamed(task, place) ?? task,
          args: node.args.slice(1).flatMap((arg) => wordsOf(arg, meanings(place))),
        })
      return true
    }
    if (
      /^(execute|sudo|run|try_sudo|surun|stream|invoke_command|rails|rake|bundle|as_sudo|run_locally|system|sh|local_cmd)!?$/.test(
        name,
      ) &&
      node.args.length > 0
    ) {
      if (name === 'sudo' && node.args.length === 1 && node.args[0]!.kind === 'hash') return true
      shell(node, /^(run_locally|system|sh|local_cmd)$/.test(name) ? { ...at, host: 'here' } : at)
      return true
    }
    if (/^(upload|put|scp|sudo_upload|template|upload_template|smart_template|upload_file)!?$/.test(name)) {
      const words = node.args.filter((arg) => arg.kind !== 'hash').map((arg) => shapeOf(arg, meanings(place)))
      add({ ...ran(node, at), kind: 'upload', from: words[0] ?? '$…', to: words[1] ?? '$…' })
      return true
    }
    if (name === 'symfony_console' || name === 'artisan' || name === 'symfony') {
      const words = node.args.flatMap((arg) => wordsOf(arg, meanings(place)))
      const first = name === 'artisan' ? ['php', 'artisan'] : ['php', 'bin/console']
      add({ ...ran(node, { ...at, host: 'servers' }), kind: 'words', words: [...first, ...words] })
      return true
    }
    return false
  }

  const shell = (node: RubyCall, place: Place): void => {
    const args = node.args.filter((arg) => arg.kind !== 'hash')
    const bare = /^(rails|rake|bundle)$/.test(node.name) ? [node.name] : []
    const first = args[0]
    if (!first) return
    const single = args.length === 1 && bare.length === 0 ? (listOf(first, place.bound)?.[0] ?? first) : undefined
    if (single && single.kind !== 'symbol' && single.kind !== 'array') {
      const string = first.kind === 'string' ? { string: first } : single.kind === 'string' ? { string: single } : {}
      add({ ...ran(node, place), kind: 'shell', line: shapeOf(single, meanings(place)), bound: place.bound, ...string })
      return
    }
    // SSHKit joins the words with blanks: a word that holds blanks or operators is read by the shell as it is.
    const words = [...bare, ...args.flatMap((arg) => wordsOf(arg, meanings(place)))]
    const plain = words.flatMap((word) =>
      /^[\w./:=@$%+,-]+( [\w./:=@$%+,-]+)+$/.test(word) ? word.split(' ') : [word],
    )
    if (plain.some((word) => /[;&|<>`\n]|\$\(/.test(word)))
      add({ ...ran(node, place), kind: 'shell', line: plain.join(' '), bound: place.bound })
    else add({ ...ran(node, place), kind: 'words', words: plain })
  }

  /** Methods with a block: where the block runs. */
  const blocks: Readonly<Record<string, (node: RubyCall, place: Place) => Place>> = {
    on: (node, place) => ({ ...place, host: hostOf(node, place) }),
    run_locally: (_, place) => ({ ...place, host: 'here' }),
    within: (node, place) => ({
      ...place,
      cwd: node.args[0] ? inside(place.cwd, shapeOf(node.args[0], meanings(place))) : place.cwd,
    }),
    in: (_, place) => place,
    as: (_, place) => place,
    with: (_, place) => place,
    transaction: (_, place) => place,
    on_rollback: (_, place) => ({ ...place, runs: 'after a failure' }),
    at_exit: (_, place) => ({ ...place, runs: 'after a failure' }),
  }

  const hostOf = (node: RubyCall, place: Place): string => {
    const first = node.args[0]
    if (!first) return 'servers'
    if (first.kind === 'string') return rubyText(first) ?? 'servers'
    if (first.kind === 'symbol' && rubyText(first) === 'local') return 'here'
    return place.host === 'here' || place.host === 'servers' ? 'servers' : place.host
  }

  body(block.body, start)
  return out
}

/** Tasks of version 2 that others call as methods. */
const builtIn2 = new Set(
  'deploy:default deploy:update deploy:update_code deploy:finalize_update deploy:symlink deploy:create_symlink deploy:restart deploy:start deploy:stop deploy:migrate deploy:migrations deploy:cleanup deploy:cold deploy:web:disable deploy:web:enable deploy:rollback:default deploy:rollback bundle:install'.split(
    ' ',
  ),
)

/** Methods that change nothing on a server. */
const ignored =
  /^(set|set_if_empty|append|remove|fetch|ask|puts|print|p|pp|info|warn|error|debug|log|fatal|sleep|raise|fail|abort|exit|next|return|test|capture|require|desc|any\?|dry_run\?|on_rollback|primary|roles|role|release_roles|logger|host|t|lambda|proc|set_release_path|reenable|server|after|before|task|background|git_environmental_variables|include|extend|download|download!|pluralize|color|say|binding|announce|depend|default_run_options|ssh_options|find_servers|exists\?|attr|alias|format|sprintf|Array|Integer|String|load|import|output|trap|mkdir_p|cp|get|if_exists|remote_file_exists\?|with_env|File|block_given\?|yield|loop|catch|throw)$/

const leaves = (node: RubyNode): boolean =>
  node.kind === 'jump' || (node.kind === 'call' && /^(raise|fail|exit|abort|exit!)$/.test(node.name))

const asked = (node: RubyNode): boolean => node.kind === 'call' && /^(capture|test|ask|gets)$/.test(node.name)

const worse = (runs: Ran['runs']): Ran['runs'] => (runs === 'after a failure' ? runs : 'sometimes')

function withName(bound: Bindings, name: string | undefined, value: RubyNode): Bindings {
  return name === undefined ? bound : new Map([...bound, [name, value]])
}

/** A value as it is now: what it names may be bound anew later. */
function substituted(node: RubyNode, bound: Bindings): RubyNode {
  const listed =
    node.kind === 'name' || node.kind === 'string' || node.kind === 'symbol' ? listOf(node, bound) : undefined
  return listed?.length === 1 ? listed[0]! : node
}

function inside(cwd: string | undefined, path: string): string {
  return cwd === undefined || /^[/$~]/.test(path) ? path : `${cwd}/${path}`
}

/** `deploy.web` as `deploy:web`, when it is nothing but names. */
function pathOf(node: RubyNode): string | undefined {
  if (node.kind === 'name') return /^[a-z_]\w*$/.test(node.name) ? node.name : undefined
  if (node.kind !== 'call' || node.args.length > 0 || node.block) return undefined
  if (!node.receiver) return node.name
  const before = pathOf(node.receiver)
  return before === undefined ? undefined : `${before}:${node.name}`
}
