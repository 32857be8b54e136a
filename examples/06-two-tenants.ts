import { Client } from '@c8y/client'
import { connect, serverUrl } from './connect.ts'

/** Two tenants on one server: each has its own devices, users and events, and neither can see the other's. */
const operator = await connect('management/admin')

/** The operator makes a tenant with its first administrator, and has no part in what is in it. */
const createTenant = async (name: string): Promise<Client> => {
  const tenant = `${name}-${Date.now()}`
  const password = `secret of ${tenant}`
  const body = JSON.stringify({ id: tenant, administrator: { name: 'admin', password } })
  const headers = { 'content-type': 'application/json' }
  await operator.core.fetch('/belfry/v1/tenants', { method: 'POST', headers, body })
  return Client.authenticate({ tenant, user: 'admin', password }, serverUrl)
}

/** Both use the same serial number, each for a door of its own. */
const openDoor = async (client: Client, text: string): Promise<string> => {
  const { data: door } = await client.inventory.create({ name: 'Door', c8y_IsDevice: {} })
  const serial = { type: 'c8y_Serial', externalId: 'door-1', managedObject: { id: door.id } }
  await client.identity.create(serial)
  const source = { id: door.id }
  await client.event.create({ source, type: 'door_open', text, time: '2026-02-01T10:00:00Z' })
  return door.id
}

const textsIn = async (client: Client): Promise<string> => {
  const { data: events } = await client.event.list()
  return events.map(({ text }) => text).join(', ') || 'nothing'
}

const north = await createTenant('north')
const south = await createTenant('south')
await openDoor(north, 'Opened in the north')
const doorOfSouth = await openDoor(south, 'Opened in the south')
console.log(`north sees: ${await textsIn(north)}`)
console.log(`south sees: ${await textsIn(south)}`)

/** With right credentials and a right id, but of the other tenant, there is nothing. */
const { status } = await north.core.fetch(`/inventory/managedObjects/${doorOfSouth}`)
console.log(`north asks for the door of the south: ${status}`)

/** With a tenant goes all that is in it, and nothing else. */
const deleteTenant = ({ core }: Client) =>
  operator.core.fetch(`/belfry/v1/tenants/${core.tenant}`, { method: 'DELETE' })
await deleteTenant(north)
console.log(`after the north was deleted, south sees: ${await textsIn(south)}`)
await deleteTenant(south)
