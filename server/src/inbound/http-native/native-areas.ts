import {
  anyObject,
  count,
  flag,
  instant,
  listOf,
  object,
  oneOf,
  ref,
  said,
  text,
} from '../http/area.ts'
import type { Area, Description, Dialect, Operations, Schema } from '../http/area.ts'
import { keyLifetimeMaxS } from '../../core/limits.ts'
import { retentionOperations, retentionSchemas } from './retention-operations.ts'

/** Errors are RFC 9457 problems (docs/errors.md). */
const dialect: Dialect = {
  security: ['basic', 'token', 'cookie'],
  headers: [],
  pathParameters: {
    tenant: 'The id of the tenant.',
    app: 'The id of the app.',
    prefix: 'The recognisable beginning of the key.',
    job: 'The id of the deletion.',
    backup: 'The id of the backup.',
  },
  errors: {
    content: { 'application/problem+json': ref('Problem') },
    always: [400, 429, 500, 503],
    forCallers: [401, 403],
    forNames: [404],
    forBodies: [413, 422],
    forChanges: [507],
    forQueries: [422],
  },
}

const schemas: Readonly<Record<string, Schema>> = {
  Problem: object(
    {
      status: { type: 'integer' },
      title: said(text, 'The same for every error of its kind.'),
      detail: text,
    },
    { issues: listOf(object({ path: text, problem: oneOf('missing', 'wrong'), message: text })) },
  ),
  OwnTenant: object({
    id: text,
    name: text,
    domain: text,
    state: oneOf('active', 'suspended'),
    creationTime: instant,
  }),
  NewOwnTenant: object(
    { id: text },
    { name: text, domain: text, administrator: object({}, { name: text, password: text }) },
  ),
  CreatedOwnTenant: object({
    id: text,
    name: text,
    domain: text,
    state: oneOf('active', 'suspended'),
    creationTime: instant,
    administrator: object(
      { name: text },
      { password: said(text, 'Only when the server made it; it is told once.') },
    ),
  }),
  App: object({ id: text, name: text, key: text, creationTime: instant }),
  Key: object(keyMembers().required, keyMembers().optional),
  CreatedKey: object(
    { key: said(text, 'The whole key; it is told once.'), ...keyMembers().required },
    keyMembers().optional,
  ),
  NewKey: object(
    {},
    {
      name: text,
      devices: said(listOf({ type: ['string', 'integer'] }), 'The only devices that it covers.'),
      validForS: { type: 'integer', minimum: 1, maximum: keyLifetimeMaxS },
      allTenants: said(flag, 'Reports for the devices of every tenant; for operators.'),
    },
  ),
  Deletion: object({
    id: text,
    started: instant,
    removedEvents: count,
    partsLeft: count,
    filter: anyObject,
  }),
  Backup: object(
    {
      id: text,
      folder: text,
      taken: said(instant, 'The moment whose data the backup has.'),
      state: oneOf('running', 'done', 'failed'),
    },
    {
      ended: instant,
      files: said(count, 'Only of one that is done, like `bytes`.'),
      bytes: count,
      problem: said(text, 'Why it failed.'),
    },
  ),
}

function keyMembers() {
  return {
    required: {
      id: text,
      prefix: text,
      name: text,
      tenant: text,
      allTenants: flag,
      creationTime: instant,
    },
    optional: { devices: listOf(text), expires: instant },
  }
}

const json = (description: string, schema: Schema): Description => ({
  description,
  content: { 'application/json': schema },
})

const body = (schema: Schema) => ({ 'application/json': schema })

const gone = { 204: { description: 'Gone' } }
const operator = '`ROLE_TENANT_MANAGEMENT_ADMIN` in the tenant `management`'

const tenants: Operations = {
  'POST /belfry/v1/tenants': {
    summary: 'Create a tenant with its administrator',
    needs: operator,
    body: body(ref('NewOwnTenant')),
    answers: { 201: json('Created', ref('CreatedOwnTenant')) },
    fails: [409],
  },
  'GET /belfry/v1/tenants': {
    summary: 'List tenants',
    needs: operator,
    answers: { 200: json('All of them', object({ tenants: listOf(ref('OwnTenant')) })) },
  },
  'GET /belfry/v1/tenants/:tenant': {
    summary: 'Read a tenant',
    answers: { 200: json('The tenant', ref('OwnTenant')) },
  },
  'DELETE /belfry/v1/tenants/:tenant': {
    summary: 'Delete a tenant with everything it owns',
    needs: operator,
    answers: gone,
    fails: [409, 422],
  },
  'POST /belfry/v1/tenants/:tenant/suspend': {
    summary: 'Suspend a tenant',
    needs: operator,
    answers: { 200: json('The tenant', ref('OwnTenant')) },
    fails: [409, 422],
  },
  'POST /belfry/v1/tenants/:tenant/resume': {
    summary: 'Let a suspended tenant go on',
    needs: operator,
    answers: { 200: json('The tenant', ref('OwnTenant')) },
    fails: [409, 422],
  },
}

const ofTenant: Operations = {
  'POST /belfry/v1/tenants/:tenant/apps': {
    summary: 'Register an app, which reports name',
    body: body(object({ name: text })),
    answers: { 201: json('Created', ref('App')) },
    fails: [409],
  },
  'GET /belfry/v1/tenants/:tenant/apps': {
    summary: 'List apps',
    answers: { 200: json('All of them', object({ apps: listOf(ref('App')) })) },
  },
  'DELETE /belfry/v1/tenants/:tenant/apps/:app': { summary: 'Delete an app', answers: gone },
  'POST /belfry/v1/tenants/:tenant/keys': {
    summary: 'Create an API key',
    body: body(ref('NewKey')),
    answers: { 201: json('Created', ref('CreatedKey')) },
    fails: [409],
  },
  'GET /belfry/v1/tenants/:tenant/keys': {
    summary: 'List API keys',
    answers: { 200: json('All of them', object({ keys: listOf(ref('Key')) })) },
  },
  'DELETE /belfry/v1/tenants/:tenant/keys/:prefix': { summary: 'Revoke an API key', answers: gone },
  'GET /belfry/v1/tenants/:tenant/jobs': {
    summary: 'List running deletions',
    answers: { 200: json('All of them', object({ jobs: listOf(ref('Deletion')) })) },
  },
  'DELETE /belfry/v1/tenants/:tenant/jobs/:job': {
    summary: 'Cancel a running deletion',
    details:
      'What it has not removed yet is there again. One that removes what a deleted object has left goes on: 422.',
    answers: gone,
    fails: [422],
  },
}

const backups: Operations = {
  'POST /belfry/v1/backups': {
    summary: 'Begin a backup into a folder of the server',
    details:
      'For callers on the machine of the server. The folder is an absolute path, and empty or not there yet.',
    needs: operator,
    body: body(object({ folder: text })),
    answers: { 202: json('Begun', ref('Backup')) },
    fails: [409],
  },
  'GET /belfry/v1/backups/:backup': {
    summary: 'Ask how far a backup is',
    details: 'For callers on the machine of the server.',
    needs: operator,
    answers: { 200: json('The backup', ref('Backup')) },
  },
}

/** docs/operations.md */
export const administrationArea: Area = {
  name: 'Administration',
  summary:
    'What neither dialect has: tenants, their apps and API keys, running deletions, backups, and retention.',
  dialect,
  schemas: { ...schemas, ...retentionSchemas },
  operations: { ...tenants, ...ofTenant, ...backups, ...retentionOperations },
}

const readiness = object(
  { status: text },
  {
    checks: listOf(object({ name: text, status: text }, { queuedEvents: count })),
  },
)

/** docs/operations.md */
export const healthArea: Area = {
  name: 'Health',
  summary: 'What machines ask about the server.',
  dialect: { ...dialect, security: [], errors: { ...dialect.errors, always: [] } },
  schemas: {},
  operations: {
    'GET /livez': {
      summary: 'Ask whether the server lives',
      anyone: true,
      answers: { 200: json('It does', object({ status: oneOf('live') })) },
    },
    'GET /readyz': {
      summary: 'Ask whether requests should come here',
      anyone: true,
      query: [
        { name: 'verbose', description: 'Adds what was looked at.', schema: { type: 'string' } },
      ],
      answers: {
        200: json('They should', readiness),
        503: json('They should go elsewhere', readiness),
      },
    },
    'GET /metrics': {
      summary: 'Read metrics, as text for Prometheus',
      details:
        'For addresses of this machine; for others with the token of `BELFRY_METRICS_TOKEN` as a bearer.',
      anyone: true,
      answers: { 200: { description: 'Metrics', content: { 'text/plain': text } } },
      fails: [401],
    },
  },
}
