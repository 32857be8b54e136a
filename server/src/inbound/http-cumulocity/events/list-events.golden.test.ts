import { beforeEach, describe, expect, it } from 'vitest'
import { sampleStartMs } from '../../../ports/event-samples.contract.ts'
import { pageCharactersMax } from '../../../core/limits.ts'
import { testBase as base } from '../../test-server.fixture.ts'
import { createCumulocityServer, eventBody } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer, Sent } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 1.5, 1.6, 3.2 and 3.3 */
let server: CumulocityServer

beforeEach(async () => {
  server = await createCumulocityServer()
})

const path = '/event/events'

type List = {
  readonly self: string
  readonly next?: string
  readonly prev?: string
  readonly statistics: Readonly<Record<string, number>>
  readonly events: readonly { readonly id: string; readonly text: string }[]
}

const list = async (query = '', sent: Sent = {}): Promise<List> => {
  const answer = await server.send('GET', `${path}${query}`, sent)
  expect(answer.statusCode).toBe(200)
  return answer.json<List>()
}

const textsOf = async (query = '', sent: Sent = {}): Promise<string> =>
  (await list(query, sent)).events.map(({ text }) => text).join('')

const follow = (link: string | undefined): Promise<List> =>
  list(String(link).slice(base.length + path.length))

/** Events named a, b, c … one minute apart. */
const createMinutes = async (names: string): Promise<void> => {
  for (const [minute, text] of [...names].entries()) {
    const time = new Date(Date.UTC(2026, 1, 1, 12, minute)).toISOString()
    await server.createEvent({ text, time })
  }
}

describe('the list of events', () => {
  it('is empty without events, and for an unknown source', async () => {
    expect(await list()).toEqual({
      self: `${base}${path}?pageSize=5&currentPage=1`,
      statistics: { currentPage: 1, pageSize: 5 },
      events: [],
    })
    await server.createEvent()
    expect(await textsOf('?source=1')).toBe('')
    expect(await textsOf('?source=abc')).toBe('')
    expect(await textsOf(`?source=${server.t2.door}`)).toBe('')
  })

  it('may be the minimal exchange: filters, page, total and links', async () => {
    const { door } = server.t1
    for (const day of [1, 2, 3, 4, 5]) {
      await server.createEvent({ text: String(day), time: `2026-02-0${day}T10:00:00.000+01:00` })
    }
    await server.createEvent({ text: '0', time: '2026-01-31T23:59:59.999Z' })
    const query = `source=${door}&dateFrom=2026-02-01&pageSize=2&withTotalPages=true`
    const page = await list(`?${query}`)
    expect(page.events.map(({ text }) => text)).toEqual(['5', '4'])
    expect(page.statistics).toEqual({ currentPage: 1, pageSize: 2, totalPages: 3 })
    const filters = `source=${door}&dateFrom=2026-02-01&withTotalPages=true`
    expect(page.self).toBe(`${base}${path}?${filters}&pageSize=2&currentPage=1`)
    expect(page.next).toMatch(/currentPage=2&position=[^&]+$/)
    expect(page.next?.startsWith(`${base}${path}?${filters}&pageSize=2&`)).toBe(true)
    expect(page).not.toHaveProperty('prev')
  })

  it('has whole events', async () => {
    const id = await server.createEvent({ demo: { a: 1.5 } })
    const one = await server.send('GET', `${path}/${id}`)
    expect((await list()).events).toEqual([one.json()])
  })
})

describe('a filter', () => {
  beforeEach(async () => {
    await server.createEvent({ text: 'a', type: 'A', name: 'x' })
    await server.createEvent({ text: 'b', type: 'B', name: 'y', demo_Other: null })
    const body = eventBody(server.t1.owned, { text: 'c', type: 'A', name: 7 })
    await server.send('POST', path, { body })
  })

  it.each([
    ['?type=A', 'ca'],
    ['?fragmentType=name', 'cba'],
    ['?fragmentType=demo_Other', 'b'],
    ['?fragmentType=none', ''],
    ['?fragmentType=name&fragmentValue=x', 'a'],
    ['?fragmentType=name&fragmentValue=7', ''],
    ['?type=A&fragmentType=name&fragmentValue=y', ''],
    ['?type=&source=&fragmentType=&dateFrom=&pageSize=', 'cba'],
    ['?unknown=1&withSourceChildren=true&revert=false', 'cba'],
    ['?type=a', ''],
    ['?text=B', 'b'],
    ['?text=%20&type=A', 'ca'],
    ['?text=x', ''],
  ])('%s', async (query, texts) => {
    expect(await textsOf(query)).toBe(texts)
  })

  it('combines with the source by and', async () => {
    const { door, owned } = server.t1
    expect(await textsOf(`?source=${door}`)).toBe('ba')
    expect(await textsOf(`?source=${door}&type=A`)).toBe('a')
    expect(await textsOf(`?source=${owned}&type=B`)).toBe('')
    const withChildren = `?pageSize=50&withTotalPages=true&source=${door}&withSourceChildren=true`
    expect(await textsOf(withChildren)).toBe('ba')
  })

  it.each([
    ['?fragmentValue=x', 'fragmentValue: needs fragmentType'],
    [`?text=${'x'.repeat(257)}`, 'text: may have at most 256 characters'],
    ['?dateFrom=yesterday', 'dateFrom: must be an ISO 8601 date or date-time'],
    ['?createdTo=2026-02-30', 'createdTo: must be an ISO 8601 date or date-time'],
    ['?lastUpdatedFrom=1', 'lastUpdatedFrom: must be an ISO 8601 date or date-time'],
    ['?revert=yes', 'revert: must be true or false'],
    ['?position=x', 'position: is taken from next or prev as it stands'],
  ])('%s is refused with 422', async (query, message) => {
    const answer = await server.send('GET', `${path}${query}`)
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ error: 'undefined/validationError', message })
  })
})

describe('a range of times', () => {
  beforeEach(async () => {
    await server.createEvent({ text: 'a', time: '2026-02-01T10:00:00.000Z' })
    await server.createEvent({ text: 'b', time: '2026-02-01T10:00:00.001Z' })
    await server.createEvent({ text: 'c', time: '2026-02-02T00:00:00.000+02:00' })
  })

  it.each([
    ['dateFrom=2026-02-01T10:00:00.000Z', 'cba'],
    ['dateFrom=2026-02-01T10:00:00.001Z', 'cb'],
    ['dateTo=2026-02-01T10:00:00.001Z', 'a'],
    ['dateTo=2026-02-01T10:00:00.002Z', 'ba'],
    ['dateFrom=2026-02-01T10:00:00.000Z&dateTo=2026-02-01T10:00:00.001Z', 'a'],
    ['dateFrom=2026-02-01T10:00:00.001Z&dateTo=2026-02-01T10:00:00.001Z', 'b'],
    ['dateFrom=2026-02-01T10:00:00Z&dateTo=2026-02-01T11:00:00%2B01:00', 'a'],
    ['dateFrom=2026-02-02&dateTo=2026-02-01', ''],
    ['dateFrom=1970-01-01', 'cba'],
    ['dateFrom=2026-02-02', ''],
    ['dateFrom=2026-02-02T00:00:00%2B02:00', 'c'],
    ['dateFrom=2026-02-02T00:00:00+02:00', 'c'],
    ['dateFrom=2026-02-02T00:00:00.000+0200', 'c'],
    ['dateFrom=2026-02-02T00:00:00+02', 'c'],
    ['dateFrom=2026-02-02T00:00:00%2002:00', 'c'],
    ['dateFrom=2026-02-01T10:00:00.0009999Z', 'cba'],
    ['dateFrom=2026-02-01T10:00:00.001', 'cb'],
  ])('is half-open, an instant between equal bounds: %s', async (query, texts) => {
    expect(await textsOf(`?${query}`)).toBe(texts)
  })

  it('may be of the creation or of the last update', async () => {
    server.house.clock.setMs(sampleStartMs + 60_000)
    const id = await server.createEvent({ text: 'd', time: '2020-01-01' })
    expect(await textsOf('?createdFrom=2026-02-01T09:01:00Z')).toBe('d')
    expect(await textsOf('?createdTo=2026-02-01T09:01:00Z')).toBe('cba')
    server.house.clock.setMs(sampleStartMs + 120_000)
    await server.send('PUT', `${path}/${id}`, { body: { text: 'D' } })
    expect(await textsOf('?lastUpdatedFrom=2026-02-01T09:02:00Z')).toBe('D')
    expect(await textsOf('?lastUpdatedTo=2026-02-01T09:02:00Z')).toBe('cba')
    expect(await textsOf('?createdTo=2026-02-01T09:01:00.001Z')).toBe('cbaD')
  })
})

describe('the order', () => {
  it('is newest first, by time and then by id; revert turns it round', async () => {
    for (const [text, hour] of [
      ['b', 2],
      ['c', 3],
      ['a', 1],
      ['d', 3],
    ] as const) {
      await server.createEvent({ text, time: `2026-02-01T0${hour}:00:00Z` })
    }
    expect(await textsOf()).toBe('dcba')
    expect(await textsOf('?revert=true')).toBe('abcd')
    expect(await textsOf('?dateFrom=1970-01-01')).toBe('dcba')
    expect(await textsOf('?dateFrom=1970-01-01&revert=true')).toBe('abcd')
    expect(await textsOf('?createdFrom=1970-01-01&revert=false')).toBe('dcba')
  })
})

describe('a page', () => {
  it('has 5 events unless asked, and at most 2000', async () => {
    await createMinutes('abcdefg')
    expect(await textsOf()).toBe('gfedc')
    expect(await textsOf('?pageSize=2')).toBe('gf')
    for (const size of ['2001', '999999999', '2147483648', '9'.repeat(400)]) {
      const cut = await list(`?pageSize=${size}`)
      expect(cut.statistics).toEqual({ currentPage: 1, pageSize: 2000 })
      expect(cut.self).toBe(`${base}${path}?pageSize=2000&currentPage=1`)
      expect(cut.events).toHaveLength(7)
    }
  })

  it('beyond the end is empty, with no next', async () => {
    await createMinutes('abc')
    const page = await list('?pageSize=2&currentPage=5')
    expect(page.events).toEqual([])
    expect(page).not.toHaveProperty('next')
    expect(page.prev).toBe(`${base}${path}?pageSize=2&currentPage=4`)
  })

  it('has a next only when there is more', async () => {
    await createMinutes('abcd')
    expect(await list('?pageSize=4')).not.toHaveProperty('next')
    expect(await list('?pageSize=3')).toHaveProperty('next')
    expect(await list('?pageSize=2&currentPage=2')).not.toHaveProperty('next')
  })

  it.each([
    'pageSize=0',
    'pageSize=-1',
    'pageSize=x',
    'pageSize=1.5',
    'pageSize=1e3',
    'currentPage=0',
    'currentPage=-1',
    'currentPage=NaN',
    'currentPage=999999999',
    'pageSize=2000&currentPage=5002',
  ])('cannot be asked for by %s: 422', async (query) => {
    const answer = await server.send('GET', `${path}?${query}`)
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ error: 'undefined/validationError' })
  })

  it('that a link leads to may have any number', async () => {
    await createMinutes('abc')
    const { next = '' } = await list('?pageSize=1')
    const far = next.replace('currentPage=2', 'currentPage=99999999')
    expect((await follow(far)).events.map(({ text }) => text)).toEqual(['b'])
  })
})

describe('a page that is too large', () => {
  it('is a 422 that says to ask for fewer events', async () => {
    const fragment = 'x'.repeat(pageCharactersMax / 5)
    for (let index = 0; index < 5; index += 1) await server.createEvent({ demo_Large: fragment })
    const answer = await server.send('GET', path)
    expect(answer.statusCode).toBe(422)
    expect(answer.json<{ message: string }>().message).toBe(
      'pageSize: this page has more than 67108864 characters: ask for fewer events',
    )
    expect((await list('?pageSize=4')).events).toHaveLength(4)
  })
})

describe('totals', () => {
  it('are sent when asked, exactly, for any filter', async () => {
    await createMinutes('abcdefg')
    expect((await list('?withTotalPages=false')).statistics).toEqual({
      currentPage: 1,
      pageSize: 5,
    })
    expect((await list('?pageSize=1&withTotalPages=true')).statistics['totalPages']).toBe(7)
    const both = '?pageSize=2&withTotalPages=true&withTotalElements=true'
    expect((await list(both)).statistics).toEqual({
      currentPage: 1,
      pageSize: 2,
      totalPages: 4,
      totalElements: 7,
    })
    const since = '&dateFrom=2026-02-01T12:05:00Z'
    expect((await list(`${both}${since}`)).statistics).toMatchObject({ totalElements: 2 })
    const none = await list(`${both}&type=none`)
    expect(none.statistics).toMatchObject({ totalPages: 0, totalElements: 0 })
  })

  it('count right after a write', async () => {
    const count = async () => (await list('?withTotalElements=true')).statistics['totalElements']
    const id = await server.createEvent()
    expect(await count()).toBe(1)
    await server.send('DELETE', `${path}/${id}`)
    expect(await count()).toBe(0)
  })
})

describe('links', () => {
  it('carry all filters percent-encoded, and no empty ones', async () => {
    const type = "a=b&c d/é'(*)+"
    for (const text of 'abc') await server.createEvent({ text, type })
    const encoded = `type=${encodeURIComponent(type)}`
    const page = await list(`?${encoded}&pageSize=1&source=&dateFrom=1970-01-01T00:00:00%2B01:00`)
    const expected =
      'type=a%3Db%26c%20d%2F%C3%A9%27%28%2A%29%2B&dateFrom=1970-01-01T00%3A00%3A00%2B01%3A00&pageSize=1'
    expect(page.self).toBe(`${base}${path}?${expected}&currentPage=1`)
    expect(page.next?.startsWith(`${base}${path}?${expected}&currentPage=2&position=`)).toBe(true)
    const second = await follow(page.next)
    expect(second.events.map(({ text }) => text)).toEqual(['b'])
    expect(second.self).toBe(`${base}${path}?${expected}&currentPage=2`)
    expect((await follow(second.prev)).events).toEqual(page.events)
  })

  it('begin where the request was sent, and nowhere else', async () => {
    const { self } = await list('', { headers: { host: 'door.example:8443' } })
    expect(self).toBe('http://door.example:8443/event/events?pageSize=5&currentPage=1')
    const spoofed = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }
    expect((await list('', { headers: spoofed })).self.startsWith(`${base}/`)).toBe(true)
    const answer = await server.send('GET', path, { headers: { host: 'a"b' } })
    expect(answer.statusCode).toBe(400)
  })
})

describe('following next', () => {
  const walk = async (query: string, between: (page: number) => Promise<void>) => {
    const seen: string[] = []
    let page = await list(query)
    for (let number = 1; number < 50; number += 1) {
      seen.push(...page.events.map(({ text }) => text))
      if (page.next === undefined) return { seen, last: page }
      await between(number)
      page = await follow(page.next)
    }
    throw new Error('the walk does not end')
  }

  it.each(['', '&revert=true'])(
    'meets every event that stays exactly once while others come and go%s',
    async (order) => {
      await createMinutes('abcdefghij')
      const passing: string[] = []
      const { seen } = await walk(`?pageSize=3${order}`, async (number) => {
        const newest = await server.createEvent({ text: 'new', time: '2027-01-01' })
        await server.createEvent({ text: 'old', time: `2020-01-0${number}` })
        if (number > 1) await server.send('DELETE', `${path}/${passing.at(-1)}`)
        passing.push(newest)
      })
      const stayed = seen.filter((text) => text.length === 1)
      expect(stayed.join('')).toBe(order === '' ? 'jihgfedcba' : 'abcdefghij')
    },
  )

  it('goes on when the event that it stood at is gone', async () => {
    await createMinutes('abcdef')
    const first = await list('?pageSize=2')
    const last = first.events.at(-1)
    await server.send('DELETE', `${path}/${last?.id}`)
    expect((await follow(first.next)).events.map(({ text }) => text)).toEqual(['d', 'c'])
  })

  it('and then prev leads back over the same pages', async () => {
    await createMinutes('abcdefg')
    const { last } = await walk('?pageSize=3', () => Promise.resolve())
    expect(last.events.map(({ text }) => text)).toEqual(['a'])
    const second = await follow(last.prev)
    expect(second.events.map(({ text }) => text)).toEqual(['d', 'c', 'b'])
    expect(second.statistics['currentPage']).toBe(2)
    const first = await follow(second.prev)
    expect(first.events.map(({ text }) => text)).toEqual(['g', 'f', 'e'])
    expect(first).not.toHaveProperty('prev')
    expect((await follow(first.next)).events).toEqual(second.events)
  })

  it('and then prev leads back over every event that stays while late ones come in between', async () => {
    await createMinutes('abcdefg')
    const { last } = await walk('?pageSize=2', () => Promise.resolve())
    const seen = last.events.map(({ text }) => text)
    let { prev } = last
    for (let number = 1; prev !== undefined; number += 1) {
      if (number > 20) throw new Error('the walk does not end')
      await server.createEvent({ text: 'late', time: '2026-02-01T12:04:30Z' })
      const page = await follow(prev)
      seen.unshift(...page.events.map(({ text }) => text))
      expect(page.statistics['currentPage']).toBeGreaterThan(0)
      prev = page.prev
    }
    expect(seen.filter((text) => text.length === 1).join('')).toBe('gfedcba')
  })
})
