import type { Row } from './row.ts'

/** Commands that leave the release as it is: they print, look, wait, or work on the script itself. */
export const nothing: readonly Row[] = [
  {
    example: 'cd /srv/app',
    call: 'cd|pushd|popd|pwd|dirs|readlink|realpath|dirname|basename|ls|stat|file|which|command|type|hash|test|[|[[|true|false|:|sleep|wait|date|id|whoami|hostname|uname|nproc|df|du|free|uptime|ps|pgrep|top|env|printenv|tty|stty|tput|clear|read|getopts|shift|set|unset|export|declare|typeset|local|readonly|alias|trap|return|exit|break|continue|exec|source|.|eval|let|umask|ulimit|shopt|enable|bind|jobs|disown|fg|bg|times|mapfile|readarray|getconf|locale|lsb_release|arch|ssh-add|ssh-agent|ssh-keyscan|ssh-keygen|ssh|su|sudo|nohup|time|nice|logger|script|screen|tmux|usage|help|crontab|shred',
    kind: 'nothing',
  },
  {
    example: 'echo "deploying"',
    call: 'echo|printf|cat|head|tail|grep|egrep|fgrep|rg|awk|gawk|sed|sort|uniq|cut|tr|wc|tac|rev|paste|join|comm|diff|cmp|column|tee|xxd|od|base64|md5sum|sha1sum|sha256sum|shasum|openssl|jq|yq|xmllint|envsubst|expr|bc|seq|yes|shuf|split|fold|fmt|nl|iconv|dos2unix|gzip|gunzip|bzip2|xz|zstd|pigz|less|more|vi|nano|figlet|tree|strings|numfmt',
    kind: 'nothing',
  },
  // What it is given is read as commands of their own.
  {
    example: "bash -lc 'bundle install'",
    call: 'bash|sh|dash|zsh|ksh',
    kind: 'nothing',
    when: (call) =>
      [...call.options.keys()].some((option) => /^-\w*c$/.test(option)) &&
      /(^|[;&|]\s*)[a-z.\/][\w.\/-]+/.test(call.operands[0] ?? ''),
  },
  {
    example: 'bash',
    call: 'bash|sh',
    kind: 'nothing',
    when: (call) => call.operands.length === 0 && call.options.size === 0,
  },
  {
    example: 'shyaml get-value name',
    call: 'shyaml|getfacl|gitlab-triage|k3d|kind|minikube|act|yamllint|ansible-inventory|ping6|traceroute|lsattr|chattr|loginctl|fc-cache|docker-machine',
    kind: 'nothing',
  },
  {
    example: 'bash -n deploy.sh',
    call: 'bash|sh|dash|zsh|ksh',
    kind: 'nothing',
    when: (call) => call.options.has('-n'),
  },
  { example: 'flock -n 9', call: 'flock|lockfile|setlock|lockfile-create', kind: 'lock', tool: 'flock' },
  {
    example: 'chmod +x bin/x',
    call: 'chmod|chown|chgrp|mkdir|touch|gpg|gpg2|curl|wget|http|ping|nc|nslookup|dig|ip|ifconfig|iptables|ufw|mount|umount|useradd|usermod|groupadd|adduser|addgroup|passwd|chpasswd|sysctl|timedatectl|localectl|hostnamectl|update-rc.d|chkconfig|sync|swapon|mkswap|fallocate|dd|lsof|ss|netstat|gh|glab|pv|rename|bats|shellcheck|hadolint|shfmt|mail|mailx|sendmail|notify-send|slack',
    kind: 'nothing',
  },
]
