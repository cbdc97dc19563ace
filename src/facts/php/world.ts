import type { Files } from '../../discover/files.ts'
import { parsePhp, type PhpEngine } from '../../parse/php.ts'
import type { Source, Unread } from '../../source/source.ts'
import { interpret, type Summary } from './interpret.ts'
import { unitOf, type ClassInfo, type Declared, type FunctionInfo, type Unit } from './unit.ts'
import { either, unknown, type Value } from './value.ts'

/** The project's PHP: its declarations, found by name, and the summary of each body, made when first asked for. */
export interface World {
  /** The PHP files that a release runs, tests and third-party code left out. */
  readonly sources: readonly Source[]
  /** The summaries of a file's bodies whose text is relevant. */
  summaries(file: string, relevant: (text: string) => boolean): readonly Summary[]
  summary(info: FunctionInfo): Summary | undefined
  class(name: string): ClassInfo | undefined
  /** A method of a class, its parents and traits included. */
  method(className: string, name: string): FunctionInfo | undefined
  /** The methods that a call through an interface or abstract class can reach. */
  implementations(className: string, name: string): readonly FunctionInfo[]
  function(name: string): FunctionInfo | undefined
  /** All methods of a name; undefined when there are too many to tell. */
  named(name: string): readonly FunctionInfo[] | undefined
  /** Classes by their short name. */
  shortNamed(name: string): readonly ClassInfo[]
  field(
    className: string,
    name: string,
  ): { readonly declared: Declared | undefined; readonly written: Value } | undefined
  /** Whether a class is, or inherits from, one of these names. */
  inherits(className: string, names: ReadonlySet<string>): boolean
  text(file: string): string
  unread(file: string): readonly Unread[]
}

/** Files parsed only to look something up; beyond this many the answer is "not known". */
const lookups = 3000
/** Characters of text whose trees are kept at once: trees are large, summaries are small. */
const kept = 2_000_000

const thirdParty = /(^|\/)(vendor|node_modules|bower_components|third[_-]?party)\//

interface Declarations {
  readonly classes: readonly ClassInfo[]
  readonly functions: readonly FunctionInfo[]
  readonly bodies: readonly FunctionInfo[]
}

const bodiesIn = (unit: Unit): readonly FunctionInfo[] => unit.bodies.map((body) => body.info)

interface Index {
  readonly classes: ReadonlyMap<string, readonly string[]>
  readonly functions: ReadonlyMap<string, readonly string[]>
  readonly children: ReadonlyMap<string, readonly string[]>
  /** Functions with a parameter that is a boolean unless given. */
  readonly defaults: ReadonlySet<string>
}

/** The world of a project's PHP files. `sinks`: names of calls that may bind, which are always kept. */
export function worldOf(
  files: Files,
  engine: () => PhpEngine | undefined,
  sinks: ReadonlySet<string>,
  test: (file: string) => boolean,
): World {
  const sources = files.of('php', 'deployer').filter((source) => !thirdParty.test(source.file) && !test(source.file))
  const index = indexOf(sources)
  const units = new Map<string, Unit>()
  const declared = new Map<string, Declarations>()
  const summaries = new Map<string, Summary | undefined>()
  const unread = new Map<string, readonly Unread[]>()
  let looked = 0
  let held = 0

  const unit = (file: string): Unit => {
    let found = units.get(file)
    if (found) return found
    const text = files.get(file)?.text ?? ''
    const { tree, errors } = parsePhp(text, engine())
    unread.set(file, errors)
    found = unitOf(file, text, tree)
    units.set(file, found)
    held += text.length
    for (const [old, one] of units) {
      if (held <= kept || old === file) break
      units.delete(old)
      held -= one.text.length
    }
    declared.set(file, { classes: found.classes, functions: found.functions, bodies: bodiesIn(found) })
    return found
  }
  const declarations = (file: string): Pick<Unit, 'classes' | 'functions'> => {
    const known = declared.get(file)
    if (known) return known
    if (looked++ > lookups) return { classes: [], functions: [] }
    return unit(file)
  }
  const keeps = (name: string): boolean => sinks.has(name) || index.functions.has(name)
  const worth = (summary: Summary): Summary => ({
    ...summary,
    events: summary.events.filter(
      ({ call }) =>
        sinks.has(call.name.toLowerCase()) || call.args.length > 0 || index.defaults.has(call.name.toLowerCase()),
    ),
  })
  const summaryOf = (info: FunctionInfo): Summary | undefined => {
    if (summaries.has(info.id)) return summaries.get(info.id)
    const one = unit(info.file)
    const body = one.bodies.find((known) => known.info.id === info.id)
    const made = body && worth(interpret(one, body, keeps))
    summaries.set(info.id, made)
    return made
  }
  const bodiesOf = (file: string): readonly FunctionInfo[] =>
    declared.get(file) ? declared.get(file)!.bodies : bodiesIn(unit(file))
  const summariesOf = (file: string, relevant: (text: string) => boolean): readonly Summary[] => {
    const text = files.get(file)?.text ?? ''
    const wanted = bodiesOf(file).filter((info) => relevant(text.slice(info.start, info.end)))
    return wanted.flatMap((info) => summaryOf(info) ?? [])
  }

  const found = new Map<string, ClassInfo | undefined>()
  const classOf = (name: string): ClassInfo | undefined => {
    const key = name.toLowerCase()
    if (found.has(key)) return found.get(key)
    const short = key.slice(key.lastIndexOf('\\') + 1)
    const candidates = (index.classes.get(short) ?? []).slice(0, 12)
    let match: ClassInfo | undefined
    for (const file of candidates) {
      match = declarations(file).classes.find((one) => one.name.toLowerCase() === key)
      if (match) break
    }
    found.set(key, match)
    return match
  }
  const up = (name: string, visit: (info: ClassInfo) => boolean): void => {
    const seen = new Set<string>()
    const queue = [name]
    for (let next = queue.shift(); next !== undefined && seen.size < 24; next = queue.shift()) {
      if (seen.has(next.toLowerCase())) continue
      seen.add(next.toLowerCase())
      const info = classOf(next)
      if (info && visit(info)) return
      if (info) queue.push(...info.parents)
    }
  }
  const method = (className: string, name: string): FunctionInfo | undefined => {
    let out: FunctionInfo | undefined
    up(className, (info) => (out = info.methods.get(name.toLowerCase())) !== undefined)
    return out
  }

  return {
    sources,
    summaries: summariesOf,
    summary: summaryOf,
    class: classOf,
    method,
    implementations: (className, name) => {
      const short = className.toLowerCase().slice(className.lastIndexOf('\\') + 1)
      const out: FunctionInfo[] = []
      for (const file of (index.children.get(short) ?? []).slice(0, 8)) {
        for (const one of declarations(file).classes) {
          const own = one.parents.some((parent) => parent.toLowerCase() === className.toLowerCase())
          const info = own ? one.methods.get(name.toLowerCase()) : undefined
          if (info && !info.abstract) out.push(info)
        }
      }
      return out
    },
    function: (name) => {
      const key = name.toLowerCase().replace(/^\\/, '')
      const short = key.slice(key.lastIndexOf('\\') + 1)
      for (const file of (index.functions.get(short) ?? []).slice(0, 6)) {
        const own = declarations(file).functions.find((one) => one.name.toLowerCase().replace(/^.*\\/, '') === short)
        if (own) return own
      }
      return undefined
    },
    named: (name) => {
      const of = index.functions.get(name.toLowerCase()) ?? []
      if (of.length > 3) return undefined
      return of.flatMap((file) =>
        declarations(file).classes.flatMap((one) => one.methods.get(name.toLowerCase()) ?? []),
      )
    },
    shortNamed: (name) =>
      (index.classes.get(name.toLowerCase()) ?? [])
        .slice(0, 3)
        .flatMap((file) =>
          declarations(file).classes.filter(
            (one) => one.name.toLowerCase().replace(/^.*\\/, '') === name.toLowerCase(),
          ),
        ),
    field: (className, name) => {
      let out: { declared: Declared | undefined; written: Value } | undefined
      up(className, (info) => {
        if (!info.fields.has(name)) return false
        const own = summariesOf(info.file, (text) => text.includes(name)).filter((one) => one.class === info.name)
        const written = own.flatMap((one) =>
          one.writes.filter((write) => write.name === name).map((write) => classed(write.value, one.info)),
        )
        out = { declared: info.fields.get(name), written: either(...written.slice(0, 12)) }
        return true
      })
      return out
    },
    inherits: (className, names) => {
      if (names.has(className.toLowerCase())) return true
      let out = false
      up(className, (info) => (out = info.parents.some((parent) => names.has(parent.toLowerCase()))))
      return out
    },
    text: (file) => files.get(file)?.text ?? '',
    unread: (file) => unread.get(file) ?? [],
  }
}

// A parameter of another method is, for whoever asks a field, an object of the class that it is declared to be.
function classed(value: Value, info: FunctionInfo, depth = 0): Value {
  return value.flatMap((way): Value => {
    if (way.of === 'param') {
      const classes = way.path.length === 0 ? (info.parameters[way.index]?.declared?.classes ?? []) : []
      return classes.length > 0 ? classes.map((one) => ({ of: 'object', class: one, args: [] })) : unknown
    }
    if (way.of !== 'array' && way.of !== 'text' && way.of !== 'call' && way.of !== 'field') return [way]
    if (depth > 3) return unknown
    if (way.of === 'text') {
      const parts = way.parts.map((part) =>
        typeof part === 'string' ? part : { ...part, value: classed(part.value, info, depth + 1) },
      )
      return [{ ...way, parts }]
    }
    if (way.of === 'field') return [{ ...way, on: classed(way.on, info, depth + 1) }]
    if (way.of === 'call') {
      const args = way.call.args.map((one) => ({ ...one, value: classed(one.value, info, depth + 1) }))
      return [{ ...way, call: { ...way.call, on: classed(way.call.on, info, depth + 1), args } }]
    }
    const entries = [...way.entries].map(
      ([key, entry]) => [key, { ...entry, value: classed(entry.value, info, depth + 1) }] as const,
    )
    return [{ ...way, entries: new Map(entries), rest: classed(way.rest, info, depth + 1) }]
  })
}

const declaration = /\b(?:(class|interface|trait|enum)\s+(\w+)([^{;]{0,400})|function\s+&?\s*(\w+)\s*\(([^{;]{0,600}))/g

// Names by text alone, so that a file is parsed only when somebody asks for what is in it.
function indexOf(sources: readonly Source[]): Index {
  const classes = new Map<string, string[]>()
  const functions = new Map<string, string[]>()
  const children = new Map<string, string[]>()
  const defaults = new Set<string>()
  const add = (map: Map<string, string[]>, key: string, file: string): void => {
    const known = map.get(key)
    if (!known) map.set(key, [file])
    else if (known.at(-1) !== file) known.push(file)
  }
  for (const { file, text } of sources) {
    for (const match of text.matchAll(declaration)) {
      if (match[4]) {
        add(functions, match[4].toLowerCase(), file)
        if (/=\s*(?:true|false)\b/i.test(match[5]!)) defaults.add(match[4].toLowerCase())
      } else if (match[2]) {
        add(classes, match[2].toLowerCase(), file)
        for (const parent of match[3]!.matchAll(/(\w+)\s*(?=,|$|\s|\{)/g)) {
          if (!/^(extends|implements)$/.test(parent[1]!)) add(children, parent[1]!.toLowerCase(), file)
        }
      }
    }
  }
  return { classes, functions, children, defaults }
}
