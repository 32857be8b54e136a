import type { LightMyRequestResponse } from 'fastify'
import type { ManagedObjectId, TenantId } from '../../core/identity.ts'
import { sampleStartMs } from '../../ports/event-samples.contract.ts'
import { createTestServer } from '../test-server.fixture.ts'
import type { TestRequest, TestServer, TestServerParts } from '../test-server.fixture.ts'

export const home = 't1' as TenantId
export const neighbour = 't2' as TenantId

/** A right report; `undefined` leaves a field out. */
export const sampleReport = (
  fields: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> => ({
  typeId: 'door-opened',
  description: 'Front door opened',
  appId: 'lobby',
  severity: 3,
  data: { source: 'Software', version: 2.5, active: true },
  timestamp: sampleStartMs,
  ...fields,
})

/** The report as a client that writes its JSON by hand would send it: `parts` replace values by raw text. */
export const sampleText = (parts: Readonly<Record<string, string>> = {}): string => {
  const members = new Map<string, string>()
  for (const [name, value] of Object.entries(sampleReport()))
    members.set(name, JSON.stringify(value))
  for (const [name, text] of Object.entries(parts)) members.set(name, text)
  return `{${[...members].map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`
}

export const eventsPath = (tenant: string, device: string | number): string =>
  `/rest/v1/api/tenants/${tenant}/devices/${device}/events`

/** A server with tenants `t1` and `t2`; `t1` has a device, the apps `lobby` and `garage`, and a key. */
export type Reporting = TestServer & {
  readonly device: ManagedObjectId
  readonly key: string
  /** Posts a report for the device with the key. */
  readonly report: (
    body: Record<string, unknown> | string | Buffer,
    parts?: Partial<TestRequest>,
  ) => Promise<LightMyRequestResponse>
}

export const createReporting = async (parts: TestServerParts = {}): Promise<Reporting> => {
  const server = createTestServer(parts)
  await server.addTenant(home)
  await server.addTenant(neighbour)
  await server.addApp(home, 'lobby')
  await server.addApp(home, 'garage')
  await server.addApp(neighbour, 'elsewhere')
  const device = await server.addDevice(home, 'owner')
  const key = await server.addKey(home)
  return {
    ...server,
    device,
    key,
    report: (body, { headers, ...request } = {}) =>
      server.send({
        method: 'POST',
        url: eventsPath(home, device),
        headers: { 'x-api-key': key, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
        ...request,
      }),
  }
}

export const locationOf = ({ headers }: LightMyRequestResponse): string => String(headers.location)

/** Status and body of a failure, its media type included. */
export const failureOf = (answer: LightMyRequestResponse): unknown => ({
  status: answer.statusCode,
  type: answer.headers['content-type'],
  body: answer.json<unknown>(),
})

export const failure = (status: number, error: number, message: unknown): unknown => ({
  status,
  type: 'application/json',
  body: { error, message },
})
