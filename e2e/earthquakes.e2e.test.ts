import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { encodeExact, parseExact } from '../examples/earthquakes/exact-json.ts'
import { bootstrapPassword, cleanUp, startBelfry } from './harness.ts'

const example = new URL('../examples/earthquakes/', import.meta.url)
const program = fileURLToPath(new URL('run.ts', example))

describe('the earthquakes example', () => {
  afterEach(cleanUp)

  it('tells numbers apart by their digits, and writes them as they were', () => {
    const text = '{"a":2.0,"b":[-1.50e3,9007199254740993,null],"c":"7 \\"8\\""}'
    expect(parseExact('[2.0]')).not.toEqual(parseExact('[2]'))
    expect(encodeExact(parseExact(text))).toBe(text)
  })

  it('gets 1,707 records back equal through both dialects, and every retry recognised', async () => {
    const belfry = await startBelfry()
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program], {
      env: {
        ...process.env,
        BELFRY_URL: belfry.url,
        BELFRY_USER: 't1/admin',
        BELFRY_PASSWORD: bootstrapPassword,
      },
    })
    expect(stdout).toBe(await readFile(new URL('expected-output.txt', example), 'utf8'))
    expect(stdout).toContain('1707, of them equal in every field: 1707')
  })
})
