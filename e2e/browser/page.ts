import { BasicAuth, Client, CookieAuth, EventBinaryService } from '@c8y/client'

/** How the page is to log in, and where; the page's own origin when there is no address. */
export type Visit = {
  readonly way: 'Basic' | 'bearer' | 'cookie'
  readonly url?: string
  readonly password: string
}

/** What the page could do, in the order in which it tried. */
export type Visited = {
  readonly tenant: string | undefined
  readonly user: string
  readonly listed: readonly string[]
  readonly attached: number
  readonly isUnchanged: boolean
  readonly afterDeletion: number
}

/** Runs in the browser: logs in, creates, lists, attaches, downloads and deletes, all with the vendor's client. */
const visit = async ({ way, url = '', password }: Visit): Promise<Visited> => {
  const client = await logIns[way]({ tenant: 't1', user: 'admin', password }, url)
  const { data: user } = await client.user.current()
  const { data: device } = await client.inventory.create({ name: 'Door', c8y_IsDevice: {} })
  for (const text of ['opened', 'closed']) {
    const time = new Date().toISOString()
    await client.event.create({ source: { id: device.id }, type: 'door', text, time })
  }
  const listed = await client.event.list({ source: device.id, revert: true, pageSize: 1 })
  const next = await listed.paging?.next()
  const events = [...listed.data, ...(next?.data ?? [])]
  const id = String(events[0]?.id)
  const files = new EventBinaryService(client.core)
  const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => at % 251)
  const { data: attached } = await files.upload(new File([bytes], 'picture.bin'), id)
  const downloaded = new Uint8Array(await (await files.download(id)).arrayBuffer())
  await client.event.delete(id)
  const gone = await client.core.fetch(`/event/events/${id}`)
  return {
    tenant: client.core.tenant,
    user: user.userName,
    listed: events.map(({ text }) => text),
    attached: attached.length ?? 0,
    isUnchanged: downloaded.join() === bytes.join(),
    afterDeletion: gone.status,
  }
}

type Credentials = { readonly tenant: string; readonly user: string; readonly password: string }

const logIns: Readonly<
  Record<Visit['way'], (credentials: Credentials, url: string) => Promise<Client>>
> = {
  Basic: (credentials, url) => Client.authenticate(credentials, url),
  bearer: (credentials, url) => Client.authenticateViaOAuthInternal(credentials, url),
  cookie: (credentials, url) => Client.authenticateViaOAuthInternalCookie(credentials, url),
}

/** The status and the challenge that a wrong password gets; the browser must not ask in the page's place. */
const guess = async (url = ''): Promise<{ status: number; challenge: string | null }> => {
  const credentials = { tenant: 't1', user: 'admin', password: 'wrong password' }
  const client = new Client(new BasicAuth(credentials), url)
  const { status, headers } = await client.core.fetch('/event/events')
  return { status, challenge: headers.get('www-authenticate') }
}

/** Who the cookie says it is when the page has been opened again, and what it is worth after logging out. */
const resume = async (): Promise<{ user: string; afterLogOut: number }> => {
  const auth = new CookieAuth()
  const client = new Client(auth)
  const { data: user } = await client.user.current()
  await auth.logout()
  const { status } = await client.core.fetch('/user/currentUser')
  return { user: user.userName, afterLogOut: status }
}

Object.assign(globalThis, { visit, guess, resume })
