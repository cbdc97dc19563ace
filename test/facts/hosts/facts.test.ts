import { describe, expect, test } from 'vitest'
import { filesOf } from '../../../src/discover/files.ts'
import { evaluate, marks } from '../../../src/facts/hosts/expression.ts'
import { writtenTo } from '../../../src/facts/hosts/hand-over.ts'
import { hostedIn } from '../../../src/facts/hosts/sites.ts'
import { holeBase, type ShellSite } from '../../../src/facts/shell/script.ts'
import { showValue } from '../../../src/facts/shell/value.ts'
import { lint } from '../../../src/lint.ts'
import { rules } from '../../../rules/index.ts'
import { parsers } from '../../parsers.ts'

function sitesIn(files: Readonly<Record<string, string>>): readonly ShellSite[] {
  return hostedIn(filesOf(Object.entries(files).map(([file, text]) => ({ file, text }))), parsers).sites
}

/** A site in one line: its shell, the options that are on, its text with holes by name and whether they can be empty. */
function shown(site: ShellSite): string {
  const flags = Object.entries(site.shell.flags).flatMap(([name, on]) => (on ? [name] : []))
  const text = site.piece.text.trim().replace(/[\ue000-\uf8ff]/g, (mask) => {
    const origin = site.holes[mask.charCodeAt(0) - holeBase]
    return origin ? `<${origin.name} ${origin.empty}>` : '<?>'
  })
  return [site.shell.dialect, ...flags, '|', text].join(' ')
}

const given = (site: ShellSite, name: string): string | undefined => {
  const value = site.given.get(name)
  return value && showValue(value.value)
}

const workflow = (job: string): string => `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    ${job}\n`

describe('which shell reads it, with which options', () => {
  test.each([
    ['GitHub, nothing said', '.github/workflows/a.yml', workflow('steps: [{run: x}]'), ['bash errexit | x']],
    [
      'GitHub, bash',
      '.github/workflows/a.yml',
      workflow('steps: [{run: x, shell: bash}]'),
      ['bash errexit pipefail | x'],
    ],
    ['GitHub, sh', '.github/workflows/a.yml', workflow('steps: [{run: x, shell: sh}]'), ['sh errexit | x']],
    [
      'GitHub, a line of its own',
      '.github/workflows/a.yml',
      workflow('steps: [{run: x, shell: "bash {0}"}]'),
      ['bash | x'],
    ],
    [
      'GitHub, flags of its own',
      '.github/workflows/a.yml',
      workflow('steps: [{run: x, shell: "bash -euo pipefail {0}"}]'),
      ['bash errexit nounset pipefail | x'],
    ],
    [
      'GitHub, a default of the job',
      '.github/workflows/a.yml',
      workflow('defaults: {run: {shell: bash}}\n    steps: [{run: x}]'),
      ['bash errexit pipefail | x'],
    ],
    [
      'GitHub, in a container',
      '.github/workflows/a.yml',
      workflow('container: node:22\n    steps: [{run: x}]'),
      ['sh errexit | x'],
    ],
    ['GitHub, python', '.github/workflows/a.yml', workflow('steps: [{run: x, shell: python}]'), []],
    [
      'GitHub, Windows',
      '.github/workflows/a.yml',
      'on: push\njobs: {a: {runs-on: windows-2022, steps: [{run: x}]}}\n',
      [],
    ],
    ['GitLab', '.gitlab-ci.yml', 'a: {script: [x]}\n', ['bash errexit pipefail | x']],
    ['GitLab on Alpine', '.gitlab-ci.yml', 'image: alpine\na: {script: [x]}\n', ['busybox errexit pipefail | x']],
    ['Bitbucket', 'bitbucket-pipelines.yml', 'pipelines: {default: [{step: {script: [x]}}]}\n', ['bash errexit | x']],
    [
      'CircleCI',
      '.circleci/config.yml',
      'jobs: {a: {machine: true, steps: [{run: x}]}}\n',
      ['bash errexit pipefail | x'],
    ],
    ['Azure stops at nothing', 'azure-pipelines.yml', 'steps: [{script: x}]\n', ['bash | x']],
    ['Jenkins', 'Jenkinsfile', "node { sh 'x' }\n", ['sh errexit | x']],
    ['a Dockerfile', 'Dockerfile', 'FROM debian\nRUN x\n', ['sh | x']],
    [
      'a Dockerfile with SHELL',
      'Dockerfile',
      'FROM debian\nSHELL ["/bin/bash", "-eo", "pipefail", "-c"]\nRUN x\n',
      ['bash errexit pipefail | x'],
    ],
    ['make', 'Makefile', 'a:\n\tx\n', ['sh | x']],
    [
      'make with flags',
      'Makefile',
      'SHELL := /bin/bash\n.SHELLFLAGS := -eu -o pipefail -c\na:\n\tx\n',
      ['bash errexit nounset pipefail | x'],
    ],
    ['Envoy', 'Envoy.blade.php', "@task('a')\n    x\n@endtask\n", ['bash errexit | x']],
    ['Deployer', 'deploy.php', "<?php\nnamespace Deployer;\ntask('a', function () { run('x'); });\n", ['bash | x']],
    ['PHP', 'a.php', "<?php exec('x');\n", ['sh | x']],
    ['Ansible', 'playbooks/a.yml', '- hosts: web\n  tasks:\n    - shell: x\n', ['sh | x']],
    [
      'Ansible with bash',
      'playbooks/a.yml',
      '- hosts: web\n  tasks:\n    - shell: x\n      args: {executable: /bin/bash}\n',
      ['bash | x'],
    ],
    ['zx', 'a.mjs', "import { $ } from 'zx'\nawait $`x`\n", ['bash errexit nounset pipefail | x']],
    ['a crontab', 'crontab', 'SHELL=/bin/bash\n0 1 * * * root x\n', ['bash | x']],
    [
      'systemd runs no shell',
      'a.service',
      '[Service]\nExecStart=/bin/rm -rf $X/* *\n',
      ["sh | /bin/rm -rf '$X/*' '*'"],
    ],
    [
      'Ansible command runs no shell',
      'playbooks/a.yml',
      '- hosts: web\n  tasks:\n    - command: rm -rf $X/* y\n',
      ["sh | rm -rf '$X/*' y"],
    ],
  ])('%s', (_, file, text, wanted) => {
    expect(sitesIn({ [file]: text }).map(shown)).toEqual(wanted)
  })
})

describe('what a template fills in, and whether that can be empty', () => {
  const step = (inner: string, more = ''): string =>
    `on: {push: , workflow_dispatch: {inputs: {v: {}}}}\nenv: {ROOT: /srv}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    strategy: {matrix: {php: [8.2, 8.3]}}\n    steps:\n      ${more}\n      - run: x ${inner}\n`
  test.each([
    ['${{ github.sha }}', 'never'],
    ['${{ github.head_ref }}', 'maybe'],
    ['${{ inputs.v }}', 'maybe'],
    ['${{ inputs.v || github.sha }}', 'never'],
    ["${{ inputs.v || 'main' }}", 'never'],
    ["${{ github.ref == 'x' && 'a' || 'b' }}", 'never'],
    ['${{ secrets.PATH }}', 'maybe'],
    ['${{ secrets.GITHUB_TOKEN }}', 'never'],
    ['${{ vars.DIR }}', 'maybe'],
    ['${{ matrix.php }}', 'never'],
    ['${{ runner.temp }}', 'never'],
    ["${{ format('a-{0}', inputs.v) }}", 'never'],
    ["${{ hashFiles('x') }}", 'maybe'],
    ['${{ steps.skipped.outputs.v }}', 'maybe'],
  ])('GitHub: %s', (inner, empty) => {
    const text = step(inner, '- {id: skipped, if: "github.ref == 1", run: y}')
    expect(shown(sitesIn({ '.github/workflows/a.yml': text }).at(-1)!)).toContain(` ${empty}>`)
  })

  test.each([
    ['${{ env.ROOT }}/x', 'x /srv/x'],
    ['${{ steps.none.outputs.v }}/x', 'x <${{ steps.none.outputs.v }} always>/x'],
    ['${{ needs.none.outputs.v }}/x', 'x <${{ needs.none.outputs.v }} always>/x'],
  ])('GitHub, known: %s', (inner, wanted) => {
    expect(shown(sitesIn({ '.github/workflows/a.yml': step(inner) })[0]!)).toBe(`bash errexit | ${wanted}`)
  })

  test.each([
    ['make: a variable of its own', 'Makefile', 'D = /srv\na:\n\tx $(D)/y\n', 'x /srv/y'],
    ['make: nobody sets it', 'Makefile', 'a:\n\tx $(D)/y\n', 'x <$(D) maybe>/y'],
    [
      'make: guarded at the top',
      'Makefile',
      'ifndef D\n$(error D is needed)\nendif\na:\n\tx $(D)/y\n',
      'x <$(D) never>/y',
    ],
    ['make: guarded by the line before', 'Makefile', 'a:\n\ttest -n "$(D)"\n\tx $(D)/y\n', 'x <$(D) never>/y'],
    ['make: $$ is a dollar', 'Makefile', 'a:\n\tx $$D\n', 'x $D'],
    ['make: $DEST is $(D)EST', 'Makefile', 'a:\n\tx $DEST/y\n', 'x <$(D) maybe>EST/y'],
    [
      'Deployer: set to a text',
      'deploy.php',
      "<?php\nnamespace Deployer;\nset('d', '/srv');\ntask('a', function () { run('x {{d}}/y'); });\n",
      'x /srv/y',
    ],
    [
      'Deployer: a path of its own',
      'deploy.php',
      "<?php\nnamespace Deployer;\ntask('a', function () { run('x {{release_path}}/y'); });\n",
      'x <{{release_path}} never>/y',
    ],
    ['PHP: the environment', 'a.php', '<?php exec("x " . getenv("D") . "/y");\n', 'x <getenv("D") maybe>/y'],
    ['PHP: a constant', 'a.php', '<?php const D = "/srv"; exec("x " . D . "/y");\n', 'x /srv/y'],
    ['PHP: quoted', 'a.php', '<?php exec("x " . escapeshellarg($d));\n', "x '<$d unknown>'"],
    [
      'Ansible: a variable of the play',
      'playbooks/a.yml',
      '- hosts: web\n  vars: {d: /srv}\n  tasks:\n    - shell: x {{ d }}/y\n',
      'x /srv/y',
    ],
    [
      'Ansible: an empty default',
      'playbooks/a.yml',
      "- hosts: web\n  tasks:\n    - shell: x {{ d | default('') }}/y\n",
      "x <{{ d | default('') }} maybe>/y",
    ],
    [
      'Ansible: not defined stops the play',
      'playbooks/a.yml',
      '- hosts: web\n  tasks:\n    - shell: x {{ d }}/y\n',
      'x <{{ d }} unknown>/y',
    ],
    [
      'JavaScript: a constant',
      'a.mjs',
      "import { execSync } from 'child_process'\nconst d = '/srv'\nexecSync(`x ${d}/y`)\n",
      'x /srv/y',
    ],
    ['zx quotes what it is given', 'a.mjs', "import { $ } from 'zx'\nawait $`x ${d}/y`\n", "x '<${d} unknown>'/y"],
    ['Jenkins: a parameter', 'Jenkinsfile', 'node { sh "x ${params.D}/y" }\n', 'x <${params.D} maybe>/y'],
    [
      'Ruby: a setting',
      'config/deploy.rb',
      'set :d, \'/srv\'\ntask(:a) { on(roles(:app)) { execute "x #{fetch(:d)}/y" } }\n',
      'x /srv/y',
    ],
    [
      'compose: its own environment',
      'compose.yml',
      'services: {a: {command: "sh -c \'x $D/y $$E\'"}}\n',
      'x <$D maybe>/y $E',
    ],
  ])('%s', (_, file, text, wanted) => {
    expect(
      sitesIn({ [file]: text })
        .map((site) => shown(site).replace(/^.*?\| /, ''))
        .at(-1),
    ).toBe(wanted)
  })
})

describe('what a stretch is given by those before it', () => {
  test('GitHub: env at three levels, and the runner’s file', () => {
    const text =
      'on: push\nenv: {A: w, B: w, C: w}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    env: {B: j, C: j}\n    steps:\n      - run: echo "H=1" >> $GITHUB_ENV\n      - {run: x, env: {C: s}}\n'
    const [first, second] = sitesIn({ '.github/workflows/a.yml': text })
    expect(['A', 'B', 'C', 'H'].map((name) => given(second!, name))).toEqual(['w', 'j', 's', '1'])
    expect(given(first!, 'H')).toBeUndefined()
    expect(first!.row).toBe(second!.row)
  })

  test('GitLab: variables of variables, dotenv, after_script', () => {
    const text =
      'stages: [b, d]\nvariables: {R: /srv, S: "$R/app"}\nb: {stage: b, script: ["echo V=1 >> x.env"], artifacts: {reports: {dotenv: x.env}}}\nd: {stage: d, script: [x], after_script: [y]}\n'
    const sites = sitesIn({ '.gitlab-ci.yml': text })
    expect(sites.map((site) => site.name)).toEqual(['job b, script', 'job d, script', 'job d, after_script'])
    expect([given(sites[1]!, 'S'), given(sites[1]!, 'V'), given(sites[0]!, 'V')]).toEqual(['/srv/app', '$V', undefined])
    expect(sites[1]!.after).toEqual(['.gitlab-ci.yml#b'])
  })

  test('a Dockerfile: ENV stays, ARG is gone in the container, stages are apart', () => {
    const text = 'FROM debian AS a\nARG V=1\nENV E=$V\nWORKDIR /src\nWORKDIR sub\nRUN x\nCMD y\nFROM debian\nRUN z\n'
    const [run, cmd, other] = sitesIn({ Dockerfile: text })
    expect([given(run!, 'V'), given(run!, 'E'), showValue(run!.cwd!)]).toEqual(['1', '1', '/src/sub'])
    expect([given(cmd!, 'V'), given(cmd!, 'E'), given(other!, 'E')]).toEqual([undefined, '1', undefined])
    expect(other!.row).not.toBe(run!.row)
  })

  test('Capistrano: within and with; Ansible: environment and chdir; Jenkins: dir and withEnv', () => {
    const cap =
      "task :a do\n  on roles(:app) do\n    within '/srv' do\n      with rails_env: 'production' do\n        execute :rake, 'x'\n      end\n    end\n  end\nend\n"
    const [task] = sitesIn({ 'config/deploy.rb': cap })
    expect([shown(task!), showValue(task!.cwd!), given(task!, 'RAILS_ENV')]).toEqual([
      'bash | rake x',
      '/srv',
      'production',
    ])
    const [play] = sitesIn({
      'playbooks/a.yml':
        '- hosts: web\n  environment: {A: b}\n  tasks:\n    - shell: x\n      args: {chdir: /srv}\n      ignore_errors: true\n',
    })
    expect([showValue(play!.cwd!), given(play!, 'A'), play!.host, play!.tolerated !== undefined]).toEqual([
      '/srv',
      'b',
      'web',
      true,
    ])
    const [stage] = sitesIn({ Jenkinsfile: "node { withEnv(['A=b']) { dir('sub') { sh 'x' } } }\n" })
    expect([showValue(stage!.cwd!), given(stage!, 'A')]).toEqual(['sub', 'b'])
  })
})

test('names that are written to the file that hands them on', () => {
  const names = (text: string): readonly string[] => writtenTo(text, /\bGITHUB_ENV\b/).map((one) => one.name)
  expect(names('echo "A=1" >> $GITHUB_ENV')).toEqual(['A'])
  expect(names('echo "A=1" >> "$GITHUB_OUTPUT"\necho B=$X >> "$GITHUB_ENV"')).toEqual(['B'])
  expect(names('{\n  echo "A=1"\n  echo "B=2"\n} >> "$GITHUB_ENV"')).toEqual(['A', 'B'])
  expect(names('cat >> $GITHUB_ENV <<EOF\nA=1\nB=2\nEOF\nC=3')).toEqual(['A', 'B'])
  expect(names('printf "A=%s\\nB=%s\\n" 1 2 | tee -a $GITHUB_ENV')).toEqual(['A', 'B'])
  expect(names('A=1\necho "$A"')).toEqual([])
})

test('an expression that cannot be read is unknown, and a quoted brace does not end a mark', () => {
  expect(evaluate('a b c', () => ({ empty: 'maybe', how: '' })).empty).toBe('unknown')
  expect(evaluate('('.repeat(500), () => ({ empty: 'maybe', how: '' })).empty).toBe('unknown')
  expect(marks("x ${{ '}}' }} y ${{ a }}").map((mark) => mark.inner)).toEqual(["'}}'", 'a'])
})

test('broken hosts are read as far as they go, and what is not read is said', () => {
  for (const [file, text] of [
    ['.github/workflows/a.yml', 'jobs:\n  a: [\n    steps'],
    ['.gitlab-ci.yml', 'a:\n  script: !reference [b, c]\n  extends: a\n'],
    ['Dockerfile', 'RUN\nFROM\nRUN <<EOF\nx'],
    ['Makefile', 'define x\n\ta\n$(((\na: $(\n\t$('],
    ['package.json', '{"scripts": {"a": "x"'],
    ['deploy.php', '<?php namespace Deployer; task("a", function () { run("x'],
    ['a.mjs', "import 'child_process'\nexecSync(`${`${`"],
    ['Jenkinsfile', 'sh """ ${'],
    ['config/deploy.rb', 'execute "#{"#{'],
    ['docs/deploy.md', '```bash\nif [ \n'],
    ['crontab', '* * * * *\n% % %'],
  ] as const)
    expect(() => sitesIn({ [file]: text })).not.toThrow()
})

describe('what a host sets is there in an environment that holds nothing else', () => {
  const empties = (file: string, text: string): readonly string[] =>
    lint(
      { files: [{ file, text }], parsers },
      { 'delete-of-empty-path': rules['delete-of-empty-path']! },
    ).diagnostics.map((one) => one.says)

  test.each([
    ['cron', 'deploy/crontab', 'DIR=/srv/app\n5 3 * * * root rm -rf $DIR/tmp/*\n'],
    [
      'Ansible',
      'playbooks/a.yml',
      '- hosts: web\n  tasks:\n    - shell: rm -rf "$DIR"/tmp\n      environment: {DIR: /srv/app}\n',
    ],
    [
      'an ssh action',
      '.github/workflows/a.yml',
      workflow(
        'steps:\n      - uses: appleboy/ssh-action@v1\n        env: {DIR: /srv/app}\n        with: {host: w, envs: DIR, script: rm -rf $DIR/tmp}',
      ),
    ],
    ['docker exec -e', 'a.sh', "docker exec -e DIR=/srv/app web sh -c 'rm -rf $DIR/tmp'\n"],
  ])('%s', (_, file, text) => {
    expect(empties(file, text)).toEqual([])
  })
})

describe('what is not read is said', () => {
  const unread = (files: Readonly<Record<string, string>>): readonly string[] =>
    hostedIn(filesOf(Object.entries(files).map(([file, text]) => ({ file, text }))), parsers).unread.map(
      ({ part }) => part.says,
    )

  test.each([
    ['PowerShell', '.github/workflows/a.yml', workflow('steps: [{run: x, shell: pwsh}]'), 'a step for pwsh'],
    ['python', '.github/workflows/a.yml', workflow('steps: [{run: x, shell: python}]'), 'a step for python'],
    [
      'Windows',
      '.github/workflows/a.yml',
      'on: push\njobs: {a: {runs-on: windows-2022, steps: [{run: x}]}}\n',
      'a step on Windows',
    ],
    [
      'a workflow from elsewhere',
      '.github/workflows/a.yml',
      'on: push\njobs: {a: {uses: acme/ci/.github/workflows/d.yml@v1}}\n',
      'acme/ci/.github/workflows/d.yml@v1',
    ],
    [
      'a GitLab template',
      '.gitlab-ci.yml',
      'include: [{template: Jobs/Build.yml}]\na: {script: [x]}\n',
      'template Jobs',
    ],
    ['Azure, PowerShell', 'azure-pipelines.yml', 'steps:\n  - powershell: x\n', 'PowerShell'],
    ['Jenkins, bat', 'Jenkinsfile', "node {\n  bat 'dir'\n}\n", 'a step for cmd'],
  ])('%s', (_, file, text, says) => {
    expect(unread({ [file]: text }).join()).toContain(says)
  })
})
