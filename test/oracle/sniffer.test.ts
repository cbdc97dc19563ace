import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { filesOf } from '../../src/discover/files.ts'
import { nginxConfigurations } from '../../src/facts/nginx/configurations.ts'
import { locationsOf, rootPaths, type Location } from '../../src/facts/nginx/location.ts'
import { nginxValue } from '../../src/facts/nginx/value.ts'
import { sniffer, type Params } from './fastcgi.ts'

const binary = ['/usr/sbin/nginx', 'nginx'].find((name) => spawnSync(name, ['-v']).status === 0)
const distribution = '/etc/nginx'
const there = binary !== undefined && existsSync(`${distribution}/snippets/fastcgi-php.conf`)

/** One configuration: what stands in the location, the server, http, and in files of its own; which handover the request meets. */
interface Case {
  readonly location?: string
  readonly server?: string
  readonly http?: string
  readonly files?: Readonly<Record<string, string>>
  readonly name?: string
  readonly pass?: string
  readonly which?: number
  readonly uri?: string
}

const sf = (root: string): string => `fastcgi_param SCRIPT_FILENAME ${root}$fastcgi_script_name;`
const dr = (root: string): string => `fastcgi_param DOCUMENT_ROOT ${root};`
const real = `${sf('$realpath_root')} ${dr('$realpath_root')}`
const link = `${sf('$document_root')} ${dr('$document_root')}`

// NGX-01 and NGX-02: every order of own lines and of the files that come with nginx.
const bodies = [
  real,
  link,
  'include fastcgi_params;',
  'include fastcgi.conf;',
  'include snippets/fastcgi-php.conf;',
  `${real} include fastcgi_params;`,
  `include fastcgi_params; ${real}`,
  `${real} include fastcgi.conf;`,
  `include fastcgi.conf; ${real}`,
  `${real} include snippets/fastcgi-php.conf;`,
  `include snippets/fastcgi-php.conf; ${real}`,
  `include snippets/fastcgi-php.conf; ${sf('$realpath_root')}`,
  `${link} ${real}`,
  `${real} ${link}`,
  'fastcgi_param SCRIPT_FILENAME $request_filename; include fastcgi_params;',
  'fastcgi_param SCRIPT_FILENAME "${document_root}${fastcgi_script_name}";',
  'fastcgi_param HTTPS on; include fastcgi_params;',
  'include fastcgi_params; fastcgi_param HTTPS on; fastcgi_param SERVER_NAME example.org;',
  `set $front $realpath_root; ${sf('$front')}`,
  `set $front $document_root; ${sf('${front}')} include fastcgi_params;`,
  'fastcgi_param SCRIPT_FILENAME ROOT/index.php; fastcgi_param EMPTY "" if_not_empty;',
]

// NGX-03: what stands outside, against what the location has of its own.
const outside = [real, link, 'include fastcgi.conf;', `include fastcgi_params; ${real}`]
const inside = [
  '',
  'fastcgi_param HTTPS on;',
  'include fastcgi_params;',
  sf('$document_root'),
  'include snippets/fastcgi-php.conf;',
]

const cases: readonly Case[] = [
  ...bodies.map((location) => ({ location })),
  ...outside.flatMap((server) => inside.map((location) => ({ location, server }))),
  ...outside.map((http) => ({ http, location: '' })),
  ...outside.map((http) => ({ http, server: 'fastcgi_param HTTPS on;', location: '' })),
  // NGX-04: includes are taken from the main file's directory, whatever file they stand in.
  { location: 'include more/php.conf;', files: { 'more/php.conf': `include own_params; ${real}`, own_params: link } },
  { location: 'include more/*.conf;', files: { 'more/a.conf': real, 'more/b.conf': dr('$document_root') } },
  { location: 'include more/*.conf;', files: { 'more/a.conf': dr('$document_root'), 'more/b.conf': real } },
  { location: 'include none/*.conf; include fastcgi.conf;' },
  { server: 'include more/server.conf;', location: '', files: { 'more/server.conf': `set $x 1; ${real}` } },
  // NGX-05: targets, and roots through variables.
  { pass: 'up', http: 'upstream up { server unix:SOCKET; }', location: 'include fastcgi.conf;' },
  { pass: '$to', http: 'map $host $to { default unix:SOCKET; }', location: real },
  {
    http: 'map $host $base { default ROOT; other.org /nowhere; }',
    server: 'root $base;',
    location: 'include fastcgi.conf;',
  },
  { server: 'set $base ROOT; root $base;', location: real },
  { location: 'root ROOT/../public; include fastcgi.conf;' },
  // Where the location stands: named, exact, nested, behind a rewrite, in an if.
  {
    name: '@php',
    uri: '/nothing',
    server: 'location / { try_files $uri @php; }',
    location: `fastcgi_param SCRIPT_FILENAME $realpath_root/index.php; ${dr('$realpath_root')}`,
  },
  { name: '= /index.php', location: `include fastcgi_params; ${real}` },
  {
    name: '= /index.php',
    uri: '/some/page',
    server: 'location / { try_files $uri /index.php$is_args$args; }',
    location: real,
  },
  { name: '^~ /index', location: 'include fastcgi.conf;' },
  { which: 1, location: `${real} if ($request_method = GET) { fastcgi_pass unix:SOCKET; }` },
  { which: 1, location: 'include fastcgi.conf; if ($request_method = GET) { set $x 1; fastcgi_pass unix:SOCKET; }' },
  {
    name: '/',
    uri: '/index.php',
    location: `${link} location ~ ^/index\\.php$ { ${real} fastcgi_pass unix:SOCKET; }`,
    which: 1,
  },
  {
    name: '/',
    uri: '/index.php',
    location: `include fastcgi.conf; location ~ ^/index\\.php$ { fastcgi_pass unix:SOCKET; }`,
    which: 1,
  },
]

/** What nginx would put for its variables in a request for index.php. */
function evaluated(value: string, root: string, kept: string): string | undefined {
  const known: Record<string, string> = {
    document_root: root,
    realpath_root: kept,
    fastcgi_script_name: '/index.php',
    request_filename: `${root}/index.php`,
    request_method: 'GET',
    query_string: '',
    server_protocol: 'HTTP/1.1',
  }
  let sure = true
  const out = value.replace(/\$\{?(\w+)\}?/g, (_, name: string) => known[name] ?? ((sure = false), ''))
  return sure ? out : undefined
}

function predicted(location: Location, kept: string): ReadonlyMap<string, string | undefined> {
  const root = rootPaths(location)[0]?.path ?? ''
  const out = new Map<string, string | undefined>()
  for (const [name, param] of location.params) {
    const line = param.lines[0]!
    if (line.args[2] === 'if_not_empty' && param.lines.length === 1) continue
    const ways = nginxValue(line.args[1]!, location.level) ?? []
    out.set(name, ways.length === 1 ? evaluated(ways[0]!.text, root, kept) : undefined)
  }
  return out
}

async function sent(given: Case, directory: string): Promise<string[]> {
  const socket = path.join(directory, 'php.sock')
  const root = path.join(directory, 'current/public')
  const kept = path.join(directory, 'releases/1/public')
  mkdirSync(kept, { recursive: true })
  symlinkSync('releases/1', path.join(directory, 'current'))
  writeFileSync(path.join(kept, 'index.php'), '<?php')
  const conf = path.join(directory, 'conf')
  mkdirSync(conf)
  for (const name of ['fastcgi_params', 'fastcgi.conf', 'snippets'])
    cpSync(path.join(distribution, name), path.join(conf, name), { recursive: true })
  const fill = (text: string): string =>
    text
      .replaceAll('ROOT/', `${root}/`)
      .replace(/\bROOT\b(?=;)/g, root)
      .replaceAll('SOCKET', socket)
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${directory}/temp-${name};`)
    .join(' ')
  const ownRoot = /\broot\s/.test(`${given.server ?? ''}`) ? '' : `root ${root};`
  const main = fill(`daemon off; pid ${directory}/pid; error_log ${directory}/error.log;
events { worker_connections 32; }
http { access_log off; ${temp} ${given.http ?? ''}
  server { listen unix:${directory}/http.sock; ${ownRoot} ${given.server ?? ''}
    location ${given.name ?? '~ \\.php$'} { fastcgi_pass ${given.pass ?? `unix:${socket}`}; ${given.location ?? ''} }
  }
}
`)
  const files = {
    'nginx.conf': main,
    ...Object.fromEntries(Object.entries(given.files ?? {}).map(([name, text]) => [name, fill(text)])),
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(conf, name)), { recursive: true })
    writeFileSync(path.join(conf, name), text)
  }
  let heard: Params | undefined
  const server = await sniffer(socket, (params) => (heard = params))
  execFileSync('chmod', ['-R', 'a+rwX', directory])
  const nginx = spawn(
    binary!,
    ['-p', directory, '-c', path.join(conf, 'nginx.conf'), '-e', path.join(directory, 'error.log')],
    { stdio: 'ignore' },
  )
  try {
    await asked(path.join(directory, 'http.sock'), given.uri ?? '/index.php')
  } finally {
    nginx.kill('SIGTERM')
    server.close()
  }
  const project = filesOf(Object.entries(files).map(([file, text]) => ({ file, text })))
  const location = nginxConfigurations(project, [], () => {}).mains.flatMap(locationsOf)[given.which ?? 0]!
  return differences(new Map(heard ?? []), predicted(location, kept), heard !== undefined)
}

function differences(
  got: ReadonlyMap<string, string>,
  want: ReadonlyMap<string, string | undefined>,
  answered: boolean,
): string[] {
  if (!answered) return ['nginx never asked']
  const out: string[] = []
  // nginx sends each header of the request too.
  for (const name of got.keys())
    if (!want.has(name) && !name.startsWith('HTTP_')) out.push(`nginx sends ${name}, we do not`)
  for (const [name, value] of want)
    if (!got.has(name)) out.push(`we send ${name}, nginx does not`)
    else if (value !== undefined && got.get(name) !== value) out.push(`${name} is ${got.get(name)}, we say ${value}`)
  return out
}

async function asked(socketPath: string, uri: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const done = await new Promise<boolean>((settle) => {
      const call = request({ socketPath, path: uri, headers: { host: 'example.org' } }, (response) => {
        response.resume()
        response.on('end', () => settle(true))
      })
      call.on('error', () => settle(false))
      call.end()
    })
    if (done) return
    await new Promise((settle) => setTimeout(settle, 30))
  }
}

test.skipIf(!there)(
  `nginx sends what we compute, on ${cases.length} configurations`,
  { timeout: 120_000 },
  async () => {
    expect(cases.length).toBeGreaterThanOrEqual(60)
    const wrong: string[] = []
    const queue = cases.map((one, number) => ({ one, number }))
    const work = async (): Promise<void> => {
      for (let next = queue.pop(); next; next = queue.pop()) {
        const directory = mkdtempSync(path.join(os.tmpdir(), 'shiplint-fcgi-'))
        for (const says of await sent(next.one, directory))
          wrong.push(`${next.number} ${JSON.stringify(next.one)}: ${says}`)
        rmSync(directory, { recursive: true, force: true })
      }
    }
    await Promise.all([work(), work(), work(), work()])
    expect(wrong).toEqual([])
  },
)
