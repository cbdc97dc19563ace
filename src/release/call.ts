import { joined } from './path.ts'
import type { Command } from '../facts/shell/script.ts'
import type { Origin, Part } from '../facts/shell/value.ts'

/** The languages in which steps are called. */
export type Tongue = 'shell' | 'ansible' | 'capistrano' | 'deployer' | 'github'

/** A call reduced to what the vocabulary looks at: `php -d x=y bin/console cache:clear --env=prod` is `console cache:clear` with its options. */
export interface Call {
  readonly in: Tongue
  readonly name: string
  /** Words that are no options and no options' values. */
  readonly operands: readonly string[]
  readonly options: ReadonlyMap<string, string | true>
  readonly text: string
  readonly cwd?: string
  /** A container or pod in which it runs: `docker compose exec app …`. */
  readonly inside?: string
  readonly platform?: 'gnu' | 'busybox' | 'bsd'
}

// Options whose value is the next word, by command; without them the value would be read as an operand.
const valued: Readonly<Record<string, string>> = {
  git: '-C -c --git-dir --work-tree -m -b --depth --branch',
  composer: '-d --working-dir',
  make: '-C -f -j --directory --file',
  npm: '--prefix -C -w --workspace',
  pnpm: '-C --dir --filter -F',
  yarn: '--cwd',
  php: '-d -c -f -S -t',
  kubectl: '-n --namespace --context --kubeconfig -f -l --selector -c --container --filename --timeout -k',
  helm: '-n --namespace --kube-context --kubeconfig -f --values --set --set-string --version --timeout',
  docker:
    '-f --file -p --project-name --env-file -H --host --context -t --tag -u --user -w --workdir -e --env -v --volume --network --name --build-arg --target --platform --scale --restart --profile --image',
  podman: '-f --file -t --tag -u --user -w --workdir -e --env -v --volume --network --name --restart',
  rsync:
    '-e --rsh --exclude --include --exclude-from --include-from --files-from --rsync-path --chmod --chown --bwlimit --timeout --port --filter -f --backup-dir --link-dest --log-file --password-file --max-delete -M -T --temp-dir --partial-dir',
  scp: '-P -i -o -F -l -c -S -J',
  curl: '-o --output -H --header -X --request -d --data --data-raw -u --user -m --max-time --retry --retry-delay --connect-timeout -w --write-out -A -F --form -b -c -e --url --resolve -T --upload-file --cacert',
  delayed_job:
    '-n --number_of_workers -i --identifier --pool --queue --queues --pid-dir --log-dir --sleep-delay -p --prefix',
  wget: '-O --output-document -t --tries -T --timeout --header --post-data -P -o --user --password',
  systemctl: '-H --host -M --machine -n -o -p --property -t --type --signal -s',
  bundle: '--path --without --with --jobs -j --gemfile --retry',
  tar: '-C --directory -f --file --exclude --strip-components -T -X',
  unzip: '-d -x -P',
  zip: '-x -i -b -n',
  '7z': '-o',
  sftp: '-b -P -i -o -F',
  svn: '--username --password -r --revision -m -F --depth',
  rails: '-e --environment',
  rake: '-f -R -I',
  artisan: '--env',
  crontab: '-u',
  pip: '-r -t -c -i --target --requirement',
  ln: '-t --target-directory -S --suffix',
  mv: '-t --target-directory -S --suffix',
  cp: '-t --target-directory -S --suffix',
  install: '-o -g -m -t --owner --group --mode',
  dep: '-f --file -o --option --tag --revision --branch -p --parallel-limit --log --stage -l --limit --roles --profile',
  cap: '-r -e -f -s -S --roles --hosts -t',
  'ansible-playbook':
    '-i --inventory -e --extra-vars -l --limit -t --tags --skip-tags -u --user --vault-password-file --vault-id -f --forks --private-key --key-file --start-at-task -c --connection',
  aws: '--profile --region --acl --cache-control --exclude --include --cluster --service --task-definition --distribution-id --paths --output --query --function-name --s3-bucket --application-name',
  gcloud: '--project --region --zone --image',
  ssh: '-p -i -o -F -l -J -L -R -D -E -c -b -W -S',
  pm2: '--name -n -i --only --env --cwd',
  cachetool: '--fcgi --web --web-path --web-url --tmp-dir --config',
  mysql: '-u -h -P -D -e --user --host --port --database --execute --defaults-file --defaults-extra-file',
  psql: '-U -h -p -d -c -f --username --host --port --dbname --command --file',
  pg_dump: '-U -h -p -d -f -F --file --format --username --host --dbname',
  mysqldump: '-u -h -P --user --host --port --result-file -r --defaults-file --defaults-extra-file',
  drush: '-r --root -l --uri',
  wp: '--path --url --user',
  supervisorctl: '-c --configuration -s -u -p',
  fly: '-a --app -c --config -i --image',
  heroku: '-a --app -r --remote',
  kamal: '-d --destination -c --config-file -r --roles -h --hosts --version',
  su: '-c -s --command --shell -g -G',
  timeout: '-k -s',
  flock: '-w --timeout -E',
  chown: '--from --reference',
  console: '-e --env',
  find: '-name -iname -path -type -mtime -mmin -maxdepth -mindepth -newer -user -group -size -exec -regex -ctime -printf -perm',
}

const interpreters =
  /^(php[\d.]*|\w*php-?(cli|run|torun|exec|wrap\w*|bin)\w*|run_?php|ruby|python\d?(\.\d+)?|node|bash|sh|perl)$/

const shell = /^(ba|da|z|k)?sh$/

const plain = /^[\w./~-]+$|\/[\w.-]+$/

/** The call behind a shell command; undefined when its name is not known. `named` says what an unknown part is to be called. */
export function callOf(
  command: Command,
  named: (origin: Origin) => string = (origin) => origin.name,
): Call | undefined {
  const shown = (way: readonly Part[] | undefined): string =>
    (way ?? []).map((part) => ('of' in part ? named(part.of) : part.text)).join('')
  // What fills a variable may say less than its name: `"$PHP_CMD"` that an input of the workflow gives is PHP all the same.
  const words = command.words.map((word) => {
    const way = word.fields[0]?.ways[0]
    const written = word.text.replaceAll('"', '')
    const filled = way?.length === 1 && 'of' in way[0]! && way[0].of.kind === 'template'
    return filled && byVariable.test(written) ? written : shown(way)
  })
  // A name that another language fills may be known there, or nothing: `#{try_sudo} touch …`.
  const bare = command.name === undefined ? words.slice(words.findIndex((word) => word !== '')) : words
  // `$sudo chmod …`: a variable that holds the right to run what follows, or nothing.
  const shapes = /^\$\{?\w*sudo\w*\}?$/i.test(bare[0] ?? '') ? bare.slice(1) : bare
  if (shapes.length === 0 || (command.name === undefined && !byVariable.test(shapes[0]!) && !plain.test(shapes[0]!)))
    return undefined
  const cwd = shown(command.cases[0]?.directories[0]?.way)
  const platform = command.shell.platform
  const text = /[\ue000-\uf8ff]/.test(command.text) ? shapes.join(' ') : command.text
  return callOfWords(shapes, text, {
    ...(cwd ? { cwd } : {}),
    ...(platform ? { platform } : {}),
  })
}

/** The call that a list of words makes, the name first. */
export function callOfWords(
  words: readonly string[],
  text: string,
  given: { readonly cwd?: string; readonly platform?: 'gnu' | 'busybox' | 'bsd' } = {},
): Call | undefined {
  // `/etc/init.d/nginx restart` is `service nginx restart`.
  const unit = /\/(?:init|rc)\.d\/([\w.@-]+)$/.exec(words[0] ?? '')?.[1]
  let list = unit ? ['service', unit, ...words.slice(1)] : words
  let inside: string | undefined
  for (let turn = 0; turn < 6 && list.length > 0; turn++) {
    const next = unwrap(list)
    if (!next) break
    if (next.inside) inside = next.inside
    list = next.words
  }
  if (list.length === 0) return undefined
  const name = plainName(list[0]!)
  const { operands, options } = sortWords(name, list.slice(1))
  const cwd = given.cwd === undefined ? {} : { cwd: joined(undefined, given.cwd) }
  return { in: 'shell', name, operands, options, text, ...given, ...cwd, ...(inside ? { inside } : {}) }
}

// Tools named by a variable or a placeholder: `$PHP`, `${COMPOSER_BIN}`, `{{bin/console}}`.
const byVariable =
  /^(?:\{\{\s*(?:bin\/)?([\w-]+)\s*\}\}|\{\{\s*\$(php|composer|artisan|npm|yarn|git)(?:_?(?:bin|path|cmd))?\s*\}\}|get\('bin\/([\w-]+)'\)|\$\{?(?:\w*_)?(PHP|COMPOSER|NPM|YARN|ARTISAN|CONSOLE|GIT|RSYNC|DRUSH|WP|MAGENTO|SSH|RM|LN|MV)(?:_?(?:BIN|CMD|PATH|EXE|COMMAND))?\}?)$/

function plainName(word: string): string {
  const tool = byVariable.exec(word)
  if (tool)
    return tool
      .slice(1)
      .find((part) => part !== undefined)!
      .toLowerCase()
  const base = word.replace(/\/+$/, '').split('/').at(-1) ?? word
  if (/^php-?\d(\.?\d+)?$/.test(base)) return 'php'
  if (/^(docker-compose|podman-compose)/.test(base)) return 'docker-compose'
  if (/^composer\w*(\.phar)?$/.test(base)) return 'composer'
  return base
    .replace(/\.phar$/, '')
    .replace(/^deployer$/, 'dep')
    .replace(/^flyctl$/, 'fly')
    .replace(/^gmake$/, 'make')
}

/** Takes one runner off the front: an interpreter, `bundle exec`, `npx`, `docker compose exec app`; undefined: there is none. */
function unwrap(words: readonly string[]): { words: readonly string[]; inside?: string } | undefined {
  const name = plainName(words[0]!)
  const rest = words.slice(1)
  if (/^python/.test(name) && rest[0] === '-m' && rest.length > 1) return { words: rest.slice(1) }
  // Deployer's `{{bin/symlink}}`.
  if (name === 'symlink') return { words: ['ln', '-nfs', ...rest] }
  if (interpreters.test(name) || name === 'php') {
    const at = firstOperand(name === 'php' ? 'php' : '', rest)
    const inline = rest
      .slice(0, at === -1 ? undefined : at)
      .some((word) => (shell.test(name) ? /^-\w*[cn]$/.test(word) : /^-\w*[rcem]$|^--?eval$/.test(word)))
    return at === -1 || inline ? undefined : { words: rest.slice(at) }
  }
  if (name === 'bundle' && rest[0] === 'exec') return { words: rest.slice(1) }
  if (/^(npx|bunx|pipx|poetry|pipenv|uv|rbenv|asdf|mise|nvm|dotenv)$/.test(name)) {
    const from = rest[0] === 'run' || rest[0] === 'exec' ? 1 : /^(npx|bunx)$/.test(name) ? 0 : -1
    if (from === -1) return undefined
    const list = rest.slice(from).filter((word, i) => !(word.startsWith('-') && i < 2))
    return list.length > 0 ? { words: list } : undefined
  }
  // `cross-env NODE_ENV=production webpack`
  if (/^(cross-env|cross-env-shell|env-cmd)$/.test(name)) {
    const list = rest.filter((word, i) => !/^\w+=/.test(word) && !(word.startsWith('-') && i < 2))
    return list.length > 0 ? { words: list } : undefined
  }
  if (name === 'symfony' && rest[0] === 'console') return { words: ['console', ...rest.slice(1)] }
  if (name === 'composer' && rest[0] === 'exec') return { words: rest.slice(1).filter((word) => word !== '--') }
  if (/^(ddev|lando)$/.test(name) && rest[0] === 'exec') return { words: rest.slice(1), inside: name }
  if (name === 'heroku' && rest[0] === 'run') return { words: rest.slice(1), inside: 'heroku' }
  return unwrapContainer(name, rest)
}

function unwrapContainer(
  name: string,
  rest: readonly string[],
): { words: readonly string[]; inside?: string } | undefined {
  let list = rest
  if (name === 'docker' || name === 'podman') {
    const at = firstOperand('docker', list)
    if (list[at] === 'compose') list = list.slice(at + 1)
    else if (list[at] !== 'exec') return undefined
  } else if (name !== 'docker-compose' && name !== 'kubectl' && name !== 'sail' && name !== 'nerdctl') return undefined
  const tool = name === 'kubectl' ? 'kubectl' : 'docker'
  const verb = firstOperand(tool, list)
  if (verb === -1 || (list[verb] !== 'exec' && !(list[verb] === 'run' && tool === 'docker'))) return undefined
  const after = list.slice(verb + 1)
  const target = firstOperand(tool, after)
  if (target === -1) return undefined
  let inner = after.slice(target + 1)
  const dashes = inner.indexOf('--')
  if (tool === 'kubectl' && dashes !== -1) inner = inner.slice(dashes + 1)
  const script = /^(ba|da|a)?sh$/.test(inner[0] ?? '') ? inner.findIndex((word) => /^-\w*c$/.test(word)) : -1
  if (script !== -1 && inner[script + 1]) inner = inner[script + 1]!.split(/\s+/)
  return inner.length > 0 ? { words: inner, inside: after[target]! } : undefined
}

function firstOperand(name: string, words: readonly string[]): number {
  const takes = (valued[name] ?? '').split(' ')
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (!word.startsWith('-') || word === '-') return i
    if (takes.includes(word)) i++
  }
  return -1
}

function sortWords(
  name: string,
  words: readonly string[],
): { operands: readonly string[]; options: ReadonlyMap<string, string | true> } {
  const takes = (valued[name === 'docker-compose' ? 'docker' : name] ?? '').split(' ')
  const operands: string[] = []
  const options = new Map<string, string | true>()
  let over = false
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (over || !word.startsWith('-') || word === '-') operands.push(word)
    else if (word === '--') over = true
    else if (word.startsWith('--') && word.includes('=')) {
      options.set(word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1))
    } else if (takes.includes(word) && i + 1 < words.length) options.set(word, words[++i]!)
    else options.set(word, true)
  }
  return { operands, options }
}

/** Whether an option is given: `--delete`, or a letter in a bundle (`f` of `-sfn`). */
export function has(call: Call, ...options: readonly string[]): boolean {
  return options.some((option) => {
    if (call.options.has(option)) return true
    if (!/^-[A-Za-z]$/.test(option)) return false
    return [...call.options.keys()].some((given) => /^-[A-Za-z]+$/.test(given) && given.includes(option[1]!))
  })
}
