/** A change of one place of the linter that makes it wrong. */
export interface Fault {
  readonly says: string
  readonly file: string
  /** Found exactly once in the file. */
  readonly from: string
  readonly to: string
}

const shell = (name: string, says: string, from: string, to: string): Fault => ({
  says,
  file: `src/facts/shell/${name}.ts`,
  from,
  to,
})

/** Faults that somebody could make, each of which the generated scripts must find. */
export const faults: readonly Fault[] = [
  shell('test', 'an unquoted -n proves', "case '-n':\n      if (vanishes)", "case '-n':\n      if (false)"),
  shell('test', '-z is read as -n', 'return turned(filledOrNot(state, operand))', 'return filledOrNot(state, operand)'),
  shell('test', 'any file test proves', 'const told = provesParts(', 'const told = true || provesParts('),
  shell('test', 'no file test proves', 'const told = provesParts(', 'const told = false && provesParts('),
  shell('compare', '!= is read as =', 'return { holds: fails, fails: holds }', 'return { holds, fails }'),
  shell('test', '-o is read as -a', 'judge = either(left, right)', 'judge = both(left, right)'),
  shell('test', '-a is read as -o', 'judge = both(left, right)\n    next', 'judge = either(left, right)\n    next'),
  shell('test', '! in [ is passed over', 'return [(state) => turned(judge(state)), next]', 'return [judge, next]'),
  shell('test', '! in [[ is passed over', 'expression.negations.length % 2 === 1 ? turned(inner) : inner', 'inner'),
  shell('compare', 'every regular expression proves', 'if (empty !== false) return unsure(state)', ''),
  shell(
    'compare',
    'every pattern proves',
    '(yes) => matchesEmpty(pattern) || assumeFull(yes, left.value, left.name),',
    '(yes) => assumeFull(yes, left.value, left.name),',
  ),
  shell(
    'test',
    '|| in [[ is read as &&',
    "expression.operator === '&&' ? both(left, right) : either(left, right)",
    'both(left, right)',
  ),
  shell(
    'compare',
    'a length proves on the wrong side',
    '(yes) => empty || assumeFull(yes, value, name)',
    '(yes) => !empty || assumeFull(yes, value, name)',
  ),
  shell(
    'collapse',
    'an ancestor of the target is no hazard',
    'return tailIsGone(way, empty)\n    ?',
    'return false\n    ?',
  ),
  shell('collapse', 'a name before the variable is passed over', "before.text.endsWith('/'))", 'true)'),
  shell(
    'collapse',
    'the home directory is no hazard',
    "if (path.startsWith('\\u0002') && /^\\u0002\\/?\\*?$/.test(path)) return 'home'",
    "if (path.startsWith('\\u0002') && /^\\u0002\\/?\\*?$/.test(path)) return undefined",
  ),
  shell(
    'collapse',
    'a system directory is no hazard',
    "endsAsWritten(way))) return 'system'",
    'endsAsWritten(way))) return undefined',
  ),
  shell('collapse', 'the root is no hazard', "path === '/.*') return 'root'", "path === '/.*') return undefined"),
  shell('collapse', 'a quoted star is a glob', "part.text.replace(/\\*/g, '\\u0003')", 'part.text'),
  shell(
    'pipe',
    'a subshell binds outside',
    'const after = fork(state)\n    after.facts = end.facts.fork()\n    after.out = end.out\n    return ended(after, end.status)\n  })\n}',
    'return end\n  })\n}',
  ),
  shell('pipe', 'the end of a pipe runs here', 'const keeps = final && (', 'const keeps = final || ('),
  shell(
    'settle',
    'set -e stops nothing',
    "if (!state.flags.errexit || state.status === 'ok') out.push(state)",
    'if (true) out.push(state)',
  ),
  shell(
    'walk',
    'set -e stops in conditions',
    "checked: true, failing: 'goes on' }, statement, now)",
    "checked: false, failing: 'goes on' }, statement, now)",
  ),
  shell(
    'walk',
    '&& is read as ||',
    "node.operators[i - 1] === '&&' ? [ok, fail] : [fail, ok]",
    "node.operators[i - 1] === '&&' ? [fail, ok] : [ok, fail]",
  ),
  shell('call', 'a function of the caller keeps its locals', 'restore(end, scope.hidden)', ''),
  shell('walk', 'an else is never walked', 'node.else ? walk(run, sometimes, node.else.commands, last) :', ''),
  shell(
    'operators',
    ':? proves nothing',
    'if (assumeFull(state, value, name) || name === undefined) return',
    'if (state) return',
  ),
  shell('operators', ':- is read as -', "const colon = operator.startsWith(':')", 'const colon = false'),
  shell(
    'operators',
    'a default is never taken',
    "if (now === 'never') return value\n      const other",
    'if (true) return value\n      const other',
  ),
  shell('expand', 'an unquoted value does not vanish', '{ ...part, bare: true }', 'part'),
  shell(
    'join',
    'a guard on one branch counts for both',
    "if (one === two) return one === 'maybe' ? undefined : one",
    "if (one === 'never' || two === 'never') return 'never'\n  if (one === two) return one === 'maybe' ? undefined : one",
  ),
  shell(
    'state',
    'a guard on two values proves the first',
    'if (new Set(open).size !== 1) return\n',
    'if (open.length === 0) return\n',
  ),
  shell('wrappers', 'sudo has no options with values', "short: 'ughpCrtTUDRa'", "short: ''"),
  shell(
    'wrappers',
    'timeout has no operand of its own',
    "long: ['signal', 'kill-after'], stopsAtOperand: true }, skip: 1",
    "long: ['signal', 'kill-after'], stopsAtOperand: true }, skip: 0",
  ),
  shell('wrappers', 'busybox is not seen through', 'busybox: {', 'busybix: {'),
  shell('wrappers', 'nice is not seen through', '  nice: { spec', '  nicer: { spec'),
  shell(
    'output',
    'mktemp cannot fail',
    "const sure = new Set([\n  'date',",
    "const sure = new Set([\n  'mktemp',\n  'date',",
  ),
  shell('output', 'every command prints', "return 'prints'\n  return 'maybe'", "return 'prints'\n  return 'sure'"),
  shell('output', 'the date may be empty', "const sure = new Set([\n  'date',", 'const sure = new Set(['),
  shell(
    'builtin',
    'return at the end of a function is exit',
    ';(context.returns ?? context.exits).push(',
    ';(context.exits).push(',
  ),
]
