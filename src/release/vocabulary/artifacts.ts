import { has, type Call } from '../call.ts'
import { inDirectory, operand, valueOf, type Row } from './row.ts'

const extracts = (call: Call): boolean =>
  has(call, '-x', '--extract', '--get') || /^-?[a-wyz]*x[a-z]*f?$/.test(call.operands[0] ?? '')
const into = (call: Call): { path?: string } => {
  const path = valueOf(call, '-C', '--directory', '-d') ?? call.cwd
  return path ? { path } : {}
}

/** Code on its way: version control, archives, packages, copies to other hosts. */
export const artifacts: readonly Row[] = [
  {
    example: 'git pull origin main',
    call: 'git pull',
    kind: 'fetch',
    tool: 'git',
    detail: (call) => ({ ...inDirectory('-C', '--work-tree')(call), how: 'git', live: 'perhaps' }),
  },
  {
    example: 'git reset --hard origin/main',
    call: 'git reset',
    kind: 'fetch',
    tool: 'git',
    when: (call) => call.options.has('--hard'),
    detail: (call) => ({ ...inDirectory('-C', '--work-tree')(call), how: 'git', live: 'perhaps' }),
  },
  // A branch is begun where people work.
  {
    example: 'git checkout -b fix',
    call: 'git checkout|switch',
    kind: 'nothing',
    when: (call) => has(call, '-b', '-B', '--orphan'),
  },
  {
    example: 'git --work-tree=/srv/app checkout -f main',
    call: 'git checkout|switch|merge|rebase|restore',
    kind: 'fetch',
    tool: 'git',
    what: 'checkout',
    when: (call) => !has(call, '--abort', '--quit'),
    detail: (call) => ({ ...inDirectory('-C', '--work-tree')(call), how: 'git', live: 'perhaps' }),
  },
  {
    example: 'git clone --depth 1 https://example.org/app.git app',
    call: 'git clone',
    kind: 'fetch',
    tool: 'git',
    what: 'clone',
    detail: (call) => ({ path: clonedTo(call), how: 'git' }),
  },
  {
    example: 'git submodule update --init',
    call: 'git submodule|lfs',
    kind: 'fetch',
    tool: 'git',
    what: 'submodule',
    detail: (call) => ({ ...inDirectory('-C')(call), how: 'git' }),
  },
  {
    example: 'git archive main | tar -x',
    call: 'git archive|checkout-index',
    kind: 'fetch',
    tool: 'git',
    what: 'archive',
    detail: (call) => ({ ...inDirectory('-C')(call), how: 'git' }),
  },
  { example: 'git fetch --all', call: 'git fetch|remote', kind: 'nothing' },
  {
    example: 'git push heroku main',
    call: 'git push heroku|dokku|production|live|staging|deploy|piku',
    kind: 'switch',
    tool: 'git',
    detail: () => ({ how: 'platform' }),
  },
  { example: 'git status', call: 'git', kind: 'nothing' },
  {
    example: 'svn update',
    call: 'svn|hg update|up|switch|pull',
    kind: 'fetch',
    tool: 'svn',
    detail: (call) => ({ path: call.operands[1] ?? call.cwd ?? '.', how: 'git', live: 'perhaps' }),
  },
  {
    example: 'svn export https://example.org/svn/app /srv/app',
    call: 'svn|hg export|checkout|co|clone',
    kind: 'fetch',
    tool: 'svn',
    detail: (call) => ({ path: call.operands.at(-1)!, how: 'git' }),
  },
  {
    example: 'tar -xzf release.tar.gz -C /srv/app',
    call: 'tar',
    kind: 'fetch',
    tool: 'tar',
    when: extracts,
    detail: (call) => ({ ...into(call), how: 'copy', live: 'perhaps' }),
  },
  {
    example: 'tar czf release.tar.gz dist',
    call: 'tar|zip|7z',
    kind: 'build',
    tool: 'archive',
    what: 'archive',
  },
  {
    example: 'unzip -o release.zip -d /srv/app',
    call: 'unzip',
    kind: 'fetch',
    tool: 'unzip',
    detail: (call) => ({ ...into(call), how: 'copy', live: 'perhaps' }),
  },
  {
    example: 'rsync -az --delete build/ web@host:/var/www/html/',
    call: 'rsync',
    kind: 'upload',
    tool: 'rsync',
    when: (call) =>
      call.operands.length > 1 &&
      !isDownload(call) &&
      !/^-\w*n/.test([...call.options.keys()].find((o) => /^-\w*n\w*$/.test(o)) ?? '') &&
      !call.options.has('--dry-run'),
    detail: (call) => ({ path: call.operands.at(-1)!, target: call.operands[0]!, how: 'rsync', live: 'perhaps' }),
  },
  { example: 'rsync -az web@host:/var/www/uploads/ backup/', call: 'rsync', kind: 'nothing', when: isDownload },
  { example: 'rsync -an --delete build/ web@host:/var/www/html/', call: 'rsync', kind: 'nothing' },
  {
    example: 'scp -r dist/ web@host:/var/www/html',
    call: 'scp',
    kind: 'upload',
    tool: 'scp',
    when: (call) => /:/.test(call.operands.at(-1) ?? ''),
    detail: (call) => ({ path: call.operands.at(-1)!, target: call.operands[0]!, how: 'copy', live: 'perhaps' }),
  },
  { example: 'scp web@host:/srv/dump.sql .', call: 'scp', kind: 'fetch', tool: 'scp', what: 'file' },
  {
    example: "lftp -e 'put index.php -o /public_html/' ftp.example.org",
    call: 'lftp',
    kind: 'upload',
    tool: 'ftp',
    what: 'file',
    when: (call) => /\bput\b/.test(call.text) && !/\b(mirror|mput)\b/.test(call.text),
  },
  {
    example: "lftp -e 'mirror -R dist /public_html' ftp.example.org",
    call: 'lftp|ncftpput|git-ftp|sftp|ftp|ftpush|dandelion|rclone',
    kind: 'upload',
    tool: 'ftp',
    when: (call) => call.name !== 'rclone' || !/^[./]/.test(call.operands.at(-1) ?? ''),
    detail: (call) => ({ path: operand(call, /^\/|:/) ?? call.operands.at(-1) ?? '', how: 'rsync', live: 'perhaps' }),
  },
  { example: 'rclone copy remote:backups/db.sql.gz ./', call: 'rclone', kind: 'nothing' },
  { example: 'apt-get update', call: 'apt-get|apt|apk|aptitude|brew update', kind: 'nothing' },
  {
    example: 'apt-get install -y app=1.2-3',
    call: 'apt-get|apt|yum|dnf|zypper|apk|dpkg|rpm|snap|aptitude|brew|tdnf|microdnf',
    kind: 'install',
    tool: 'package',
    what: 'system',
    detail: (call) => ({ target: packagesOf(call).join(' ') }),
    when: (call) =>
      operand(
        call,
        /^(install|upgrade|dist-upgrade|full-upgrade|add|update|localinstall|in|up|dup|reinstall|-i|-U)$/,
      ) !== undefined ||
      (has(call, '-i', '-U', '--install') && !has(call, '-q', '-l', '-L', '-s', '--query')),
  },
  {
    example: 'apt-cache policy app',
    call: 'apt-get|apt|yum|dnf|zypper|apk|dpkg|rpm|snap|aptitude|apt-key|add-apt-repository|brew|a2enmod|a2ensite|phpenmod|update-alternatives|debconf-set-selections|apt-cache|dpkg-reconfigure|apt-mark|docker-php-ext-install|docker-php-ext-enable|docker-php-ext-configure|pecl|phpdismod|a2dissite|microdnf',
    kind: 'nothing',
  },
]

// From another host to this one.
function isDownload(call: Call): boolean {
  const far = /^[^/]+:/
  return !far.test(call.operands.at(-1) ?? '') && call.operands.slice(0, -1).some((word) => far.test(word))
}

function clonedTo(call: Call): string {
  const name =
    call.operands[2] ??
    call.operands[1]
      ?.split('/')
      .at(-1)
      ?.replace(/\.git$/, '') ??
    ''
  return name.startsWith('/') || name.startsWith('$') || name.startsWith('{') || !call.cwd
    ? name
    : `${call.cwd}/${name}`
}

const packagesOf = (call: Call): readonly string[] =>
  call.operands.filter(
    (word) => !/^(install|upgrade|dist-upgrade|full-upgrade|add|update|localinstall|in|up|dup|reinstall)$/.test(word),
  )
