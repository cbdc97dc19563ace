import type { Maker, Row } from './node.ts'

/** A destructive command over given words, as text; `key` is how its calls are told apart. */
export interface Destroyer {
  readonly text: string
  readonly key: string
  /** The command takes its words from `xargs`. */
  readonly words: string
  readonly head: string
}

type Command = Row<[string, Set<string>], Destroyer>

const options = ['-rf', '-fr', '-Rf', '-r', '-rfv', '-vrf', '-R', '--recursive', '-fR'] as const

function rm(maker: Maker, words: string, taken: Set<string>, name: string): Destroyer {
  const option =
    options.find((one, at) => !taken.has(`rm ${one}`) && (at > 0 || maker.chance(60))) ??
    options.find((one) => !taken.has(`rm ${one}`))!
  taken.add(`rm ${option}`)
  const rest = maker.pick(['', '', '', ' --', ' -f'])
  return { head: `${name} ${option}${rest}`, words, text: `${name} ${option}${rest} ${words}`, key: `rm ${option}` }
}

const plain = (
  tag: string,
  _name: string,
  key: string,
  heads: readonly string[],
  more: Partial<Command> = {},
): Command => ({
  tag,
  make: (maker, words, taken) => {
    taken.add(key)
    const head = maker.pick(heads)
    return { head, words, text: `${head} ${words}`, key }
  },
  ...more,
})

/** Commands that destroy what their words name. */
export const commands: readonly Command[] = [
  { tag: 'command:rm', weight: 22, make: (maker, words, taken) => rm(maker, words, taken, 'rm') },
  {
    tag: 'command:/bin/rm',
    weight: 2,
    make: (maker, words, taken) => rm(maker, words, taken, maker.pick(['/bin/rm', '/usr/bin/rm'])),
  },
  { tag: 'command:\\rm', weight: 2, make: (maker, words, taken) => rm(maker, words, taken, '\\rm') },
  {
    tag: 'command:options after',
    weight: 2,
    make: (_, words, taken) => (
      taken.add('rm -rf'),
      taken.add('rm -r'),
      { head: 'rm', words, text: `rm ${words} -r -f`, key: 'rm -r' }
    ),
  },
  plain('command:find -delete', 'find', 'find', [], {
    weight: 2,
    make: (maker, words, taken) => (
      taken.add('find'),
      {
        head: 'find',
        words,
        text: `find ${words} ${maker.pick(['-delete', '-mtime +7 -delete', '-mindepth 1 -delete', '-type f -mtime +30 -delete'])}`,
        key: 'find',
      }
    ),
  }),
  plain('command:find -exec', 'find', 'find', [], {
    make: (maker, words, taken) => (
      taken.add('find'),
      {
        head: 'find',
        words,
        text: `find ${words} ${maker.pick(['-mtime +7 -exec rm -rf {} +', '-type d -exec rm -r {} \\;', '-mindepth 1 -maxdepth 1 -exec rm -rf {} \\;'])}`,
        key: 'find',
      }
    ),
  }),
  plain('command:chown', 'chown', 'chown -R', ['chown -R www-data', 'chown -R www-data:www-data', 'chown -R app']),
  plain('command:chmod', 'chmod', 'chmod -R', ['chmod -R 755', 'chmod -R g+w', 'chmod -R u=rwX']),
  plain('command:setfacl', 'setfacl', 'setfacl -R', ['setfacl -R -m u:app:rwX']),
]

/** Synchronising commands: the words are the destination. */
export const syncs: readonly Command[] = [
  plain(
    'command:rsync',
    'rsync',
    'rsync -a',
    [
      'rsync -a --delete build/',
      'rsync -a --delete-after build/',
      'rsync -a --delete --exclude=.git ./',
      'rsync -a --del build/',
    ],
    { weight: 4 },
  ),
  plain('command:rsync -z', 'rsync', 'rsync -az', ['rsync -az --delete build/', 'rsync -az --delete -e ssh build/']),
]

/** What a destroyer may run through. `double`: the text stands in double quotes, so that this shell expands it; `single`: another one does. */
export interface Wrapped {
  readonly text: string
  readonly before?: string
  readonly after?: string
}

type Wrapper = Row<[Destroyer, readonly string[]], Wrapped>

const escape = (text: string): string => text.replace(/["\\]/g, '\\$&')
const simple = (tag: string, before: string | readonly string[], more: Partial<Wrapper> = {}): Wrapper => ({
  tag,
  ...more,
  make: (maker, { text }) => ({ text: `${typeof before === 'string' ? before : maker.pick(before)} ${text}` }),
})

/** Ways to run a command through another. The names are the variables that it uses. */
export const wrappers: readonly Wrapper[] = [
  { tag: 'wrapper:none', weight: 40, make: (_, { text }) => ({ text }) },
  simple('wrapper:sudo', ['sudo', 'sudo -n', 'sudo -u www-data', 'sudo -E', 'sudo --', 'sudo -H -u app'], {
    weight: 3,
  }),
  simple('wrapper:doas', ['doas', 'doas -u app']),
  simple('wrapper:env', ['env', 'env LC_ALL=C', 'env -i PATH="$PATH"']),
  simple('wrapper:nice', ['nice', 'nice -n 10', 'ionice -c3']),
  simple('wrapper:nohup', 'nohup'),
  simple('wrapper:timeout', ['timeout 60', 'timeout -k 5 60']),
  simple('wrapper:command', ['command', 'command --']),
  simple('wrapper:several', ['sudo nice -n 5', 'nice timeout 60', 'sudo env LC_ALL=C']),
  simple('wrapper:busybox', 'busybox'),
  simple('wrapper:time', ['time', 'LC_ALL=C', '!']),
  { tag: 'wrapper:exec', make: (_, { text }) => ({ text: `( exec ${text} )` }) },
  {
    tag: 'wrapper:$RM',
    make: (maker, { text }) =>
      text.startsWith('rm ')
        ? { before: maker.pick(['RM=rm', 'RM="rm"', 'RM=/bin/rm', ': "${RM:=rm}"']), text: text.replace('rm', '$RM') }
        : { text },
  },
  {
    tag: 'wrapper:options in a variable',
    weight: 2,
    make: (_, { text, head, words }) =>
      /^rm -\w+$/.test(head) ? { before: `opts="${head.slice(3)}"`, text: `rm $opts ${words}` } : { text },
  },
  {
    tag: 'wrapper:options in an array',
    weight: 4,
    bash: true,
    make: (_, { text, head, words }) =>
      /^(rm -\w+|rsync -a --delete build\/)$/.test(head)
        ? { before: `opts=(${head.replace(/^\w+ /, '')})`, text: `${head.split(' ')[0]} "\${opts[@]}" ${words}` }
        : { text },
  },
  {
    tag: 'wrapper:function',
    weight: 2,
    make: (maker, { text }) => ({
      before: maker.pick([`run() { "$@"; }`, `run() {\n  echo "+ $*"\n  "$@"\n}`, `run() { [ -n "$DRY" ] || "$@"; }`]),
      text: `run ${text}`,
    }),
  },
  {
    tag: 'wrapper:xargs',
    weight: 3,
    make: (maker, { text, head, words }) =>
      /^(find|rsync)/.test(head) || head === 'rm'
        ? { text }
        : {
            text: maker.pick([
              `echo ${words} | xargs ${head}`,
              `printf '%s\\n' ${words} | xargs ${head}`,
              `printf '%s\\0' ${words} | xargs -0 ${head}`,
              `echo ${words} | xargs -r ${head}`,
              `printf '%s\\n' ${words} | xargs -I{} ${head} {}`,
              `echo ${words} | sudo xargs ${head}`,
            ]),
          },
  },
  {
    tag: 'wrapper:parallel',
    make: (maker, { text, head, words }) =>
      /^(find|rsync)/.test(head) || head === 'rm'
        ? { text }
        : { text: maker.pick([`parallel ${head} ::: ${words}`, `printf '%s\\n' ${words} | parallel ${head}`]) },
  },
  {
    tag: 'wrapper:sh -c "…"',
    weight: 2,
    make: (maker, { text }) => ({
      text: `${maker.pick(['sh -c', 'bash -c', 'sudo sh -c', 'sudo -u app bash -c'])} "${escape(text)}"`,
    }),
  },
  {
    tag: "wrapper:sh -c '…'",
    weight: 2,
    make: (maker, { text }, names) =>
      text.includes("'")
        ? { text }
        : {
            before: maker.pick([names.length > 0 ? `export ${names.join(' ')}` : ':', ':']),
            text: `${maker.pick(['sh -c', 'bash -c', 'sudo sh -c', 'sudo -E sh -c', 'bash -ec'])} '${text}'`,
          },
  },
  {
    tag: "wrapper:sh -c '$1'",
    make: (_, { text }, names) =>
      text.includes("'") || names.length !== 1
        ? { text }
        : {
            text: `sh -c '${text.replaceAll(`$${names[0]}`, '$1').replaceAll(`{${names[0]}`, '{1')}' _ "$${names[0]}"`,
          },
  },
  {
    tag: 'wrapper:eval',
    weight: 2,
    make: (maker, { text }) => ({
      text: text.includes("'") || maker.chance(50) ? `eval "${escape(text)}"` : `eval '${text}'`,
    }),
  },
  {
    tag: 'wrapper:here-document',
    weight: 2,
    make: (maker, { text }) => ({ text: `${maker.pick(['sh', 'bash', 'bash -s', 'sudo bash'])} <<END\n${text}\nEND` }),
  },
  {
    tag: 'wrapper:here-document quoted',
    weight: 2,
    make: (maker, { text }, names) => ({
      before: maker.pick([names.length > 0 ? `export ${names.join(' ')}` : ':', ':']),
      text: `${maker.pick(['sh', 'bash', 'bash -eu'])} <<'END'\n${text}\nEND`,
    }),
  },
  { tag: 'wrapper:<<<', bash: true, make: (_maker, { text }) => ({ text: `bash <<< "${escape(text)}"` }) },
  {
    tag: 'wrapper:echo | sh',
    make: (maker, { text }) => ({ text: `echo "${escape(text)}" | ${maker.pick(['sh', 'bash', 'sudo sh'])}` }),
  },
  {
    tag: 'wrapper:ssh "…"',
    weight: 2,
    make: (maker, { text }) => ({
      text: `ssh ${maker.pick(['web1', '-p 22 app@web1', '-o BatchMode=yes web1'])} "${escape(text)}"`,
    }),
  },
  {
    tag: "wrapper:ssh '…'",
    weight: 2,
    make: (maker, { text }) =>
      text.includes("'") ? { text } : { text: `ssh ${maker.pick(['web1', '-T web1'])} '${text}'` },
  },
  {
    tag: 'wrapper:ssh words',
    weight: 2,
    make: (_, { text }) => (/["']/.test(text) ? { text } : { text: `ssh web1 ${text}` }),
  },
  {
    tag: 'wrapper:ssh here-document',
    weight: 2,
    make: (maker, { text }) => ({
      text: `ssh web1 ${maker.pick(['', 'bash -s ', 'bash '])}<<${maker.pick(['END', "'END'"])}\n${text}\nEND`,
    }),
  },
  {
    tag: 'wrapper:su',
    make: (maker, { text }) => ({ text: `su ${maker.pick(['app', '- app', '-l app'])} -c "${escape(text)}"` }),
  },
]
