import { directoryOf, joinPath, type Files } from '../../discover/files.ts'
import { matchesGlob } from '../../discover/glob.ts'
import { rubyText, type RubyBlock, type RubyCall, type RubyNode, type RubyParser } from '../../parse/ruby.ts'
import type { Source, Span, Unread } from '../../source/source.ts'
import { listOf, type Bindings } from './values.ts'

/** One `task` block, or the block of a hook. A task of one name can have several. */
export interface TaskBlock {
  readonly body: readonly RubyNode[]
  readonly params: readonly string[]
  /** Local names that a loop around the task had bound: `%w[start stop].each do |command|`. */
  readonly bound: Bindings
  readonly at: Span
  /** The stage whose file has it; undefined: all of them. */
  readonly stage?: string
}

/** A task by its full name: what it waits for, and its blocks in order. */
export interface Task {
  readonly name: string
  readonly needs: readonly { readonly task: string; readonly at: Span }[]
  readonly blocks: readonly TaskBlock[]
  /** What the tool or a plugin did under this name is taken away: `Rake::Task[…].clear`. */
  readonly cleared?: true
  readonly at: Span
  /** Version 2: `:roles => :app`. */
  readonly roles?: string
}

/** `before 'a', 'b'` or `after 'a', 'b'`. */
export interface Hook {
  readonly when: 'before' | 'after'
  readonly task: string
  readonly runs: string
  readonly at: Span
  readonly stage?: string
}

/** Something that was set, with the places; `append` adds to it. */
export interface Setting {
  readonly name: string
  readonly value: RubyNode | RubyBlock | undefined
  readonly how: 'set' | 'default' | 'append' | 'remove'
  readonly items: readonly RubyNode[]
  readonly at: Span
  /** The stage whose file sets it; undefined: all of them. */
  readonly stage?: string
}

/** A library asked for in the Capfile or a file that it loads. */
export interface Wanted {
  readonly name: string
  readonly at: Span
}

/** All that a Capistrano project's own files say. */
export interface CapistranoProgram {
  readonly version: 2 | 3
  /** The directory that holds the Capfile. */
  readonly root: string
  readonly at: Span
  readonly tasks: ReadonlyMap<string, Task>
  readonly hooks: readonly Hook[]
  readonly settings: readonly Setting[]
  readonly wants: readonly Wanted[]
  /** `server` and `role` lines, with the stage whose file has them. */
  readonly servers: readonly { readonly host: string; readonly at: Span; readonly stage?: string }[]
  readonly stages: readonly string[]
  /** The stage that is read: settings, hooks and blocks of the others are left out. */
  readonly stage?: string
  /** Methods defined beside the tasks. */
  readonly methods: ReadonlyMap<string, Extract<RubyNode, { kind: 'def' }> & { readonly file: string }>
  readonly files: readonly string[]
  readonly unread: readonly { readonly file: string; readonly part: Unread }[]
  /** The Capfile is there: what it does not require is not loaded. */
  readonly whole: boolean
}

/** Files read for one project, and how deep `load` is followed. */
const mostFiles = 200
const mostLoops = 40

/** Every Capistrano project in the repository: one for each Capfile, or `config/deploy.rb` without one. */
export function capistranoOf(files: Files, ruby: RubyParser): readonly CapistranoProgram[] {
  const rootOf = (file: string): string | undefined => {
    const parts = /^(?:(.*)\/)?(?:Capfile|config\/deploy\.rb)$/.exec(file)
    return parts ? (parts[1] ?? '') : undefined
  }
  const roots = new Set<string>()
  for (const source of files.of('capistrano', 'ruby')) {
    const root = rootOf(source.file)
    if (root !== undefined) roots.add(root)
  }
  const out: CapistranoProgram[] = []
  for (const root of roots) {
    const program = programOf(root, files, ruby)
    if (program) out.push(program)
  }
  return out
}

function programOf(root: string, files: Files, ruby: RubyParser): CapistranoProgram | undefined {
  const file = (name: string): Source | undefined => files.get(root ? `${root}/${name}` : name)
  const capfile = file('Capfile')
  const deploy = file('config/deploy.rb')
  const first = capfile ?? deploy
  if (!first || (deploy && /^\s*require\s+['"]mina\b/m.test(deploy.text))) return undefined
  const reader = readerOf(root, files, ruby)
  const gems = file('Gemfile.lock')?.text ?? ''
  const version = versionOf(gems, capfile?.text ?? '', deploy?.text ?? '')
  if (capfile) reader.file(capfile)
  reader.imports()
  const config = reader.text('deploy_config_path') ?? 'config/deploy.rb'
  const main = file(config)
  if (main) reader.file(main)
  const stagesAt = (reader.text('stage_config_path') ?? reader.text('stage_dir') ?? 'config/deploy').replace(/\/$/, '')
  const stages: string[] = []
  for (const source of files.all) {
    const inside = relative(root, source.file)
    if (inside === undefined || !matchesGlob(`${stagesAt}/*.rb`, inside)) continue
    const stage = inside.slice(stagesAt.length + 1, -3)
    stages.push(stage)
    reader.file(source, stage)
  }
  reader.imports()
  return {
    version,
    root,
    at: { file: first.file, start: 0, end: 0 },
    stages,
    whole: capfile !== undefined,
    ...reader.done(),
  }
}

function versionOf(gems: string, capfile: string, deploy: string): 2 | 3 {
  const locked =
    /^ {4}capistrano \((\d+)\./m.exec(gems) ?? /^\s*lock\s*\(?\s*['"](?:~>\s*|=\s*|>=\s*)?(\d+)\./m.exec(deploy)
  if (locked) return Number(locked[1]) < 3 ? 2 : 3
  if (/require\s*\(?['"]capistrano\/setup['"]/.test(capfile)) return 3
  if (/^\s*load\s*\(?\s*['"]deploy['"]/m.test(capfile)) return 2
  // The setting has another name since version 3.
  if (/^\s*set\s*\(?:repository\b/m.test(deploy) && !/:repo_url\b/.test(deploy)) return 2
  if (/capistrano\/ext\/multistage|^\s*(run|try_sudo)\s|bundler\/capistrano/m.test(deploy)) return 2
  return 3
}

function relative(root: string, file: string): string | undefined {
  if (root === '') return file
  return file.startsWith(`${root}/`) ? file.slice(root.length + 1) : undefined
}

interface Scope {
  readonly file: string
  readonly namespace: readonly string[]
  readonly bound: Bindings
  readonly stage?: string
  readonly depth: number
}

interface Reader {
  file(source: Source, stage?: string): void
  imports(): void
  text(setting: string): string | undefined
  done(): Pick<CapistranoProgram, 'tasks' | 'hooks' | 'settings' | 'wants' | 'servers' | 'methods' | 'files' | 'unread'>
}

function readerOf(root: string, files: Files, ruby: RubyParser): Reader {
  const tasks = new Map<string, Task>()
  const hooks: Hook[] = []
  const settings: Setting[] = []
  const wants: Wanted[] = []
  const servers: { host: string; at: Span; stage?: string }[] = []
  const methods = new Map<string, Extract<RubyNode, { kind: 'def' }> & { readonly file: string }>()
  const read = new Set<string>()
  const unread: { file: string; part: Unread }[] = []
  const later: { pattern: string; scope: Scope }[] = []

  const file = (source: Source, stage?: string): void => {
    if (read.has(source.file)) return
    if (read.size >= mostFiles) {
      unread.push({ file: source.file, part: { start: 0, end: 0, says: `more than ${mostFiles} files of one deploy` } })
      return
    }
    read.add(source.file)
    const parsed = ruby(source.text)
    for (const part of parsed.errors) unread.push({ file: source.file, part })
    body(parsed.tree, { file: source.file, namespace: [], bound: new Map(), depth: 0, ...(stage ? { stage } : {}) })
  }

  const body = (nodes: readonly RubyNode[], scope: Scope): void => {
    for (const node of nodes) statement(node, scope)
  }

  const statement = (node: RubyNode, scope: Scope): void => {
    if (scope.depth > 60) return
    const inside = { ...scope, depth: scope.depth + 1 }
    if (node.kind === 'call') call(node, inside)
    else if (node.kind === 'if') {
      body(node.then, inside)
      body(node.else, inside)
    } else if (node.kind === 'begin') {
      body(node.body, inside)
      body(node.ensure, inside)
    } else if (node.kind === 'case') for (const when of node.whens) body(when.body, inside)
    else if (node.kind === 'def') methods.set(node.name, { ...node, file: scope.file })
    else if (node.kind === 'module' || node.kind === 'class')
      body(
        node.body.filter((one) => one.kind === 'def'),
        inside,
      )
    else if (node.kind === 'logic') statement(node.right, inside)
    else if (node.kind === 'assign' && node.target.kind === 'name')
      settings.push({
        name: `${node.target.name}`,
        value: node.value,
        how: node.operator === '||=' ? 'default' : 'set',
        items: [],
        at: spanOf(scope, node),
        ...(scope.stage ? { stage: scope.stage } : {}),
      })
  }

  const call = (node: RubyCall, scope: Scope): void => {
    const block = node.block?.kind === 'block' ? node.block : undefined
    if (node.receiver) return callOn(node, node.receiver, block, scope)
    const known = statements[node.name]
    if (known) known(node, scope, block)
    else if (block) body(block.body, scope)
  }

  const callOn = (node: RubyCall, receiver: RubyNode, block: RubyBlock | undefined, scope: Scope): void => {
    const cleared = clearedTask(node, receiver)
    if (cleared !== undefined) {
      tasks.set(cleared, { name: cleared, needs: [], blocks: [], cleared: true, at: spanOf(scope, node) })
      return
    }
    if (!block) return
    if (/^(each|map|each_with_index)$/.test(node.name)) return loop(receiver, block, scope)
    // `Capistrano::Configuration.instance(true).load do … end` of version 2.
    if (node.name === 'load' || node.name === 'tap' || node.name === 'configure') body(block.body, scope)
  }

  const loop = (over: RubyNode, block: RubyBlock, scope: Scope): void => {
    const pattern = globOf(over)
    if (pattern !== undefined) {
      const loads = JSON.stringify(block.body.map((one) => (one.kind === 'call' ? one.name : '')))
      if (/load|import|require/.test(loads)) later.push({ pattern, scope })
      return
    }
    const items = listOf(over, scope.bound) ?? [undefined]
    for (const item of items.slice(0, mostLoops)) {
      const bound = new Map(scope.bound)
      if (block.params[0] !== undefined && item !== undefined) bound.set(block.params[0], item)
      body(block.body, { ...scope, bound })
    }
  }

  const inStage = (scope: Scope): { stage?: string } => (scope.stage === undefined ? {} : { stage: scope.stage })
  const blockOf = (block: RubyBlock, scope: Scope, at: Span): TaskBlock => {
    return { body: block.body, params: block.params, bound: scope.bound, at, ...inStage(scope) }
  }
  const full = (name: string, scope: Scope): string => [...scope.namespace, name].join(':')
  const word = (node: RubyNode | undefined, scope: Scope): string | undefined =>
    node && listOf(node, scope.bound)?.map((one) => rubyText(one))[0]

  /** A task's name as seen from a namespace: the nearest one that is there, else as written. */
  const lookup = (name: string, scope: Scope): string => {
    if (name.startsWith('^')) return name.slice(1)
    for (let depth = scope.namespace.length; depth > 0; depth--) {
      const candidate = [...scope.namespace.slice(0, depth), name].join(':')
      if (tasks.has(candidate) || isBuiltIn(candidate)) return candidate
    }
    if (name.includes(':') || scope.namespace.length === 0 || tasks.has(name) || isBuiltIn(name)) return name
    return full(name, scope)
  }

  const addTask = (node: RubyCall, block: RubyBlock | undefined, scope: Scope): void => {
    const { name, needs, roles } = taskLine(node, scope)
    if (name === undefined) return
    const known = tasks.get(name)
    const at = spanOf(scope, node)
    const made: readonly TaskBlock[] = block ? [blockOf(block, scope, at)] : []
    const resolved = needs.map((need) => ({
      task: lookup(need, { ...scope, namespace: name.split(':').slice(0, -1) }),
      at,
    }))
    tasks.set(name, {
      name,
      needs: [...(known?.needs ?? []), ...resolved],
      blocks: [...(known?.blocks ?? []), ...made],
      at: known?.at ?? at,
      ...(known?.cleared ? { cleared: true as const } : {}),
      ...(roles ? { roles } : {}),
    })
  }

  const taskLine = (
    node: RubyCall,
    scope: Scope,
  ): { name: string | undefined; needs: readonly string[]; roles?: string } => {
    const [first, ...rest] = node.args
    const texts = (value: RubyNode | undefined): readonly string[] =>
      (value ? (listOf(value, scope.bound) ?? []) : []).flatMap((one) => rubyText(one) ?? [])
    const options = [first, ...rest].flatMap((arg) => (arg?.kind === 'hash' ? arg.pairs : []))
    const roles = options.find((pair) => rubyText(pair.key) === 'roles')?.value
    if (first?.kind === 'hash') {
      const pair = first.pairs[0]
      const name = word(pair?.key, scope)
      return { name: name === undefined ? undefined : full(name, scope), needs: texts(pair?.value) }
    }
    const name = word(first, scope)
    // `task :name, [:args] => [:needs]`: the only pair whose key is a list.
    const needs =
      options.find((pair) => pair.key?.kind === 'array')?.value ??
      options.find((pair) => rubyText(pair.key) === 'needs')?.value
    const role = roles ? texts(roles).join(',') : ''
    return {
      name: name === undefined ? undefined : full(name, scope),
      needs: texts(needs),
      ...(role ? { roles: role } : {}),
    }
  }

  const addHook = (when: 'before' | 'after', node: RubyCall, block: RubyBlock | undefined, scope: Scope): void => {
    const [target, ...runs] = node.args.filter((arg) => arg.kind !== 'hash').map((arg) => word(arg, scope))
    if (target === undefined) return
    const at = spanOf(scope, node)
    const task = lookup(target, scope)
    const named = runs.flatMap((name) => name ?? [])
    if (block && named.length === 0) named.push(`${when} ${task} in ${scope.file}:${node.start}`)
    for (const name of named) {
      if (block) {
        const own = /\s/.test(name) ? name : full(name, scope)
        const known = tasks.get(own)
        const made = blockOf(block, scope, at)
        tasks.set(own, { name: own, needs: known?.needs ?? [], blocks: [...(known?.blocks ?? []), made], at })
        hooks.push({ when, task, runs: own, at, ...inStage(scope) })
      } else hooks.push({ when, task, runs: lookup(name, scope), at, ...inStage(scope) })
    }
  }

  const setting = (how: Setting['how'], node: RubyCall, block: RubyBlock | undefined, scope: Scope): void => {
    const name = word(node.args[0], scope)
    if (name === undefined) return
    const value = block ?? node.args[1]
    const items = how === 'append' || how === 'remove' ? node.args.slice(1) : []
    settings.push({ name, value, how, items, at: spanOf(scope, node), ...(scope.stage ? { stage: scope.stage } : {}) })
  }

  const server = (node: RubyCall, scope: Scope, from: number): void => {
    for (const arg of node.args.slice(from)) {
      if (arg.kind === 'hash') continue
      for (const host of listOf(arg, scope.bound) ?? []) {
        const text = rubyText(host) ?? `$${host.kind === 'name' ? host.name : 'host'}`
        servers.push({ host: text, at: spanOf(scope, node), ...(scope.stage ? { stage: scope.stage } : {}) })
      }
    }
  }

  const load = (node: RubyCall, scope: Scope): void => {
    const name = word(node.args[0], scope) ?? globOf(node.args[0])
    if (name !== undefined) follow(name, scope)
  }

  const follow = (name: string, scope: Scope): void => {
    const patterns = [name, name.endsWith('.rb') ? name : `${name}.rb`]
    for (const pattern of patterns) {
      const at = joinPath(root, pattern.replace(/^\.?\//, ''))
      const beside = joinPath(directoryOf(scope.file), pattern.replace(/^\.\//, ''))
      if (/[*?{[]/.test(pattern)) {
        for (const source of files.all)
          if (at !== undefined && matchesGlob(`/${at}`, source.file)) file(source, scope.stage)
        continue
      }
      const source =
        (at !== undefined ? files.get(at) : undefined) ?? (beside !== undefined ? files.get(beside) : undefined)
      if (source) return file(source, scope.stage)
    }
  }

  const statements: Readonly<Record<string, (node: RubyCall, scope: Scope, block: RubyBlock | undefined) => void>> = {
    namespace: (node, scope, block) => {
      const name = word(node.args[0], scope)
      if (block) body(block.body, name === undefined ? scope : { ...scope, namespace: [...scope.namespace, name] })
    },
    task: (node, scope, block) => addTask(node, block, scope),
    remote_task: (node, scope, block) => addTask(node, block, scope),
    before: (node, scope, block) => addHook('before', node, block, scope),
    after: (node, scope, block) => addHook('after', node, block, scope),
    set: (node, scope, block) => setting('set', node, block, scope),
    set_if_empty: (node, scope, block) => setting('default', node, block, scope),
    _cset: (node, scope, block) => setting('default', node, block, scope),
    append: (node, scope, block) => setting('append', node, block, scope),
    remove: (node, scope, block) => setting('remove', node, block, scope),
    server: (node, scope) => server({ ...node, args: node.args.slice(0, 1) }, scope, 0),
    role: (node, scope) => server(node, scope, 1),
    load: (node, scope, block) => (block ? body(block.body, scope) : load(node, scope)),
    import: (node, scope) => load(node, scope),
    require: (node, scope) => {
      const name = word(node.args[0], scope)
      if (name === undefined) return
      wants.push({ name, at: spanOf(scope, node) })
      follow(name, scope)
    },
    require_relative: (node, scope) => load(node, scope),
    install_plugin: (node, scope) => {
      const name = node.args[0]
      if (name?.kind === 'name' || name?.kind === 'call') wants.push({ name: nameOf(name), at: spanOf(scope, node) })
    },
    desc: () => undefined,
  }

  const spanOf = (scope: Scope, node: { readonly start: number; readonly end: number }): Span => ({
    file: scope.file,
    start: node.start,
    end: node.end,
  })

  return {
    file,
    imports: () => {
      while (later.length > 0) {
        const { pattern, scope } = later.shift()!
        follow(pattern, scope)
      }
    },
    text: (name) => {
      const found = settings.findLast((one) => one.name === name && one.how !== 'append')
      return found?.value && found.value.kind !== 'block' ? rubyText(found.value) : undefined
    },
    done: () => ({ tasks, hooks, settings, wants, servers, methods, files: [...read], unread }),
  }
}

/** `Rake::Task['x'].clear`, `.clear_actions`: the name; anything else undefined. */
function clearedTask(node: RubyCall, receiver: RubyNode): string | undefined {
  if (!/^clear(_actions)?$/.test(node.name) || receiver.kind !== 'call' || receiver.name !== '[]') return undefined
  const on = receiver.receiver
  return on?.kind === 'name' && /^(Rake::)?Task$/.test(on.name) ? rubyText(receiver.args[0]) : undefined
}

/** The pattern of `Dir.glob('x')`, `Dir['x']` and `FileList['x']`. */
function globOf(node: RubyNode | undefined): string | undefined {
  if (node?.kind !== 'call') return undefined
  if (node.receiver?.kind === 'name' && /^(Dir|FileList|Rake::FileList)$/.test(node.receiver.name))
    return rubyText(node.args[0])
  // `Dir.glob('x').sort.each`
  return node.receiver && /^(sort|reverse|to_a|uniq)$/.test(node.name) ? globOf(node.receiver) : undefined
}

function nameOf(node: RubyNode): string {
  return node.kind === 'name' ? node.name : node.kind === 'call' ? node.name : ''
}

/** Tasks that version 3 has by itself: hooks find them from inside `namespace :deploy`. */
function isBuiltIn(name: string): boolean {
  return /^deploy:(starting|started|updating|updated|publishing|published|finishing|finished|reverting|reverted|finishing_rollback|rollback|failed|restart|cleanup|check|log_revision|symlink:(release|shared|linked_files|linked_dirs)|check:(directories|linked_dirs|linked_files|make_linked_dirs)|migrate|compile_assets|assets:precompile|set_rails_env|update|update_code|finalize_update|create_symlink|migrations|web:(enable|disable))$/.test(
    name,
  )
}
