import { anyObject, listOf, object, oneOf, openObject, ref, text, url } from '../../http/area.ts'
import type { Area, Content, Schema } from '../../http/area.ts'
import {
  answered,
  created,
  cumulocityDialect,
  gone,
  pageOf,
  paging,
  sent,
} from '../ground/cumulocity-dialect.ts'

const number: Schema = { type: 'integer', minimum: 1 }
const permission = { scope: text, type: text, permission: text }

const holders: Content = {
  'application/json': object({ users: listOf(anyObject), groups: listOf(anyObject) }),
}

const schemas: Readonly<Record<string, Schema>> = {
  InventoryRole: object({
    id: number,
    self: url,
    name: text,
    description: text,
    permissions: listOf(
      object({ id: number, scope: text, type: text, permission: oneOf('READ', 'ADMIN', '*') }),
    ),
  }),
  NewInventoryRole: openObject(
    { name: text },
    { description: text, permissions: listOf(openObject({}, permission)) },
  ),
  InventoryRoleChange: openObject(
    {},
    { name: text, description: text, permissions: listOf(openObject({}, permission)) },
  ),
  InventoryRolePage: pageOf('roles', ref('InventoryRole')),
  InventoryAssignment: object({
    id: number,
    self: url,
    managedObject: text,
    roles: listOf(ref('InventoryRole')),
  }),
  NewInventoryAssignment: openObject({
    managedObject: { type: ['string', 'number'] },
    roles: listOf(openObject({}, { id: { type: ['string', 'number'] }, name: text })),
  }),
  InventoryAssignmentChange: openObject(
    { roles: listOf(openObject({}, { id: { type: ['string', 'number'] }, name: text })) },
    { managedObject: { type: ['string', 'number'] } },
  ),
  InventoryAssignmentPage: pageOf('inventoryAssignments', ref('InventoryAssignment')),
}

const admin = '`ROLE_USER_MANAGEMENT_ADMIN`'
const reader = '`ROLE_USER_MANAGEMENT_READ`'
const one = answered('The inventory role', 'inventoryRole', ref('InventoryRole'))
const assignment = answered('The assignment', 'inventoryAssignment', ref('InventoryAssignment'))

/** docs/protocols/cumulocity.md, 5.6 */
export const inventoryRoleArea: Area = {
  name: 'Inventory roles',
  summary: 'Rights on an object and everything below it.',
  dialect: cumulocityDialect,
  schemas,
  operations: {
    'GET /user/devicePermissions/:id': {
      summary: 'Read who has which permission on an object',
      needs: '`ROLE_USER_MANAGEMENT_READ`',
      answers: { 200: { description: 'Users and groups', content: holders } },
    },
    'PUT /user/devicePermissions/:id': {
      summary: 'Give users and groups permissions on an object',
      details: 'Who is not named keeps what it has.',
      needs: '`ROLE_USER_MANAGEMENT_ADMIN`',
      body: {
        'application/json': openObject(
          {},
          { users: listOf(openObject({ userName: text })), groups: listOf(anyObject) },
        ),
      },
      answers: { 200: { description: 'Given' } },
    },
    'GET /user/inventoryroles': {
      summary: 'List inventory roles, the predefined ones first',
      needs: reader,
      query: paging,
      answers: { 200: answered('A page', 'inventoryRoleCollection', ref('InventoryRolePage')) },
    },
    'POST /user/inventoryroles': {
      summary: 'Create an inventory role',
      needs: admin,
      body: sent('inventoryRole', ref('NewInventoryRole')),
      answers: { 201: created('inventoryRole', ref('InventoryRole')) },
      fails: [409],
    },
    'GET /user/inventoryroles/:inventoryRole': {
      summary: 'Read an inventory role',
      needs: reader,
      answers: { 200: one },
    },
    'PUT /user/inventoryroles/:inventoryRole': {
      summary: 'Change an inventory role of your own',
      needs: admin,
      body: sent('inventoryRole', ref('InventoryRoleChange')),
      answers: { 200: one },
      fails: [409],
    },
    'DELETE /user/inventoryroles/:inventoryRole': {
      summary: 'Delete an inventory role of your own',
      needs: admin,
      answers: gone,
      fails: [422],
    },
    'GET /user/:tenant/users/:name/roles/inventory': {
      summary: 'List what a user has been given on objects',
      needs: reader,
      query: paging,
      answers: {
        200: answered('A page', 'inventoryAssignmentCollection', ref('InventoryAssignmentPage')),
      },
    },
    'POST /user/:tenant/users/:name/roles/inventory': {
      summary: 'Give inventory roles on an object to a user',
      details: 'Answered with 200, as clients expect it.',
      needs: admin,
      body: sent('inventoryAssignment', ref('NewInventoryAssignment')),
      answers: { 200: assignment },
      fails: [409],
    },
    'GET /user/:tenant/users/:name/roles/inventory/:assignment': {
      summary: 'Read an assignment',
      needs: reader,
      answers: { 200: assignment },
    },
    'PUT /user/:tenant/users/:name/roles/inventory/:assignment': {
      summary: 'Give an assignment other roles',
      details: 'Its object stays: naming another one is a 422.',
      needs: admin,
      body: sent('inventoryAssignment', ref('InventoryAssignmentChange')),
      answers: { 200: assignment },
    },
    'DELETE /user/:tenant/users/:name/roles/inventory/:assignment': {
      summary: 'Take an assignment back',
      needs: admin,
      answers: gone,
    },
  },
}
