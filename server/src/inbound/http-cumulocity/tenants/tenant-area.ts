import { anyObject, flag, listOf, object, openObject, ref, text, url } from '../../http/area.ts'
import type { Area, Content, Schema } from '../../http/area.ts'
import { answered, cumulocityDialect, parameter, wish } from '../ground/cumulocity-dialect.ts'

const form: Content = {
  'application/x-www-form-urlencoded': openObject(
    { username: text, password: text },
    { grant_type: { const: 'PASSWORD' }, tfa_code: text },
  ),
}

const cookies = { 'Set-Cookie': { description: '`authorization`, and `XSRF-TOKEN` beside it.' } }

const tenantId = [
  parameter('tenant_id', 'The tenant; else the host, or the user as `tenant/user`.'),
]

const schemas: Readonly<Record<string, Schema>> = {
  CurrentTenant: object(
    {
      self: url,
      name: text,
      domainName: text,
      allowCreateTenants: flag,
      applications: object({ references: listOf({}) }),
      customProperties: anyObject,
    },
    { parent: text },
  ),
  LoginOption: openObject({
    id: text,
    self: url,
    type: text,
    userManagementSource: text,
    visibleOnLoginPage: flag,
    grantType: text,
  }),
  LoginOptions: object({ self: url, loginOptions: listOf(ref('LoginOption')) }),
  AccessToken: object({ access_token: text }),
}

/** docs/protocols/cumulocity.md, 5.3, 5.4 and 6.3 */
export const tenantArea: Area = {
  name: 'Tenant and log-in',
  summary: 'The tenant of the caller, and logging in and out.',
  dialect: cumulocityDialect,
  schemas,
  operations: {
    'GET /tenant/currentTenant': {
      summary: "Read the caller's tenant",
      query: [wish('withParent', 'Adds the tenant above it.')],
      answers: { 200: answered('The tenant', 'currentTenant', ref('CurrentTenant')) },
    },
    'GET /tenant/loginOptions': {
      summary: 'List the ways to log in',
      anyone: true,
      query: [
        parameter('tenantId', 'The tenant that the addresses are made for.'),
        wish('management', 'For the management tenant; not together with `tenantId`.'),
      ],
      answers: { 200: answered('The ways', 'loginOptionCollection', ref('LoginOptions')) },
    },
    'GET /tenant/loginOptions/:loginOption': {
      summary: 'Read one way to log in',
      anyone: true,
      query: [parameter('tenantId', 'The tenant that the addresses are made for.')],
      answers: { 200: answered('The way', 'loginOption', ref('LoginOption')) },
    },
    'POST /tenant/oauth': {
      summary: 'Log in for a browser, with cookies',
      anyone: true,
      query: tenantId,
      body: form,
      answers: { 200: { description: 'Logged in', headers: cookies } },
      fails: [401, 403],
    },
    'POST /tenant/oauth/token': {
      summary: 'Log in for a program, with a token',
      anyone: true,
      query: tenantId,
      body: form,
      answers: {
        200: { description: 'Logged in', content: { 'application/json': ref('AccessToken') } },
      },
      fails: [401, 403],
    },
    'POST /user/logout': {
      summary: 'Log out: the session of the token that was sent ends',
      answers: { 200: { description: 'Logged out', headers: cookies } },
    },
  },
}
