import { decodeIds } from './decode-answer.ts'
import { createHttpClient } from './http-client.ts'
import type { HttpClient } from './http-client.ts'
import type { RunningServer } from './start-server.ts'

/** The bulk creation of managed objects takes this many at once. */
const bulkMax = 50

/** Makes devices to report from and answers their ids. */
export const createSources = async (
  client: HttpClient,
  count: number,
): Promise<readonly string[]> => {
  const ids: string[] = []
  while (ids.length < count) {
    const missing = Math.min(bulkMax, count - ids.length)
    const managedObjects = Array.from({ length: missing }, (_, index) => ({
      name: `bench device ${ids.length + index}`,
      type: 'bench_Device',
      c8y_IsDevice: {},
    }))
    const answer = await client.expect(201, {
      method: 'POST',
      path: '/inventory/managedObjects',
      mediaType: 'application/vnd.com.nsn.cumulocity.managedobjectcollection+json',
      body: JSON.stringify({ managedObjects }),
    })
    ids.push(...decodeIds(answer, 'managedObjects'))
  }
  return ids
}

/** The same with a connection of its own. */
export const createSourcesOn = async (
  { url }: RunningServer,
  count: number,
): Promise<readonly string[]> => {
  const client = createHttpClient(url)
  const ids = await createSources(client, count)
  client.close()
  return ids
}
