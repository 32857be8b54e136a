import type { HttpClient } from './http-client.ts'

/**
 * Makes the events created before an instant expire: today by a deletion with a range of creation times, which removes
 * the same events as a retention rule whose time has come.
 */
export const expireEvents = async (client: HttpClient, createdTo: string): Promise<void> => {
  const path = `/event/events?${new URLSearchParams({ createdTo }).toString()}`
  await client.expect(204, { method: 'DELETE', path })
}
