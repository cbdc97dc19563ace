import { describe, expect, test } from 'vitest'
import { filesOf } from '../../../src/discover/files.ts'
import { phpRangeText, phpVersionsOf } from '../../../src/facts/stack/php-version.ts'
import { allowsBelow, rangeOf, versionOf } from '../../../src/facts/stack/version-range.ts'

describe('constraints', () => {
  // constraint, versions it holds, versions it does not
  const rows: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['^7.4 || ^8.0', ['7.4', '7.4.33', '8.3'], ['7.3.33', '9.0']],
    ['^7.4|^8.0', ['7.4', '8.3'], ['7.3.33']],
    ['>=7.1', ['7.1', '8.4'], ['7.0.9']],
    ['>= 7.1, < 8', ['7.1', '7.4.9'], ['8.0']],
    ['~7.4.0', ['7.4.0', '7.4.30'], ['8.0']],
    ['~7.4', ['7.4', '7.9'], ['8.0', '7.3']],
    ['7.4.*', ['7.4.1'], ['7.3.9', '8.0']],
    ['7.2 - 7.4', ['7.2', '7.4.9'], ['8.0', '7.1']],
    ['8.1.3', ['8.1.3'], ['8.1.4', '8.1.2']],
    ['*', ['5.3', '8.9'], []],
    ['>=7.2 <8.3 !=7.4.1', ['7.2', '8.2.9'], ['8.3']],
  ]
  for (const [constraint, held, left] of rows)
    test(constraint, () => {
      const range = rangeOf(constraint)!
      const holds = (text: string): boolean =>
        range.some((one) => one.from <= versionOf(text)! && versionOf(text)! < one.below)
      expect(held.filter((text) => !holds(text))).toEqual([])
      expect(left.filter(holds)).toEqual([])
    })
  test('nonsense is not a range', () => expect(rangeOf('whatever')).toBeUndefined())
})

describe('what the repository says', () => {
  const of = (files: Record<string, string>, given?: string) =>
    phpVersionsOf(filesOf(Object.entries(files).map(([file, text]) => ({ file, text }))), given)
  const rows: readonly (readonly [string, Record<string, string>, string, boolean | undefined])[] = [
    ['composer require', { 'composer.json': '{"require": {"php": ">=7.1"}}' }, 'PHP 7.1 and up', true],
    ['composer require, new', { 'composer.json': '{"require": {"php": "^8.1"}}' }, 'PHP 8.1 and up', false],
    [
      'platform over require',
      { 'composer.json': '{"require": {"php": ">=7.1"}, "config": {"platform": {"php": "8.2"}}}' },
      'PHP 8.2',
      false,
    ],
    [
      'image over require',
      { 'composer.json': '{"require":{"php":">=7.1"}}', Dockerfile: 'FROM php:7.2-fpm\n' },
      'PHP 7.2',
      true,
    ],
    ['compose', { 'docker-compose.yml': 'services:\n  php:\n    image: php:8.3-fpm\n' }, 'PHP 8.3', false],
    [
      'a CI matrix',
      { '.github/workflows/ci.yml': "strategy:\n  matrix:\n    php-version: ['7.2', '8.0']\n" },
      'PHP 7.2, 8.0',
      true,
    ],
    ['gitlab', { '.gitlab-ci.yml': 'image: php:7.4\n' }, 'PHP 7.4', false],
    ['below 8', { 'composer.json': '{"require":{"php":">=7.1 <8"}}' }, 'PHP 7.1 to 7.4', true],
    ['nothing', { 'index.php': '<?php' }, 'an unknown PHP version', undefined],
    ['broken JSON', { 'composer.json': '{' }, 'an unknown PHP version', undefined],
  ]
  for (const [name, files, says, old] of rows)
    test(name, () => {
      const versions = of(files)
      expect(phpRangeText(versions)).toBe(says)
      expect(versions.range && allowsBelow(versions.range, versionOf('7.3.7')!)).toBe(old)
    })

  test('settings decide', () => {
    expect(phpRangeText(of({ Dockerfile: 'FROM php:7.2\n' }, '8.2'))).toBe('PHP 8.2')
    expect(phpRangeText(of({}, '>=7.4 <8.3'))).toBe('PHP 7.4 to 8.2')
  })

  test('the label stands on the version', () => {
    const text = 'FROM debian\nFROM php:7.2.34-fpm-alpine AS app\n'
    const { because } = of({ Dockerfile: text })
    expect(because.map((label) => text.slice(label.at.start, label.at.end))).toEqual(['7.2.34'])
  })
})
