/** Every place in which release shell lives: how the file around a line of shell is written there. */
export interface Place {
  readonly name: string
  readonly file: string
  /** The file that holds a line of shell, spelled as the place asks. */
  readonly write: (shell: string) => string
  /** Files beside it. */
  readonly beside?: Readonly<Record<string, string>>
  /** The rule that speaks there, when it is not delete-of-empty-path. */
  readonly rule?: string
}

const json = (text: string): string => JSON.stringify(text)
const inner = (text: string): string => json(text).slice(1, -1)
const indented = (text: string, by: string): string => text.split('\n').join(`\n${by}`)
const dollars = (text: string): string => text.replaceAll('$', '$$$$')
const single = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
const double = (text: string): string => text.replace(/[\\"$]/g, '\\$&')

const workflow = (step: string): string =>
  `on: push\njobs:\n  deploy:\n    runs-on: ubuntu-24.04\n    steps:\n      - name: Clean\n        ${step}\n`
const playbook = (task: string): string => `- hosts: web\n  tasks:\n    - name: Clean\n      ${task}\n`
const deployer = (code: string): string =>
  `<?php\nnamespace Deployer;\n\ntask('clean', function () {\n    ${code}\n});\n`
const php = (code: string): string => `<?php\nfunction clean(): void\n{\n    ${code}\n}\n`
const cap = (code: string): string =>
  `namespace :deploy do\n  task :clean do\n    on roles(:app) do\n      ${code}\n    end\n  end\nend\n`
const node = (code: string): string =>
  `import { exec, execSync, spawn, spawnSync } from 'node:child_process'\n\n${code}\n`
const jenkins = (step: string): string =>
  `pipeline {\n  agent any\n  stages {\n    stage('Clean') {\n      steps {\n        ${step}\n      }\n    }\n  }\n}\n`

export const places: readonly Place[] = [
  { name: 'a script', file: 'deploy.sh', write: (sh) => `#!/bin/bash\n${sh}\n` },
  {
    name: 'a git hook',
    file: 'hooks/post-receive',
    write: (sh) => `#!/bin/sh\nwhile read -r old new ref; do\n  ${sh}\ndone\n`,
  },
  { name: 'husky', file: '.husky/pre-push', write: (sh) => `${sh}\n` },
  {
    name: 'GitHub, a literal block',
    file: '.github/workflows/d.yml',
    write: (sh) => workflow(`run: |\n          echo start\n          ${sh}`),
  },
  { name: 'GitHub, a plain scalar', file: '.github/workflows/d.yml', write: (sh) => workflow(`run: ${sh}`) },
  {
    name: 'GitHub, a folded block',
    file: '.github/workflows/d.yml',
    write: (sh) => workflow(`run: >-\n          echo start &&\n          ${sh}`),
  },
  {
    name: 'GitHub, double quotes',
    file: '.github/workflows/d.yml',
    write: (sh) => workflow(`run: ${json(`echo "é"\t&& ${sh}`)}`),
  },
  {
    name: 'GitHub, single quotes',
    file: '.github/workflows/d.yml',
    write: (sh) => workflow(`run: '${`echo 'it' && ${sh}`.replaceAll("'", "''")}'`),
  },
  { name: 'GitHub, in sh', file: '.github/workflows/d.yml', write: (sh) => workflow(`shell: sh\n        run: ${sh}`) },
  {
    name: 'GitHub, with CRLF',
    file: '.github/workflows/d.yml',
    write: (sh) => workflow(`run: |\n          echo start\n          ${sh}`).replaceAll('\n', '\r\n'),
  },
  {
    name: 'GitHub, a container job',
    file: '.github/workflows/d.yml',
    write: (sh) =>
      `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    container: alpine:3.20\n    steps:\n      - run: ${sh}\n`,
  },
  {
    name: 'GitHub, a composite action',
    file: 'action.yml',
    write: (sh) => `name: Clean\nruns:\n  using: composite\n  steps:\n    - shell: bash\n      run: |\n        ${sh}\n`,
  },
  {
    name: 'GitHub, appleboy/ssh-action',
    file: '.github/workflows/d.yml',
    write: (sh) =>
      workflow(
        `uses: appleboy/ssh-action@v1\n        with:\n          host: web1\n          script: |\n            cd /srv\n            ${sh}`,
      ),
  },
  {
    name: 'GitHub, another ssh action',
    file: '.github/workflows/d.yml',
    write: (sh) =>
      workflow(`uses: fifsky/ssh-action@v1\n        with:\n          host: web1\n          command: ${sh}`),
  },
  { name: 'GitLab, script', file: '.gitlab-ci.yml', write: (sh) => `deploy:\n  script:\n    - ${sh}\n` },
  {
    name: 'GitLab, a block in script',
    file: '.gitlab-ci.yml',
    write: (sh) => `deploy:\n  script:\n    - |\n      ${sh}\n`,
  },
  {
    name: 'GitLab, before_script',
    file: '.gitlab-ci.yml',
    write: (sh) => `deploy:\n  before_script:\n    - ${sh}\n  script: [make]\n`,
  },
  {
    name: 'GitLab, after_script',
    file: '.gitlab-ci.yml',
    write: (sh) => `deploy:\n  script: [make]\n  after_script:\n    - ${sh}\n`,
  },
  {
    name: 'GitLab, extends',
    file: '.gitlab-ci.yml',
    write: (sh) => `.clean:\n  script:\n    - ${sh}\ndeploy:\n  extends: .clean\n`,
  },
  {
    name: 'GitLab, !reference',
    file: '.gitlab-ci.yml',
    write: (sh) => `.clean:\n  script:\n    - ${sh}\ndeploy:\n  script:\n    - !reference [.clean, script]\n`,
  },
  {
    name: 'GitLab, an anchor',
    file: '.gitlab-ci.yml',
    write: (sh) => `.clean: &clean\n  - ${sh}\ndeploy:\n  script: *clean\n`,
  },
  {
    name: 'GitLab, default',
    file: '.gitlab-ci.yml',
    write: (sh) => `default:\n  before_script:\n    - ${sh}\ndeploy:\n  script: [make]\n`,
  },
  {
    name: 'GitLab, an included file',
    file: 'ci/clean.gitlab-ci.yml',
    write: (sh) => `.clean:\n  script:\n    - ${sh}\n`,
    beside: { '.gitlab-ci.yml': 'include:\n  - local: /ci/clean.gitlab-ci.yml\ndeploy:\n  extends: .clean\n' },
  },
  {
    name: 'Bitbucket',
    file: 'bitbucket-pipelines.yml',
    write: (sh) => `pipelines:\n  branches:\n    main:\n      - step:\n          script:\n            - ${sh}\n`,
  },
  {
    name: 'Bitbucket, ssh-run',
    file: 'bitbucket-pipelines.yml',
    write: (sh) =>
      `pipelines:\n  default:\n    - step:\n        script:\n          - pipe: atlassian/ssh-run:0.8.1\n            variables:\n              SERVER: web1\n              COMMAND: ${sh}\n`,
  },
  {
    name: 'CircleCI',
    file: '.circleci/config.yml',
    write: (sh) =>
      `version: 2.1\njobs:\n  deploy:\n    docker: [{image: "cimg/base:2024.01"}]\n    steps:\n      - run: ${sh}\n`,
  },
  {
    name: 'CircleCI, a named run',
    file: '.circleci/config.yml',
    write: (sh) =>
      `version: 2.1\njobs:\n  deploy:\n    machine: true\n    steps:\n      - run:\n          name: Clean\n          command: |\n            ${sh}\n`,
  },
  {
    name: 'Azure, script',
    file: 'azure-pipelines.yml',
    write: (sh) => `steps:\n  - script: |\n      ${sh}\n    displayName: Clean\n`,
  },
  {
    name: 'Azure, bash',
    file: 'azure-pipelines.yml',
    write: (sh) => `jobs:\n  - job: a\n    steps:\n      - bash: ${sh}\n`,
  },
  {
    name: 'Azure, Bash@3',
    file: 'azure-pipelines.yml',
    write: (sh) => `steps:\n  - task: Bash@3\n    inputs:\n      targetType: inline\n      script: ${sh}\n`,
  },
  {
    name: 'Azure, SSH@0',
    file: 'azure-pipelines.yml',
    write: (sh) => `steps:\n  - task: SSH@0\n    inputs:\n      runOptions: inline\n      inline: |\n        ${sh}\n`,
  },
  { name: 'Jenkins, single quotes', file: 'Jenkinsfile', write: (sh) => jenkins(`sh '${single(sh)}'`) },
  { name: 'Jenkins, double quotes', file: 'Jenkinsfile', write: (sh) => jenkins(`sh "${double(sh)}"`) },
  {
    name: 'Jenkins, triple quotes',
    file: 'Jenkinsfile',
    write: (sh) => jenkins(`sh """\n          ${sh.replaceAll('\\', '\\\\').replaceAll('$', '\\$')}\n        """`),
  },
  {
    name: 'Jenkins, named arguments',
    file: 'Jenkinsfile',
    write: (sh) => jenkins(`sh(label: 'Clean', script: '${single(sh)}')`),
  },
  { name: 'Dockerfile, RUN', file: 'Dockerfile', write: (sh) => `FROM debian:12\nRUN ${sh}\n` },
  {
    name: 'Dockerfile, continued',
    file: 'Dockerfile',
    write: (sh) => `FROM debian:12\nRUN apt-get update && \\\n    # a comment\n    ${sh} && \\\n    true\n`,
  },
  {
    name: 'Dockerfile, a here-document',
    file: 'Dockerfile',
    write: (sh) => `FROM debian:12\nRUN <<EOF\nset -e\n${sh}\nEOF\n`,
  },
  {
    name: 'Dockerfile, exec form',
    file: 'Dockerfile',
    write: (sh) => `FROM debian:12\nRUN ["/bin/bash", "-c", ${json(sh)}]\n`,
  },
  { name: 'Dockerfile, CMD', file: 'Dockerfile', write: (sh) => `FROM debian:12\nCMD ${sh} && exec php-fpm\n` },
  {
    name: 'Dockerfile, SHELL',
    file: 'docker/php.dockerfile',
    write: (sh) => `FROM alpine:3.20\nSHELL ["/bin/ash", "-eo", "pipefail", "-c"]\nRUN ${sh}\n`,
  },
  {
    name: 'compose, command',
    file: 'compose.yml',
    write: (sh) => `services:\n  web:\n    image: debian:12\n    command: ${json(`bash -c '${dollars(sh)}'`)}\n`,
  },
  {
    name: 'compose, entrypoint as a list',
    file: 'docker-compose.yml',
    write: (sh) => `services:\n  web:\n    image: debian:12\n    entrypoint: ["sh", "-c", ${json(dollars(sh))}]\n`,
  },
  {
    name: 'compose, a health check',
    file: 'compose.yml',
    write: (sh) =>
      `services:\n  web:\n    image: debian:12\n    healthcheck:\n      test: ["CMD-SHELL", ${json(dollars(sh))}]\n`,
  },
  { name: 'make, a recipe', file: 'Makefile', write: (sh) => `.PHONY: clean\nclean:\n\t@${dollars(sh)}\n` },
  { name: 'make, continued', file: 'Makefile', write: (sh) => `clean:\n\techo start; \\\n\t${dollars(sh)}\n` },
  { name: 'make, .ONESHELL', file: 'Makefile', write: (sh) => `.ONESHELL:\nclean:\n\techo start\n\t${dollars(sh)}\n` },
  { name: 'make, on the line of the rule', file: 'build/rules.mk', write: (sh) => `clean: ; ${dollars(sh)}\n` },
  {
    name: 'package.json',
    file: 'package.json',
    write: (sh) => `{\n\t"scripts": { "deploy": "echo 'é' && ${inner(sh)}" }\n}\n`,
  },
  { name: 'composer.json', file: 'composer.json', write: (sh) => `{ "scripts": { "deploy": ${json(sh)} } }\n` },
  {
    name: 'composer.json, a list',
    file: 'composer.json',
    write: (sh) => `{ "scripts": { "deploy": ["@php artisan down", ${json(sh)}] } }\n`,
  },
  { name: 'Procfile', file: 'Procfile', write: (sh) => `release: ${sh}\n` },
  { name: 'crontab', file: 'deploy/crontab', write: (sh) => `MAILTO=ops\n5 3 * * * root ${sh}\n` },
  { name: 'cron.d', file: 'etc/cron.d/clean', write: (sh) => `@daily root test $(date +\\%u) = 7 && ${sh}\n` },
  { name: 'systemd', file: 'etc/clean.service', write: (sh) => `[Service]\nExecStart=/bin/sh -c '${dollars(sh)}'\n` },
  { name: 'supervisor', file: 'supervisor/clean.conf', write: (sh) => `[program:clean]\ncommand=bash -c '${sh}'\n` },
  { name: 'lefthook', file: 'lefthook.yml', write: (sh) => `pre-push:\n  commands:\n    clean:\n      run: ${sh}\n` },
  {
    name: 'Envoy',
    file: 'Envoy.blade.php',
    write: (sh) => `@servers(['web' => 'web1'])\n\n@task('clean', ['on' => 'web'])\n    cd /srv\n    ${sh}\n@endtask\n`,
  },
  { name: 'Deployer, run in single quotes', file: 'deploy.php', write: (sh) => deployer(`run('${single(sh)}');`) },
  { name: 'Deployer, run in double quotes', file: 'deploy.php', write: (sh) => deployer(`run("${double(sh)}");`) },
  {
    name: 'Deployer, a heredoc',
    file: 'deploy.php',
    write: (sh) => deployer(`run(<<<SH\n        set -e\n        ${sh.replaceAll('$', '\\$')}\n        SH);`),
  },
  {
    name: 'Deployer, a nowdoc',
    file: 'deploy.php',
    write: (sh) => deployer(`run(<<<'SH'\n        ${sh}\n        SH);`),
  },
  { name: 'Deployer, runLocally', file: 'deploy.php', write: (sh) => deployer(`runLocally('${single(sh)}');`) },
  {
    name: 'Deployer, within',
    file: 'deploy.php',
    write: (sh) => deployer(`within('{{release_path}}', function () {\n        run('${single(sh)}');\n    });`),
  },
  { name: 'PHP, exec', file: 'src/Clean.php', write: (sh) => php(`exec('${single(sh)}', $out, $code);`) },
  {
    name: 'PHP, shell_exec of two strings',
    file: 'src/Clean.php',
    write: (sh) => php(`shell_exec('cd /srv && ' . '${single(sh)}');`),
  },
  {
    name: 'PHP, a variable',
    file: 'src/Clean.php',
    write: (sh) => php(`$command = "${double(sh)}";\n    system($command);`),
  },
  { name: 'PHP, backticks', file: 'src/Clean.php', write: (sh) => php(`$out = \`${sh.replaceAll('$', '\\$')}\`;`) },
  {
    name: 'PHP, fromShellCommandline',
    file: 'src/Clean.php',
    write: (sh) => php(`\\Symfony\\Component\\Process\\Process::fromShellCommandline('${single(sh)}')->run();`),
  },
  {
    name: 'PHP, sprintf',
    file: 'src/Clean.php',
    write: (sh) => php(`passthru(sprintf('echo %d && ${single(sh)}', 3));`),
  },
  { name: 'PHP, proc_open', file: 'src/Clean.php', write: (sh) => php(`proc_open('${single(sh)}', [], $pipes);`) },
  { name: 'Ansible, shell', file: 'playbooks/site.yml', write: (sh) => playbook(`shell: ${sh}`) },
  {
    name: 'Ansible, a block',
    file: 'playbooks/site.yml',
    write: (sh) => playbook(`ansible.builtin.shell: |\n        ${sh}\n      args:\n        chdir: /srv`),
  },
  {
    name: 'Ansible, cmd',
    file: 'playbooks/site.yml',
    write: (sh) => playbook(`shell:\n        cmd: ${sh}\n        chdir: /srv`),
  },
  {
    name: 'Ansible, free form',
    file: 'roles/app/tasks/main.yml',
    write: (sh) => `- name: Clean\n  shell: chdir=/srv ${sh}\n`,
  },
  {
    name: 'Capistrano, execute',
    file: 'lib/capistrano/tasks/clean.rake',
    write: (sh) => cap(`execute '${single(sh)}'`),
  },
  {
    name: 'Capistrano, double quotes',
    file: 'config/deploy.rb',
    write: (sh) => cap(`execute "${sh.replace(/[\\"]/g, '\\$&')}"`),
  },
  {
    name: 'Capistrano, a heredoc',
    file: 'config/deploy.rb',
    write: (sh) => cap(`execute <<~SH\n        set -e\n        ${sh}\n      SH`),
  },
  { name: 'Ruby, system', file: 'bin/clean.rb', write: (sh) => `system('${single(sh)}')\n` },
  { name: 'Ruby, backticks', file: 'bin/clean.rb', write: (sh) => `out = \`${sh}\`\n` },
  {
    name: 'JavaScript, execSync',
    file: 'bin/clean.mjs',
    write: (sh) => node(`execSync('${single(sh)}', { stdio: 'inherit' })`),
  },
  {
    name: 'JavaScript, a template',
    file: 'bin/clean.mjs',
    write: (sh) => node(`execSync(\`cd /srv && ${sh.replaceAll('${', '\\${')}\`)`),
  },
  {
    name: 'TypeScript, a constant',
    file: 'bin/clean.ts',
    write: (sh) => node(`const line = ${json(sh)}\nexec(line)`),
  },
  {
    name: 'JavaScript, spawn with shell',
    file: 'bin/clean.mjs',
    write: (sh) => node(`spawn('${single(sh)}', [], { shell: true })`),
  },
  {
    name: 'JavaScript, spawn of bash',
    file: 'bin/clean.mjs',
    write: (sh) => node(`spawnSync('bash', ['-c', ${json(sh)}])`),
  },
  {
    name: 'zx',
    file: 'bin/clean.mjs',
    write: (sh) => `import { $ } from 'zx'\nawait $\`set +u; ${sh.replaceAll('${', '\\${')}\`\n`,
  },
  {
    name: 'shelljs',
    file: 'bin/clean.cjs',
    write: (sh) => `const shell = require('shelljs')\nshell.exec(${json(sh)})\n`,
  },
  { name: 'ssh in a script', file: 'deploy.sh', write: (sh) => `ssh web1 '${sh}'\n` },
  { name: 'ssh and a here-document', file: 'deploy.sh', write: (sh) => `ssh web1 <<'EOF'\nset -e\n${sh}\nEOF\n` },
  {
    name: 'ssh, bash -s and a file',
    file: 'remote/clean.sh',
    write: (sh) => `set -e\n${sh}\n`,
    beside: { 'deploy.sh': "ssh web1 'bash -s' < remote/clean.sh\n" },
  },
  { name: 'sudo -i', file: 'deploy.sh', write: (sh) => `sudo -i bash -c '${sh}'\n` },
  { name: 'su -', file: 'deploy.sh', write: (sh) => `su - deploy -c '${sh}'\n` },
  { name: 'docker exec', file: 'deploy.sh', write: (sh) => `docker exec app sh -c '${sh}'\n` },
  { name: 'kubectl exec', file: 'deploy.sh', write: (sh) => `kubectl exec web-0 -- sh -c '${sh}'\n` },
  { name: 'xargs sh -c', file: 'deploy.sh', write: (sh) => `cat hosts | xargs -n 1 sh -c '${sh}'\n` },
  { name: 'ssh in a workflow', file: '.github/workflows/d.yml', write: (sh) => workflow(`run: ssh web1 '${sh}'`) },
  { name: 'ssh in a recipe', file: 'Makefile', write: (sh) => `clean:\n\tssh web1 '${dollars(sh)}'\n` },
  { name: 'ssh in Deployer', file: 'deploy.php', write: (sh) => deployer(`runLocally("ssh web1 '${double(sh)}'");`) },
  {
    name: 'a runbook',
    file: 'docs/deploy.md',
    write: (sh) => `# Deploy\n\n\`\`\`bash\n${sh}\n\`\`\`\n`,
    rule: 'runbook-without-inline-guard',
  },
  {
    name: 'a runbook with prompts',
    file: 'docs/rollback.md',
    write: (sh) => `\`\`\`console\n$ ${sh}\nremoved\n\`\`\`\n`,
    rule: 'runbook-without-inline-guard',
  },
  {
    name: 'a runbook in a list',
    file: 'README.md',
    write: (sh) => `## Release\n\n1. Clean:\n\n   ~~~sh\n   ${indented(sh, '   ')}\n   ~~~\n`,
    rule: 'runbook-without-inline-guard',
  },
]
