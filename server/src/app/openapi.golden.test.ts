import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { beforeAll, describe, expect, it } from 'vitest'
import type { OpenApi } from '../inbound/http-openapi/openapi.ts'
import { createWorld } from './isolation/world.fixture.ts'
import type { World } from './isolation/world.fixture.ts'

let world: World
let document: OpenApi

beforeAll(async () => {
  world = await createWorld()
  document = (await get('/openapi.json')).json<OpenApi>()
})

const get = (url: string) => world.send({ method: 'GET', url, headers: {} })

/** Every operation of the document as the server writes its routes. */
const describedRoutes = (): readonly string[] =>
  Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map(
      (method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
    ),
  )

describe('the description of what is served', () => {
  it('has every route, and nothing else: a new route joins the area of its neighbours', () => {
    const routes = world.routes
      .filter(({ method }) => method !== 'OPTIONS')
      .map(({ method, pattern }) => `${method} ${pattern}`)
    expect([...describedRoutes()].sort()).toEqual(routes.sort())
  })

  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator()
    const { valid, errors } = await validator.validate(structuredClone({ ...document }))
    expect(errors).toBeUndefined()
    expect(valid).toBe(true)
    expect(validator.version).toBe('3.1')
  })

  it('has schemas of which each is used and can be used', () => {
    const ajv = new Ajv2020({ strict: false })
    addFormats.default(ajv)
    ajv.addSchema({ ...document }, 'openapi')
    const text = JSON.stringify(document)
    for (const name of Object.keys(document.components.schemas)) {
      expect(() => ajv.compile({ $ref: `openapi#/components/schemas/${name}` })).not.toThrow()
      expect(text).toContain(`"#/components/schemas/${name}"`)
    }
    for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      expect(document.components.schemas).toHaveProperty(name)
    }
  })

  it('names each operation once, and credentials that it describes', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
    const ids = operations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    const schemes = operations.flatMap(({ security }) => security.flatMap(Object.keys))
    expect([...new Set(schemes)].sort()).toEqual(
      Object.keys(document.components.securitySchemes).sort(),
    )
  })

  it('says what a full disk answers to whatever changes something, and to nothing else', () => {
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, { responses }] of Object.entries(operations)) {
        const isChange = method !== 'get' && !path.startsWith('/rest/')
        expect([path, method, '507' in responses]).toEqual([path, method, isChange])
      }
    }
  })

  it('is for everybody, and leads back to where the request came from', async () => {
    const answer = await get('/openapi.json')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(document.servers).toEqual([{ url: 'http://belfry.test' }])
    const elsewhere = await world.send({
      method: 'GET',
      url: '/openapi.json',
      headers: { host: 'other.test:8080' },
    })
    expect(elsewhere.json<OpenApi>().servers).toEqual([{ url: 'http://other.test:8080' }])
    const page = await world.send({
      method: 'GET',
      url: '/docs',
      headers: { host: 'other.test:8080' },
    })
    expect(page.body).toContain('Served at <code>http://other.test:8080</code>')
    expect(page.body + elsewhere.body).not.toContain('address.invalid')
    const bad = await world.send({ method: 'GET', url: '/docs', headers: { host: 'a b' } })
    expect(bad.statusCode).toBe(400)
    expect(bad.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  })
})

describe('the page of it', () => {
  it('is for everybody, and forbids everything but its own style', async () => {
    const answer = await get('/docs')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
    expect(answer.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    )
  })

  it('loads nothing and runs nothing', async () => {
    const page = (await get('/docs')).body
    expect(page).not.toMatch(/<(?:script|link|img|iframe|object|embed|base|meta http-equiv)/i)
    expect(page).not.toMatch(/\b(?:src|srcset|on\w+|style)=/i)
    expect(page).not.toMatch(/url\(|@import/i)
    const targets = [...page.matchAll(/href="([^"]*)"/g)].map(([, target = '']) => target)
    expect(targets.filter((target) => !target.startsWith('#'))).toEqual(['openapi.json'])
  })

  it('has every operation and every schema, and its links lead somewhere', async () => {
    const page = (await get('/docs')).body
    const anchors = [...page.matchAll(/ id="([^"]*)"/g)].map(([, anchor = '']) => anchor)
    expect(new Set(anchors).size).toBe(anchors.length)
    for (const [, target = ''] of page.matchAll(/href="#([^"]*)"/g)) {
      expect(anchors).toContain(target)
    }
    for (const name of Object.keys(document.components.schemas)) {
      expect(anchors).toContain(`schema-${name}`)
    }
    for (const operations of Object.values(document.paths)) {
      for (const { operationId } of Object.values(operations))
        expect(anchors).toContain(operationId)
    }
  })
})
