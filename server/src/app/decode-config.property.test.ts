import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { settings, type Setting } from './config.ts'
import { decodeConfig } from './decode-config.ts'
import { nearNames } from './near-names.ts'

const rows: readonly (readonly [string, Setting<unknown>])[] = Object.entries(settings)
const names = rows.map(([, { environment }]) => environment)

const readFile = (path: string): string => {
  throw new Error(`no file ${path}`)
}

describe('decodeConfig, for any input', () => {
  it('never throws, and answers either a whole configuration or at least one problem', () => {
    const environments = fc.dictionary(fc.constantFrom(...names), fc.string())
    fc.assert(
      fc.property(environments, (environment) => {
        const decoded = decodeConfig({ environment, flags: {}, readFile })
        if (decoded.ok) expect(Object.keys(decoded.config)).toEqual(rows.map(([key]) => key))
        else expect(decoded.problems.length).toBeGreaterThan(0)
      }),
    )
  })

  it('reads the same from a flag, the environment and the file', () => {
    const ports = fc.integer({ min: 0, max: 65_535 })
    fc.assert(
      fc.property(ports, fc.constantFrom('flag', 'environment', 'file'), (port, from) => {
        const decoded = decodeConfig({
          environment: from === 'environment' ? { BELFRY_PORT: `${port}` } : {},
          flags: from === 'flag' ? { port: `${port}` } : from === 'file' ? { configFile: 'f' } : {},
          readFile: () => JSON.stringify({ port }),
        })
        expect(decoded).toMatchObject({ ok: true, config: { port }, origins: { port: from } })
      }),
    )
  })

  it('names the right name for one mistyped letter', () => {
    const mistyped = fc.constantFrom(...names).chain((name) =>
      fc
        .tuple(fc.integer({ min: 7, max: name.length - 1 }), fc.constantFrom('X', 'Q', '1'))
        .map(([at, letter]) => ({
          name,
          typed: name.slice(0, at) + letter + name.slice(at + 1),
        })),
    )
    fc.assert(
      fc.property(mistyped, ({ name, typed }) => {
        expect(nearNames(typed, names)).toContain(name)
      }),
    )
  })
})
