import { describe, expect, test } from 'vitest'
import { targetOf } from './read.ts'

const guarded = (script: string): boolean => targetOf(`${script}\nrm -r "$X"`) === '$X'

describe('what proves that X is not empty', () => {
  test.each([
    '[ -n "$X" ] || exit',
    '[ "$X" ] || exit 1',
    '[ -z "$X" ] && exit',
    'test -n "$X" || exit',
    'test ! -z "$X" || exit',
    '! [ -z "$X" ] || exit',
    '[[ -n $X ]] || exit',
    '[[ -z $X ]] && exit',
    '[[ $X ]] || exit',
    'if [ -z "$X" ]; then exit 1; fi',
    'if [ -z "$X" ]; then echo usage; exit 1; else echo ok; fi',
    'if [ "$X" = "" ]; then exit; fi',
    'if [ -z "$X" ] || [ -z "$Y" ]; then exit; fi',
    'if [[ -z $X || -z $Y ]]; then exit; fi',
    '[ -n "$X" -a -n "$Y" ] || exit',
    ': "${X:?}"',
    'case "$X" in "") exit ;; esac',
    'case "$X" in a | b) ;; *) exit ;; esac',
    '[[ $X =~ ^[0-9]+$ ]] || exit',
    '[ -d "$X" ] || exit',
    '[ -f "$X" ] || exit',
    'die() { echo "$1"; exit 1; }; [ -n "$X" ] || die no',
    'need() { [ -n "$1" ] || exit 1; }; need "$X"',
    'need() { if [ -z "${!1}" ]; then exit 1; fi; }; need X',
    'for name in X Y; do [ -n "${!name}" ] || exit 1; done',
    'set -e; [ -n "$X" ]',
    'while [ -z "$X" ]; do read -r X; done',
    'y=$X; [ -n "$y" ] || exit',
    'id "$X" > /dev/null || exit',
    'set -e; getent passwd "$X"',
    'grep -q "^$X:" /etc/passwd || exit',
    'line=$(grep "name=\'$X\'" list); [ -n "$line" ] || exit',
    '[ -e "/srv/$X" ] && exit 1',
    'if [ -z "$X" ]; then error "no X"; fi',
    'if [ -z "$X" ] || [ -z "$Y" ]; then usage; fi',
    '[ -n "$X" ] || show_usage',
  ])('%s', (guard) => expect(guarded(guard)).toBe(true))
})

describe('what only looks like it', () => {
  test.each([
    '[ -n $X ] || exit',
    '[ -n "$Y" ] || exit',
    '[ -n "$X" ] || echo missing',
    '( [ -n "$X" ] || exit )',
    'set -u',
    '[ -d "/srv/$X" ] || exit',
    '[ "$X" ] || [ "$Y" ] || exit',
    '[ "$X" != / ] || exit',
    '[ $# -gt 0 ] || exit',
    '[[ -v X ]] || exit',
    'if [ -z "$X" ]; then echo "X is not set"; fi',
    '[ -n "$X" ] || exit; X=$1',
    ': "${X?}"',
    'case "$X" in /*) ;; "") ;; *) exit ;; esac',
    'need() { [ -n "$1" ] || return 1; }; need "$X"',
    'id $X > /dev/null || exit',
    'grep -q "$X" /etc/passwd || exit',
    'grep -qv "^$X:" /etc/passwd || exit',
    'error() { echo "$1"; }; [ -n "$X" ] || error "no X"',
    'if [ -z "$X" ]; then log_error "no X"; fi',
  ])('%s', (guard) => expect(guarded(guard)).toBe(false))
})

test('a guard in the same list holds for what stands behind it', () => {
  expect(targetOf('[ -n "$X" ] && rm -r "$X"')).toBe('$X')
  expect(targetOf('[ -z "$X" ] || rm -r "$X"')).toBe('$X')
  expect(targetOf('if [ -n "$X" ]; then rm -r "$X"; fi')).toBe('$X')
})

test('a guard on what a path was made of guards the path', () => {
  expect(targetOf('t=/srv/$X; [ -n "$X" ] || exit; rm -r "$t"')).toBe('/srv/$X')
  expect(targetOf('t=${X%/}; [ -n "$t" ] || exit; rm -r "$t"')).toBe('${X%/}')
})

describe('what nobody here can know', () => {
  test.each([
    ['a check that was not read', 'check_domain "$X"', '$X?'],
    ['any name may have been set', 'while read -r key value; do declare -g "$key=$value"; done < list', '$X?'],
    ['a bound call that reads a file', `f() { . "$LIB"; f; f; }; f`, '$X?'],
  ])('%s', (_title, script, target) => expect(targetOf(`${script}\nrm -r "$X"`)).toBe(target))
})

test('a text without an interpreter line runs in what sources files by worked-out names', () => {
  const part = { 'main.sh': '#!/bin/bash\nfor part in parts/*; do . "$part"; done' }
  expect(targetOf('rm -r "$ROOT_DIR"', part)).toBe('$ROOT_DIR?')
  expect(targetOf('#!/bin/sh\nrm -r "$ROOT_DIR"', part)).toBe('$ROOT_DIR!')
})
