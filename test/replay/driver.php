<?php
// Runs each program given on stdin as JSON and prints what became of it: null, or the error's message.
$jobs = json_decode(stream_get_contents(STDIN), true);
$admin = new PDO('mysql:unix_socket=' . getenv('REPLAY_SOCKET') . ';dbname=replay', 'root', '');
$out = [];
foreach ($jobs as $job) {
    $admin->exec("SET GLOBAL sql_mode = '" . ($job['strict'] ? 'STRICT_TRANS_TABLES' : '') . "'");
    $admin->exec("SET sql_mode = ''");
    $admin->exec('DROP TABLE IF EXISTS t');
    $admin->exec("CREATE TABLE t (id INT, c {$job['column']})");
    if ($job['before'] !== null) {
        $admin->exec("INSERT INTO t (c) VALUES {$job['before']}");
    }
    putenv('REPLAY_EMULATE=' . ($job['emulate'] ? '1' : ''));
    putenv('REPLAY_STRICT=' . ($job['strict'] ? '1' : ''));
    $error = null;
    try {
        (static function (string $file): void {
            require $file;
        })($job['file']);
    } catch (Throwable $caught) {
        $error = $caught->getMessage();
    }
    $row = $admin->query("SELECT {$job['read']} FROM t")->fetch(PDO::FETCH_NUM);
    $out[] = ['error' => $error, 'stored' => $row === false ? 'no row' : ($row[0] === null ? 'NULL' : (string) $row[0])];
}
echo json_encode($out);
