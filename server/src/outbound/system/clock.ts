import type { Clock } from '../../ports/clock.ts'

/** The clock of the machine. */
export const createSystemClock = (): Clock => ({ nowMs: () => Date.now() })
