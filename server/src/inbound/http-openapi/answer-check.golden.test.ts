import { describe, expect, it } from 'vitest'
import { count, object, openObject, ref, text } from '../http/area.ts'
import type { Area } from '../http/area.ts'
import { createCheckAnswer } from './answer-check.fixture.ts'
import { encodeOpenApi } from './encode-openapi.ts'

const bell = object({ tower: text }, { tons: count })

const area: Area = {
  name: 'Bells',
  summary: 'Bells.',
  dialect: {
    security: ['basic'],
    headers: [],
    pathParameters: { id: 'The id.' },
    errors: {
      content: { 'application/json': ref('Bells') },
      always: [500],
      forCallers: [401],
      forNames: [404],
      forBodies: [413],
      forChanges: [],
      forQueries: [422],
    },
  },
  schemas: { Bell: bell, Bells: openObject({ count }) },
  operations: {
    'GET /bells/:id': {
      summary: 'A bell',
      answers: { 200: { description: 'It', content: { 'application/json': ref('Bell') } } },
    },
    'GET /bells/count': {
      summary: 'How many',
      anyone: true,
      answers: { 200: { description: 'Them', content: { 'application/json': ref('Bells') } } },
    },
    'PUT /bells/:id': {
      summary: 'Hang a bell',
      body: { 'application/json': ref('Bell') },
      answers: { 204: { description: 'Hung' } },
    },
  },
}

const check = createCheckAnswer(encodeOpenApi([area], { version: '0', base: 'http://x' }))

const answer = (line: string, status: number, body: string, contentType = 'application/json') => {
  const [method = '', path = ''] = line.split(' ')
  return check({ method, path, status, body, contentType })
}

describe('an answer that is as described', () => {
  it.each([
    ['GET /bells/1?a=b', 200, '{"tower":"north"}'],
    ['GET /bells/1/', 200, '{"tower":"north","tons":2}'],
    ['GET /bells/count', 200, '{"count":3,"more":true}'],
    ['PUT /bells/1', 204, ''],
    ['GET /bells/1', 404, '{"count":0}'],
    ['GET /nothing', 404, '{}'],
    ['DELETE /bells/1', 405, '{}'],
    ['OPTIONS /bells/1', 204, ''],
  ])('raises nothing: %s %i %s', (line, status, body) => {
    expect(answer(line, status, body)).toBeUndefined()
  })

  it('may name its type with parameters and in any case', () => {
    expect(answer('GET /bells/1', 200, '{"tower":""}', 'Application/JSON; v=1')).toBeUndefined()
  })
})

describe('an answer that is not as described', () => {
  it.each([
    ['GET /bells/1', 200, '{}', 'required property'],
    ['GET /bells/1', 200, '{"tower":1}', 'must be string'],
    ['GET /bells/1', 200, '{"tower":"north","clapper":"iron"}', 'additional properties'],
    ['GET /bells/count', 200, '{"count":-1}', 'must be >= 0'],
    ['GET /bells/count', 401, '{"count":1}', 'without this status'],
    ['PUT /bells/1', 200, '{}', 'without this status'],
    ['GET /bells/1', 413, '{"count":1}', 'without this status'],
    ['GET /towers', 200, '{}', 'no such operation'],
    ['DELETE /bells/1', 204, '', 'no such operation'],
  ])('is told: %s %i %s', (line, status, body, problem) => {
    expect(answer(line, status, body)).toContain(problem)
  })

  it('is told of its type', () => {
    expect(answer('GET /bells/1', 200, 'x', 'text/plain')).toContain('text/plain is not described')
  })
})
