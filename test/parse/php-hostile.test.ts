import fc from 'fast-check'
import { expect, test } from 'vitest'
import { phpEngine } from '../../src/parse/php-engine.ts'
import { walkPhp } from '../../src/parse/php.ts'
import { lint } from '../../src/lint.ts'
import { rules } from '../../rules/index.ts'
import { parsers } from '../parsers.ts'

const base = `<?php
namespace App;
use Doctrine\\DBAL\\Connection;
final class Gateway extends Base {
  public function __construct(private \\PDO $pdo, private ?bool $x = false) {}
  public function add(array $data, bool $closable = true): bool {
    foreach ($data as $k => &$v) { if (is_bool($v)) { $v = (int) $v; } }
    $s = $this->pdo->prepare("INSERT INTO t (a, {$k}) VALUES (?, '$v')");
    return $s->execute([$data['a'] ?? false, ...$data, fn ($y) => !$y]) && match (true) { default => false };
  }
}
(new Gateway($pdo))->add(['a' => $b = false], closable: isset($c)) or die(<<<EOT
  x $y
  EOT);
`

const piece = fc.oneof(
  fc.constantFrom(
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '<<<E',
    '?>',
    '<?php',
    '$',
    '->',
    '::',
    '/*',
    '#[',
    '=>',
    '...',
  ),
  fc.string({ maxLength: 6 }),
)
const cut = fc.tuple(fc.nat(base.length), fc.nat(12), piece)

test('cut and spliced PHP never throws, and every place lies inside the text', () => {
  fc.assert(
    fc.property(fc.array(cut, { maxLength: 4 }), (cuts) => {
      let text = base
      for (const [at, length, put] of cuts) text = text.slice(0, at) + put + text.slice(at + length)
      const { tree, errors } = phpEngine(text)
      const inside = (one: { start: number; end: number }): boolean =>
        0 <= one.start && one.start <= one.end && one.end <= text.length
      expect(errors.every(inside)).toBe(true)
      let outside = ''
      walkPhp(tree.body, (node) => {
        if (!inside(node)) outside ||= `${node.kind} ${node.start}-${node.end}`
      })
      expect(outside).toBe('')
      const only = {
        'boolean-bind-on-mysql': rules['boolean-bind-on-mysql']!,
        'unchecked-statement': rules['unchecked-statement']!,
      }
      lint({ files: [{ file: 'a.php', text }], parsers }, only)
    }),
    {
      numRuns: Number(process.env['SHIPLINT_RUNS'] ?? 300),
      seed: Number(process.env['SHIPLINT_SEED'] ?? 7),
      endOnFailure: true,
    },
  )
})
