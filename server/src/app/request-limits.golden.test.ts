import { pino } from 'pino'
import { beforeEach, describe, expect, it } from 'vitest'
import { roles } from '../core/access.ts'
import { managementTenant, toTenantId, toUserName } from '../core/identity.ts'
import { createHttpServer } from '../inbound/http/create-http-server.ts'
import { createMemoryAttachments } from '../outbound/memory/attachments.ts'
import { createMemoryBackups } from '../outbound/memory/backups.ts'
import { createMemoryEventStore } from '../outbound/memory/event-store.ts'
import { createMemoryRegistry } from '../outbound/memory/registry.ts'
import { createScryptPasswords } from '../outbound/system/passwords.ts'
import { createPrometheusMeter } from '../outbound/system/prometheus-meter.ts'
import { createSecrets } from '../outbound/system/secrets.ts'
import { createStepClock, valueOf } from '../ports/event-samples.contract.ts'
import type { StepClock } from '../ports/event-samples.contract.ts'
import { createCarryOutRetention } from '../usecases/carry-out-retention.ts'
import { createFinishPurges } from '../usecases/finish-purges.ts'
import { createFileCases } from './create-file-cases.ts'
import { createProtocols } from './create-protocols.ts'
import type { Ports } from './create-protocols.ts'
import { decodeConfig } from './decode-config.ts'

/** docs/operations.md, limits: the whole server over memory, with a clock that stands still. */
type House = {
  readonly send: (
    as: string,
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    json?: unknown,
  ) => Promise<Told>
  readonly clock: StepClock
}

type Told = {
  readonly status: number
  readonly policy: unknown
  readonly left: unknown
  readonly retryAfter: unknown
  readonly body: string
}

const password = 'open-sesame'

const createHouse = async (environment: Readonly<Record<string, string>>): Promise<House> => {
  const clock = createStepClock()
  const ports: Ports = {
    ...createMemoryRegistry(clock),
    events: createMemoryEventStore(clock),
    attachments: createMemoryAttachments(clock),
    backups: createMemoryBackups(clock),
    passwords: createScryptPasswords(),
    secrets: createSecrets(),
    clock,
    meter: createPrometheusMeter(),
  }
  const decoded = decodeConfig({ environment, flags: {} })
  if (!decoded.ok) throw new Error(decoded.problems.join())
  for (const id of [toTenantId('t1'), toTenantId('t2'), managementTenant])
    await addTenant(ports, id)
  const finishPurges = createFinishPurges(ports)
  const carryOutRetention = createCarryOutRetention(ports)
  const jobs = { finishPurges, files: createFileCases(ports, finishPurges), carryOutRetention }
  const server = createHttpServer(
    { trustedProxies: [], logger: pino({ level: 'silent' }) },
    ports.meter,
    createProtocols(decoded.config, ports, jobs, () => 'running'),
  )
  const send: House['send'] = async (as, method, url, json) => {
    const answer = await server.inject({
      method,
      url,
      headers: {
        host: 'belfry.test',
        // Asking whether a page may read the answer counts no request.
        origin: 'https://pages.test',
        accept: 'application/json',
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${as}:${password}`).toString('base64')}`,
      },
      ...(json === undefined ? {} : { payload: JSON.stringify(json) }),
    })
    const { headers, statusCode: status, body } = answer
    const { 'ratelimit-policy': policy, ratelimit: left, 'retry-after': retryAfter } = headers
    return { status, policy, left, retryAfter, body }
  }
  return { send, clock }
}

/** Of `password`, at the lowest cost. */
const passwordHash =
  'scrypt$2$8$1$c2FsdC1vZi10aGUtdGVzdHM$ynaJByINDWX26QpPl5nATgX8S0M6KZlSSsZBgK4i4u0'

const addTenant = async ({ accounts }: Ports, id: typeof managementTenant): Promise<void> => {
  const user = {
    tenant: id,
    name: toUserName('admin'),
    passwordHash,
    enabled: true,
    roles: [...roles],
    profile: {},
  }
  valueOf(await accounts.createTenant({ id, name: id, domain: id, state: 'active' }, [user]))
}

const one = '/user/currentUser'

describe('a tenant with 2 requests in a second and 1 at once', () => {
  let house: House
  beforeEach(async () => {
    house = await createHouse({ BELFRY_TENANT_REQUESTS: '2', BELFRY_TENANT_QUEUE: '1' })
  })

  const statuses = async (as: string, requests: number): Promise<readonly number[]> => {
    const all: number[] = []
    for (let sent = 0; sent < requests; sent += 1)
      all.push((await house.send(as, 'GET', one)).status)
    return all
  }

  it('is told what is left, and when to come again', async () => {
    const first = await house.send('t1/admin', 'GET', one)
    expect(first).toMatchObject({
      status: 200,
      policy: '"tenant";q=3;w=2',
      left: '"tenant";r=2;t=1',
    })
    expect(first.retryAfter).toBeUndefined()
    await statuses('t1/admin', 2)
    const refused = await house.send('t1/admin', 'GET', one)
    expect(refused).toMatchObject({
      status: 429,
      policy: '"tenant";q=3;w=2',
      left: '"tenant";r=0;t=1',
      retryAfter: '1',
    })
    expect(JSON.parse(refused.body)).toMatchObject({ error: 'general/tooManyRequests' })
    house.clock.setMs(house.clock.nowMs() + 500)
    expect(await statuses('t1/admin', 2)).toEqual([200, 429])
  })

  it('is refused in the words of each protocol', async () => {
    await statuses('t1/admin', 3)
    const report = await house.send(
      't1/admin',
      'POST',
      '/rest/v1/api/tenants/t1/devices/1/events',
      {},
    )
    expect([report.status, report.body, report.retryAfter]).toEqual([
      429,
      '{"error":-1,"message":"Too many requests; try again later"}',
      '1',
    ])
    const native = await house.send('t1/admin', 'GET', '/belfry/v1/tenants/t1')
    expect([native.status, native.retryAfter]).toEqual([429, '1'])
  })

  it('takes nothing from another, nor from the operators', async () => {
    expect(await statuses('t1/admin', 50)).toContain(429)
    expect(await statuses('t2/admin', 3)).toEqual([200, 200, 200])
    expect(new Set(await statuses('management/admin', 50))).toEqual(new Set([200]))
  })

  it('loses nothing to whoever cannot prove to be of it', async () => {
    const { status, left } = await house.send('t1/stranger', 'GET', one)
    expect([status, left]).toEqual([401, undefined])
    expect(await statuses('t1/admin', 3)).toEqual([200, 200, 200])
  })

  it('has the limit that operators give it from the next request on', async () => {
    const set = (category: string, value: string) =>
      house.send('management/admin', 'POST', '/tenant/options', { category, key: 't1', value })
    await set('limit.http.requests', '5')
    expect((await house.send('t1/admin', 'GET', one)).policy).toBe('"tenant";q=3;w=2')
    await set('limit.http.queue', '10')
    expect((await house.send('t1/admin', 'GET', one)).policy).toBe('"tenant";q=15;w=3')
    await set('limit.http.requests', 'unlimited')
    expect((await house.send('t1/admin', 'GET', one)).policy).toBeUndefined()
    await house.send('management/admin', 'DELETE', '/tenant/options/limit.http.requests/t1')
    expect((await house.send('t1/admin', 'GET', one)).policy).toBe('"tenant";q=3;w=2')
  })

  it('cannot give itself another limit', async () => {
    const option = { category: 'limit.http.requests', key: 't1', value: 'unlimited' }
    await house.send('t1/admin', 'POST', '/tenant/options', option)
    expect((await house.send('t1/admin', 'GET', one)).policy).toBe('"tenant";q=3;w=2')
  })
})

it('without the setting nothing is limited, whatever options say', async () => {
  const house = await createHouse({})
  for (const category of ['limit.http.requests', 'limit.http.queue']) {
    const option = { category, key: 't1', value: '1' }
    await house.send('management/admin', 'POST', '/tenant/options', option)
  }
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => house.send('t1/admin', 'GET', one)),
  )
  expect(new Set(answers.map(({ status, policy }) => `${status} ${String(policy)}`))).toEqual(
    new Set(['200 undefined']),
  )
})

it('with unlimited only tenants that were given a limit have one', async () => {
  const house = await createHouse({ BELFRY_TENANT_REQUESTS: 'unlimited' })
  for (const category of ['limit.http.requests', 'limit.http.queue']) {
    const option = { category, key: 't1', value: '1' }
    await house.send('management/admin', 'POST', '/tenant/options', option)
  }
  expect((await house.send('t1/admin', 'GET', one)).policy).toBe('"tenant";q=2;w=2')
  expect((await house.send('t2/admin', 'GET', one)).policy).toBeUndefined()
})
