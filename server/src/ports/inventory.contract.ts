import { describe } from 'vitest'
import { changeCases } from './inventory-changes.contract.ts'
import { familyCases } from './inventory-families.contract.ts'
import { queryCases } from './inventory-queries.contract.ts'
import { readCases } from './inventory-reads.contract.ts'
import { refusalCases } from './inventory-refusals.contract.ts'
import { registryUnderTest } from './registry-samples.contract.ts'
import { viewerCases } from './inventory-viewers.contract.ts'
import type { MakeRegistry } from './registry-samples.contract.ts'

/** What every inventory promises, negative cases first. */
export const inventoryContract = (name: string, make: MakeRegistry): void => {
  describe(`inventory contract: ${name}`, () => {
    const test = registryUnderTest(make)
    describe('refuses', () => refusalCases(test))
    describe('reads', () => readCases(test))
    describe('changes', () => changeCases(test))
    describe('knows families', () => familyCases(test))
    describe('shows viewers what they', () => viewerCases(test))
    describe('understands queries', () => queryCases(test))
  })
}
