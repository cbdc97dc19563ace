import { describe, expect, test } from 'vitest'
import { lastDelete, scriptOf, standsIn, targetOf } from './read.ts'

describe('functions and scopes', () => {
  test.each<[string, string | undefined]>([
    ['f() { rm -r "$1"; }; f a', 'a'],
    ['f() { x=a; }; f; rm -r "$x"', 'a'],
    ['x=a; f() { local x=b; }; f; rm -r "$x"', 'a'],
    ['f() { rm -r "$x"; }; x=a; f', 'a'],
    ['f() { g "$1"; }; g() { rm -r "/$1"; }; f a', '/a'],
    ['f() { shift; rm -r "$1"; }; f a b', 'b'],
    ['f() { return 1; }; f || exit; rm -r a', undefined],
    ['f() { [ "$1" ] && return; exit; }; f "$X"; rm -r "$X"', '$X'],
    ['set -- a b; rm -r "$2"', 'b'],
    ['f() { rm -r "$@"; }; f a b', 'a | b'],
    ['x=a; (x=b); rm -r "$x"', 'a'],
    ['x=a; c | x=b; rm -r "$x"', 'a'],
    ['x=a; { x=b; }; rm -r "$x"', 'b'],
    ['x=a; y=$(x=b; echo "$x"); rm -r "$x$y"', 'ab'],
  ])('%j', (script, target) => expect(targetOf(script)).toBe(target))
})

describe('set -e, and where it does not hold', () => {
  test.each<[string, string | undefined]>([
    ['set -e; false; rm -r a', undefined],
    ['set -e; false || true; rm -r a', 'a'],
    ['set -e; if false; then :; fi; rm -r a', 'a'],
    ['set -e; set +e; false; rm -r a', 'a'],
    ['#!/bin/sh -e\nfalse\nrm -r a', undefined],
    ['set -e; f() { false; rm -r a; }; f || true', 'a'],
    ['set -e; ! true; rm -r a', 'a'],
    ['set -e; x=$(git describe); rm -r "$x/"', '$(git describe)/'],
  ])('%j', (script, target) => expect(targetOf(script)).toBe(target))
})

describe('wrappers and embedded shells', () => {
  test.each<[string, string]>([
    ['x=a; sudo -u www rm -r "$x"', 'a'],
    ['x=a; /bin/rm -r "$x"', 'a'],
    ['x=a; \\rm -r "$x"', 'a'],
    ['x=a; command rm -r "$x"', 'a'],
    ['x=a; env Y=1 nice -n 5 timeout 9 rm -r "$x"', 'a'],
    ['RM="rm -r"; $RM a', 'a'],
    ['x=a; sh -c "rm -r $x"', 'a'],
    ['x=a; sh -c \'rm -r "/$x"\'', '/$x'],
    ['export x=a; sh -c \'rm -r "/$x"\'', '/a'],
    ['x=a; eval "rm -r $x"', 'a'],
    ['x=a; ssh web "rm -r $x"', 'a'],
    ['x=a; ssh web \'rm -r "/$x"\'', '/$x'],
    ['x=a; ssh web <<END\nrm -r $x\nEND', 'a'],
    ["x=a; bash -s <<'END'\nrm -r /$x\nEND", '/$x'],
    ['x=a; trap \'rm -r "$x"\' EXIT; x=b', 'b'],
    ['x=a; trap "rm -r $x" EXIT; x=b', 'a'],
    ['x=`echo a`; rm -r "$x"', 'a'],
  ])('%j', (script, target) => expect(targetOf(script)).toBe(target))

  test('what is sent to another host runs there', () => {
    expect(lastDelete('ssh web "rm -r a"')).toMatchObject({ runsOn: 'web' })
    expect(lastDelete('rm -r a')).toMatchObject({ runsOn: 'here' })
  })
  test('wrappers are kept', () => expect(lastDelete('sudo nice rm -r a')?.wrappers).toEqual(['sudo', 'nice']))
})

describe('other files', () => {
  test('a sourced file is followed, one that is not there may set anything', () => {
    expect(targetOf('. ./env.sh\nrm -r "$DIR"', { 'env.sh': 'DIR=/srv/app\n' })).toBe('/srv/app')
    expect(targetOf('source /etc/none.sh\nrm -r "$DIR"')).toBe('$DIR?')
    // bash goes on without a file that the project does not have (SH-07).
    expect(targetOf('source ./none.sh\nrm -r "$DIR"')).toBe('$DIR! | $DIR?')
    expect(targetOf('source ./none.sh || exit\nrm -r "$DIR"')).toBe('$DIR?')
    expect(scriptOf('. ./env.sh\n', { 'env.sh': 'a=1\n' }).files).toContain('env.sh')
  })
})

describe('where the shell stands', () => {
  test.each<[string, string]>([
    ['cd /srv && rm -r a', '/srv'],
    ['cd /srv || exit; rm -r a', '/srv'],
    ['cd "$1"; rm -r a', '$1 | ?'],
    ['set -e; cd /srv; rm -r a', '/srv'],
    ['cd /srv && cd app && rm -r a', '/srv/app'],
    ['(cd /srv); rm -r a', ''],
    ['pushd /srv || exit; popd; rm -r a', 'the directory before'],
    ['rm -r a', ''],
  ])('%j', (script, expected) => expect(standsIn(script)).toBe(expected))
})

describe('how a command runs', () => {
  test.each<[string, string, string]>([
    ['rm -r a', 'always', 'goes on'],
    ['set -e; rm -r a', 'always', 'stops'],
    ['rm -r a || exit 1', 'always', 'stops'],
    ['rm -r a || true', 'always', 'goes on'],
    ['if c; then rm -r a; fi', 'sometimes', 'goes on'],
    ['c || rm -r a', 'after a failure', 'goes on'],
  ])('%j', (script, runs, failing) => expect(lastDelete(script)).toMatchObject({ runs, failing }))
})

test('bounds are reached in silence nowhere', () => {
  const deep = `${'f() { f; }; '.repeat(1)}f; rm -r a`
  expect(targetOf(deep)).toBe('a')
  const calls = `f() { x=$1; }\n${'f a\n'.repeat(60)}rm -r "$x"`
  expect(scriptOf(calls).unread.map((one) => one.says)).toEqual(['a function is called more often than is followed: f'])
})

describe('the options that are on where a command stands', () => {
  const onAt = (script: string): string => {
    const { flags } = scriptOf(script).commands.find((one) => one.name === 'rm')!.shell
    return Object.entries(flags)
      .flatMap(([name, on]) => (on ? [name] : []))
      .join(' ')
  }
  test.each<[string, string]>([
    ['rm a', ''],
    ['set -e; rm a', 'errexit'],
    ['set -euo pipefail; rm a', 'errexit nounset pipefail'],
    ['set -e; set +e; rm a', ''],
    ['f() { set -o pipefail; }; f; rm a', 'pipefail'],
    ['(set -e); rm a', ''],
    ['set -e; f() { rm a; }; f', 'errexit'],
  ])('%j', (script, on) => expect(onAt(script)).toBe(on))
})
