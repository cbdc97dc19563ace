import { directoryOf, joinPath } from '../../discover/files.ts'
import { parseShell, withoutCarriageReturns } from '../../parse/shell.ts'
import { wholeFile } from '../../source/piece.ts'
import type { Label } from '../../source/source.ts'
import { at, say, type Context, type Run } from './frame.ts'
import type { Word } from './script.ts'
import type { Called } from './simple.ts'
import { exact } from './options.ts'
import { any, settleStatus, fork, type State } from './state.ts'
import { literal, textOf } from './value.ts'
import { walk } from './walk.ts'

/** `source`: a file of the project is walked in place; of one that is not, anything may have been set. */
export function sourceBuiltin(
  run: Run,
  context: Context,
  state: State,
  called: Called,
  words: readonly Word[],
): readonly State[] {
  const target = words[0]
  if (!target) return any(state)
  const file = sourcedFile(run, context, target)
  const source = file === undefined ? undefined : run.files.get(file)
  if (
    !source ||
    context.frame.depth > 12 ||
    context.frame.via.filter((label) => label.says === `reads ${file}`).length > 1
  ) {
    return unread(run, context, state, target)
  }
  run.read.add(source.file)
  const label: Label = { at: at(context.frame, called.node), says: `reads ${source.file}` }
  let frame = context.frame.inner.get(called.node)
  let tree = run.trees.get(source.file)
  if (!tree) {
    const piece = withoutCarriageReturns(wholeFile(source.file, source.text))
    const parsed = parseShell(piece.text)
    if (parsed.errors.length > 0)
      say(run, context.frame, called.node, `${source.file} is read in part: ${parsed.errors[0]!.says}`)
    run.trees.set(source.file, (tree = { tree: parsed.tree, piece }))
  }
  if (!frame) {
    frame = {
      ...context.frame,
      piece: tree.piece,
      file: source.file,
      holes: [],
      via: [...context.frame.via, label].slice(-8),
      born: new Map(),
      inner: new Map(),
      recorded: new Map(),
      depth: context.frame.depth + 1,
    }
    context.frame.inner.set(called.node, frame)
  }
  const returns: State[] = []
  const args = state.args
  if (words.length > 1)
    state.args = { known: words.slice(1).map((word) => word.fields[0] ?? literal('')), open: undefined }
  const ends = [...walk(run, { ...context, frame, returns, loop: undefined }, tree.tree.commands, [state]), ...returns]
  for (const end of ends) end.args = args
  return ends
}

/**
 * After code that was not read anything may be set. Where the project lacks a file that is named from here, bash says that it is
 * not there and goes on (SH-07); other shells end.
 */
function unread(run: Run, context: Context, state: State, target: Word): readonly State[] {
  const next = fork(state)
  next.foreign = ++run.tick
  next.absent = false
  const path = exact(target)
  if (path === undefined) run.loads = true
  const missing =
    path !== undefined && !path.startsWith('/') && /^(bash|zsh)$/.test(context.frame.shell.dialect)
      ? [settleStatus({ ...fork(state), absent: true }, 'fail')]
      : []
  return [...any(next), ...missing]
}

/** The project's file that is installed under an absolute path: the one with the longest common tail, the nearest of several. */
function installedFile(run: Run, home: string, path: string): string | undefined {
  const parts = path.split('/').filter((part) => part !== '')
  for (let from = 0; from < parts.length - 1; from++) {
    const tail = parts.slice(from).join('/')
    const found = run.files.all.flatMap(({ file }) => (file === tail || file.endsWith(`/${tail}`) ? [file] : []))
    if (found.length > 0) return nearest(found, home)
  }
  return undefined
}

/** Of several files the one that shares the longest way with a directory. */
function nearest(files: readonly string[], directory: string): string {
  const shared = (file: string): number => {
    let same = 0
    while (same < file.length && same < directory.length && file[same] === directory[same]) same++
    return same
  }
  return files.reduce((best, file) => (shared(file) > shared(best) ? file : best))
}

const besideOf = (run: Run, home: string, text: string): string | undefined =>
  [joinPath(home, text), joinPath('', text)].find((file) => file !== undefined && run.files.get(file))

/** Whether a relative path is a file of the project, seen from where the script was started. */
export function isOfProject(run: Run, context: Context, state: State, text: string): boolean {
  if (text.startsWith('/') || context.frame.closed !== undefined) return false
  if (state.cwd.length !== 1 || state.cwd[0]!.way.length > 0) return false
  return besideOf(run, directoryOf(context.frame.file), text) !== undefined
}

/** The project's file that a `source` means: by its path, or by the known tail behind `$(dirname "$0")` and its like. */
function sourcedFile(run: Run, context: Context, target: Word): string | undefined {
  const way = target.fields[0]?.ways[0] ?? []
  const text = textOf(way)
  const home = directoryOf(context.frame.file)
  if (text !== undefined) {
    if (text.startsWith('/')) return installedFile(run, home, text)
    return besideOf(run, home, text)
  }
  let last = way.length - 1
  while (last >= 0 && !('of' in way[last]!)) last--
  const tail = way
    .slice(last + 1)
    .map((part) => ('of' in part ? '' : part.text))
    .join('')
  if (!/^\/?[\w.-]+/.test(tail) || last < 0) return undefined
  const relative = tail.replace(/^\/+/, '')
  for (
    let directory: string | undefined = home;
    directory !== undefined;
    directory = directory === '' ? undefined : directoryOf(directory)
  ) {
    const file = joinPath(directory, relative)
    if (file !== undefined && run.files.get(file)) return file
  }
  const matches = run.files.all.flatMap(({ file }) => (file.endsWith(`/${relative}`) ? [file] : []))
  return matches.length > 0 ? nearest(matches, home) : undefined
}
