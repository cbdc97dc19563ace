// The same for Node: each program exports a function that talks to the database.
const mysql = require('mysql2/promise')

async function main() {
  const jobs = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
  const admin = await mysql.createConnection({
    socketPath: process.env.REPLAY_SOCKET,
    user: 'root',
    database: 'replay',
  })
  const out = []
  for (const job of jobs) {
    await admin.query(`SET GLOBAL sql_mode = '${job.strict ? 'STRICT_TRANS_TABLES' : ''}'`)
    await admin.query("SET sql_mode = ''")
    await admin.query('DROP TABLE IF EXISTS t')
    await admin.query(`CREATE TABLE t (id INT, c ${job.column})`)
    if (job.before) await admin.query(`INSERT INTO t (c) VALUES ${job.before}`)
    let error = null
    try {
      await require(job.file)()
    } catch (caught) {
      error = String(caught.message)
    }
    const [rows] = await admin.query({ sql: `SELECT ${job.read} FROM t`, rowsAsArray: true })
    const value = rows.length === 0 ? 'no row' : rows[0][0]
    out.push({ error, stored: value === null ? 'NULL' : String(value) })
  }
  await admin.end()
  process.stdout.write(JSON.stringify(out))
}

main()
