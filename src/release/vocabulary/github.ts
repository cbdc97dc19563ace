import type { Call } from '../call.ts'
import type { Detail } from '../model.ts'
import { valueOf, type Row } from './row.ts'

const uses = { in: 'github' as const }
const platform: Detail = { how: 'platform' }
const true_ = /^(true|yes|1)$/i

/** The directory on the far side, by the names that actions give it. */
const remote = (call: Call): string | undefined =>
  valueOf(
    call,
    'target',
    'server-dir',
    'remote_path',
    'remote-path',
    'path',
    'remoteDir',
    'remote_dir',
    'to',
    'remote',
    'TARGET',
    'dest',
  )
const copied =
  (how: 'rsync' | 'copy', ...sources: readonly string[]) =>
  (call: Call): Detail => {
    const host = valueOf(call, 'host', 'server', 'hostname', 'remote_host', 'REMOTE_HOST', 'ftp-server') ?? '$host'
    const source = valueOf(call, ...sources, 'source', 'local-dir', 'local_path', 'localDir', 'local')
    return { path: `${host}:${remote(call) ?? ''}`, how, live: 'perhaps', ...(source ? { target: source } : {}) }
  }
const dep = (call: Call): Detail => {
  const line = valueOf(call, 'dep') ?? 'deploy'
  return { calls: [`dep ${line.split(/\s+/).find((word) => !word.startsWith('-')) ?? 'deploy'}`] }
}
const cap = (call: Call): Detail => {
  const target = valueOf(call, 'target', 'stage', 'environment')
  return { calls: ['cap deploy', ...(target ? [`cap ${target}`] : [])] }
}
const playbook = (call: Call): Detail => {
  const name = valueOf(call, 'playbook', 'playbookName')
  const base = valueOf(call, 'directory')?.replace(/\/$/, '')
  return name === undefined ? {} : { calls: [`ansible ${base ? `${base}/` : ''}${name.replace(/^\.\//, '')}`] }
}

/** Actions that a GitHub workflow `uses`, without their versions, in small letters. */
export const github: readonly Row[] = [
  // Code and dependencies on the runner
  { ...uses, example: 'actions/checkout', call: 'actions/checkout', kind: 'fetch', tool: 'git', what: 'checkout' },
  {
    ...uses,
    example: 'actions/download-artifact',
    call: 'actions/download-artifact|dawidd6/action-download-artifact',
    kind: 'fetch',
    tool: 'artifact',
  },
  {
    ...uses,
    example: 'actions/setup-node',
    call: 'actions/setup-*|actions/cache|actions/cache/*|actions/upload-artifact|actions/github-script|actions/labeler|actions/stale|actions/configure-pages|actions/create-*|shivammathur/setup-php|ruby/setup-ruby|pnpm/action-setup|docker/setup-*|docker/login-action|docker/metadata-action|webfactory/ssh-agent|shimataro/ssh-key-action|*/ssh-key-action|*/install-ssh-key|aws-actions/configure-*|aws-actions/amazon-ecr-login|azure/login|google-github-actions/auth|google-github-actions/setup-gcloud|azure/setup-*|*/known-hosts*|superfly/flyctl-actions/setup-flyctl|tailscale/github-action|*/wireguard*|*/openvpn*|*/setup-*|*/*-setup|dorny/paths-filter|tj-actions/*|softprops/action-gh-release|ncipollo/release-action|*/create-release|getong/*|haythem/public-ip',
    kind: 'nothing',
  },
  {
    ...uses,
    example: 'ramsey/composer-install',
    call: 'ramsey/composer-install|php-actions/composer',
    kind: 'install',
    tool: 'composer',
  },
  {
    ...uses,
    example: 'bahmutov/npm-install',
    call: 'bahmutov/npm-install|borales/actions-yarn',
    kind: 'install',
    tool: 'npm',
  },
  {
    ...uses,
    example: 'docker/build-push-action',
    call: 'docker/build-push-action|docker/bake-action|mr-smithers-excellent/docker-build-push|elgohr/publish-docker-github-action|whoan/docker-build-with-cache-action',
    kind: 'push image',
    tool: 'docker',
    when: (call) =>
      !call.name.startsWith('docker/') ||
      true_.test(valueOf(call, 'push') ?? '') ||
      /\$\{\{/.test(valueOf(call, 'push') ?? ''),
    detail: (call) => ({ what: valueOf(call, 'tags', 'image', 'name') ?? 'image' }),
  },
  {
    ...uses,
    example: 'docker/bake-action',
    call: 'docker/build-push-action|docker/bake-action',
    kind: 'build',
    tool: 'docker',
  },
  // Copies to a server
  {
    ...uses,
    example: 'appleboy/scp-action',
    call: 'appleboy/scp-action|garygrossgarten/github-action-scp|cross-the-world/scp-pipelines|nicklasfrahm/scp-action|*/scp-action*|*/*-scp|*/*-scp-*|*/scp-*',
    kind: 'upload',
    tool: 'scp',
    detail: copied('copy'),
  },
  {
    ...uses,
    example: 'samkirkland/ftp-deploy-action',
    call: 'samkirkland/ftp-deploy-action|*/ftp-action|*/ftp-deploy*|*/lftp-*|*/*-ftp|*/*-ftp-*|*/ftp-*|pressidium/lftp-mirror-action',
    kind: 'upload',
    tool: 'ftp',
    detail: copied('copy'),
  },
  {
    ...uses,
    example: 'wlixcc/sftp-deploy-action',
    call: '*/sftp-*|*/action-sftp*|*/web-deploy|samkirkland/web-deploy|easingthemes/ssh-deploy|burnett01/rsync-deployments|contention/rsync-deployments|up9cloud/action-rsync|*/rsync-*|*/*-rsync|*/*-rsync-*|*/action-rsync|*/*-sftp|*/*-sftp-*|*/ssh-deploy*',
    kind: 'upload',
    tool: 'rsync',
    detail: copied('rsync', 'SOURCE', 'path', 'LOCAL_PATH'),
  },
  {
    ...uses,
    example: 'jakejarvis/s3-sync-action',
    call: 'jakejarvis/s3-sync-action|reggionick/s3-deploy|*/s3-sync*|*/s3-deploy*|*/upload-s3*',
    kind: 'upload',
    tool: 's3',
    detail: (call) => ({
      path: `s3://${valueOf(call, 'AWS_S3_BUCKET', 'bucket', 'bucket-name') ?? ''}`,
      how: 'copy',
      live: 'perhaps',
    }),
  },
  // Deploy tools of the project
  {
    ...uses,
    example: 'deployphp/action',
    call: 'deployphp/action|*/deployer-action|*/action-deployer|*/deployer-php-action|*/action-deployer-php',
    kind: 'opaque',
    tool: 'deployer',
    detail: dep,
  },
  {
    ...uses,
    example: 'miloserdow/capistrano-deploy',
    call: '*/capistrano-*|*/action-capistrano|*/capistrano',
    kind: 'opaque',
    tool: 'capistrano',
    detail: cap,
  },
  {
    ...uses,
    example: 'dawidd6/action-ansible-playbook',
    call: '*/action-ansible-playbook|*/ansible-*|*/run-ansible*',
    kind: 'opaque',
    tool: 'ansible',
    detail: playbook,
  },
  // Platforms
  {
    ...uses,
    example: 'akhileshns/heroku-deploy',
    call: '*/heroku-deploy|*/deploy-to-heroku|*/dokku|dokku/github-action|*/caprover-deploy*|*/caprover*',
    kind: 'switch',
    tool: 'heroku',
    detail: () => platform,
  },
  {
    ...uses,
    example: 'superfly/flyctl-actions',
    call: 'superfly/flyctl-actions',
    kind: 'switch',
    tool: 'fly',
    when: (call) => /deploy/.test(valueOf(call, 'args') ?? ''),
    detail: () => platform,
  },
  {
    ...uses,
    example: 'azure/webapps-deploy',
    call: 'azure/webapps-deploy|azure/functions-action|azure/static-web-apps-deploy|azure/container-apps-deploy-action|azure/aci-deploy',
    kind: 'switch',
    tool: 'azure',
    detail: () => platform,
  },
  {
    ...uses,
    example: 'azure/k8s-deploy',
    call: 'azure/k8s-deploy|*/kubectl-*|*/kubectl|*/helm-*|*/helm|actions-hub/kubectl|steebchen/kubectl|google-github-actions/deploy-gke',
    kind: 'switch',
    tool: 'kubernetes',
    when: (call) =>
      call.name.startsWith('azure') ||
      /apply|set image|rollout restart|upgrade|deploy/.test([...call.options.values()].join(' ')),
    detail: () => ({ how: 'image' }),
  },
  {
    ...uses,
    example: 'google-github-actions/deploy-cloudrun',
    call: 'google-github-actions/deploy-*|firebaseextended/action-hosting-deploy|w9jds/firebase-action',
    kind: 'switch',
    tool: 'gcloud',
    detail: () => platform,
  },
  {
    ...uses,
    example: 'aws-actions/amazon-ecs-deploy-task-definition',
    call: 'aws-actions/amazon-ecs-deploy-*|aws-actions/aws-lambda-deploy|einaregilsson/beanstalk-deploy|*/beanstalk-deploy|*/aws-code-deploy*|*/aws-lambda-*|*/action-aws-ecs*|appleboy/lambda-action',
    kind: 'switch',
    tool: 'aws',
    detail: () => platform,
  },
  {
    ...uses,
    example: 'cloudflare/wrangler-action',
    call: 'cloudflare/wrangler-action|cloudflare/pages-action|amondnet/vercel-action|nwtgck/actions-netlify|netlify/actions/*|peaceiris/actions-gh-pages|jamesives/github-pages-deploy-action|actions/deploy-pages|crazy-max/ghaction-github-pages|digitalocean/app_action|digitalocean/app_action/*|*/railway*|*/render-deploy*|*/action-render*',
    kind: 'switch',
    tool: 'platform',
    detail: () => platform,
  },
  {
    ...uses,
    example: 'chetan/invalidate-cloudfront-action',
    call: '*/invalidate-cloudfront*|*/cloudfront-invalidate*|*/cloudflare-purge*|jakejarvis/cloudflare-purge-action|*/purge-cache*',
    kind: 'clear cache',
    tool: 'cdn',
  },
  {
    ...uses,
    example: 'joelwmale/webhook-action',
    call: 'joelwmale/webhook-action|*/workflow-webhook*|*/http-request-action|fjogeleit/http-request-action|*/forge-deploy*|*/ploi*|*/envoyer*|*/laravel-forge*|*/vapor*|*/cloudways*|*/action-deploy-wordpress|rtcamp/action-deploy-wordpress|*/wpe-*|wpengine/*|*/action-wp-engine*',
    kind: 'opaque',
    tool: 'hosting',
  },
  // Questions and messages
  {
    ...uses,
    example: 'jtalk/url-health-check-action',
    call: '*/url-health-check*|*/health-check*|*/healthcheck*|*/site-health*|*/http-status*|*/wait-for-*|*/url-health-check-action|cypress-io/github-action',
    kind: 'smoke test',
    tool: 'http',
    detail: (call) => ({ path: valueOf(call, 'url', 'URL') ?? '', what: 'fails' }),
  },
  {
    ...uses,
    example: '8398a7/action-slack',
    call: '*/action-slack*|*/slack-*|slackapi/*|*/discord-*|*/telegram-*|*/notify-*|dawidd6/action-send-mail|*/action-send-mail|getsentry/action-release|bobheadxi/deployments|chrnorm/*|newrelic/deployment-marker-action|*/teams-*|*/ms-teams-*',
    kind: 'notify',
  },
]
