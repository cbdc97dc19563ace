/** A small deterministic source of chance, so that a failing configuration can be made again from its number. */
export function chance(seed: number): (below: number) => number {
  let state = (seed * 2654435761) >>> 0 || 1
  return (below) => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state % below
  }
}

type Draw = (below: number) => number

const pick = <Item>(draw: Draw, items: readonly Item[]): Item => items[draw(items.length)]!

/** A whole nginx.conf of the kind that PHP sites have, different for every seed. */
export function configuration(seed: number): string {
  const draw = chance(seed + 1)
  const maybe = (text: string): string => (draw(2) === 0 ? text : '')
  const log = `log_format plain '$remote_addr - "$request" {$status} ; #'\n  "$http_user_agent";`
  const map = `map $http_x_proto $https_on {\n    default "";\n    https on;\n    "~^h(t+)p$" "off;";\n  }`
  const up = `upstream php {\n    server unix:/run/php/fpm.sock weight=2;\n    server 127.0.0.1:9000 backup;\n    keepalive 4;\n  }`
  const head = `# made for a test\nworker_processes 1;\n${maybe('worker_rlimit_nofile 512;\n')}events { worker_connections ${64 + draw(64)}; }\n`
  const servers = Array.from({ length: 1 + draw(3) }, (_, i) => server(draw, i)).join('\n')
  return `${head}http {\n  ${maybe(log)}\n  ${map}\n  ${up}\n  types { text/html html htm; image/x-icon ico; }\n  default_type text/plain;\n${servers}\n}\n`
}

function server(draw: Draw, number: number): string {
  const root = pick(draw, [
    '/srv/app/current/public',
    '"/srv/my app/web"',
    "'/var/www/x'",
    '/srv/$host/htdocs',
    '/srv/${host}x',
  ])
  const lines = [
    `listen ${8000 + number * 10 + draw(9)};`,
    `server_name ${pick(draw, ['example.org', '"~^(?<sub>.+)\\.example\\.org$"', '_', '*.example.org example.org'])};`,
    `root ${root};`,
    pick(draw, ['index index.php index.html;', 'charset utf-8;', 'client_max_body_size 50m; # upload']),
    `add_header X-Frame-Options "SAMEORIGIN" always;`,
    pick(draw, ['', 'set $where $document_root;', `set $where "${'$'}document_root/a;b";`, "set $where '{';"]),
    pick(draw, [
      '',
      'if ($request_method !~ ^(GET|POST)$) { return 405; }',
      'if (-f $document_root/off.html) {\n return 503;\n}',
    ]),
  ]
  const locations = Array.from({ length: 1 + draw(4) }, (_, i) => location(draw, i))
  return `  server {\n    ${[...lines, ...locations].filter((line) => line !== '').join('\n    ')}\n  }`
}

function location(draw: Draw, number: number): string {
  const script = pick(draw, [
    '$document_root$fastcgi_script_name',
    '$realpath_root$fastcgi_script_name',
    '$request_filename',
    '"$document_root/index.php"',
  ])
  const php = `fastcgi_pass ${pick(draw, ['php', 'unix:/run/php/fpm.sock', '127.0.0.1:9000'])};\n fastcgi_param SCRIPT_FILENAME ${script};\n fastcgi_split_path_info ^(.+?\\.php)(/.*)$;`
  const body = pick(draw, [
    php,
    php,
    'try_files $uri $uri/ /index.php$is_args$args;',
    'deny all;',
    'expires 30d; access_log off;',
    'rewrite ^/(.*)$ /index.php?q=$1 last;',
    'return 200 "a \\"b\\" {c}; #d";',
    '',
  ])
  const name = pick(draw, [
    `/l${number}/`,
    `= /l${number}.txt`,
    `~ ^/l${number}/.+\\.php(/|$)`,
    `~* "\\.(js|css){1,2}l${number}$"`,
    `@named${number}`,
    `^~ /l${number}x/ #c\n`,
  ])
  return `location ${name} {\n ${body}\n }`
}

/** The same text with one fault of the kind people make: something lost, doubled, cut off or put in. */
export function mutated(text: string, seed: number): string {
  const draw = chance(seed * 7 + 3)
  const marks = [...text.matchAll(/[;{}"'#$\\\n]/g)].map((found) => found.index)
  const at = pick(draw, marks)
  switch (draw(7)) {
    case 0:
    case 1:
      return text.slice(0, at) + text.slice(at + 1)
    case 2:
      return text.slice(0, at) + text[at] + text.slice(at)
    case 3:
      return text.slice(0, draw(text.length))
    case 4:
      return (
        text.slice(0, at) + pick(draw, ['{', '}', ';', '"', "'", '\\', '#', '$', ')', ' ', '\r\n']) + text.slice(at)
      )
    case 5: {
      const lines = text.split('\n')
      lines.splice(draw(lines.length), 1)
      return lines.join('\n')
    }
    default: {
      const other = pick(draw, marks)
      const [first, last] = [Math.min(at, other), Math.max(at, other)]
      return first === last
        ? text
        : text.slice(0, first) + text[last] + text.slice(first + 1, last) + text[first] + text.slice(last + 1)
    }
  }
}
