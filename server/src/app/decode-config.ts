import { readFileSync } from 'node:fs'
import { nearNames } from './near-names.ts'
import {
  clientSettings,
  laterSettings,
  settings,
  type Config,
  type Setting,
  type SettingKey,
} from './config.ts'

/** Where a value came from; a later one wins over an earlier one. */
export type Origin = 'default' | 'file' | 'environment' | 'flag'

/** Names to texts: environment names in the environment, keys in flags (`dataDir`, `metricsTokenFile`). */
export type SettingTexts = Readonly<Record<string, string | undefined>>

export type ConfigSources = {
  readonly environment: SettingTexts
  readonly flags: SettingTexts
  readonly readFile?: (path: string) => string
}

export type DecodedConfig =
  | {
      readonly ok: true
      readonly config: Config
      readonly origins: Readonly<Record<SettingKey, Origin>>
    }
  | { readonly ok: false; readonly problems: readonly string[] }

/**
 * Reads the whole configuration once: defaults, then the file, then the environment, then flags. Opens
 * nothing but the named files, and answers every problem at once, each a line that says what to change.
 */
export const decodeConfig = (sources: ConfigSources): DecodedConfig => {
  const reading: Reading = {
    problems: [],
    readFile: sources.readFile ?? ((path) => readFileSync(path, 'utf8')),
  }
  const layers: readonly Layer[] = [
    { origin: 'flag', texts: byKey(sources.flags), nameOf: flagOf },
    { origin: 'environment', texts: environmentTexts(reading, sources.environment), nameOf },
    { origin: 'file', texts: fileTexts(reading, sources), nameOf: nameInFile },
  ]
  const values = new Map<string, unknown>()
  const origins = new Map<string, Origin>()
  for (const [key, setting] of tableRows) {
    const found = findText(reading, layers, key, setting)
    origins.set(key, found?.origin ?? 'default')
    values.set(key, found && decodeFound(reading, setting, found))
  }
  return answer(reading.problems, values, origins)
}

type Reading = { readonly problems: string[]; readonly readFile: (path: string) => string }

type Layer = {
  readonly origin: Exclude<Origin, 'default'>
  /** By key; the file variant of a secret under `<key>File`. */
  readonly texts: ReadonlyMap<string, string>
  readonly nameOf: (key: string, setting: Setting<unknown>, inFile: boolean) => string
}

type Found = { readonly text: string; readonly origin: Origin; readonly name: string }

const tableRows: readonly (readonly [string, Setting<unknown>])[] = Object.entries(settings)

const flagOf = (_key: string, { flag }: Setting<unknown>, inFile: boolean) =>
  inFile ? `${flag}-file` : flag

const nameOf = (_key: string, { environment }: Setting<unknown>, inFile: boolean) =>
  inFile ? `${environment}_FILE` : environment

const nameInFile = (key: string, _setting: Setting<unknown>, inFile: boolean) =>
  `'${inFile ? `${key}File` : key}' in the configuration file`

const answer = (
  problems: readonly string[],
  values: ReadonlyMap<string, unknown>,
  origins: ReadonlyMap<string, Origin>,
): DecodedConfig => {
  if (problems.length > 0) return { ok: false, problems }
  return {
    ok: true,
    config: Object.fromEntries(values) as Config,
    origins: Object.fromEntries(origins) as Record<SettingKey, Origin>,
  }
}

const byKey = (texts: SettingTexts): ReadonlyMap<string, string> => {
  const known = new Map<string, string>()
  for (const [key, text] of Object.entries(texts)) if (text !== undefined) known.set(key, text)
  return known
}

/** Every name that may stand in the environment, and the key that it has in a layer. */
const keysByName: ReadonlyMap<string, string> = new Map(
  tableRows.flatMap(([key, { environment, secret }]) => [
    [environment, key] as const,
    ...(secret ? [[`${environment}_FILE`, `${key}File`] as const] : []),
  ]),
)

const clientNames: readonly string[] = Object.values(clientSettings).map(
  ({ environment }) => environment,
)

const environmentTexts = (
  { problems }: Reading,
  environment: SettingTexts,
): ReadonlyMap<string, string> => {
  const texts = new Map<string, string>()
  for (const [name, text] of Object.entries(environment)) {
    const key = keysByName.get(name)
    // An empty one counts as not set: that is how a compose file or a unit writes `nothing here`.
    if (text === undefined || text === '') continue
    if (!name.startsWith('BELFRY_') || clientNames.includes(name)) continue
    if (key === undefined) problems.push(describeUnknown(name))
    else texts.set(key, text)
  }
  return texts
}

const describeUnknown = (name: string): string => {
  const later = laterSettings[name]
  if (later !== undefined) return `${name}: this version does not offer ${later} yet; unset it`
  const near = nearNames(name, [...keysByName.keys(), ...clientNames])
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'see belfry serve --help'
  return `${name} is not a name that Belfry knows; ${hint}`
}

const fileTexts = (reading: Reading, sources: ConfigSources): ReadonlyMap<string, string> => {
  const texts = new Map<string, string>()
  const path = sources.flags['configFile'] ?? sources.environment['BELFRY_CONFIG_FILE']
  if (path === undefined || path === '') return texts
  for (const [name, value] of Object.entries(readDocument(reading, path))) {
    addFileText(reading, texts, { path, name, value })
  }
  return texts
}

type FileMember = { readonly path: string; readonly name: string; readonly value: unknown }

const addFileText = (
  { problems }: Reading,
  texts: Map<string, string>,
  { path, name, value }: FileMember,
): void => {
  const key = keysByName.get(name) ?? keysInFile.find((known) => known === name)
  const text = textOf(value)
  if (key === undefined || key === 'configFile') problems.push(describeUnknownKey(path, name))
  else if (text === undefined) {
    problems.push(`${path}: '${name}' must be a text, a number or a list of texts`)
  } else if (texts.has(key)) problems.push(`${path}: '${name}' is set twice`)
  else texts.set(key, text)
}

const keysInFile: readonly string[] = [...keysByName.values()]

const describeUnknownKey = (path: string, name: string): string => {
  if (laterSettings[name] !== undefined) return `${path}: ${describeUnknown(name)}`
  const near = nearNames(name, [...keysInFile, ...keysByName.keys()])
  const hint = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : ''
  return `${path}: '${name}' is not a setting that a file may hold${hint}`
}

const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  const isList = Array.isArray(value) && value.every((part) => typeof part === 'string')
  return isList ? value.join(',') : undefined
}

const readDocument = (reading: Reading, path: string): Readonly<Record<string, unknown>> => {
  const text = readText(reading, path, 'the configuration file')
  if (text === undefined) return {}
  try {
    const document: unknown = JSON.parse(text)
    if (typeof document === 'object' && document !== null && !Array.isArray(document)) {
      return document as Readonly<Record<string, unknown>>
    }
    reading.problems.push(`${path} must hold one JSON object`)
  } catch (error) {
    reading.problems.push(`${path} is not JSON: ${error instanceof Error ? error.message : ''}`)
  }
  return {}
}

const readText = (reading: Reading, path: string, what: string): string | undefined => {
  try {
    return reading.readFile(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    reading.problems.push(`${what} ${path} can't be read (${code})`)
    return undefined
  }
}

/** The winning text of one setting: flags before the environment before the file before the default. */
const findText = (
  reading: Reading,
  layers: readonly Layer[],
  key: string,
  setting: Setting<unknown>,
): Found | undefined => {
  for (const { origin, texts, nameOf: nameIn } of layers) {
    const text = texts.get(key)
    const file = setting.secret ? texts.get(`${key}File`) : undefined
    const name = nameIn(key, setting, text === undefined)
    if (text !== undefined && file !== undefined) {
      reading.problems.push(`${name} and ${nameIn(key, setting, true)} are both set; keep one`)
    }
    if (text !== undefined) return { text, origin, name }
    if (file !== undefined) return readSecret(reading, { text: file, origin, name })
  }
  return setting.default === undefined
    ? undefined
    : { text: setting.default, origin: 'default', name: setting.environment }
}

const readSecret = (reading: Reading, found: Found): Found | undefined => {
  const text = readText(reading, found.text, `${found.name}:`)
  return text === undefined ? undefined : { ...found, text: text.replace(/\r?\n$/, '') }
}

const decodeFound = (reading: Reading, setting: Setting<unknown>, found: Found): unknown => {
  const decoded = setting.decode(found.text)
  if (decoded.ok) return decoded.value
  const said = setting.secret ? '' : `, not ${JSON.stringify(found.text)}`
  reading.problems.push(`${found.name} ${decoded.expected}${said}`)
  return undefined
}
