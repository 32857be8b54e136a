import type { ForcedKill, KillEnd } from './forced-kill.ts'
import { steps } from './step.ts'

/** Kinds of steps one after the other; one that was not met is tried again, so many times at most. */
export type StepTurns = {
  /** Has the kill done at the kind whose turn it is. */
  readonly take: (kill: (forced: ForcedKill) => Promise<KillEnd>) => Promise<KillEnd>
  /** How often each kind was met, by its name. */
  readonly met: () => Readonly<Record<string, number>>
}

const triesMax = 4

export const createTurns = (): StepTurns => {
  const met = new Map(steps.map(({ name }) => [name, 0]))
  let turn = 0
  let missed = 0
  return {
    take: async (kill) => {
      const step = steps[turn % steps.length] ?? steps[0]
      const end = await kill({ step, missed })
      if (end.wasMet) met.set(step.name, (met.get(step.name) ?? 0) + 1)
      missed = end.wasMet ? 0 : missed + 1
      if (end.wasMet || missed === triesMax) {
        turn += 1
        missed = 0
      }
      return end
    },
    met: () => Object.fromEntries(met),
  }
}
