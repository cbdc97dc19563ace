import type { Span } from '../../source/source.ts'
import { at, entriesOf, isEmpty, itemsOf, textAt, type YamlMap, type YamlNode } from '../../parse/yaml.ts'

/** One task of a play, role or handler file, or a block of them. */
export interface Task {
  readonly at: Span
  readonly name: string
  /** The module without its collection: `file`, `systemd`; a block: `block`. */
  readonly module: string
  /** The module's name and arguments: where the task says what it does. */
  readonly does: Span
  /** Arguments as they are written; a mapping for `include_role`'s and the like. */
  readonly args: ReadonlyMap<string, YamlNode>
  /** `command: ls -l`: what stands behind the name when it is one text. */
  readonly free?: string
  readonly when?: string
  readonly loop?: YamlNode
  readonly loopVar: string
  readonly notify: readonly YamlNode[]
  readonly listen: readonly string[]
  readonly delegateTo?: string
  readonly ignores: boolean
  readonly vars?: YamlNode
  readonly register?: string
  readonly block: readonly Task[]
  readonly rescue: readonly Task[]
  readonly always: readonly Task[]
}

const keywords = new Set(
  'name when loop with_items with_dict with_fileglob with_together with_nested with_subelements with_sequence with_first_found with_list with_indexed_items with_flattened with_lines with_filetree with_random_choice notify listen delegate_to delegate_facts ignore_errors ignore_unreachable failed_when changed_when register vars tags become become_user become_method become_flags become_exe environment args block rescue always run_once until retries delay async poll no_log check_mode diff any_errors_fatal throttle timeout remote_user connection port debugger loop_control module_defaults collections action local_action sudo sudo_user first_available_file'.split(
    ' ',
  ),
)

const mostTasks = 3000
const deepest = 30

/** The tasks of a list. What is no mapping is passed over. */
export function tasksOf(list: YamlNode | undefined, file: string, depth = 0): readonly Task[] {
  if (depth > deepest) return []
  return itemsOf(list)
    .slice(0, mostTasks)
    .flatMap((node) => (node.kind === 'map' ? [taskOf(node, file, depth)] : []))
}

function taskOf(node: YamlMap, file: string, depth: number): Task {
  const placed = (start: number, end: number): Span => ({ file, start, end })
  const { module, value, from, to } = moduleOf(node)
  const { args, free } = argumentsOf(node, value)
  const loop = entriesOf(node).find(({ key }) =>
    /^(loop|with_(items|list|flattened|dict|nested|together|fileglob))$/.test(key.text),
  )
  const flag = (key: string): boolean => /^(true|yes|1|on)$/i.test(textAt(node, key) ?? '')
  const never = /^\s*(false|no)\s*$/i.test(textAt(node, 'failed_when') ?? '')
  const conditions = itemsOf(at(node, 'when')).flatMap((item) => (item.kind === 'scalar' ? [item.text] : []))
  const local = at(node, 'local_action') ? 'localhost' : textAt(node, 'delegate_to')
  const vars = at(node, 'vars')
  const register = textAt(node, 'register')
  return {
    at: placed(node.start, node.end),
    does: placed(from, to),
    name: textAt(node, 'name') ?? (free || shownArguments(module, args)),
    module,
    args,
    notify: itemsOf(at(node, 'notify')),
    listen: itemsOf(at(node, 'listen')).flatMap((item) => (item.kind === 'scalar' ? [item.text] : [])),
    loopVar: textAt(node, 'loop_control', 'loop_var') ?? 'item',
    ignores: flag('ignore_errors') || never,
    block: tasksOf(at(node, 'block'), file, depth + 1),
    rescue: tasksOf(at(node, 'rescue'), file, depth + 1),
    always: tasksOf(at(node, 'always'), file, depth + 1),
    ...(free === undefined ? {} : { free }),
    ...(conditions.length > 0 ? { when: conditions.join(' and ') } : {}),
    ...(loop ? { loop: loop.value } : {}),
    ...(local === undefined ? {} : { delegateTo: local }),
    ...(vars ? { vars } : {}),
    ...(register === undefined ? {} : { register }),
  }
}

/** A task without a name, by what it says: `git dest=/srv/app`. */
function shownArguments(module: string, args: ReadonlyMap<string, YamlNode>): string {
  const shown = [...args].flatMap(([name, value]) =>
    value.kind === 'scalar' && /^(name|path|dest|src|state|url|repo|role|file)$/.test(name)
      ? [`${name}=${value.text}`]
      : [],
  )
  return [module, ...shown].join(' ')
}

interface Found {
  readonly module: string
  readonly value: YamlNode | undefined
  readonly from: number
  readonly to: number
}

function moduleOf(node: YamlMap): Found {
  if (at(node, 'block')) return { module: 'block', value: undefined, from: node.start, to: node.end }
  const action = entriesOf(node).find(({ key }) => key.text === 'action' || key.text === 'local_action')
  const entry = action ?? entriesOf(node).find(({ key }) => !keywords.has(key.text))
  if (!entry) return { module: 'nothing', value: undefined, from: node.start, to: node.end }
  const place = { from: entry.key.start, to: Math.max(entry.value.end, entry.key.end) }
  if (!action) return { module: short(entry.key.text), value: entry.value, ...place }
  if (action.value.kind === 'map')
    return { module: short(textAt(action.value, 'module') ?? ''), value: action.value, ...place }
  const line = textAt(action.value) ?? ''
  const space = line.search(/\s/)
  const rest = space === -1 ? '' : line.slice(space + 1).trim()
  const value: YamlNode | undefined =
    action.value.kind === 'scalar' ? { ...action.value, text: rest, value: rest } : undefined
  return { module: short(space === -1 ? line : line.slice(0, space)), value, ...place }
}

/** A module's own name: `ansible.builtin.file` is `file`. */
function short(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

const texts =
  /^(command|shell|raw|script|win_shell|win_command|meta|include|include_tasks|import_tasks|import_playbook|include_vars|debug|fail|pause)$/

function argumentsOf(
  node: YamlMap,
  value: YamlNode | undefined,
): { readonly args: ReadonlyMap<string, YamlNode>; readonly free?: string } {
  const args = new Map<string, YamlNode>()
  for (const { key, value: own } of entriesOf(at(node, 'args'))) args.set(key.text, own)
  if (value?.kind === 'map') for (const { key, value: own } of entriesOf(value)) args.set(key.text, own)
  if (value?.kind !== 'scalar' || isEmpty(value)) {
    const line = args.get('cmd') ?? args.get('_raw_params')
    return line?.kind === 'scalar' ? { args, free: line.text } : { args }
  }
  // `file: path=/srv state=link`: pairs in one text; for commands a few pairs before or after the line.
  const free = value.text.replace(
    /(^|\s)([a-z_]\w*)=("(?:[^"\\]|\\.)*"|'[^']*'|(?:\{\{.*?\}\}|[^\s"'])*)/g,
    (whole: string, before: string, name: string, given: string) => {
      if (texts.test(moduleNameOf(node)) && !/^(chdir|creates|removes|executable|warn)$/.test(name)) return whole
      args.set(name, { ...value, text: given.replace(/^(["'])([\s\S]*)\1$/, '$2') })
      return before
    },
  )
  return { args, free: free.trim() }
}

function moduleNameOf(node: YamlMap): string {
  return moduleOf(node).module
}
