import { didYouMean } from './nearest.ts'
import type { Settings } from './settings.ts'

/** A shape that a value of the settings may have, as a JSON schema (the few words of it that are needed here). */
export interface Shape {
  readonly type?: 'string' | 'array' | 'object'
  readonly description?: string
  readonly enum?: readonly string[]
  readonly items?: Shape
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  /** Any rule's id as key. */
  readonly byRule?: true
  readonly minLength?: number
}

const severities: Shape = {
  type: 'object',
  byRule: true,
  description: 'Severity by rule: error, warning, info or off.',
}
const strings = (description: string): Shape => ({
  type: 'array',
  items: { type: 'string', minLength: 1 },
  description,
})

/** What each key of the settings may hold. */
export const shapes: Readonly<Record<keyof Settings, Shape>> = {
  set: strings('Variables that are always set and not empty where the scripts run.'),
  live: strings('Paths that serve: the switched link, the document root.'),
  php: {
    type: 'string',
    minLength: 1,
    description: 'The PHP version or range that production runs: "8.2", ">=7.4 <8.3".',
  },
  platform: { enum: ['gnu', 'busybox', 'bsd'], description: 'What ln, rm and mv are on the servers.' },
  stack: strings('Frameworks that composer.json and its kin do not show: "symfony", "laravel".'),
  rules: severities,
  overrides: {
    type: 'array',
    description: 'Severities for the files that a glob matches; later entries win.',
    items: {
      type: 'object',
      required: ['files', 'rules'],
      properties: { files: strings('Globs from the project’s root.'), rules: severities },
    },
  },
  ignore: strings('Globs of files that are not read.'),
}

/** Settings out of data, and what is wrong with it, each with the path of the key. */
export function readSettings(
  data: unknown,
  ruleIds: readonly string[],
): { readonly settings: Settings; readonly problems: readonly string[] } {
  const problems: string[] = []
  if (data === undefined || data === null) return { settings: {}, problems }
  verify({ type: 'object', properties: { $schema: { type: 'string' }, ...shapes } }, data, '', ruleIds, problems)
  return { settings: problems.length === 0 ? (data as Settings) : {}, problems }
}

function verify(shape: Shape, value: unknown, at: string, ruleIds: readonly string[], problems: string[]): void {
  const where = at === '' ? 'the settings' : at
  if (shape.enum) {
    if (!shape.enum.includes(value as string))
      problems.push(`${where} must be one of ${shape.enum.join(', ')}${didYouMean(String(value), shape.enum)}`)
    return
  }
  const is = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value
  if (is !== shape.type) {
    const wanted = shape.type === 'array' ? 'a list' : shape.type === 'object' ? 'a table of keys' : 'a text'
    problems.push(
      `${where} must be ${wanted}, and is ${is === 'array' ? 'a list' : JSON.stringify(value)?.slice(0, 40)}`,
    )
    return
  }
  if (typeof value === 'string' && value.length < (shape.minLength ?? 0)) problems.push(`${where} is empty`)
  if (Array.isArray(value) && shape.items)
    for (const [i, item] of value.entries()) verify(shape.items, item, `${at}[${i}]`, ruleIds, problems)
  if (is === 'object') verifyKeys(shape, value as Readonly<Record<string, unknown>>, at, ruleIds, problems)
}

const severityShape: Shape = { enum: ['error', 'warning', 'info', 'off'] }

function verifyKeys(
  shape: Shape,
  value: Readonly<Record<string, unknown>>,
  at: string,
  ruleIds: readonly string[],
  problems: string[],
): void {
  const known = shape.byRule ? ruleIds : Object.keys(shape.properties ?? {})
  for (const [key, own] of Object.entries(value)) {
    const path = at === '' ? key : `${at}.${key}`
    const inner = shape.byRule ? severityShape : shape.properties?.[key]
    if (!known.includes(key) || !inner)
      problems.push(`${path}: there is no such ${shape.byRule ? 'rule' : 'key'}${didYouMean(key, known)}`)
    else verify(inner, own, path, ruleIds, problems)
  }
  for (const key of shape.required ?? []) if (!(key in value)) problems.push(`${at} lacks ${key}`)
}

/** The JSON schema that is published as schema/shiplint.config.schema.json. */
export function settingsSchema(ruleIds: readonly string[]): unknown {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Settings of Shiplint: shiplint.config.json or shiplint.config.yaml',
    type: 'object',
    properties: { $schema: { type: 'string' }, ...mapValues(shapes, schemaOf) },
    additionalProperties: false,
    definitions: {
      rule: { enum: ruleIds },
      severity: severityShape,
    },
  }
}

function schemaOf(shape: Shape): unknown {
  const { items, properties, byRule, ...rest } = shape
  return {
    ...rest,
    ...(items && { items: schemaOf(items) }),
    ...(properties && { properties: mapValues(properties, schemaOf), additionalProperties: false }),
    ...(byRule && {
      propertyNames: { $ref: '#/definitions/rule' },
      additionalProperties: { $ref: '#/definitions/severity' },
    }),
  }
}

function mapValues<From, To>(from: Readonly<Record<string, From>>, make: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, make(value)]))
}
