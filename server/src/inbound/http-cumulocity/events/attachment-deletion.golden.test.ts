import { describe, expect, it } from 'vitest'
import { failed } from '../../../core/failure.ts'
import { createCumulocityServer } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 3.7 */
describe('a deletion when events cannot be changed', () => {
  it.each([
    ['disk-full', 204],
    ['tenant-full', 204],
    ['storage-failed', 503],
  ] as const)('because of %s is a %d, and is brought to its end later', async (reason, status) => {
    let isRefused = false
    const refused = failed({ kind: 'unavailable', reason, retryAfterS: 1 })
    const held = await createCumulocityServer({
      surround: (events) => ({
        ...events,
        change: (...all) => (isRefused ? Promise.resolve(refused) : events.change(...all)),
      }),
    })
    const url = `/event/events/${await held.createEvent()}/binaries`
    expect((await held.send('POST', url, { body: 'x' })).statusCode).toBe(201)
    isRefused = true
    expect((await held.send('DELETE', url)).statusCode).toBe(status)
    expect((await held.send('GET', url)).statusCode).toBe(404)
    const unsettled = await held.house.attachments.listUnsettled()
    expect(unsettled).toMatchObject({ ok: true, value: [{ owner: { kind: 'event' } }] })
  })
})
