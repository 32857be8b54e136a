import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { bootstrapPassword, cleanUp, startBelfry, waitFor } from './harness.ts'
import type { Belfry } from './harness.ts'
import { readMetric } from './api.ts'

const program = fileURLToPath(new URL('../examples/flights/run.ts', import.meta.url))

describe('the flights example', () => {
  afterEach(cleanUp)

  it('counts 100,000 flights and answers 1,000 random questions about them as the file does', async () => {
    const belfry = await startBelfry({ environment: { BELFRY_PART_ROWS: '5000' } })
    const example = runExample(belfry)
    await waitFor(
      'all flights to be loaded',
      () => example.hasEnded() || example.stderr().includes('loaded in'),
      loadDeadlineMs,
    )
    const sealedBeforeQuestions = await readMetric(belfry, 'belfry_event_parts_sealed')
    expect(await example.stdout(), example.stderr()).toBe(
      [
        'flights: 100000',
        'airports: 223, of them with as many events as flights: 223',
        'questions: 1000, of them answered as from the file: 1000',
        '',
      ].join('\n'),
    )
    expect(sealedBeforeQuestions).toBeGreaterThan(10)
    expect(await readMetric(belfry, 'belfry_event_parts_sealed')).toBeGreaterThan(16)
  })
})

const loadDeadlineMs = 100_000

const runExample = ({ url }: Belfry) => {
  const child = spawn(process.execPath, ['--import', 'tsx', program, '--flights', '100000'], {
    env: {
      ...process.env,
      BELFRY_URL: url,
      BELFRY_USER: 't1/admin',
      BELFRY_PASSWORD: bootstrapPassword,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()))
  return {
    hasEnded: () => child.exitCode !== null,
    stderr: () => said.stderr,
    stdout: async () => {
      await closed
      return said.stdout
    },
  }
}
