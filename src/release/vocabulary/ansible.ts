import type { Call } from '../call.ts'
import type { Detail } from '../model.ts'
import { namesCache, namesLink, namesRelease } from '../path.ts'
import { valueOf, type Row } from './row.ts'

const module = { in: 'ansible' as const }
const arg = valueOf
const truthy = (text: string | undefined): boolean => /^(true|yes|1|on)$/i.test(text ?? '')
const state = (call: Call): string => arg(call, 'state') ?? ''
const path = (call: Call): string => arg(call, 'path', 'dest', 'name') ?? ''
const at =
  (...names: readonly string[]) =>
  (call: Call): Detail => {
    const found = arg(call, ...names)
    return found === undefined ? {} : { path: found }
  }

/** `file: state=link` onto what serves, or from a release to something outside of it. */
const goesLive = (call: Call): boolean => {
  const source = arg(call, 'src') ?? ''
  if (/^\/etc\/|(^|\/)(sites-enabled|conf\.d|s?bin)\//.test(path(call))) return false
  return !namesRelease(path(call)) && (namesRelease(source) || (namesLink(path(call)) && !/shared/.test(source)))
}
const code = (call: Call): boolean => {
  const to = arg(call, 'dest') ?? ''
  const from = arg(call, 'src') ?? ''
  if (arg(call, 'content') !== undefined) return false
  const config =
    /\.(j2|ya?ml|conf|ini|json|sh|service|timer|env|cnf|crt|key|pem|pub|sql|rb|py|txt|list|repo)$|(^|\/)\.?env[^/]*$|\/etc\//i
  // A directory, an archive or what has no ending; one page or picture is no release.
  const single = /\.[a-z]\w{1,5}$/i.test(from) && !/\.(tgz|gz|zip|jar|war|phar|tar|bz2|xz)$/i.test(from)
  return (
    !config.test(from) &&
    !config.test(to) &&
    !single &&
    (/\/$/.test(from) || namesLink(to) || namesRelease(to) || /^\/(var\/www|srv|opt)\//.test(to))
  )
}
const image = (call: Call): Detail => {
  const name = arg(call, 'image', 'name', 'project_src', 'definition', 'chart_ref')
  return { how: 'image', ...(name ? { what: name } : {}) }
}

/** Ansible's modules, without their collections. What is only a command line in other words is in `asShell`. */
export const ansible: readonly Row[] = [
  {
    ...module,
    example: 'file: path=/srv/app/current src=/srv/app/releases/1 state=link',
    call: 'file',
    kind: 'switch',
    tool: 'file',
    when: (call) => state(call) === 'link' && goesLive(call),
    detail: (call) => ({
      how: 'symlink',
      atomic: true,
      link: path(call),
      ...(arg(call, 'src') ? { target: arg(call, 'src')! } : {}),
    }),
  },
  {
    ...module,
    example: 'file: path=/srv/app/releases/1/log src=/srv/app/shared/log state=link',
    call: 'file',
    kind: 'share',
    tool: 'file',
    when: (call) => state(call) === 'link',
    detail: (call) => ({
      path: path(call),
      link: path(call),
      ...(arg(call, 'src') ? { target: arg(call, 'src')! } : {}),
    }),
  },
  {
    ...module,
    example: 'file: path=/srv/app/current/tmp/restart.txt state=touch',
    call: 'file',
    kind: 'reload',
    tool: 'passenger',
    when: (call) => state(call) === 'touch' && /restart\.txt$/.test(path(call)),
    detail: at('path', 'dest', 'name'),
  },
  {
    ...module,
    example: 'file: path=/srv/app/current/maintenance.on state=touch',
    call: 'file',
    kind: 'maintenance on',
    tool: 'file',
    when: (call) => state(call) === 'touch' && /maintenance|\.maintenance|\bdown$/i.test(path(call)),
    detail: at('path', 'dest', 'name'),
  },
  {
    ...module,
    example: 'file: path=/srv/app/current/maintenance.on state=absent',
    call: 'file',
    kind: 'maintenance off',
    tool: 'file',
    when: (call) => state(call) === 'absent' && /maintenance|storage\/framework\/down$/i.test(path(call)),
    detail: at('path', 'dest', 'name'),
  },
  {
    ...module,
    example: 'file: path=/srv/app/current/var/cache state=absent',
    call: 'file',
    kind: 'clear cache',
    tool: 'rm',
    when: (call) => state(call) === 'absent' && namesCache(path(call)),
    detail: (call) => ({ ...at('path', 'dest', 'name')(call), flags: ['--recursive'] }),
  },
  {
    ...module,
    example: 'file: path=/srv/app/releases/1 state=absent',
    call: 'file',
    kind: 'clean up',
    tool: 'file',
    when: (call) => state(call) === 'absent',
    detail: at('path', 'dest', 'name'),
  },
  {
    ...module,
    example: 'git: repo=git@example.org:app.git dest=/srv/app',
    call: 'git|subversion|hg',
    kind: 'fetch',
    tool: 'git',
    when: (call) => !/^(no|false)$/i.test(arg(call, 'update', 'clone') ?? ''),
    detail: (call) => ({ path: arg(call, 'dest') ?? '', how: 'git', live: 'perhaps' }),
  },
  {
    ...module,
    example: 'unarchive: src=build.tar.gz dest=/srv/app/releases/1',
    call: 'unarchive',
    kind: 'fetch',
    tool: 'unarchive',
    detail: (call) => ({ path: arg(call, 'dest') ?? '', how: 'copy', live: 'perhaps' }),
  },
  {
    ...module,
    example: 'get_url: url=https://example.org/app.zip dest=/tmp/app.zip',
    call: 'get_url|aws_s3|s3_object|maven_artifact|gc_storage|fetch|slurp',
    kind: 'fetch',
    tool: 'download',
    detail: at('dest'),
  },
  {
    ...module,
    example: 'synchronize: src=build/ dest=/var/www/html',
    call: 'synchronize|rsync',
    kind: 'upload',
    tool: 'rsync',
    detail: (call) => ({
      path: arg(call, 'dest') ?? '',
      how: 'rsync',
      live: 'perhaps',
      ...(arg(call, 'src') ? { target: arg(call, 'src')! } : {}),
      flags: truthy(arg(call, 'delete')) ? ['--delete'] : [],
    }),
  },
  {
    ...module,
    example: 'copy: src=build/ dest=/var/www/html/',
    call: 'copy',
    kind: 'upload',
    tool: 'copy',
    when: code,
    detail: (call) => ({
      path: arg(call, 'dest') ?? '',
      how: 'copy',
      live: 'perhaps',
      ...(arg(call, 'src') ? { target: arg(call, 'src')! } : {}),
    }),
  },
  {
    ...module,
    example: 'deploy_helper: path=/srv/app state=finalize',
    call: 'deploy_helper',
    kind: 'switch',
    tool: 'deploy_helper',
    when: (call) => state(call) === 'finalize',
    detail: (call) => ({
      how: 'symlink',
      atomic: true,
      link: `${path(call)}/${arg(call, 'current_path') ?? 'current'}`,
      target: `${path(call)}/releases/${arg(call, 'release') ?? '{{ release }}'}`,
    }),
  },
  {
    ...module,
    example: 'deploy_helper: path=/srv/app state=clean',
    call: 'deploy_helper',
    kind: 'clean up',
    tool: 'deploy_helper',
    when: (call) => /^(clean|absent)$/.test(state(call)),
    detail: at('path'),
  },
  {
    ...module,
    example: 'pip: requirements=requirements.txt',
    call: 'pip|gem|cpanm',
    kind: 'install',
    tool: 'pip',
    when: (call) => arg(call, 'requirements', 'chdir', 'virtualenv') !== undefined,
    detail: at('chdir', 'virtualenv'),
  },
  {
    ...module,
    example: 'docker_container: name=app image=app:1',
    call: 'docker_container|podman_container|docker_service|docker_compose|docker_compose_v2|docker_stack|docker_swarm_service|k8s|helm|nomad_job|ecs_service',
    kind: 'switch',
    tool: 'docker',
    when: (call) =>
      !/^(absent|stopped)$/.test(state(call)) &&
      (call.name !== 'k8s' || arg(call, 'definition', 'src', 'resource_definition', 'template') !== undefined),
    detail: image,
  },
  {
    ...module,
    example: 'docker_container: name=app state=stopped',
    call: 'docker_container|podman_container|docker_service|docker_compose|docker_compose_v2|docker_stack',
    kind: 'stop',
    tool: 'docker',
    detail: (call) => ({ what: arg(call, 'name') ?? '' }),
  },
  {
    ...module,
    example: 'docker_image: name=app:1 source=pull',
    call: 'docker_image|docker_image_pull|podman_image|docker_compose_v2_pull',
    kind: 'fetch',
    tool: 'docker',
    what: 'image',
  },
  {
    ...module,
    example: 'mysql_db: name=app state=dump target=/backup/app.sql',
    call: 'mysql_db|postgresql_db|mongodb_dump',
    kind: 'backup',
    tool: 'database',
    when: (call) => state(call) === 'dump',
  },
  {
    ...module,
    example: 'mysql_db: name=test state=absent',
    call: 'mysql_db|postgresql_db',
    kind: 'nothing',
    when: (call) => state(call) === 'absent' && /^(test|template\d)$/.test(arg(call, 'name', 'db') ?? ''),
  },
  {
    ...module,
    example: 'mysql_db: name=app state=import target=/srv/app.sql',
    call: 'mysql_db|postgresql_db',
    kind: 'reset database',
    tool: 'database',
    when: (call) => /^(import|restore|absent)$/.test(state(call)),
    detail: (call) => ({ what: state(call) }),
  },
  {
    ...module,
    example: 'uri: url=https://example.org/health',
    call: 'uri|http_check',
    kind: 'smoke test',
    tool: 'http',
    when: (call) =>
      !/^(POST|PUT|DELETE|PATCH)$/i.test(arg(call, 'method') ?? '') &&
      !/slack|discord|webhook|telegram|api\.github|rollbar|sentry|newrelic/i.test(arg(call, 'url') ?? ''),
    detail: (call) => ({ path: arg(call, 'url') ?? '', what: 'fails' }),
  },
  {
    ...module,
    example: 'uri: url=https://hooks.example.org method=POST',
    call: 'uri|slack|mail|mattermost|telegram|discord|rocketchat|hipchat|irc|jabber|pushover|newrelic_deployment|rollbar_deployment|airbrake_deployment|honeybadger_deployment|datadog_event|bugsnag_deploy|grafana_annotation|sendgrid|office_365_connector_card|cisco_webex|logentries|say|sentry',
    kind: 'notify',
  },
  {
    ...module,
    example: 'archive: path=/srv/app dest=/backup/app.tgz',
    call: 'archive',
    kind: 'backup',
    tool: 'archive',
    detail: at('dest'),
  },
  {
    ...module,
    example: 'haproxy: state=disabled host=web1',
    call: 'haproxy|bigip_pool_member|elb_instance|elb_target|netscaler|apache2_mod_proxy',
    kind: 'nothing',
  },
  {
    ...module,
    example: 'debug: msg=hello',
    call: 'debug|set_fact|assert|fail|stat|find|wait_for|wait_for_connection|pause|meta|include_vars|group|user|authorized_key|known_hosts|apt|yum|dnf|package|package_facts|service_facts|zypper|pacman|apk|homebrew|snap|apt_key|apt_repository|yum_repository|rpm_key|cron|cronvar|lineinfile|blockinfile|replace|template|ini_file|xml|assemble|hostname|timezone|sysctl|ufw|firewalld|iptables|setup|gather_facts|ping|add_host|group_by|tempfile|acl|seboolean|selinux|sefcontext|locale_gen|mount|filesystem|parted|lvol|lvg|modprobe|pam_limits|alternatives|debconf|dpkg_selections|openssl_*|x509_*|acme_*|mysql_user|mysql_variables|mysql_query|mysql_info|mysql_replication|postgresql_*|mongodb_user|rabbitmq_*|redis|htpasswd|apache2_module|apache2_site|nginx_status_info|pear|pecl|ec2*|aws_*|route53|s3_bucket|iam_*|azure_*|gcp_*|cloudflare_dns|digital_ocean*|docker_network|docker_volume|docker_login|docker_prune|docker_host_info|docker_container_info|git_config|read_csv|nothing|file|copy|composer|validate_argument_spec|import_role|rhsm_*|win_*|npm|yarn|deploy_helper|async_status|hashi_vault|expect|at|reboot|systemd|service|mysql_db|postgresql_db|docker_prune|pip|gem|vmware_*|proxmox*|zabbix_*|monit_config|logrotate|sudoers|pids|listen_ports_facts|dconf|facter|ohai|ldap_*|openvpn*|wireguard*|unarchive_info|patch|capabilities|getent|debug_vars|k8s_info|helm_repository|helm_info|kubernetes_*|terraform|nmcli|interfaces_file|lxd_*|lxc_*|virt*|make_dirs|git|subversion',
    kind: 'nothing',
  },
]

/** Modules that are a command line in other words: the vocabulary's rows of the shell read them. */
export const asShell: Readonly<
  Record<string, (given: (name: string) => string | undefined) => readonly string[] | undefined>
> = {
  service: serviceLine,
  systemd: serviceLine,
  systemd_service: serviceLine,
  sysvinit: serviceLine,
  runit: serviceLine,
  openrc: serviceLine,
  supervisorctl: (given) => {
    const verb = { restarted: 'restart', started: 'start', stopped: 'stop', present: 'update', signalled: 'signal' }[
      given('state') ?? ''
    ]
    return verb === undefined ? undefined : ['supervisorctl', verb, given('name') ?? 'all']
  },
  monit: (given) => ['monit', verbOf(given('state')) ?? 'reload', given('name') ?? 'all'],
  composer: (given) => {
    const directory = given('working_dir') ?? given('path')
    const dev = /^(no|false)$/i.test(given('no_dev') ?? 'yes') ? [] : ['--no-dev']
    const scripts = truthy(given('no_scripts')) ? ['--no-scripts'] : []
    return [
      'composer',
      given('command') ?? 'install',
      ...dev,
      ...scripts,
      ...(given('arguments') ?? '').split(/\s+/).filter(Boolean),
      ...(directory ? ['-d', directory] : []),
    ]
  },
  npm: (given) => packageLine('npm', given, truthy(given('ci')) ? 'ci' : 'install'),
  yarn: (given) => packageLine('yarn', given, 'install'),
  pnpm: (given) => packageLine('pnpm', given, 'install'),
  bundler: (given) => ['bundle', given('state') === 'latest' ? 'update' : 'install'],
  make: (given) => [
    'make',
    ...(given('chdir') ? ['-C', given('chdir')!] : []),
    ...(given('target') ? [given('target')!] : []),
  ],
  django_manage: (given) => ['python', 'manage.py', given('command') ?? ''],
  pm2: (given) => ['pm2', verbOf(given('state')) ?? 'start', given('name') ?? 'all'],
}

function verbOf(given: string | undefined): string | undefined {
  return { restarted: 'restart', reloaded: 'reload', started: 'start', stopped: 'stop' }[given ?? '']
}

function serviceLine(given: (name: string) => string | undefined): readonly string[] | undefined {
  const verb = verbOf(given('state'))
  const name = given('name') ?? given('unit') ?? given('service')
  return verb === undefined || name === undefined ? undefined : ['systemctl', verb, name]
}

function packageLine(
  tool: string,
  given: (name: string) => string | undefined,
  verb: string,
): readonly string[] | undefined {
  // With a name it installs one tool for the machine, not the project.
  if (given('name') !== undefined) return undefined
  const directory = given('path')
  return [
    tool,
    verb,
    ...(truthy(given('production')) ? ['--production'] : []),
    ...(directory ? [tool === 'yarn' ? '--cwd' : '--prefix', directory] : []),
  ]
}
