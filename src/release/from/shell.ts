import type { Script } from '../../facts/shell/script.ts'
import { directoryOf } from '../../discover/files.ts'
import type { Extractor, Ground } from '../ground.ts'
import type { Draft } from '../model.ts'
import { flowOf, isWorkplace } from '../steps.ts'

// Scripts that people run on their own machine, whatever they are called.
const elsewhere = /(^|\/)(test|tests|spec|examples?|fixtures|node_modules|vendor|\.husky|docs?)\//

// What others source.
const library = /(^|\/)(common|functions?|helpers?|utils?|lib|library|shared)(\.(sh|bash|inc))?$/i

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

/** The scripts that images run while they are built or when they start, by their last name: the directories of those Dockerfiles. */
function runInImages(ground: Ground): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const { file, text } of ground.files.of('dockerfile')) {
    const joined = text.replace(/\\\r?\n/g, ' ')
    for (const [line] of joined.matchAll(/^\s*(RUN|CMD|ENTRYPOINT)\b.*$/gim))
      for (const [word] of line.matchAll(/[\w.-]*\/[\w./-]+/g)) {
        const name = word.slice(word.lastIndexOf('/') + 1)
        const known = found.get(name)
        if (known) known.push(directoryOf(file))
        else found.set(name, [directoryOf(file)])
      }
  }
  return found
}

/** Every shell file is a plan; those that another plan runs are put in their places there. */
export const fromShell: Extractor = (ground) => {
  const drafts: Draft[] = []
  const inImages = runInImages(ground)
  for (const script of ground.scripts) {
    const file = script.site.file
    if (ground.files.kind(file) !== 'shell') continue
    const image = inImages
      .get(file.slice(file.lastIndexOf('/') + 1))
      ?.some((directory) => directory === '' || file.startsWith(`${directory}/`))
    drafts.push({
      name: script.site.name,
      tool: 'shell',
      at: { file, start: 0, end: Math.max(0, ground.files.get(file)?.text.indexOf('\n') ?? 0) },
      flow: flowOf(script),
      files: script.files,
      names: [`file ${file}`],
      entry: !elsewhere.test(file) && !library.test(file) && !isStart(script) && !image,
      here: isWorkplace([script]) ? 'runner' : 'unknown',
      layout: { locks: 'no' },
    })
  }
  return drafts
}
