import { directoryOf, joinPath } from '../../discover/files.ts'
import {
  parsePhp,
  walkPhp,
  type PhpArgument,
  type PhpArray,
  type PhpCall,
  type PhpExpression,
  type PhpFile,
  type PhpStatement,
} from '../../parse/php.ts'
import type { Span } from '../../source/source.ts'
import type { Ground } from '../ground.ts'
import { bodyOf } from './body.ts'
import type { Body, DeployerProject, Setting } from './project.ts'

// A project includes this many files at most.
const mostFiles = 60

/** Reads a deploy.php and what it requires into the project. */
export function readPhpProject(project: DeployerProject, files: string[], file: string, ground: Ground): void {
  const source = ground.files.get(file)
  if (!source || files.includes(file) || files.length >= mostFiles) return
  files.push(file)
  const { tree, errors } = parsePhp(source.text, ground.php)
  ground.read(file)
  for (const error of errors) ground.unread(file, error)
  const reader = readerOf(project, files, file, tree, ground)
  walkPhp(tree.body, reader)
}

/** Looks at every call outside tasks; what is in a task's own function is read as its body. */
function readerOf(project: DeployerProject, files: string[], file: string, tree: PhpFile, ground: Ground) {
  const span = (node: { readonly start: number; readonly end: number }): Span => ({
    file,
    start: node.start,
    end: node.end,
  })
  const require = (path: string, at: Span): void => requireFile(project, files, path, at, ground)
  return (node: PhpExpression | PhpStatement | { readonly kind: string }): unknown => {
    if (node.kind === 'function')
      return (node as { how?: string }).how !== 'function' && (node as { how?: string }).how !== 'method'
    if (node.kind === 'include') {
      const path = textOf((node as { target: PhpExpression }).target)
      if (path) require(path, span(node as PhpExpression))
      return false
    }
    if (node.kind !== 'call') return true
    const call = node as PhpCall
    const name = nameOf(call)
    const words = call.args.map((arg) => textOf(arg.value))
    if (call.how === 'method') return method(project, call, span)
    switch (name) {
      case 'task':
        if (words[0] && call.args[1]) {
          project.tasks.delete(words[0])
          project.groups.delete(words[0])
          define(project, words[0], call.args[1].value, span(call), file, tree, ground)
        }
        return false
      case 'before':
      case 'after':
      case 'fail': {
        const [task, what] = words
        const closure = call.args[1]?.value
        if (task && what) project.hooks.push({ when: name, task, what, at: span(call) })
        else if (task && closure) {
          const own = `${name} ${task} ${call.start}`
          define(project, own, closure, span(call), file, tree, ground)
          project.hooks.push({ when: name, task, what: own, at: span(call) })
        }
        return false
      }
      case 'set':
      case 'add':
        if (words[0] && call.args[1]) setting(project, words[0], call.args[1], name === 'add', span(call))
        return false
      case 'host':
      case 'server':
      case 'localhost':
      case 'localServer':
        project.hosts.push(
          name.startsWith('local') ? 'localhost' : (words.at(name === 'server' ? 1 : 0) ?? words[0] ?? 'unknown'),
        )
        return true
      case 'import':
        if (words[0]) require(words[0], span(call))
        return false
    }
    return true
  }
}

function method(project: DeployerProject, call: PhpCall, span: (node: PhpCall) => Span): boolean {
  const inner = call.on
  const name = nameOf(call)
  const words = call.args.map((arg) => textOf(arg.value))
  if ('kind' in inner && inner.kind === 'call' && nameOf(inner) === 'task') {
    const task = textOf(inner.args[0]?.value)
    if (
      task &&
      inner.args[1] === undefined &&
      /^(disable|once|onHosts|onStage|select|addBefore|addAfter|onRoles)$/.test(name)
    ) {
      const known = project.tasks.get(task)
      if (name === 'disable') {
        project.tasks.set(task, {
          name: task,
          at: known?.at ?? span(call),
          body: known?.body ?? [],
          sometimes: false,
          disabled: true,
        })
      }
      if (words[0] && name.startsWith('add')) {
        project.hooks.push({ when: name === 'addBefore' ? 'before' : 'after', task, what: words[0], at: span(call) })
      }
    }
  }
  // `host('x')->set('deploy_path', …)` is one host's; the directories are alike.
  if ((name === 'set' || name === 'add') && words[0] && call.args[1] && !project.settings.has(words[0])) {
    setting(project, words[0], call.args[1], false, span(call))
  }
  return true
}

/** The list that a variable holds: the longest of those assigned to it, which leaves out no step. */
function listOf(name: string, tree: PhpFile, depth = 0): PhpArray | undefined {
  const found: PhpArray[] = []
  walkPhp(tree.body, (node) => {
    if (node.kind === 'function' || node.kind === 'class') return false
    if (node.kind !== 'assign' || node.target.kind !== 'variable' || node.target.name !== name) return true
    const value = node.value
    if (value.kind === 'array') found.push(value)
    else if (value.kind === 'variable' && typeof value.name === 'string' && depth < 4) {
      const other = listOf(value.name, tree, depth + 1)
      if (other) found.push(other)
    }
    return true
  })
  return found.sort((a, b) => b.items.length - a.items.length)[0]
}

function define(
  project: DeployerProject,
  name: string,
  given: PhpExpression,
  at: Span,
  file: string,
  tree: PhpFile,
  ground: Ground,
): void {
  if (given.kind === 'variable' && typeof given.name === 'string') given = listOf(given.name, tree) ?? given
  if (given.kind === 'array') {
    const items = given.items.flatMap(({ value }) => {
      const text = textOf(value)
      return text === undefined ? [] : [{ text, at: { file, start: value.start, end: value.end } }]
    })
    project.groups.set(name, { tasks: items.map((item) => item.text), at, places: items.map((item) => item.at) })
    return
  }
  let body: Body = []
  if (given.kind === 'function') body = bodyOf(given, { file, tree, ground, project })
  else if (given.kind === 'call' && nameOf(given) === 'artisan') {
    body = [{ task: `artisan:${textOf(given.args[0]?.value)?.split(' ')[0] ?? ''}`, at }]
  } else {
    const other = textOf(given)
    if (other !== undefined) {
      // Version 4: a name alone is an alias, a text with blanks is a command.
      if (/^[\w:-]+$/.test(other)) project.groups.set(name, { tasks: [other], at })
      else body = bodyOf(given, { file, tree, ground, project })
    }
  }
  if (!project.groups.has(name)) project.tasks.set(name, { name, at, body, sometimes: false, disabled: false })
}

function setting(project: DeployerProject, name: string, given: PhpArgument, add: boolean, at: Span): void {
  const value = given.value
  const before = project.settings.get(name)
  const merges = value.kind === 'call' && nameOf(value) === 'array_merge'
  const lists =
    value.kind === 'array'
      ? [value]
      : merges
        ? value.args.map((arg) => arg.value).filter((one) => one.kind === 'array')
        : []
  const items = lists.flatMap((list) => list.items)
  const texts = lists.length > 0 ? items.map((item) => textOf(item.value)) : [textOf(value)]
  const partly = texts.some((text) => text === undefined) || (value.kind === 'call' && !merges)
  const known = texts.filter((text): text is string => text !== undefined)
  const more = add || merges
  const made: Setting = {
    texts: more ? [...(before?.texts ?? []), ...known] : known,
    at,
    list: lists.length > 0 || value.kind === 'array',
    partly: partly || (more && (before?.partly ?? false)),
  }
  project.settings.set(add || merges ? `+${name}` : name, made)
  if (more && before) project.settings.set(name, made)
}

/** `recipe/laravel.php`, a file of the project, or something that is not there. */
export function requireFile(project: DeployerProject, files: string[], path: string, at: Span, ground: Ground): void {
  const recipe = /(?:^|\/)(?:recipe|contrib|recipes)\/([\w-]+)(?:\.php)?$/.exec(path)?.[1]
  const below = path.replace(/^\/+/, '')
  const own = [joinPath(directoryOf(at.file), below), joinPath('', below)].find(
    (one) => one !== undefined && ground.files.get(one),
  )
  if (own && !/(^|\/)vendor\//.test(own)) {
    if (/\.php$/.test(own)) readPhpProject(project, files, own, ground)
    else project.missing.push({ at, says: `${own} was not read` })
  } else if (recipe) project.recipes.set(recipe, at)
  else if (!/autoload|vendor\/(autoload|symfony)|\.env|config/.test(path))
    project.missing.push({ at, says: `${path} is not in the project` })
}

/** The plain name of what a call calls. */
export function nameOf(call: PhpCall): string {
  return typeof call.name === 'string' ? call.name.split('\\').at(-1)! : ''
}

/** The text of an expression when it is written out: strings, concatenations, `__DIR__` as nothing, holes as `{{…}}`. */
export function textOf(node: PhpExpression | undefined): string | undefined {
  switch (node?.kind) {
    case 'string':
      return node.value
    case 'number':
      return String(node.value)
    case 'boolean':
      return String(node.value)
    case 'name':
      return /^__DIR__$/i.test(node.name) ? '' : undefined
    case 'template': {
      const parts = node.parts.map((part) => (part.kind === 'string' ? part.value : `{{${holeName(part)}}}`))
      return parts.join('')
    }
    case 'binary': {
      if (node.operator !== '.') return undefined
      const [left, right] = [textOf(node.left), textOf(node.right)]
      return left === undefined && right === undefined
        ? undefined
        : `${left ?? `{{${holeName(node.left)}}}`}${right ?? `{{${holeName(node.right)}}}`}`
    }
    case 'call': {
      const name = nameOf(node)
      if (name === 'get' || name === 'env') return `{{${textOf(node.args[0]?.value) ?? ''}}}`
      if (name === 'parse') return textOf(node.args[0]?.value)
      if (name === 'sprintf') return sprintf(node)
      if (name === 'dirname') return ''
      return undefined
    }
    default:
      return undefined
  }
}

function holeName(node: PhpExpression): string {
  if (node.kind === 'variable' && typeof node.name === 'string') return node.name
  if (node.kind === 'call') return textOf(node.args[0]?.value) ?? nameOf(node)
  return node.kind
}

function sprintf(call: PhpCall): string | undefined {
  const [format, ...rest] = call.args
  let next = 0
  return textOf(format?.value)?.replace(/%(?:\d+\$)?[sd]/g, () => {
    const value = rest[next++]?.value
    return value ? (textOf(value) ?? `{{${holeName(value)}}}`) : ''
  })
}
