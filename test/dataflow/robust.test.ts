import { expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { scriptOf, scripts } from './generate/generate.ts'
import { idioms } from './idioms.ts'
import { saidOf } from './prove.ts'

/** Milliseconds that the linter may take over one short script, on a machine that is busy with other things. */
const limit = 1000

function lintAll(texts: Iterable<string>): { readonly wrong: readonly string[]; readonly count: number } {
  const wrong: string[] = []
  let count = 0
  for (const text of texts) {
    count++
    const begun = performance.now()
    try {
      saidOf(text, {}, rules)
    } catch (error) {
      wrong.push(`${String(error)}\n${text}`)
    }
    const took = performance.now() - begun
    if (took > limit) wrong.push(`${Math.round(took)} ms\n${text}`)
  }
  return { wrong: wrong.slice(0, 5), count }
}

/** Numbers that are always the same. */
function* numbers(seed: number): Generator<number> {
  for (let x = seed; ;) yield (x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0)
}

const texts = idioms.map((one) => one.script.text)

test('a value that is made of itself on every line does not double the work', () => {
  const line = `X=$(sed -E s/a/b/ <<< "$X" || printf '%s' "$X")\n`
  const { wrong } = lintAll([`X="$1"\n${line.repeat(16)}rm -rf "/srv/$X"\n`])
  expect(wrong).toEqual([])
})

test('no prefix of an idiom throws or hangs', { timeout: 120_000 }, () => {
  const { wrong } = lintAll(
    texts.flatMap((text) => Array.from({ length: Math.ceil(text.length / 5) }, (_, at) => text.slice(0, at * 5 + 1))),
  )
  expect(wrong).toEqual([])
})

test('no mutation of an idiom throws or hangs', { timeout: 120_000 }, () => {
  const chars = [
    '"',
    "'",
    '`',
    '$(',
    ')',
    '{',
    '}',
    '${',
    '<<END\n',
    '\\',
    '\n',
    ';;',
    '&',
    '|',
    '(',
    '\0',
    '\r',
    '((',
    ']]',
    '#',
    '*',
    '\ue000',
    '🚢',
  ]
  const draw = numbers(7)
  const next = (below: number): number => (draw.next().value as number) % below
  function* mutants(): Generator<string> {
    for (const text of texts) {
      for (let n = 0; n < 12; n++) {
        const at = next(text.length)
        const kind = next(3)
        if (kind === 0) yield text.slice(0, at) + chars[next(chars.length)]! + text.slice(at)
        else if (kind === 1) yield text.slice(0, at) + text.slice(at + 1 + next(6))
        else yield text.slice(0, at) + texts[next(texts.length)]!.slice(11) + text.slice(at)
      }
    }
  }
  expect(lintAll(mutants()).wrong).toEqual([])
})

test('no generated script throws or hangs', { timeout: 120_000 }, () => {
  expect(lintAll([...scripts(1500, 99)].map((one) => scriptOf(one).text)).wrong).toEqual([])
})

test('long and deep scripts end', { timeout: 120_000 }, () => {
  const line = 'x=$(get-version); [ -n "$x" ] || y=$x; rm -rf "/srv/app/$x"\n'
  const nested = (open: string, close: string, times: number): string =>
    `${open.repeat(times)}rm -rf "$x/"${close.repeat(times)}\n`
  const cases = [
    nested('if true; then\n', '\nfi', 150),
    nested('( ', ' )', 150),
    nested('$( ', ' )', 120),
    nested('for i in 1 2 3; do\n', '\ndone', 40),
    nested('while true; do\n', '\ndone', 40),
    nested('case $x in a) ', ' ;; esac', 60),
    nested('f() {\n', '\n}; f', 60),
    nested("sh -c 'eval ", "'", 1),
    'f() { g; }; g() { f; }; f; rm -rf "$x/"\n',
    'f() { f "$1/x"; rm -rf "$1/"; }; f "$x"\n',
    Array.from({ length: 60 }, (_, at) => `if [ "$a${at}" ]; then x=$x${at}; else x=$b${at}; fi\n`).join('') +
      'rm -rf "$x/"\n',
    Array.from({ length: 40 }, (_, at) => `f${at}() { f${at + 1}; f${at + 1}; }\n`).join('') +
      'f40() { rm -rf "$x/"; }; f0\n',
    `x=a\n${'x=$x$x\n'.repeat(60)}rm -rf "/srv/$x"\n`,
    `x=$a\n${'x=$x$x\n'.repeat(60)}rm -rf "/srv/$x"\n`,
    `${'x+=$x$a\n'.repeat(60)}rm -rf "/srv/$x"\n`,
    `rm -rf ${'{a,b}'.repeat(40)}\n`,
    `rm -rf {1..1000000000}\n`,
    `x=(${'a '.repeat(5000)})\nrm -rf "\${x[@]}/"\n`,
    line.repeat(400),
  ]
  const wrong = cases.flatMap((text) => {
    const begun = performance.now()
    saidOf(`#!/bin/bash\n${text}`, {}, rules)
    const took = performance.now() - begun
    return took > 5 * limit ? [`${Math.round(took)} ms: ${text.slice(0, 60)}`] : []
  })
  expect(wrong).toEqual([])
})
