import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import path from 'node:path'
import type { Row } from './opcache-rows.ts'

/** What one answer of the application is made of; each part says the release it comes from. */
export const parts = ['entry', 'documentRoot', 'absolute', 'once', 'data', 'realpath', 'preloaded'] as const
export type Seen = Readonly<Record<(typeof parts)[number], string>>

/** One row set up on disk: the very files that the linter reads. */
export interface Stage {
  readonly row: Row
  readonly directory: string
  readonly files: readonly { readonly file: string; readonly text: string }[]
}

/** Writes two releases, the link, nginx's site, php.ini, the pool and the deploy script of a row. */
export function stage(row: Row, directory: string, shorter: Readonly<Record<string, string>>, nginx: string): Stage {
  for (const release of ['1', '2']) {
    const at = path.join(directory, 'releases', release)
    mkdirSync(path.join(at, 'public'), { recursive: true })
    for (const name of ['docroot', 'absolute', 'once'])
      writeFileSync(path.join(at, `${name}.php`), `<?php return '${release}';\n`)
    writeFileSync(path.join(at, 'data.txt'), release)
    writeFileSync(path.join(at, 'public/index.php'), application(release, path.join(directory, 'current')))
    writeFileSync(path.join(at, 'preload.php'), `<?php class Preloaded { const RELEASE = '${release}'; }\n`)
    writeFileSync(path.join(at, 'public/opcache-reset.php'), '<?php opcache_reset();\n')
  }
  // OPcache does not keep a file that was written in the last two seconds: releases are older than that.
  for (const release of ['1', '2']) {
    const written = Date.now() / 1000 - 7200 + Number(release) * 600
    for (const name of readdirSync(path.join(directory, 'releases', release), { recursive: true, encoding: 'utf8' }))
      utimesSync(path.join(directory, 'releases', release, name), written, written)
  }
  symlinkSync('releases/1', path.join(directory, 'current'))
  const ini = { zend_extension: 'opcache', 'opcache.jit': 'off', ...shorter, ...row.ini }
  const fill = (line: string): string => line.replaceAll('DIR', directory).replaceAll('NGINX', nginx)
  const texts = {
    'nginx/site.conf': site(row, directory),
    'php.ini': Object.entries(ini)
      .map(([name, value]) => `${name} = ${fill(value)}\n`)
      .join(''),
    'php-fpm.conf': pool(directory),
    'deploy.sh': fill(
      [
        '#!/bin/bash\nset -euo pipefail',
        ...(row.before ?? []),
        `ln -s releases/${row.to ?? '2'} DIR/current.new`,
        'mv -T DIR/current.new DIR/current',
        ...(row.after ?? []),
        '',
      ].join('\n'),
    ),
  }
  mkdirSync(path.join(directory, 'nginx'))
  mkdirSync(path.join(directory, 'cache'))
  chmodSync(path.join(directory, 'cache'), 0o777)
  for (const [name, text] of Object.entries(texts)) writeFileSync(path.join(directory, name), text)
  chmodSync(path.join(directory, 'deploy.sh'), 0o755)
  return { row, directory, files: Object.entries(texts).map(([file, text]) => ({ file, text })) }
}

function application(release: string, current: string): string {
  return `<?php
$root = $_SERVER['DOCUMENT_ROOT'] . '/..';
header('Content-Type: application/json');
echo json_encode([
  'entry' => '${release}',
  'documentRoot' => require $root . '/docroot.php',
  'absolute' => require '${current}/absolute.php',
  'once' => require_once '${current}/once.php',
  'data' => file_get_contents($root . '/data.txt'),
  'realpath' => basename(realpath('${current}')),
  'preloaded' => class_exists('Preloaded', false) ? Preloaded::RELEASE : '${release}',
]);
`
}

function site(row: Row, directory: string): string {
  return `server {
  listen unix:${directory}/http.sock;
  root ${directory}/current/public;
  location ~ \\.php$ {
    include fastcgi_params;
    fastcgi_param SCRIPT_FILENAME ${row.script}$fastcgi_script_name;
    fastcgi_param DOCUMENT_ROOT ${row.documentRoot};
    fastcgi_pass unix:${directory}/php.sock;
  }
}
`
}

function pool(directory: string): string {
  return `[global]
pid = ${directory}/php-fpm.pid
error_log = ${directory}/fpm.log
process_control_timeout = 5s
daemonize = no
[www]
user = nobody
group = nogroup
listen = ${directory}/php.sock
listen.mode = 0666
pm = static
pm.max_children = 2
`
}

/** Starts one nginx for all stages and one FPM master for each; `stop` ends exactly those. */
export function serve(
  stages: readonly Stage[],
  base: string,
  nginxFile: string,
  binaries: { readonly nginx: string; readonly fpm: string },
): () => void {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${base}/temp-${name};`)
    .join(' ')
  const includes = stages.map((one) => `include ${one.directory}/nginx/site.conf;`).join('\n  ')
  writeFileSync(path.join(base, 'fastcgi_params'), plainParams())
  writeFileSync(
    nginxFile,
    `daemon off; user nobody nogroup; worker_processes 1; pid ${base}/nginx.pid; error_log ${base}/nginx.log;
events { worker_connections 512; }
http {
  access_log off; ${temp}
  ${includes}
}
`,
  )
  execFileSync('chmod', ['-R', 'a+rX', base])
  const env = { ...process.env, PHP_INI_SCAN_DIR: '' }
  const started: ChildProcess[] = stages.map((one) =>
    spawn(binaries.fpm, ['-c', path.join(one.directory, 'php.ini'), '-y', path.join(one.directory, 'php-fpm.conf')], {
      stdio: 'ignore',
      env,
    }),
  )
  started.push(spawn(binaries.nginx, ['-c', nginxFile, '-e', path.join(base, 'nginx.log')], { stdio: 'ignore' }))
  return () => void started.map((one) => one.kill('SIGTERM'))
}

const plainParams = (): string =>
  [
    'QUERY_STRING $query_string',
    'REQUEST_METHOD $request_method',
    'SCRIPT_NAME $fastcgi_script_name',
    'REQUEST_URI $request_uri',
    'DOCUMENT_ROOT $document_root',
    'SERVER_PROTOCOL $server_protocol',
    'SERVER_NAME $server_name',
  ]
    .map((line) => `fastcgi_param ${line};\n`)
    .join('')

/** One answer of a stage; undefined while it does not answer. */
export function ask(one: Stage): Promise<Seen | undefined> {
  return new Promise((done) => {
    const call = request(
      { socketPath: path.join(one.directory, 'http.sock'), path: '/index.php', timeout: 5000 },
      (response) => {
        let text = ''
        response.on('data', (more) => (text += more))
        response.on('end', () => {
          try {
            done(JSON.parse(text) as Seen)
          } catch {
            done(undefined)
          }
        })
      },
    )
    call.on('error', () => done(undefined))
    call.end()
  })
}
