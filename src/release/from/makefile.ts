import { parseMakefile, type MakeRule } from '../../parse/makefile.ts'
import { wholeFile } from '../../source/piece.ts'
import type { Extractor } from '../ground.ts'
import type { Draft, Flow } from '../model.ts'
import { flowOf, isWorkplace, stepAt } from '../steps.ts'
import { scriptsOfRow } from './pipeline.ts'

/** Every target of a makefile is a plan: what it needs, then its recipe. */
export const fromMakefile: Extractor = (ground) =>
  ground.files.of('makefile').flatMap((source): readonly Draft[] => {
    const { tree } = parseMakefile(wholeFile(source.file, source.text))
    const rules = tree.filter((one): one is MakeRule => one.kind === 'rule')
    const targets = new Map<string, MakeRule[]>()
    for (const rule of rules)
      for (const target of rule.targets) targets.set(target, [...(targets.get(target) ?? []), rule])
    const first = rules.find((rule) => rule.targets.some((target) => !target.startsWith('.')))?.targets[0]
    return [...targets].flatMap(([target, own]): Draft[] => {
      if (/^\.[A-Z]/.test(target) || /[%$]/.test(target)) return []
      const at = { file: source.file, start: own[0]!.start, end: own[0]!.start + target.length }
      const needs = own.flatMap((rule) => rule.needs).filter((name) => name !== target && targets.has(name))
      const scripts = [...new Set(own.map((rule) => rule.targets.join(' ')))].flatMap((names) =>
        scriptsOfRow(ground, `${source.file}#${names}`),
      )
      const steps = [
        ...needs.map((name): Flow => stepAt('opaque', at, name, { calls: [`make ${source.file}:${name}`] })),
        ...scripts.map((script) => flowOf(script)),
      ]
      if (steps.length === 0) return []
      return [
        {
          name: `make ${target}`,
          tool: 'make',
          at,
          flow: { inOrder: steps },
          files: [source.file],
          names: [`make ${target}`, `make ${source.file}:${target}`, ...(target === first ? ['make'] : [])],
          // What sets a working copy or a machine up runs before anything serves.
          entry:
            !/^(.*[-_:.])?(install|setup|set-up|bootstrap|init|provision|dev|test|tests|ci|start|serve|watch|local)$/.test(
              target,
            ) && !/(^|\/)(tests?|spec|examples?|fixtures|node_modules|vendor)\//.test(source.file),
          here: isWorkplace(scripts) ? 'runner' : 'unknown',
          layout: { locks: 'no' },
        },
      ]
    })
  })
