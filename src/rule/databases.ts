import type { Bind, Read, Sent } from '../facts/php/bind.ts'
import { phpUseOf } from '../facts/php/use.ts'
import { schemaOf, type Schema } from '../facts/sql/schema.ts'
import { databasesOf, type Databases } from '../facts/stack/database.ts'
import { phpVersionsOf, type PhpVersions } from '../facts/stack/php-version.ts'
import { typescriptUseOf } from '../facts/typescript/use.ts'
import type { Facts } from './facts.ts'

/** Which databases the project speaks, on which PHP, what it hands to them and how it reads them. */
export interface Database {
  readonly databases: Databases
  readonly php: PhpVersions
  readonly binds: readonly Bind[]
  readonly sent: readonly Sent[]
  readonly reads: readonly Read[]
}

/** The one database subject of a project; none when nothing in it could speak to one. */
export function databaseOf(facts: Facts): readonly Database[] {
  if (facts.files.of('php', 'typescript').length === 0) return []
  const databases = databasesOf(facts.files)
  const php = phpVersionsOf(facts.files, facts.settings.php)
  let made: Schema | undefined
  const schema = (): Schema => (made ??= schemaOf(facts.files))
  const use = phpUseOf(facts.files, () => facts.project.parsers?.php, databases, schema)
  for (const file of use.read) facts.read(file)
  for (const { file, part } of use.unread) facts.unread(file, part)
  const spoken = typescriptUseOf(facts.files, () => facts.project.parsers?.typescript, databases, schema)
  for (const file of spoken.spoken) facts.read(file)
  for (const file of spoken.unread)
    facts.unread(file, { start: 0, end: 0, says: 'speaks to MySQL, and the TypeScript reader (ts-morph) is not there' })
  return [{ databases, php, binds: [...use.binds, ...spoken.binds], sent: use.sent, reads: spoken.reads }]
}

/** Every statement that is sent. */
export function sentOf(facts: Facts): readonly Sent[] {
  return facts.all('database').flatMap((one) => one.sent)
}
