import type { Call } from '../call.ts'
import { operand, valueOf, type Row } from './row.ts'

const verbs = (call: Call): readonly string[] =>
  call.operands[0] === 'compose' ? call.operands.slice(1) : call.operands
const compose = (call: Call, ...wanted: readonly string[]): boolean =>
  (call.name === 'docker-compose' || call.operands[0] === 'compose') && wanted.includes(verbs(call)[0] ?? '')
const plain = (call: Call, ...wanted: readonly string[]): boolean =>
  call.name !== 'docker-compose' && wanted.includes(call.operands[0] ?? '')
const services = (call: Call): { what?: string } => {
  const names = verbs(call).slice(1)
  return names.length > 0 ? { what: names.join(' ') } : {}
}
// The Dockerfile or compose file that a build reads, as plans are called.
const built = (call: Call): readonly string[] => {
  const file = valueOf(call, '-f', '--file')?.replace(/^\.\//, '')
  if (compose(call, 'build')) {
    const usual = ['docker-compose.yml', 'compose.yml', 'docker-compose.yaml', 'compose.yaml']
    return (file ? [file] : usual).map((name) => `compose ${name}`)
  }
  const context = (call.operands.at(-1) ?? '.').replace(/^\.\/|\/+$/g, '')
  return [`image ${file ?? (context === '.' || call.operands.length < 2 ? '' : `${context}/`) + 'Dockerfile'}`]
}
const names = 'docker|docker-compose|podman|nerdctl'

/** Containers: images and what runs of them. */
export const containers: readonly Row[] = [
  {
    example: 'docker compose build',
    call: names,
    kind: 'build',
    tool: 'docker',
    when: (call) => compose(call, 'build') || plain(call, 'build', 'buildx', 'bake', 'tag'),
    detail: (call) => ({ calls: built(call) }),
  },
  {
    example: 'docker push registry.example/app:1.2',
    call: names,
    kind: 'push image',
    tool: 'docker',
    when: (call) => compose(call, 'push') || plain(call, 'push'),
    detail: (call) => ({ what: operand(call, /[:/]/) ?? '' }),
  },
  {
    example: 'docker compose pull',
    call: names,
    kind: 'fetch',
    tool: 'docker',
    what: 'image',
    when: (call) => compose(call, 'pull') || plain(call, 'pull', 'load', 'import'),
  },
  {
    example: 'docker compose up -d',
    call: names,
    kind: 'switch',
    tool: 'docker',
    when: (call) => compose(call, 'up', 'create', 'scale'),
    detail: (call) => ({ how: 'image', ...services(call) }),
  },
  {
    example: 'docker stack deploy -c stack.yml app',
    call: 'docker stack deploy',
    kind: 'switch',
    tool: 'docker',
    detail: () => ({ how: 'image' }),
  },
  {
    example: 'docker service update --image app:2 app_web',
    call: 'docker service update|create',
    kind: 'switch',
    tool: 'docker',
    detail: (call) => ({ how: 'image', what: valueOf(call, '--image') ?? '' }),
  },
  {
    example: 'docker run -d --name app app:2',
    call: 'docker|podman',
    kind: 'switch',
    tool: 'docker',
    when: (call) => plain(call, 'run') && runsOn(call),
    detail: (call) => ({ how: 'image', what: call.operands[1] ?? '' }),
  },
  {
    example: 'docker run --rm app composer install',
    call: 'docker|podman',
    kind: 'opaque',
    tool: 'docker',
    when: (call) => plain(call, 'run'),
    detail: () => ({ could: ['build', 'install', 'test', 'migrate'] }),
  },
  {
    example: 'docker compose run --rm app',
    call: names,
    kind: 'opaque',
    tool: 'docker',
    when: (call) => compose(call, 'run', 'exec') || plain(call, 'exec'),
    detail: () => ({ could: ['build', 'install', 'test', 'migrate', 'clear cache', 'warm cache'] }),
  },
  {
    example: 'docker compose restart worker',
    call: names,
    kind: 'restart workers',
    tool: 'docker',
    when: (call) => compose(call, 'restart') || plain(call, 'restart'),
    detail: (call) => ({ what: verbs(call).slice(1).join(' ') || 'all' }),
  },
  {
    example: 'docker kill --signal=USR2 php',
    call: names,
    kind: 'reload',
    tool: 'php-fpm',
    when: (call) => /USR2/.test(call.text) && (compose(call, 'kill') || plain(call, 'kill')),
    detail: () => ({ what: 'reload' }),
  },
  {
    example: 'docker compose down',
    call: names,
    kind: 'stop',
    tool: 'docker',
    when: (call) => compose(call, 'down', 'stop', 'kill', 'rm') || plain(call, 'stop', 'rm', 'kill'),
    detail: services,
  },
  {
    example: 'docker compose start',
    call: names,
    kind: 'start',
    tool: 'docker',
    when: (call) => compose(call, 'start', 'unpause') || plain(call, 'start'),
  },
  {
    example: 'docker image prune -f',
    call: names,
    kind: 'clean up',
    tool: 'docker',
    when: (call) =>
      /prune|^rmi$/.test(call.operands.join(' ')) ||
      plain(call, 'rmi') ||
      (plain(call, 'image') && call.operands[1] === 'rm'),
  },
  { example: 'docker ps', call: names, kind: 'nothing' },
  {
    example: 'kubectl set image deployment/app app=app:2',
    call: 'kubectl|oc set image',
    kind: 'switch',
    tool: 'kubernetes',
    detail: () => ({ how: 'image', atomic: true }),
  },
  {
    example: 'kubectl rollout restart deployment/app',
    call: 'kubectl|oc rollout restart|latest',
    kind: 'switch',
    tool: 'kubernetes',
    detail: (call) => ({ how: 'image', atomic: true, what: call.operands.slice(2).join(' ') }),
  },
  {
    example: 'kubectl rollout status deployment/app',
    call: 'kubectl|oc rollout status',
    kind: 'smoke test',
    tool: 'kubernetes',
    what: 'fails',
  },
  {
    example: 'kubectl wait --for=condition=available deployment/app',
    call: 'kubectl wait',
    kind: 'smoke test',
    tool: 'kubernetes',
    what: 'fails',
  },
  {
    example: 'kubectl rollout undo deployment/app',
    call: 'kubectl|oc rollout undo',
    kind: 'roll back',
    tool: 'kubernetes',
  },
  {
    example: 'kubectl apply -f k8s/',
    call: 'kubectl|oc|kustomize|argocd|flux apply|replace|patch|create|app|reconcile',
    kind: 'switch',
    tool: 'kubernetes',
    detail: () => ({ how: 'image', atomic: true }),
  },
  { example: 'kubectl delete job migrate', call: 'kubectl|oc delete|scale', kind: 'stop', tool: 'kubernetes' },
  { example: 'kubectl get pods', call: 'kubectl|oc|kustomize|argocd|flux|minikube|kind *', kind: 'nothing' },
  {
    example: 'helm upgrade --install app ./chart',
    call: 'helm|helmfile upgrade|install|apply|sync',
    kind: 'switch',
    tool: 'helm',
    detail: () => ({ how: 'image', atomic: true }),
  },
  { example: 'helm rollback app', call: 'helm rollback', kind: 'roll back', tool: 'helm' },
  { example: 'helm repo add x https://charts.example', call: 'helm|helmfile *', kind: 'nothing' },
  {
    example: 'kamal deploy',
    call: 'kamal deploy|redeploy|setup',
    kind: 'switch',
    tool: 'kamal',
    detail: () => ({ how: 'image', atomic: true }),
  },
  { example: 'kamal rollback abc', call: 'kamal rollback', kind: 'roll back', tool: 'kamal' },
  {
    example: 'nomad job run app.nomad',
    call: 'nomad job|run *',
    kind: 'switch',
    tool: 'nomad',
    detail: () => ({ how: 'image' }),
  },
]

// A server and not a one-off: in the background, or restarted for ever.
function runsOn(call: Call): boolean {
  const given = [...call.options.keys()]
  return given.some((o) => o === '--detach' || /^-[a-zA-Z]*d[a-zA-Z]*$/.test(o)) || call.options.has('--restart')
}
