// Runs inside the sandbox: lays the world out, runs each script once per plan, and prints what the stubs recorded.
// Plain JavaScript, since it is started by the sandbox's own node. Reads /in.json, writes one JSON line per job.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const { world, home, cwd, jobs, limit } = JSON.parse(fs.readFileSync('/in.json', 'utf8'))
const files = Object.entries(world)
const keep = new Set(
  fs
    .readdirSync('/')
    .filter((name) => !['srv', 'var', 'opt', 'home', 'tmp', 'etc', 'mnt', 'media', 'boot', 'root'].includes(name)),
)
keep.add('log').add('out')

function layOut(missing, extra) {
  for (const name of fs.readdirSync('/')) if (!keep.has(name)) fs.rmSync(`/${name}`, { recursive: true, force: true })
  const made = new Set()
  const directory = (dir) => {
    if (made.has(dir)) return
    fs.mkdirSync(dir, { recursive: true })
    made.add(dir)
  }
  const gone = (file) => missing.some((dir) => file === dir || file.startsWith(`${dir}/`))
  for (const [file, text] of [...files, ...Object.entries(extra)]) {
    if (gone(file)) continue
    if (file.endsWith('/')) directory(file)
    else {
      directory(path.dirname(file))
      fs.writeFileSync(file, text)
    }
  }
  directory(cwd)
  directory(home)
  directory('/tmp')
  fs.writeFileSync('/etc/passwd', `root:x:0:0::${home}:/bin/bash\napp:x:1:1::${home}:/bin/bash\n`)
}

/** The records of the stubs: count, name, directory, arguments, each ended by a NUL. */
function records() {
  let text = ''
  try {
    text = fs.readFileSync('/log/calls', 'utf8').slice(0, 200_000)
  } catch {
    return []
  }
  const parts = text.split('\0')
  const out = []
  for (let i = 0; i + 2 < parts.length && out.length < 400;) {
    const count = Number(parts[i])
    if (!Number.isInteger(count) || i + 3 + count > parts.length) break
    out.push({ name: parts[i + 1], cwd: parts[i + 2], argv: parts.slice(i + 3, i + 3 + count) })
    i += 3 + count
  }
  return out
}

/** Adds what only the file system knows: directories whose whole content is named, operands that are links. */
function seen(call) {
  const byParent = new Map()
  const links = []
  call.argv.forEach((word, index) => {
    if (word === '' || word.startsWith('-')) return
    const at = path.resolve(call.cwd, word)
    const parent = path.dirname(at)
    if (at !== '/') byParent.set(parent, (byParent.get(parent) ?? new Set()).add(path.basename(at)))
    if (word.endsWith('/') && word.length > 1) {
      try {
        if (fs.lstatSync(at).isSymbolicLink()) links.push(index)
      } catch {
        // not there: no link
      }
    }
  })
  const covers = []
  for (const [parent, names] of byParent) {
    let entries = []
    try {
      entries = fs.readdirSync(parent).filter((name) => !name.startsWith('.'))
    } catch {
      continue
    }
    if (entries.length > 1 && entries.every((name) => names.has(name))) covers.push(parent)
  }
  return { ...call, covers, links }
}

for (const job of jobs) {
  const results = []
  for (const run of job.runs) {
    layOut(run.missing, Object.fromEntries(Object.entries(job.files).filter(([file]) => !run.without.includes(file))))
    for (const [file, text] of Object.entries(run.contents ?? {}))
      if (!run.without.includes(file)) fs.writeFileSync(file, text)
    const script = `${cwd}/deploy.sh`
    fs.writeFileSync(script, job.text)
    fs.chmodSync(script, 0o755)
    fs.rmSync('/log', { recursive: true, force: true })
    fs.mkdirSync('/log/modes', { recursive: true })
    for (const [name, mode] of Object.entries(run.commands)) fs.writeFileSync(`/log/modes/${name}`, `${mode}\n`)
    fs.writeFileSync('/log/stdin', run.stdin)
    const stdin = fs.openSync('/log/stdin', 'r')
    const env = { PATH: '/stub:/usr/bin:/bin', HOME: home, USER: 'app', LANG: 'C', ...run.env }
    const say = job.trace ? fs.openSync('/out', 'w') : 'ignore'
    const given = { cwd, env, stdio: [stdin, say, say], timeout: limit, killSignal: 'SIGKILL' }
    const begun = Date.now()
    const done = run.bare ? spawnSync(job.shell, ['deploy.sh', ...run.args], given) : spawnSync(script, run.args, given)
    fs.closeSync(stdin)
    results.push({
      rc: done.status,
      late: Date.now() - begun >= limit,
      calls: records().map(seen),
      ...(job.trace ? { says: fs.readFileSync('/out', 'utf8').slice(0, 4000) } : {}),
    })
  }
  fs.writeSync(1, `${JSON.stringify({ id: job.id, results })}\n`)
}
