import type { Source } from '../../source/source.ts'
import { at, entriesOf, itemsOf, textAt } from '../../parse/yaml.ts'
import type { Given, ShellFacts } from '../shell/script.ts'
import type { Reading } from './host.ts'
import { labelOf, openYaml, pieceIn, putSite, takeVariables, unknownHole } from './yaml-host.ts'

const plain: ShellFacts = {
  dialect: 'sh',
  flags: { errexit: false, nounset: false, pipefail: false },
  interactive: false,
}

/** Reads lefthook.yml: each command of a hook is `sh -c`. */
export function lefthookSites(source: Source, reading: Reading): void {
  const host = openYaml(source, reading)
  if (!host) return
  const holes = [
    {
      pattern: /\{(?:staged_files|push_files|all_files|files|cmd|\d+)\}/g,
      is: (found: RegExpExecArray, place: Parameters<typeof unknownHole>[1]) => unknownHole(found[0], place),
    },
  ]
  for (const { key, value } of entriesOf(host.root)) {
    const commands = [
      ...entriesOf(at(value, 'commands')).map((entry) => ({ name: entry.key.text, node: entry.value })),
      ...itemsOf(at(value, 'jobs')).map((node) => ({ name: textAt(node, 'name') ?? 'a job', node })),
    ]
    for (const { name, node } of commands) {
      const run = at(node, 'run')
      const piece = run && pieceIn(host, [run], holes)
      if (!piece) continue
      const given = new Map<string, Given>()
      takeVariables(host, at(node, 'env'), `for ${name}`, given)
      putSite(host, {
        piece,
        name: `${key.text}, ${name}`,
        shell: plain,
        given,
        via: [labelOf(host, key, `git hook ${key.text}`)],
      })
    }
  }
}
