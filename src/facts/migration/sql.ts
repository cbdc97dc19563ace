/** A statement that the code of the release before cannot live with. */
export interface SqlBreak {
  readonly start: number
  readonly end: number
  readonly says: string
}

const space = '(?:\\s|/\\*[^*]*\\*/)+'
const word = (text: string): string => text.replace(/ /g, space)

// What a statement does, by its first words; comments and strings were taken out before.
const table: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`^${word('DROP TABLE')}`, 'i'), 'drops a table'],
  [new RegExp(`^${word('RENAME TABLE')}`, 'i'), 'renames a table'],
  [
    new RegExp(
      `^${word('ALTER TABLE')}.*\\bDROP${space}(?!(CONSTRAINT|INDEX|KEY|FOREIGN|PRIMARY|DEFAULT|CHECK|NOT)\\b)`,
      'is',
    ),
    'drops a column',
  ],
  [
    new RegExp(`^${word('ALTER TABLE')}.*\\bRENAME\\b(?!${space}(INDEX|KEY|CONSTRAINT)\\b)`, 'is'),
    'renames a column or table',
  ],
  [new RegExp(`^${word('ALTER TABLE')}.*\\b(CHANGE|MODIFY)\\b`, 'is'), 'changes a column'],
  [new RegExp(`^${word('ALTER TABLE')}.*\\b${word('SET NOT NULL')}`, 'is'), 'makes a column required'],
  [
    new RegExp(
      `^${word('ALTER TABLE')}.*\\bADD\\b(?!.*\\bDEFAULT\\b).*\\b${word('NOT NULL')}\\b(?!.*\\bDEFAULT\\b)`,
      'is',
    ),
    'adds a column that must be filled',
  ],
]

/** The breaking statements of an SQL text, each once. */
export function breaksInSql(sql: string): readonly SqlBreak[] {
  const out: SqlBreak[] = []
  const plain = sql.replace(/--[^\n]*|#[^\n]*|\/\*[^]*?\*\/|'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.)*"/g, (text) =>
    ' '.repeat(text.length),
  )
  let start = 0
  for (const statement of plain.split(';')) {
    const from = start + (statement.length - statement.trimStart().length)
    const found = table.find(([pattern]) => pattern.test(statement.trim()))
    if (found) out.push({ start: from, end: start + statement.trimEnd().length, says: found[1] })
    start += statement.length + 1
  }
  return out
}
