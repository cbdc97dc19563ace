import { operand, valueOf, type Row } from './row.ts'

/** Platforms that take code or an image and switch by themselves. */
export const cloud: readonly Row[] = [
  {
    example: 'fly deploy --remote-only',
    call: 'fly deploy',
    kind: 'switch',
    tool: 'fly',
    detail: () => ({ how: 'platform', atomic: true }),
  },
  {
    example: 'vercel --prod',
    call: 'vercel|netlify|surge|wrangler|firebase|now|render|railway|cf|scalingo|dokku|clever|platform|upsun|ng|gh-pages|amplify|copilot|sls|serverless|vapor|sam|cdk|pulumi|eb|shopify|dpl',
    kind: 'switch',
    tool: 'platform',
    when: (call) =>
      operand(call, /deploy|publish|push|up|prod|redeploy/) !== undefined ||
      call.options.has('--prod') ||
      call.name === 'surge',
    detail: () => ({ how: 'platform', atomic: true }),
  },
  {
    example: 'terraform apply -auto-approve',
    call: 'terraform|terragrunt|tofu apply',
    kind: 'opaque',
    tool: 'terraform',
    detail: () => ({ could: ['switch', 'start'] }),
  },
  { example: 'heroku maintenance:on', call: 'heroku maintenance:on', kind: 'maintenance on', tool: 'heroku' },
  { example: 'heroku maintenance:off', call: 'heroku maintenance:off', kind: 'maintenance off', tool: 'heroku' },
  {
    example: 'heroku container:release web',
    call: 'heroku container:release|releases:promote|pipelines:promote',
    kind: 'switch',
    tool: 'heroku',
    detail: () => ({ how: 'platform', atomic: true }),
  },
  {
    example: 'heroku restart',
    call: 'heroku|fly|railway restart|ps:restart|apps',
    kind: 'restart workers',
    tool: 'heroku',
    what: 'all',
  },
  { example: 'heroku container:push web', call: 'heroku container:push', kind: 'push image', tool: 'heroku' },
  {
    example: 'aws ecs update-service --force-new-deployment',
    call: 'aws ecs update-service|deploy',
    kind: 'switch',
    tool: 'aws',
    detail: () => ({ how: 'image', atomic: true }),
  },
  {
    example: 'aws ecs wait services-stable',
    call: 'aws|gcloud ecs|cloudformation|deploy|elasticbeanstalk wait',
    kind: 'smoke test',
    tool: 'aws',
    what: 'fails',
  },
  {
    example: 'aws lambda update-function-code --function-name f',
    call: 'aws|gcloud|az lambda|deploy|elasticbeanstalk|run|app|functions|webapp|containerapp|cloudformation update-function-code|create-deployment|update-environment|deploy|up|publish|deployment|update',
    kind: 'switch',
    tool: 'aws',
    detail: () => ({ how: 'platform', atomic: true }),
  },
  {
    example: 'aws cloudfront create-invalidation --paths "/*"',
    call: 'aws cloudfront create-invalidation',
    kind: 'clear cache',
    tool: 'cdn',
  },
  {
    example: 'aws s3 sync dist s3://site --delete',
    call: 'aws s3 sync|cp|mv',
    kind: 'upload',
    tool: 's3',
    detail: (call) => ({ how: 'rsync', path: call.operands.at(-1)! }),
  },
  { example: 'aws s3 rm s3://bucket/old', call: 'aws s3|s3api rm|rb|delete-object', kind: 'clean up', tool: 's3' },
  {
    example: 'aws sts get-caller-identity',
    call: 'aws|gcloud|az|gsutil|doctl|terraform|heroku|vercel|netlify|eb|fly|gh|glab|vault|op|sops|age *',
    kind: 'nothing',
    detail: (call) => ({ what: valueOf(call, '--region') ?? '' }),
  },
  { example: 'cloudflare purge', call: 'flarectl|cloudflare|cfcli *', kind: 'clear cache', tool: 'cdn' },
  {
    example: 'sentry-cli releases new 1.0',
    call: 'sentry-cli|rollbar|newrelic|appsignal|bugsnag|honeybadger',
    kind: 'notify',
    tool: 'sentry',
  },
]
