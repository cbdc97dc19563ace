import type { Script } from '../../facts/shell/script.ts'
import type { Extractor } from '../ground.ts'
import type { Draft } from '../model.ts'
import { flowOf, isWorkplace } from '../steps.ts'

// Scripts that people run on their own machine, whatever they are called.
const elsewhere = /(^|\/)(test|tests|spec|examples?|fixtures|node_modules|vendor|\.husky|docs?)\//

// Scripts that set up a machine or a container before anything serves.
const setsUp =
  /(^|\/)((docker|\.devcontainer|vagrant|provision\w*|packer|kickstart|buildpacks?)\/(?!.*(deploy|release))|[\w.-]*(entrypoint|bootstrap|provision|vagrant|install|setup|startup|init)[\w.-]*$)/i

// A server in the foreground is how a container's start ends.
const starts = /^(apache2-foreground|httpd-foreground|php-fpm\S*|crond?|tini|gosu|su-exec|dumb-init|supervisord)$/

/** Whether a script is what a container starts with: nothing serves before it is done. */
function isStart(script: Script): boolean {
  if (setsUp.test(script.site.file)) return true
  return script.commands.some(
    (command) =>
      starts.test(command.name ?? '') &&
      command.words.slice(1).some((word) => /^(-F|-f|-n|--nodaemonize|-DFOREGROUND|FOREGROUND)$/.test(word.text)),
  )
}

/** Every shell file is a plan; those that another plan runs are put in their places there. */
export const fromShell: Extractor = (ground) => {
  const drafts: Draft[] = []
  for (const script of ground.scripts) {
    const file = script.site.file
    if (ground.files.kind(file) !== 'shell') continue
    drafts.push({
      name: script.site.name,
      tool: 'shell',
      at: { file, start: 0, end: Math.max(0, ground.files.get(file)?.text.indexOf('\n') ?? 0) },
      flow: flowOf(script),
      files: script.files,
      names: [`file ${file}`],
      entry: !elsewhere.test(file) && !isStart(script),
      here: isWorkplace([script]) ? 'runner' : 'unknown',
      layout: { locks: 'no' },
    })
  }
  return drafts
}
