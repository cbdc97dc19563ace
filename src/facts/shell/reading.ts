import { noteAssigned } from './assign.ts'
import { at, type Context, type Frame, type Run } from './frame.ts'
import { exact, parseOptions } from './options.ts'
import type { Word } from './script.ts'
import type { Called } from './simple.ts'
import { any, bind, fork, renew, settleStatus, type State } from './state.ts'
import { born } from './born.ts'
import { showValue, literal, originsOf, type Origin, valueOf, type Value } from './value.ts'

/** What a command reads into a name. */
export function readOrigin(
  frame: Frame,
  node: object & { readonly pos?: number; readonly end?: number },
  name: string,
  empty: Origin['empty'],
  how: string,
): Origin {
  const known = frame.born.get(node)
  if (known?.kind === 'read' && known.name === name && known.empty === empty) return known
  const place =
    'pos' in node && node.pos !== undefined
      ? { pos: node.pos, end: node.end ?? node.pos }
      : { pos: (node as Word).start, end: (node as Word).end }
  const origin: Origin = { kind: 'read', name, at: at(frame, place), empty, unset: 'never', how, splits: 'maybe' }
  frame.born.set(node, origin)
  return origin
}

// `echo "$x" | while read line`: the line is empty when x is.
function printedLine(
  context: Context,
  input: Context['input'],
  node: Word,
  name: string,
  names: number,
): Origin | undefined {
  const text = input?.printed && input.printed.words.length > 0 && names === 1 ? input.text : undefined
  if (!text) return undefined
  return born(context.frame, node, () => ({
    kind: 'read',
    name: `$${name}`,
    at: at(context.frame, { pos: node.start, end: node.end }),
    empty: 'never',
    unset: 'never',
    how: `is the line \`${showValue(text)}\``,
    splits: 'maybe',
    madeOf: text,
  }))
}

// What prints names or matches prints no blank line.
const unblank =
  /^\$\((… \| )?(sudo )?([ef]?grep|git|docker|podman|kubectl|find|ls|seq|svn|hg|ps|pgrep|dpkg|rpm|apt\S*)\b/

// One line and no more: what a variable holds, and not what a command printed.
const isLine = (text: Value): boolean =>
  text.ways.every((way) =>
    way.every((part) =>
      'of' in part ? !/^(substitution|derived|widened)$/.test(part.of.kind) : !/\n./.test(part.text),
    ),
  )

/** `read`: what it gets can be a blank line; at the end of input it clears its names and fails. */
export function readBuiltin(
  run: Run,
  context: Context,
  state: State,
  called: Called,
  words: readonly Word[],
): readonly State[] {
  const parsed = parseOptions(words, { short: 'pntdauiNe' })
  const array = parsed.options.get('-a')?.[0]
  const names = array ? [] : parsed.operands
  const input = context.input
  const on = fork(state)
  const off = fork(state)
  const given = called.node.redirects.some(
    (one) => one.type === 'HereString' || (one.type === 'HereDoc' && !/\n./.test(one.body.text)),
  )
  const known =
    input && !input.listed && names.length === 1 && given
      ? input.text
      : input && !input.listed && names.length === 1 && !context.checked && !called.node.redirects.length
        ? input.text
        : undefined
  const string = input && !input.listed && given
  const empty: Origin['empty'] = input?.listed
    ? 'never'
    : input && !known && originsOf(input.text).some(({ name }) => unblank.test(name))
      ? 'unknown'
      : 'maybe'
  for (const word of names.length > 0
    ? names
    : array
      ? []
      : [{ text: 'REPLY', start: called.node.pos, end: called.node.end } as Word]) {
    const name = names.length > 0 ? exact(word) : 'REPLY'
    if (!name || !/^\w+$/.test(name)) continue
    const origin =
      printedLine(context, input, word, name, names.length) ??
      readOrigin(
        context.frame,
        word,
        `$${name}`,
        empty,
        'is what `read` gets, and is empty on a blank line or at the end of input',
      )
    noteAssigned(run, context, name, called.node)
    renew(on, origin)
    // The first word of a line is there when the line is.
    const first: Origin | undefined =
      input && !known && word === names[0] && (string || isLine(input.text))
        ? { ...origin, empty: 'never', madeOf: input.text, how: `is the first word of what \`read\` gets` }
        : undefined
    bind(on, name, {
      value: known ?? valueOf(first ?? origin, [{ at: at(context.frame, called.node), says: `${name} is read here` }]),
      exported: false,
      since: ++run.tick,
    })
    bind(off, name, { value: literal(''), exported: false, since: ++run.tick })
  }
  if (array) unknownArray(run, context, on, exact(array), called)
  if (known || string) return [settleStatus(on, 'ok')]
  return [settleStatus(on, 'ok'), settleStatus(off, 'fail')]
}

/** `mapfile`: as many elements as there are lines. */
export function readArray(
  run: Run,
  context: Context,
  state: State,
  called: Called,
  words: readonly Word[],
): readonly State[] {
  const parsed = parseOptions(words, { short: 'dnOsucC' })
  unknownArray(run, context, state, exact(parsed.operands[0]) ?? 'MAPFILE', called)
  return any(state)
}

function unknownArray(run: Run, context: Context, state: State, name: string | undefined, called: Called): void {
  if (!name) return
  noteAssigned(run, context, name, called.node)
  bind(state, name, {
    value: valueOf(
      readOrigin(context.frame, called.node, `\${${name}[0]}`, 'maybe', 'is empty when there is nothing to read'),
    ),
    exported: false,
    since: ++run.tick,
  })
}
