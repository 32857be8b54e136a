import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Meter } from '../../../ports/meter.ts'

/** A folder that is removed when the test has ended. */
export const scratchFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** For stores whose metrics a test does not look at. */
export const deafMeter: Meter = {
  countRequest: () => undefined,
  countEvents: () => undefined,
  countCommit: () => undefined,
  countSkewedClock: () => undefined,
  observe: () => undefined,
  render: () => Promise.resolve(''),
}

/** Fails the test run loudly: nothing may go wrong inside unless a test makes it. */
export const throwProblem = (message: string, cause: string): never => {
  throw new Error(`${message}: ${cause}`)
}
