import { listOf, object, openObject, ref, said, text, url } from '../../http/area.ts'
import type { Area, Operations, Schema } from '../../http/area.ts'
import {
  answered,
  created,
  cumulocityDialect,
  gone,
  pageOf,
  paging,
  referenceTo,
  sent,
} from '../ground/cumulocity-dialect.ts'

const number: Schema = { type: 'integer', minimum: 1 }

const about = {
  name: text,
  description: text,
  devicePermissions: ref('DevicePermissions'),
  customProperties: ref('CustomProperties'),
}

const schemas: Readonly<Record<string, Schema>> = {
  Group: object({
    id: said(number, 'A number, unlike every other id.'),
    self: url,
    ...about,
    applications: listOf({}),
    roles: ref('RoleReferences'),
    users: object({ self: url, references: listOf({}) }),
  }),
  NewGroup: openObject({ name: text }, about),
  GroupChange: openObject({}, about),
  GroupPage: pageOf('groups', ref('Group')),
  GroupReference: object({ self: url, group: ref('Group') }),
  GroupReferencePage: pageOf('references', ref('GroupReference')),
  UserReference: object({ self: url, user: ref('User') }),
  UserReferencePage: pageOf('references', ref('UserReference')),
  RoleReferencePage: pageOf('references', ref('RoleReference')),
}

const admin = '`ROLE_USER_MANAGEMENT_ADMIN`'
const reader = '`ROLE_USER_MANAGEMENT_READ`'

const groups: Operations = {
  'GET /user/:tenant/groups': {
    summary: 'List groups',
    needs: reader,
    query: paging,
    answers: { 200: answered('A page', 'groupCollection', ref('GroupPage')) },
  },
  'POST /user/:tenant/groups': {
    summary: 'Create a group',
    needs: admin,
    body: sent('group', ref('NewGroup')),
    answers: { 201: created('group', ref('Group')) },
    fails: [409],
  },
  'GET /user/:tenant/groups/:group': {
    summary: 'Read a group',
    needs: reader,
    answers: { 200: answered('The group', 'group', ref('Group')) },
  },
  'GET /user/:tenant/groupByName/:groupName': {
    summary: 'Read a group by its name',
    needs: reader,
    answers: { 200: answered('The group', 'group', ref('Group')) },
  },
  'PUT /user/:tenant/groups/:group': {
    summary: 'Change a group',
    needs: admin,
    body: sent('group', ref('GroupChange')),
    answers: { 200: answered('The group', 'group', ref('Group')) },
    fails: [409],
  },
  'DELETE /user/:tenant/groups/:group': { summary: 'Delete a group', needs: admin, answers: gone },
}

const members: Operations = {
  'GET /user/:tenant/groups/:group/users': {
    summary: 'List the users of a group',
    needs: reader,
    query: paging,
    answers: { 200: answered('A page', 'userReferenceCollection', ref('UserReferencePage')) },
  },
  'POST /user/:tenant/groups/:group/users': {
    summary: 'Add a user to a group',
    needs: admin,
    body: sent('userReference', referenceTo('user')),
    answers: { 201: created('userReference', ref('UserReference')) },
  },
  'DELETE /user/:tenant/groups/:group/users/:name': {
    summary: 'Take a user out of a group',
    needs: admin,
    answers: gone,
  },
  'GET /user/:tenant/users/:name/groups': {
    summary: 'List the groups of a user',
    needs: reader,
    query: paging,
    answers: { 200: answered('A page', 'groupReferenceCollection', ref('GroupReferencePage')) },
  },
  'GET /user/:tenant/groups/:group/roles': {
    summary: 'List the roles of a group',
    needs: reader,
    query: paging,
    answers: { 200: answered('A page', 'roleReferenceCollection', ref('RoleReferencePage')) },
  },
  'POST /user/:tenant/groups/:group/roles': {
    summary: 'Give a role to a group',
    needs: admin,
    body: sent('roleReference', referenceTo('role')),
    answers: { 201: created('roleReference', ref('RoleReference')) },
    fails: [409],
  },
  'DELETE /user/:tenant/groups/:group/roles/:role': {
    summary: 'Take a role from a group',
    needs: admin,
    answers: gone,
  },
}

/** docs/protocols/cumulocity.md, 6.3 */
export const groupArea: Area = {
  name: 'Groups',
  summary: 'Users that have roles and permissions in common.',
  dialect: cumulocityDialect,
  schemas,
  operations: { ...groups, ...members },
}
