import { describe, expect, test } from 'vitest'
import { releasesIn, shown } from '../plan.ts'

describe('playbooks', () => {
  test('roles, includes, handlers at their flush, blocks and conditions', () => {
    const [release] = releasesIn({
      'deploy.yml': `- hosts: web
  vars:
    app: /srv/shop
    release: "{{ app }}/releases/{{ stamp }}"
  pre_tasks:
    - debug: msg=hello
  roles:
    - build
  tasks:
    - name: Link
      file: { src: "{{ release }}", path: "{{ app }}/current", state: link }
      notify: reload fpm
    - block:
        - command: php bin/console cache:warmup chdir={{ release }}
      rescue:
        - slack: { msg: failed }
      always:
        - uri: { url: https://shop.example/health }
    - meta: flush_handlers
    - include_tasks: workers.yml
  handlers:
    - name: reload fpm
      systemd: { name: php8.2-fpm, state: reloaded }
    - name: never called
      service: name=nginx state=reloaded
`,
      'workers.yml': `- name: Workers
  supervisorctl: { name: "shop:", state: restarted }
  when: workers_enabled
  delegate_to: queue.shop.example
`,
      'roles/build/defaults/main.yml': 'stamp: "20260101"\n',
      'roles/build/tasks/main.yml': `- git: { repo: git@git.example:shop.git, dest: "{{ release }}" }
- composer: { command: install, working_dir: "{{ release }}" }
- debug: { msg: skipped }
`,
    })
    expect(shown(release)).toEqual([
      'fetch: git repo=git@git.example:shop.git dest={{ release }}',
      'install: composer install --no-dev -d /srv/shop/releases/20260101',
      'switch: file: Link',
      'warm cache: php bin/console cache:warmup [goes on]',
      'notify: slack: slack [after a failure]',
      'smoke test: uri url=https://shop.example/health',
      'reload: systemctl reload php8.2-fpm',
      'restart workers: supervisorctl restart shop: [sometimes]',
    ])
    expect(release?.switches[0]).toMatchObject({
      actsOn: 'web',
      detail: { link: '/srv/shop/current', target: '/srv/shop/releases/20260101', atomic: true },
    })
    expect(release?.steps.at(-1)?.actsOn).toBe('queue.shop.example')
    expect(release?.steps.find((step) => step.kind === 'reload')?.via.at(-1)?.says).toBe('Link notifies reload fpm')
    expect(release?.files).toContain('roles/build/tasks/main.yml')
  })

  test('loops over written lists, facts that tasks set, services that were stopped', () => {
    const [release] = releasesIn({
      'deploy.yml': `- hosts: app
  tasks:
    - set_fact: { target: "/var/www/{{ name | default('shop') }}" }
    - service: name={{ item }} state=stopped
      loop: [php8.2-fpm, nginx]
    - git: dest={{ target }} repo=git@git.example:shop.git
    - service: { name: php8.2-fpm, state: started }
    - service: { name: shop-app, state: started }
`,
    })
    expect(shown(release)).toEqual([
      'stop: systemctl stop php8.2-fpm',
      'stop: systemctl stop nginx',
      'switch: git dest={{ target }} repo=git@git.example:shop.git',
      'start: systemctl start php8.2-fpm',
      'start: systemctl start shop-app',
    ])
    expect(release?.switches[0]?.detail.path).toBe('/var/www/shop')
    expect(release?.steps[3]?.detail.vain).toBeUndefined()
    expect(release?.steps[4]?.detail.vain).toContain('runs already')
  })

  test('deploy_helper: its directories and the moment it goes live', () => {
    const [release] = releasesIn({
      'deploy.yml': `- hosts: app
  tasks:
    - deploy_helper: { path: /srv/shop, state: present }
    - unarchive: { src: shop.tgz, dest: "{{ deploy_helper.new_release_path }}" }
    - deploy_helper: { path: /srv/shop, release: "{{ deploy_helper.new_release }}", state: finalize }
`,
    })
    expect(shown(release).map((line) => line.split(':')[0])).toEqual(['fetch', 'switch'])
    expect(release?.layout.live).toBe('/srv/shop/current')
    expect(release?.steps[0]?.detail.path).toBe('/srv/shop/releases/{{ release }}')
  })
})

describe('Ansistrano', () => {
  test('its flow with the task files of the project in their hooks', () => {
    const [release] = releasesIn({
      'deploy/deploy.yml': `- hosts: all
  vars_files: [vars.yml]
  roles:
    - { role: ansistrano.deploy }
`,
      'deploy/vars.yml': `ansistrano_deploy_to: /srv/shop
ansistrano_deploy_via: git
ansistrano_keep_releases: 3
ansistrano_shared_paths: [var/log, public/media]
ansistrano_after_update_code_tasks_file: "{{ playbook_dir }}/hooks/after-update.yml"
ansistrano_after_symlink_tasks_file: hooks/after-symlink.yml
`,
      'deploy/hooks/after-update.yml':
        '- command: composer install --no-dev\n  args: { chdir: "{{ ansistrano_release_path }}" }\n',
      'deploy/hooks/after-symlink.yml': '- systemd: { name: php-fpm, state: reloaded }\n',
    })
    expect(shown(release)).toEqual([
      'fetch: ansistrano: update code by git',
      'install: composer install --no-dev',
      'share: ansistrano: link shared paths',
      'switch: ansistrano: link current to the release',
      'reload: systemctl reload php-fpm',
      'clean up: ansistrano: remove old releases',
    ])
    expect(release?.layout).toMatchObject({ live: '/srv/shop/current', keeps: { count: 3 }, sharesOnly: true })
    expect(release?.layout.shared?.map((one) => [one.path, one.at.file])).toEqual([
      ['var/log', 'deploy/vars.yml'],
      ['public/media', 'deploy/vars.yml'],
    ])
    expect(release?.steps[1]?.detail.cwd).toBe('/srv/shop/releases/{{ ansistrano_release_version }}')
  })
})

describe('bad input', () => {
  test.each([
    [
      'a role that includes itself',
      { 'deploy.yml': '- hosts: a\n  roles: [x]\n', 'roles/x/tasks/main.yml': '- include_role: { name: x }\n' },
    ],
    [
      'a file that includes itself',
      {
        'deploy.yml': '- hosts: a\n  tasks:\n    - include_tasks: tasks/a.yml\n',
        'tasks/a.yml': '- include_tasks: a.yml\n',
      },
    ],
    [
      'variables that mean each other',
      { 'deploy.yml': '- hosts: a\n  vars: { x: "{{ y }}", y: "{{ x }}" }\n  tasks:\n    - git: dest={{ x }}\n' },
    ],
    [
      'playbooks that import each other',
      { 'deploy.yml': '- import_playbook: site.yml\n', 'site.yml': '- import_playbook: deploy.yml\n' },
    ],
    [
      'odd shapes',
      { 'deploy.yml': '- hosts: {a: b}\n  tasks: {x: y}\n  roles: [[1], {role: [2]}]\n  vars: [1]\n- 3\n- [4]\n' },
    ],
    ['broken', { 'deploy.yml': '- hosts: a\n  tasks:\n   - file: {path: "\n' }],
  ])('%s', (_, files: Record<string, string>) => {
    expect(() => releasesIn(files)).not.toThrow()
  })
})
