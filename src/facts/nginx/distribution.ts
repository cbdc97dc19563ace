/** One line of a file that comes with nginx: a directive's words. */
export type KnownLine = readonly string[]

const param = (name: string, value: string, ...more: readonly string[]): KnownLine => [
  'fastcgi_param',
  name,
  value,
  ...more,
]

// NGX-02: Debian and upstream agree that `fastcgi_params` sends no SCRIPT_FILENAME and a DOCUMENT_ROOT through the link.
const common: readonly KnownLine[] = [
  param('QUERY_STRING', '$query_string'),
  param('REQUEST_METHOD', '$request_method'),
  param('CONTENT_TYPE', '$content_type'),
  param('CONTENT_LENGTH', '$content_length'),
  param('SCRIPT_NAME', '$fastcgi_script_name'),
  param('REQUEST_URI', '$request_uri'),
  param('DOCUMENT_URI', '$document_uri'),
  param('DOCUMENT_ROOT', '$document_root'),
  param('SERVER_PROTOCOL', '$server_protocol'),
  param('REQUEST_SCHEME', '$scheme'),
  param('HTTPS', '$https', 'if_not_empty'),
  param('GATEWAY_INTERFACE', 'CGI/1.1'),
  param('SERVER_SOFTWARE', 'nginx/$nginx_version'),
  param('REMOTE_ADDR', '$remote_addr'),
  param('REMOTE_PORT', '$remote_port'),
  param('REMOTE_USER', '$remote_user'),
  param('SERVER_ADDR', '$server_addr'),
  param('SERVER_PORT', '$server_port'),
  param('SERVER_NAME', '$server_name'),
  param('REDIRECT_STATUS', '200'),
]

const whole: readonly KnownLine[] = [param('SCRIPT_FILENAME', '$document_root$fastcgi_script_name'), ...common]

const snippet: readonly KnownLine[] = [
  ['fastcgi_split_path_info', '^(.+?\\.php)(/.*)$'],
  ['try_files', '$fastcgi_script_name', '=404'],
  ['set', '$path_info', '$fastcgi_path_info'],
  param('PATH_INFO', '$path_info'),
  ['fastcgi_index', 'index.php'],
  ['include', 'fastcgi.conf'],
]

const files: ReadonlyMap<string, readonly KnownLine[]> = new Map([
  ['fastcgi_params', common],
  ['fastcgi_params.default', common],
  ['fastcgi.conf', whole],
  ['fastcgi.conf.default', whole],
  ['snippets/fastcgi-php.conf', snippet],
  ['mime.types', []],
  ['proxy_params', []],
  ['uwsgi_params', []],
  ['scgi_params', []],
  ['koi-utf', []],
  ['koi-win', []],
  ['win-utf', []],
  ['snippets/snakeoil.conf', []],
  ['modules-enabled/*.conf', []],
])

/** Where nginx keeps its configuration on the systems that package it. */
export const configurationRoots =
  /^\/?(etc\/nginx|usr\/local\/(etc\/)?nginx(\/conf)?|usr\/share\/nginx(\/conf)?|opt\/nginx(\/conf)?)\//

/** The lines of a file that comes with nginx, by the path of its `include`; undefined: it is not one of those. */
export function distributionFile(path: string): readonly KnownLine[] | undefined {
  const name = path
    .replace(configurationRoots, '')
    .replace(/^\.?\//, '')
    .replace(/^conf\//, '')
  return files.get(name)
}
