import { count, flag, listOf, object, openObject, ref, said, text, url } from '../../http/area.ts'
import type { Area, Operations, Parameter, Schema } from '../../http/area.ts'
import { fileAnswer, fileBody } from '../binaries/attachment-operations.ts'
import { childOperations } from './child-operations.ts'
import {
  answered,
  created,
  cumulocityDialect,
  gone,
  pageOf,
  paging,
  parameter,
  sent,
  stored,
  times,
  wish,
} from '../ground/cumulocity-dialect.ts'

const draft = { name: text, type: text, owner: text } as const

const family = Object.fromEntries(
  [
    'childDevices',
    'childAssets',
    'childAdditions',
    'deviceParents',
    'assetParents',
    'additionParents',
  ].map((name) => [name, ref('References')]),
)

const schemas: Readonly<Record<string, Schema>> = {
  ManagedObject: openObject({ ...stored, ...times, ...family }, draft),
  NewManagedObject: openObject(
    {},
    {
      ...draft,
      externalIds: said(
        listOf(ref('NewExternalId')),
        'Bound to the new object; one that is taken is a 409.',
      ),
    },
  ),
  ManagedObjectChange: said(
    openObject(
      {},
      {
        name: { type: ['string', 'null'] },
        type: { type: ['string', 'null'] },
        owner: { type: ['string', 'null'] },
      },
    ),
    'What is left out stays; what is `null` goes. An `id` alone is a heartbeat.',
  ),
  Heartbeat: object({ id: text }),
  ManagedObjectPage: pageOf('managedObjects', ref('ManagedObject')),
  NewManagedObjects: openObject({
    managedObjects: { type: 'array', maxItems: 50, items: ref('NewManagedObject') },
  }),
  ManagedObjects: object({ self: url, managedObjects: listOf(ref('ManagedObject')) }),
  References: object({ references: listOf(ref('ShortReference')), self: url }, { count }),
  ShortReference: object({
    managedObject: object({ id: text, self: url }, { name: text }),
    self: url,
  }),
  Reference: object({ managedObject: ref('ManagedObject'), self: url }),
  ReferenceList: object({ self: url, references: listOf(ref('Reference')) }),
  ReferencePage: pageOf('references', ref('Reference')),
  DeviceUser: object({ self: url, userName: text, enabled: flag }),
}

/** docs/protocols/cumulocity.md, 6.1 */
export const objectFilters: readonly Parameter[] = [
  parameter('ids', 'Ids, with commas between them.'),
  parameter('type', 'The whole type; ignored beside a query.'),
  parameter('fragmentType', 'The name of a fragment that it has.'),
  parameter('owner', 'The name of its owner.'),
  parameter('text', 'Words of its id, name, type, owner or external ids.'),
  parameter('query', 'An expression of the query language, perhaps with an order.'),
  parameter('q', 'The same among devices; empty for all devices.'),
  parameter('childDeviceId', 'The id of a child device.'),
  parameter('childAssetId', 'The id of a child asset.'),
  parameter('childAdditionId', 'The id of a child addition.'),
  wish('onlyRoots', 'Without what is a child of something.'),
]

export const familyWishes: readonly Parameter[] = [
  parameter('withChildren', 'Shows children: by default for one object, not in lists.', flag),
  parameter('withParents', 'Shows parents: by default for one object, not in lists.', flag),
  wish('withGroups', 'Shows the groups that it is in.'),
  wish('withChildrenCount', 'Adds how many children there are.'),
  wish('skipChildrenNames', 'Shows relatives without their names.'),
]

const oneOrMany = { anyOf: [ref('ManagedObject'), ref('ManagedObjects')] }

const ofAll: Operations = {
  'POST /inventory/managedObjects': {
    summary: 'Create a managed object, or up to 50 at once',
    details: 'The vendor type of the collection makes it a bulk, all or none.',
    needs:
      '`ROLE_INVENTORY_ADMIN`, `ROLE_INVENTORY_CREATE`, `ROLE_MANAGED_OBJECT_ADMIN` or `ROLE_MANAGED_OBJECT_CREATE`',
    body: {
      ...sent('managedObject', ref('NewManagedObject')),
      'application/vnd.com.nsn.cumulocity.managedObjectCollection+json': ref('NewManagedObjects'),
    },
    answers: {
      201: {
        ...created('managedObject', ref('ManagedObject')),
        content: {
          'application/json': oneOrMany,
          'application/vnd.com.nsn.cumulocity.managedObject+json': ref('ManagedObject'),
          'application/vnd.com.nsn.cumulocity.managedObjectCollection+json': ref('ManagedObjects'),
        },
      },
    },
    fails: [409],
  },
  'GET /inventory/managedObjects': {
    summary: 'List managed objects',
    details:
      'By ascending id, unless a query orders them. Without `ROLE_INVENTORY_READ` or `ROLE_MANAGED_OBJECT_READ` only what the caller owns, was given or everybody may see.',
    query: [...objectFilters, ...familyWishes, ...paging],
    answers: { 200: answered('A page', 'managedObjectCollection', ref('ManagedObjectPage')) },
  },
  'PUT /inventory/managedObjects': {
    summary: 'Change up to 50 managed objects at once',
    details: 'All or none; each element names its `id`.',
    body: sent(
      'managedObjectCollection',
      openObject({ managedObjects: listOf(ref('ManagedObjectChange')) }),
    ),
    answers: { 200: answered('The objects', 'managedObjectCollection', ref('ManagedObjects')) },
    fails: [404],
  },
  'GET /inventory/managedObjects/count': {
    summary: 'Count managed objects',
    query: objectFilters,
    answers: { 200: answered('How many a list with these filters has', 'managedObject', count) },
  },
}

const ofOne: Operations = {
  'GET /inventory/managedObjects/:id': {
    summary: 'Read a managed object',
    query: familyWishes,
    answers: { 200: answered('The object', 'managedObject', ref('ManagedObject')) },
  },
  'PUT /inventory/managedObjects/:id': {
    summary: 'Change a managed object',
    body: sent('managedObject', ref('ManagedObjectChange')),
    answers: {
      200: answered('The object, or the id alone for a heartbeat', 'managedObject', {
        anyOf: [ref('ManagedObject'), ref('Heartbeat')],
      }),
    },
  },
  'DELETE /inventory/managedObjects/:id': {
    summary: 'Delete a managed object, and its events in the background',
    query: [
      wish('cascade', 'Everything below a device or a group goes with it.'),
      wish('forceCascade', 'Everything below any object goes with it.'),
      wish('withDeviceUser', 'The user of the device goes with it.'),
    ],
    answers: gone,
    fails: [409],
  },
  'GET /inventory/managedObjects/:id/availability': {
    summary: 'Ask for the availability of a device',
    details: 'Nothing is monitored here: it is a 404 for every object.',
    answers: {},
  },
  'GET /inventory/managedObjects/:id/supportedMeasurements': {
    summary: 'List the measurements of a device: none',
    answers: {
      200: answered(
        'An empty list',
        'managedObject',
        object({ c8y_SupportedMeasurements: listOf(text) }),
      ),
    },
  },
  'GET /inventory/managedObjects/:id/supportedSeries': {
    summary: 'List the series of a device: none',
    answers: {
      200: answered(
        'An empty list',
        'managedObject',
        object({ c8y_SupportedSeries: listOf(text) }),
      ),
    },
  },
  'GET /inventory/managedObjects/:id/user': {
    summary: 'Read the user of a device',
    answers: { 200: answered('The user', 'managedObjectUser', ref('DeviceUser')) },
  },
  'PUT /inventory/managedObjects/:id/user': {
    summary: 'Enable or disable the user of a device',
    needs: '`ROLE_USER_MANAGEMENT_ADMIN`',
    body: sent('managedObjectUser', openObject({ enabled: flag })),
    answers: { 200: answered('The user', 'managedObjectUser', ref('DeviceUser')) },
  },
}

const ofFiles: Operations = {
  'GET /inventory/binaries': {
    summary: 'List stored files',
    query: [...objectFilters, ...familyWishes, ...paging],
    answers: { 200: answered('A page', 'managedObjectCollection', ref('ManagedObjectPage')) },
  },
  'POST /inventory/binaries': {
    summary: 'Store a file',
    body: fileBody(ref('NewManagedObject')),
    answers: {
      201: {
        ...created('json', ref('ManagedObject')),
        content: { 'application/json': ref('ManagedObject') },
      },
    },
    fails: [409],
  },
  'GET /inventory/binaries/:id': { summary: 'Read a stored file', answers: { 200: fileAnswer } },
  'PUT /inventory/binaries/:id': {
    summary: 'Replace a stored file',
    details: 'Answered with 201, as clients expect it, though nothing new is made.',
    body: fileBody(ref('NewManagedObject')),
    answers: {
      201: {
        ...created('json', ref('ManagedObject')),
        content: { 'application/json': ref('ManagedObject') },
      },
    },
    fails: [409],
  },
  'DELETE /inventory/binaries/:id': {
    summary: 'Delete a stored file with its object',
    answers: gone,
  },
}

/** docs/protocols/cumulocity.md, 6.1 and 6.9 */
export const inventoryArea: Area = {
  name: 'Inventory',
  summary:
    'Devices, groups and other managed objects, their children and parents, and stored files.',
  dialect: cumulocityDialect,
  schemas,
  operations: {
    ...ofAll,
    ...ofOne,
    ...childOperations([...objectFilters, ...familyWishes, ...paging]),
    ...ofFiles,
  },
}
