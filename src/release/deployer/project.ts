import type { Label, Span } from '../../source/source.ts'
import type { Flow } from '../model.ts'
import type { Era } from './recipes.ts'

/** What a task runs: other tasks by name, or steps and calls of tasks in order. */
export type Body = readonly Part[]

/** One part of a task: another task, or steps. */
export type Part = { readonly task: string; readonly at: Span } | { readonly flow: Flow }

/** A task that the project defines. */
export interface Task {
  readonly name: string
  readonly at: Span
  readonly body: Body
  /** Only on some hosts or stages. */
  readonly sometimes: boolean
  readonly disabled: boolean
}

/** A task that is a list of others. */
export interface Group {
  readonly tasks: readonly string[]
  readonly at: Span
  /** Where each of them stands in the list; left out: all at `at`. */
  readonly places?: readonly Span[]
}

/** `before`, `after` and `fail`. */
export interface Hook {
  readonly when: 'before' | 'after' | 'fail'
  readonly task: string
  readonly what: string
  readonly at: Span
  /** From a recipe, not from the project. */
  readonly builtIn?: true
}

/** A setting's value as far as it is written out. */
export interface Setting {
  readonly texts: readonly string[]
  readonly at: Span
  /** It is a list, or one text or number. */
  readonly list: boolean
  /** Parts of it could not be read. */
  readonly partly: boolean
}

/** A Deployer project as read from its files and the recipes that they require. */
export interface DeployerProject {
  readonly files: readonly string[]
  readonly era: Era
  readonly tasks: Map<string, Task>
  readonly groups: Map<string, Group>
  readonly hooks: Hook[]
  readonly settings: Map<string, Setting>
  /** Recipes by name and the line that requires them. */
  readonly recipes: Map<string, Span>
  /** Requires that no file and no recipe answers. */
  readonly missing: Label[]
  readonly hosts: string[]
}

/** The era from a version text such as `^7.0`, `6.8.0`, `dev-master`. */
export function eraOf(version: string | undefined): Era | undefined {
  const major = Number(/(\d+)/.exec(version ?? '')?.[1])
  if (!Number.isFinite(major)) return undefined
  return major >= 8 ? 8 : major === 7 ? 7 : major >= 5 ? 6 : 4
}

/** The era that the words of a file show, when no manifest tells: every version has calls and tasks of its own. */
export function eraOfText(text: string): Era {
  if (/artisan:reload|addCommand|typo3:cache:warmup/.test(text)) return 8
  if (
    /\bdeploy:(publish|setup|env|success)\b|\bdeploy:cleanup\b|->set(Hostname|RemoteUser|DeployPath|Labels)\(|\bremote_user\b|\bimport\(|contrib\/|release_or_current_path/.test(
      text,
    )
  )
    return 7
  if (/^\s*(server|serverList|localServer|cluster)\(|\benv\(|env_vars/m.test(text)) return 4
  if (/['"]cleanup['"]|['"]success['"]|->stage\(|->roles\(|inventory\(|->user\(|onStage\(|ssh_multiplexing/.test(text))
    return 6
  return 7
}
