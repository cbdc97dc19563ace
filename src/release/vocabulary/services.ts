import { has, type Call } from '../call.ts'
import type { Detail } from '../model.ts'
import { operand, valueOf, type Row } from './row.ts'

const fpm = /^(php[\d.]*-?fpm[\d.]*|php-fpm.*|php\d.*fpm.*|php\*.*)(\.service)?$|php.*fpm/i
const web = /^(nginx|apache2?|httpd|caddy|lighttpd|haproxy|varnish|traefik|openresty)(\.service)?$/
const data =
  /^(mysql|mysqld|mariadb|postgres\w*|redis\S*|memcached|mongod?|rabbitmq\S*|elasticsearch|opensearch|docker|ssh|sshd|cron|crond|rsyslog|systemd-\S+|network\S*|fail2ban|postfix|ufw|beanstalkd)(\.service)?$/
const worker =
  /supervisor|horizon|queue|worker|sidekiq|messenger|consumer|celery|delayed|sneakers|shoryuken|resque|scheduler|good_job|jobs/i
const units = (call: Call): readonly string[] =>
  call.name === 'service' || call.name === 'rc-service' ? call.operands.slice(0, 1) : call.operands.slice(1)
const verb = (call: Call): string =>
  (call.name === 'service' || call.name === 'rc-service' ? call.operands[1] : call.operands[0]) ?? ''
const of =
  (pattern: RegExp, ...verbs: readonly string[]) =>
  (call: Call): boolean =>
    verbs.includes(verb(call)) && units(call).some((unit) => pattern.test(unit))
const naming = (call: Call): Detail => ({ what: units(call).join(' ') })
const again = [
  'restart',
  'reload',
  'try-restart',
  'reload-or-restart',
  'try-reload-or-restart',
  'force-reload',
  'condrestart',
  'graceful',
]
const manager = 'systemctl|service|rc-service'

/** Services by whatever starts and stops them. */
export const services: readonly Row[] = [
  {
    example: '/etc/init.d/php-fpm reload',
    call: manager,
    kind: 'reload',
    tool: 'php-fpm',
    when: of(fpm, ...again),
    detail: (call) => ({ what: verb(call) }),
  },
  {
    example: 'sudo systemctl reload php8.2-fpm',
    call: manager,
    kind: 'reload',
    tool: 'php-fpm',
    when: of(fpm, ...again),
    detail: (call) => ({ what: verb(call) }),
  },
  { example: 'service php7.4-fpm stop', call: manager, kind: 'stop', tool: 'php-fpm', when: of(fpm, 'stop') },
  { example: 'systemctl start php-fpm', call: manager, kind: 'start', tool: 'php-fpm', when: of(fpm, 'start') },
  {
    example: 'sudo systemctl reload nginx',
    call: manager,
    kind: 'reload',
    tool: 'web server',
    when: of(web, ...again),
    detail: naming,
  },
  {
    example: 'systemctl stop nginx',
    call: manager,
    kind: 'stop',
    tool: 'web server',
    when: of(web, 'stop'),
    detail: naming,
  },
  {
    example: 'service nginx start',
    call: manager,
    kind: 'start',
    tool: 'web server',
    when: of(web, 'start'),
    detail: naming,
  },
  {
    example: 'systemctl restart redis',
    call: manager,
    kind: 'nothing',
    when: of(data, ...again, 'start', 'stop', 'status'),
  },
  {
    example: 'systemctl restart app-worker',
    call: manager,
    kind: 'restart workers',
    tool: 'systemd',
    when: of(worker, ...again),
    detail: naming,
  },
  {
    example: 'systemctl stop supervisor',
    call: manager,
    kind: 'stop',
    tool: 'systemd',
    when: (call) => verb(call) === 'stop',
    detail: naming,
  },
  {
    example: 'systemctl start app',
    call: manager,
    kind: 'start',
    tool: 'systemd',
    when: (call) => verb(call) === 'start',
    detail: naming,
  },
  {
    example: 'sudo systemctl restart app',
    call: manager,
    kind: 'reload',
    tool: 'service',
    when: (call) => again.includes(verb(call)),
    detail: naming,
  },
  {
    example: 'systemctl is-active --quiet app',
    call: 'systemctl is-active',
    kind: 'smoke test',
    tool: 'systemd',
    what: 'unit',
  },
  { example: 'systemctl daemon-reload', call: manager, kind: 'nothing' },
  {
    example: 'nginx -s reload',
    call: 'nginx',
    kind: 'reload',
    tool: 'web server',
    what: 'nginx',
    when: (call) => /-s\s+reload/.test(call.text),
  },
  {
    example: 'nginx -t',
    call: 'nginx',
    kind: 'test',
    tool: 'web server',
    what: 'configuration',
    when: (call) => has(call, '-t', '-T'),
  },
  {
    example: 'apachectl graceful',
    call: 'apachectl|apache2ctl|httpd graceful|restart|-k',
    kind: 'reload',
    tool: 'web server',
    what: 'apache',
  },
  { example: 'caddy reload', call: 'caddy|frankenphp reload', kind: 'reload', tool: 'web server', what: 'caddy' },
  { example: 'apachectl configtest', call: 'apachectl|apache2ctl|httpd|caddy *', kind: 'nothing' },
  {
    example: 'pkill -USR2 php-fpm',
    call: 'pkill|kill|killall',
    kind: 'reload',
    tool: 'php-fpm',
    when: (call) => /USR2/.test(call.text) && /php|fpm/i.test(call.text),
    detail: () => ({ what: 'reload' }),
  },
  {
    example: 'kill -USR1 $(cat /run/php-fpm.pid)',
    call: 'pkill|kill|killall',
    kind: 'reload',
    tool: 'php-fpm',
    when: (call) => /USR1/.test(call.text) && /php|fpm/i.test(call.text),
    detail: () => ({ what: 'logs', vain: 'SIGUSR1 only opens the log files again' }),
  },
  {
    example: 'kill -USR2 $(cat tmp/pids/unicorn.pid)',
    call: 'pkill|kill',
    kind: 'reload',
    tool: 'puma',
    what: 'signal',
    when: (call) => /unicorn|puma/i.test(call.text) && /USR2|HUP|USR1/.test(call.text),
  },
  { example: 'pkill -f sidekiq', call: 'pkill|killall', kind: 'stop', tool: 'process' },
  { example: 'pkill -f queue:work', call: 'kill', kind: 'stop', tool: 'process' },
  {
    example: 'supervisorctl restart laravel-worker:*',
    call: 'supervisorctl restart',
    kind: 'restart workers',
    tool: 'supervisor',
    detail: (call) => ({ what: call.operands.slice(1).join(' ') }),
  },
  {
    example: 'supervisorctl signal TERM worker',
    call: 'supervisorctl signal|reload',
    kind: 'restart workers',
    tool: 'supervisor',
    detail: (call) => ({ what: call.operands.slice(2).join(' ') || 'all' }),
  },
  {
    example: 'supervisorctl update',
    call: 'supervisorctl update|reread',
    kind: 'restart workers',
    tool: 'supervisor',
    detail: () => ({
      what: 'changed programs',
      vain: 'supervisor leaves programs alone whose configuration did not change',
    }),
  },
  { example: 'supervisorctl stop all', call: 'supervisorctl stop', kind: 'stop', tool: 'supervisor' },
  { example: 'supervisorctl start all', call: 'supervisorctl start', kind: 'start', tool: 'supervisor' },
  { example: 'supervisorctl status', call: 'supervisorctl *', kind: 'nothing' },
  {
    example: 'supervisord -c /etc/supervisord.conf',
    call: 'supervisord|monit|runsvdir|s6-svscan|circusd',
    kind: 'start',
    tool: 'supervisor',
  },
  { example: 's6-svc -r /run/service/app', call: 's6-svc|sv|svc', kind: 'restart workers', tool: 'runit' },
  {
    example: 'varnishadm "ban req.url ~ ."',
    call: 'varnishadm',
    kind: 'clear cache',
    tool: 'varnish',
    when: (call) => /ban|purge/.test(call.text),
  },
  {
    example: 'initctl restart app',
    call: 'initctl|restart|start|stop *',
    kind: 'reload',
    tool: 'service',
    when: (call) => call.name !== 'stop' && (call.name !== 'initctl' || /restart|reload/.test(call.operands[0] ?? '')),
    detail: (call) => ({ what: call.operands.at(-1)! }),
  },
  {
    example: 'curl -X POST "$DEPLOY_HOOK_URL"',
    call: 'curl|wget|http|https|httpie',
    kind: 'switch',
    tool: 'platform',
    when: (call) => operand(call, deployHook) !== undefined,
    detail: () => ({ how: 'platform', atomic: true }),
  },
  {
    example: 'curl -fsS https://example.org/health',
    call: 'curl|wget|http|https|httpie',
    kind: 'smoke test',
    tool: 'http',
    when: (call) => healthUrl(call) !== undefined,
    detail: (call) => ({ path: healthUrl(call)!, what: fails(call) ? 'fails' : 'never fails' }),
  },
]

// Addresses that begin a deploy on the platform that hosts the application.
const deployHook =
  /forge\.laravel\.com\/servers\/.*\/deploy|envoyer\.io\/deploy|ploi\.io\/webhooks|api\.render\.com\/deploy|api\.(vercel|netlify)\.com\/.*(deploy|build_hooks)|\/api\/v1\/deploy\?|(DEPLOY|REDEPLOY|FORGE|RENDER|COOLIFY|DOKPLOY|CAPROVER|PORTAINER)\w*(HOOK|URL|WEBHOOK|TRIGGER)/i

const hook =
  /slack\.com|discord(app)?\.com|telegram\.org|rollbar|sentry\.io|newrelic|datadog|bugsnag|honeybadger|airbrake|teams|webhook|hooks\.|mattermost|rocket\.?chat|chat\.googleapis|ntfy|pushover|pagerduty|opsgenie/i

// A question to the site itself, and not a download, a chat message or an API call.
function healthUrl(call: Call): string | undefined {
  if (hook.test(call.text)) return undefined
  if (
    valueOf(call, '-o', '--output', '-O', '--output-document') &&
    !/\/dev\/null|^-$/.test(valueOf(call, '-o', '--output', '-O', '--output-document')!)
  )
    return undefined
  if (/\|\s*(ba|da)?sh\b/.test(call.text) || call.options.has('-O') || call.options.has('-T')) return undefined
  if (
    /^(POST|PUT|DELETE|PATCH)$/.test(valueOf(call, '-X', '--request') ?? '') ||
    ['-d', '--data', '--data-raw', '-F'].some((o) => call.options.has(o))
  )
    return undefined
  const url = operand(call, /^(https?:\/\/|localhost|127\.0\.0\.1|\$|\{\{|[\w.-]+\.[a-z]{2,}(\/|$))/i)
  if (
    url === undefined ||
    /\.(sh|phar|tar\.gz|tgz|zip|deb|rpm|asc|gpg|key|sql|jar|exe|whl)$|github\.com|githubusercontent|getcomposer|nodesource|deb\.|packages?\./.test(
      url,
    )
  )
    return undefined
  return url
}

function fails(call: Call): boolean {
  if (call.name === 'wget') return true
  return [...call.options.keys()].some(
    (option) => option === '--fail' || option === '--fail-with-body' || /^-[A-Za-z]*f[A-Za-z]*$/.test(option),
  )
}
