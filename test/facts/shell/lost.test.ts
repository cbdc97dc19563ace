import { describe, expect, test } from 'vitest'
import { lint } from '../../../src/lint.ts'
import { rules } from '../../../rules/index.ts'
import { parsers } from '../../parsers.ts'

function lost(files: Readonly<Record<string, string>>): readonly string[] {
  const list = Object.entries(files).map(([file, text]) => ({ file, text }))
  return lint({ files: list, parsers }, { 'lost-variable': rules['lost-variable']! }).diagnostics.map((one) => one.says)
}

const job = (...steps: readonly string[]): string =>
  `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n${steps.map((step) => `      - ${step}\n`).join('')}`
const rm = 'rm -rf "/srv/$V/x"'

describe('lost', () => {
  test.each([
    ['GitHub, two steps', '.github/workflows/a.yml', job('run: V=1', `run: ${rm}`)],
    ['GitHub, exported', '.github/workflows/a.yml', job('run: export V=1', `run: ${rm}`)],
    ['GitHub, the env of another step', '.github/workflows/a.yml', job('{run: x, env: {V: 1}}', `run: ${rm}`)],
    [
      'GitHub, the env of another job',
      '.github/workflows/a.yml',
      `on: push\njobs:\n  a: {runs-on: x, env: {V: 1}, steps: [{run: y}]}\n  b:\n    runs-on: x\n    steps:\n      - run: ${rm}\n`,
    ],
    [
      'GitHub, a job that needs another',
      '.github/workflows/a.yml',
      `on: push\njobs:\n  a: {runs-on: x, steps: [{run: V=1}]}\n  b:\n    needs: a\n    runs-on: x\n    steps:\n      - run: ${rm}\n`,
    ],
    ['su, not exported', 'a.sh', `V=1\nsu deploy -c '${rm}'\n`],
    [
      'docker exec, and another that is given it',
      'a.sh',
      `V=1\ndocker exec -e V="$V" c sh -c 'ls $V'\ndocker exec c sh -c '${rm}'\n`,
    ],
    [
      'ssh, expanded here, set in another shell',
      '.gitlab-ci.yml',
      'a:\n  script: [V=1]\n  after_script:\n    - ssh h "rm -rf /srv/$V/x"\n',
    ],
    [
      'npm, a script before',
      'package.json',
      `{ "scripts": { "predeploy": "export V=1", "deploy": ${JSON.stringify(rm)} } }\n`,
    ],
    ['GitLab, after_script', '.gitlab-ci.yml', `a:\n  script: [V=1]\n  after_script:\n    - ${rm}\n`],
    [
      'GitLab, a later stage',
      '.gitlab-ci.yml',
      `stages: [b, d]\nb: {stage: b, script: [V=1]}\nd:\n  stage: d\n  script:\n    - ${rm}\n`,
    ],
    [
      'GitLab, the variables of another job',
      '.gitlab-ci.yml',
      `b: {variables: {V: 1}, script: [x]}\nd:\n  script:\n    - ${rm}\n`,
    ],
    [
      'CircleCI, two runs',
      '.circleci/config.yml',
      `jobs:\n  a:\n    machine: true\n    steps:\n      - run: V=1\n      - run: ${rm}\n`,
    ],
    ['Azure, two steps', 'azure-pipelines.yml', `steps:\n  - bash: V=1\n  - bash: ${rm}\n`],
    [
      'Bitbucket, after-script',
      'bitbucket-pipelines.yml',
      `pipelines:\n  default:\n    - step:\n        script: [V=1]\n        after-script:\n          - ${rm}\n`,
    ],
    ['Jenkins, two steps', 'Jenkinsfile', `node {\n  sh 'V=1'\n  sh '${rm}'\n}\n`],
    ['make, two lines', 'Makefile', 'a:\n\tV=1\n\trm -rf "/srv/$$V/x"\n'],
    ['Dockerfile, two RUNs', 'Dockerfile', `FROM debian\nRUN export V=1\nRUN ${rm}\n`],
    ['Dockerfile, ARG before FROM', 'Dockerfile', `ARG V=1\nFROM debian:$V\nRUN ${rm}\n`],
    ['Dockerfile, ARG in the container', 'Dockerfile', `FROM debian\nARG V=1\nCMD ${rm} && php-fpm\n`],
    ['Dockerfile, ENV of another stage', 'Dockerfile', `FROM debian AS a\nENV V=1\nFROM debian\nRUN ${rm}\n`],
    [
      'Deployer, two runs',
      'deploy.php',
      `<?php\nnamespace Deployer;\ntask('a', function () {\n  run('V=1');\n  run('${rm}');\n});\n`,
    ],
    [
      'Capistrano, two executes',
      'config/deploy.rb',
      `task :a do\n  on roles(:app) do\n    execute 'V=1'\n    execute '${rm}'\n  end\nend\n`,
    ],
    ['Ansible, two tasks', 'playbooks/a.yml', `- hosts: web\n  tasks:\n    - shell: export V=1\n    - shell: ${rm}\n`],
    ['composer, two lines', 'composer.json', JSON.stringify({ scripts: { a: ['V=1', rm] } })],
    ['ssh', 'a.sh', `V=1\nssh h '${rm}'\n`],
    ['two ssh calls', 'a.sh', `ssh h 'V=1'\nssh h '${rm}'\n`],
    ['a quoted here-document', 'a.sh', `V=1\nssh h <<'EOF'\n${rm}\nEOF\n`],
    ['the wrong side of a here-document', 'a.sh', `ssh h <<EOF\nV=1\n${rm}\nEOF\n`],
    ['sudo -i', 'a.sh', `export V=1\nsudo -i sh -c '${rm}'\n`],
    ['su -', 'a.sh', `export V=1\nsu - x -c '${rm}'\n`],
    ['sh -c without export', 'a.sh', `V=1\nsh -c '${rm}'\n`],
    ['docker exec', 'a.sh', `V=1\ndocker exec c sh -c '${rm}'\n`],
    ['a subshell', 'a.sh', `( V=1 )\n${rm}\n`],
    ['a pipeline', 'a.sh', `date | read -r V\n${rm}\n`],
    ['a loop in a pipeline', 'a.sh', `ls | while read -r n; do V=$n; done\n${rm}\n`],
  ])('%s', (_, file, text) => {
    expect(lost({ [file]: text })).toHaveLength(1)
  })
})

describe('not lost', () => {
  test.each([
    ['GitHub, GITHUB_ENV', '.github/workflows/a.yml', job('run: echo "V=1" >> "$GITHUB_ENV"', `run: ${rm}`)],
    [
      'GitHub, set and handed on',
      '.github/workflows/a.yml',
      job('run: "V=$(date); echo V=$V >> $GITHUB_ENV"', `run: ${rm}`),
    ],
    [
      'GitHub, an output',
      '.github/workflows/a.yml',
      job('{id: v, run: "V=1; echo v=$V >> $GITHUB_OUTPUT"}', 'run: rm -rf "/srv/${{ steps.v.outputs.v }}/x"'),
    ],
    [
      'GitHub, env of the job',
      '.github/workflows/a.yml',
      `on: push\njobs:\n  a:\n    runs-on: x\n    env: {V: 1}\n    steps:\n      - run: V=2\n      - run: ${rm}\n`,
    ],
    ['GitHub, one step', '.github/workflows/a.yml', job(`run: V=1; ${rm}`)],
    [
      'GitHub, read from a file',
      '.github/workflows/a.yml',
      job('run: "V=1; echo V=$V > x.env"', `run: . ./x.env; ${rm}`),
    ],
    ['GitHub, exported from a file', '.github/workflows/a.yml', job('run: V=1', `run: export $(cat x.env); ${rm}`)],
    [
      'GitHub, another job that it does not need',
      '.github/workflows/a.yml',
      `on: push\njobs:\n  a: {runs-on: x, steps: [{run: V=1}]}\n  b:\n    runs-on: x\n    steps:\n      - run: ${rm}\n`,
    ],
    ['GitHub, guarded', '.github/workflows/a.yml', job('run: V=1', 'run: rm -rf "/srv/${V:?}/x"')],
    ['GitHub, a default', '.github/workflows/a.yml', job('run: V=1', 'run: rm -rf "/srv/${V:-y}/x"')],
    [
      'GitHub, asked whether it is there',
      '.github/workflows/a.yml',
      job('run: V=1', 'run: \'[ -z "$V" ] || ls /srv\''),
    ],
    [
      'GitHub, reckoned with',
      '.github/workflows/a.yml',
      job('run: V=1', 'run: rsync -a ${V:+--tag} ${V-} b web1:/srv/'),
    ],
    [
      'GitHub, loaded by an action',
      '.github/workflows/a.yml',
      job('{uses: acme/load-secrets@v2, env: {V_KEY: "op://x"}}', 'run: rm -rf "/srv/$V_KEY/x"'),
    ],
    ['GitHub, HOME', '.github/workflows/a.yml', job('run: HOME=/x', 'run: rm -rf "$HOME/x"')],
    ['GitLab, before_script', '.gitlab-ci.yml', `a:\n  before_script: [V=1]\n  script:\n    - ${rm}\n`],
    [
      'GitLab, dotenv',
      '.gitlab-ci.yml',
      `stages: [b, d]\nb: {stage: b, script: [V=1, echo V=$V > x.env], artifacts: {reports: {dotenv: x.env}}}\nd:\n  stage: d\n  script:\n    - ${rm}\n`,
    ],
    ['GitLab, jobs of one stage', '.gitlab-ci.yml', `a: {script: [V=1]}\nb:\n  script:\n    - ${rm}\n`],
    [
      'CircleCI, BASH_ENV',
      '.circleci/config.yml',
      `jobs:\n  a:\n    machine: true\n    steps:\n      - run: echo 'export V=1' >> "$BASH_ENV"\n      - run: ${rm}\n`,
    ],
    [
      'Azure, setvariable',
      'azure-pipelines.yml',
      `steps:\n  - bash: V=1; echo "##vso[task.setvariable variable=V]$V"\n  - bash: ${rm}\n`,
    ],
    ['Jenkins, env', 'Jenkinsfile', `node {\n  sh 'V=1'\n  env.V = 'x'\n  sh '${rm}'\n}\n`],
    ['make, one line', 'Makefile', 'a:\n\tV=1; \\\n\trm -rf "/srv/$$V/x"\n'],
    ['make, .ONESHELL', 'Makefile', '.ONESHELL:\na:\n\tV=1\n\trm -rf "/srv/$$V/x"\n'],
    ['make, exported by make', 'Makefile', 'export V = 1\na:\n\tV=2\n\trm -rf "/srv/$$V/x"\n'],
    ['Dockerfile, ENV', 'Dockerfile', `FROM debian\nENV V=1\nRUN V=2\nRUN ${rm}\n`],
    ['Dockerfile, ARG repeated', 'Dockerfile', `ARG V=1\nFROM debian:$V\nARG V\nRUN ${rm}\n`],
    [
      'Deployer, env',
      'deploy.php',
      `<?php\nnamespace Deployer;\ntask('a', function () {\n  run('V=1');\n  run('${rm}', env: ['V' => 'x']);\n});\n`,
    ],
    [
      'Ansible, environment',
      'playbooks/a.yml',
      `- hosts: web\n  environment: {V: x}\n  tasks:\n    - shell: export V=1\n    - shell: ${rm}\n`,
    ],
    ['ssh, expanded here', 'a.sh', `V=1\nssh h "rm -rf /srv/$V/x"\n`],
    ['ssh, set there', 'a.sh', `ssh h 'V=1; ${rm}'\n`],
    ['ssh, given by name', 'a.sh', `V=1\nssh h V="$V" bash -s <<'EOF'\n${rm}\nEOF\n`],
    ['sudo, given by name', 'a.sh', `V=1\nsudo V="$V" sh -c '${rm}'\n`],
    ['sudo -E', 'a.sh', `export V=1\nsudo -E sh -c '${rm}'\n`],
    ['docker exec -e', 'a.sh', `V=1\ndocker exec -e V="$V" c sh -c '${rm}'\n`],
    ['sh -c with export', 'a.sh', `export V=1\nsh -c '${rm}'\n`],
    ['a group', 'a.sh', `{ V=1; }\n${rm}\n`],
    ['not in a pipeline', 'a.sh', `read -r V < x || exit 1\n${rm}\n`],
  ])('%s', (_, file, text) => {
    expect(lost({ [file]: text })).toEqual([])
  })

  test('GitHub, written by a script or an action of the project', () => {
    const byScript = job('run: V=1; ./ci/env.sh', `run: ${rm}`)
    expect(lost({ '.github/workflows/a.yml': byScript, 'ci/env.sh': 'echo "V=2" >> "$GITHUB_ENV"\n' })).toEqual([])
    const byAction = job('run: V=1', 'uses: ./act', `run: ${rm}`)
    const action = 'runs:\n  using: composite\n  steps: [{shell: bash, run: echo V=2 >> $GITHUB_ENV}]\n'
    expect(lost({ '.github/workflows/a.yml': byAction, 'act/action.yml': action })).toEqual([])
  })
})
