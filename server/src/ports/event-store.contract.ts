import { afterEach, beforeEach, describe } from 'vitest'
import { createStepClock } from './event-samples.contract.ts'
import { changeCases } from './event-store-changes.contract.ts'
import { followingCases } from './event-store-following.contract.ts'
import { pageCases } from './event-store-pages.contract.ts'
import { refusalCases } from './event-store-refusals.contract.ts'
import { uniqueCases } from './event-store-uniques.contract.ts'
import type { StoreUnderTest } from './event-samples.contract.ts'
import type { Clock } from './clock.ts'
import type { EventStore } from './event-store.ts'

/** Every promise of `EventStore` that can be shown without stopping the process, refusals first. */
export const eventStoreContract = (
  name: string,
  makeStore: (clock: Clock) => Promise<EventStore>,
): void => {
  describe(`event store contract: ${name}`, () => {
    let current: StoreUnderTest | undefined
    beforeEach(async () => {
      const clock = createStepClock()
      current = { store: await makeStore(clock), clock }
    })
    afterEach(() => current?.store.close())
    const underTest = (): StoreUnderTest => {
      if (!current) throw new Error('the store is made before each case')
      return current
    }
    describe('refuses', () => refusalCases(underTest))
    describe('stores each unique event once', () => uniqueCases(underTest))
    describe('gives pages and counts', () => pageCases(underTest))
    describe('is followed', () => followingCases(underTest))
    describe('changes and deletes', () => changeCases(underTest))
  })
}
