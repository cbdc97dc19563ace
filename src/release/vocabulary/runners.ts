import { has, type Call } from '../call.ts'
import { valueOf, type Row } from './row.ts'

const targets = (call: Call): readonly string[] => {
  const names = call.operands.filter((word) => !/=/.test(word))
  return (names.length > 0 ? names : ['']).map((name) => `make ${name}`.trim())
}

/** Calls of other plans: task runners and deploy tools. What they do is read where they are written down. */
export const runners: readonly Row[] = [
  {
    example: 'make -C deploy release',
    call: 'make|just|task',
    kind: 'opaque',
    tool: 'make',
    detail: (call) => ({ calls: targets(call) }),
  },
  { example: 'dep deploy:unlock production', call: 'dep deploy:unlock', kind: 'unlock', tool: 'deployer' },
  { example: 'dep rollback production', call: 'dep rollback', kind: 'roll back', tool: 'deployer' },
  {
    example: 'dep deploy production',
    call: 'dep',
    kind: 'opaque',
    tool: 'deployer',
    detail: (call) => ({
      calls: [
        `dep ${call.operands[0] ?? 'list'}`,
        ...(valueOf(call, '-f', '--file') ? [`dep -f ${valueOf(call, '-f', '--file')} ${call.operands[0] ?? ''}`] : []),
      ],
    }),
  },
  {
    example: 'bundle exec cap production deploy',
    call: 'cap',
    kind: 'opaque',
    tool: 'capistrano',
    detail: (call) => {
      const words = call.operands.filter((word) => !/=/.test(word))
      // `cap staging deploy`: the stage's own plan, where it has one.
      const staged = words.length > 1 ? [`cap ${words[0]} ${words.at(-1)}`] : []
      return { calls: [...staged, ...words.map((word) => `cap ${word}`).reverse()] }
    },
  },
  {
    example: 'vendor/bin/envoy run deploy',
    call: 'envoy run',
    kind: 'opaque',
    tool: 'envoy',
    detail: (call) => ({ calls: [`envoy ${call.operands[1] ?? ''}`] }),
  },
  { example: 'envoy tasks', call: 'envoy *', kind: 'nothing' },
  {
    example: 'bundle exec mina production deploy',
    call: 'mina',
    kind: 'opaque',
    tool: 'mina',
    detail: (call) => ({
      calls: call.operands
        .filter((word) => !/=/.test(word))
        .map((word) => `mina ${word}`)
        .reverse(),
    }),
  },
  {
    example: 'bundle exec rocketeer deploy',
    call: 'rocketeer|fab|magallanes|mage|surf|shipit|ploi|pulsar *',
    kind: 'opaque',
    tool: 'deploy tool',
  },
  {
    example: 'ansible-playbook --syntax-check deploy.yml',
    call: 'ansible-playbook',
    kind: 'nothing',
    when: (call) => has(call, '--syntax-check', '--check', '-C', '--list-tasks', '--list-hosts', '--list-tags'),
  },
  {
    example: 'ansible-playbook -i hosts deploy.yml',
    call: 'ansible-playbook',
    kind: 'opaque',
    tool: 'ansible',
    detail: (call) => ({ calls: call.operands.map((word) => `ansible ${word.replace(/^\.\//, '')}`) }),
  },
  // An application's own commands: they may touch its data and caches, not the servers.
  {
    example: 'php bin/console app:import-prices',
    call: 'console|artisan|drush|magento|typo3|rake|rails|manage.py|wp|craft|yii|cake|flow *',
    kind: 'opaque',
    tool: 'application',
    detail: (call) =>
      /restart|reload|(^|:)(start|stop)\b|workers?\b|queue|daemon/i.test(call.operands[0] ?? '')
        ? {}
        : { could: ['migrate', 'clear cache', 'warm cache', 'build', 'reset database'] },
  },
  { example: 'ansible web -m ping', call: 'ansible|ansible-galaxy|ansible-vault|ansible-lint', kind: 'nothing' },
]
