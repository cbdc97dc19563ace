import { readFileSync } from 'node:fs'
import path from 'node:path'
import { inputsOf, type Inputs } from './plan.ts'
import type { Script } from './prove.ts'
import { workingDirectory } from './world.ts'

/** A short script with the verdict of a person, and why. */
export interface Idiom {
  readonly line: number
  readonly section: string
  readonly caught: boolean
  readonly why: string
  readonly script: Script
  /** Why the sandbox cannot show the verdict. */
  readonly byReading?: string
  /** Why the linter does not reach the verdict yet. */
  readonly gap?: string
}

/** Reads the table of idioms; its form is told at its top. */
export function idiomsOf(text: string): readonly Idiom[] {
  const out: Idiom[] = []
  let section = ''
  let open: { line: number; caught: boolean; why: string; body: string[]; given: string[] } | undefined
  const end = (): void => {
    if (!open) return
    const { line, caught, why, body, given } = open
    const told = (word: string): string | undefined =>
      given
        .find((one) => one.startsWith(word))
        ?.slice(word.length)
        .trim()
    const reading = told('by reading:')
    const gap = told('gap:')
    const script = scriptOf(body, given)
    out.push({
      line,
      section,
      caught,
      why,
      script,
      ...(reading ? { byReading: reading } : {}),
      ...(gap ? { gap } : {}),
    })
    open = undefined
  }
  text.split('\n').forEach((row, index) => {
    const head = /^== (caught|clean): (.*)$/.exec(row)
    if (head || row.startsWith('####')) end()
    if (head) open = { line: index + 1, caught: head[1] === 'caught', why: head[2]!, body: [], given: [] }
    else if (row.startsWith('####')) section = row.replace(/^#+ /, '')
    else if (row.startsWith('@ ')) open?.given.push(row.slice(2))
    else open?.body.push(row)
  })
  end()
  return out
}

function scriptOf(body: readonly string[], given: readonly string[]): Script {
  const code = body.join('\n').trim()
  const text = code.startsWith('#!') ? `${code}\n` : `#!/bin/bash\n${code}\n`
  const take = (word: string): readonly string[] =>
    given.flatMap((one) =>
      one.startsWith(`${word} `) || one.startsWith(`${word}:`) ? [one.slice(word.length).replace(/^:?\s*/, '')] : [],
    )
  const files = (word: string): Record<string, string> =>
    Object.fromEntries(
      take(word).map((one) => [
        `${workingDirectory}/${one.slice(0, one.indexOf(':'))}`,
        `${one.slice(one.indexOf(':') + 1).trim()}\n`,
      ]),
    )
  const some: Partial<Inputs> = {
    files: files('file'),
    beside: files('beside'),
    ...(take('args')[0] ? { args: take('args')[0]!.split(' ') } : {}),
    ...(take('stdin')[0] ? { stdin: `${take('stdin')[0]!}\n`.repeat(3) } : {}),
  }
  const lines = text.split('\n').map((_, index) => index + 1)
  return {
    text,
    shell: /^#!.*\bsh\b/.test(text) && !text.startsWith('#!/bin/bash') ? 'dash' : 'bash',
    sites: [{ key: undefined, lines }],
    inputs: inputsOf(text, some),
  }
}

/** Every idiom of the table beside this file. */
export const idioms: readonly Idiom[] = idiomsOf(readFileSync(path.resolve('test/dataflow/idioms.txt'), 'utf8'))
