import { expect, test } from 'vitest'
import { releasesIn } from '../plan.ts'

// Whole small files of every kind; each is cut at many places while the others stay.
const files: Readonly<Record<string, string>> = {
  Capfile:
    "require 'capistrano/setup'\nrequire 'capistrano/deploy'\nDir.glob('lib/tasks/*.rake').each { |r| import r }\n",
  'config/deploy.rb': `set :deploy_to, -> { "/srv/#{fetch(:application)}" }
append :linked_dirs, *%w[log tmp]
%w[a b].each { |n| task(n) { on(roles(:app)) { within(release_path) { execute :rake, "x:#{n}", 'é🚀' } } } }
after 'deploy:published', 'a' do
  begin; invoke 'b'; rescue => e; warn e; ensure; execute "rm -rf #{current_path}/tmp/*"; end
end
`,
  'deploy.yml': `- hosts: "{{ target | default('web') }}"
  vars: { app: /srv/app, release: "{{ app }}/releases/{{ stamp | int + 1 }}" }
  roles: [{ role: ansistrano.deploy, when: go | bool }]
  tasks:
    - block: [{ command: "{{ item }} chdir={{ app }}", with_items: "{{ list + ['x'] }}" }]
      rescue: [{ fail: { msg: no } }]
    - file: src={{ release }} path="{{ app }}/current" state=link
      notify: ["reload {{ x }}"]
  handlers: [{ name: "reload {{ x }}", systemd: { name: php-fpm, state: reloaded } }]
`,
  '.github/workflows/ship.yml': `name: Ship
on: { push: { branches: [main] } }
jobs:
  a: { needs: [b], steps: [{ uses: appleboy/ssh-action@v1, with: { host: h, script: "cd \${{ vars.D }} && git pull" } }] }
  b: { uses: ./.github/workflows/ship.yml, if: "always() && needs.a.result == 'x'" }
`,
  '.gitlab-ci.yml': `.a: &a { script: ["rsync -a . u@h:/var/www/html/"] }
deploy: { extends: [.a], stage: deploy, needs: [{ job: build }], environment: { name: prod/$X }, rules: [{ if: $CI_COMMIT_TAG }] }
build: { script: [!reference [.a, script], make all] }
`,
  Makefile: 'all: all x\n\t@-$(MAKE) -C sub deploy && echo $$HOME\nx:; docker build -t a .\n',
  Dockerfile: 'FROM a AS b\nRUN <<EOF\ncomposer install\nEOF\nFROM b\nCOPY --from=b / /\n',
  'compose.yml': 'services:\n  web: { build: { context: ., dockerfile: Dockerfile }, command: ["sh", "-c", "x"] }\n',
}

test('files that are cut anywhere, doubled or emptied never throw', () => {
  expect(releasesIn(files).length).toBeGreaterThan(2)
  for (const [name, text] of Object.entries(files)) {
    for (let end = 0; end < text.length; end += 23) releasesIn({ ...files, [name]: text.slice(0, end) })
    releasesIn({ ...files, [name]: text + text })
    releasesIn({ ...files, [name]: text.replaceAll('\n', '\r\n') })
    releasesIn({ ...files, [name]: `\uFEFF${text}` })
  }
}, 120_000)
