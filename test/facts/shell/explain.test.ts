import { describe, expect, test } from 'vitest'
import { factsOf } from '../../../src/rule/facts.ts'
import { explainLine, type CommandStory, type OriginStory } from '../../../src/facts/shell/explain.ts'
import { explainText } from '../../../src/report/explain.ts'
import { plain } from '../../../src/report/text.ts'

const script = `#!/bin/bash
set -e
remove() {
  rm -rf "/srv/releases/$1"
}
name=$1
[ -n "$name" ] || exit 64
target=/srv/releases/$name
old=/srv/releases/$OLD
if [ -d "$old" ]; then rm -rf "$old"; fi
rm -rf "$target" "$VERSION"
remove "$name"
tmp=$(mktemp -d)
cd "$2"
case "$3" in prod | stage) ssh web "rm -rf /srv/$3" ;; esac
for one in a b; do rm -rf "$tmp/$one" "$HOME/$((1 + 2))"; done
# nothing here
`

function story(text: string, line: number): readonly CommandStory[] {
  const facts = factsOf({ files: [{ file: 'deploy.sh', text }] })
  return explainLine(facts.all('script'), facts.files, [], 'deploy.sh', line).commands
}
const lineOf = (label: { readonly at: { readonly start: number } }): number =>
  script.slice(0, label.at.start).split('\n').length
const command = (line: number, head: string): CommandStory =>
  story(script, line).find((one) => one.text.startsWith(head))!
const origin = (line: number, head: string, name: string): OriginStory =>
  command(line, head)
    .words.flatMap((word) => word.unknown)
    .find((one) => one.name === name)!

describe('what a line is read as', () => {
  test('a guard that holds is named, with its place', () => {
    const found = origin(11, 'rm', '$1')
    expect([found.empty, found.proved?.says, lineOf(found.proved!)]).toEqual(['never', '[ -n "$name" ]', 7])
    expect(command(11, 'rm').verdicts.map((one) => one.says)).toEqual([
      '$1 cannot be empty here',
      'when $VERSION is empty nothing is left of the path, and the command then touches nothing',
    ])
  })
  test('a guard that almost holds is named, with the reason', () => {
    const found = origin(10, 'rm', '$OLD')
    expect(found.empty).toBe('maybe')
    expect(found.almost.map((one) => one.says)).toEqual(['`-d "$old"` is true as well when the variable is empty'])
    expect(command(10, 'rm').verdicts).toMatchObject([{ speaks: true, target: '/srv/releases/$OLD' }])
  })
  test('a line in a function is told as it is called', () => {
    const found = command(4, 'rm')
    expect(found.via.map((label) => label.says)).toEqual(['calls remove'])
    expect(found.verdicts).toMatchObject([{ speaks: false, says: '$1 cannot be empty here' }])
  })
  test('before the guard it can be empty, and a condition asks about the failure', () => {
    expect(origin(7, '[', '$1').empty).toBe('maybe')
    expect(command(7, '[').failing).toBe(undefined)
    expect(command(8, 'target').failing).toBe('stops')
  })
  test('what is never empty says why', () => {
    expect(origin(16, 'rm', '$HOME')).toMatchObject({ empty: 'never', kind: 'environment' })
    expect(origin(16, 'rm', '$((1 + 2))')).toMatchObject({ empty: 'never', kind: 'number' })
    expect(origin(16, 'rm', '$(mktemp -d)').proved?.says).toBe('mktemp -d')
  })
  test('a choice proves its word, and the text sent to another host is told with names', () => {
    const found = command(15, 'rm')
    expect([found.text, found.host]).toEqual(['rm -rf /srv/$3', 'web'])
    expect(found.words.flatMap((word) => word.unknown)).toEqual([])
    expect(origin(15, 'ssh', '$3').proved?.says).toBe('case "$3" in')
  })
  test('where the shell may stand after a cd that may go nowhere', () => {
    const found = command(16, 'rm').directories
    expect(found.map((one) => [one.shown, one.lost !== undefined])).toEqual([
      ['', true],
      ['$2', false],
    ])
  })
  test('a relative delete after a cd that may go nowhere', () => {
    const [, found] = story('cd "$1"; rm -rf ./*\n', 1)
    expect(found!.verdicts).toMatchObject([{ speaks: true, target: './*' }])
    expect(found!.verdicts[0]!.says).toMatch(/^the path is relative, and `cd/)
  })
  test('a line without a command, and one that is not there', () => {
    expect(story(script, 17)).toEqual([])
    expect(story(script, 999)).toEqual([])
  })
  test.each([1, 2, 3, 5, 6, 9, 12, 13, 14])('line %i does not throw', (line) => void story(script, line))
})

test('a piece of another language is told at its own lines', () => {
  const text = 'FROM debian\nRUN true \\\n && rm -rf "/srv/$DIR"\n'
  const facts = factsOf({ files: [{ file: 'Dockerfile', text }] })
  const { commands } = explainLine(facts.all('script'), facts.files, [], 'Dockerfile', 3)
  expect(commands.map((one) => one.text)).toEqual(['rm -rf "/srv/$DIR"'])
})

test('the text of it reads as a story', () => {
  const facts = factsOf({ files: [{ file: 'deploy.sh', text: script }] })
  const told = explainLine(facts.all('script'), facts.files, [], 'deploy.sh', 11)
  const view = { width: 110, paint: plain, text: () => script, quiet: true }
  expect(explainText({ story: told, name: (file) => file, found: [], unread: [] }, view)).toBe(`\
deploy.sh:11  rm -rf "$target" "$VERSION"

  rm -rf "$target" "$VERSION"
    runs       always, in bash with set -e; the script stops when it fails
    stands in  the directory in which it was started
    "$target"
        is /srv/releases/$1
        name is set here (line 6)
        target is set here (line 8)
        $1 is not empty: \`[ -n "$name" ]\` proves it (line 7)
    "$VERSION"
        $VERSION can be empty: it comes from the environment: nothing on the way here sets it (line 11)
    silent     deletes \`/srv/releases/$1\`: $1 cannot be empty here
    silent     deletes \`$VERSION\`: when $VERSION is empty nothing is left of the path, and the command then
               touches nothing

  No rule speaks of this line.
`)
})
