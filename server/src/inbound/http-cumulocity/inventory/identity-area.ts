import { listOf, object, openObject, ref, text, url } from '../../http/area.ts'
import type { Area } from '../../http/area.ts'
import { answered, created, cumulocityDialect, gone, sent } from '../ground/cumulocity-dialect.ts'

const reading = '`ROLE_IDENTITY_READ`, or to own the object'
const changing = '`ROLE_IDENTITY_ADMIN`, or to own the object'

/** docs/protocols/cumulocity.md, 6.2 */
export const identityArea: Area = {
  name: 'Identity',
  summary: 'Names that the outside world has for managed objects.',
  dialect: cumulocityDialect,
  schemas: {
    ExternalId: object({
      externalId: text,
      type: text,
      self: url,
      managedObject: object({ id: text, self: url }),
    }),
    NewExternalId: openObject({ externalId: text, type: text }),
    ExternalIds: object({ self: url, externalIds: listOf(ref('ExternalId')) }),
  },
  operations: {
    'GET /identity/globalIds/:id/externalIds': {
      summary: 'List the external ids of an object',
      needs: reading,
      answers: { 200: answered('All of them', 'externalIdCollection', ref('ExternalIds')) },
    },
    'POST /identity/globalIds/:id/externalIds': {
      summary: 'Bind an external id to an object',
      needs: changing,
      body: sent('externalId', ref('NewExternalId')),
      answers: { 201: created('externalId', ref('ExternalId')) },
      fails: [409],
    },
    'GET /identity/externalIds/:type/:externalId': {
      summary: 'Find the object of an external id',
      needs: reading,
      answers: { 200: answered('The external id', 'externalId', ref('ExternalId')) },
    },
    'DELETE /identity/externalIds/:type/:externalId': {
      summary: 'Unbind an external id',
      needs: changing,
      answers: gone,
    },
    'POST /identity/search': {
      summary: 'Find the objects of many external ids',
      needs: reading,
      body: sent('json', openObject({ externalIds: listOf(ref('NewExternalId')) })),
      answers: {
        200: answered('Those that are bound', 'externalIdCollection', ref('ExternalIds')),
      },
    },
  },
}
