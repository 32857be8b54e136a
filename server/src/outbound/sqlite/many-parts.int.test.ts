import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import {
  createStepClock,
  sampleEvent,
  sampleTenant,
  valueOf,
} from '../../ports/event-samples.contract.ts'
import { openSqliteStores } from './open-stores.ts'
import { deafMeter, scratchFolder, throwProblem } from './testing/scratch-store.contract.ts'

/** More than a thread keeps open files of. */
const parts = 230

it('one page may need more parts than a thread keeps open', { timeout: 120_000 }, async () => {
  const folder = scratchFolder()
  const config = { folder, partRows: 2, readers: 1, logProblem: throwProblem }
  const { events, close } = await openSqliteStores(config, createStepClock(), deafMeter)
  for (let part = 0; part < parts; part += 1) {
    valueOf(await events.append(sampleTenant, [sampleEvent(), sampleEvent()]))
    // The hot part would grow on while files are waited for.
    await vi.waitUntil(() => countFiles(folder) >= part, { timeout: 20_000, interval: 1 })
  }
  const everything = { filter: {}, position: { from: 'start', skip: 0 }, size: 1_000 } as const
  for (const order of ['newest-first', 'oldest-first'] as const) {
    const page = valueOf(await events.readPage(sampleTenant, { ...everything, order }))
    expect(page.events).toHaveLength(2 * parts)
  }
  expect(valueOf(await events.count(sampleTenant, { type: 'c8y_LocationUpdate' }))).toBe(2 * parts)
  await close()
})

const countFiles = (folder: string): number =>
  readdirSync(join(folder, 'events')).filter((name) => name.endsWith('.part')).length
