import {
  count,
  flag,
  instant,
  listOf,
  object,
  openObject,
  ref,
  said,
  text,
  url,
} from '../../http/area.ts'
import type { Area, Operations, Schema } from '../../http/area.ts'
import {
  answered,
  created,
  cumulocityDialect,
  gone,
  pageOf,
  paging,
  parameter,
  referenceTo,
  sent,
  wish,
} from '../ground/cumulocity-dialect.ts'

const profile = {
  email: text,
  firstName: text,
  lastName: text,
  displayName: text,
  phone: text,
  owner: text,
}

const shared = {
  self: url,
  id: text,
  userName: text,
  devicePermissions: ref('DevicePermissions'),
  shouldResetPassword: flag,
  twoFactorAuthenticationEnabled: flag,
  lastPasswordChange: instant,
}

const change = {
  ...profile,
  password: text,
  enabled: flag,
  devicePermissions: ref('DevicePermissions'),
  customProperties: ref('CustomProperties'),
  shouldResetPassword: flag,
}

const schemas: Readonly<Record<string, Schema>> = {
  DevicePermissions: said(
    { type: 'object', additionalProperties: listOf(text) },
    'By the id of an object, texts like `EVENT:*:READ`.',
  ),
  Role: object({ id: text, name: text, self: url }),
  RoleReference: object({ self: url, role: ref('Role') }),
  RoleReferences: object({ self: url, references: listOf(ref('RoleReference')) }),
  RolePage: pageOf('roles', ref('Role')),
  User: object(
    {
      ...shared,
      enabled: flag,
      customProperties: ref('CustomProperties'),
      applications: listOf({}),
      groups: object({ self: url, references: listOf(ref('GroupReference')) }),
      roles: ref('RoleReferences'),
    },
    { ...profile, subusersCount: said(count, 'Users that it owns; only when asked for.') },
  ),
  CurrentUser: object({ ...shared, effectiveRoles: listOf(ref('Role')) }, profile),
  UserPage: pageOf('users', ref('User')),
  NewUser: openObject(
    { userName: text },
    {
      ...change,
      sendPasswordResetEmail: flag,
      roles: openObject({}, { references: listOf(referenceTo('role')) }),
    },
  ),
  UserChange: openObject({}, change),
}

const admin = '`ROLE_USER_MANAGEMENT_ADMIN`'
const reader = '`ROLE_USER_MANAGEMENT_READ`, or to be that user'

const users: Operations = {
  'GET /user/:tenant/users': {
    summary: 'List users by name',
    needs: '`ROLE_USER_MANAGEMENT_READ`',
    query: [
      parameter('username', 'What the name begins with.'),
      parameter('usernameContains', 'What the name contains, at least three characters.'),
      wish('onlyDevices', 'Users of devices that have registered; without it, all others.'),
      parameter('groups', 'Ids of groups, of which they are in at least one; a comma between.'),
      parameter('owner', 'The name of their owner.'),
      wish('withSubusersCount', 'How many users each of them owns.'),
      ...paging,
    ],
    answers: { 200: answered('A page', 'userCollection', ref('UserPage')) },
  },
  'POST /user/:tenant/users': {
    summary: 'Create a user',
    needs: '`ROLE_USER_MANAGEMENT_CREATE` or `ROLE_USER_MANAGEMENT_ADMIN`',
    body: sent('user', ref('NewUser')),
    answers: { 201: created('user', ref('User')) },
    fails: [409],
  },
  'GET /user/:tenant/users/:name': {
    summary: 'Read a user',
    needs: reader,
    answers: { 200: answered('The user', 'user', ref('User')) },
  },
  'GET /user/:tenant/userByName/:name': {
    summary: 'Read a user by its name',
    needs: reader,
    answers: { 200: answered('The user', 'user', ref('User')) },
  },
  'PUT /user/:tenant/users/:name': {
    summary: 'Change a user',
    needs: admin,
    body: sent('user', ref('UserChange')),
    answers: { 200: answered('The user', 'user', ref('User')) },
    fails: [409],
  },
  'DELETE /user/:tenant/users/:name': {
    summary: 'Delete a user',
    needs: admin,
    answers: gone,
    fails: [409],
  },
}

const self: Operations = {
  'GET /user/currentUser': {
    summary: 'Read the caller itself',
    details: 'As `user` when `Accept` names that vendor type.',
    answers: {
      200: {
        description: 'The caller',
        content: {
          ...sent('currentUser', ref('CurrentUser')),
          'application/vnd.com.nsn.cumulocity.user+json': ref('User'),
        },
      },
    },
  },
  'PUT /user/currentUser': {
    summary: "Change the caller's own names and password",
    needs: '`ROLE_USER_MANAGEMENT_OWN_ADMIN`',
    body: sent('currentUser', ref('UserChange')),
    answers: {
      200: {
        description: 'The caller',
        content: {
          ...sent('currentUser', ref('CurrentUser')),
          'application/vnd.com.nsn.cumulocity.user+json': ref('User'),
        },
      },
    },
  },
  'PUT /user/currentUser/password': {
    summary: "Change the caller's password",
    details: 'All sessions of the user end.',
    body: sent('json', openObject({ currentUserPassword: text, newPassword: text })),
    answers: { 200: { description: 'Changed' } },
  },
}

const roles: Operations = {
  'GET /user/roles': {
    summary: 'List the roles that this server gives a meaning to',
    query: paging,
    answers: { 200: answered('A page', 'roleCollection', ref('RolePage')) },
  },
  'GET /user/roles/:role': {
    summary: 'Read a role',
    answers: { 200: answered('The role', 'role', ref('Role')) },
  },
  'POST /user/:tenant/users/:name/roles': {
    summary: 'Give a role to a user',
    needs: admin,
    body: sent('roleReference', referenceTo('role')),
    answers: { 201: created('roleReference', ref('RoleReference')) },
  },
  'DELETE /user/:tenant/users/:name/roles/:role': {
    summary: 'Take a role from a user',
    needs: admin,
    answers: gone,
  },
}

/** docs/protocols/cumulocity.md, 5.5 and 6.3 */
export const userArea: Area = {
  name: 'Users',
  summary: 'Who may call, and with which roles.',
  dialect: cumulocityDialect,
  schemas,
  operations: { ...self, ...users, ...roles },
}
