/** One row of FACTS §2 as a program: run by PHP or Node against MariaDB, and linted as it stands. */
export interface Row {
  readonly fact: string
  readonly name: string
  /** The column `c` of the table `t (id INT, c …)`. */
  readonly column: string
  /** The file, run and linted as it is. */
  readonly text: string
  readonly language: 'php' | 'js'
  /** What a reader would expect the table to hold, read by `read`. */
  readonly meant: string
  /** An SQL expression over `c` that gives what is stored as text. */
  readonly read: string
  /** The rows that are there before. */
  readonly before?: string
  /** A library of Debian's that it needs. */
  readonly needs?: string
}

const connect = `<?php
$pdo = new PDO('mysql:unix_socket=' . getenv('REPLAY_SOCKET') . ';dbname=replay', 'root', '');
$pdo->setAttribute(PDO::ATTR_EMULATE_PREPARES, (bool) getenv('REPLAY_EMULATE'));
`

const insert = `$statement = $pdo->prepare('INSERT INTO t (id, c) VALUES (1, ?)');\n`

// How a value is handed over, with `%v` for it.
const ways: Readonly<Record<string, string>> = {
  'execute([%v])': `${insert}$statement->execute([%v]);\n`,
  'bindValue(1, %v)': `${insert}$statement->bindValue(1, %v);\n$statement->execute();\n`,
  'bindParam(1, $v)': `${insert}$v = %v;\n$statement->bindParam(1, $v);\n$statement->execute();\n`,
  'bindValue(1, %v, PDO::PARAM_STR)': `${insert}$statement->bindValue(1, %v, PDO::PARAM_STR);\n$statement->execute();\n`,
  'bindValue(1, %v, PDO::PARAM_BOOL)': `${insert}$statement->bindValue(1, %v, PDO::PARAM_BOOL);\n$statement->execute();\n`,
  'bindValue(1, %v, PDO::PARAM_INT)': `${insert}$statement->bindValue(1, %v, PDO::PARAM_INT);\n$statement->execute();\n`,
  'execute([(int) %v])': `${insert}$statement->execute([(int) %v]);\n`,
}

// Columns, with what a boolean means in each and how to read it.
const columns: readonly (readonly [string, Readonly<Record<'true' | 'false', string>>, string])[] = [
  ['TINYINT(1)', { true: '1', false: '0' }, 'c'],
  ['INT', { true: '1', false: '0' }, 'c'],
  ['DECIMAL(4,0)', { true: '1', false: '0' }, 'c'],
  ['BIT(1)', { true: '1', false: '0' }, 'c + 0'],
  ['VARCHAR(9)', { true: '1', false: '0' }, 'c'],
  ['JSON', { true: '1', false: '0' }, 'c'],
  ["ENUM('0','1')", { true: '1', false: '0' }, 'c'],
  ["ENUM('no','yes')", { true: 'yes', false: 'no' }, 'c'],
  ['DATE', { true: 'never a date', false: 'never a date' }, 'c'],
]

const pdo: readonly Row[] = columns.flatMap(([column, meant, read]) =>
  Object.entries(ways).flatMap(([way, text]) =>
    // A number is no boolean any more: what it does to an ENUM, a DATE or (as text) a BIT is another matter.
    (way.includes('(int)') && /BIT|yes|DATE/.test(column) ? [] : (['true', 'false'] as const)).map((value): Row => ({
      fact: way.includes('PARAM_BOOL') ? 'BOOL-01' : 'BOOL-02',
      name: `PDO ${way.replace('%v', value)} into ${column}`,
      column,
      text: connect + text.replaceAll('%v', value),
      language: 'php',
      meant: meant[value],
      read,
    })),
  ),
)

const mysqli = (letter: string, value: string): string => `<?php
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
$db = new mysqli('localhost', 'root', '', 'replay', 0, getenv('REPLAY_SOCKET'));
$statement = $db->prepare('INSERT INTO t (id, c) VALUES (1, ?)');
$flag = ${value};
$statement->bind_param('${letter}', $flag);
$statement->execute();
`
const letters: readonly Row[] = ['TINYINT(1)', 'BIT(1)'].flatMap((column) =>
  ['b', 's', 'i', 'd'].flatMap((letter) =>
    ['true', 'false'].map((value): Row => ({
      fact: 'BOOL-04',
      name: `mysqli '${letter}' with ${value} into ${column}`,
      column,
      text: mysqli(letter, value),
      language: 'php',
      meant: value === 'true' ? '1' : '0',
      read: 'c + 0',
    })),
  ),
)

const dbal = (statement: string): string => `<?php
require_once 'Doctrine/DBAL/autoload.php';
use Doctrine\\DBAL\\Connection;
use Doctrine\\DBAL\\DriverManager;
use Doctrine\\DBAL\\ParameterType;

(function (Connection $connection): void {
    ${statement}
})(DriverManager::getConnection([
    'driver' => 'pdo_mysql', 'unix_socket' => getenv('REPLAY_SOCKET'), 'dbname' => 'replay', 'user' => 'root',
]));
`
const dbalStatements = [
  "$connection->insert('t', ['id' => 1, 'c' => false]);",
  "$connection->insert('t', ['id' => 1, 'c' => false], ['c' => ParameterType::BOOLEAN]);",
  "$connection->insert('t', ['id' => 1, 'c' => false], ['c' => 'boolean']);",
  "$connection->executeStatement('INSERT INTO t (id, c) VALUES (1, ?)', [false]);",
  "$connection->executeStatement('INSERT INTO t (id, c) VALUES (1, ?)', [false], [ParameterType::BOOLEAN]);",
  "$connection->executeStatement('INSERT INTO t (id, c) VALUES (1, :c)', ['c' => false]);",
  "$connection->createQueryBuilder()->insert('t')->values(['id' => '1', 'c' => ':c'])->setParameter('c', false)->executeStatement();",
  "$connection->createQueryBuilder()->insert('t')->values(['id' => '1', 'c' => ':c'])->setParameter('c', false, ParameterType::BOOLEAN)->executeStatement();",
  "$s = $connection->prepare('INSERT INTO t (id, c) VALUES (1, ?)'); $s->bindValue(1, false); $s->executeStatement();",
]
const doctrine: readonly Row[] = dbalStatements.map((statement) => ({
  fact: 'BOOL-09',
  name: `DBAL ${statement}`,
  column: 'TINYINT(1)',
  text: dbal(statement),
  language: 'php',
  meant: '0',
  read: 'c',
  needs: '/usr/share/php/Doctrine/DBAL/autoload.php',
}))

const laravel = (statement: string): string => `<?php
require_once 'Illuminate/Database/autoload.php';
use Illuminate\\Database\\Capsule\\Manager as DB;

$capsule = new DB();
$capsule->addConnection([
    'driver' => 'mysql', 'unix_socket' => getenv('REPLAY_SOCKET'), 'host' => 'localhost', 'database' => 'replay',
    'username' => 'root', 'password' => '', 'charset' => 'utf8mb4', 'strict' => (bool) getenv('REPLAY_STRICT'),
]);
$capsule->setAsGlobal();
${statement}
`
const illuminate: readonly Row[] = [
  "DB::table('t')->insert(['id' => 1, 'c' => false]);",
  "DB::insert('INSERT INTO t (id, c) VALUES (1, ?)', [false]);",
  "DB::connection()->getPdo()->prepare('INSERT INTO t (id, c) VALUES (1, ?)')->execute([false]);",
].map((statement) => ({
  fact: 'BOOL-09',
  name: `Laravel ${statement}`,
  column: 'TINYINT(1)',
  text: laravel(statement),
  language: 'php',
  meant: '0',
  read: 'c',
  needs: '/usr/share/php/Illuminate/Database/autoload.php',
}))

const remaining = "GROUP_CONCAT(c ORDER BY c SEPARATOR ' ')"
const deleting: readonly Row[] = [
  // BOOL-06: what is left when the rows that hold '0' or 0 were meant to go.
  ['VARCHAR(9)', "('0'), ('1'), ('abc')", '$s->bindValue(1, false, PDO::PARAM_BOOL);\n$s->execute();', '1 abc'],
  ['VARCHAR(9)', "('0'), ('1'), ('abc')", '$s->execute([false]);', '1 abc'],
  ['VARCHAR(9)', "('0'), ('1'), ('abc')", "$s->execute(['0']);", '1 abc'],
  ['TINYINT(1)', '(0), (1)', '$s->execute([false]);', '1'],
  ['TINYINT(1)', '(0), (1)', '$s->execute([0]);', '1'],
  ['TINYINT(1)', '(0), (1)', "$s->execute(['true']);", '0'],
].map(([column, before, statement, meant]): Row => ({
  fact: 'BOOL-06',
  name: `DELETE … WHERE c = ? on ${column} by ${statement!.replace(/\s+/g, ' ')}`,
  column: column!,
  before: before!,
  text: `${connect}$s = $pdo->prepare('DELETE FROM t WHERE c = ?');\n${statement}\n`,
  language: 'php',
  meant: meant!,
  read: remaining,
}))

const written: readonly Row[] = [
  ['$pdo->exec("INSERT INTO t (id, c) VALUES (1, $flag)");', 'TINYINT(1)'],
  ['$pdo->exec("INSERT INTO t (id, c) VALUES (1, \'$flag\')");', 'TINYINT(1)'],
  ["$pdo->exec(sprintf('INSERT INTO t (id, c) VALUES (1, %d)', $flag));", 'TINYINT(1)'],
].map(([statement, column]): Row => ({
  fact: 'BOOL-07',
  name: statement!,
  column: column!,
  text: `${connect}$flag = 1 > 2;\n${statement}\n`,
  language: 'php',
  meant: '0',
  read: 'c',
}))

const founding: readonly Row[] = ['$closable', '(int) $closable', '$closable ? 1 : 0'].map((value, i) => ({
  fact: 'F2',
  name: `the founding call, bound as ${value}`,
  column: 'TINYINT(1)',
  text: `${connect}
if (!class_exists('Gateway${i}')) {
    final class Gateway${i}
    {
        public function __construct(private PDO $pdo)
        {
        }

        public function addBell($id, $closable = true)
        {
            $this->insert('t', ['id' => $id, 'c' => ${value}]);
        }

        private function insert(string $table, array $data)
        {
            $columns = implode(', ', array_keys($data));
            $holders = implode(', ', array_fill(0, count($data), '?'));
            $this->pdo->prepare("INSERT INTO $table ($columns) VALUES ($holders)")->execute(array_values($data));
        }
    }
}
(new Gateway${i}($pdo))->addBell(1, $closable = false);
`,
  language: 'php',
  meant: '0',
  read: 'c',
}))

const mysql2 = (statement: string): string => `const mysql = require('mysql2/promise')

module.exports = async () => {
  const pool = mysql.createPool({ socketPath: process.env.REPLAY_SOCKET, user: 'root', database: 'replay' })
  try {
    ${statement}
  } finally {
    await pool.end()
  }
}
`
const node: readonly Row[] = (
  [
    ['TINYINT(1)', "await pool.execute('INSERT INTO t (id, c) VALUES (1, ?)', [false])", '0', 'c'],
    ['TINYINT(1)', "await pool.query('INSERT INTO t (id, c) VALUES (1, ?)', [true])", '1', 'c'],
    ['BIT(1)', "await pool.execute('INSERT INTO t (id, c) VALUES (1, ?)', [true])", '1', 'c + 0'],
    ['BIT(1)', "await pool.query('INSERT INTO t (id, c) VALUES (1, ?)', [false])", '0', 'c + 0'],
    ["ENUM('0','1')", "await pool.execute('INSERT INTO t (id, c) VALUES (1, ?)', [true])", '1', 'c'],
    ["ENUM('0','1')", "await pool.query('INSERT INTO t (id, c) VALUES (1, ?)', [false])", '0', 'c'],
    ["ENUM('0','1')", "await pool.query('INSERT INTO t (id, c) VALUES (1, ?)', ['1'])", '1', 'c'],
    ['TINYINT(1)', "await pool.query('INSERT INTO t (id, c) VALUES (1, ?)', ['true'])", '1', 'c'],
    ['TINYINT(1)', "await pool.query(`INSERT INTO t (id, c) VALUES (1, '${true}')`)", '1', 'c'],
    ['TINYINT(1)', 'await pool.query(`INSERT INTO t (id, c) VALUES (1, ${true})`)', '1', 'c'],
    ['TINYINT(1)', "await pool.execute('INSERT INTO t (id, c) VALUES (1, ?)', [undefined])", 'NULL', 'c'],
    ['TINYINT(1)', "await pool.execute('INSERT INTO t (id, c) VALUES (1, ?)', [NaN])", 'NULL', 'c'],
  ] as const
).map(([column, statement, meant, read]) => ({
  fact: 'BOOL-10',
  name: `mysql2 ${statement} into ${column}`,
  column,
  text: mysql2(statement),
  language: 'js',
  meant,
  read,
}))

const knex: readonly Row[] = (
  [
    ['TINYINT(1)', 'false', '0'],
    ["ENUM('no','yes')", 'true', 'yes'],
    ["ENUM('no','yes')", "'yes'", 'yes'],
  ] as const
).map(([column, value, meant]) => ({
  fact: 'BOOL-10',
  name: `knex insert of ${value} into ${column}`,
  column,
  text: `const connect = require('knex')

module.exports = async () => {
  const knex = connect({
    client: 'mysql2',
    connection: { socketPath: process.env.REPLAY_SOCKET, user: 'root', database: 'replay' },
  })
  try {
    await knex('t').insert({ id: 1, c: ${value} })
  } finally {
    await knex.destroy()
  }
}
`,
  language: 'js',
  meant,
  read: 'c',
}))

const reading: readonly Row[] = (
  [
    ['BIT(1)', 'row.c ? 1 : 0', '0'],
    ['BIT(1)', 'row.c[0] ? 1 : 0', '0'],
    ['TINYINT(1)', 'row.c === true ? 1 : 0', '1'],
    ['TINYINT(1)', 'row.c ? 1 : 0', '1'],
    ['TINYINT(1)', 'row.c === 1 ? 1 : 0', '1'],
  ] as const
).map(([column, expression, meant]) => ({
  fact: 'BOOL-10',
  name: `mysql2 reads ${column}: ${expression}`,
  column,
  before: `(${meant})`,
  text: mysql2(`const [rows] = await pool.query('SELECT c FROM t')
    for (const row of rows) await pool.query('UPDATE t SET id = ?', [${expression}])`),
  language: 'js',
  meant,
  read: 'id',
}))

/** All rows that MariaDB, Debian's PHP and Node drivers can run. */
export const rows: readonly Row[] = [
  ...pdo,
  ...letters,
  ...doctrine,
  ...illuminate,
  ...deleting,
  ...written,
  ...founding,
  ...node,
  ...knex,
  ...reading,
]
