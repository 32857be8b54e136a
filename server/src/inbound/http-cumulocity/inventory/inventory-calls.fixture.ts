import type { CumulocityServer, Method, Sent } from '../cumulocity-server.fixture.ts'

/** Where managed objects are (docs/protocols/cumulocity.md, 6.1). */
export const objectsPath = '/inventory/managedObjects'

export type Reference = {
  readonly self: string
  readonly managedObject: { readonly id: string; readonly name?: string } & Shown
}

export type List = { readonly references: readonly Reference[]; readonly count?: number }

/** A managed object's reference lists. */
export type Shown = { readonly [list: string]: List | string | undefined }

type ObjectPage = {
  readonly managedObjects: readonly ({ readonly name?: string } & Shown)[]
  readonly statistics: unknown
  readonly next?: string
}

/** Short ways to fill and read the inventory of the test that runs. */
export const createInventoryCalls = (server: () => CumulocityServer) => {
  const read = async (id: string | number, query = '', sent: Sent = {}) =>
    (await server().send('GET', `${objectsPath}/${id}${query}`, sent)).json<Shown>()
  const list = async (query: string, sent: Sent = {}) =>
    (await server().send('GET', `${objectsPath}${query}`, sent)).json<ObjectPage>()
  return {
    create: async (body: unknown, sent: Sent = {}): Promise<string> => {
      const answer = await server().send('POST', objectsPath, { ...sent, body })
      return answer.json<{ readonly id: string }>().id
    },
    add: (parent: string, name: string, child: string | number, sent: Sent = {}) =>
      server().send('POST', `${objectsPath}/${parent}/${name}`, {
        body: { managedObject: { id: String(child) } },
        ...sent,
      }),
    read,
    list,
    listedNames: async (query: string, sent: Sent = {}) =>
      (await list(query, sent)).managedObjects.map(({ name }) => name),
    childrenOf: async (parent: string, query = '', name = 'childAssets', sent: Sent = {}) => {
      const answer = await server().send('GET', `${objectsPath}/${parent}/${name}${query}`, sent)
      return answer.json<List & { readonly next?: string; readonly statistics: unknown }>()
    },
    statusOf: async (method: Method, path: string, sent: Sent = {}) =>
      (await server().send(method, path, sent)).statusCode,
  }
}

/** What a shown object has in one of its lists. */
export const listIn = (object: Shown | undefined, name: string): List => {
  const list = object?.[name]
  if (list === undefined || typeof list === 'string') throw new Error(`there is no list ${name}`)
  return list
}

export const namesIn = (list: List): readonly (string | undefined)[] =>
  list.references.map((each) => each.managedObject.name)
