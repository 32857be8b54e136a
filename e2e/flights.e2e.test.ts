import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { bootstrapPassword, cleanUp, startBelfry } from './harness.ts'

const program = fileURLToPath(new URL('../examples/flights/run.ts', import.meta.url))

describe('the flights example', () => {
  afterEach(cleanUp)

  it('counts 100,000 flights and answers 1,000 random questions about them as the file does', async () => {
    const belfry = await startBelfry()
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', program, '--flights', '100000'],
      {
        env: {
          ...process.env,
          BELFRY_URL: belfry.url,
          BELFRY_USER: 't1/admin',
          BELFRY_PASSWORD: bootstrapPassword,
        },
      },
    )
    expect(stdout).toBe(
      [
        'flights: 100000',
        'airports: 223, of them with as many events as flights: 223',
        'questions: 1000, of them answered as from the file: 1000',
        '',
      ].join('\n'),
    )
  })
})
