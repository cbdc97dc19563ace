import type { Diagnostic } from '../../src/rule/diagnostic.ts'
import { reportData, type ReportData } from '../../src/report/report.ts'

/** Two files with what terminals and other formats stumble over: tabs, wide characters, emoji, escapes, a very long line. */
export const texts: Readonly<Record<string, string>> = {
  'deploy.sh': [
    '#!/bin/bash',
    'VERSION=$1 # 版本 🚀',
    'echo "\u001b[31mred\u202e"',
    '\trsync -a --delete "本番/" /var/www/releases/$VERSION/',
    `echo ${'x'.repeat(300)} && rm -rf "$DIR/" ${'y'.repeat(300)}`,
    '',
  ].join('\n'),
  'dir with space/site & co.conf': 'server {\n  root /var/www/current;\n}\n',
}

/** The span of a piece of a sample's text. */
export function spanOfText(file: string, piece: string): { file: string; start: number; end: number } {
  const start = texts[file]!.indexOf(piece)
  return { file, start, end: start + piece.length }
}

const sentences = { hazard: 'It takes <all> & "everything" away.', instead: 'Write ${VERSION:?}.' }

/** Findings with a trail across files, a fix, a suppression, and control characters in what they say. */
export const diagnostics: readonly Diagnostic[] = [
  {
    rule: 'sync-onto-empty-path',
    severity: 'error',
    at: spanOfText('deploy.sh', '/var/www/releases/$VERSION/'),
    says: 'runs `rsync -a --delete 本番/ /var/www/releases/`: 100% of \u001b[31mall releases',
    because: [
      { at: spanOfText('deploy.sh', 'VERSION=$1'), says: '$1 is empty when no argument is given' },
      { at: spanOfText('dir with space/site & co.conf', 'root /var/www/current;'), says: 'which is served' },
    ],
    fixes: [
      {
        title: 'stop when VERSION is empty',
        safety: 'safe',
        edits: [{ at: spanOfText('deploy.sh', '$VERSION/'), text: '${VERSION:?}/' }],
      },
    ],
    ...sentences,
  },
  {
    rule: 'delete-of-empty-path',
    severity: 'warning',
    at: spanOfText('deploy.sh', '"$DIR/"'),
    says: 'runs `rm -rf /`',
    because: [],
    fixes: [],
    ...sentences,
  },
  {
    rule: 'delete-of-empty-path',
    severity: 'info',
    at: spanOfText('deploy.sh', 'echo "\u001b[31mred\u202e"\n\trsync'),
    says: 'over two lines',
    because: [],
    fixes: [],
    ...sentences,
  },
  {
    rule: 'unchecked-release',
    severity: 'warning',
    at: spanOfText('dir with space/site & co.conf', 'server {\n  root /var/www/current;\n}'),
    says: 'allowed',
    because: [],
    fixes: [],
    allowed: 'a drill',
    ...sentences,
  },
]

/** The sample as every format gets it. */
export const sample: ReportData = reportData(
  {
    diagnostics,
    coverage: {
      whole: ['deploy.sh'],
      part: [{ file: 'dir with space/site & co.conf', unread: [{ start: 9, end: 12, says: 'a <strange> directive' }] }],
      skipped: [{ file: 'bin/tool', reason: 'binary' }],
    },
  },
  { name: (file) => file, text: (file) => texts[file]! },
)

/** The text of a sample's file. */
export const textOf = (file: string): string | undefined => texts[file]
