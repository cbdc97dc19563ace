import { at, entriesOf, textAt, yamlOf, type YamlNode } from '../../parse/yaml.ts'
import { directoryOf, joinPath } from '../../discover/files.ts'
import { scriptsIn, type Extractor, type Ground } from '../ground.ts'
import type { Draft, Flow } from '../model.ts'
import { flowOf, stepAt } from '../steps.ts'

/** An image's build is a plan that `docker build` and `docker compose up --build` call; it never serves while it runs. */
export const fromDockerfile: Extractor = (ground) => [
  ...ground.files.of('dockerfile').map((source): Draft => {
    const text = source.text
    return {
      name: `image of ${source.file}`,
      tool: 'dockerfile',
      at: { file: source.file, start: 0, end: Math.max(0, text.indexOf('\n')) },
      // What the container runs when it starts is no part of its build.
      flow: {
        inOrder: scriptsIn(ground, source.file)
          .filter((script) => script.site.name.startsWith('RUN '))
          .map((script) => inImage(flowOf(script))),
      },
      files: [source.file],
      names: [`image ${source.file}`],
      entry: false,
      here: 'image',
      layout: {},
    }
  }),
  ...composeDrafts(ground),
]

/** What a build does happens in the image, never on the host that builds it. */
function inImage(flow: Flow): Flow {
  if ('inOrder' in flow) return { inOrder: flow.inOrder.map(inImage) }
  return 'step' in flow ? { step: { ...flow.step, actsOn: 'image' } } : flow
}

/** A compose file's images, by the service that is built. */
function composeDrafts(ground: Ground): readonly Draft[] {
  return ground.files.of('compose').map((source): Draft => {
    const services = entriesOf(at(yamlOf(source).tree.documents[0], 'services'))
    const flow: Flow = {
      apart: services.flatMap(({ key, value }): Flow[] => {
        const file = builtFrom(value, source.file)
        const place = { file: source.file, start: key.start, end: key.end }
        return file === undefined
          ? []
          : [stepAt('build', place, `build of ${key.text}`, { tool: 'docker', calls: [`image ${file}`] })]
      }),
    }
    return {
      name: `compose ${source.file}`,
      tool: 'compose',
      at: { file: source.file, start: 0, end: Math.max(0, source.text.indexOf('\n')) },
      flow,
      files: [source.file],
      names: [`compose ${source.file}`],
      entry: false,
      here: 'image',
      layout: {},
    }
  })
}

/** The Dockerfile behind `build: ./app` or `build: { context, dockerfile }`; undefined: a ready image. */
export function builtFrom(service: YamlNode, from: string): string | undefined {
  const build = at(service, 'build')
  if (!build) return undefined
  const context = textAt(build) ?? textAt(build, 'context') ?? '.'
  const name = textAt(build, 'dockerfile') ?? 'Dockerfile'
  const directory = joinPath(directoryOf(from), context)
  return directory === undefined ? undefined : (joinPath(directory, name) ?? undefined)
}
