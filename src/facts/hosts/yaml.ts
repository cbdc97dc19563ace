import type { Host } from './host.ts'
import { ansibleSites } from './ansible.ts'
import { azureSites } from './azure.ts'
import { bitbucketSites } from './bitbucket.ts'
import { circleSites } from './circleci.ts'
import { lefthookSites } from './lefthook.ts'

// The first that fits reads the file.
const byPath: readonly { readonly path: RegExp; readonly read: Host }[] = [
  { path: /(^|\/)bitbucket-pipelines\.ya?ml$/, read: bitbucketSites },
  { path: /(^|\/)\.circleci\/.*\.ya?ml$/, read: circleSites },
  { path: /(^|\/)\.?azure-pipelines?[^/]*\.ya?ml$|(^|\/)\.?azure-pipelines\/.*\.ya?ml$/, read: azureSites },
  { path: /(^|\/)\.?lefthook(-local)?\.ya?ml$/, read: lefthookSites },
]

/** Reads a YAML file as the tool that its path or its content tells. */
export const yamlSites: Host = (source, reading) => {
  const known = byPath.find((row) => row.path.test(source.file))
  if (known) return known.read(source, reading)
  if (
    /^(?:steps|jobs|stages|trigger|pool|extends):/m.test(source.text) &&
    /^\s*-?\s*(?:task:\s*\w+@\d|vmImage:|- (?:bash|script|deployment):)/m.test(source.text)
  )
    return azureSites(source, reading)
  ansibleSites(source, reading)
}
