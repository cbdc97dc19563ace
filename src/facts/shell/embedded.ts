import { parseShell, decodedPiece, type Shell } from '../../parse/shell.ts'
import { at, say, type Context, type Frame, type Printed, type Run } from './frame.ts'
import { decode } from './decode.ts'
import { exact, headOf, parseOptions, type Spec } from './options.ts'
import { innerFrame } from './substitution.ts'
import { runTraps } from './pipe.ts'
import { printWays } from './program.ts'
import { walk } from './walk.ts'
import { type Called } from './simple.ts'
import { wordShape, type Word } from './script.ts'
import { emptyState, fork, settleStatus, type State } from './state.ts'
import { literal, valueOf, type Origin } from './value.ts'

/** Walks the text of a word as code of this very shell: `eval`, `trap`. */
export function runEmbedded(
  run: Run,
  context: Context,
  state: State,
  word: Shell.Word,
  values: State,
): readonly State[] {
  return runWords(run, context, state, [word], values, word, {})
}

/** Walks words, joined by blanks, as code. The text is expanded with `values`, the state in which the words were handed over. */
function runWords(
  run: Run,
  context: Context,
  state: State,
  words: readonly Shell.Word[],
  values: State,
  key: object,
  more: Partial<Frame>,
): readonly State[] {
  const known = context.frame.inner.get(key)
  const text = decode(run, context, values, words)
  const piece = decodedPiece(context.frame.piece, text.text, text.map)
  const { tree, errors } = parseShell(text.text)
  if (errors.length > 0) say(run, context.frame, words[0]!, `a string of shell code: ${errors[0]!.says}`)
  if (known) context.frame.inner.delete(key)
  const frame = innerFrame(context.frame, key, piece, { holes: text.holes, ...more })
  if (known) {
    for (const [node, recorded] of known.recorded) frame.recorded.set(node, recorded)
  }
  if (frame.depth > 20) return [settleStatus(state, 'any')]
  return walk(run, { ...context, frame }, tree.commands, [state])
}

const sshSpec: Spec = { short: 'bcDeEFIiJLlmOopQRSWwB', stopsAtOperand: true }
const suSpec: Spec = { short: 'csgGw', long: ['command', 'shell', 'group'] }
const dockerSpec: Spec = {
  short: 'euwHcfpvlm',
  stopsAtOperand: true,
  long: [
    'env',
    'user',
    'workdir',
    'host',
    'context',
    'file',
    'project-name',
    'index',
    'env-file',
    'name',
    'volume',
    'network',
    'entrypoint',
    'namespace',
    'container',
    'profile',
    'project-directory',
  ],
}
const shells = /^(ba|da|a|z|k|mk)?sh$/

/** A shell that a command starts: `sh -c`, `ssh`, `su -c`, a here-document fed to one. undefined: it starts none. */
export function childShell(run: Run, context: Context, state: State, called: Called): readonly State[] | undefined {
  const { unwrapped } = called
  const name = unwrapped.name
  if (name === undefined) return undefined
  const words = unwrapped.words
  if (shells.test(name)) return ownShell(run, context, state, called, words, unwrapped.cleared)
  if (name === 'ssh') return farShell(run, context, state, called)
  if (name === 'su' || name === 'runuser') {
    const parsed = parseOptions(words.slice(1), suSpec)
    const code = parsed.options.get('-c')?.[0] ?? parsed.options.get('--command')?.[0]
    const login =
      parsed.options.has('-l') || parsed.options.has('--login') || parsed.operands.some((word) => exact(word) === '-')
    return code
      ? start(run, context, state, called, [code], {
          closed: login
            ? `is not set for the other user: \`${name} -\` starts with an environment of its own`
            : undefined,
          home: login,
        })
      : undefined
  }
  if (/^(docker|podman|kubectl|docker-compose|nerdctl)$/.test(name)) return container(run, context, state, called)
  if (name === 'sudo' && words.some((word) => /^-\w*[is]$/.test(exact(word) ?? '')))
    return heredocShell(run, context, state, called, {
      home: words.some((word) => /^-\w*i$/.test(exact(word) ?? '')),
      closed: 'is not set for the other user: `sudo -i` starts with an environment of its own',
    })
  return undefined
}

function ownShell(
  run: Run,
  context: Context,
  state: State,
  called: Called,
  words: readonly Word[],
  cleared: boolean,
): readonly State[] | undefined {
  const closed = cleared ? 'is not handed over: `sudo` empties the environment' : undefined
  let errexit = false
  for (let i = 1; i < words.length; i++) {
    const text = exact(words[i])
    if (text === undefined) return undefined
    if (text === '-o' || text === '+o' || text === '-O' || text === '--rcfile' || text === '--init-file') {
      if (words[i + 1] && exact(words[i + 1]) === 'errexit') errexit = true
      i++
    } else if (/^-[a-zA-Z]*c[a-zA-Z]*$/.test(text)) {
      const code = words.slice(i + 1).find((word) => !/^-/.test(headOf(word)))
      const after = code ? words.slice(words.indexOf(code) + 2) : []
      return code
        ? start(run, context, state, called, [code], {
            closed,
            errexit: errexit || text.includes('e'),
            args: after,
            assigned: called.unwrapped.assigned,
            name: words[words.indexOf(code) + 1],
          })
        : undefined
    } else if (text.startsWith('-') && text !== '-s' && text !== '-' && text !== '--') {
      if (/^-[a-z]*e/.test(text)) errexit = true
    } else if (text !== '-s' && text !== '-' && text !== '--') return undefined
  }
  return heredocShell(run, context, state, called, { closed, errexit })
}

interface Start {
  readonly closed?: string | undefined
  readonly errexit?: boolean
  readonly host?: string
  /** It starts in the home directory of its user. */
  readonly home?: boolean
  readonly args?: readonly Word[]
  /** `sudo NAME=value sh -c`: what is handed over by name. */
  readonly assigned?: readonly Word[]
  readonly name?: Word | undefined
}

function farShell(run: Run, context: Context, state: State, called: Called): readonly State[] | undefined {
  const parsed = parseOptions(called.unwrapped.words.slice(1), sshSpec)
  const [host, ...rest] = parsed.operands
  if (!host) return undefined
  // What a template fills is known by its name, not by the mask that stands in the text.
  const named = /[\ue000-\uf8ff]/.test(host.text) ? wordShape(host) : host.text
  const far: Start = { closed: 'is not set on the far host: `ssh` hands no variable over', host: named }
  const code = rest.length > 0 && exact(rest[0]) === '--' ? rest.slice(1) : rest
  if (code.length === 0) return heredocShell(run, context, state, called, far)
  const texts = code.map((word) => exact(word))
  const reading =
    shells.test(texts[0]?.split('/').pop() ?? '') ||
    (texts[0] === 'sudo' && texts.some((text) => shells.test(text ?? '')))
  if (
    reading &&
    texts.every((text) => text !== undefined && /^[\w/-]+$/.test(text)) &&
    !texts.some((text) => /^-\w*c/.test(text!))
  ) {
    return heredocShell(run, context, state, called, { ...far, errexit: texts.some((text) => /^-[a-z]*e/.test(text!)) })
  }
  if (
    code.length === 1 &&
    /^\s*(sudo\s+)?((\/usr)?\/bin\/)?(ba|da)?sh(\s+-[a-zA-Z]+)*\s*(-s\b.*)?$/.test(texts[0] ?? '')
  ) {
    return heredocShell(run, context, state, called, { ...far, errexit: /\s-[a-z]*e/.test(texts[0]!) })
  }
  return start(run, context, state, called, code, far)
}

function container(run: Run, context: Context, state: State, called: Called): readonly State[] | undefined {
  const words = called.unwrapped.words
  const at = words.findIndex((word, i) => i > 0 && /^(exec|run)$/.test(exact(word) ?? ''))
  if (at === -1) return undefined
  const parsed = parseOptions(words.slice(at + 1), dockerSpec)
  const inside = parsed.operands.slice(1).filter((word) => exact(word) !== '--')
  const shell = inside.findIndex((word) => shells.test((exact(word) ?? '').split('/').pop()!))
  if (shell !== 0) return undefined
  const flag = inside.findIndex((word) => /^-[a-z]*c$/.test(exact(word) ?? ''))
  const host = `container ${parsed.operands[0]?.text ?? ''}`
  const closed = `is not set in the container: \`${exact(words[0]) ?? 'docker'} ${exact(words[at]) ?? 'exec'}\` hands no variable over`
  const passed = ['-e', '--env'].flatMap((name) => parsed.options.get(name) ?? [])
  const assigned = passed.filter((word) => word !== undefined)
  if (flag === -1) return heredocShell(run, context, state, called, { closed, host, assigned })
  const code = inside[flag + 1]
  return code
    ? start(run, context, state, called, [code], { closed, host, assigned, errexit: /e/.test(exact(inside[flag])!) })
    : undefined
}

/** The nodes behind words that stand in the command as written. */
const nodesOf = (called: Called, words: readonly Word[]): readonly Shell.Word[] => wordsIn(called.node, words)

function wordsIn(command: Shell.Command, words: readonly Word[]): readonly Shell.Word[] {
  const nodes = [command.name!, ...command.suffix.filter((part): part is Shell.Word => part.type === 'Word')]
  return words.flatMap((word) => nodes.filter((node) => node.pos === word.start))
}

function start(
  run: Run,
  context: Context,
  state: State,
  called: Called,
  words: readonly Word[],
  how: Start,
): readonly State[] {
  const nodes = nodesOf(called, words)
  if (nodes.length === 0) return [settleStatus(state, 'any')]
  return finish(
    context,
    state,
    (inner) =>
      runWords(run, inner, childState(run, inner.frame, state, how), nodes, state, called.node, frameOf(context, how)),
    run,
  )
}

const isFed = (one: Shell.Redirection): boolean => one.type === 'HereDoc' || one.type === 'HereString'

/** Walks what a here-document, a here-string, or `echo` before a pipe feeds to a shell. */
function heredocShell(
  run: Run,
  context: Context,
  state: State,
  called: Called,
  how: Start,
): readonly State[] | undefined {
  const printed = context.input?.printed
  const piped = printed && printed.frame === context.frame ? printed : undefined
  if (piped && piped.words.length > 0) return pipedShell(run, context, state, called, piped, how)
  const fed = called.node.redirects.find(isFed) ?? piped?.node.redirects.find(isFed)
  if (!fed) return undefined
  if (fed.type === 'HereString') {
    if (!fed.target) return undefined
    return finish(
      context,
      state,
      (inner) =>
        runWords(
          run,
          inner,
          childState(run, inner.frame, state, how),
          [fed.target!],
          state,
          called.node,
          frameOf(context, how),
        ),
      run,
    )
  }
  if (fed.type !== 'HereDoc') return undefined
  const quoted = fed.delimiter?.quoted === true
  const body = fed.body
  const parts: readonly Shell.WordPart[] =
    quoted || !body.parts
      ? [{ type: 'SingleQuoted', pos: body.pos - 1, end: body.end, value: body.text, text: body.text }]
      : body.parts
  const word: Shell.Word = {
    type: 'Word',
    pos: body.pos,
    end: body.end,
    text: body.text,
    value: body.text,
    parts: quoted
      ? parts
      : [
          {
            type: 'DoubleQuoted',
            pos: body.pos,
            end: body.end,
            text: body.text,
            parts: parts as readonly Shell.DoubleQuotedChild[],
          },
        ],
  }
  return finish(
    context,
    state,
    (inner) =>
      runWords(run, inner, childState(run, inner.frame, state, how), [word], state, called.node, frameOf(context, how)),
    run,
  )
}

// `echo "rm -rf $dir/" | sh`: the words that were printed are the code.
function pipedShell(
  run: Run,
  context: Context,
  state: State,
  called: Called,
  { node, words }: Printed,
  how: Start,
): readonly State[] | undefined {
  const nodes = wordsIn(node, words)
  if (nodes.length === 0) return undefined
  return finish(
    context,
    state,
    (inner) =>
      runWords(run, inner, childState(run, inner.frame, state, how), nodes, state, called.node, frameOf(context, how)),
    run,
  )
}

function frameOf(context: Context, how: Start): Partial<Frame> {
  return { closed: how.closed ?? context.frame.closed, host: how.host ?? context.frame.host }
}

/** What a child shell starts with: exported variables, unless the environment is left behind. */
function childState(run: Run, frame: Frame, state: State, how: Start): State {
  const child = emptyState(
    how.host === undefined && !how.home ? state.cwd : [{ way: [] }],
    { ...state.flags, errexit: how.errexit ?? false, nounset: false, pipefail: false },
    { known: [], open: undefined },
  )
  if (how.closed === undefined) {
    state.vars.each((name, binding) => {
      if (binding.exported) child.vars.set(name, binding)
      else child.vars.set(name, { value: valueOf(unseen(run, frame, name)), exported: false, since: ++run.tick })
    })
    child.foreign = state.foreign
    child.absent = state.absent
  }
  for (const word of how.assigned ?? []) {
    const head = /^(\w+)=/.exec(headOf(word))
    const way = word.fields[0]?.ways[0] ?? []
    // `-e NAME` hands over what is exported under that name.
    const passed = head ? undefined : state.vars.get(exact(word) ?? '')
    if (passed?.exported) child.vars.set(exact(word)!, passed)
    if (!head) continue
    const ways = [
      way
        .map((part, i) => (i === 0 && !('of' in part) ? { text: part.text.slice(head[0].length) } : part))
        .filter((part) => 'of' in part || part.text !== ''),
    ]
    child.vars.set(head[1]!, { value: { ways, because: [] }, exported: true, since: ++run.tick })
  }
  for (const word of how.args ?? []) {
    const known = child.args.known
    child.args = { known: [...known, word.fields[0] ?? literal('')], open: undefined }
  }
  child.facts = state.facts.fork()
  return child
}

/** A variable of the caller that is not exported: the child starts without it. */
function unseen(run: Run, frame: Frame, name: string): Origin {
  const key = `unseen ${name}`
  let found = run.inputs.get(key)
  if (!found) {
    found = {
      kind: 'environment',
      name: `$${name}`,
      at: at(frame, { pos: 0, end: 0 }),
      empty: 'maybe',
      unset: 'maybe',
      how: 'is not exported: a child shell does not see it',
      splits: 'maybe',
    }
    run.inputs.set(key, found)
  }
  return found
}

function finish(
  context: Context,
  state: State,
  body: (inner: Context) => readonly State[],
  run: Run,
): readonly State[] {
  const exits: State[] = []
  const inner: Context = {
    ...context,
    exits,
    loop: undefined,
    returns: undefined,
    checked: false,
    captured: context.captured,
    apart: true,
  }
  const ends = [...body(inner), ...exits]
  for (const end of ends) runTraps(run, inner, end)
  if (context.captured && !context.quiet) {
    return ends.map((end) => {
      const after = settleStatus(fork(state), end.status)
      printWays(after, end.out.ways, '\n')
      return after
    })
  }
  const statuses = new Set(ends.map((end) => end.status))
  const status = statuses.size === 1 ? ([...statuses][0] ?? 'any') : 'any'
  return [settleStatus(fork(state), status)]
}
