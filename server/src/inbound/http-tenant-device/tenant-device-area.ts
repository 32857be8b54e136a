import { anyObject, instant, object, oneOf, ref, said, text, url } from '../http/area.ts'
import type { Area, Dialect, Operations, Schema } from '../http/area.ts'
import {
  reportDescriptionLengthMax,
  reportTimeMsMax,
  reportTypeLengthMax,
} from '../../core/limits.ts'
import { severityMax, severityMin } from '../../core/limits.ts'

const error = { 'application/json': ref('TenantDeviceError') }

/** docs/protocols/tenant-device-events.md, 2 */
const dialect: Dialect = {
  security: ['key', 'keyAsBearer', 'basic'],
  headers: [],
  pathParameters: {
    tenant: 'The id of the tenant.',
    device: 'The id of the device, an external id of type `udid`, or `sn-!-` and a serial number.',
    receipt: 'The id of the receipt.',
  },
  errors: {
    content: error,
    always: [400, 429, 500, 503],
    forCallers: [401, 403],
    forNames: [404],
    forBodies: [413, 415],
    forChanges: [],
    forQueries: [],
  },
}

const timestamp: Schema = {
  type: 'integer',
  minimum: 0,
  maximum: reportTimeMsMax,
  description: 'Milliseconds since 1970, as the device says; kept as sent.',
}

const schemas: Readonly<Record<string, Schema>> = {
  TenantDeviceError: object({
    error: {
      type: 'integer',
      enum: [-1, 0, 4, 5, 6],
      description: '-1 unknown, 0 licence, 4 tenant, 5 device, 6 validation.',
    },
    message: text,
  }),
  NewReport: object(
    {
      typeId: { ...text, minLength: 1, maxLength: reportTypeLengthMax },
      description: { ...text, maxLength: reportDescriptionLengthMax },
      severity: { type: 'integer', minimum: severityMin, maximum: severityMax },
      data: said(anyObject, 'Kept and given back as sent.'),
      timestamp,
    },
    {
      appId: said(text, 'The id of an app of this tenant; mandatory unless `appKey` is there.'),
      appKey: said(text, 'The key of the app, in place of its id.'),
    },
  ),
  Report: object({
    id: text,
    self: url,
    tenantId: text,
    deviceId: text,
    typeId: text,
    description: text,
    appId: text,
    severity: { type: 'integer' },
    data: anyObject,
    timestamp,
    creationTime: instant,
  }),
  AcceptedReport: object({ receipt: text, status: oneOf('accepted') }),
  Receipt: object(
    { receipt: text, status: oneOf('pending', 'stored', 'duplicate', 'rejected') },
    { id: text, self: url, error: ref('TenantDeviceError') },
  ),
}

const place = { description: 'Where it is found.' }

const operations: Operations = {
  'POST /rest/v1/api/tenants/:tenant/devices/:device/events': {
    summary: 'Report an event of a device',
    details:
      'An equal event is never stored twice: a retry is a 409 that names the first. The answer comes when the event is on disk.',
    needs:
      'an API key of the tenant; or a user with `ROLE_EVENT_ADMIN`, or the owner of the device',
    headers: [
      {
        name: 'Prefer',
        description: '`respond-async` asks for a receipt instead of the event.',
        schema: text,
      },
    ],
    body: { 'application/json': ref('NewReport') },
    answers: {
      201: {
        description: 'Stored',
        content: { 'application/json': ref('Report') },
        headers: {
          Location: place,
          'Belfry-Clock-Skew': {
            description:
              'By how many milliseconds the clock of the device is ahead, when it is far off.',
          },
        },
      },
      202: {
        description: 'On disk, and stored soon',
        content: { 'application/json': ref('AcceptedReport') },
        headers: { Location: place },
      },
      409: {
        description: 'An equal event exists',
        content: error,
        headers: { Location: place },
      },
    },
  },
  'GET /rest/v1/api/tenants/:tenant/receipts/:receipt': {
    summary: 'Ask what became of a report',
    answers: {
      200: { description: 'What became of it', content: { 'application/json': ref('Receipt') } },
    },
  },
}

/** docs/protocols/tenant-device-events.md */
export const tenantDeviceArea: Area = {
  name: 'Reports',
  summary: 'The tenant-device dialect: devices and kiosks report events, once each.',
  dialect,
  schemas,
  operations,
}
