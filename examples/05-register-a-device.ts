import { Client } from '@c8y/client'
import { connect, serverUrl } from './connect.ts'

/**
 * A new device gets credentials of its own without anybody typing them into it. It leaves the factory with its serial
 * number and with the account `management/devicebootstrap`, which can do nothing but ask.
 */
const serial = `door-${Date.now()}`
const bootstrap = { user: 'devicebootstrap', password: 'made-for-this-example' }

/** Once for a server: the operator makes the account that all new devices ask with. */
const operator = await connect('management/admin')
const users = await operator.user.list({ pageSize: 1000 })
if (!users.data.some(({ userName }) => userName === bootstrap.user)) {
  await operator.user.create({
    userName: bootstrap.user,
    displayName: 'New devices',
    password: bootstrap.password,
  })
  const body = JSON.stringify({ role: { self: `${serverUrl}/user/roles/ROLE_DEVICE_BOOTSTRAP` } })
  const headers = { 'content-type': 'application/json' }
  const roles = `/user/management/users/${bootstrap.user}/roles`
  await operator.core.fetch(roles, { method: 'POST', headers, body })
}

/** The installer writes down which serial number to expect. */
const installer = await connect()
const { data: expected } = await installer.deviceRegistration.create({ id: serial })
console.log(`installer: ${expected.status}`)

/** The device is switched on and asks until it is answered. */
const account = `management/${bootstrap.user}:${bootstrap.password}`
const asking = Client.deviceBootstrap({
  basicAuthToken: Buffer.from(account).toString('base64'),
  baseUrl: serverUrl,
  deviceId: serial,
  timeout: 30_000,
})

/** The installer sees that it is there, and accepts it. */
const stateOf = async () => (await installer.deviceRegistration.detail(serial)).data.status
while (String(await stateOf()) !== 'PENDING_ACCEPTANCE');
console.log('installer: PENDING_ACCEPTANCE')
const { data: accepted } = await installer.deviceRegistration.accept(serial)
console.log(`installer: ${accepted.status}`)

/** From here on the device is a user. What it creates is its own, and it may send its events. */
const device = await asking
const { data: self } = await device.inventory.create({ name: 'Door', c8y_IsDevice: {} })
const { data: event } = await device.event.create({
  source: { id: self.id },
  type: 'started',
  text: 'Hello',
  time: new Date().toISOString(),
})
console.log(`device: ${self.owner === `device_${serial}` ? 'owns itself' : 'is not its owner'}`)
console.log(`device: ${event.text}`)
