import type { Bind, Sent } from '../facts/php/bind.ts'
import { phpUseOf } from '../facts/php/use.ts'
import { databasesOf, type Databases } from '../facts/stack/database.ts'
import { phpVersionsOf, type PhpVersions } from '../facts/stack/php-version.ts'
import type { Facts } from './facts.ts'

/** Which databases the project speaks, on which PHP, and what it hands to them. */
export interface Database {
  readonly databases: Databases
  readonly php: PhpVersions
  readonly binds: readonly Bind[]
  readonly sent: readonly Sent[]
}

/** The one database subject of a project; none when nothing in it could speak to one. */
export function databaseOf(facts: Facts): readonly Database[] {
  if (facts.files.of('php', 'typescript').length === 0) return []
  const databases = databasesOf(facts.files)
  const php = phpVersionsOf(facts.files, facts.settings.php)
  const use = phpUseOf(facts.files, facts.project.parsers?.php, databases)
  for (const file of use.read) facts.read(file)
  for (const { file, part } of use.unread) facts.unread(file, part)
  return [{ databases, php, binds: use.binds, sent: use.sent }]
}

/** Every value that reaches a statement. */
export function bindsOf(facts: Facts): readonly Bind[] {
  return facts.all('database').flatMap((one) => one.binds)
}

/** Every statement that is sent. */
export function sentOf(facts: Facts): readonly Sent[] {
  return facts.all('database').flatMap((one) => one.sent)
}
