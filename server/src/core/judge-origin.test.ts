import { describe, expect, it } from 'vitest'
import { judgeOrigin } from './judge-origin.ts'

const page = 'https://app.example.org'

describe('the origin of a page', () => {
  it.each([
    [undefined, page, 'anyone'],
    ['*', page, 'anyone'],
    ['*', 'null', 'anyone'],
    [page, page, 'this-one'],
    ['HTTPS://App.Example.org/', page, 'this-one'],
    [`http://a.example, ${page} http://b.example`, page, 'this-one'],
    [`*,${page}`, page, 'this-one'],
    ['', page, 'nobody'],
    ['https://app.example.org:8443', page, 'nobody'],
    ['http://app.example.org', page, 'nobody'],
    ['https://app.example.org.evil.example', page, 'nobody'],
    ['https://*.example.org', page, 'nobody'],
    ['null', 'null', 'nobody'],
    [page, '', 'nobody'],
  ])('with %j allowed, %j is told: %s', (allowed, origin, verdict) => {
    expect(judgeOrigin(allowed, origin)).toBe(verdict)
  })
})
