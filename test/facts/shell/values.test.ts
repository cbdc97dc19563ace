import { describe, expect, test } from 'vitest'
import { targetOf } from './read.ts'

// Each row: a script, and what the target of its last `rm` can be; `!` marks what can be empty, `?` what is not known.
const table = (name: string, rows: readonly (readonly [script: string, target: string | undefined])[]): unknown =>
  describe(name, () => {
    test.each(rows)('%j', (script, target) => expect(targetOf(script)).toBe(target))
  })

table('assignments', [
  ['x=a; rm -r "$x"', 'a'],
  ['x=a; y=$x/b; x=c; rm -r "$y"', 'a/b'],
  ['x=a; x+=b; rm -r "$x"', 'ab'],
  ['x=; rm -r "$x"', '!'],
  ['x=a; unset x; rm -r "$x"', '!'],
  ['rm -r "$X"', '$X!'],
  ['rm -r "$1"', '$1!'],
  ['rm -r "$HOME"', '$HOME'],
  ['rm -r "$0"', '$0'],
  ['x=a y=b; rm -r "$x$y"', 'ab'],
  ['readonly x=a; rm -r "$x"', 'a'],
  ['export x=a; rm -r "$x"', 'a'],
  ['declare x=a; rm -r "$x"', 'a'],
  ['x=a true; rm -r "$x"', '$x!'],
  ['printf -v x %s a; rm -r "$x"', 'a'],
  ['x=\'a b\'; rm -r "$x"', 'a b'],
])

table('branches', [
  ['if c; then x=a; else x=b; fi; rm -r "$x"', 'a | b'],
  ['x=a; if c; then x=b; fi; rm -r "$x"', 'a | b'],
  ['case $1 in a) x=1 ;; *) x=2 ;; esac; rm -r "$x"', '1 | 2'],
  ['c && x=a; rm -r "x$x"', 'x$x | xa'],
  ['x=a; c || exit; rm -r "$x"', 'a'],
  ['if c; then exit; fi; rm -r a', 'a'],
  ['exit; rm -r a', undefined],
])

table('operators', [
  ['rm -r "${X:-a}"', '$X | a'],
  ['x=; rm -r "${x:-a}"', 'a'],
  ['x=; rm -r "${x-a}"', '!'],
  ['rm -r "${X:?}"', '$X'],
  ['rm -r "${X:=a}"; rm -r "$X"', '$X | a'],
  ['x=/a/b/; rm -r "${x%/}"', '/a/b'],
  ['x=a.tar.gz; rm -r "${x%%.*}"', 'a'],
  ['x=/a/b; rm -r "${x##*/}"', 'b'],
  ['x=aXbX; rm -r "${x//X/-}"', 'a-b-'],
  ['x=a; rm -r "x${x:+y}"', 'xy'],
  ['x=abc; rm -r "${#x}"', '${#x}'],
  ['a=(one two); rm -r "${a[1]}"', 'two'],
  ['rm -r a{b,c}', 'ab | ac'],
  ['x=y; y=a; rm -r "${!x}"', 'a'],
])

table('what commands print', [
  ['rm -r "$(date +%s)"', '$(date +%s)'],
  ['rm -r "$(git describe)"', '$(git describe)!'],
  ['x=$(mktemp -d); rm -r "$x"', '$(mktemp -d) | $(mktemp -d)!'],
  ['set -e; x=$(mktemp -d); rm -r "$x"', '$(mktemp -d)'],
  ['x=$(mktemp -d) || exit; rm -r "$x"', '$(mktemp -d)'],
  ['set -e; f() { local x=$(mktemp -d); rm -r "$x"; }; f', '$(mktemp -d)!'],
  ['rm -r "$(echo a)"', 'a'],
  ['f() { echo /srv; }; rm -r "$(f)/x"', '/srv/x'],
  ['rm -r "$((1 + 2))"', '$((1 + 2))'],
  ['read -r x; rm -r "$x"', '! | $x!'],
  ['echo a | read -r x; rm -r "$x"', '$x!'],
])

table('loops', [
  ['for x in a b; do rm -r "$x"; done', 'a | b'],
  ['for x in $X; do rm -r "$x"; done', '$X'],
  ['for x in "$X"; do rm -r "$x"; done', '$X!'],
  ['for x in a; do :; done; rm -r "$x"', 'a'],
  ['x=a; while c; do x=b; done; rm -r "$x"', 'a | b'],
  ['while true; do rm -r a; break; done', 'a'],
  ['until c; do x=a; done; rm -r "/$x"', '/$x | /a'],
])
