import { decodeTold } from './decode-told.ts'
import type { Told } from './decode-told.ts'
import type { StorageStep } from './storage-steps.ts'

/** What an event may be: a text, or null when it is not there. One possibility once its last call was answered. */
export type Expectation = ReadonlyMap<string, readonly (string | null)[]>

/** What the load had been promised before line `cut` of the trace, and what was still open. */
export const expectationAt = (steps: readonly StorageStep[], cut: number): Expectation => {
  const expectation = new Map<string, readonly (string | null)[]>()
  for (const { is, next } of toldBefore(steps, cut)) {
    for (const [key, state] of Object.entries(next)) {
      const before = expectation.get(key) ?? [null]
      expectation.set(key, is === 'ok' ? [state] : [...before, state])
    }
  }
  return expectation
}

const toldBefore = (steps: readonly StorageStep[], cut: number): readonly Told[] =>
  steps
    .filter((step) => step.kind === 'told')
    .filter(({ from }) => from < cut)
    .map(({ line }) => decodeTold(line))
