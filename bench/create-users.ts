import { decodeObject } from './decode-answer.ts'
import type { HttpClient } from './http-client.ts'

const password = 'a password to bench'

/** Makes users that may send events, in a group of this name, and answers the `Authorization` of each. */
export const createUsers = async (
  client: HttpClient,
  count: number,
  groupName = 'bench',
): Promise<readonly string[]> => {
  const group = await post(client, '/user/t1/groups', { name: groupName })
  const groupPath = `/user/t1/groups/${String(group['id'])}`
  for (const role of ['ROLE_EVENT_ADMIN', 'ROLE_EVENT_READ', 'ROLE_INVENTORY_READ']) {
    await post(client, `${groupPath}/roles`, { role: { self: `/user/roles/${role}` } })
  }
  const names = Array.from({ length: count }, (_, index) => `${groupName}-${index}`)
  for (const userName of names) {
    const { self } = await post(client, '/user/t1/users', { userName, password })
    await post(client, `${groupPath}/users`, { user: { self } })
  }
  return names.map((name) => `Basic ${Buffer.from(`t1/${name}:${password}`).toString('base64')}`)
}

const post = async (
  client: HttpClient,
  path: string,
  body: object,
): Promise<Readonly<Record<string, unknown>>> =>
  decodeObject(await client.expect(201, { method: 'POST', path, body: JSON.stringify(body) }))
