import { anyObject, text } from '../http/area.ts'
import type { Area } from '../http/area.ts'

export const openApiArea: Area = {
  name: 'This description',
  summary: 'What is served, for programs and for people. Everybody may read it.',
  dialect: {
    security: [],
    headers: [],
    pathParameters: {},
    errors: {
      content: { 'application/problem+json': { $ref: '#/components/schemas/Problem' } },
      always: [400],
      forCallers: [],
      forNames: [],
      forBodies: [],
      forChanges: [],
      forQueries: [],
    },
  },
  schemas: {},
  operations: {
    'GET /openapi.json': {
      summary: 'This description as OpenAPI 3.1',
      anyone: true,
      answers: { 200: { description: 'The document', content: { 'application/json': anyObject } } },
    },
    'GET /docs': {
      summary: 'This description as a page',
      details: 'It is whole in itself: no script, and nothing is loaded from anywhere.',
      anyone: true,
      answers: { 200: { description: 'The page', content: { 'text/html': text } } },
    },
  },
}
