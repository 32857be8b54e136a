import { decodeDuration } from '../core/decode-duration.ts'
import { decodeSize } from '../core/decode-size.ts'
import { decodeTenantId, decodeUserName } from '../core/decode-identity.ts'
import { isIP } from 'node:net'
import { objectLimitMax, partRowsMax, requestRateMax, stopDeadlineMaxMs } from '../core/limits.ts'
import { decodeLogLevel } from './log-level.ts'

/** What a decoder makes of a text: the value, or what would have been right (`must be …`). */
export type DecodedSetting<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly expected: string }

/** One row of the configuration table. Help texts, docs/configuration.md and `belfry config` derive from it. */
export type Setting<T> = {
  /** The name in the environment, and also accepted in the configuration file. */
  readonly environment: string
  /** The flag of `belfry serve` and `belfry config`. */
  readonly flag: string
  /** What stands for the value in help texts. */
  readonly value: string
  readonly decode: (text: string) => DecodedSetting<T>
  /** The default as one would write it; undefined when there is none. */
  readonly default: string | undefined
  /** Secrets are masked wherever the configuration is shown, and may be read from a file (`…_FILE`). */
  readonly secret: boolean
  readonly summary: string
}

type Row<T> = Omit<Setting<T>, 'default' | 'secret'> & { readonly secret?: boolean }

const preset = <T>(initial: string, row: Row<T>): Setting<T> => ({
  secret: false,
  ...row,
  default: initial,
})

const optional = <T>(row: Row<T>): Setting<T | undefined> => ({
  secret: false,
  ...row,
  default: undefined,
})

const right = <T>(value: T): DecodedSetting<T> => ({ ok: true, value })
const wrong = (expected: string): DecodedSetting<never> => ({ ok: false, expected })

const orWrong = <T>(value: T | undefined, expected: string): DecodedSetting<T> =>
  value === undefined ? wrong(expected) : right(value)

const decodeText = (text: string): DecodedSetting<string> =>
  text === '' ? wrong('must not be empty') : right(text)

const decodeSecret = (text: string): DecodedSetting<string> =>
  /^[^\p{Cc}]+$/u.test(text) ? right(text) : wrong('must be one line without control characters')

const decodePort = (text: string): DecodedSetting<number> =>
  /^\d{1,5}$/.test(text) && Number(text) <= 65_535
    ? right(Number(text))
    : wrong('must be a port, 0 to 65535 (0 picks a free one)')

const decodeTenant = (text: string) =>
  orWrong(decodeTenantId(text), 'must be a tenant id: lower-case letters, digits, - and _')

const decodeFirstTenant = (text: string) =>
  text === 'management'
    ? wrong("must not be 'management': that tenant is the operators' and always exists")
    : decodeTenant(text)

const decodeUser = (text: string) =>
  orWrong(decodeUserName(text), 'must be a user name without white space, /, +, $ and :')

const decodeStopDeadline = (text: string): DecodedSetting<number> => {
  const ms = decodeDuration(text)
  return ms === undefined || ms > stopDeadlineMaxMs
    ? wrong('must be a time like 10s, at most 1h')
    : right(ms)
}

const decodeBytes = (text: string): DecodedSetting<number> =>
  orWrong(decodeSize(text), 'must be a size like 256MB (B, KB, MB, GB, TB), or 0')

const decodePartRows = (text: string): DecodedSetting<number> =>
  /^\d{3,7}$/.test(text) && Number(text) <= partRowsMax
    ? right(Number(text))
    : wrong(`must be a number from 100 to ${partRowsMax}`)

const decodeRate = (text: string): DecodedSetting<number | 'unlimited'> => {
  if (text === 'unlimited') return right(text)
  const count = decodeCount(text)
  return count.ok && count.value > 0
    ? count
    : wrong(`must be a number from 1 to ${requestRateMax}, or unlimited`)
}

const decodeCount = (text: string): DecodedSetting<number> =>
  /^\d{1,7}$/.test(text) && Number(text) <= requestRateMax
    ? right(Number(text))
    : wrong(`must be a number from 0 to ${requestRateMax}`)

const decodeObjects = (text: string): DecodedSetting<number> =>
  /^\d{1,10}$/.test(text) && Number(text) <= objectLimitMax
    ? right(Number(text))
    : wrong(`must be a number from 0 to ${objectLimitMax}`)

const decodePublicUrl = (text: string): DecodedSetting<string> => {
  const expected = 'must be an http or https address without query, for example https://b.example'
  if (!URL.canParse(text)) return wrong(expected)
  const url = new URL(text)
  const plain = !url.search && !url.hash && !url.username && /^https?:$/.test(url.protocol)
  return plain ? right(url.href.replace(/\/+$/, '')) : wrong(expected)
}

const isAddressRange = (text: string): boolean => {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

const decodeTrustProxy = (text: string): DecodedSetting<readonly string[]> => {
  const ranges = text.split(',').map((range) => range.trim())
  return ranges.every(isAddressRange)
    ? right(ranges)
    : wrong('must be addresses or ranges, separated by commas, for example 10.0.0.0/8,::1')
}

/** Every name this version reads, in the order of docs/configuration.md. */
export const settings = {
  host: preset('127.0.0.1', {
    environment: 'BELFRY_HOST',
    flag: '--host',
    value: '<address>',
    decode: decodeText,
    summary: 'Address that HTTP listens on.',
  }),
  port: preset('8080', {
    environment: 'BELFRY_PORT',
    flag: '--port',
    value: '<number>',
    decode: decodePort,
    summary: 'Port that HTTP listens on; 0 picks a free one, which the ready line prints.',
  }),
  dataDir: preset('./belfry-data', {
    environment: 'BELFRY_DATA_DIR',
    flag: '--data-dir',
    value: '<folder>',
    decode: decodeText,
    summary: 'Folder with everything that must be kept; created when absent.',
  }),
  configFile: optional({
    environment: 'BELFRY_CONFIG_FILE',
    flag: '--config-file',
    value: '<file>',
    decode: decodeText,
    summary: 'JSON file with one object: the same names, or their keys, and their values.',
  }),
  publicUrl: optional({
    environment: 'BELFRY_PUBLIC_URL',
    flag: '--public-url',
    value: '<url>',
    decode: decodePublicUrl,
    summary:
      'Base of every self link and Location; without it, the Host header and trusted forwarded headers say.',
  }),
  trustProxy: optional({
    environment: 'BELFRY_TRUST_PROXY',
    flag: '--trust-proxy',
    value: '<addresses>',
    decode: decodeTrustProxy,
    summary: 'Addresses or ranges of proxies whose forwarded headers count, separated by commas.',
  }),
  tlsCert: optional({
    environment: 'BELFRY_TLS_CERT',
    flag: '--tls-cert',
    value: '<file>',
    decode: decodeText,
    summary:
      'PEM file with the certificate and its chain: HTTPS instead of HTTP; read again when it changes. Goes with the key.',
  }),
  tlsKey: optional({
    environment: 'BELFRY_TLS_KEY',
    flag: '--tls-key',
    value: '<file>',
    decode: decodeText,
    summary: 'PEM file with the private key of the certificate; read again when it changes.',
  }),
  defaultTenant: optional({
    environment: 'BELFRY_DEFAULT_TENANT',
    flag: '--default-tenant',
    value: '<tenant>',
    decode: decodeTenant,
    summary:
      'Tenant of credentials without a tenant prefix on a host that names none; without it, the only tenant if there is one.',
  }),
  bootstrapTenant: preset('t1', {
    environment: 'BELFRY_BOOTSTRAP_TENANT',
    flag: '--bootstrap-tenant',
    value: '<tenant>',
    decode: decodeFirstTenant,
    summary: 'First tenant; only used when the data folder is empty.',
  }),
  bootstrapUser: preset('admin', {
    environment: 'BELFRY_BOOTSTRAP_USER',
    flag: '--bootstrap-user',
    value: '<name>',
    decode: decodeUser,
    summary: "First tenant's administrator; only used when the data folder is empty.",
  }),
  bootstrapPassword: optional({
    environment: 'BELFRY_BOOTSTRAP_PASSWORD',
    flag: '--bootstrap-password',
    value: '<password>',
    decode: decodeSecret,
    secret: true,
    summary:
      'First password of the administrator and of management/admin; only used when the data folder is empty; random and printed once without it.',
  }),
  logLevel: preset('info', {
    environment: 'BELFRY_LOG_LEVEL',
    flag: '--log-level',
    value: '<level>',
    decode: (text) =>
      orWrong(decodeLogLevel(text), 'must be trace, debug, info, warn, error, fatal or silent'),
    summary: 'Least level that is logged to stderr, as JSON lines unless stderr is a terminal.',
  }),
  metricsToken: optional({
    environment: 'BELFRY_METRICS_TOKEN',
    flag: '--metrics-token',
    value: '<token>',
    decode: decodeSecret,
    secret: true,
    summary: 'Bearer token with which /metrics answers addresses other than loopback.',
  }),
  diskReserve: preset('256MB', {
    environment: 'BELFRY_DISK_RESERVE',
    flag: '--disk-reserve',
    value: '<size>',
    decode: decodeBytes,
    summary:
      'Space that events, files and managed objects leave free on the disk: below it they are refused with 507, while reading and deleting go on; 0 for none.',
  }),
  tenantSizeMax: preset('0', {
    environment: 'BELFRY_TENANT_SIZE_MAX',
    flag: '--tenant-size-max',
    value: '<size>',
    decode: decodeBytes,
    summary:
      'What the events of one tenant may take: from there on its new events and changes are refused with 507, while reading and deleting go on; 0 for no limit.',
  }),
  tenantObjectsMax: preset('0', {
    environment: 'BELFRY_TENANT_OBJECTS_MAX',
    flag: '--tenant-objects-max',
    value: '<number>',
    decode: decodeObjects,
    summary:
      'Managed objects that one tenant may have: creating more is refused with 507 until some are deleted; 0 for no limit.',
  }),
  partRows: preset('125000', {
    environment: 'BELFRY_PART_ROWS',
    flag: '--part-rows',
    value: '<number>',
    decode: decodePartRows,
    summary:
      'Events in one part of the store before it gets an indexed file of its own; smaller parts use less memory, larger ones make fewer files.',
  }),
  tenantRequests: optional({
    environment: 'BELFRY_TENANT_REQUESTS',
    flag: '--tenant-requests',
    value: '<number>',
    decode: decodeRate,
    summary:
      'Requests in a second that each tenant may send, and 429 beyond; unlimited for those tenants alone that operators have given a limit. Without it nothing is limited or looked at.',
  }),
  tenantQueue: preset('0', {
    environment: 'BELFRY_TENANT_QUEUE',
    flag: '--tenant-queue',
    value: '<number>',
    decode: decodeCount,
    summary: 'Requests that a tenant may send at once on top of those of one second.',
  }),
  stopDeadline: preset('10s', {
    environment: 'BELFRY_STOP_DEADLINE',
    flag: '--stop-deadline',
    value: '<time>',
    decode: decodeStopDeadline,
    summary: 'Longest time that a clean stop may take.',
  }),
}

export type SettingKey = keyof typeof settings

type ValueOf<S> = S extends Setting<infer T> ? T : never

/** The decoded configuration. Lengths of time are milliseconds. */
export type Config = { readonly [Key in SettingKey]: ValueOf<(typeof settings)[Key]> }

/** Names of later versions: setting one is refused, because ignoring it would promise what is not done. */
export const laterSettings: Readonly<Record<string, string>> = {
  BELFRY_MQTT_PORT: 'MQTT',
  BELFRY_STORE_URL: 'a store other than the embedded one',
}

/** Names that the client commands of `belfry` read; the server knows and ignores them. */
export const clientSettings = {
  url: {
    environment: 'BELFRY_URL',
    flag: '--url',
    value: '<url>',
    default: 'http://127.0.0.1:8080',
    summary: 'Server that a client command talks to.',
  },
  user: {
    environment: 'BELFRY_USER',
    flag: '--user',
    value: '<tenant/name>',
    default: undefined,
    summary: 'User that a client command acts as.',
  },
  password: {
    environment: 'BELFRY_PASSWORD',
    flag: undefined,
    value: '<password>',
    default: undefined,
    summary: 'Its password; without it, the command asks when it has a terminal.',
  },
} as const

/** The only place that looks at the process's environment. */
export const readEnvironment = (): Readonly<Record<string, string | undefined>> => process.env
