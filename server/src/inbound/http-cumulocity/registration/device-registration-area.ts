import {
  count,
  instant,
  listOf,
  object,
  oneOf,
  openObject,
  ref,
  said,
  text,
  url,
} from '../../http/area.ts'
import type { Area, Content } from '../../http/area.ts'
import {
  answered,
  created,
  cumulocityDialect,
  gone,
  pageOf,
  paging,
  sent,
} from '../ground/cumulocity-dialect.ts'

const one = answered('The request', 'newDeviceRequest', ref('DeviceRequest'))
const outcome: Content = { 'application/json': ref('BulkDeviceRequest') }
const reader = '`ROLE_DEVICE_CONTROL_READ`'
const admin = '`ROLE_DEVICE_CONTROL_ADMIN`'

/** docs/protocols/cumulocity.md, 5.7 */
export const deviceRegistrationArea: Area = {
  name: 'Device registration',
  summary: 'How a device comes to credentials of its own: expected, accepted, and told once.',
  dialect: cumulocityDialect,
  schemas: {
    DeviceRequest: object(
      {
        id: text,
        self: url,
        status: oneOf('WAITING_FOR_CONNECTION', 'PENDING_ACCEPTANCE', 'ACCEPTED'),
        creationTime: instant,
      },
      { type: text, groupId: text },
    ),
    NewDeviceRequest: openObject({ id: text }, { type: text, groupId: text }),
    DeviceRequestPage: pageOf('newDeviceRequests', ref('DeviceRequest')),
    BulkDeviceRequest: object({
      numberOfAll: count,
      numberOfCreated: count,
      numberOfFailed: count,
      numberOfSuccessful: count,
      credentialUpdatedList: listOf(
        object({ bulkNewDeviceStatus: oneOf('CREDENTIAL_UPDATED'), deviceId: text }),
      ),
      failedCreationList: listOf(
        object(
          {
            bulkNewDeviceStatus: oneOf('FAILED'),
            failureReason: text,
            line: said(text, 'The number of the line; the head is the first.'),
          },
          { deviceId: text },
        ),
      ),
    }),
    DeviceCredentials: object({
      id: text,
      self: url,
      tenantId: text,
      username: text,
      password: text,
    }),
  },
  operations: {
    'GET /devicecontrol/newDeviceRequests': {
      summary: 'List devices that are expected',
      needs: reader,
      query: paging,
      answers: {
        200: answered('A page', 'newDeviceRequestCollection', ref('DeviceRequestPage')),
      },
    },
    'POST /devicecontrol/newDeviceRequests': {
      summary: 'Expect a device',
      needs: admin,
      body: sent('newDeviceRequest', ref('NewDeviceRequest')),
      answers: { 201: created('newDeviceRequest', ref('DeviceRequest')) },
      fails: [409],
    },
    'POST /devicecontrol/bulkNewDeviceRequests': {
      summary: 'Expect or register the devices of a file',
      details:
        'A table of separated values with the column `ID`. A line with `CREDENTIALS` is a device that is registered at once, with that password; with `NAME` and `TYPE` in the head it gets an object too. Each line is taken or refused on its own.',
      needs: admin,
      body: { 'multipart/form-data': openObject({ file: text }), 'text/csv': text },
      answers: {
        201: { description: 'Counts, and the lines that failed', content: outcome },
      },
    },
    'GET /devicecontrol/newDeviceRequests/:request': {
      summary: 'Read a request',
      needs: reader,
      answers: { 200: one },
    },
    'PUT /devicecontrol/newDeviceRequests/:request': {
      summary: 'Accept a device that has called',
      needs: admin,
      body: sent(
        'newDeviceRequest',
        openObject({ status: oneOf('ACCEPTED') }, { securityToken: text }),
      ),
      answers: { 200: one },
      fails: [409],
    },
    'DELETE /devicecontrol/newDeviceRequests/:request': {
      summary: 'Expect a device no more',
      needs: '`ROLE_USER_MANAGEMENT_ADMIN`',
      answers: gone,
    },
    'POST /devicecontrol/deviceCredentials': {
      summary: 'Ask for the credentials of the calling device',
      details: 'A 404 until the device has been accepted; answered with the credentials once.',
      needs: '`ROLE_DEVICE_BOOTSTRAP`',
      body: sent('deviceCredentials', openObject({ id: text }, { securityToken: text })),
      answers: { 201: answered('The credentials', 'deviceCredentials', ref('DeviceCredentials')) },
      fails: [404, 409],
    },
  },
}
