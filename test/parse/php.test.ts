import { describe, expect, test } from 'vitest'
import { phpEngine } from '../../src/parse/php-engine.ts'
import { parsePhp, phpChildren, walkPhp, type PhpExpression, type PhpNode } from '../../src/parse/php.ts'

const parse = (text: string) => parsePhp(text, phpEngine)

/** The written text of every node of one kind. */
function written(text: string, kind: PhpNode['kind']): readonly string[] {
  const out: string[] = []
  walkPhp(parse(text).tree.body, (node) => void (node.kind === kind && out.push(text.slice(node.start, node.end))))
  return out
}

function expressionOf(code: string): PhpExpression {
  const first = parse(`<?php ${code};`).tree.body[0]
  if (first?.kind !== 'expression') throw new Error(`no expression in ${code}`)
  return first.expression
}

describe('positions are what was written', () => {
  const rows: readonly (readonly [string, PhpNode['kind'], readonly string[]])[] = [
    ['<?php\n$gateway->addBell($params, $closable = false);', 'assign', ['$closable = false']],
    [
      '<?php\n$gateway->addBell($params, $closable = false);',
      'call',
      ['$gateway->addBell($params, $closable = false)'],
    ],
    ["<?php f('a'  );\n$x = 'it\\'s' ;", 'string', ["'a'", "'it\\'s'"]],
    ['<?php $a[] = 1;', 'index', ['$a[]']],
    ['<?php $a[0]["k"] = 1 ;', 'index', ['$a[0]["k"]', '$a[0]']],
    ['<?php run("rm -rf {$dir}/x $y");', 'template', ['"rm -rf {$dir}/x $y"']],
    ['<?php ($a) + ($b);', 'binary', ['($a) + ($b)']],
    ['<?php foreach ($a as &$v) {}', 'variable', ['$a', '$v']],
    ['<?php // é 😀\r\n$x\t= true;\r\n', 'boolean', ['true']],
    ['<?php $x = $a ? 1 : 0;', 'ternary', ['$a ? 1 : 0']],
    ['<?php A::b(); A::$c; A::D;', 'static', ['A::$c', 'A::D']],
    ['<?= $x ?>\n<b><?php echo !$y ?>', 'unary', ['!$y']],
  ]
  for (const [text, kind, expected] of rows)
    test(`${kind} in ${JSON.stringify(text)}`, () => expect([...written(text, kind)]).toEqual(expected))
})

describe('strings are decoded as PHP does', () => {
  const rows: readonly (readonly [string, string])[] = [
    ["'a\\n\\\\ \\' \\x'", "a\\n\\ ' \\x"],
    ['"a\\n\\t\\$x \\" \\x41\\101\\u{1F600}\\q"', 'a\n\t$x " AA😀\\q'],
    ["<<<'E'\nraw $x\nE", 'raw $x'],
    ['<<<E\n  two\n  lines\n  E', 'two\nlines'],
    ["b'bytes'", 'bytes'],
  ]
  for (const [code, value] of rows)
    test(code, () => {
      const one = expressionOf(code)
      expect(one.kind === 'string' && one.value).toBe(value)
    })
})

describe('calls', () => {
  test('methods, static methods, functions and new name what they call', () => {
    const names: unknown[] = []
    const text = '<?php $a->b(1)?->c(...$x, name: 2); D::e(); \\f(); new G(3); ($a->h)(4); $i(5); j(...);'
    walkPhp(parse(text).tree.body, (node) => {
      if (node.kind === 'call') names.push([node.how, node.name, node.args.length, node.nullsafe, node.callable])
    })
    expect(names).toEqual([
      ['method', 'c', 2, true, false],
      ['method', 'b', 1, false, false],
      ['static', 'e', 0, false, false],
      ['function', '\\f', 0, false, false],
      ['new', 'G', 1, false, false],
      ['function', undefined, 1, false, false],
      ['function', undefined, 1, false, false],
      ['function', 'j', 0, false, true],
    ])
    expect(parse(text).errors).toEqual([])
  })
})

test('a class has its fields, methods, types, docs and attributes', () => {
  const text = `<?php
namespace App;
use Doctrine\\DBAL\\{Connection, Types as T};
/** Keeps bells. */
#[ORM\\Entity]
final class BellGateway extends Base implements A, B {
  use Retries;
  const KIND = 1;
  /** @var bool */
  #[ORM\\Column(type: 'boolean')]
  private $closable = false;
  public function __construct(private readonly ?Connection $db, bool|int $x = true) {}
  /** @return bool */
  protected static function f(self &...$rest): ?bool { return !$rest; }
}`
  const namespace = parse(text).tree.body[0]
  if (namespace?.kind !== 'namespace') throw new Error('no namespace')
  const [use, one] = namespace.body
  expect(use?.kind === 'use' && use.imports.map((i) => [i.name, i.as])).toEqual([
    ['Doctrine\\DBAL\\Connection', 'Connection'],
    ['Doctrine\\DBAL\\Types', 'T'],
  ])
  if (one?.kind !== 'class') throw new Error('no class')
  expect([one.name, one.extends, one.implements, one.uses]).toEqual(['BellGateway', ['Base'], ['A', 'B'], ['Retries']])
  expect(one.doc).toBe('/** Keeps bells. */')
  expect(one.attributes.map((a) => a.name)).toEqual(['ORM\\Entity'])
  expect(one.fields.map((f) => [f.name, f.doc, f.attributes[0]?.args[0]?.name])).toEqual([
    ['closable', '/** @var bool */', 'type'],
  ])
  const [made, f] = one.methods
  expect(made?.parameters.map((p) => [p.name, p.type?.names, p.type?.nullable, p.promoted])).toEqual([
    ['db', ['Connection'], true, true],
    ['x', ['bool', 'int'], false, false],
  ])
  expect([f?.doc, f?.returns?.names, f?.returns?.nullable, f?.static, f?.visibility, f?.parameters[0]?.byRef]).toEqual([
    '/** @return bool */',
    ['bool'],
    true,
    true,
    'protected',
    true,
  ])
})

describe('bad input is read as far as it goes', () => {
  const rows = [
    '<?php function f( { $x = 1; }\n$db->run(1);',
    '<?php "unclosed $x',
    '<?php /* never closed',
    '<?php class { public ',
    '\u0000\u0001 binary <?php \u0000',
    '<?php ' + '('.repeat(20_000),
    '<?php $x = ' + '['.repeat(5_000) + ']'.repeat(5_000) + ';',
    '<?php <<<E\nno end',
    'no php at all',
    '',
  ]
  for (const text of rows)
    test(JSON.stringify(text.slice(0, 40)), () => {
      const { tree, errors } = parse(text)
      const inside = (at: { start: number; end: number }): boolean =>
        at.start >= 0 && at.start <= at.end && at.end <= text.length
      expect(errors.every(inside)).toBe(true)
      walkPhp(tree.body, (node) => expect(inside(node)).toBe(true))
    })

  test('without an engine the whole file counts as unread', () => {
    expect(parsePhp('<?php', undefined).errors).toEqual([{ start: 0, end: 5, says: 'the PHP parser was not loaded' }])
  })
})

test('comments have their places', () => {
  const text = '<?php // one\r\n# two\n/* three */ f(/** four */); /* five'
  expect(parse(text).tree.comments.map((one) => one.text)).toEqual([
    '// one',
    '# two',
    '/* three */',
    '/** four */',
    '/* five',
  ])
})

test('children lie within their parents', () => {
  const text = `<?php if ($a && !$b) { $x = $c->d($e, [1 => true, ...$f])[0] ?? throw new E("x {$y[1]} z"); } else echo 1;`
  walkPhp(parse(text).tree.body, (node) => {
    for (const child of phpChildren(node)) {
      expect(child.start).toBeGreaterThanOrEqual(node.start)
      expect(child.end).toBeLessThanOrEqual(node.end)
    }
  })
})
