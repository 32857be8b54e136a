import { describe, expect, it } from 'vitest'
import { settings, type Setting } from './config.ts'
import { decodeConfig, type SettingTexts } from './decode-config.ts'
import { encodeConfig } from './encode-config.ts'

const noFile = (path: string): string => {
  throw Object.assign(new Error('absent'), { code: 'ENOENT', path })
}

const decode = (environment: SettingTexts, flags: SettingTexts = {}, files: SettingTexts = {}) =>
  decodeConfig({ environment, flags, readFile: (path) => files[path] ?? noFile(path) })

const problemsOf = (environment: SettingTexts, flags?: SettingTexts, files?: SettingTexts) => {
  const decoded = decode(environment, flags, files)
  return decoded.ok ? [] : decoded.problems
}

describe('decodeConfig', () => {
  it('answers the defaults when nothing is set', () => {
    expect(decode({ PATH: '/bin' })).toMatchObject({
      ok: true,
      config: {
        host: '127.0.0.1',
        port: 8080,
        dataDir: './belfry-data',
        defaultTenant: undefined,
        bootstrapTenant: 't1',
        bootstrapUser: 'admin',
        logLevel: 'info',
        stopDeadline: 10_000,
      },
    })
  })

  it('has a default that decodes, or none, in every row', () => {
    const rows: readonly Setting<unknown>[] = Object.values(settings)
    for (const row of rows) {
      if (row.default !== undefined) expect(row.decode(row.default).ok).toBe(true)
    }
  })

  it('lets a flag win over the environment, that over the file, and that over the default', () => {
    const files = { 'b.json': '{"port": 1, "host": "::1", "BELFRY_LOG_LEVEL": "warn"}' }
    const environment = { BELFRY_CONFIG_FILE: 'b.json', BELFRY_PORT: '2', BELFRY_HOST: '0.0.0.0' }
    const decoded = decode(environment, { port: '3' }, files)
    expect(decoded).toMatchObject({
      ok: true,
      config: { port: 3, host: '0.0.0.0', logLevel: 'warn', bootstrapTenant: 't1' },
      origins: { port: 'flag', host: 'environment', logLevel: 'file', bootstrapTenant: 'default' },
    })
  })

  it('reports every problem at once', () => {
    const environment = { BELFRY_PORT: 'x', BELFRY_STOP_DEADLINE: '10', BELFRY_HOTS: 'h' }
    expect(problemsOf(environment, { logLevel: 'loud' })).toEqual([
      'BELFRY_HOTS is not a name that Belfry knows; did you mean BELFRY_HOST?',
      'BELFRY_PORT must be a port, 0 to 65535 (0 picks a free one), not "x"',
      '--log-level must be trace, debug, info, warn, error, fatal or silent, not "loud"',
      'BELFRY_STOP_DEADLINE must be a time like 10s, at most 1h, not "10"',
    ])
  })

  it('knows the names of the client commands', () => {
    const environment = { BELFRY_URL: 'u', BELFRY_USER: 't1/admin', BELFRY_PASSWORD: 'p' }
    expect(decode(environment).ok).toBe(true)
  })

  it.each(['MQTT_PORT', 'STORE_URL'])(
    'refuses BELFRY_%s, which this version does not offer',
    (name) => {
      const [problem] = problemsOf({ [`BELFRY_${name}`]: '1' })
      expect(problem).toMatch(new RegExp(`^BELFRY_${name}: this version does not offer .* yet`))
    },
  )

  it('reads a secret from a file and drops the line end', () => {
    const files = { '/run/p': 'first password\n' }
    const decoded = decode({ BELFRY_BOOTSTRAP_PASSWORD_FILE: '/run/p' }, {}, files)
    expect(decoded).toMatchObject({ ok: true, config: { bootstrapPassword: 'first password' } })
  })

  it('refuses a secret that is given twice in one place', () => {
    const environment = { BELFRY_METRICS_TOKEN: 'a', BELFRY_METRICS_TOKEN_FILE: '/run/t' }
    expect(problemsOf(environment)).toEqual([
      'BELFRY_METRICS_TOKEN and BELFRY_METRICS_TOKEN_FILE are both set; keep one',
    ])
  })

  it('never repeats a secret, neither in a problem nor when shown', () => {
    expect(problemsOf({ BELFRY_BOOTSTRAP_PASSWORD: 'pass\tword' }).join()).not.toContain('word,')
    const decoded = decode({ BELFRY_BOOTSTRAP_PASSWORD: 'hunter2' })
    const shown = decoded.ok ? encodeConfig(decoded.config, decoded.origins) : []
    expect(JSON.stringify(shown)).not.toContain('hunter2')
    expect(shown).toContainEqual({
      key: 'bootstrapPassword',
      environment: 'BELFRY_BOOTSTRAP_PASSWORD',
      value: '********',
      origin: 'environment',
    })
  })

  it('says what is wrong with the configuration file', () => {
    const withFile = (text: string) => problemsOf({}, { configFile: 'c' }, { c: text })
    expect(problemsOf({}, { configFile: 'c' })).toEqual([
      "the configuration file c can't be read (ENOENT)",
    ])
    expect(withFile('[]')).toEqual(['c must hold one JSON object'])
    expect(withFile('{')[0]).toMatch(/^c is not JSON: /)
    expect(withFile('{"prot": 1}')).toEqual([
      "c: 'prot' is not a setting that a file may hold; did you mean port?",
    ])
    expect(withFile('{"port": null}')).toEqual([
      "c: 'port' must be a text, a number or a list of texts",
    ])
    expect(withFile('{"port": 1, "BELFRY_PORT": 2}')).toEqual(["c: 'BELFRY_PORT' is set twice"])
    expect(withFile('{"port": 70000}')[0]).toMatch(/^'port' in the configuration file must be/)
    expect(withFile('{"BELFRY_MQTT_PORT": 1}')[0]).toMatch(/does not offer MQTT yet/)
  })

  it.each([
    ['BELFRY_PUBLIC_URL', 'ftp://b.example'],
    ['BELFRY_PUBLIC_URL', 'https://b.example/?q=1'],
    ['BELFRY_TRUST_PROXY', '10.0.0.0/33'],
    ['BELFRY_TRUST_PROXY', 'proxy.example'],
    ['BELFRY_BOOTSTRAP_TENANT', 'management'],
    ['BELFRY_BOOTSTRAP_TENANT', 'T 1'],
    ['BELFRY_BOOTSTRAP_USER', 'a:b'],
    ['BELFRY_DEFAULT_TENANT', 'No'],
  ])('refuses %s=%s', (name, text) => {
    expect(problemsOf({ [name]: text })).toHaveLength(1)
  })

  it('takes an empty name in the environment as not set, and an empty flag as a mistake', () => {
    expect(decode({ BELFRY_DATA_DIR: '', BELFRY_METRICS_TOKEN: '' })).toMatchObject({
      config: { dataDir: './belfry-data', metricsToken: undefined },
    })
    expect(problemsOf({}, { dataDir: '' })).toEqual(['--data-dir must not be empty, not ""'])
  })

  it('takes addresses, ranges and a public address without its last slash', () => {
    const environment = {
      BELFRY_TRUST_PROXY: '10.0.0.0/8, ::1',
      BELFRY_PUBLIC_URL: 'https://b.example/',
    }
    expect(decode(environment)).toMatchObject({
      config: { trustProxy: ['10.0.0.0/8', '::1'], publicUrl: 'https://b.example' },
    })
  })
})
