import { describe, expect, test } from 'vitest'
import { runsUnder } from '../../../src/facts/pipeline/github.ts'
import { releasesIn, shown } from '../plan.ts'

const workflow = (jobs: string): Readonly<Record<string, string>> => ({
  '.github/workflows/deploy.yml': `name: Deploy\non: push\nconcurrency: production\njobs:\n${jobs}`,
})

describe('GitHub', () => {
  test('jobs by needs, actions as steps, the lock', () => {
    const [release] = releasesIn(
      workflow(`  ship:
    needs: build
    runs-on: ubuntu-latest
    environment: production
    steps:
      - uses: actions/download-artifact@v4
      - uses: appleboy/scp-action@v1
        with: { host: shop.example, source: dist/, target: /var/www/html }
      - uses: 8398a7/action-slack@v3
        if: failure()
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: shivammathur/setup-php@v2
      - uses: ramsey/composer-install@v3
`),
    )
    expect(shown(release)).toEqual([
      'fetch: uses actions/checkout',
      'install: uses ramsey/composer-install',
      'fetch: uses actions/download-artifact',
      'switch: uses appleboy/scp-action',
      'notify: uses 8398a7/action-slack [after a failure]',
    ])
    expect(release?.layout.locks).toBe('yes')
    expect(release?.switches[0]).toMatchObject({ actsOn: 'shop.example' })
  })

  test('reusable workflows and composite actions of the project are put in their places', () => {
    const [release, ...others] = releasesIn({
      ...workflow(`  ship:
    uses: ./.github/workflows/ship.yml
`),
      '.github/workflows/ship.yml': `on: workflow_call
jobs:
  go:
    runs-on: ubuntu-latest
    steps:
      - uses: ./.github/actions/publish
`,
      '.github/actions/publish/action.yml': `name: Publish
runs:
  using: composite
  steps:
    - uses: cloudflare/pages-action@v1
`,
    })
    expect(shown(release)).toEqual(['switch: uses cloudflare/pages-action'])
    expect(release?.steps[0]?.via.map((label) => label.says).join(' ')).toContain('ship.yml')
    expect(others).toEqual([])
  })

  test('a tool in a variable that an input fills is known by the variable', () => {
    const [release] = releasesIn(
      workflow(`  ship:
    runs-on: ubuntu-latest
    steps:
      - uses: appleboy/scp-action@v1
        with: { host: shop.example, source: ., target: /var/www/shop }
      - uses: appleboy/ssh-action@v1
        env:
          PHP_CMD: \${{ inputs.interpreter }}
        with:
          host: shop.example
          envs: PHP_CMD
          script: |
            set -e
            "$PHP_CMD" artisan migrate --force
`),
    )
    expect(shown(release)).toContain('migrate: "$PHP_CMD" artisan migrate --force')
  })

  test('staging and production are two releases', () => {
    const job = (name: string): string => `  ${name}:
    needs: build
    environment: ${name}
    steps: [{ uses: akhileshns/heroku-deploy@v3 }]
`
    const found = releasesIn(
      workflow(`  build: { steps: [{ uses: actions/checkout@v4 }] }\n${job('staging')}${job('production')}`),
    )
    expect(found.map((release) => release.name)).toEqual(['workflow Deploy, staging', 'workflow Deploy, production'])
    expect(found.map((release) => release.switches.length)).toEqual([1, 1])
  })

  test('the shell of a step, and a far shell inside of it, with what the workflow fills in', () => {
    const [release] = releasesIn(
      workflow(`  ship:
    runs-on: ubuntu-latest
    steps:
      - run: rsync -a build/ "\${{ secrets.USER }}@shop.example:/var/www/html/"
      - run: |
          ssh shop.example "
            cd \${{ secrets.DEPLOY_PATH }}
            php artisan migrate --force
          "
        continue-on-error: true
`),
    )
    expect(shown(release)).toEqual([
      'switch: rsync -a build/ "${{ secrets.USER }}@shop.example:/var/www/html/"',
      'migrate: php artisan migrate --force [goes on]',
    ])
    expect(release?.steps[1]).toMatchObject({ actsOn: 'shop.example', detail: { cwd: '${{ secrets.DEPLOY_PATH }}' } })
  })

  test('scripts of the project that a far shell runs, and what an action runs there before and after', () => {
    const [release] = releasesIn({
      ...workflow(`  ship:
    runs-on: ubuntu-latest
    steps:
      - uses: easingthemes/ssh-deploy@main
        with: { ARGS: -a, SOURCE: dist/, REMOTE_HOST: shop.example, REMOTE_USER: u, TARGET: /var/www/shop, SCRIPT_BEFORE: php /var/www/shop/artisan down }
      - run: ssh u@shop.example 'cd /var/www/shop && bash deploy.sh'
      - run: ssh u@shop.example 'bash -s' < bin/up.sh
      - run: |
          ssh u@shop.example bash << 'EOF'
            php /var/www/shop/artisan queue:restart
          EOF
`),
      'deploy.sh': 'set -e\ncomposer install --no-dev\n',
      'bin/up.sh': 'php /var/www/shop/artisan up\n',
    })
    expect(shown(release).map((line) => line.replace(' [goes on]', ''))).toEqual([
      'maintenance on: php /var/www/shop/artisan down',
      'switch: rsync -a dist/ u@shop.example:/var/www/shop',
      'install: composer install --no-dev',
      'maintenance off: php /var/www/shop/artisan up',
      'restart workers: php /var/www/shop/artisan queue:restart',
    ])
    expect(release?.steps.map((step) => step.actsOn)).toEqual(Array(5).fill('u@shop.example'))
    expect(release?.steps[2]?.detail.path).toBe('/var/www/shop')
  })

  test.each([
    ["github.ref == 'refs/heads/main' && success()", 'always'],
    ['${{ failure() }}', 'after a failure'],
    ['always()', 'always'],
    ["steps.diff.outputs.changed == 'true'", 'sometimes'],
    ["inputs.environment == 'production'", 'always'],
  ])('if: %s', (condition, runs) => {
    expect(runsUnder(condition)).toBe(runs)
  })
})

describe('images', () => {
  test('what an image is built of stands where it is built, and never on the host', () => {
    const [release] = releasesIn({
      'deploy.sh':
        '#!/bin/bash -e\ndocker build -t shop:2 .\ndocker push shop:2\nssh shop.example docker service update --image shop:2 web\n',
      Dockerfile:
        'FROM php:8.2-fpm\nRUN composer install --no-dev && php bin/console cache:warmup\nCMD ["sh", "-c", "php bin/console messenger:consume"]\n',
    })
    expect(shown(release).map((line) => line.split(':')[0])).toEqual(['install', 'warm cache', 'push image', 'switch'])
    expect(release?.steps[0]?.actsOn).toBe('image')
    expect(release?.touchesLive(release.steps[0]!)).toBe('no')
  })
})

describe('makefiles', () => {
  test('what a target needs comes first; a release of the code itself changes no site', () => {
    const found = releasesIn({
      Makefile:
        'deploy: build\n\trsync -a --delete build/ web@shop.example:/var/www/html/\nbuild:\n\tnpm ci\nrelease:\n\tgit checkout main\n\tgit merge develop\n\tgit push origin main\n',
    })
    expect(found.map((release) => release.name)).toEqual(['make deploy'])
    expect(shown(found[0])).toEqual(['install: npm ci', expect.stringContaining('switch: rsync') as string])
  })
})

describe('GitLab', () => {
  test('stages, needs, what a job extends, the calls it makes; jobs of other environments are other releases', () => {
    const found = releasesIn({
      '.gitlab-ci.yml': `stages: [build, deploy]
.deploy:
  stage: deploy
  before_script: [composer install --no-dev]
  script: ['rsync -a --delete . deploy@$HOST:/var/www/shop/']
staging: { extends: .deploy, environment: staging }
production:
  extends: .deploy
  environment: { name: production }
  resource_group: production
build: { stage: build, script: [make assets] }
`,
      Makefile: 'assets: clean\n\tnpm run build\nclean:\n\trm -rf dist\n',
    })
    expect(found.map((release) => release.name)).toEqual(['GitLab pipeline, staging', 'GitLab pipeline, production'])
    expect(shown(found[1])).toEqual([
      'clean up: rm -rf dist',
      'build: npm run build',
      'install: composer install --no-dev',
      'switch: rsync -a --delete . deploy@$HOST:/var/www/shop/',
    ])
    expect(found.map((release) => release.layout.locks)).toEqual(['no', 'yes'])
  })
})

describe('bad input', () => {
  test.each([
    ['a list of lists', 'jobs: [[[]]]'],
    [
      'jobs that wait for each other',
      'on: push\njobs:\n  a: { needs: b, steps: [{ uses: akhileshns/heroku-deploy@v3 }] }\n  b: { needs: a }',
    ],
    ['a workflow that calls itself', 'on: push\njobs:\n  a: { uses: ./.github/workflows/deploy.yml }'],
    ['nothing', ''],
    ['broken', 'jobs:\n  a: {\n - x'],
  ])('%s', (_, text) => {
    expect(() => releasesIn({ '.github/workflows/deploy.yml': text })).not.toThrow()
  })
})

describe('pipelines in pages', () => {
  const job = (directory: string): string =>
    `deploy:\n  stage: deploy\n  script:\n    - ssh app@web "cd ${directory} && git pull && composer install --no-dev"\n`
  const page = `# Deploying\n\nPut this into the project:\n\n\`\`\`yaml\n${job('/srv/shop')}\`\`\`\n\n1. Or this:\n\n   \`\`\`yml\n${job('/srv/other').replace(/^/gm, '   ')}   \`\`\`\n`

  test('a GitLab pipeline in a block of YAML, and another with the same job', () => {
    const releases = releasesIn({ 'docs/deployment.md': page })
    expect(releases.map((one) => one.layout.live)).toEqual(['/srv/shop', '/srv/other'])
    expect(releases[0]?.steps.map((step) => step.kind)).toEqual(['switch', 'install'])
    const { at } = releases[1]!.switches[0]!
    expect([at.file, page.slice(at.start, at.end)]).toEqual(['docs/deployment.md', 'git pull'])
    expect(page.slice(0, at.start)).toContain('/srv/other')
  })

  test('a workflow in a block; a README shows how a tool is used', () => {
    const steps = `jobs:\n  ship:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ssh app@web "cd /srv/shop && git pull"\n`
    const text = `# Deploy\n\n\`\`\`yaml\non: push\n${steps}\`\`\`\n`
    expect(releasesIn({ 'docs/deploy.md': text }).map((one) => one.switches.map((step) => step.text))).toEqual([
      ['git pull'],
    ])
    expect(releasesIn({ 'README.md': text })).toEqual([])
  })

  test('a pipeline by its text, whatever the file is called', () => {
    const text = `stages:\n  - deploy\n\n${job('/srv/shop')}`
    for (const file of ['gitlab_ci.md', 'ci/deploy.yml', 'templates/ship.yaml'])
      expect(releasesIn({ [file]: text }).map((one) => one.tool)).toEqual(['gitlab'])
    expect(releasesIn({ 'notes.md': text })).toEqual([])
  })

  test('what hangs on an input that nobody declares is read all the same', () => {
    const [release] = releasesIn({
      '.github/workflows/deploy.yml': `on:
  workflow_call:
    inputs:
      image: { required: true, type: string }
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: |
          ssh app@web "docker compose up -d"
          if [ "\${{ inputs.migrate }}" = "true" ]; then ssh app@web "docker compose exec app php artisan migrate"; fi
`,
    })
    expect(release?.all('migrate').map((step) => step.runs)).toEqual(['sometimes'])
  })
})

describe('pipelines of which only the shell is read', () => {
  const pull = 'ssh app@web "cd /var/www/app && git pull && composer install --no-dev"'
  test.each([
    ['Jenkinsfile', `pipeline {\n agent any\n stages {\n  stage('Deploy') { steps { sh '${pull}' } }\n }\n}\n`],
    [
      'bitbucket-pipelines.yml',
      `pipelines:\n  branches:\n    main:\n      - step:\n          deployment: production\n          script:\n            - ${pull}\n`,
    ],
    ['.circleci/config.yml', `version: 2.1\njobs:\n  deploy:\n    steps:\n      - run: ${pull}\n`],
    ['azure-pipelines.yml', `steps:\n  - bash: ${pull}\n    displayName: Deploy\n`],
  ])('%s', (file, text) => {
    const [release] = releasesIn({ [file]: text })
    expect(release?.tool).toBe('pipeline')
    expect(release?.steps.map((step) => step.kind)).toEqual(['switch', 'install'])
  })

  test('one that only tests is no release', () => {
    const text = `pipeline {\n agent any\n stages {\n  stage('Test') { steps { sh 'composer install && vendor/bin/phpunit' } }\n }\n}\n`
    expect(releasesIn({ Jenkinsfile: text })).toEqual([])
  })
})

describe('what is no release', () => {
  const script = (name: string, text: string): number => releasesIn({ [name]: `#!/bin/bash\n${text}\n` }).length
  test.each<[string, string, number]>([
    ['deploy.sh', 'cd /srv/app && git pull && composer install --no-dev', 1],
    ['deploy/restore_db.sh', 'cd /srv/app && git checkout main && docker compose up -d', 0],
    ['deploy/lib/common.sh', 'update() { cd "$1" && git pull; }', 0],
    ['deploy.sh', 'cd /root/site && git pull && npm install && npm run build', 0],
    ['publish.sh', 'git pull && go build -o app && ./app &', 0],
    ['deploy.sh', 'rpm -qi mod_security; systemctl restart httpd', 0],
    ['release.sh', 'git checkout -b next && git checkout main', 0],
    ['deploy.sh', 'rsync -a setup/ app@web:/home/app/setup/', 0],
    ['deploy.sh', 'ln -sfn /opt/panel /var/www/panel', 0],
    ['deploy.sh', 'ln -sf "$LOGDIR/run.$(date +%s).log" "$LOGDIR/run.log"', 0],
  ])('%s: %s', (name, text, count) => expect(script(name, text)).toBe(count))

  test('a playbook that lays files down sets a machine up; one that works on them releases', () => {
    const tasks = `- hosts: web\n  tasks:\n    - git: { repo: 'https://example.org/x.git', dest: /opt/x }\n`
    expect(releasesIn({ 'playbooks/tools.yml': tasks })).toEqual([])
    const worked = `${tasks}    - composer: { command: install, working_dir: /opt/x }\n`
    expect(releasesIn({ 'playbooks/shop.yml': worked })).toHaveLength(1)
  })

  test('a workflow that tries a deploy out', () => {
    const steps = `on: push\njobs:\n  e2e:\n    runs-on: ubuntu-latest\n    steps:\n      - run: rsync -a dist/ web@h:/var/www/html/\n`
    expect(releasesIn({ '.github/workflows/e2e.yml': `name: e2e test\n${steps}` })).toEqual([])
    expect(
      releasesIn({ '.github/workflows/deploy.yml': `name: Deploy\n${steps.replace('e2e', 'ship')}` }),
    ).toHaveLength(1)
  })
})
